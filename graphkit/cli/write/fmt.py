"""`graphkit fmt`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show


@click.command("fmt")
@click.argument("pages", nargs=-1, metavar="[PAGE]...")
@click.option("--all", "every", is_flag=True, help="Format all pages of the vault.")
@click.option(
    "--check", is_flag=True, help="Write nothing; list pages that would change and exit with 1 if there are any."
)
@click.option("--write", is_flag=True, help="Write the formatted pages; `graphkit undo` reverts them.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    pages: tuple[str, ...],
    every: bool,  # noqa: FBT001 - click passes options by name
    check: bool,  # noqa: FBT001
    write: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Format each PAGE (a title, an alias or a path) as Logseq itself would save it.

    Logseq rewrites a whole page when someone edits one block of it. If the page is already formatted, only the edit
    shows up in the diff. Without an option, the formatted text is printed. Pages that would lose content are skipped
    and reported.
    """
    from graphkit.app.writing.fmt import report_form, write_form  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.write import fmt_screen  # noqa: PLC0415

    if bool(pages) == every:
        raise click.UsageError("Name the pages, or use --all.")
    if check and write:
        raise click.UsageError("--check and --write cannot be combined.")
    output = invocation.output()
    vault = open_vault(invocation, output)
    report = report_form(vault, pages, every=every)
    if write and not dry_run:
        report = write_form(vault, report, os.environ)
    with_diff = diff or dry_run
    listed = check or write or every
    if as_json or with_diff or listed:
        show(
            output, report, as_json=as_json, vault=vault,
            screen=lambda: fmt_screen.form_screen(report, with_diff=with_diff),
            plain=lambda: fmt_screen.form_plain(report, with_diff=with_diff),
        )  # fmt: skip
    else:
        output.document(fmt_screen.form_texts(report))
    findings_noted(output, report.findings)
    if not as_json and listed:
        output.note(fmt_screen.form_summary(report))
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures or (check and report.differs) else Exit.FINE,
    )
