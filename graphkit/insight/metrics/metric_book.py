"""The metrics of a vault on a day: their series, how far each has come, whether its value is good and recent enough.

Knows no file: what `data::` names is handed in. Everything about one metric is worked out when it is asked for, so that
a report pays only for the metrics that it shows.

Decided where the specification is silent (spec: domain §7):

- The series and everything computed from it come from the observations without a segment, or from the only segment
  where all have one. Values of the future are listed, but are in no series.
- A sum over a period that is still running would look like a fall: it is left out while an earlier period is there.
- Freshness is that of the last observation of any segment, by its own day, not its period's.
- Where the page names no aggregate, each day is a point of its own.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from graphkit.facts.metric_pages import LEVELS, NOTHING_SAID, read_metric_page, with_key_result
from graphkit.facts.property_values import read_names
from graphkit.insight.metrics.metric_names import MetricNames
from graphkit.insight.metrics.score import (
    DEFAULT_CADENCE,
    Freshness,
    NoScore,
    Score,
    freshness,
    guard_breach,
    guard_holds,
    hold_passes,
    read_cadence,
    score,
)
from graphkit.insight.metrics.series import read_observations, sorted_sightings
from graphkit.quantities.units import PERCENT
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.metric_pages import Aggregate, MetricFacts
    from graphkit.facts.page_facts import PageFacts, Sighting
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.score import Breach
    from graphkit.insight.metrics.series import Observation

METRIC_KEYS: Final = ("primary", "guardrails", "metrics")
"""Page properties whose values name metrics (spec: domain §1)."""


_NAMING: Final = frozenset({"line", "table", "baseline", "target"})
"""Sightings whose subject is a metric, declared or not."""


class Point(Record, frozen=True, kw_only=True):
    """One value of a series."""

    day: date
    """Of the last observation in it."""
    value: float
    n: float | None


class MetricReading(Record, frozen=True, kw_only=True):
    """One metric with everything that is known of it on a day."""

    metric: Metric
    facts: MetricFacts
    unit_text: str
    """The unit as written on its page, else the canonical one of its first value."""
    unit: str
    observations: tuple[Observation, ...]
    """By day, then segment, those of the future included."""
    series: tuple[Point, ...]
    """The aggregated values up to today."""
    links: tuple[Sighting, ...]
    last: date | None
    """Day of the last observation up to today."""
    cadence: int
    """Days between two observations."""
    freshness: Freshness
    score: Score | NoScore
    guard: bool | NoScore | None
    """Whether the current value keeps `guard::`; None: the metric has none."""
    holds: bool | NoScore | None
    """The verdict on a `hold` metric; None for others."""
    diagnostics: tuple[Diagnostic, ...]

    @property
    def current(self) -> Point | None:
        """The newest point of the series."""
        return self.series[-1] if self.series else None

    @property
    def breached(self) -> bool:
        """Whether the guard is broken by more than chance."""
        return self.breach is not None and self.breach.certain

    @property
    def breach(self) -> Breach | None:
        """What the current value beyond its guard says; None where the guard is kept."""
        if self.current is None or self.facts.guard is None:
            return None
        direction = self.facts.direction or "up"
        return guard_breach(self.current.value, self.current.n, self.unit, self.facts.guard, direction=direction)


class MetricBook:
    """All metrics of a vault by name, and the reading of each when it is asked for."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        metric_types: Iterable[str],
        naming_types: Iterable[str],
        today: date,
        parse_journal: Callable[[str], date | None],
        data: Callable[[PageFacts, MetricFacts], tuple[Sequence[Sighting], Sequence[Diagnostic]]],
    ) -> None:
        """naming_types: pages whose `primary::`, `guardrails::`, `metrics::` name metrics.

        data: what the files hold that a metric's page names.
        """
        self._today = today
        self._parse = parse_journal
        self._data = data
        self.names = MetricNames(catalog.of_type(metric_types))
        self._sightings: dict[str, list[Sighting]] = {}
        self._levels: dict[str, list[Sighting]] = {}
        self._readings: dict[str, MetricReading] = {}
        naming = frozenset(naming_types)
        self._name_all(list(catalog.stating(naming)), naming)

    def _name_all(self, pages: Sequence[PageFacts], naming: frozenset[str]) -> None:
        for page in pages:
            for strategy in page.strategies:
                for written in strategy.key_metrics:
                    for name in self.names.split(written.text):
                        self.names.name(name)
        for page in pages:
            if not page.types.isdisjoint(naming):
                for key in METRIC_KEYS:
                    for title in read_names(page.properties.get(key, "")):
                        self.names.name(title)
            for sighting in page.sightings:
                if sighting.kind in _NAMING and sighting.metric.strip():
                    self.names.name(sighting.metric)
        for page in pages:
            for sighting in page.sightings:
                resolve = self.names.resolve_key if sighting.kind == "property" else self.names.resolve
                metric = resolve(sighting.metric)
                if metric is not None:
                    kept = self._levels if sighting.kind in LEVELS else self._sightings
                    kept.setdefault(metric.key, []).append(sighting)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Declared metrics in the order of their pages, then undeclared ones as they are found."""
        return tuple(self.names)

    def resolve(self, name: str) -> Metric | None:
        """The metric of this name, alias or slug."""
        return self.names.resolve(name)

    def sightings(self, metric: Metric) -> Sequence[Sighting]:
        """What pages state of it, files not included, in the order of loading."""
        return self._sightings.get(metric.key, ())

    def facts(self, metric: Metric) -> MetricFacts:
        """What its page says."""
        return self.reading(metric).facts

    def reading(self, metric: Metric) -> MetricReading:
        """The metric on the book's day; worked out once."""
        found = self._readings.get(metric.key)
        if found is None:
            found = self._readings[metric.key] = self._read(metric)
        return found

    def _read(self, metric: Metric) -> MetricReading:
        facts = NOTHING_SAID if metric.page is None else read_metric_page(metric.page, self._parse)
        facts = with_key_result(facts, self._levels.get(metric.key, ()))
        findings: list[Diagnostic] = []
        sightings = list(self.sightings(metric))
        if metric.page is not None and facts.data:
            rows, wrong = self._data(metric.page, facts)
            sightings += rows
            findings += wrong
        read = read_observations(
            metric.title, facts, sorted_sightings(sightings), today=self._today, parse_journal=self._parse
        )
        if metric.page is not None and facts.guard is not None and not facts.unit_known and read.unit:
            shown = read_metric_page(metric.page, self._parse, shown_unit=read.unit_text)
            facts = replace(facts, guard=shown.guard, diagnostics=shown.diagnostics)
        findings += [*facts.diagnostics, *read.diagnostics]
        cadence = read_cadence(facts.cadence_text) if facts.cadence_text else DEFAULT_CADENCE
        if cadence is None:
            findings.append(_no_cadence(metric, facts))
        past = [item for item in read.observations if item.day <= self._today]
        if cadence is not None and facts.cadence_text:
            findings += _gaps(metric, past, cadence)
        cadence = cadence or DEFAULT_CADENCE
        if past and facts.aggregate is not None and facts.aggregate.kind == "sum" and read.unit == PERCENT:
            findings.append(_sum_of_shares(metric, past))
            facts = replace(facts, aggregate=None)
        series = _series(past, facts.aggregate, self._today)
        if past and not series:
            findings.append(_in_segments(metric, past))
        current = series[-1] if series else None
        last = past[-1].day if past else None
        baseline = facts.baseline.number if facts.baseline else None
        target = facts.target.number if facts.target else None
        guard: bool | NoScore | None = None
        if facts.guard is not None:
            guard = (
                NoScore.NO_VALUE
                if current is None
                else guard_holds(current.value, read.unit, facts.guard, direction=facts.direction or "up")
            )
        holds: bool | NoScore | None = None
        if facts.direction == "hold":
            value = current.value if current else None
            holds = hold_passes(value, read.unit, guard=facts.guard, target=target)
            way: Score | NoScore = holds if isinstance(holds, NoScore) else NoScore.HOLD
        else:
            way = score(
                baseline.value if baseline else None,
                target.value if target else None,
                current.value if current else None,
            )
        return MetricReading(
            metric=metric,
            facts=facts,
            unit_text=read.unit_text,
            unit=read.unit,
            observations=read.observations,
            series=series,
            links=read.links,
            last=last,
            cadence=cadence,
            freshness=freshness(last, self._today, cadence),
            score=way,
            guard=guard,
            holds=holds,
            diagnostics=tuple(sorted(findings, key=lambda item: (item.path, item.line, item.column, item.code))),
        )


