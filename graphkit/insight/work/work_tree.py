"""The work tree of a page with its progress (spec: domain §3). Knows markers and what they add up to; no date, no file.

Decisions where the domain is silent (those about expansion stand in `expansion`, about estimates in `weights`):

- A parent all of whose children are cancelled is itself a leaf; so is a done one, which then counts as done.
- What stands above the work section holds below it: below a cancelled task nothing counts, below a done one all is
  done.
- A task that is reached in several ways is closed when any of these ways is.
- Below a done parent a cancelled task stays cancelled.
- Progress of one node covers the leaves at their places below it, not those that it only links to; whether it is
  blocked or ready to close depends on both.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.estimates import DEFAULT_SCALE
from graphkit.insight.work.expansion import expanded_layout, own_layout
from graphkit.insight.work.leaf_status import Rollup
from graphkit.insight.work.progress import Progress, count_leaves
from graphkit.insight.work.time_states import BLOCKED_BY, is_blocked
from graphkit.insight.work.weights import has_estimates, weigh_leaves
from graphkit.insight.work.work_findings import (
    circle,
    nothing_to_estimate,
    open_below_closed,
    progress_key_unread,
    ready_to_close,
    tasks_outside,
)
from graphkit.insight.work.work_scope import task_at, work_scope
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.work.estimates import EstimateScale
    from graphkit.insight.work.progress import Mode
    from graphkit.insight.work.time_states import Targets
    from graphkit.insight.work.weights import Weights
    from graphkit.text.diagnostics import Diagnostic

PROGRESS_KEY = "progress"
"""Page property of an experiment that overrides how leaves weigh: `count` or `estimate` (spec: domain §3.4)."""

_TODO, _WAITING = TaskStatus.TODO, TaskStatus.WAITING
_DONE, _CANCELLED = TaskStatus.DONE, TaskStatus.CANCELLED


class WorkNode(Record):
    """One task of a work tree; not to be changed after it is made."""

    task: Final[Task]
    page: Final[PageFacts]
    """The page it stands on."""
    depth: Final[int]
    """0 at the top; what an expansion brought in is one below the leaf that expands."""
    parent: Final[int | None]
    """Index of the node above."""
    children: Final[tuple[int, ...]]
    """Indices of the nodes directly below, cancelled ones included."""
    status: Final[TaskStatus]
    """What counts: the marker's class, or done or cancelled below a task that is."""
    leaf: Final[bool]
    """Whether it is one of the leaves that count."""
    blocked: Final[bool]
    """An open leaf that is waiting or blocked; a parent that has open leaves, below it or linked to, and all are."""
    linked: Final[bool]
    """Whether it also stands for tasks that are counted at another place of the tree."""
    ready: Final[bool]
    """Ready to close: itself open, all leaves below it or linked to done."""
    progress: Final[Progress | None]
    """Progress of the leaves below; None for a leaf, a cancelled task, and where no leaf is below."""

    @property
    def path(self) -> str:
        """File of the page, relative to the vault."""
        return self.page.path


class WorkTree(Record, frozen=True, kw_only=True):
    """The tasks in a page's scope and what they expand to, in order, each once."""

    nodes: tuple[WorkNode, ...]
    """In the order of the page, what a leaf expands to right behind it (before cancelled tasks below that leaf)."""
    progress: Progress
    diagnostics: tuple[Diagnostic, ...] = ()
    weights: tuple[float, ...] = ()
    """Of the leaves in their order, in mode `estimate`; empty in mode `count`."""
    """By path, line and code. Those of pages that were expanded to are in it, so several rollups can hold the same."""

    @property
    def leaves(self) -> Iterator[WorkNode]:
        """The leaves that count, in order."""
        return (node for node in self.nodes if node.leaf)


