"""A forest plot: a lift and its interval in each row, on a scale where doubling and halving are equally far from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale, fitted, lift_ticks, log_lift
from graphkit.report.charts.svg import Svg
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.report.safe_text import Html

WIDTH: Final = 380
ROW: Final = 30
_WIDEST: Final = 9.0
"""Intervals are drawn up to ten times the control; their words say the rest."""


class Lift(Record, frozen=True, kw_only=True):
    """One row."""

    label: str
    lift: float | None
    low: float | None
    high: float | None
    """None with a low end: there is no upper one."""
    words: str
    tone: str = ""
    """good, bad or empty."""


def forest_plot(title: str, rows: Sequence[Lift]) -> Html:
    """The rows from top to bottom; one without an interval has only its words."""
    known = [end for row in rows for end in (row.low, row.high, row.lift) if end is not None]
    if any(row.low is not None and row.high is None for row in rows):
        known.append(_WIDEST)
    low = max(-0.95, min([*known, -0.1]))
    high = min(_WIDEST, max([*known, 0.1]))
    x = Scale(log_lift(low), log_lift(high), 14, WIDTH - 14)
    bottom = 6 + ROW * len(rows)
    told = "; ".join(f"{row.label}: {row.words}" for row in rows)
    svg = Svg(WIDTH, bottom + 22, title, told)
    for lift in lift_ticks(low, high):
        place = x(log_lift(lift))
        svg.line(place, 4, place, bottom, "zero" if lift == 0 else "grid")
        svg.text(place, bottom + 14, f"{lift:+.0%}" if lift else "0", "tick", middle=True)
    for index, row in enumerate(rows):
        y = 14 + ROW * index
        words = fitted(row.words, 200)
        svg.text(0, y, fitted(row.label, WIDTH - 12 - len(words) * 5.6), "label")
        svg.text(WIDTH, y, words, "tick", end=True)
        if row.low is not None:
            start, end = (x(log_lift(min(max(edge, low), high))) for edge in (row.low, row.high or high))
            svg.line(start, y + 9, end, y + 9, f"interval {row.tone}".strip(), f"{row.label}: {row.words}")
            if row.high is None or row.high > high:
                svg.path([(end - 4, y + 5), (end, y + 9), (end - 4, y + 13)], f"interval {row.tone}".strip())
        if row.lift is not None and low <= row.lift <= high:
            svg.dot(x(log_lift(row.lift)), y + 9, 3.5, f"lift {row.tone}".strip())
    return svg.html()
