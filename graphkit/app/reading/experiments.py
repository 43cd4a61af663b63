"""Every experiment of a vault with its work tree and findings: what `status`, `tasks` and `tree` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.name_lookup import named
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.reports import ExperimentRow, ForecastBrief
from graphkit.app.results.task_row import TaskRow
from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.experiments.experiment import ATTENTION, Evidence, read_experiment
from graphkit.insight.work.task_days import done_days
from graphkit.insight.work.time_states import task_flags
from graphkit.insight.work.work_tree import build_work_tree
from graphkit.outline.inline import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.results.metric_reports import MetricBrief
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import Forecast
    from graphkit.insight.work.work_tree import WorkNode, WorkTree

_RANK = {attention: number for number, attention in enumerate(ATTENTION)}
_FAR_AWAY = 10**7


def work_tree(vault: Vault, page: PageFacts) -> WorkTree:
    """The work tree of a page, under the vault's estimate scale."""
    return build_work_tree(page, vault.catalog, is_experiment=vault.is_experiment, scale=vault.estimate_scale)


def page_tree(vault: Vault, page: PageFacts) -> WorkTree:
    """All tasks of a page as a tree, including those outside an experiment's work section."""
    return build_work_tree(
        page,
        vault.catalog,
        is_experiment=lambda other: other is not page and vault.is_experiment(other),
        scale=vault.estimate_scale,
    )


def experiment_of(vault: Vault, page: PageFacts, vault_metrics: VaultMetrics) -> Experiment:
    """One experiment as of the vault's day."""
    measures = [item for item in vault_metrics.measures(page) if item.how != "mention"]
    readings = [(item.how, vault_metrics.book.reading(item.metric)) for item in measures]
    measured = tuple(reading for _, reading in readings)
    primary = tuple(reading for how, reading in readings if how == "primary")
    return read_experiment(
        page,
        work_tree(vault, page),
        today=vault.today,
        targets=vault.catalog,
        parse_journal=vault.journals.parse,
        evidence=Evidence(
            traces=vault.traces,
            guardrails=tuple(reading for how, reading in readings if how == "guardrail"),
            observed=primary or measured,
            measured=measured,
        ),
    )


def experiments_of(vault: Vault, vault_metrics: VaultMetrics | None = None) -> list[Experiment]:
    """All experiments in order of attention, then by due date and title."""
    vault_metrics = vault_metrics or open_vault_metrics(vault)
    if vault_metrics.experiments is None:
        found = [
            experiment_of(vault, page, vault_metrics) for page in vault.catalog.of_type(vault.reading.experiment_types)
        ]
        vault_metrics.experiments = sorted(found, key=_attention_order)
    return vault_metrics.experiments


def _attention_order(experiment: Experiment) -> tuple[int, int, str]:
    due = experiment.due.toordinal() if experiment.due else _FAR_AWAY
    return (_RANK[experiment.attention], due, experiment.page.name)


def experiment_named(experiments: Sequence[Experiment], wanted: str) -> Experiment:
    """The experiment that a name on the command line means. Raises RequestError that suggests similar names."""
    return named(
        wanted,
        experiments,
        title=lambda item: item.page.title,
        aliases=lambda item: item.page.aliases,
        noun="experiment",
    )


def experiment_row(
    experiment: Experiment,
    metrics: tuple[MetricBrief, ...] = (),
    strategies: tuple[str, ...] = (),
    *,
    diagnostics: int | None = None,
    forecast: Forecast | None = None,
) -> ExperimentRow:
    """The row of an experiment in `status`.

    metrics: those it measures. strategies: titles of its closest ones. diagnostics: the number of findings on its page;
    by default those of its properties and its work tree. forecast: when it will be done.
    """
    page = experiment.page
    return ExperimentRow(
        name=page.name,
        title=page.title,
        path=page.path,
        lifecycle=experiment.lifecycle,
        lifecycle_derived=experiment.lifecycle_derived,
        attention=experiment.attention,
        reason=experiment.reason,
        word=experiment.progress.word,
        progress=experiment.progress,
        goals=experiment.goals,
        owners=experiment.owners,
        tags=page.tags,
        start=experiment.start,
        due=experiment.due,
        result=experiment.result,
        questions=tuple(question.text for question in page.questions),
        diagnostics=len(experiment.findings) if diagnostics is None else diagnostics,
        strategies=strategies,
        metrics=metrics,
        health=experiment.health.health.value if experiment.health else None,
        health_reason=experiment.health.reason if experiment.health else "",
        health_stated=experiment.health is not None and experiment.health.stated,
        states=tuple(word for word, _ in experiment.states),
        last_activity=experiment.last_activity,
        stale=bool(experiment.stale),
        forecast=None if forecast is None else forecast_brief(forecast),
    )


def forecast_brief(forecast: Forecast) -> ForecastBrief:
    """A forecast in short."""
    return ForecastBrief(
        outcome=forecast.outcome,
        source=forecast.source,
        p50=forecast.p50,
        p85=forecast.p85,
        chance=forecast.chance,
        reason=forecast.reason,
    )


def task_rows(vault: Vault, nodes: Iterable[WorkNode]) -> tuple[TaskRow, ...]:
    """The tasks of a work tree in its order."""
    return tuple(task_row(vault, node) for node in nodes)


def is_apart(vault: Vault, node: WorkNode) -> bool:
    """True if an open task is dormant and listed separately (spec: domain §4)."""
    return node.status is node.task.status and vault.traces.is_apart(node.task, node.page)


def task_row(vault: Vault, node: WorkNode, *, depth: int | None = None) -> TaskRow:
    """One task as of the vault's day."""
    task, page = node.task, node.page
    flags = task_flags(task, vault.today, vault.catalog) if node.status is task.status else ()
    if node.blocked and "blocked" not in flags:
        flags = (*flags, "blocked")
    traces = vault.traces
    if node.status is task.status:
        quiet = (("stale", traces.is_stale(task, page)), ("dormant", traces.is_dormant(task, page)))
        flags = (*flags, *(name for name, holds in quiet if holds))
    days = done_days(task, page, vault.journals.parse) if task.logbook or node.status is TaskStatus.DONE else ()
    return TaskRow(
        page=page.title,
        path=page.path,
        line=task.line,
        marker=task.marker,
        status=node.status.value,
        text=plain_text(task.text),
        priority=task.priority,
        scheduled=task.scheduled,
        deadline=task.deadline,
        depth=node.depth if depth is None else depth,
        experiment=page.title if vault.is_experiment(page) else None,
        progress=node.progress,
        flags=flags,
        block_id=task.id,
        done_on=days[-1] if days else None,
        last_activity=traces.of_task(task, page),
    )
