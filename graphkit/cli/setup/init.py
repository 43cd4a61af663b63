"""`graphkit init`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show_json


@click.command("init")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the settings.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    dry_run: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Write a `graphkit.toml` with every setting commented out, and suggest additions to Logseq's configuration.

    An existing `graphkit.toml` is left unchanged. Logseq's own `logseq/config.edn` is never written.
    """
    from graphkit.app.writing.init import init_vault  # noqa: PLC0415 - not for `--help`

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = init_vault(vault, os.environ, dry_run=dry_run)
    if as_json:
        show_json(output, report, vault)
    else:
        if dry_run:
            output.text(report.text.rstrip("\n").split("\n"))
        elif report.exists:
            output.note(f"{report.path} already exists and was left unchanged")
        elif report.run is not None:
            output.note(f"wrote {report.path}; `graphkit undo` reverts it (run {report.run})")
        if report.additions:
            output.note(
                "graphkit never writes Logseq's configuration. Add or replace these lines in logseq/config.edn:"
            )
            for line in report.additions:
                output.note(f"  {line}")
    findings_noted(output, report.findings)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )
