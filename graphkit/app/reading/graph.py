"""The graph of a vault, and the queries of `graphkit graph`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from graphkit.app.reading.graph_input import fill_vault_graph
from graphkit.app.reading.name_lookup import named
from graphkit.app.results.reports import TableReport
from graphkit.insight.graph.graph_kinds import NAMED_KINDS, RANKED_KINDS
from graphkit.insight.graph.vault_graph import (
    NetworkxSink,
    count_kinds,
    edge_kinds,
    kind_of,
    only_kinds,
    rank_nodes,
    shortest_path,
)
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.vault import Vault
    from graphkit.insight.graph.vault_graph import VaultGraph

NEIGHBOR_COLUMNS = ("direction", "edge", "kind", "title", "id", "path", "line")


def build_session_graph(vault: Vault, kinds: Sequence[str] = ()) -> VaultGraph:
    """The vault's graph, or the part of it that has nodes of these kinds. Reads every page for its links.

    spec: domain §2.
    """
    sink = NetworkxSink()
    fill_vault_graph(sink, vault)
    return only_kinds(sink.graph, frozenset(kinds)) if kinds else sink.graph


def report_stats(vault: Vault) -> TableReport:
    """Nodes and edges by kind."""
    nodes, edges = count_kinds(build_session_graph(vault))
    rows = [("node", kind, number) for kind, number in nodes.items()]
    rows += [("edge", kind, number) for kind, number in edges.items()]
    return TableReport(
        name="graph-stats",
        title=f"{sum(nodes.values()):,} nodes, {sum(edges.values()):,} edges",
        columns=("what", "kind", "count"),
        rows=tuple(rows),
    )


def report_neighbors(vault: Vault, wanted: str) -> TableReport:
    """Every edge of a node with its other end: those that lead out first, by kind and title."""
    graph = build_session_graph(vault)
    node = _node(graph, vault, wanted)
    rows: list[tuple[str | int | float | None, ...]] = []
    for _, other, data in graph.out_edges(node, data=True):
        rows.append(("out", data["kind"], *_described(graph, other), data["path"], data["line"]))
    for other, _, data in graph.in_edges(node, data=True):
        rows.append(("in", data["kind"], *_described(graph, other), data["path"], data["line"]))
    rows.sort(key=lambda row: (row[0] == "in", *map(str, row[1:6]), row[6]))
    return TableReport(
        name="graph-neighbors",
        title=f"{graph.nodes[node]['title']} ({graph.nodes[node]['kind']})",
        columns=NEIGHBOR_COLUMNS,
        rows=tuple(rows),
    )


def report_path(vault: Vault, source: str, target: str) -> TableReport:
    """The steps of a shortest path, with edges in either direction; no rows if the two are not connected."""
    graph = build_session_graph(vault)
    start, end = _node(graph, vault, source), _node(graph, vault, target)
    path = shortest_path(graph, start, end) or []
    rows: list[tuple[str | int | float | None, ...]] = [(0, "", *_described(graph, node)) for node in path[:1]]
    for step, (before, after) in enumerate(pairwise(path), 1):
        rows.append((step, _steps(graph, before, after), *_described(graph, after)))
    first, last = graph.nodes[start]["title"], graph.nodes[end]["title"]
    steps = len(path) - 1
    return TableReport(
        name="graph-path",
        title=f"{steps} step{'' if steps == 1 else 's'} from {first} to {last}"
        if path
        else f"Nothing connects {first} and {last}",
        columns=("step", "by", "kind", "title", "id"),
        rows=tuple(rows),
    )


def report_rank(vault: Vault, kinds: Sequence[str], limit: int) -> TableReport:
    """The best ranked of the nodes that have a title, or of those of these kinds."""
    graph = build_session_graph(vault)
    ranked = rank_nodes(graph, frozenset(kinds))[:limit]
    return TableReport(
        name="graph-rank",
        title="What most others lead to",
        columns=("rank", "score", "kind", "title", "id"),
        rows=tuple((place, round(score, 6), *_described(graph, node)) for place, (node, score) in enumerate(ranked, 1)),
    )


def _described(graph: VaultGraph, node: str) -> tuple[str, str, str]:
    data = graph.nodes[node]
    return data["kind"], data["title"], node


def _steps(graph: VaultGraph, before: str, after: str) -> str:
    """The kinds of edges between two neighbours, those against the direction with an arrow back."""
    forward = sorted(edge_kinds(graph, before, after))
    backward = sorted(edge_kinds(graph, after, before))
    return ", ".join([*forward, *(f"<-{kind}" for kind in backward)])


def _node(graph: VaultGraph, vault: Vault, wanted: str) -> str:
    """The node that an id, a title, an alias, a day or the beginning of a title means. Raises RequestError."""
    if wanted in graph:
        return wanted
    page = vault.catalog.page(wanted)
    name = page.name if page else page_name(vault.journals.normalise(wanted))
    for kind in NAMED_KINDS:
        if f"{kind}:{name}" in graph:
            return f"{kind}:{name}"
    titled = [node for node in graph if kind_of(graph, node) in RANKED_KINDS]
    return named(wanted, titled, title=lambda node: str(graph.nodes[node]["title"]), aliases=lambda _: (), noun="page")
