"""`graphkit forecast`."""

from __future__ import annotations

import click

from graphkit.cli.measure.history_options import history_options
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("forecast")
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@history_options
@click.option("--explain", is_flag=True, help="Show the weeks, the parameters and the formula behind each forecast.")
@click.option(
    "--scope", type=click.IntRange(-100_000, 100_000), default=0, metavar="+N", help="What if there were N more tasks?"
)
@click.option(
    "--pace", type=click.FloatRange(0, 100, min_open=True), default=1.0, metavar="FACTOR",
    help="What if the pace were multiplied by this factor, such as 0.8?",
)  # fmt: skip
@click.option("--due", metavar="DATE", help="What if the due date were this day? 2026-03-31 or +2w.")
@format_options
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
    """Forecast when the open tasks will be done, with a probability of 50 percent (P50) and 85 percent (P85).

    The forecast uses the tasks done in the last 12 weeks, taken from git if there is a repository. It assumes that the
    scope does not change and that the next weeks are like the last ones. The hit rate of past forecasts follows.
    """
    from graphkit.app.failures import RequestError  # noqa: PLC0415 - not for `--help`
    from graphkit.app.history.day_words import read_day_words  # noqa: PLC0415
    from graphkit.app.history.forecast import report_forecast  # noqa: PLC0415
    from graphkit.app.reading.name_lookup import Filters  # noqa: PLC0415
    from graphkit.cli.measure import forecast_screen  # noqa: PLC0415
    from graphkit.insight.history.forecasts import WhatIf  # noqa: PLC0415

    output = invocation.output()
    if experiments and (goal or owner):
        raise click.UsageError("--goal and --owner cannot be combined with the name of an experiment.")
    vault = open_vault(invocation, output)
    day = None if due is None else read_day_words(due, vault.today, vault.journals.parse)
    if due is not None and day is None:
        raise RequestError(f"“{due}” is not a date", "write it as 2026-03-31, friday or +2w")
    report = report_forecast(
        vault,
        experiments,
        Filters(goals=goal, owners=owner),
        WhatIf(scope=scope, pace=pace, due=day),
        "written" if written else "git",
    )
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: forecast_screen.forecast_screen(report, output.surface, explain=explain),
        plain=lambda: forecast_screen.forecast_plain(report),
    )  # fmt: skip
    if not output.screen and not as_json:
        for note in report.notes:
            output.note(note)
    return outcome(vault, output)
