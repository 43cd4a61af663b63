"""From values and days to pixels: scales, round ticks, labels that do not overlap, and the frame around a plot."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.report.charts.svg import Svg

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS: Final = (1, 2, 7, 14)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)
_LIFTS: Final = (-0.9, -0.75, -0.5, -0.25, -0.1, -0.05, 0.0, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 9.0, 99.0)


class Scale:
    """A straight map from values to pixels; a single value lies in the middle."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        """low, high: the ends in values. start, end: the same in pixels, in either direction."""
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        """The place of a value in pixels; beyond the ends for values outside."""
        span = self.high - self.low
        share = (value - self.low) / span if span > 0 else 0.5
        return self.start + share * (self.end - self.start)

    def day(self, day: date) -> float:
        """The place of a day."""
        return self(day.toordinal())


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most so many round values that cover the range; the first and the last may lie outside it."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return []
    span = high - low
    if span <= 0:
        span = abs(low) or 1.0
        low, high = low - span / 2, high + span / 2
    for power in range(math.floor(math.log10(span)) - 2, math.floor(math.log10(span)) + 3):
        for factor in (1, 2, 5):
            step = factor * 10.0**power
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first + 1 <= most:
                return [round(index * step, 12 - power) for index in range(first, last + 1)]
    return [low, high]


def day_ticks(first: date, last: date, most: int = 5) -> list[tuple[date, str]]:
    """At most so many days between two with their labels: `9 Mar`, `Mar`, and the year where it begins or changes."""
    days = (last - first).days
    for step in _STEPS:
        if days // step < most:
            count = range(0, days + 1, step)
            return _labelled([first + timedelta(days=offset) for offset in count], whole_months=False)
    months = (last.year - first.year) * 12 + last.month - first.month
    for step in _MONTH_STEPS:
        begin = first.year * 12 + first.month - 1
        begin = -(-(begin + (first.day > 1)) // step) * step
        found = [date(month // 12, month % 12 + 1, 1) for month in range(begin, begin + months + 1, step)
                 if date.min.year <= month // 12 <= date.max.year]  # fmt: skip
        found = [day for day in found if day <= last]
        if len(found) <= most:
            return _labelled(found or [first], whole_months=bool(found))
    return [(first, f"{first.year}")]


def _labelled(days: Sequence[date], *, whole_months: bool) -> list[tuple[date, str]]:
    years = len({day.year for day in days}) > 1
    labels, before = [], days[0].year if not years else 0
    for day in days:
        name = MONTHS[day.month - 1] if whole_months else f"{day.day} {MONTHS[day.month - 1]}"
        if day.year != before:
            name = f"{day.year}" if whole_months and day.month == 1 else f"{name} {day.year}"
        labels.append((day, name))
        before = day.year
    return labels


def lift_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round lifts within a range, 0 always among them, at most so many; for a scale of `log_lift`."""
    inside = [lift for lift in _LIFTS if low - 1e-9 <= lift <= high + 1e-9 or lift == 0]
    while len(inside) > most:
        zero = inside.index(0.0)
        inside = inside[zero % 2 :: 2]
    return inside


def log_lift(lift: float) -> float:
    """ln(1 + lift), where a doubling and a halving are equally far from 0; lifts down to −99 %."""
    return math.log1p(max(lift, -0.99))


def text_width(text: str, size: float = 10) -> float:
    """The estimated width of a text in pixels, wide characters counted double."""
    return size * sum(1.0 if east_asian_width(sign) in "WF" else 0.56 for sign in text)


def fitted(text: str, width: float, size: float = 10) -> str:
    """The text, cut with `…` where it is wider than so many pixels."""
    if text_width(text[:400], size) <= width and len(text) <= 400:
        return text
    kept = text[: int(width / size * 2) + 1]
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def apart(labels: Iterable[tuple[float, str]], size: float = 10, gap: float = 6) -> list[tuple[float, str]]:
    """The labels, centred at their places, that do not run into an earlier one; in order of place."""
    kept: list[tuple[float, str]] = []
    end = -math.inf
    for place, text in sorted(labels):
        half = text_width(text, size) / 2
        if place - half >= end:
            kept.append((place, text))
            end = place + half + gap
    return kept


def draw_days(svg: Svg, scale: Scale, first: date, last: date, top: float, bottom: float) -> None:
    """The time axis below a plot: ticks, and labels that do not overlap."""
    ticks = day_ticks(first, last)
    for day, _ in ticks:
        svg.line(scale.day(day), top, scale.day(day), bottom, "grid")
    inside = [(min(max(scale.day(day), text_width(text) / 2), svg.width - text_width(text) / 2), text)
              for day, text in ticks]  # fmt: skip
    for place, text in apart(inside):
        svg.text(place, bottom + 14, text, "tick", middle=True)


def draw_values(svg: Svg, scale: Scale, ticks: Sequence[float], left: float, right: float,
                said: Callable[[float], str]) -> None:  # fmt: skip
    """The value axis at the left of a plot, with a line across for each tick."""
    for value in ticks:
        place = scale(value)
        svg.line(left, place, right, place, "grid")
        svg.text(left - 5, place + 3.5, said(value), "tick", end=True)


def draw_mark(svg: Svg, x: float, y: float, top: float, bottom: float, css: str, label: str) -> None:
    """An upright line with its label beside it, on the side where there is room."""
    svg.line(x, top, x, bottom, css, label)
    left = x + 4 + text_width(label, 9) > svg.width
    svg.text(x - 4 if left else x + 4, y, label, "mark", end=left)
