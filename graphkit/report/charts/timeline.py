"""A timeline: a bar for each experiment from its start to its due day or its end, with slips and today's line."""

from __future__ import annotations

from datetime import date, timedelta

from graphkit.report.charts.scales import Scale, draw_days, draw_mark
from graphkit.report.svg import Html, Svg
from graphkit.report.text_measures import fitted
from graphkit.text.records import Record

_WIDTH, _LEFT, _TOP, _ROW = 760, 210, 24, 22


class Span(Record, frozen=True, kw_only=True):
    """One row."""

    label: str
    start: date
    end: date
    """Its due day, or the day on which it ended."""
    done: float | None
    """The share of the work done, 0 to 1."""
    p85: date | None
    """Where the forecast is later than the end: how far it slips."""
    tone: str
    """A class for the colour: on-track, at-risk, off-track, no-target or closed."""
    words: str


def timeline(title: str, rows: list[Span], today: date) -> Html:
    """The rows from top to bottom, with a look ahead of a third of their length at most. Empty without rows."""
    if not rows:
        return Html("")
    first = min(today, *(row.start for row in rows))
    last = max(today, *(max(row.end, row.start) for row in rows))
    last = min(last + timedelta(max(28, (last - first).days // 3)), max(last, *(row.p85 or row.end for row in rows)))
    bottom = _TOP + _ROW * len(rows)
    x = Scale(first.toordinal(), last.toordinal(), _LEFT, _WIDTH - 10)
    svg = Svg(_WIDTH, bottom + 20, title, "; ".join(row.words for row in rows[:12]), css="chart wide")
    draw_days(svg, x, first, last, 18, bottom)
    for index, row in enumerate(rows):
        y = _TOP + _ROW * index
        start, end = x.day(row.start), x.day(max(row.end, row.start))
        svg.text(0, y + 13, fitted(row.label, _LEFT - 14, 11), "label")
        if row.p85 is not None and row.p85 > row.end:
            svg.rect(end, y + 7, x.day(min(row.p85, last)) - end, 4, f"slip {row.tone}", f"forecast until {row.p85}")
        svg.rect(start, y + 3, max(end - start, 3), 12, f"span {row.tone}", row.words, 3)
        if row.done:
            svg.rect(start, y + 3, max(end - start, 3) * row.done, 12, f"part {row.tone}", corner=3)
    draw_mark(svg, x.day(today), 12, bottom, "today", "today")
    return svg.html()
