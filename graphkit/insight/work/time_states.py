"""Where a task stands in time and in the way of others: overdue, slipped, blocked (spec: domain §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphkit.facts.page_facts import CLOSED, BlockId, TaskStatus
from graphkit.facts.property_values import read_names, read_word

if TYPE_CHECKING:
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Task

BLOCKED_BY = "blocked-by"
CLOSED_LIFECYCLES = frozenset({"decided", "archived"})


class Targets(Protocol):
    """Where the titles and block ids that a page writes down are looked up."""

    def page(self, title: str, /) -> PageFacts | None:
        """The page of this title or alias."""

    def block(self, identity: BlockId, /) -> tuple[PageFacts, int] | None:
        """The page and block index of this id."""


def is_overdue(task: Task, today: date) -> bool:
    """Open with a DEADLINE (or `due::`) before today."""
    return task.status not in CLOSED and task.deadline is not None and task.deadline < today


def is_slipped(task: Task, today: date) -> bool:
    """Open, not started, and SCHEDULED before today."""
    return task.status is TaskStatus.TODO and task.scheduled is not None and task.scheduled < today


def is_blocked(task: Task, targets: Targets) -> bool:
    """Waiting, or `blocked-by::` with an unfinished target, and not closed."""
    if task.status in CLOSED:
        return False
    return task.status is TaskStatus.WAITING or bool(unfinished_blockers(task.properties.get(BLOCKED_BY, ""), targets))


def unfinished_blockers(value: str, targets: Targets) -> tuple[str, ...]:
    """The names in a `blocked-by::` value whose target is unfinished, in order.

    A page is unfinished while it has an open task, unless its `status::` is decided or archived; a block while its
    task is open. A name without a page, or a page without tasks, blocks nothing: nothing there can be finished.
    """
    titles, identities = written_blockers(value)
    found = [title for title in titles if _page_unfinished(targets.page(title))]
    for identity in identities:
        target = targets.block(identity)
        if target is not None:
            page, block = target
            if any(task.block == block and task.status not in CLOSED for task in page.tasks):
                found.append(f"(({identity}))")
    return tuple(found)


def written_blockers(value: str) -> tuple[tuple[str, ...], tuple[BlockId, ...]]:
    """The titles and the block ids that a `blocked-by::` value names, each in order."""
    if not value:
        return (), ()
    return tuple(name for name in read_names(value) if not name.startswith("((")), tuple(_block_ids(value))


def is_shelved(page: PageFacts) -> bool:
    """True if its `status::` says that nothing more is done on a page: decided or archived."""
    return read_word(page.properties.get("status", "")) in CLOSED_LIFECYCLES


def _page_unfinished(page: PageFacts | None) -> bool:
    if page is None or is_shelved(page):
        return False
    return any(task.status not in CLOSED for task in page.tasks)


def _block_ids(value: str) -> list[BlockId]:
    return [BlockId(part.split("))", 1)[0].strip().lower()) for part in value.split("((")[1:] if "))" in part]


def task_flags(task: Task, today: date, targets: Targets) -> tuple[str, ...]:
    """`overdue`, `slipped` and `blocked`, in that order, as far as they hold."""
    states = (
        ("overdue", is_overdue(task, today)),
        ("slipped", is_slipped(task, today)),
        ("blocked", is_blocked(task, targets)),
    )
    return tuple(name for name, holds in states if holds)


def urgency(task: Task, today: date, page_order: int) -> tuple[int, int, str, int, int, int, int]:
    """A sort key, most urgent first: days overdue, deadline, priority, doing before todo, scheduled, page order.

    spec: domain §6. A missing date or priority sorts behind every one that is there.
    """
    never = 10**7
    overdue = (today - task.deadline).days if task.deadline is not None and task.deadline < today else 0
    return (
        -overdue,
        task.deadline.toordinal() if task.deadline else never,
        task.priority.upper() if task.priority else "\U0010ffff",
        0 if task.status is TaskStatus.DOING else 1,
        task.scheduled.toordinal() if task.scheduled else never,
        page_order,
        task.block,
    )
