"""`graphkit tasks`: the tasks of the whole vault by urgency, as the filters keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import is_apart, page_tree, task_row
from graphkit.app.reading.filter_values import identity_in, settle_owners
from graphkit.app.results.reports import TaskReport
from graphkit.facts.page_facts import CLOSED, TaskStatus
from graphkit.facts.property_values import read_names
from graphkit.insight.work.time_states import urgency
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from graphkit.app.results.task_row import TaskRow
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.work_tree import WorkNode


class TaskFilters(Record, frozen=True, kw_only=True):
    """The filters of `tasks`. Without `everything` closed tasks are left out."""

    everything: bool = False
    overdue: bool = False
    blocked: bool = False
    stale: bool = False
    """Stale tasks in progress or waiting, followed by dormant ones."""
    done_since: date | None = None
    """Done on this day or later, open tasks with a past round too; the newest first."""
    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    """Names of experiments whose pages are kept; already resolved to page names."""


def report_tasks(vault: Vault, filters: TaskFilters) -> TaskReport:
    """Tasks by urgency: days overdue, deadline, priority, doing before todo, scheduled, page order (spec: domain §6).

    Dormant ones are listed separately at the end (spec: domain §4); not with `done_since`, which sorts by another day.
    Raises RequestError for an owner whom nothing in the vault names, with the near names.
    """
    owners = frozenset(settle_owners(vault.catalog, filters.owners))
    identity = identity_in(vault.catalog)
    found: list[tuple[bool, tuple[int, int, str, int, int, int, int], TaskRow]] = []
    undated = 0
    for order, page in enumerate(vault.catalog.working()):
        if not _page_kept(page, filters):
            continue
        for node in _own_nodes(vault, page):
            row = task_row(vault, node)
            if not _kept(node, row, filters) or (owners and owners.isdisjoint(_owners(node, page, identity))):
                continue
            if filters.done_since is None or (row.done_on is not None and row.done_on >= filters.done_since):
                apart = filters.done_since is None and is_apart(vault, node)
                found.append((apart, urgency(node.task, vault.today, order), row))
            elif row.done_on is None and node.status is TaskStatus.DONE:
                undated += 1
    found.sort(key=lambda entry: entry[:2])
    if filters.done_since is not None:
        found.sort(key=lambda entry: -(entry[2].done_on or vault.today).toordinal())
    return TaskReport(
        vault=vault.name,
        as_of=vault.today,
        tasks=tuple(row for _, _, row in found),
        dormant=sum(apart for apart, _, _ in found),
        unread=tuple(vault.unread),
        undated=undated,
    )


def _own_nodes(vault: Vault, page: PageFacts) -> list[WorkNode]:
    """The page's own tasks, each once; what an expansion reaches is listed with its own page."""
    return [node for node in page_tree(vault, page).nodes if node.page is page]


def _page_kept(page: PageFacts, filters: TaskFilters) -> bool:
    return not filters.experiments or page.name in filters.experiments


def _kept(node: WorkNode, row: TaskRow, filters: TaskFilters) -> bool:
    if filters.statuses:
        if row.status not in filters.statuses:
            return False
    elif filters.done_since is None and node.status in CLOSED and not filters.everything:
        return False
    if filters.stale and not {"stale", "dormant"}.intersection(row.flags):
        return False
    if filters.overdue and "overdue" not in row.flags:
        return False
    return not filters.blocked or "blocked" in row.flags


def _owners(node: WorkNode, page: PageFacts, identity: Callable[[str], str]) -> set[str]:
    names = read_names(node.task.properties.get("owner", "")) or read_names(page.properties.get("owner", ""))
    return {identity(name) for name in names}
