"""`graphkit next`: what to do now: decisions that are due, tasks that are not blocked, values that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import experiments_of, is_apart, page_tree, task_row
from graphkit.app.reading.filter_values import identity_in, settle_owners
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.metric_reports import Decision, DueMetric, NextReport
from graphkit.facts.page_facts import TaskStatus
from graphkit.facts.property_values import read_names
from graphkit.insight.experiments.experiment import shown_titles
from graphkit.insight.metrics.score import Freshness
from graphkit.insight.work.time_states import is_shelved, urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.results.task_row import TaskRow
    from graphkit.app.vault import Vault
    from graphkit.insight.experiments.experiment import Experiment

TO_DECIDE = frozenset({"rollback due", "decision due", "guardrail breached"})
"""Words of attention that ask for a decision rather than for work (spec: domain §6)."""


def report_next(vault: Vault, *, owners: Sequence[str] = ()) -> NextReport:
    """Decisions in order of attention, tasks by urgency (spec: domain §6), metrics of running experiments by lateness.

    owners: only what is theirs; a task without an owner of its own is its page's owner's. Left out are tasks that wait
    or are blocked, that are scheduled for later, parents of other tasks, and those of decided experiments.
    Raises RequestError with the near names for an owner whom nothing names.
    """
    identity = identity_in(vault.catalog)
    wanted = set(settle_owners(vault.catalog, owners))

    def owned(held: Iterable[str]) -> bool:
        return not wanted or any(identity(owner) in wanted for owner in held)

    vault_metrics = open_vault_metrics(vault)
    experiments = experiments_of(vault, vault_metrics)
    tasks, dormant = _tasks(vault, owned)
    return NextReport(
        vault=vault.name,
        as_of=vault.today,
        decisions=tuple(
            Decision(
                title=item.page.title,
                path=item.page.path,
                attention=item.attention,
                reason=item.reason,
                owners=item.owners,
                due=item.due,
            )
            for item in experiments
            if item.attention in TO_DECIDE and owned(item.owners)
        ),
        tasks=(*tasks, *dormant),
        dormant=len(dormant),
        metrics=tuple(_due_metrics(vault_metrics, experiments, owned)),
        unread=tuple(vault.unread),
    )


def _tasks(vault: Vault, owned: Callable[[Iterable[str]], bool]) -> tuple[list[TaskRow], list[TaskRow]]:
    """Tasks that can be done, and separately dormant ones (spec: domain §4); each by urgency."""
    today = vault.today
    found = []
    for order, page in enumerate(vault.catalog.working()):
        if is_shelved(page):
            continue
        for node in page_tree(vault, page).nodes:
            task = node.task
            if node.page is not page or not node.leaf or node.linked or node.blocked:
                continue
            if node.status not in {TaskStatus.TODO, TaskStatus.DOING}:
                continue
            if task.scheduled is not None and task.scheduled > today and node.status is TaskStatus.TODO:
                continue
            owners = read_names(task.properties.get("owner", "")) or read_names(page.properties.get("owner", ""))
            if owned(owners):
                found.append((urgency(task, today, order), is_apart(vault, node), task_row(vault, node, depth=0)))
    found.sort(key=lambda entry: entry[0])
    return [row for _, apart, row in found if not apart], [row for _, apart, row in found if apart]


def _due_metrics(
    vault_metrics: VaultMetrics, experiments: Sequence[Experiment], owned: Callable[[Iterable[str]], bool]
) -> list[DueMetric]:
    due: dict[str, DueMetric] = {}
    for experiment in experiments:
        if experiment.lifecycle != "running":
            continue
        for measure in vault_metrics.measures(experiment.page):
            if measure.how not in {"primary", "guardrail"}:
                continue
            reading = vault_metrics.book.reading(measure.metric)
            owners = shown_titles(reading.facts.owners, vault_metrics.vault.catalog) or experiment.owners
            if reading.freshness is not Freshness.FRESH and owned(owners):
                due.setdefault(
                    measure.metric.key,
                    DueMetric(
                        title=measure.metric.title,
                        path=measure.metric.page.path if measure.metric.page else "",
                        owners=owners,
                        last=reading.last,
                        freshness=reading.freshness.value,
                    ),
                )
    return sorted(due.values(), key=lambda item: (item.last is not None, item.last, item.title.lower()))
