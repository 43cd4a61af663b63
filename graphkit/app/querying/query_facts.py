"""graphkit's own facts as attributes that queries can ask for: experiments, tasks, metrics, goals, strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import experiment_row, experiments_of
from graphkit.app.reading.goals import report_goals
from graphkit.app.reading.metrics import experiment_metrics, report_metrics
from graphkit.app.reading.strategies import report_strategies
from graphkit.app.reading.tasks import TaskFilters, report_tasks
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.query.own_facts import Fact, Place
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from graphkit.app.vault import Vault


def own_facts(vault: Vault) -> Iterator[Fact]:
    """All facts, each of a page (by name) or of a block (by file and line)."""
    vault_metrics = open_vault_metrics(vault)
    for experiment in experiments_of(vault, vault_metrics):
        row = experiment_row(experiment, experiment_metrics(vault_metrics, experiment.page))
        page = Place(page=page_name(row.title))
        yield Fact(page, "experiment/lifecycle", row.lifecycle)
        yield Fact(page, "experiment/attention", row.attention)
        yield Fact(page, "experiment/done", row.progress.done)
        yield Fact(page, "experiment/total", row.progress.total)
        yield from _given(page, "experiment/health", row.health)
        yield from _days(page, (("experiment/start", row.start), ("experiment/due", row.due)))
        for name, values in (("owner", row.owners), ("tag", row.tags), ("strategy", row.strategies)):
            yield from (Fact(page, f"experiment/{name}", value) for value in values)
        for goal in row.goals:
            yield Fact(page, "experiment/goal", Place(page=page_name(goal)))
        for metric in row.metrics:
            yield Fact(page, "experiment/metric", Place(page=page_name(metric.title)))
    yield from _tasks(vault)
    yield from _metrics(vault)
    for goal_row in report_goals(vault).goals:
        page = Place(page=page_name(goal_row.title))
        yield Fact(page, "goal/done", goal_row.progress.done)
        yield Fact(page, "goal/total", goal_row.progress.total)
        yield from _given(page, "goal/score", goal_row.score)
        yield from _days(page, (("goal/due", goal_row.due),))
        yield from (Fact(page, "goal/owner", owner) for owner in goal_row.owners)
    for strategy in report_strategies(vault).strategies:
        place = Place(path=strategy.path, line=strategy.line)
        yield Fact(place, "strategy/title", strategy.title)
        yield from _given(place, "strategy/impact", strategy.impact or None)


def _tasks(vault: Vault) -> Iterator[Fact]:
    for row in report_tasks(vault, TaskFilters(everything=True)).tasks:
        place = Place(path=row.path, line=row.line)
        yield Fact(place, "task/status", row.status)
        yield Fact(place, "task/text", row.text)
        yield from (Fact(place, "task/flag", flag) for flag in row.flags)
        yield from _days(place, (("task/deadline", row.deadline), ("task/done-on", row.done_on)))
        if row.experiment is not None:
            yield Fact(place, "task/experiment", Place(page=page_name(row.experiment)))


def _metrics(vault: Vault) -> Iterator[Fact]:
    for row in report_metrics(vault).metrics:
        page = Place(page=page_name(row.title))
        yield Fact(page, "metric/freshness", row.freshness)
        yield Fact(page, "observation/count", row.observations)
        yield from _given(page, "metric/direction", row.direction)
        for name, value in (("value", row.value), ("target", row.target), ("baseline", row.baseline)):
            yield from _given(page, f"metric/{name}", value)
        yield from _given(page, "metric/score", row.score)
        yield from _days(page, (("observation/day", row.day),))
        yield from (Fact(page, "observation/value", value) for value in row.series)
        yield from (Fact(page, "metric/owner", owner) for owner in row.owners)


def _given(place: Place, name: str, value: str | float | None) -> Iterator[Fact]:
    if value is not None:
        yield Fact(place, name, value)


def _days(place: Place, days: tuple[tuple[str, dt.date | None], ...]) -> Iterator[Fact]:
    for name, day in days:
        if day is not None:
            yield Fact(place, name, day.year * 10_000 + day.month * 100 + day.day)
