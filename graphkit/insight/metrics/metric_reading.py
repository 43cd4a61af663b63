"""One metric on a day, as a value: its series, how far it has come, whether its value is good and recent enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.facts.page_facts import Sighting
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.score import Breach, Freshness, NoScore, Score
    from graphkit.insight.metrics.series import Observation
    from graphkit.text.diagnostics import Diagnostic


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
    """True if the current value keeps `guard::`; None: the metric has none."""
    breach: Breach | None
    """What the current value beyond its guard says; None where the guard is kept."""
    holds: bool | NoScore | None
    """The verdict on a `hold` metric; None for others."""
    diagnostics: tuple[Diagnostic, ...]

    @property
    def current(self) -> Point | None:
        """The newest point of the series."""
        return self.series[-1] if self.series else None

    @property
    def breached(self) -> bool:
        """True if the guard is broken by more than chance."""
        return self.breach is not None and self.breach.certain
