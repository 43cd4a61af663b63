"""Which tasks a rollup reaches through `[[Page]]` and `((id))`, each once, and which expansions run in a circle.

Knows tasks, pages and what stands under what; nothing of weights, percentages or messages (spec: domain §3.3).

Decisions where the domain is silent:

- The leaves of a rollup are the least solution of `a leaf counts the leaves of its target instead`; so the result does
  not depend on the order of the pages, and a leaf that leads back to where it stands adds nothing to the leaves there.
- An expansion that yields no leaf at all (the target has no task, only cancelled ones, or nothing but a circle) is not
  taken: the leaf stays an ordinary leaf, so that no open task vanishes from the count.
- A cancelled leaf expands to nothing; what it names can still be reached another way.
- What stands above a target on its own page holds for it: below a cancelled task it is cancelled, below a done one
  closed.
- A task that several ways lead to stands at its place in the rollup's own page, else at the first one in order; the
  other ways are links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.work_scope import FREE, Standing, after_subtree, standing_above, task_at, work_scope
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.work.time_states import Targets


class Layout(Record):
    """The tasks of a rollup in order, every task once; parallel lists, one row a task."""

    tasks: list[Task] = field(default_factory=list)
    pages: list[PageFacts] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    """Row of the parent, or of the leaf that expanded to the task; -1 at the top."""
    inherited: dict[int, Standing] = field(default_factory=dict)
    """What rows inherit from tasks that stand above them on their page but not in this layout."""
    links: dict[int, list[int]] = field(default_factory=dict)
    """Rows that also stand for live tasks placed elsewhere, with keys of `linked`; such a row is no leaf."""
    linked: dict[int, list[int]] = field(default_factory=dict)
    """The rows that each key of `links` stands for."""
    circles: list[tuple[PageFacts, Task]] = field(default_factory=list)
    """Expanding leaves that their own target leads back to."""


def own_layout(page: PageFacts, scope: tuple[range, ...]) -> Layout:
    """The tasks of a page's scope without any expansion."""
    layout = Layout()
    known: dict[int, Standing] = {}
    for part in scope:
        shift = len(layout.tasks) - part.start
        tasks = page.tasks[part.start : part.stop]
        layout.tasks += tasks
        if not part.start:
            layout.parents += [-1 if task.parent is None else task.parent for task in tasks]
            continue
        for index, task in enumerate(tasks, part.start):
            above = task.parent
            if above is not None and above >= part.start:
                layout.parents.append(above + shift)
                continue
            layout.parents.append(-1)
            if above is not None:
                _inherit(layout, index + shift, standing_above(page, index, known))
    layout.pages = [page] * len(layout.tasks)
    return layout


def expanded_layout(page: PageFacts, lookup: Targets, is_experiment: Callable[[PageFacts], bool]) -> Layout:
    """The tasks of a page's scope and all that they expand to, in time linear in the tasks met."""
    reach = _Reach(lookup, is_experiment)
    start = reach.discover(page)
    circles = reach.circles()
    reach.drop_barren()
    layout = _place(reach, start)
    layout.circles = [(state.page, state.page.tasks[index]) for state, index in map(reach.where.__getitem__, circles)]
    return layout


def _inherit(layout: Layout, row: int, standing: Standing) -> None:
    if standing is not FREE:
        layout.inherited[row] = standing


_SCOPE = -1
"""Stands for an index where a node is the scope of a page and not a task."""
_NONE = -1


class _PageState(Record):
    page: PageFacts
    scope: tuple[range, ...]
    node: int = _NONE
    """Node of the scope, once something expands to it."""
    nodes: dict[int, int] = field(default_factory=dict)
    """Nodes of the tasks met so far, by index; with a task its whole subtree is in it."""
    above: dict[int, Standing] = field(default_factory=dict)


