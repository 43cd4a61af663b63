"""`graphkit forecast`."""

from __future__ import annotations

import click

from graphkit.cli.measure.history_options import history_options
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("forecast")
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@history_options
@click.option("--explain", is_flag=True, help="Show the weeks, the figures and the formula behind each forecast.")
@click.option("--scope", type=click.IntRange(-100_000, 100_000), default=0, metavar="+N", help="What if: N more tasks.")
@click.option(
    "--pace", type=click.FloatRange(0, 100, min_open=True), default=1.0, metavar="FACTOR",
    help="What if: this much of the pace, 0.8 for four fifths.",
)  # fmt: skip
@click.option("--due", metavar="DATE", help="What if: this due date, a day or +2w.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    experiments: tuple[str, ...],
    goal: tuple[str, ...],
    owner: tuple[str, ...],
    written: bool,  # noqa: FBT001 - click passes options by name
    explain: bool,  # noqa: FBT001
    scope: int,
    pace: float,
    due: str | None,
    as_json: bool,  # noqa: FBT001
) -> int:
    """When the open tasks will be done: the dates of an even chance (P50) and of 85 percent (P85).

    The forecast goes by the tasks done in the last 12 weeks, those of git where there is a repository. It supposes that
    scope stays as it is and that the next weeks are like the last ones. Below it stands how past forecasts came out.
    """
    from graphkit.app.failures import RequestError  # noqa: PLC0415 - not for `--help`
    from graphkit.app.history.day_words import read_day_words  # noqa: PLC0415
    from graphkit.app.history.forecast import report_forecast  # noqa: PLC0415
    from graphkit.app.reading.name_lookup import Filters  # noqa: PLC0415
    from graphkit.cli.measure import forecast_screen  # noqa: PLC0415
    from graphkit.insight.history.forecasts import WhatIf  # noqa: PLC0415

    output = invocation.output()
    if experiments and (goal or owner):
        raise click.UsageError("--goal and --owner choose among all experiments; leave them out where you name one.")
    vault = open_vault(invocation, output)
    day = None if due is None else read_day_words(due, vault.today, vault.journals.parse)
    if due is not None and day is None:
        raise RequestError(f"“{due}” is no day", "write it as 2026-03-31, friday or +2w")
    report = report_forecast(
        vault,
        experiments,
        Filters(goals=goal, owners=owner),
        WhatIf(scope=scope, pace=pace, due=day),
        "written" if written else "git",
    )
    show(
        output, report, as_json=as_json,
        screen=lambda: forecast_screen.forecast_screen(report, output.surface, explain=explain),
        plain=lambda: forecast_screen.forecast_plain(report),
    )  # fmt: skip
    if not output.screen and not as_json:
        for note in report.notes:
            output.note(note)
    return outcome(vault, output)
