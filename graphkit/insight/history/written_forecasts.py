"""Forecasts of experiments from what is written in the vault alone, each worked out when it is first needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.experiments.experiment import BEGUN_LIFECYCLES
from graphkit.insight.history.forecasts import Completions, forecast_work, own_pace, owner_pace
from graphkit.insight.statistics.throughput import LEAST_DONE
from graphkit.insight.work.task_days import done_days, started_day
from graphkit.insight.work.time_states import CLOSED_LIFECYCLES
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import Forecast, PaceSource
    from graphkit.insight.work.work_tree import WorkTree


class WrittenForecasts:
    """Forecasts as of a day. They depend on the pages alone, so that every clone gives the same."""

    def __init__(
        self,
        experiments: Callable[[], Sequence[Experiment]],
        parse_journal: Callable[[str], date | None],
        day: date,
    ) -> None:
        self.day = day
        self._experiments = experiments
        self._parse = parse_journal
        self._known: dict[str, Completions] = {}
        self._paces: dict[str, PaceSource | None] = {}
        self._by_owner: dict[str, list[Experiment]] | None = None

    def forecast(self, experiment: Experiment) -> Forecast | None:
        """The forecast of one experiment; None where it is closed or has no open task."""
        if experiment.lifecycle in CLOSED_LIFECYCLES or not experiment.progress.open:
            return None
        known = self._completions(experiment)
        total = experiment.progress.total
        remaining = total - known.undated - len(known.days)
        fallback = None
        if len(known.days) < LEAST_DONE or sum(own_pace(known, self.day).weeks) < LEAST_DONE:
            fallback = self._pace_of(experiment.owners[0]) if experiment.owners else None
        return forecast_work(known, remaining, total, self.day, due=experiment.due, fallback=fallback)

    def _completions(self, experiment: Experiment) -> Completions:
        path = experiment.page.path
        found = self._known.get(path)
        if found is None:
            found = written_completions(experiment.tree, self._parse, self.day, experiment.start)
            self._known[path] = found
        return found

    def _pace_of(self, owner: str) -> PaceSource | None:
        name = page_name(owner)
        if name not in self._paces:
            if self._by_owner is None:
                self._by_owner = {}
                for experiment in self._experiments():
                    for other in experiment.owners:
                        self._by_owner.setdefault(page_name(other), []).append(experiment)
            theirs = self._by_owner.get(name, [])
            running = sum(experiment.lifecycle in BEGUN_LIFECYCLES for experiment in theirs)
            self._paces[name] = owner_pace(owner, list(map(self._completions, theirs)), running, self.day)
        return self._paces[name]


def written_completions(
    tree: WorkTree, parse_journal: Callable[[str], date | None], until: date, start: date | None
) -> Completions:
    """The completions that a work tree's tasks tell of; those of `written_history`, in a fraction of its time.

    start: `start-date::`; without one weeks count from the first activity.
    """
    days: list[date] = []
    begun: list[date] = []
    undated = 0
    for task, page, status in tree.leaf_tasks:
        told = task.logbook or page.journal_day is not None
        if status is TaskStatus.DONE:
            found = (
                [day for day in done_days(task, page, parse_journal) if day <= until] if told or task.properties else []
            )
            if found:
                days.append(found[-1])
            else:
                undated += 1
        if told and start is None and (day := started_day(task, page)) is not None and day <= until:
            begun.append(day)
    days.sort()
    return Completions(
        source="written", start=start or min((*days[:1], *begun), default=None), days=days, undated=undated
    )


def last_monday(day: date) -> date:
    """The newest Monday up to a day: what is rendered into pages goes by it, so that a page changes once a week."""
    return day - timedelta(days=day.weekday())
