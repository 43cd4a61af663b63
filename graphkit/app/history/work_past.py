"""Experiments with their histories: how requests select them, when their weeks start, whose pace they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.history.vault_history import read_history
from graphkit.app.reading.experiments import experiment_named, experiments_of, forecast_brief
from graphkit.app.reading.filter_values import identity_in, settle_filters
from graphkit.app.results.history_reports import ForecastRow
from graphkit.insight.experiments.experiment import BEGUN_LIFECYCLES
from graphkit.insight.history.forecasts import NOTHING_ELSE, forecast_work, owner_pace
from graphkit.insight.history.hit_rates import growth_pairs, with_start
from graphkit.insight.history.work_history import WorkHistory, together
from graphkit.insight.statistics.throughput import halving_weights
from graphkit.insight.work.time_states import CLOSED_LIFECYCLES
from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.history.vault_history import VaultHistory
    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import Forecast, HistorySource, PaceSource, WhatIf


class ExperimentPast(Record, frozen=True, kw_only=True):
    """An experiment and its history."""

    experiment: Experiment
    history: WorkHistory

    @property
    def closed(self) -> bool:
        """Decided or archived."""
        return self.experiment.lifecycle in CLOSED_LIFECYCLES


class Past:
    """All experiments of a vault with their histories."""

    def __init__(self, vault: Vault, source: HistorySource, vault_metrics: VaultMetrics | None = None) -> None:
        self._vault = vault
        experiments = experiments_of(vault, vault_metrics)
        rollups = {experiment.page.path: (experiment.page, experiment.tree) for experiment in experiments}
        history = read_history(vault, rollups, source=source)
        self.source = history.source
        self.notes = history.notes
        self.items = tuple(
            ExperimentPast(experiment=experiment, history=_history_of(experiment, history))
            for experiment in experiments
        )
        self._paces: dict[str, PaceSource] = {}

    def chosen(self, names: Sequence[str], filters: Filters) -> tuple[ExperimentPast, ...]:
        """The experiments named, else those that match the filters. Raises RequestError that suggests similar names."""
        experiments = [item.experiment for item in self.items]
        if names:
            found = [experiment_named(experiments, name).page.path for name in names]
            return tuple(
                item for path in dict.fromkeys(found) for item in self.items if item.experiment.page.path == path
            )
        settled = settle_filters(self._vault, filters, experiments)
        identity = identity_in(self._vault.catalog)
        return tuple(
            item
            for item in self.items
            if (not settled.goals or not set(settled.goals).isdisjoint(map(identity, item.experiment.goals)))
            and (not settled.owners or not set(settled.owners).isdisjoint(map(identity, item.experiment.owners)))
        )

    def forecast(self, item: ExperimentPast, what_if: WhatIf = NOTHING_ELSE) -> ForecastRow:
        """The forecast for one experiment."""
        experiment, history, today = item.experiment, item.history, self._vault.today
        leaves, remaining = self._counts(item)
        forecast = forecast_work(
            history.known(today),
            remaining,
            leaves,
            today,
            due=experiment.due,
            fallback=self._owner_pace(experiment),
            what_if=what_if,
            pairs=growth_pairs(history, today),
        )
        return _row(forecast, history, leaves, what_if, experiment)

    def forecast_together(
        self, items: Sequence[ExperimentPast], title: str, what_if: WhatIf = NOTHING_ELSE
    ) -> tuple[ForecastRow, WorkHistory]:
        """The forecast for several experiments at once, and their history."""
        history = together(title, [item.history for item in items], self.source)
        counts = [self._counts(item) for item in items]
        leaves, remaining = sum(count[0] for count in counts), sum(count[1] for count in counts)
        today = self._vault.today
        pairs = growth_pairs(history, today)
        forecast = forecast_work(history.known(today), remaining, leaves, today, what_if=what_if, pairs=pairs)
        return _row(forecast, history, leaves, what_if), history

    def _counts(self, item: ExperimentPast) -> tuple[int, int]:
        """Leaves, and open leaves."""
        point = item.history.at(self._vault.today) if self.source == "git" else None
        if point is not None:
            return point.leaves, point.leaves - point.done_leaves
        progress = item.experiment.progress
        return progress.total, progress.open

    def _owner_pace(self, experiment: Experiment) -> PaceSource | None:
        """The pace of the first owner, over all experiments that this owner has a part in."""
        if not experiment.owners:
            return None
        owner, today = experiment.owners[0], self._vault.today
        name = page_name(owner)
        if name not in self._paces:
            theirs = [item for item in self.items if name in map(page_name, item.experiment.owners)]
            running = sum(item.experiment.lifecycle in BEGUN_LIFECYCLES for item in theirs)
            self._paces[name] = owner_pace(owner, [item.history.known(today) for item in theirs], running, today)
        return self._paces[name]


def _history_of(experiment: Experiment, history: VaultHistory) -> WorkHistory:
    found = history.histories.get(experiment.page.path)
    if found is None:
        return WorkHistory(title=experiment.page.title, source=history.source, start=None, leaves=(), points=())
    return with_start(found, experiment.start)


def _row(
    forecast: Forecast, history: WorkHistory, leaves: int, what_if: WhatIf, experiment: Experiment | None = None
) -> ForecastRow:
    source = forecast.pace
    pace = source.pace.faster(what_if.pace) if source is not None and source.pace is not None else None
    weeks = source.weeks if source is not None else ()
    growth = forecast.growth
    page = experiment.page if experiment is not None else None
    return ForecastRow(
        name=page.name if page else "",
        title=history.title,
        path=page.path if page else "",
        owners=experiment.owners if experiment is not None else (),
        lifecycle=experiment.lifecycle if experiment is not None else "",
        forecast=forecast_brief(forecast),
        due=forecast.due,
        leaves=leaves,
        remaining=forecast.remaining,
        start=history.start,
        weeks=weeks,
        weights=halving_weights(len(weeks)),
        mean=pace.mean if pace else None,
        effective=pace.effective if pace else None,
        spread=pace.spread if pace else None,
        scatter=pace.scatter if pace else None,
        pace_of=source.owner if source is not None else None,
        pace_shared_by=source.shared_by if source is not None else 1,
        growth_p50=growth.p50 if growth else None,
        growth_p85=growth.p85 if growth else None,
        growth_weeks=growth.pairs if growth else (),
        undated=history.undated,
    )
