"""The results of `burnup`, `forecast` and `log`: frozen values that the command line prints and `--json` encodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.reports import ForecastBrief
    from graphkit.insight.history.hit_rates import HitRate
    from graphkit.insight.history.work_history import CycleTimes


class ForecastRow(Record, frozen=True, kw_only=True):
    """The forecast for one experiment, or for several together."""

    name: str
    """Key of the experiment's page; empty for several together."""
    title: str
    path: str
    owners: tuple[str, ...]
    lifecycle: str
    forecast: ForecastBrief
    due: date | None
    leaves: int
    remaining: int
    """Open leaves, including those of `--scope`."""
    start: date | None
    """The first day of the weeks that count."""
    weeks: tuple[float, ...]
    """Leaves done in each of the past weeks, oldest first; the last one ends with the report's day."""
    weights: tuple[float, ...]
    mean: float | None
    """m: leaves a week, with the factor of `--pace`; None without a forecast."""
    effective: float | None
    """n: the effective number of weeks, had they equal weights."""
    spread: float | None
    """s²: the variance of the weeks."""
    scatter: float | None
    """φ: the overdispersion of the weeks relative to Poisson, at least 1."""
    pace_of: str | None
    """The owner whose pace is used; None: the experiment's own."""
    pace_shared_by: int
    """Running experiments of that owner among which it is divided."""
    growth_p50: date | None
    """The same with scope growing on as it did; None if that is not known, or never comes to an end."""
    growth_p85: date | None
    growth_weeks: tuple[tuple[int, int], ...]
    """Leaves done and leaves added in each past week, oldest first; empty below 8 weeks of git history."""
    undated: int
    """Done leaves without a date of completion; no week counts them."""


class ForecastReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit forecast`."""

    vault: str
    as_of: date
    source: str
    """git or written."""
    notes: tuple[str, ...]
    """Notes on what is missing in the history."""
    scope: int
    """Leaves that `--scope` adds."""
    pace: float
    """Factor of `--pace`."""
    forecasts: tuple[ForecastRow, ...]
    """Forecasts of the experiments requested; by default of all that are not closed."""
    together: ForecastRow | None
    """Forecast of all their work together; None for a single experiment."""
    hit_rates: tuple[HitRate, ...]
    """The accuracy of past forecasts for all experiments of the vault."""


class BurnupPoint(Record, frozen=True, kw_only=True):
    """One day, or one week that ends with this day."""

    day: date
    done: float
    """Weight of the leaves done at the end of the day."""
    scope: float
    done_leaves: int
    leaves: int
    doing: int
    """Work in progress: leaves that are being done."""
    completed: int
    """Leaves done in this period and not reopened."""
    added: int
    """Leaves added in this period, minus those removed; reopened ones count."""
    started: int
    reopened: int
    slipped: int
    """Leaves whose SCHEDULED day passed in this period before they were started."""


class BurnupReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit burnup`."""

    vault: str
    as_of: date
    title: str
    """Of the experiment, the goal or the owner; empty for all."""
    experiments: tuple[str, ...]
    """Titles of the experiments in it."""
    source: str
    notes: tuple[str, ...]
    unit: str
    """leaves, hours or points."""
    by: str
    """day or week."""
    points: tuple[BurnupPoint, ...]
    """Oldest first, without gaps."""
    due: date | None
    forecast: ForecastRow
    cycle: CycleTimes


class LogEntry(Record, frozen=True, kw_only=True):
    """One thing that happened."""

    day: date
    kind: str
    """started, done, reopened, slipped, postponed, added, removed, lifecycle, result, due, property or value."""
    experiment: str
    """Title."""
    text: str
    """Of the task; of a metric its title; of a property its key; empty for lifecycle, result and due."""
    detail: str
    """The old and the new value: `2026-03-01 → 2026-03-15`, `running → decided`, a value."""
    path: str
    line: int


class HistoryLog(Record, frozen=True, kw_only=True):
    """The result of `graphkit log`."""

    vault: str
    as_of: date
    since: date
    """The first day that is shown."""
    source: str
    notes: tuple[str, ...]
    experiments: tuple[str, ...]
    """Titles of those with entries, in the order of the entries."""
    entries: tuple[LogEntry, ...]
    """By experiment, then day."""
