"""The nodes and edges of a vault, added to a graph one after the other; needs no library of graphs.

spec: domain §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphkit.facts.page_facts import BlockId
from graphkit.facts.property_values import read_names
from graphkit.insight.work.time_states import BLOCKED_BY, written_blockers
from graphkit.text.records import Record
from graphkit.vault.names import namespace_parents, page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import Link, PageFacts, Task
    from graphkit.vault.names import PageName


class GraphSink(Protocol):
    """A directed multigraph under construction: a `networkx.MultiDiGraph`, or a list of its edges."""

    def __contains__(self, node: object, /) -> bool:
        """True if there is a node with this id."""

    def add_node(self, node: str, /, **marks: object) -> None:
        """Add a node, or set these marks of one that is there."""

    def add_edge(self, source: str, target: str, /, **marks: object) -> None:
        """Add an edge between two nodes that are there."""

    def rename(self, old: str, new: str, kind: str) -> None:
        """Give a node another id and kind, in its edges too."""


class GraphInput(Record, frozen=True, kw_only=True):
    """Everything the graph is built from."""

    catalog: Catalog
    links: Callable[[PageFacts], Iterable[Link]]
    """Written references of a page, with the block they stand in; none from generated blocks."""
    normalise: Callable[[str], str]
    """A title as written to the page's title: dates in the journal's spelling."""
    parse_journal: Callable[[str], date | None]
    """The day that a title names."""
    experiment_types: frozenset[str]
    goal_types: frozenset[str] = frozenset({"goal"})
    metrics: frozenset[str] = frozenset()
    """Names that are metrics, with a page or without."""
    namespaces: bool = True
    """True if the slashes of a page's title are namespaces; where pages are named by paths they are folders."""


def fill_graph(graph: GraphSink, facts: GraphInput) -> Mapping[str, str]:
    """Add a vault's pages and everything in them to an empty graph; the node of each page, by path.

    Nodes are strings `kind:key` and all carry `kind`, `title`, `path` and `line`; edges carry `kind`, and the `path`
    and `line` that they were read from. A name without a file is a node whose `path` and `line` are None: a `goal`
    where a page names it as one, a `journal` where it is a day, a `tag` where it occurs only as `#tag` or in `tags::`,
    else a `page`; an alias is a `page` with an `alias_of` edge. Written references lead from the page, also those that
    stand in a task.

    `has_task` leads from a page, and from the section around it, to the topmost tasks; `subtask_of` from a task to the
    one above it. A section is `recorded_in` its page.
    """
    builder = _Builder(graph, facts)
    pages = list(facts.catalog.pages())
    for page in pages:
        builder.add_page(page)
    for page in pages:
        builder.connect(page)
    return builder.node_of_path


