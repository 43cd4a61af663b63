"""The rows of a vault's tables, from the same records as `--json`, in the order of the columns of `table_schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.reading.check import report_check
from graphkit.app.reading.experiments import experiments_of
from graphkit.app.reading.goals import report_goals
from graphkit.app.reading.metrics import observation_rows, report_metrics
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.readout import read_out_page
from graphkit.app.reading.status import report_status
from graphkit.app.reading.strategies import report_strategies
from graphkit.app.reading.tasks import TaskFilters, report_tasks
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.tables.edge_rows import edge_rows
from graphkit.insight.experiments.experiment import ATTENTION
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from graphkit.app.results.metric_reports import GoalRow, MetricBrief, MetricRow, StrategyRow, Use
    from graphkit.app.results.reports import ExperimentRow, ForecastBrief
    from graphkit.app.results.task_row import TaskRow
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import Link, PageFacts
    from graphkit.text.diagnostics import Diagnostic

    Row = tuple[object, ...]

_RANK: Final = {attention: number for number, attention in enumerate(ATTENTION)}


class VaultRows:
    """The rows of each table of one vault, without the vault's id; each table is computed when it is asked for."""

    def __init__(self, vault: Vault, links: Callable[[PageFacts], Iterable[Link]] | None = None) -> None:
        """Links: the written references of a page, where they are known already."""
        self._vault = vault
        self._metrics = open_vault_metrics(vault)
        self._links = links

    def rows(self, table: str) -> Iterable[Row]:
        """The rows of a table other than `vaults`. Raises KeyError for a name that is no table."""
        return _TABLES[table](self)

    def experiments(self) -> Iterator[Row]:
        """Those of `status --json`."""
        for row in report_status(self._vault, Filters(), self._metrics).experiments:
            yield experiment_values(row)

    def tasks(self) -> Iterator[Row]:
        """Those of `tasks --json` with every `--status`."""
        for row in report_tasks(self._vault, TaskFilters(everything=True)).tasks:
            yield task_values(row)

    def goals(self) -> Iterator[Row]:
        """Those of `goals --json`."""
        for row in report_goals(self._vault, (), self._metrics).goals:
            yield goal_values(row)

    def metrics(self) -> Iterator[Row]:
        """Those of `metrics --json`."""
        for row in report_metrics(self._vault, self._metrics).metrics:
            yield metric_values(row)

    def observations(self) -> Iterator[Row]:
        """Those of `metrics NAME --json` of every metric."""
        for metric in self._metrics.book.metrics:
            reading = self._metrics.book.reading(metric)
            for item in observation_rows(reading, self._vault.today):
                segment = f"#{page_name(item.segment)}" if item.segment else ""
                yield (
                    f"observation:{metric.key}@{item.day.isoformat()}{segment}",
                    f"metric:{metric.key}",
                    metric.title,
                    item.day,
                    item.value,
                    item.text,
                    item.written,
                    item.n,
                    item.segment,
                    item.source,
                    item.kind,
                    item.path,
                    item.line,
                    item.future,
                )

    def strategies(self) -> Iterator[Row]:
        """Those of `strategies --json`."""
        for row in report_strategies(self._vault, (), self._metrics).strategies:
            yield strategy_values(row)

    def readouts(self) -> Iterator[Row]:
        """The comparisons of `readout NAME --json` of every experiment that has results."""
        for experiment in experiments_of(self._vault, self._metrics):
            read, _ = read_out_page(self._vault, self._metrics, experiment)
            if read is None:
                continue
            from graphkit.app.reading.readout_rows import call_row, result_rows  # noqa: PLC0415 - computes with scipy

            call = call_row(read.call, written=experiment.result is not None)
            page = experiment.page
            for result in result_rows(read):
                for found in result.comparisons:
                    yield (
                        f"experiment:{page.name}",
                        page.title,
                        result.metric,
                        result.role,
                        result.better,
                        result.path,
                        result.line,
                        result.day,
                        result.over,
                        result.control,
                        found.variant,
                        found.outcome,
                        found.words,
                        found.scale,
                        found.lift,
                        found.low,
                        found.high,
                        found.interval,
                        found.level,
                        found.difference,
                        found.p_value,
                        found.chance_to_win,
                        found.risk,
                        found.harm,
                        result.ratio_mismatch,
                        call.decision,
                        call.sentence,
                    )

    def findings(self) -> Iterator[Row]:
        """Those of `check --json`."""
        return map(finding_values, report_check(self._vault, vault_metrics=self._metrics).findings)

    def edges(self) -> Iterator[Row]:
        """The edges of the vault's graph, in the order in which the pages are loaded."""
        return edge_rows(self._vault, self._metrics, self._links)


