"""`graphkit tasks`: the tasks of the whole vault by urgency, as the filters keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.experiments import page_tree, task_row
from graphkit.app.results import TaskReport
from graphkit.facts.property_values import read_names
from graphkit.facts.values import TaskStatus
from graphkit.insight.timestates import urgency
from graphkit.text.records import dataclass
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from graphkit.app.results import TaskRow
    from graphkit.app.session import Session
    from graphkit.facts.values import PageFacts
    from graphkit.insight.worktree import WorkNode

_CLOSED = frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilters:
    """What `tasks` keeps. Without `everything` closed tasks are left out."""

    everything: bool = False
    overdue: bool = False
    blocked: bool = False
    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    """Names of experiments whose pages are kept; already resolved to page names."""


def report_tasks(session: Session, filters: TaskFilters) -> TaskReport:
    """Tasks by urgency: days overdue, deadline, priority, doing before todo, scheduled, page order (domain 6)."""
    found: list[tuple[tuple[int, int, str, int, int, int, int], TaskRow]] = []
    for order, page in enumerate(session.catalog.pages()):
        if not page.tasks or not _page_kept(page, filters):
            continue
        for node in _own_nodes(session, page):
            row = task_row(session, node)
            if _kept(node, row, page, filters):
                found.append((urgency(node.task, session.today, order), row))
    found.sort(key=lambda entry: entry[0])
    return TaskReport(
        vault=session.name,
        as_of=session.today,
        tasks=tuple(row for _, row in found),
        unread=tuple(session.unread),
    )


def _own_nodes(session: Session, page: PageFacts) -> list[WorkNode]:
    """The page's own tasks, each once; what an expansion reaches is listed with its own page."""
    return [node for node in page_tree(session, page).nodes if node.page is page]


def _page_kept(page: PageFacts, filters: TaskFilters) -> bool:
    return not filters.experiments or page.name in filters.experiments


def _kept(node: WorkNode, row: TaskRow, page: PageFacts, filters: TaskFilters) -> bool:
    if filters.statuses:
        if row.status not in filters.statuses:
            return False
    elif node.status in _CLOSED and not filters.everything:
        return False
    if filters.overdue and "overdue" not in row.flags:
        return False
    if filters.blocked and "blocked" not in row.flags:
        return False
    if filters.owners:
        owners = {page_name(name) for name in read_names(node.task.properties.get("owner", ""))}
        owners = owners or {page_name(name) for name in read_names(page.properties.get("owner", ""))}
        return any(page_name(name) in owners for name in filters.owners)
    return True
