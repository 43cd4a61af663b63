"""A burn-up: scope and work done over time, and the forecast as an area between P50 and P85."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale, draw_days, draw_mark, draw_values, round_ticks
from graphkit.report.charts.svg import Svg

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.history_reports import BurnupReport
    from graphkit.report.safe_text import Html

WIDTH: Final = 380
HEIGHT: Final = 200
LEFT, RIGHT, TOP, BOTTOM = 34, 372, 20, 176
_AHEAD: Final = 1.2
"""The chart looks ahead at most this many times the length of the history."""


def burnup_chart(report: BurnupReport) -> Html:
    """The chart of a burn-up; without points only its title."""
    brief, today = report.forecast.forecast, report.as_of
    if not report.points:
        return Svg(WIDTH, 40, "There is no history of this work").html()
    first, last = report.points[0].day, report.points[-1]
    horizon = today + timedelta(days=max(21, round(_AHEAD * (today - first).days)))
    known = [end for end in (brief.p50, brief.p85, report.due) if end is not None and first <= end <= horizon]
    beyond = brief.p50 is not None and (brief.p85 is None or brief.p85 > horizon)
    end = horizon if beyond else max([today, *known])
    y_ticks = round_ticks(0, max(point.scope for point in report.points) or 1)
    x = Scale(first.toordinal(), end.toordinal(), LEFT, RIGHT)
    y = Scale(0, y_ticks[-1], BOTTOM, TOP)
    unit = "tasks" if report.unit == "leaves" else report.unit
    svg = Svg(WIDTH, HEIGHT, f"Burn-up: {last.done:g} of {last.scope:g} {unit} done", _told(report))
    draw_values(svg, y, y_ticks, LEFT, RIGHT, lambda value: f"{value:g}")
    draw_days(svg, x, first, end, TOP, BOTTOM)
    if brief.p50 is not None and last.scope > last.done:
        fan = _fan((last.day, last.done), last.scope, brief.p50, brief.p85, end)
        svg.path([(x.day(day), y(value)) for day, value in fan], "fan", closed=True,
                 title=f"P50 {brief.p50}, P85 {brief.p85 or 'more than five years'}")  # fmt: skip
        if brief.p50 <= end:
            svg.dot(x.day(brief.p50), y(last.scope), 2.5, "p50", f"P50 {brief.p50}")
    scope = [(x.day(point.day), y(point.scope)) for point in report.points]
    done = [(x.day(point.day), y(point.done)) for point in report.points]
    svg.path([*done, (done[-1][0], BOTTOM), (done[0][0], BOTTOM)], "area", closed=True)
    svg.path(scope, "scope")
    svg.path(done, "done")
    svg.dot(*done[-1], 2.5, "last", f"{last.day}: {last.done:g} of {last.scope:g}")
    draw_mark(svg, x.day(today), TOP - 8, TOP - 4, BOTTOM, "today", "today")
    if report.due is not None and first <= report.due <= end:
        near = abs(x.day(report.due) - x.day(today)) < 40
        draw_mark(svg, x.day(report.due), TOP + (6 if near else -8), TOP - 4, BOTTOM, "due", "due")
    return svg.html()


def _fan(start: tuple[date, float], scope: float, p50: date, p85: date | None, end: date) -> list[tuple[date, float]]:
    """The corners of the area between the two rays from today's work to all of it, cut off at a day."""
    day, done = start

    def at_end(target: date | None) -> float:
        if target is None:
            return done
        return done + (scope - done) * (end - day).days / max((target - day).days, 1)

    upper = [(p50, scope)] if p50 <= end else [(end, at_end(p50))]
    if p85 is not None and p85 <= end:
        return [start, *upper, (p85, scope)]
    corner = [(end, scope)] if p50 <= end else []
    return [start, *upper, *corner, (end, at_end(p85))]


def _told(report: BurnupReport) -> str:
    first, last, brief = report.points[0], report.points[-1], report.forecast.forecast
    told = f"From {first.done:g} of {first.scope:g} on {first.day} to {last.done:g} of {last.scope:g} on {last.day}."
    if brief.p50 is not None:
        told += f" All done by {brief.p50} with 50 %, by {brief.p85 or 'more than five years'} with 85 %."
    return told + (f" Due {report.due}." if report.due else "")