def _series(past: Sequence[Observation], aggregate: Aggregate | None, today: date) -> tuple[Point, ...]:
    """Observations up to today as one value a period."""
    segments = {item.segment.lower() for item in past}
    chosen = "" if "" in segments or len(segments) != 1 else next(iter(segments))
    whole = [item for item in past if item.segment.lower() == chosen]
    if aggregate is None or aggregate.period == "day":
        return tuple(Point(day=item.day, value=item.value, n=item.n) for item in whole)
    periods: dict[date, list[Observation]] = {}
    for item in whole:
        periods.setdefault(period_start(item.day, aggregate), []).append(item)
    starts = list(periods)
    if aggregate.kind == "sum" and len(starts) > 1 and starts[-1] == period_start(today, aggregate):
        starts.pop()
    return tuple(_point(periods[start], aggregate) for start in starts)


def period_start(day: date, aggregate: Aggregate) -> date:
    """The first day of the day's period; weeks begin on Monday."""
    if aggregate.period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if aggregate.period == "month" else day


def _point(items: Sequence[Observation], aggregate: Aggregate) -> Point:
    values = [item.value for item in items]
    last = items[-1]
    if aggregate.kind == "last":
        return Point(day=last.day, value=last.value, n=last.n)
    sizes = [item.n for item in items if item.n]
    weights = sizes if len(sizes) == len(items) else [1.0] * len(items)
    mean = sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
    value = {"sum": sum(values), "mean": mean, "min": min(values), "max": max(values)}[aggregate.kind]
    return Point(day=last.day, value=value, n=sum(sizes) if len(sizes) == len(items) else None)


