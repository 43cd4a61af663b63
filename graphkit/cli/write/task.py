"""`graphkit task`."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.insight.work.marker_change import Wish

_TIME = lazy_pattern(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def _time_of_day(context: click.Context, parameter: click.Parameter, value: str | None) -> dt.time | None:
    match = _TIME.fullmatch(value) if value is not None else None
    if value is not None and match is None:
        raise click.BadParameter(f"'{value}' is not a time of day; write it as 09:30.", context, parameter)
    return dt.time(int(match[1]), int(match[2])) if match else None


@click.command("task")
@click.argument("marker", type=click.Choice(["todo", "doing", "waiting", "done", "cancel"]))
@click.argument("reference", metavar="REF")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@click.option("--at", callback=_time_of_day, metavar="HH:MM", help="The time for the LOGBOOK. [default: now]")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    marker: Wish,
    reference: str,
    dry_run: bool,  # noqa: FBT001 - click passes options by name
    at: dt.time | None,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Change the marker of a task, as Logseq does, and update its clocks, LOGBOOK and repeated dates.

    REF is `page:line`, the id of a block, or words that occur in only one task. `graphkit undo` reverts the change.
    """
    from graphkit.app.vault import moment  # noqa: PLC0415
    from graphkit.app.writing.task import change_marker  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.write import task_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = change_marker(vault, marker, reference, moment(vault, at), os.environ, dry_run=dry_run)
    kept = report.conflicts or report.failures
    if as_json or not kept:
        show(
            output, report, as_json=as_json, vault=vault,
            screen=lambda: task_screen.mark_screen(report, output.surface, dry_run=dry_run),
            plain=lambda: task_screen.mark_plain(report, dry_run=dry_run),
        )  # fmt: skip
    findings_noted(output, report.findings)
    if not as_json and not kept:
        for line in task_screen.mark_notes(report, dry_run=dry_run):
            output.note(line)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )
