"""`graphkit next`."""

from __future__ import annotations

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("next")
@click.option("--owner", multiple=True, metavar="NAME", help="Only tasks and pages of this owner.")
@click.option("--all", "everything", is_flag=True, help="Show all tasks, without a limit.")
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    owner: tuple[str, ...],
    everything: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """List what to do now: decisions that are due, tasks that are not blocked, values that are missing."""
    from graphkit.app.reading.next import report_next  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import next_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output, whole=True)
    report = report_next(vault, owners=owner)
    limit = None if everything else next_screen.LIMIT
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: next_screen.next_screen(report, output.surface, limit=limit),
        plain=lambda: next_screen.next_plain(report, limit=limit),
    )  # fmt: skip
    if limit is not None and not output.screen and not as_json:
        rest = len(report.tasks) - report.dormant - limit
        if rest > 0:
            output.note(f"{rest:,} more tasks; use --all to show them")
        if report.dormant:
            output.note(f"{report.dormant:,} dormant; use --all to show them")
    return outcome(vault, output)
