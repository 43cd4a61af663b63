"""From what pages and files state of a metric to its reading on a day (spec: domain §7).

Decided where the specification is silent (spec: domain §7):

- The series and everything computed from it come from the observations without a segment, or from the only segment
  where all have one. Values of the future are listed, but are in no series.
- A sum over a period that is still running would look like a fall: it is left out while an earlier period is there.
- Freshness is that of the last observation of any segment, by its own day, not its period's.
- Where the page names no aggregate, each day is a point of its own.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphkit.facts.metric_pages import NOTHING_SAID, read_metric_page, with_key_result
from graphkit.insight.metrics.metric_reading import MetricReading, Point
from graphkit.insight.metrics.score import (
    DEFAULT_CADENCE,
    Breach,
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
from graphkit.text.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.facts.metric_pages import Aggregate, MetricFacts
    from graphkit.facts.page_facts import PageFacts, Sighting
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.series import Observation

    ReadData = Callable[[PageFacts, MetricFacts], tuple[Sequence[Sighting], Sequence[Diagnostic]]]


def read_metric(
    metric: Metric,
    stated: Sequence[Sighting],
    levels: Sequence[Sighting],
    data: ReadData,
    *,
    today: date,
    parse_journal: Callable[[str], date | None],
) -> MetricReading:
    """A metric on a day.

    stated: what pages state of it. levels: of tables of key results. data: gives what the files hold that its page
    names.
    """
    facts = NOTHING_SAID if metric.page is None else read_metric_page(metric.page, parse_journal)
    facts = with_key_result(facts, levels)
    findings: list[Diagnostic] = []
    sightings = list(stated)
    if metric.page is not None and facts.data:
        rows, wrong = data(metric.page, facts)
        sightings += rows
        findings += wrong
    read = read_observations(metric.title, facts, sorted_sightings(sightings), today=today, parse_journal=parse_journal)
    if metric.page is not None and facts.guard is not None and not facts.unit_known and read.unit:
        shown = read_metric_page(metric.page, parse_journal, shown_unit=read.unit_text)
        facts = replace(facts, guard=shown.guard, diagnostics=shown.diagnostics)
    findings += [*facts.diagnostics, *read.diagnostics]
    past = [item for item in read.observations if item.day <= today]
    cadence = _cadence(metric, facts, past, findings)
    if past and facts.aggregate is not None and facts.aggregate.kind == "sum" and read.unit == PERCENT:
        findings.append(_sum_of_shares(metric, past))
        facts = replace(facts, aggregate=None)
    series = _series(past, facts.aggregate, today)
    if past and not series:
        findings.append(_in_segments(metric, past))
    last = past[-1].day if past else None
    value = series[-1].value if series else None
    holds = _holds(facts, value, read.unit)
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
        freshness=freshness(last, today, cadence),
        score=_score(facts, value, holds=holds),
        guard=_guard(facts, value, read.unit),
        breach=_breach(facts, series[-1], read.unit) if series else None,
        holds=holds,
        diagnostics=tuple(sorted(findings, key=lambda item: (item.path, item.line, item.column, item.code))),
    )


def _cadence(metric: Metric, facts: MetricFacts, past: Sequence[Observation], findings: list[Diagnostic]) -> int:
    """The days between two observations; **reports** W408 for gaps and W410 for a cadence that is not understood."""
    if not facts.cadence_text:
        return DEFAULT_CADENCE
    cadence = read_cadence(facts.cadence_text)
    if cadence is None:
        findings.append(_no_cadence(metric, facts))
        return DEFAULT_CADENCE
    findings += _gaps(metric, past, cadence)
    return cadence


def _guard(facts: MetricFacts, value: float | None, unit: str) -> bool | NoScore | None:
    """True if the current value keeps the guard; None if it has none."""
    if facts.guard is None:
        return None
    if value is None:
        return NoScore.NO_VALUE
    return guard_holds(value, unit, facts.guard, direction=facts.direction or "up")


def _breach(facts: MetricFacts, current: Point, unit: str) -> Breach | None:
    """What a current value beyond its guard says."""
    if facts.guard is None:
        return None
    return guard_breach(current.value, current.n, unit, facts.guard, direction=facts.direction or "up")


def _holds(facts: MetricFacts, value: float | None, unit: str) -> bool | NoScore | None:
    """The verdict on a metric that is to hold; None for others."""
    if facts.direction != "hold":
        return None
    return hold_passes(value, unit, guard=facts.guard, target=facts.target.number if facts.target else None)


def _score(facts: MetricFacts, value: float | None, *, holds: bool | NoScore | None) -> Score | NoScore:
    """How far the metric has come from its baseline to its target."""
    if facts.direction == "hold":
        return holds if isinstance(holds, NoScore) else NoScore.HOLD
    baseline = facts.baseline.number if facts.baseline else None
    target = facts.target.number if facts.target else None
    return score(baseline.value if baseline else None, target.value if target else None, value)


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
        message=f"the percentages of “{metric.title}” cannot be added up, so each day's value stands alone",
        hint="write aggregate:: mean per week, which weights values by their n, or last per week",
    )


def _in_segments(metric: Metric, past: Sequence[Observation]) -> Diagnostic:
    """W419: values of several segments and none of the whole, so that nothing can be compared with target or guard."""
    last = past[-1]
    segments = ", ".join(dict.fromkeys(item.segment for item in past))
    return Diagnostic(
        code="W419",
        severity=Severity.INFO,
        path=last.path,
        line=last.line,
        column=last.column,
        message=f"“{metric.title}” is known for {segments}, but not as a whole, so it has no current value",
        hint="log the overall value as well, without segment::",
    )


def _no_cadence(metric: Metric, facts: MetricFacts) -> Diagnostic:
    page = metric.page
    return Diagnostic(
        code="W410",
        severity=Severity.WARNING,
        path=page.path if page else "",
        line=page.property_lines.get("cadence", 1) if page else 1,
        message=f"cadence:: {facts.cadence_text} is not understood and is ignored",
        hint="write daily, weekly, monthly or every 2 weeks",
    )
