"""Forecasts of experiments from what is written in the vault alone, each history made when it is first needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphkit.insight.experiments.experiment import BEGUN_LIFECYCLES
from graphkit.insight.history.forecasts import forecast_work, own_pace, owner_pace, with_start
from graphkit.insight.history.written import written_history
from graphkit.insight.statistics.throughput import LEAST_DONE
from graphkit.insight.work.time_states import CLOSED_LIFECYCLES
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import Forecast, PaceSource
    from graphkit.insight.history.work_history import WorkHistory


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
        self._histories: dict[str, WorkHistory] = {}
        self._paces: dict[str, PaceSource | None] = {}
        self._by_owner: dict[str, list[Experiment]] | None = None

    def forecast(self, experiment: Experiment) -> Forecast | None:
        """The forecast of one experiment; None where it is closed or has no open task."""
        if experiment.lifecycle in CLOSED_LIFECYCLES or not experiment.progress.open:
            return None
        history = self._history(experiment)
        total = experiment.progress.total
        remaining = total - history.undated - len(history.completions(self.day))
        fallback = None
        if sum(own_pace(history, self.day).weeks) < LEAST_DONE and experiment.owners:
            fallback = self._pace_of(experiment.owners[0])
        return forecast_work(history, remaining, total, self.day, due=experiment.due, fallback=fallback)

    def _history(self, experiment: Experiment) -> WorkHistory:
        path = experiment.page.path
        if path not in self._histories:
            history = written_history(experiment.page, experiment.tree, self._parse, self.day)
            self._histories[path] = with_start(history, experiment.start)
        return self._histories[path]

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
            self._paces[name] = owner_pace(owner, list(map(self._history, theirs)), running, self.day)
        return self._paces[name]


def last_monday(day: date) -> date:
    """The newest Monday up to a day: what is rendered into pages goes by it, so that a page changes once a week."""
    return day - timedelta(days=day.weekday())
