"""`graphkit tree`."""

from __future__ import annotations

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("tree")
@click.argument("page")
@format_options
@shared_options
@click.pass_obj
def command(invocation: Invocation, page: str, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Show the outline of PAGE as graphkit reads it, with counts of the subtasks that are done.

    PAGE is a title, an alias or a path.
    """
    from graphkit.app.reading.tree import report_tree  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import tree_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = report_tree(vault, page)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: tree_screen.tree_screen(report, output.surface),
        plain=lambda: tree_screen.tree_plain(report),
    )  # fmt: skip
    return outcome(vault, output)
