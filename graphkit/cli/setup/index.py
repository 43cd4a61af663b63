"""`graphkit index`: inspect, rebuild or delete the index of a vault."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import show

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.opening import IndexPlace
    from graphkit.app.results.reports import TableReport
    from graphkit.cli.terminal.output import Output


@click.group("index")
@shared_options
def command() -> None:
    """Inspect, rebuild or delete the index, with which the next command reads only the pages that have changed.

    The index is in your cache folder, never in the vault. It can be deleted at any time; graphkit rebuilds it.
    """


@command.command("info")
@format_options
@shared_options
@click.pass_obj
def info(invocation: Invocation, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Show where the index is and what it contains."""
    from graphkit.app.index import report_index  # noqa: PLC0415 - not for `--help`

    _, place = _place(invocation)
    return _show(invocation.output(), report_index(place), as_json=as_json)


@command.command("rebuild")
@format_options
@shared_options
@click.pass_obj
def rebuild(invocation: Invocation, as_json: bool) -> int:  # noqa: FBT001
    """Read the whole vault and rebuild the index."""
    from graphkit.app.index import rebuild_index  # noqa: PLC0415

    root, place = _place(invocation)
    report = rebuild_index(root, place, as_of=invocation.as_of, environment=os.environ)
    return _show(invocation.output(), report, as_json=as_json)


@command.command("drop")
@shared_options
@click.pass_obj
def drop(invocation: Invocation) -> int:
    """Delete the index."""
    from graphkit.app.index import forget_index  # noqa: PLC0415

    _, place = _place(invocation)
    there = forget_index(place)
    invocation.output().note("Deleted the index." if there else "This vault has no index.")
    return Exit.FINE


def _place(invocation: Invocation) -> tuple[Path, IndexPlace]:
    from graphkit.app.opening import index_place, locate, working_folder  # noqa: PLC0415

    root = locate(invocation.graph, working_folder(invocation.graph))
    return root, index_place(root, os.environ)


def _show(output: Output, report: TableReport, *, as_json: bool) -> int:
    from graphkit.cli.terminal import small_tables  # noqa: PLC0415

    show(
        output, report, as_json=as_json,
        screen=lambda: small_tables.table_screen(report, output.surface),
        plain=lambda: small_tables.table_plain(report),
    )  # fmt: skip
    return Exit.FINE
