"""A forest plot: a lift and its interval in each row, on a scale where doubling and halving are equally far from 0."""

from __future__ import annotations

from graphkit.report.charts.scales import WIDEST_LIFT, lift_scale, log_lift
from graphkit.report.svg import Html, Svg
from graphkit.report.text_measures import fitted
from graphkit.text.records import Record

_WIDTH, _ROW = 380, 30


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


def forest_plot(title: str, rows: list[Lift]) -> Html:
    """The rows from top to bottom; one without an interval has only its words. Empty without rows."""
    if not rows:
        return Html("")
    highs = [WIDEST_LIFT if row.high is None else row.high for row in rows if row.low is not None]
    known = [*highs, *(end for row in rows for end in (row.low, row.lift) if end is not None)]
    x, ticks = lift_scale(known, 14, _WIDTH - 14)
    bottom = 6 + _ROW * len(rows)
    svg = Svg(_WIDTH, bottom + 20, title, "; ".join(f"{row.label}: {row.words}" for row in rows))
    svg.grid((x(log_lift(lift)), 20, x(log_lift(lift)), bottom) for lift in ticks)
    svg.texts(((x(log_lift(lift)), bottom + 14, f"{lift:+.0%}" if lift else "0") for lift in ticks), "middle")
    svg.path([(x(0), 4), (x(0), bottom)], "zero")
    for index, row in enumerate(rows):
        y = 14 + _ROW * index
        words = fitted(row.words, 220)
        svg.text(0, y, fitted(row.label, _WIDTH - 12 - len(words) * 5.6, 11), "label")
        svg.text(_WIDTH, y, words, "tick", "end")
        if row.low is not None:
            high = WIDEST_LIFT if row.high is None else row.high
            start, end = x(log_lift(row.low)), x(log_lift(high))
            svg.path([(start, y + 9), (end, y + 9)], f"interval {row.tone}", f"{row.label}: {row.words}")
            if row.high is None or row.high > WIDEST_LIFT:
                svg.path([(end - 4, y + 5), (end, y + 9), (end - 4, y + 13)], f"interval {row.tone}")
        if row.lift is not None:
            svg.dot(x(log_lift(row.lift)), y + 9, 3.5, f"lift {row.tone}")
    return svg.html()
