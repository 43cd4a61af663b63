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
    """Open leaves, with those of `--scope`."""
    start: date | None
    """The day from which on weeks count."""
    weeks: tuple[float, ...]
    """Leaves done in each of the past weeks, oldest first; the last one ends with the report's day."""
    weights: tuple[float, ...]
    mean: float | None
    """m: leaves a week, with the factor of `--pace`; None without a forecast."""
    effective: float | None
    """n: so many equally weighted weeks tell as much."""
    spread: float | None
    """s²: the variance of the weeks."""
    scatter: float | None
    """φ: how much wider than Poisson the weeks scatter, at least 1."""
    pace_of: str | None
    """The owner whose pace it is; None: its own."""
    pace_shared_by: int
    """Running experiments of that owner among which it is divided."""
    growth_p50: date | None
    """The same with scope growing on as it did; None if that is not known, or never comes to an end."""
    growth_p85: date | None
    growth_weeks: tuple[tuple[int, int], ...]
    """Leaves done and leaves added in each past week, oldest first; empty below 8 weeks of git history."""
    undated: int
    """Leaves that are done, and nobody knows when; no week counts them."""


class ForecastReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit forecast`."""

    vault: str
    as_of: date
    source: str
    """git or written."""
    notes: tuple[str, ...]
    """What is missing in the history, in words."""
    scope: int
    """Leaves that `--scope` adds."""
    pace: float
    """Factor of `--pace`."""
    forecasts: tuple[ForecastRow, ...]
    """Of the experiments asked for; of all that are not closed where none was."""
    together: ForecastRow | None
    """Of all their work at once; None for a single experiment."""
    hit_rates: tuple[HitRate, ...]
    """How the past forecasts of all experiments of the vault came out."""


class BurnupPoint(Record, frozen=True, kw_only=True):
    """One day, or one week that ends with this day."""

    day: date
    done: float
    """Weight of the leaves that are done at the end of the day."""
    scope: float
    done_leaves: int
    leaves: int
    doing: int
    """Work in progress: leaves that are being done."""
    completed: int
    """Leaves done in this stretch, that were not opened again."""
    added: int
    """Leaves added in this stretch, less those taken away; one that was opened again counts."""
    started: int
    reopened: int
    slipped: int
    """Leaves whose SCHEDULED day passed in this stretch before they were started."""


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
    """What it was and what it is: `2026-03-01 → 2026-03-15`, `running → decided`, a value."""
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