def build_work_tree(
    page: PageFacts,
    lookup: Targets,
    *,
    is_experiment: Callable[[PageFacts], bool],
    scale: EstimateScale = DEFAULT_SCALE,
) -> WorkTree:
    """The work tree of a page: of an experiment the work, of any other page all tasks (spec: domain §3).

    lookup: finds the targets of `[[Page]]`, `((id))` and `blocked-by::`. Time is linear in the tasks met.
    **Reports** W301 open leaves below a closed task, W302 an expansion that leads back, W303 ready to close, W304
    mixed units, W305 unreadable estimate, W306 unreadable `progress::`, W307 nothing to estimate, W308 empty work
    section.
    """
    if not page.tasks:
        return _NO_WORK
    experiment = is_experiment(page)
    scope = work_scope(page) if experiment else (range(len(page.tasks)),)
    found: list[Diagnostic] = []
    override: Mode | None = None
    if experiment:
        override = _override(page, found)
        _check_scope(page, scope, found)
    rollup = Rollup(own_layout(page, scope))
    if any(_expands(rollup.layout.tasks[row], lookup) for row in rollup.leaves):
        rollup = Rollup(expanded_layout(page, lookup, is_experiment))
        found += [circle(place, task) for place, task in rollup.layout.circles]
    layout = rollup.layout
    weights: Weights | None = None
    if has_estimates(layout.tasks):
        weights, wrong = weigh_leaves(
            layout.tasks, layout.pages, layout.parents, rollup.standing, rollup.leaves, scale, override
        )
        found += wrong
    if override == "estimate" and weights is None and rollup.leaves and all(item.code != "W304" for item in found):
        found.append(nothing_to_estimate(page, _progress_line(page)))
    if rollup.closed_by:
        found += _closed_over(rollup)
    nodes, progress = _tally(rollup, weights, lookup)
    if progress.done:
        found += _ready(nodes)
    found.sort(key=_place)
    weighing = tuple(weights.by_row[row][0] for row in rollup.leaves) if weights else ()
    return WorkTree(nodes=nodes, progress=progress, diagnostics=tuple(found), weights=weighing)


def _tally(rollup: Rollup, weights: Weights | None, lookup: Targets) -> tuple[tuple[WorkNode, ...], Progress]:
    """The nodes with their progress, and that of the whole."""
    layout, standing = rollup.layout, rollup.standing
    tasks, parents = layout.tasks, layout.parents
    count = len(tasks)
    # one place more than rows: the parent -1 of a top task is the last place, which so becomes the whole tree's
    todo, doing, waiting, done, held = ([0] * (count + 1) for _ in range(5))
    sums = _Sums(count, weights) if weights else None
    blocked: set[int] = set()
    for row in rollup.leaves:
        status = standing[row]
        parent = parents[row]
        if status is _DONE:
            done[parent] += 1
        elif status is _WAITING:
            waiting[parent] += 1
            blocked.add(row)
        else:
            (todo if status is _TODO else doing)[parent] += 1
            if BLOCKED_BY in tasks[row].properties and is_blocked(tasks[row], lookup):
                held[parent] += 1
                blocked.add(row)
        if sums:
            sums.add_leaf(row, parent, is_done=status is _DONE)
    for row in range(count - 1, -1, -1):
        if rollup.children[row]:
            parent = parents[row]
            todo[parent] += todo[row]
            doing[parent] += doing[row]
            waiting[parent] += waiting[row]
            done[parent] += done[row]
            held[parent] += held[row]
            if sums:
                sums.add_up(row, parent)

    def progress_at(place: int) -> Progress:
        counts = (todo[place], doing[place], waiting[place], done[place], held[place])
        return sums.progress(place, counts) if sums else _counted(counts)

    leaves = set(rollup.leaves)
    free = {row for row in leaves if standing[row] is not _DONE and row not in blocked}
    endless = rollup.standing_for(rollup.recurring) - rollup.standing_for(leaves) if rollup.recurring else set()
    if layout.links:
        blocked, free = rollup.standing_for(blocked), rollup.standing_for(free)
    depths: list[int] = []
    nodes: list[WorkNode] = []
    for row, task in enumerate(tasks):
        parent = parents[row]
        depth = depths[parent] + 1 if parent >= 0 else 0
        depths.append(depth)
        below = rollup.children[row]
        status = standing[row]
        rolled = _NOTHING
        ready = False
        if row not in leaves and row not in rollup.recurring and status is not _CANCELLED:
            rolled = progress_at(row)
            if layout.links:
                ready = status is not _DONE and row not in blocked and row not in free and row not in endless
            else:
                ready = status is not _DONE and rolled.done > 0 and not rolled.open
                if rolled.word == "blocked":
                    blocked.add(row)
        nodes.append(
            WorkNode(
                task,
                layout.pages[row],
                depth,
                parent if parent >= 0 else None,
                tuple(below),
                status,
                row in leaves,
                row in blocked and row not in free,
                row in layout.links,
                ready,
                rolled if rolled.total else None,
            )
        )
    whole = progress_at(-1)
    return tuple(nodes), replace(whole, recurring=len(rollup.recurring)) if rollup.recurring else whole


