"""`graphkit log`."""

from __future__ import annotations

import click

from graphkit.cli.measure.history_options import history_options
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("log")
@click.option(
    "--since", default="-7d", metavar="DATE|REV",
    help="A day (2026-03-31, “last monday”, -14d) or a commit of the vault's repository. [default: a week ago]",
)  # fmt: skip
@click.option("--experiment", "experiments", multiple=True, metavar="NAME", help="Only this experiment.")
@history_options
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    since: str,
    experiments: tuple[str, ...],
    goal: tuple[str, ...],
    owner: tuple[str, ...],
    written: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Show what changed, by experiment: tasks, scope, lifecycle, results and values.

    Tasks are listed as started, done, slipped or reopened.
    """
    from graphkit.app.history.log import report_log  # noqa: PLC0415 - not for `--help`
    from graphkit.app.reading.name_lookup import Filters  # noqa: PLC0415
    from graphkit.cli.look import log_screen  # noqa: PLC0415

    output = invocation.output()
    if experiments and (goal or owner):
        raise click.UsageError("--goal and --owner cannot be combined with the name of an experiment.")
    vault = open_vault(invocation, output)
    report = report_log(vault, since, experiments, Filters(goals=goal, owners=owner), "written" if written else "git")
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: log_screen.log_screen(report, output.surface),
        plain=lambda: log_screen.log_plain(report),
    )  # fmt: skip
    if not output.screen and not as_json:
        for note in report.notes:
            output.note(note)
    return outcome(vault, output)
