"""A metric over time: its values, baseline, target and guard, and the dates of an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale, draw_days, draw_mark, draw_values, round_ticks
from graphkit.report.charts.svg import Svg
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from graphkit.report.safe_text import Html

WIDTH: Final = 380
HEIGHT: Final = 180
LEFT, RIGHT, TOP, BOTTOM = 46, 372, 20, 156


class Levels(Record, frozen=True, kw_only=True):
    """The levels of a metric, in its canonical unit."""

    baseline: float | None = None
    target: float | None = None
    guard: float | None = None
    below: bool = True
    """True if the values below the guard are the forbidden ones."""


def metric_chart(
    title: str,
    points: Sequence[tuple[date, float]],
    levels: Levels,
    said: Callable[[float], str],
    *,
    dates: Sequence[tuple[date, str]] = (),
    gap_days: int = 0,
) -> Html:
    """The chart of a metric; without values only its title.

    points: day and value, oldest first. said: a value in words. dates: days of an experiment with their names. A
    longer silence than gap_days breaks the line.
    """
    if not points:
        return Svg(WIDTH, 40, f"{title}: no values yet").html()
    first, last = points[0][0], points[-1][0]
    inside = [(day, name) for day, name in dates if abs((day - last).days) <= max(60, (last - first).days)]
    first, last = min([first, *(day for day, _ in inside)]), max([last, *(day for day, _ in inside)])
    values = [value for _, value in points]
    shown = [level for level in (levels.baseline, levels.target, levels.guard) if level is not None]
    ticks = round_ticks(min(values + shown), max(values + shown))
    x = Scale(first.toordinal(), last.toordinal(), LEFT + 6, RIGHT - 6)
    y = Scale(ticks[0], ticks[-1], BOTTOM, TOP) if ticks else Scale(min(values), max(values), BOTTOM, TOP)
    now = points[-1]
    told = [f"{len(points)} values from {points[0][0]} to {now[0]}, the last one {said(now[1])}"]
    named = (("baseline", levels.baseline), ("target", levels.target), ("guard", levels.guard))
    told += [f"{name} {said(level)}" for name, level in named if level is not None]
    svg = Svg(WIDTH, HEIGHT, title, "; ".join(told))
    if levels.guard is not None:
        edge, place = (BOTTOM if levels.below else TOP), y(levels.guard)
        svg.rect(LEFT, min(edge, place), RIGHT - LEFT, abs(edge - place), "guard-band", f"guard {said(levels.guard)}")
    draw_values(svg, y, ticks, LEFT, RIGHT, said)
    draw_days(svg, x, first, last, TOP, BOTTOM)
    for name, level in named:
        if level is not None:
            svg.line(LEFT, y(level), RIGHT, y(level), name, f"{name} {said(level)}")
    taken: list[float] = []
    for day, name in sorted(inside):
        row = sum(abs(x.day(day) - place) < 46 for place in taken)
        draw_mark(svg, x.day(day), TOP - 8 + 10 * row, TOP - 4, BOTTOM, "own", name)
        taken.append(x.day(day))
    run: list[tuple[float, float]] = []
    before: date | None = None
    for day, value in points:
        if before is not None and gap_days and (day - before).days > gap_days:
            svg.path(run, "value")
            run = []
        run.append((x.day(day), y(value)))
        before = day
    svg.path(run, "value")
    if len(points) <= 40:
        for day, value in points:
            svg.dot(x.day(day), y(value), 2, "point", f"{day}: {said(value)}")
    svg.dot(x.day(now[0]), y(now[1]), 3, "last", f"{now[0]}: {said(now[1])}")
    return svg.html()