class _Reach:
    """All tasks that a rollup can reach, as nodes: a tree edge to each child, an edge from a leaf to its target."""

    def __init__(self, lookup: Targets, is_experiment: Callable[[PageFacts], bool]) -> None:
        self.lookup = lookup
        self.is_experiment = is_experiment
        self.states: dict[str, _PageState] = {}
        self.where: list[tuple[_PageState, int]] = []
        self.up: list[int] = []
        """Tree parent of a task, if it is reached."""
        self.rooted: list[int] = []
        """The scope that a task is at the top of."""
        self.live = bytearray()
        self.bearing = bytearray()
        """Tasks with a live child."""
        self.target: list[int] = []
        """The node that a leaf expands to."""
        self.roots: dict[int, list[int]] = {}
        """Top tasks of each scope, in page order."""
        self._pending: list[int] = []

    def discover(self, page: PageFacts) -> int:
        """Find everything that can be reached from the scope of a page; its node."""
        start = self._enter_scope(self._state(page))
        while self._pending:
            node = self._pending.pop()
            state, index = self.where[node]
            self.target[node] = self._resolve(state.page.tasks[index])
        return start

    def standing(self, state: _PageState, index: int) -> Standing:
        """Everything a task inherits on its page."""
        return standing_above(state.page, index, state.above)

    def _resolve(self, task: Task) -> int:
        if task.target_page is not None:
            page = self.lookup.page(task.target_page)
            if page is None or not page.tasks:
                return _NONE
            node = self._enter_scope(self._state(page))
            return node if self.live[node] else _NONE
        found = self.lookup.block(task.target_block) if task.target_block is not None else None
        index = task_at(*found) if found else None
        if found is None or index is None:
            return _NONE
        state = self._state(found[0])
        if index not in state.nodes:
            self._claim(state, range(index, after_subtree(state.page, index)))
        node = state.nodes[index]
        return node if self.live[node] else _NONE

    def _state(self, page: PageFacts) -> _PageState:
        state = self.states.get(page.path)
        if state is None:
            state = _PageState(page, rollup_scope(page, self.is_experiment))
            self.states[page.path] = state
        return state

    def _enter_scope(self, state: _PageState) -> int:
        if state.node == _NONE:
            state.node = self._add(state, _SCOPE)
            roots = [root for part in state.scope for root in self._claim(state, part)]
            for root in roots:
                self.rooted[root] = state.node
            self.roots[state.node] = roots
            self.live[state.node] = any(self.live[root] for root in roots)
        return state.node

    def _add(self, state: _PageState, index: int) -> int:
        self.where.append((state, index))
        self.up.append(_NONE)
        self.rooted.append(_NONE)
        self.target.append(_NONE)
        self.live.append(0)
        self.bearing.append(0)
        return len(self.where) - 1

    def _claim(self, state: _PageState, part: range) -> list[int]:
        """Make nodes of the tasks in a range of whole subtrees; the nodes at its top."""
        tasks, nodes = state.page.tasks, state.nodes
        top: list[int] = []
        fresh: list[int] = []
        at = part.start
        while at < part.stop:
            task = tasks[at]
            above = nodes[task.parent] if task.parent is not None and task.parent >= part.start else _NONE
            node = nodes.get(at, _NONE)
            if node != _NONE:
                after = after_subtree(state.page, at)
            else:
                after = at + 1
                node = nodes[at] = self._add(state, at)
                fresh.append(node)
                if task.status is not TaskStatus.CANCELLED:
                    free = self.live[above] if above != _NONE else not self.standing(state, at).cancelled
                    self.live[node] = free
            if above == _NONE:
                top.append(node)
            else:
                self.up[node] = above
                self.bearing[above] |= self.live[node]
            at = after
        for node in fresh:
            if self.live[node] and not self.bearing[node]:
                task = tasks[self.where[node][1]]
                if task.target_page is not None or task.target_block is not None:
                    self._pending.append(node)
        return top

    def successors(self) -> list[list[int]]:
        """Live nodes that each node leads to."""
        found: list[list[int]] = [[] for _ in self.where]
        for node, above in enumerate(self.up):
            if self.live[node] and above != _NONE:
                found[above].append(node)
        for scope, roots in self.roots.items():
            found[scope] = [root for root in roots if self.live[root]]
        for node, target in enumerate(self.target):
            if target != _NONE:
                found[node].append(target)
        return found

    def circles(self) -> list[int]:
        """Leaves that their own target leads back to, in the order of discovery."""
        component = strong_components(self.successors())
        return [
            node for node, target in enumerate(self.target) if target != _NONE and component[node] == component[target]
        ]

    def drop_barren(self) -> None:
        """Forget the targets that no ordinary leaf can be reached through."""
        asking: dict[int, list[int]] = {}
        for node, target in enumerate(self.target):
            if target != _NONE:
                asking.setdefault(target, []).append(node)
        fruitful = bytearray(len(self.where))
        todo = [
            node
            for node, (_, index) in enumerate(self.where)
            if index != _SCOPE and self.live[node] and not self.bearing[node] and self.target[node] == _NONE
        ]
        while todo:
            node = todo.pop()
            if node == _NONE or fruitful[node]:
                continue
            fruitful[node] = 1
            todo += (self.up[node], self.rooted[node], *asking.get(node, ()))
        self.target = [target if target != _NONE and fruitful[target] else _NONE for target in self.target]