class _Builder:
    def __init__(self, graph: GraphSink, facts: GraphInput) -> None:
        self.graph = graph
        self._facts = facts
        self._goals = {self._resolved(goal.title) for page in facts.catalog.pages() for goal in page.goals}
        self.node_of_path: dict[str, str] = {}
        self._node_of_name: dict[PageName, str] = {}
        """Nodes of names without a file."""
        self._tasks: dict[tuple[str, int], str] = {}

    def _resolved(self, title: str) -> PageName:
        page = self._facts.catalog.page(title)
        return page.name if page is not None else page_name(self._facts.normalise(title))

    def _kind(self, page: PageFacts) -> str:
        if not page.types.isdisjoint(self._facts.experiment_types):
            return "experiment"
        if not page.types.isdisjoint(self._facts.goal_types) or page.name in self._goals:
            return "goal"
        if page.name in self._facts.metrics:
            return "metric"
        return "journal" if page.journal_day else "page"

    def add_page(self, page: PageFacts) -> None:
        kind = self._kind(page)
        node = f"{kind}:{page.name}"
        self.node_of_path[page.path] = node
        self.graph.add_node(node, kind=kind, title=page.title, path=page.path, line=1)
        for task in page.tasks:
            self._add_task(page, task)

    def _add_task(self, page: PageFacts, task: Task) -> None:
        place = f"task:{page.path}:{task.line}"
        key = f"task:{task.id}" if task.id else place
        if key in self.graph:  # the first of two blocks with one id keeps it, as in Logseq
            key = place
        self._tasks[page.path, task.block] = key
        marks = {"marker": task.marker, "status": task.status.value}
        self.graph.add_node(key, kind="task", title=task.text, path=page.path, line=task.line, **marks)

    def _named(self, written: str, page: PageFacts, line: int, *, as_tag: bool = False) -> str:
        """The node of a title; where it has no file one is made, below the nodes of its namespace."""
        found = self._facts.catalog.page(written)
        if found is not None:
            return self.node_of_path[found.path]
        title = self._facts.normalise(written)
        child, known = self._fileless(title, as_tag=as_tag)
        node = child
        for parent in _above(title) if not known and (as_tag or self._facts.namespaces) else ():
            above = self._facts.catalog.page(parent)
            if above is not None:
                self._edge(child, self.node_of_path[above.path], "in_namespace", page, line)
                break
            upper, known = self._fileless(parent, as_tag=as_tag)
            self._edge(child, upper, "in_namespace", page, line)
            if known:
                break
            child = upper
        return node

    def _fileless(self, title: str, *, as_tag: bool) -> tuple[str, bool]:
        """The node of a title without a file, and whether it was there already."""
        name = page_name(title)
        known = self._node_of_name.get(name)
        if known is not None:
            if not as_tag and known.startswith("tag:"):
                known = self._node_of_name[name] = self._renamed(known, f"page:{name}")
            return known, True
        if name in self._goals:
            kind = "goal"
        elif name in self._facts.metrics:
            kind = "metric"
        elif self._facts.parse_journal(title) is not None:
            kind = "journal"
        else:
            kind = "tag" if as_tag else "page"
        node = self._node_of_name[name] = f"{kind}:{name}"
        self.graph.add_node(node, kind=kind, title=title, path=None, line=None)
        return node, False

    def _renamed(self, old: str, new: str) -> str:
        """A tag turns out to be linked as a page too."""
        self.graph.rename(old, new, "page")
        return new

    def _edge(self, source: str, target: str, kind: str, page: PageFacts, line: int) -> None:
        self.graph.add_edge(source, target, kind=kind, path=page.path, line=line)

    def connect(self, page: PageFacts) -> None:
        node = self.node_of_path[page.path]
        line_of = page.property_lines.get
        for alias in page.aliases:
            key = f"page:{page_name(self._facts.normalise(alias))}"
            # Its own title, or what another page is called already, is no alias (the first page wins).
            if self._facts.catalog.page(alias) is page and key != f"page:{page.name}" and key not in self.graph:
                self.graph.add_node(key, kind="page", title=alias, path=None, line=None)
                self._edge(key, node, "alias_of", page, line_of("alias", 1))
        for parent in _above(page.title)[:1] if self._facts.namespaces else ():
            self._edge(node, self._named(parent, page, 1), "in_namespace", page, 1)
        for tag in page.tags:
            line = line_of("tags", 1)
            self._edge(node, self._named(tag, page, line, as_tag=True), "tagged", page, line)
        for goal in page.goals:
            self._edge(node, self._named(goal.title, page, goal.line), "has_goal", page, goal.line)
        self._connect_people(node, page, page.properties, line_of("owner", 1), line_of(BLOCKED_BY, 1))
        self._connect_tasks(page, node)
        self._connect_links(page, node)

    def _connect_people(
        self, node: str, page: PageFacts, properties: Mapping[str, str], owner_line: int, blocker_line: int
    ) -> None:
        """Owners and blockers that the properties of a page or a task name."""
        for owner in read_names(properties.get("owner", "")):
            self._edge(node, self._named(owner, page, owner_line), "owned_by", page, owner_line)
        titles, identities = written_blockers(properties.get(BLOCKED_BY, ""))
        for title in titles:
            self._edge(node, self._named(title, page, blocker_line), "blocked_by", page, blocker_line)
        for identity in identities:
            target = self._block(identity)
            if target is not None:
                self._edge(node, target, "blocked_by", page, blocker_line)

    def _connect_tasks(self, page: PageFacts, node: str) -> None:
        around = self._add_sections(page, node)
        for task in page.tasks:
            key = self._tasks[page.path, task.block]
            if task.parent is not None:
                self._edge(key, self._tasks[page.path, page.tasks[task.parent].block], "subtask_of", page, task.line)
            else:
                self._edge(node, key, "has_task", page, task.line)
                home = around[task.block] if around else None
                if home is not None:
                    self._edge(home, key, "has_task", page, task.line)
            if task.properties:
                self._connect_people(key, page, task.properties, task.line, task.line)

    def _add_sections(self, page: PageFacts, node: str) -> list[str | None]:
        """Nodes for a page's sections; of each block the innermost section around it. Empty if there are not any."""
        around: list[str | None] = [None] * page.block_count if page.sections else []
        used: dict[str, int] = {}
        for section in page.sections:
            key = f"section:{page.name}#{section.title.lower()}"
            used[key] = used.get(key, 0) + 1
            if used[key] > 1:
                key = f"{key}:{section.line}"
            self.graph.add_node(key, kind="section", title=section.title, path=page.path, line=section.line)
            self._edge(key, node, "recorded_in", page, section.line)
            around[section.first : section.stop] = [key] * (section.stop - section.first)
        return around

    def _connect_links(self, page: PageFacts, node: str) -> None:
        related = {block for s in page.sections if s.kind == "related" for block in range(s.first, s.stop)}
        own_lines = {page.property_lines.get(key) for key in ("alias", "tags")} - {None}
        for link in self._facts.links(page):
            if link.kind in {"block", "embed_block"}:
                target = self._block(link.target)
                if target is not None:
                    self._edge(node, target, "block_ref" if link.kind == "block" else "embeds", page, link.line)
            elif (
                link.kind != "property" or link.line not in own_lines
            ):  # `alias::` and `tags::` have edges of their own
                target = self._named(link.target, page, link.line, as_tag=link.kind == "tag")
                self._edge(node, target, "embeds" if link.kind == "embed" else "links", page, link.line)
                if link.kind == "page" and link.block in related:
                    self._edge(node, target, "related_to", page, link.line)

    def _block(self, identity: str) -> str | None:
        """The task with this id, else the page on which its block stands."""
        found = self._facts.catalog.block(BlockId(identity.lower()))
        if found is None:
            return None
        page, block = found
        return self._tasks.get((page.path, block), self.node_of_path[page.path])


def _above(title: str) -> list[str]:
    """Titles above a namespaced one, nearest first; without the title itself, which `a/b/` would be its own parent."""
    name = page_name(title)
    return [parent for parent in namespace_parents(title) if page_name(parent) != name]