_TABLES: Final[Mapping[str, Callable[[VaultRows], Iterable[Row]]]] = {
    "experiments": VaultRows.experiments,
    "tasks": VaultRows.tasks,
    "goals": VaultRows.goals,
    "metrics": VaultRows.metrics,
    "observations": VaultRows.observations,
    "strategies": VaultRows.strategies,
    "readouts": VaultRows.readouts,
    "edges": VaultRows.edges,
    "findings": VaultRows.findings,
}


def experiment_values(row: ExperimentRow) -> Row:
    """The values of an experiment's row."""
    progress, forecast = row.progress, row.forecast
    return (
        f"experiment:{row.name}",
        row.title,
        row.path,
        row.lifecycle,
        row.lifecycle_derived,
        row.attention,
        _RANK[row.attention],
        row.reason,
        row.word,
        progress.todo,
        progress.doing,
        progress.waiting,
        progress.done,
        progress.blocked,
        progress.recurring,
        progress.total,
        progress.fraction,
        progress.percent,
        progress.mode,
        progress.unit,
        progress.done_weight,
        progress.total_weight,
        progress.total_deviation,
        row.goals,
        row.owners,
        row.tags,
        row.start,
        row.due,
        row.result,
        row.questions,
        row.diagnostics,
        row.strategies,
        _metric_ids(row.metrics),
        tuple(metric.how for metric in row.metrics),
        _metric_ids(metric for metric in row.metrics if metric.breached),
        row.health,
        row.health_reason,
        row.health_stated,
        row.states,
        row.last_activity,
        row.stale,
        *_forecast_values(forecast),
    )


def _forecast_values(forecast: ForecastBrief | None) -> Row:
    if forecast is None:
        return (None,) * 6
    return (forecast.outcome, forecast.source, forecast.p50, forecast.p85, forecast.chance, forecast.reason)


def task_values(row: TaskRow) -> Row:
    """The values of a task's row."""
    below = row.progress
    return (
        f"task:{row.block_id or f'{row.path}:{row.line}'}",
        row.page,
        row.path,
        row.line,
        row.marker,
        row.status,
        row.text,
        row.priority,
        row.scheduled,
        row.deadline,
        row.depth,
        row.experiment,
        below is None,
        None if below is None else below.done,
        None if below is None else below.total,
        None if below is None else below.percent,
        row.flags,
        row.block_id,
        row.done_on,
        row.last_activity,
    )


def goal_values(row: GoalRow) -> Row:
    """The values of a goal's row."""
    return (
        f"goal:{row.name}",
        row.title,
        row.path,
        row.owners,
        row.due,
        row.serves,
        row.progress.done,
        row.progress.total,
        row.progress.fraction,
        row.progress.percent,
        row.score,
        _metric_ids(row.metrics),
        tuple(f"experiment:{item.name}" for item in row.experiments),
    )


def metric_values(row: MetricRow) -> Row:
    """The values of a metric's row."""
    return (
        f"metric:{row.name}",
        row.title,
        row.declared,
        row.path,
        row.unit,
        row.direction,
        row.value,
        row.text,
        row.day,
        row.baseline,
        row.baseline_day,
        row.target,
        row.target_day,
        row.score,
        row.score_raw,
        row.score_reason,
        row.guard,
        row.guard_holds,
        row.holds,
        row.freshness,
        row.cadence_days,
        row.observations,
        row.owners,
        _experiment_ids(row.experiments),
        row.strategies,
        row.diagnostics,
    )


def strategy_values(row: StrategyRow) -> Row:
    """The values of a strategy's row."""
    return (
        f"strategy:{row.name}",
        row.title,
        row.page,
        row.path,
        row.line,
        row.description,
        _metric_ids(row.metrics),
        row.assumptions,
        row.risks,
        row.impact,
        tuple(item.expected for item in row.expectations),
        tuple(item.outcome or "unknown" for item in row.expectations),
        _experiment_ids(row.experiments),
    )


def finding_values(finding: Diagnostic) -> Row:
    """The values of a finding's row."""
    return (
        finding.code,
        finding.severity.value,
        finding.path,
        finding.line,
        finding.column,
        finding.message,
        finding.hint,
    )


def _metric_ids(metrics: Iterable[MetricBrief]) -> tuple[str, ...]:
    return tuple(f"metric:{item.name}" for item in metrics)


def _experiment_ids(uses: Iterable[Use]) -> tuple[str, ...]:
    return tuple(f"experiment:{use.name}" for use in uses)
