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

from typing import TYPE_CHECKING, Final

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.estimates import DEFAULT_SCALE
from graphkit.insight.work.expansion import Layout, expanded_layout, own_layout
from graphkit.insight.work.leaf_status import Rollup
from graphkit.insight.work.progress import count_leaves
from graphkit.insight.work.tallies import Tallies, held_leaves, open_below, whole_progress
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
    from collections.abc import Callable, Iterator

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.work.estimates import EstimateScale
    from graphkit.insight.work.progress import Mode, Progress
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
    """True if it is one of the leaves that count."""
    blocked: Final[bool]
    """An open leaf that is waiting or blocked; a parent that has open leaves, below it or linked to, and all are."""
    linked: Final[bool]
    """True if it also stands for tasks that are counted at another place of the tree."""
    ready: Final[bool]
    """Ready to close: itself open, all leaves below it or linked to done."""
    progress: Final[Progress | None]
    """Progress of the leaves below; None for a leaf, a cancelled task, and where no leaf is below."""

    @property
    def path(self) -> str:
        """File of the page, relative to the vault."""
        return self.page.path


class WorkTree:
    """The tasks in a page's scope and what they expand to, in order, each once; not to be changed after it is made."""

    __slots__ = ("_held", "_nodes", "_rollup", "_weights", "diagnostics", "progress")

    def __init__(
        self,
        rollup: Rollup,
        held: frozenset[int] = frozenset(),
        weights: Weights | None = None,
        diagnostics: tuple[Diagnostic, ...] = (),
    ) -> None:
        """Held: the leaves that a blocker holds back."""
        self._rollup = rollup
        self._held = held
        self._weights = weights
        self._nodes: tuple[WorkNode, ...] | None = None
        progress = whole_progress(rollup, held, weights)
        recurring = len(rollup.recurring)
        self.progress: Final = replace(progress, recurring=recurring) if recurring else progress
        self.diagnostics: Final = diagnostics
        """By path, line and code. Those of pages that were expanded to are in it, so several rollups can hold the
        same."""

    @property
    def tasks(self) -> Iterator[tuple[Task, PageFacts]]:
        """The tasks in their order, each with the page it stands on."""
        return zip(self._rollup.layout.tasks, self._rollup.layout.pages, strict=True)

    @property
    def leaf_tasks(self) -> Iterator[tuple[Task, PageFacts, TaskStatus]]:
        """The leaves that count, in order: the task, its page, and the status that counts."""
        layout, standing = self._rollup.layout, self._rollup.standing
        return ((layout.tasks[row], layout.pages[row], standing[row]) for row in self._rollup.leaves)

    @property
    def nodes(self) -> tuple[WorkNode, ...]:
        """In the order of the page, what a leaf expands to right behind it (before cancelled tasks below that leaf).

        Made when they are first asked for: few reports show the tasks of every experiment.
        """
        if self._nodes is None:
            self._nodes = _nodes(self._rollup, self._held, self._weights)
        return self._nodes

    @property
    def weights(self) -> tuple[float, ...]:
        """Weights of the leaves in their order, in mode `estimate`; empty in mode `count`."""
        weights = self._weights
        return tuple(weights.by_row[row][0] for row in self._rollup.leaves) if weights else ()

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
    held = held_leaves(rollup, lookup)
    if any(rollup.standing[row] is _DONE for row in rollup.leaves):
        found += _ready(rollup)
    found.sort(key=_place)
    return WorkTree(rollup, held, weights, tuple(found))


def _nodes(rollup: Rollup, held: frozenset[int], weights: Weights | None) -> tuple[WorkNode, ...]:
    """The tasks of a rollup with their progress."""
    layout, standing = rollup.layout, rollup.standing
    tallies = Tallies(rollup, held, weights)
    leaves = set(rollup.leaves)
    blocked, ready = _blocked_rows(rollup, held, tallies), _ready_rows(rollup)
    depths: list[int] = []
    nodes: list[WorkNode] = []
    for row, task in enumerate(layout.tasks):
        parent = layout.parents[row]
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
        rolled = (
            _NOTHING
            if row in leaves or row in rollup.recurring or standing[row] is _CANCELLED
            else tallies.progress(row)
        )
        nodes.append(
            WorkNode(
                task,
                layout.pages[row],
                depths[row],
                parent if parent >= 0 else None,
                tuple(rollup.children[row]),
                standing[row],
                row in leaves,
                row in blocked,
                row in layout.links,
                row in ready,
                rolled if rolled.total else None,
            )
        )
    return tuple(nodes)


def _blocked_rows(rollup: Rollup, held: frozenset[int], tallies: Tallies) -> set[int]:
    """The open leaves that wait or are blocked, and the rows all of whose open leaves are such."""
    standing = rollup.standing
    leaves = {row for row in rollup.leaves if row in held or standing[row] is _WAITING}
    if rollup.layout.links:
        return rollup.standing_for(leaves) - rollup.standing_for(_free_leaves(rollup, held))
    inner = set(range(len(standing))).difference(rollup.leaves)
    return leaves | {
        row for row in inner if standing[row] is not _CANCELLED and tallies.progress(row).word == "blocked"
    }


def _free_leaves(rollup: Rollup, held: frozenset[int]) -> set[int]:
    """The open leaves that nothing holds back."""
    standing = rollup.standing
    return {
        row for row in rollup.leaves if row not in held and standing[row] is not _DONE and standing[row] is not _WAITING
    }


def _ready_rows(rollup: Rollup) -> set[int]:
    """The open rows that are no leaves and have no open leaf below them, nor one that they link to."""
    standing = rollup.standing
    if rollup.layout.links:
        opened = rollup.standing_for(row for row in rollup.leaves if standing[row] is not _DONE)
        inner = set(range(len(standing))).difference(rollup.leaves, opened, _endless_rows(rollup))
        return {row for row in inner if standing[row] is not _DONE and standing[row] is not _CANCELLED}
    below = open_below(rollup)
    leaves = {*rollup.leaves, *_endless_rows(rollup)}
    return {
        row
        for row, status in enumerate(standing)
        if not below[row] and status is not _DONE and status is not _CANCELLED and row not in leaves
    }


def _endless_rows(rollup: Rollup) -> set[int]:
    """The repeated leaves, and the rows that hold nothing but such."""
    recurring = rollup.recurring
    return rollup.standing_for(recurring) - rollup.standing_for(rollup.leaves) if recurring else set()


_NOTHING = count_leaves()
_NO_WORK = WorkTree(Rollup(Layout()))


def _expands(task: Task, lookup: Targets) -> bool:
    """True if the target has a task; what comes of it is for `expansion` to say."""
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


def _ready(rollup: Rollup) -> Iterator[Diagnostic]:
    """One finding for the topmost of nested parents: closing it closes the others."""
    layout = rollup.layout
    ready = _ready_rows(rollup)
    return (
        ready_to_close(layout.pages[row], layout.tasks[row])
        for row in sorted(ready)
        if layout.parents[row] not in ready
    )


def _place(item: Diagnostic) -> tuple[str, int, int, str]:
    return (item.path, item.line, item.column, item.code)
