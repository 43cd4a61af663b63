"""Everything that a report shows, as the very records that `--json` prints, computed once for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.history.burnup import burnup_of
from graphkit.app.history.forecast import forecast_of
from graphkit.app.history.work_past import Past
from graphkit.app.reading.goals import report_goals
from graphkit.app.reading.metrics import metric_details
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import details_of, report_status
from graphkit.app.reading.strategies import report_strategies
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.insight.experiments.programme import DecidedExperiment, Programme, read_programme
from graphkit.insight.history.forecasts import NOTHING_ELSE
from graphkit.quantities.written_dates import read_date
from graphkit.report.private_pages import PublicVault, without_private
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from graphkit.app.results.history_reports import BurnupReport, ForecastReport, ForecastRow
    from graphkit.app.results.metric_reports import GoalRow, GoalsReport, MetricBrief, MetricDetail, StrategiesReport
    from graphkit.app.results.reports import ExperimentDetail, ExperimentRow, StatusReport
    from graphkit.app.vault import Vault
    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import HistorySource


class ReportRecords(Record, frozen=True, kw_only=True):
    """The records of one vault on one day."""

    public: PublicVault
    filters: Filters
    status: StatusReport
    details: Mapping[str, ExperimentDetail]
    """By the experiment's name, in the order of `status`."""
    forecast: ForecastReport
    forecasts: Mapping[str, ForecastRow]
    """By the experiment's name; of those that are not closed."""
    burnups: Mapping[str, BurnupReport]
    """By the experiment's name."""
    burnup: BurnupReport
    """Of all shown experiments together, by week."""
    goals: GoalsReport
    metrics: Mapping[str, MetricDetail]
    """By the metric's name, in the order of `metrics`."""
    facts: Mapping[str, MetricFacts]
    """What the page of each metric says, by the metric's name."""
    strategies: StrategiesReport
    programme: Programme
    decided: Mapping[str, date | None]
    """The day of the decision, by the name of each experiment that has a result."""


def gather(vault: Vault, filters: Filters | None = None, *, source: HistorySource = "git") -> ReportRecords:
    """All records for the experiments that the filters keep, without private pages.

    Raises RequestError for an unknown filter value, and suggests similar ones.
    """
    chosen = filters or Filters()
    public = without_private(vault)
    open_ = public.vault
    vault_metrics = open_vault_metrics(open_)
    status = report_status(open_, chosen, vault_metrics)
    status = replace(status, experiments=tuple(_shown(row, public) for row in status.experiments))
    kept = {row.name for row in status.experiments}
    past = Past(open_, source, vault_metrics)
    items = [item for item in past.items if item.experiment.page.name in kept]
    experiments = [item.experiment for item in items]
    details = {
        detail.experiment.name: replace(detail, experiment=_shown(detail.experiment, public))
        for detail in details_of(open_, vault_metrics, experiments)
    }
    forecast = forecast_of(open_, past, items, NOTHING_ELSE, named=False)
    decided: dict[str, date | None] = {
        item.page.name: read_date(item.page.properties.get("decided-on", ""), open_.journals.parse)
        for item in experiments
        if item.result is not None
    }
    burnups: dict[str, BurnupReport] = {
        item.experiment.page.name: burnup_of(open_, past, [item], None) for item in items
    }
    shown = kept if chosen else None
    return ReportRecords(
        public=public,
        filters=chosen,
        status=public.scrubbed(status),
        details=public.scrubbed(details),
        forecast=public.scrubbed(forecast),
        forecasts=public.scrubbed({row.name: row for row in forecast.forecasts}),
        burnups=public.scrubbed(burnups),
        burnup=public.scrubbed(burnup_of(open_, past, items, "", by="week")),
        goals=public.scrubbed(_goals(report_goals(open_, (), vault_metrics), public, shown)),
        metrics=public.scrubbed(_metrics(metric_details(vault_metrics), public, shown)),
        facts={metric.key: vault_metrics.book.facts(metric) for metric in vault_metrics.book.metrics},
        strategies=public.scrubbed(_strategies(report_strategies(open_, (), vault_metrics), public, shown)),
        programme=read_programme([_counted(item, decided) for item in experiments], open_.today),
        decided=decided,
    )


def _counted(item: Experiment, decided: Mapping[str, date | None]) -> DecidedExperiment:
    page = item.page
    return DecidedExperiment(name=page.name, start=item.start, decided=decided.get(page.name), result=item.result)


def _shown(row: ExperimentRow, public: PublicVault) -> ExperimentRow:
    """The row without the names of private pages."""
    if not public.hidden:
        return row
    return replace(
        row,
        goals=tuple(title for title in row.goals if not public.hides(title)),
        owners=tuple(title for title in row.owners if not public.hides(title)),
        strategies=tuple(title for title in row.strategies if not public.hides(title)),
        metrics=_briefs(row.metrics, public),
    )


def _briefs(metrics: tuple[MetricBrief, ...], public: PublicVault) -> tuple[MetricBrief, ...]:
    return tuple(metric for metric in metrics if not public.hides(metric.title))


def _goals(report: GoalsReport, public: PublicVault, kept: set[str] | None) -> GoalsReport:
    """The goals of the shown experiments; all goals if every experiment is shown."""

    def shown(goal: GoalRow) -> GoalRow:
        return replace(
            goal,
            metrics=_briefs(goal.metrics, public),
            owners=tuple(title for title in goal.owners if not public.hides(title)),
            serves=tuple(title for title in goal.serves if not public.hides(title)),
            experiments=tuple(item for item in goal.experiments if kept is None or item.name in kept),
        )

    rows = tuple(shown(goal) for goal in report.goals if not public.hides(goal.title))
    return replace(
        report,
        goals=tuple(goal for goal in rows if kept is None or goal.experiments),
        without_goal=tuple(item for item in report.without_goal if kept is None or item.name in kept),
    )


def _metrics(details: tuple[MetricDetail, ...], public: PublicVault, kept: set[str] | None) -> dict[str, MetricDetail]:
    return {
        detail.metric.name: detail
        for detail in details
        if not public.hides(detail.metric.title)
        and (kept is None or any(use.name in kept and use.how != "mention" for use in detail.metric.experiments))
    }


def _strategies(report: StrategiesReport, public: PublicVault, kept: set[str] | None) -> StrategiesReport:
    rows = (replace(row, metrics=_briefs(row.metrics, public)) for row in report.strategies)
    shown = tuple(row for row in rows if kept is None or any(use.name in kept for use in row.experiments))
    pages = {row.page for row in shown}
    return replace(
        report,
        strategies=shown,
        initiatives=tuple(item for item in report.initiatives if kept is None or item.page in pages),
    )
