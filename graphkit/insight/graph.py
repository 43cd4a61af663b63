"""The vault as a networkx graph (domain 2). The only importer of networkx; built when a command asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from graphkit.facts.property_values import read_names
from graphkit.facts.values import BlockId
from graphkit.insight.timestates import BLOCKED_BY
from graphkit.vault.names import namespace_parents, page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.values import Link, PageFacts, Section, Task

    VaultGraph: TypeAlias = nx.MultiDiGraph[str]

KINDS = (
    "page", "journal", "experiment", "goal", "task", "metric", "strategy", "initiative", "section", "observation", "tag",
)  # fmt: skip
"""All node kinds of domain 2; metrics, strategies, initiatives and observations have no nodes yet."""

EDGE_KINDS = (
    "links", "block_ref", "embeds", "tagged", "alias_of", "in_namespace", "has_goal", "has_task", "subtask_of",
    "blocked_by", "measures", "tests", "observes", "recorded_in", "owned_by", "related_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphInput:
    """What the graph is built from."""

    catalog: Catalog
    links: Callable[[PageFacts], Iterable[Link]]
    """Written references of a page, with the block they stand in."""
    experiment_types: frozenset[str]
    goal_types: frozenset[str] = frozenset({"goal"})


def build_graph(facts: GraphInput) -> VaultGraph:
    """The vault as a directed multigraph.

    Nodes are strings `kind:key` with `kind`, `title`, and `path` and `line` where they stand in a file; edges carry
    `kind`, and `path` and `line` of what they were read from. Names without a file are nodes without `path`: of kind
    `tag` where they occur only as `#tag` or in `tags::`, else of kind `page`.
    """
    builder = _Builder(facts)
    pages = list(facts.catalog.pages())
    for page in pages:
        builder.add_page(page)
    for page in pages:
        builder.connect(page)
    return builder.graph


class _Builder:
    def __init__(self, facts: GraphInput) -> None:
        self.graph: VaultGraph = nx.MultiDiGraph()
        self._facts = facts
        self._goals = {page_name(goal.title) for page in facts.catalog.pages() for goal in page.goals}
        self._node_of_path: dict[str, str] = {}
        self._tasks: dict[tuple[str, int], str] = {}
        self._written_as_link: set[str] = set()

    def _kind(self, page: PageFacts) -> str:
        if not page.types.isdisjoint(self._facts.experiment_types):
            return "experiment"
        if not page.types.isdisjoint(self._facts.goal_types) or page.name in self._goals:
            return "goal"
        return "journal" if page.journal_day else "page"

    def add_page(self, page: PageFacts) -> None:
        node = f"{self._kind(page)}:{page.name}"
        self._node_of_path[page.path] = node
        self.graph.add_node(node, kind=self._kind(page), title=page.title, path=page.path, line=1)
        for task in page.tasks:
            key = f"task:{task.id or f'{page.path}:{task.line}'}"
            if key in self.graph:
                key = f"task:{page.path}:{task.line}"
            self._tasks[page.path, task.block] = key
            self.graph.add_node(
                key, kind="task", title=task.text, path=page.path, line=task.line, marker=task.marker,
                status=task.status.value,
            )  # fmt: skip

    def _named(self, title: str, *, as_tag: bool = False) -> str:
        """The node of a title, made where it has no file."""
        page = self._facts.catalog.page(title)
        if page is not None:
            return self._node_of_path[page.path]
        name = page_name(title)
        if name in self._goals:
            node, kind = f"goal:{name}", "goal"
        elif as_tag and f"page:{name}" not in self.graph:
            node, kind = f"tag:{name}", "tag"
        else:
            node, kind = f"page:{name}", "page"
            if f"tag:{name}" in self.graph:
                self._rename(f"tag:{name}", node)
        if node not in self.graph:
            self.graph.add_node(node, kind=kind, title=title)
        return node

    def _rename(self, old: str, new: str) -> None:
        nx.relabel_nodes(self.graph, {old: new}, copy=False)
        self.graph.nodes[new]["kind"] = "page"

    def _edge(self, source: str, target: str, kind: str, page: PageFacts, line: int) -> None:
        self.graph.add_edge(source, target, kind=kind, path=page.path, line=line)

    def connect(self, page: PageFacts) -> None:
        node = self._node_of_path[page.path]
        for alias in page.aliases:
            if self._facts.catalog.page(alias) is page and page_name(alias) != page.name:
                key = f"page:{page_name(alias)}"
                if key not in self.graph:
                    self.graph.add_node(key, kind="page", title=alias)
                self._edge(key, node, "alias_of", page, page.property_lines.get("alias", 1))
        child = node
        for parent in namespace_parents(page.title):
            above = self._named(parent)
            if above != child:
                self._edge(child, above, "in_namespace", page, 1)
            child = above
        for tag in page.tags:
            self._edge(node, self._named(tag, as_tag=True), "tagged", page, page.property_lines.get("tags", 1))
        for goal in page.goals:
            self._edge(node, self._named(goal.title), "has_goal", page, goal.line)
        for owner in read_names(page.properties.get("owner", "")):
            self._edge(node, self._named(owner), "owned_by", page, page.property_lines.get("owner", 1))
        for blocker in read_names(page.properties.get(BLOCKED_BY, "")):
            self._edge(node, self._named(blocker), "blocked_by", page, page.property_lines.get(BLOCKED_BY, 1))
        self._connect_tasks(page, node)
        self._connect_links(page, node)

    def _connect_tasks(self, page: PageFacts, node: str) -> None:
        sections = [(self._section(page, node, section), section) for section in page.sections]
        for task in page.tasks:
            key = self._tasks[page.path, task.block]
            if task.parent is None:
                self._edge(node, key, "has_task", page, task.line)
                home = _innermost(sections, task)
                if home is not None:
                    self._edge(home, key, "has_task", page, task.line)
            else:
                self._edge(key, self._tasks[page.path, page.tasks[task.parent].block], "subtask_of", page, task.line)
            for blocker in read_names(task.properties.get(BLOCKED_BY, "")):
                self._edge(key, self._named(blocker), "blocked_by", page, task.line)

    def _section(self, page: PageFacts, node: str, section: Section) -> str:
        key = f"section:{page.name}#{section.title.lower()}"
        count = 2
        while key in self.graph:
            key = f"section:{page.name}#{section.title.lower()}-{count}"
            count += 1
        self.graph.add_node(key, kind="section", title=section.title, path=page.path, line=section.line)
        self._edge(key, node, "recorded_in", page, section.line)
        return key

    def _connect_links(self, page: PageFacts, node: str) -> None:
        related = [range(s.first, s.stop) for s in page.sections if s.kind == "related"]
        for link in self._facts.links(page):
            if link.kind in {"block", "embed_block"}:
                target = self._block(link.target)
                if target is not None:
                    self._edge(node, target, "block_ref" if link.kind == "block" else "embeds", page, link.line)
                continue
            target = self._named(link.target, as_tag=link.kind == "tag")
            self._edge(node, target, "embeds" if link.kind == "embed" else "links", page, link.line)
            if link.kind == "page" and any(link.block in blocks for blocks in related):
                self._edge(node, target, "related_to", page, link.line)

    def _block(self, identity: str) -> str | None:
        found = self._facts.catalog.block(BlockId(identity.lower()))
        if found is None:
            return None
        page, block = found
        return self._tasks.get((page.path, block), self._node_of_path[page.path])


def _innermost(sections: Sequence[tuple[str, Section]], task: Task) -> str | None:
    around = [(section.first, key) for key, section in sections if section.first <= task.block < section.stop]
    return max(around)[1] if around else None


def count_kinds(graph: VaultGraph) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many nodes and edges there are of each kind, most first."""
    nodes: dict[str, int] = {}
    edges: dict[str, int] = {}
    for _, kind in graph.nodes(data="kind"):
        nodes[kind] = nodes.get(kind, 0) + 1
    for _, _, kind in graph.edges(data="kind"):
        edges[kind] = edges.get(kind, 0) + 1
    return _by_count(nodes), _by_count(edges)


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def shortest_path(graph: VaultGraph, source: str, target: str) -> list[str] | None:
    """The nodes of a shortest path, edges taken in either direction; None where there is none."""
    try:
        path: list[str] = nx.shortest_path(graph.to_undirected(as_view=True), source, target)
    except nx.NetworkXNoPath:
        return None
    return path


def rank_nodes(graph: VaultGraph, kinds: frozenset[str]) -> list[tuple[str, float]]:
    """PageRank over pages and what they link to, best first; tasks and sections are left out.

    Scores add up to 1 over the nodes ranked. Parallel links count once each.
    """
    chosen = graph.subgraph([node for node, kind in graph.nodes(data="kind") if kind not in {"task", "section"}])
    if not chosen:
        return []
    scores: dict[str, float] = nx.pagerank(chosen)
    wanted = [(node, score) for node, score in scores.items() if not kinds or chosen.nodes[node]["kind"] in kinds]
    return sorted(wanted, key=lambda item: (-item[1], item[0]))