def rollup_scope(page: PageFacts, is_experiment: Callable[[PageFacts], bool]) -> tuple[range, ...]:
    """The scope of a page in a rollup: the work of an experiment, all tasks of any other page."""
    return work_scope(page) if page.sections and is_experiment(page) else (range(len(page.tasks)),)


def strong_components(successors: list[list[int]]) -> list[int]:
    """A number for each node of a directed graph, the same for two nodes that lead to each other (Tarjan's method)."""
    count = len(successors)
    order = [0] * count
    low = [0] * count
    component = [_NONE] * count
    clock = 0
    open_nodes: list[int] = []
    for start in range(count):
        if order[start]:
            continue
        path: list[tuple[int, Iterator[int]]] = [(start, iter(successors[start]))]
        clock += 1
        order[start] = low[start] = clock
        open_nodes.append(start)
        while path:
            node, following = path[-1]
            for other in following:
                if not order[other]:
                    clock += 1
                    order[other] = low[other] = clock
                    open_nodes.append(other)
                    path.append((other, iter(successors[other])))
                    break
                if component[other] == _NONE:
                    low[node] = min(low[node], order[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == order[node]:
                    member = _NONE
                    while member != node:
                        member = open_nodes.pop()
                        component[member] = node
    return component


def _place(reach: _Reach, start: int) -> Layout:
    """Put each task reached at one place: where its page has it if that is in view, else below the first way to it."""
    layout = Layout()
    row_of: dict[int, int] = {}
    reserved: set[int] = set()
    entered: set[int] = set()
    late: list[tuple[int, int]] = []

    def enter(key: int, owner: int) -> Iterator[tuple[int, int]]:
        """Reserve what is new below a key; (node, node of its parent or `_NONE`) for each."""
        state, index = reach.where[key]
        if key in entered or key in reserved:
            layout.links.setdefault(owner, []).append(key)
            return iter(())
        entered.add(key)
        parts = state.scope if index == _SCOPE else (range(index, after_subtree(state.page, index)),)
        members: list[tuple[int, int]] = []
        for part in parts:
            at = part.start
            while at < part.stop:
                node = state.nodes[at]
                parent = state.page.tasks[at].parent
                above = state.nodes[parent] if parent is not None and parent >= part.start else _NONE
                if node not in reserved:
                    reserved.add(node)
                    members.append((node, above))
                    at += 1
                    continue
                if reach.live[node] and above != _NONE:
                    late.append((above, node))
                elif reach.live[node]:
                    layout.links.setdefault(owner, []).append(node)
                at = after_subtree(state.page, at)
        return iter(members)

    stack = [(enter(start, _NONE), _NONE)]
    while stack:
        members, owner = stack[-1]
        for node, above in members:
            state, index = reach.where[node]
            row = row_of[node] = len(layout.tasks)
            layout.tasks.append(state.page.tasks[index])
            layout.pages.append(state.page)
            layout.parents.append(owner if above == _NONE else row_of[above])
            if above == _NONE and state.page.tasks[index].parent is not None:
                _inherit(layout, row, reach.standing(state, index))
            if reach.target[node] != _NONE:
                stack.append((enter(reach.target[node], row), row))
                break
        else:
            stack.pop()
    for above, node in late:
        layout.links.setdefault(row_of[above], []).append(node)
    for key in {key for keys in layout.links.values() for key in keys}:
        nodes = reach.roots.get(key, [key])
        layout.linked[key] = [row_of[node] for node in nodes if reach.live[node]]
    return layout
