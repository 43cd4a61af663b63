"""Which tasks of a page are an experiment's work, and what stands above them on the page. Knows one page at a time."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from graphkit.facts.page_facts import TaskStatus

if TYPE_CHECKING:
    from graphkit.facts.page_facts import PageFacts, Task


class Standing(NamedTuple):
    """Everything a task inherits from the tasks above it on its page."""

    cancelled: bool
    """A task above is cancelled."""
    closer: Task | None
    """The nearest task above that is done; None where `cancelled`."""


FREE = Standing(cancelled=False, closer=None)


def work_scope(page: PageFacts) -> tuple[range, ...]:
    """The tasks below the page's work sections, as ranges of indices into `page.tasks`; without such a section all.

    Sections that overlap or nest are united, the ranges are disjoint and in page order. The heading itself is not
    below itself. Each range holds whole subtrees (spec: domain §3.8).
    """
    spans = sorted((section.first + 1, section.stop) for section in page.sections if section.kind == "work")
    if not spans:
        return (range(len(page.tasks)),)
    united: list[range] = []
    for first, stop in spans:
        found = range(_index(page, first), _index(page, stop))
        if united and found.start <= united[-1].stop:
            united[-1] = range(united[-1].start, max(united[-1].stop, found.stop))
        elif found:
            united.append(found)
    return tuple(united)


def task_at(page: PageFacts, block: int) -> int | None:
    """Index in `page.tasks` of the task that is this block; None where the block is not a task."""
    index = _index(page, block)
    return index if index < len(page.tasks) and page.tasks[index].block == block else None


def after_subtree(page: PageFacts, index: int) -> int:
    """Index in `page.tasks` of the first task behind the subtree of the task at `index`."""
    return bisect_left(page.tasks, page.tasks[index].stop, lo=index + 1, key=_block)


def standing_above(page: PageFacts, index: int, known: dict[int, Standing]) -> Standing:
    """Everything the task at `index` inherits from the tasks above it, whether these are in a scope or not.

    known: what earlier calls for this page found out; it keeps many calls linear in the size of the page.
    """
    tasks = page.tasks
    chain: list[int] = []
    at = tasks[index].parent
    while at is not None and at not in known:
        chain.append(at)
        at = tasks[at].parent
    below = known[at] if at is not None else FREE
    for above in reversed(chain):
        if tasks[above].status is TaskStatus.CANCELLED:
            below = Standing(cancelled=True, closer=None)
        elif tasks[above].status is TaskStatus.DONE and not below.cancelled:
            below = Standing(cancelled=False, closer=tasks[above])
        known[above] = below
    return below


def _index(page: PageFacts, block: int) -> int:
    return bisect_left(page.tasks, block, key=_block)


def _block(task: Task) -> int:
    return task.block
