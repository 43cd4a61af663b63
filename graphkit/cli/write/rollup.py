"""`graphkit rollup`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show


@click.command("rollup")
@click.option("--create", is_flag=True, help="Make the rollup pages that are missing; none is overwritten.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when something is out of date.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@click.option("--diff", is_flag=True, help="Show what changes as a unified diff.")
@click.option("--force", is_flag=True, help="Also write over edited words (`undo` has them), and from half a vault.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    create: bool,  # noqa: FBT001 - click passes options by name
    check: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    force: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Bring every block and page with `graphkit:: VIEW` up to date.

    Only what stands below such a block, and the word sum=… in that property, is ever written. Where someone has edited
    it, it is left alone and shown (exit status 3). A second run writes nothing. `graphkit undo` takes a run back.
    """
    from graphkit.app.writing.rollup import run_rollup  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.write import rollup_screen  # noqa: PLC0415

    output = invocation.output()
    session = open_vault(invocation, output)
    report = run_rollup(session, os.environ, create=create, force=force, dry_run=dry_run or check)
    with_diff = dry_run or diff
    show(
        output, report, as_json=as_json,
        screen=lambda: rollup_screen.rollup_screen(report, with_diff=with_diff),
        plain=lambda: rollup_screen.rollup_plain(report, with_diff=with_diff),
    )  # fmt: skip
    findings_noted(output, report.findings)
    if not as_json:
        if not (dry_run or diff):
            for entry in report.entries:
                if entry.state == "edited":
                    output.note(f"{entry.path}:{entry.line} as it is (-) and as graphkit would write it (+):")
                    output.note(entry.diff.rstrip("\n"))
        output.note(rollup_screen.rollup_summary(report))
    return outcome(
        session,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures or (check and report.outdated) else Exit.FINE,
    )
