"""`graphkit git-setup`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome


@click.command("git-setup")
@click.option("--write", is_flag=True, help="Add the missing lines, and set the merge driver of this repository.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    write: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """What a vault in git lacks: lines of .gitattributes and .gitignore, and a merge driver.

    The driver merges people's words line by line and renders rollups anew, so that these never conflict. Without
    --write the lines are only printed; with it they are added below those that are there.
    """
    from graphkit.app.writing.git_setup import git_setup  # noqa: PLC0415 - not for `--help`

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = git_setup(vault, os.environ, write=write)
    if as_json:
        from graphkit.app.results.encode import iter_json  # noqa: PLC0415 - only for --json

        output.text(iter_json(report, ascii_only=output.ascii_json))
    else:
        for part in report.parts:
            if part.missing:
                output.text([f"# {part.place}{' (added)' if report.wrote else ''}", *part.missing])
        if not any(part.missing for part in report.parts):
            output.note("nothing is missing")
        elif not report.wrote:
            output.note("`graphkit git-setup --write` adds these lines")
    if report.trouble:
        output.problem(
            "error",
            f"the merge driver does not work: {report.trouble}",
            "pages are merged as text until it does; run `git-setup --write` with a graphkit that stays where it is",
        )
    findings_noted(output, report.findings)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures or report.trouble else Exit.FINE,
    )
