"""Forecasts of experiments from what is written in the vault alone, each worked out when it is first needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphkit.insight.experiments.experiment import BEGUN_LIFECYCLES
from graphkit.insight.history.forecasts import forecast_work, own_pace, owner_pace
from graphkit.insight.history.written import written_completions
from graphkit.insight.statistics.throughput import LEAST_DONE
from graphkit.insight.work.time_states import CLOSED_LIFECYCLES
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import Forecast, PaceSource
    from graphkit.insight.history.work_history import Completions


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


def last_monday(day: date) -> date:
    """The newest Monday up to a day: what is rendered into pages goes by it, so that a page changes once a week."""
    return day - timedelta(days=day.weekday())
