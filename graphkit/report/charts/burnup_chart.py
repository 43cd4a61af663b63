"""A burn-up: scope and work done over time, and the forecast as an area between P50 and P85."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphkit.report.charts.scales import Scale, draw_days, draw_mark, draw_values, round_ticks
from graphkit.report.svg import Html, Svg

if TYPE_CHECKING:
    from graphkit.app.results.history_reports import BurnupReport

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 380, 34, 372, 22, 176
_AHEAD = 1.2
"""The chart looks ahead at most this many times the length of the history."""


def burnup_chart(report: BurnupReport) -> Html:
    """The chart of a burn-up; empty without points."""
    if not report.points:
        return Html("")
    brief, today, due, first, last = (
        report.forecast.forecast, report.as_of, report.due, report.points[0], report.points[-1]
    )  # fmt: skip
    horizon = today + timedelta(max(21, round(_AHEAD * (today - first.day).days)))
    ends = [day for day in (brief.p50, brief.p85, due) if day is not None and day <= horizon]
    beyond = brief.p50 is not None and (brief.p85 is None or brief.p85 > horizon)
    end = horizon if beyond else max([today, *ends])
    ticks = round_ticks(0, max(point.scope for point in report.points) or 1)
    x = Scale(first.day.toordinal(), end.toordinal(), _LEFT, _RIGHT)
    y = Scale(0, ticks[-1], _BOTTOM, _TOP)
    unit = "tasks" if report.unit == "leaves" else report.unit
    told = f"From {first.done:g} of {first.scope:g} on {first.day} to {last.done:g} of {last.scope:g} on {last.day}."
    if brief.p50 is not None:
        told += f" All done by {brief.p50} with 50 %, by {brief.p85 or 'more than five years'} with 85 %."
    svg = Svg(_WIDTH, 200, f"Burn-up: {last.done:g} of {last.scope:g} {unit} done", told)
    draw_values(svg, y, ticks, _RIGHT, lambda value: f"{value:g}")
    draw_days(svg, x, first.day, end, _TOP, _BOTTOM)
    if brief.p50 is not None and last.scope > last.done:
        fan = forecast_fan((last.day, last.done), last.scope, brief.p50, brief.p85, end)
        svg.path([(x.day(day), y(value)) for day, value in fan], "fan", closed=True)
        if brief.p50 <= end:
            svg.dot(x.day(brief.p50), y(last.scope), 2.5, "p50", f"P50 {brief.p50}")
    done = [(x.day(point.day), y(point.done)) for point in report.points]
    svg.path([*done, (done[-1][0], _BOTTOM), (done[0][0], _BOTTOM)], "area", closed=True)
    svg.path([(x.day(point.day), y(point.scope)) for point in report.points], "scope")
    svg.path(done, "done")
    svg.dot(*done[-1], 2.5, "last")
    draw_mark(svg, x.day(today), _TOP - 8, _BOTTOM, "today", "today")
    if due is not None and first.day <= due <= end:
        draw_mark(svg, x.day(due), _TOP + 4 if abs(x.day(due) - x.day(today)) < 40 else _TOP - 8, _BOTTOM, "due", "due")
    return svg.html()


def forecast_fan(
    start: tuple[date, float], scope: float, p50: date, p85: date | None, end: date
) -> list[tuple[date, float]]:
    """The corners of the area between the rays from today's work to all of it at P50 and at P85, cut off at a day.

    p85: None if it is never reached, so that its ray is flat.
    """

    def at_end(target: date | None) -> float:
        days = (end - start[0]).days
        return start[1] if target is None else start[1] + (scope - start[1]) * days / max((target - start[0]).days, 1)

    if p85 is not None and p85 <= end:
        return [start, (p50, scope), (p85, scope)]
    upper = [(p50, scope), (end, scope)] if p50 <= end else [(end, at_end(p50))]
    return [start, *upper, (end, at_end(p85))]
