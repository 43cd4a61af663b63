"""`graphkit graph`: questions about the graph, each answered by a small table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show
from graphkit.insight.graph.graph_kinds import RANKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.app.results.reports import TableReport
    from graphkit.app.vault import Vault


@click.group("graph")
@shared_options
def command() -> None:
    """Explore the graph of pages, experiments, goals and tasks."""


def _answer(invocation: Invocation, question: Callable[[Vault], TableReport], *, as_json: bool) -> int:
    from graphkit.cli.terminal import small_tables  # noqa: PLC0415 - not for `--help`

    output = invocation.output()
    vault = open_vault(invocation, output, whole=True)
    report = question(vault)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: small_tables.table_screen(report, output.surface),
        plain=lambda: small_tables.table_plain(report),
    )  # fmt: skip
    if not (report.rows or output.screen or as_json):
        output.note(f"{report.title}.")
    return outcome(vault, output)


@command.command("stats")
@format_options
@shared_options
@click.pass_obj
def stats(invocation: Invocation, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Count the nodes and edges of each kind."""
    from graphkit.app.reading.graph import report_stats  # noqa: PLC0415

    return _answer(invocation, report_stats, as_json=as_json)


@command.command("neighbors")
@click.argument("node")
@format_options
@shared_options
@click.pass_obj
def neighbors(invocation: Invocation, node: str, as_json: bool) -> int:  # noqa: FBT001
    """List the nodes that NODE links to, and those that link to it.

    NODE is a page's title, an alias, a day, a unique prefix of a title, or an id such as goal:retention.
    """
    from graphkit.app.reading.graph import report_neighbors  # noqa: PLC0415

    return _answer(invocation, lambda vault: report_neighbors(vault, node), as_json=as_json)


@command.command("path")
@click.argument("source")
@click.argument("target")
@format_options
@shared_options
@click.pass_obj
def path(invocation: Invocation, source: str, target: str, as_json: bool) -> int:  # noqa: FBT001
    """Find a shortest path from SOURCE to TARGET.

    Edges can be followed in either direction; backward ones are shown as `<-kind`. Names work as for `neighbors`.
    """
    from graphkit.app.reading.graph import report_path  # noqa: PLC0415

    return _answer(invocation, lambda vault: report_path(vault, source, target), as_json=as_json)


@command.command("rank")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(RANKED_KINDS),
    metavar="KIND",
    help=f"Only nodes of this kind: {', '.join(RANKED_KINDS)}. May be repeated.",
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Number of nodes.")
@format_options
@shared_options
@click.pass_obj
def rank(invocation: Invocation, kinds: tuple[str, ...], limit: int, as_json: bool) -> int:  # noqa: FBT001
    """List the most important nodes, by PageRank over all edges."""
    from graphkit.app.reading.graph import report_rank  # noqa: PLC0415

    return _answer(invocation, lambda vault: report_rank(vault, kinds, limit), as_json=as_json)
