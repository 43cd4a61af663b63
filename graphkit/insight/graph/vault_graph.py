"""The vault as a networkx graph, and what can be asked of it.

spec: domain §2.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from graphkit.insight.graph.graph_kinds import RANKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    VaultGraph: TypeAlias = nx.MultiDiGraph[str]


class NetworkxSink:
    """A graph of networkx, for `fill_graph` and `add_measures`."""

    def __init__(self) -> None:
        self.graph: VaultGraph = nx.MultiDiGraph()

    def __contains__(self, node: object, /) -> bool:
        return node in self.graph

    def add_node(self, node: str, /, **marks: object) -> None:
        """Add a node."""
        self.graph.add_node(node, **marks)

    def add_edge(self, source: str, target: str, /, **marks: object) -> None:
        """Add an edge."""
        self.graph.add_edge(source, target, **marks)

    def rename(self, old: str, new: str, kind: str) -> None:
        """Give a node another id and kind."""
        nx.relabel_nodes(self.graph, {old: new}, copy=False)
        self.graph.nodes[new]["kind"] = kind


def count_kinds(graph: VaultGraph) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many nodes and edges there are of each kind, most first."""
    nodes = Counter(kind_of(graph, node) for node in graph)
    edges = Counter(str(data["kind"]) for _, _, data in graph.edges(data=True))
    return _by_count(nodes), _by_count(edges)


def kind_of(graph: VaultGraph, node: str) -> str:
    """The kind of a node."""
    return str(graph.nodes[node]["kind"])


def edge_kinds(graph: VaultGraph, source: str, target: str) -> frozenset[str]:
    """The kinds of the edges that lead from one node to another."""
    if not graph.has_edge(source, target):
        return frozenset()
    return frozenset(str(data["kind"]) for data in graph[source][target].values())


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def only_kinds(graph: VaultGraph, kinds: frozenset[str]) -> VaultGraph:
    """The nodes of these kinds and the edges between them, as a graph of its own, in the same order."""
    part: VaultGraph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        if data["kind"] in kinds:
            part.add_node(node, **data)
    for source, target, data in graph.edges(data=True):
        if source in part and target in part:
            part.add_edge(source, target, **data)
    return part


def shortest_path(graph: VaultGraph, source: str, target: str) -> list[str] | None:
    """The nodes of a shortest path, edges taken in either direction; None if it has none."""
    try:
        path: list[str] = nx.shortest_path(graph.to_undirected(as_view=True), source, target)
    except nx.NetworkXNoPath:
        return None
    return path


def rank_nodes(graph: VaultGraph, kinds: frozenset[str]) -> list[tuple[str, float]]:
    """PageRank over pages, strategies and initiatives, best first; what has no name of its own is left out.

    kinds: which nodes to give back; empty for all. Scores add up to 1 over all nodes ranked. Parallel edges count each.
    """
    chosen = only_kinds(graph, frozenset(RANKED_KINDS))
    if not chosen:
        return []
    scores: dict[str, float] = nx.pagerank(chosen)
    wanted = [(node, score) for node, score in scores.items() if not kinds or kind_of(chosen, node) in kinds]
    return sorted(wanted, key=lambda item: (-item[1], item[0]))
