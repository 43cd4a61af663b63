"""`graphkit rollup`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show


@click.command("rollup")
@click.option("--create", is_flag=True, help="Create missing rollup pages. Existing pages are not overwritten.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is out of date.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
@click.option(
    "--force", is_flag=True, help="Overwrite edited rollups, and write even if part of the vault could not be read."
)
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
    """Update every block and page with `graphkit:: VIEW`.

    Only the children of such a block, and sum=… in its property, are ever written. If someone has edited them, they are
    skipped and reported (exit status 3). A second run writes nothing. `graphkit undo` reverts a run.
    """
    from graphkit.app.writing.rollup import run_rollup  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.write import rollup_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = run_rollup(vault, os.environ, create=create, force=force, dry_run=dry_run or check)
    with_diff = dry_run or diff
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: rollup_screen.rollup_screen(report, with_diff=with_diff),
        plain=lambda: rollup_screen.rollup_plain(report, with_diff=with_diff),
    )  # fmt: skip
    findings_noted(output, report.findings)
    if not as_json:
        if not (dry_run or diff):
            for entry in report.entries:
                if entry.state == "edited":
                    output.note(f"{entry.path}:{entry.line}: current text (-) and what graphkit would write (+):")
                    output.note(entry.diff.rstrip("\n"))
        output.note(rollup_screen.rollup_summary(report))
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures or (check and report.outdated) else Exit.FINE,
    )
