"""A metric over time: its values, baseline, target and guard, and the dates of an experiment."""

from __future__ import annotations

from datetime import date  # noqa: TC003
from typing import TYPE_CHECKING

from graphkit.report.charts.scales import Scale, draw_days, draw_mark, draw_values, round_ticks
from graphkit.report.svg import Html, Svg
from graphkit.report.text_measures import text_width

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH, _RIGHT, _TOP, _BOTTOM = 380, 372, 22, 156
_MOST_DOTS = 24


def metric_chart(
    title: str,
    points: list[tuple[date, float]],
    levels: dict[str, float],
    words: Callable[[float], str],
    *,
    dates: list[tuple[date, str]],
    gap_days: int = 0,
    low_guard: bool = True,
) -> Html:
    """The chart of a metric; empty without values.

    points: oldest first. levels: baseline, target and guard, those that are known. words: a value in words. dates: days
    of an experiment with their names. A longer silence than gap_days breaks the line. low_guard: the values below the
    guard are the forbidden ones.
    """
    if not points:
        return Html("")
    reach = max(60, (points[-1][0] - points[0][0]).days)
    inside = sorted((day, name) for day, name in dates if abs((day - points[-1][0]).days) <= reach)
    days, values = [day for day, _ in (*points, *inside)], [*(value for _, value in points), *levels.values()]
    ticks = round_ticks(min(values), max(values))
    left = max(text_width(words(tick)) for tick in ticks) + 14
    x, y = Scale(min(days).toordinal(), max(days).toordinal(), left, _RIGHT - 6), Scale(
        ticks[0], ticks[-1], _BOTTOM, _TOP
    )  # fmt: skip
    told = [f"{len(points)} values from {points[0][0]} to {points[-1][0]}, the last one {words(points[-1][1])}"]
    svg = Svg(_WIDTH, 178, title, "; ".join([*told, *(f"{name} {words(level)}" for name, level in levels.items())]))
    if "guard" in levels:
        place = y(levels["guard"])
        top, bottom = (place, _BOTTOM) if low_guard else (_TOP, place)
        svg.rect(left - 6, top, _RIGHT - left + 6, bottom - top, "guard-band")
    draw_values(svg, y, ticks, _RIGHT, words)
    draw_days(svg, x, min(days), max(days), _TOP, _BOTTOM)
    for name, level in levels.items():
        svg.path([(left - 6, y(level)), (_RIGHT, y(level))], name, f"{name} {words(level)}")
    for index, (day, name) in enumerate(inside):
        near = sum(abs(x.day(day) - x.day(other)) < 46 for other, _ in inside[:index])
        draw_mark(svg, x.day(day), _TOP - 8 + 10 * near, _BOTTOM, "own", name)
    run: list[tuple[float, float]] = []
    for (day, value), before in zip(points, [points[0][0], *(day for day, _ in points)], strict=False):
        if gap_days and (day - before).days > gap_days:
            svg.path(run, "value")
            run = []
        run.append((x.day(day), y(value)))
    svg.path(run, "value")
    for day, value in points[:-1] if len(points) <= _MOST_DOTS else ():
        svg.dot(x.day(day), y(value), 2, "", f"{day}: {words(value)}")
    svg.dot(x.day(points[-1][0]), y(points[-1][1]), 3, "last", f"{points[-1][0]}: {words(points[-1][1])}")
    return svg.html()