def _gaps(metric: Metric, past: Sequence[Observation], cadence: int) -> list[Diagnostic]:
    """W408: between two observations more than two cadences went by: the metric was missing for a time.

    spec: domain §7.
    """
    findings = []
    days: dict[str, Observation] = {}
    for item in past:
        before = days.get(item.segment)
        days[item.segment] = item
        if before is not None and (item.day - before.day).days > 2 * cadence:
            findings.append(
                Diagnostic(
                    code="W408",
                    severity=Severity.INFO,
                    path=item.path,
                    line=item.line,
                    column=item.column,
                    message=f"“{metric.title}” has no observation between {before.day.isoformat()} and "
                    f"{item.day.isoformat()}, but is due every {cadence} days",
                    hint="add the missing values with as-of::, or correct cadence:: on its page",
                )
            )
    return findings


def _sum_of_shares(metric: Metric, past: Sequence[Observation]) -> Diagnostic:
    """W420: percentages of several days cannot be added up."""
    page = metric.page
    return Diagnostic(
        code="W420",
        severity=Severity.WARNING,
        path=page.path if page else past[-1].path,
        line=page.property_lines.get("aggregate", 1) if page else past[-1].line,
        message=f"the percentages of “{metric.title}” have no sum, so each day's value stands for itself",
        hint="write aggregate:: mean per week, which weighs values by their n, or last per week",
    )


def _in_segments(metric: Metric, past: Sequence[Observation]) -> Diagnostic:
    """W419: values of several segments and none of the whole, so that nothing can be held against target or guard."""
    last = past[-1]
    segments = ", ".join(dict.fromkeys(item.segment for item in past))
    return Diagnostic(
        code="W419",
        severity=Severity.INFO,
        path=last.path,
        line=last.line,
        column=last.column,
        message=f"“{metric.title}” is known for {segments}, but not for all together, so it has no current value",
        hint="log the value of the whole too, without segment::",
    )


def _no_cadence(metric: Metric, facts: MetricFacts) -> Diagnostic:
    page = metric.page
    return Diagnostic(
        code="W410",
        severity=Severity.WARNING,
        path=page.path if page else "",
        line=page.property_lines.get("cadence", 1) if page else 1,
        message=f"cadence:: {facts.cadence_text} is not understood, and left out of account",
        hint="write daily, weekly, monthly or every 2 weeks",
    )
