"""`graphkit burnup`."""

from __future__ import annotations

from typing import Literal

import click

from graphkit.cli.measure.history_options import history_options
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("burnup")
@click.argument("experiment", required=False, metavar="[EXPERIMENT]")
@history_options
@click.option(
    "--by", type=click.Choice(["day", "week"]), help="One point per day or week. [default: day, up to 120 days]"
)
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    experiment: str | None,
    goal: tuple[str, ...],
    owner: tuple[str, ...],
    written: bool,  # noqa: FBT001 - click passes options by name
    by: Literal["day", "week"] | None,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Plot completed work and scope over time, with the forecast: of an experiment, a goal, an owner, or all.

    The history comes from the vault's git repository if it has one, else from the dates written in the pages.
    """
    from graphkit.app.history.burnup import report_burnup  # noqa: PLC0415 - not for `--help`
    from graphkit.app.reading.name_lookup import Filters  # noqa: PLC0415
    from graphkit.cli.measure import burnup_screen  # noqa: PLC0415

    output = invocation.output()
    if experiment and (goal or owner):
        raise click.UsageError("--goal and --owner cannot be combined with the name of an experiment.")
    vault = open_vault(invocation, output)
    report = report_burnup(
        vault, experiment, Filters(goals=goal, owners=owner), by=by, source="written" if written else "git"
    )
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: burnup_screen.burnup_screen(report, output.surface),
        plain=lambda: burnup_screen.burnup_plain(report),
    )  # fmt: skip
    if not output.screen and not as_json:
        for note in report.notes:
            output.note(note)
    return outcome(vault, output)
