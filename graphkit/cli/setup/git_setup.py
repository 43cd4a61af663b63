"""`graphkit git-setup`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show_json


@click.command("git-setup")
@click.option("--write", is_flag=True, help="Add the missing lines, and configure the merge driver of this repository.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    write: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Set up a vault in git: lines of .gitattributes and .gitignore, and a merge driver.

    The driver merges text line by line and renders rollups again, so that rollups never conflict. Without --write, the
    missing lines are printed. With it, they are appended to the files.
    """
    from graphkit.app.writing.git_setup import git_setup  # noqa: PLC0415 - not for `--help`

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = git_setup(vault, os.environ, write=write)
    if as_json:
        show_json(output, report, vault)
    else:
        for part in report.parts:
            if part.missing:
                output.text([f"# {part.place}{' (added)' if report.wrote else ''}", *part.missing])
        if not any(part.missing for part in report.parts):
            output.note("everything is set up")
        elif not report.wrote:
            output.note("run `graphkit git-setup --write` to add these lines")
    if report.trouble:
        output.problem(
            "error",
            f"the merge driver does not work: {report.trouble}",
            "until it does, git merges pages as text; run `git-setup --write` with a permanently installed graphkit",
        )
    findings_noted(output, report.findings)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures or report.trouble else Exit.FINE,
    )
