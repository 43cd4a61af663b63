"""A timeline: a bar for each experiment from its start to its due day or its end, with slips and today's line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale, draw_days, draw_mark, fitted
from graphkit.report.charts.svg import Svg
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.report.safe_text import Html

WIDTH: Final = 760
ROW: Final = 22
LEFT: Final = 210


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


def timeline(title: str, rows: Sequence[Span], today: date) -> Html:
    """The rows from top to bottom; without rows only the title."""
    if not rows:
        return Svg(WIDTH, 30, f"{title}: no experiment has a start and an end").html()
    first = min(today, *(row.start for row in rows))
    last = max(today, *(max(row.end, row.start) for row in rows))
    furthest = last + timedelta(days=max(28, (last - first).days // 3))
    last = min(furthest, max(last, *(row.p85 or row.end for row in rows)))
    bottom = 22 + ROW * len(rows)
    x = Scale(first.toordinal(), last.toordinal(), LEFT, WIDTH - 10)
    svg = Svg(WIDTH, bottom + 22, title, "; ".join(row.words for row in rows[:12]), css="chart wide")
    draw_days(svg, x, first, last, 18, bottom)
    for index, row in enumerate(rows):
        y = 22 + ROW * index
        start, end = x.day(row.start), x.day(max(row.end, row.start))
        svg.text(0, y + 14, fitted(row.label, LEFT - 14, 11), "label")
        if row.p85 is not None and row.p85 > row.end:
            svg.rect(end, y + 8, x.day(min(row.p85, last)) - end, 4, f"slip {row.tone}", f"forecast until {row.p85}")
        svg.rect(start, y + 4, max(end - start, 3), 12, f"span {row.tone}", row.words, 3)
        if row.done:
            svg.rect(start, y + 4, max(end - start, 3) * row.done, 12, f"part {row.tone}", "", 3)
    draw_mark(svg, x.day(today), 12, 14, bottom, "today", "today")
    return svg.html()
