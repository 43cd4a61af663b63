"""From values and days to pixels: scales, round ticks, labels that do not overlap, and the axes of a plot."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from graphkit.report.text_measures import apart, text_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.report.svg import Svg

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)
_LIFTS: Final = (0.0, 1.0, -0.5, 0.25, -0.25, 0.1, -0.1, 0.5, 4.0, -0.75, 0.05, -0.05, 2.0, 9.0, -0.9)
WIDEST_LIFT: Final = 9.0
"""Intervals are drawn up to ten times the control; their words say the rest."""


class Scale:
    """A straight map from values to pixels, in either direction; a single value lies in the middle."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        """low, high: the ends in values. start, end: the same in pixels."""
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        """The place of a value in pixels; beyond the ends for values outside."""
        span = self.high - self.low
        return self.start + ((value - self.low) / span if span > 0 else 0.5) * (self.end - self.start)

    def day(self, day: date) -> float:
        """The place of a day."""
        return self(day.toordinal())


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most so many round values that cover the range; the first and the last may lie outside it."""
    if high <= low:
        low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    power = math.floor(math.log10(high - low)) - 2
    while True:
        for factor in (1, 2, 5):
            step = factor * 10.0**power
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first < most:
                return [round(index * step, 12 - power) for index in range(first, last + 1)]
        power += 1


def day_ticks(first: date, last: date, most: int = 5) -> list[tuple[date, str]]:
    """At most so many days between two with their labels: `9 Mar`, `Mar`, with the year where it changes."""
    for step in _DAYS:
        if (last - first).days // step < most:
            days = [first + timedelta(offset) for offset in range(0, (last - first).days + 1, step)]
            return _labelled(days, whole_months=False)
    begin, end = first.year * 12 + first.month - (first.day == 1), last.year * 12 + last.month - 1
    for step in _MONTHS:
        months = range(-(-begin // step) * step, end + 1, step)
        if len(months) <= most:
            days = [date(month // 12, month % 12 + 1, 1) for month in months]
            return _labelled(days or [first], whole_months=bool(days))
    return _labelled([first], whole_months=False)


def _labelled(days: list[date], *, whole_months: bool) -> list[tuple[date, str]]:
    labels: list[tuple[date, str]] = []
    before = days[0].year if days[0].year == days[-1].year else 0
    for day in days:
        name = MONTHS[day.month - 1] if whole_months else f"{day.day} {MONTHS[day.month - 1]}"
        if day.year != before:
            name = f"{day.year}" if whole_months and day.month == 1 else f"{name} {day.year}"
        labels.append((day, name))
        before = day.year
    return labels


def lift_scale(known: list[float], start: float, end: float) -> tuple[Scale, list[float]]:
    """A scale for `log_lift` that holds these lifts and 0, and round lifts for its ticks that are well apart."""
    low, high = max(-0.95, min([*known, -0.1])), min(WIDEST_LIFT, max([*known, 0.1]))
    scale, ticks = Scale(log_lift(low), log_lift(high), start, end), list[float]()
    for lift in _LIFTS:
        places = [scale(log_lift(other)) for other in ticks]
        if low <= lift <= high and all(abs(scale(log_lift(lift)) - place) > 34 for place in places):
            ticks.append(lift)
    return scale, sorted(ticks)


def log_lift(lift: float) -> float:
    """ln(1 + lift), where a doubling and a halving are equally far from 0; of lifts from −95 % to +900 %."""
    return math.log1p(min(max(lift, -0.95), WIDEST_LIFT))


def draw_days(svg: Svg, x: Scale, first: date, last: date, top: float, bottom: float) -> None:
    """The time axis below a plot."""
    ticks = [(x.day(day), text) for day, text in day_ticks(first, last)]
    svg.grid((place, top, place, bottom) for place, _ in ticks)
    inside = [(min(max(at, text_width(text) / 2), svg.width - text_width(text) / 2), text) for at, text in ticks]
    svg.texts(((place, bottom + 14, text) for place, text in apart(inside)), "middle")


def draw_values(svg: Svg, y: Scale, ticks: list[float], right: float, words: Callable[[float], str]) -> None:
    """The value axis at the left of a plot whose lines run up to `right`."""
    left = max((text_width(words(tick)) for tick in ticks), default=0) + 8
    svg.grid((left, y(tick), right, y(tick)) for tick in ticks)
    svg.texts(((left - 5, y(tick) + 3.5, words(tick)) for tick in ticks), "end")


def draw_mark(svg: Svg, x: float, y: float, bottom: float, css: str, label: str) -> None:
    """An upright line with its label at the top, on the side where there is room."""
    left = x + 4 + text_width(label, 9) > svg.width
    svg.path([(x, y - 6), (x, bottom)], css, label)
    svg.text(x - 4 if left else x + 4, y, label, "mark", "end" if left else "")
