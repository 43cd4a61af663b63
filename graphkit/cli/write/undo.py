"""`graphkit undo`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit, strongest
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import show


@click.command("undo")
@click.argument("run", type=click.IntRange(min=1), required=False, metavar="[RUN]")
@click.option("--list", "listed", is_flag=True, help="List the runs that can be undone, and undo nothing.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    run: int | None,
    listed: bool,  # noqa: FBT001 - click passes options by name
    dry_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Undo what the last writing command wrote, or what RUN wrote. `--list` shows the numbers of the runs.

    Pages that have changed since are skipped (exit status 3). Undo is a run as well, so it can be undone.
    """
    from graphkit.app.opening import locate, working_folder  # noqa: PLC0415 - not for `--help`
    from graphkit.app.writing.undo import preview_undo, report_runs, undo_run  # noqa: PLC0415
    from graphkit.cli.write import rollup_screen  # noqa: PLC0415

    output = invocation.output()
    root = locate(invocation.graph, working_folder(invocation.graph))
    if listed:
        runs = report_runs(root, os.environ)
        show(
            output, runs, as_json=as_json,
            screen=lambda: rollup_screen.runs_screen(runs), plain=lambda: rollup_screen.runs_plain(runs),
        )  # fmt: skip
        if not runs.runs:
            output.note("graphkit has not written to this vault")
        return Exit.FINE
    report = preview_undo(root, os.environ, run) if dry_run else undo_run(root, os.environ, run)
    show(
        output, report, as_json=as_json,
        screen=lambda: rollup_screen.undo_screen(report), plain=lambda: rollup_screen.undo_plain(report),
    )  # fmt: skip
    for page in report.pages:
        if page.reason:
            output.problem("warning", f"{page.path}: {page.reason}", page.remedy)
    for finding in report.findings:
        if finding.code == "W611":
            output.problem("warning", f"{finding.path}: {finding.message}", finding.hint)
    if not as_json:
        for line in rollup_screen.undo_summary(report):
            output.note(line)
    return strongest(Exit.CONFLICT if report.conflicts else Exit.FINE, Exit.FINDINGS if report.failures else Exit.FINE)