class _Sums:
    """Weights added up by place, in mode `estimate`."""

    __slots__ = ("_by_row", "_done", "_total", "_unit", "_variance")

    def __init__(self, rows: int, weights: Weights) -> None:
        self._unit, self._by_row = weights
        self._done = [0.0] * (rows + 1)
        self._total = [0.0] * (rows + 1)
        self._variance = [0.0] * (rows + 1)

    def add_leaf(self, row: int, parent: int, *, is_done: bool) -> None:
        mean, variance = self._by_row[row]
        self._total[parent] += mean
        self._variance[parent] += variance
        if is_done:
            self._done[parent] += mean

    def add_up(self, row: int, parent: int) -> None:
        self._total[parent] += self._total[row]
        self._variance[parent] += self._variance[row]
        self._done[parent] += self._done[row]

    def progress(self, place: int, counts: tuple[int, int, int, int, int]) -> Progress:
        todo, doing, waiting, done, blocked = counts
        return Progress(
            todo=todo,
            doing=doing,
            waiting=waiting,
            done=done,
            blocked=blocked,
            mode="estimate",
            unit=self._unit,
            done_weight=self._done[place],
            total_weight=self._total[place],
            total_deviation=math.sqrt(self._variance[place]),
        )


@lru_cache(maxsize=1024)
def _counted(counts: tuple[int, int, int, int, int]) -> Progress:
    """The same counts give the same value: many experiments of one template differ in little."""
    todo, doing, waiting, done, blocked = counts
    return count_leaves(todo=todo, doing=doing, waiting=waiting, done=done, blocked=blocked)


_NOTHING = count_leaves()
_NO_WORK = WorkTree(nodes=(), progress=_NOTHING)


def _expands(task: Task, lookup: Targets) -> bool:
    """Whether the target has a task; what comes of it is for `expansion` to say."""
    if task.target_page is not None:
        page = lookup.page(task.target_page)
        return page is not None and bool(page.tasks)
    if task.target_block is not None:
        found = lookup.block(task.target_block)
        return found is not None and task_at(*found) is not None
    return False


def _override(page: PageFacts, found: list[Diagnostic]) -> Mode | None:
    written = page.properties.get(PROGRESS_KEY, "")
    value = written.strip(' \t"[]#').lower()
    if value == "count":
        return "count"
    if value == "estimate":
        return "estimate"
    if value:
        found.append(progress_key_unread(page, _progress_line(page), written))
    return None


def _progress_line(page: PageFacts) -> int:
    return page.property_lines.get(PROGRESS_KEY, 1)


def _check_scope(page: PageFacts, scope: tuple[range, ...], found: list[Diagnostic]) -> None:
    if any(scope):
        return
    live = [task for task in page.tasks if task.status is not _CANCELLED]
    section = next((section for section in page.sections if section.kind == "work"), None)
    if live and section:
        found.append(tasks_outside(page, section, live))


def _closed_over(rollup: Rollup) -> Iterator[Diagnostic]:
    open_below: dict[tuple[str, int], list[int]] = {}
    for row in rollup.leaves:
        if row in rollup.closed_by:
            page, task = rollup.closed_by[row]
            open_below.setdefault((page.path, task.block), []).append(row)
    for rows in open_below.values():
        page, task = rollup.closed_by[rows[0]]
        yield open_below_closed(page, task, [rollup.layout.tasks[row] for row in rows])


def _ready(nodes: Sequence[WorkNode]) -> Iterator[Diagnostic]:
    """One finding for the topmost of nested parents: closing it closes the others."""
    return (
        ready_to_close(node.page, node.task)
        for node in nodes
        if node.ready and (node.parent is None or not nodes[node.parent].ready)
    )


def _place(item: Diagnostic) -> tuple[str, int, int, str]:
    return (item.path, item.line, item.column, item.code)
