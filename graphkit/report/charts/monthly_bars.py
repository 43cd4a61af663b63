"""Bars by month or week, each stacked from parts with names; also a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale, apart, draw_values, round_ticks
from graphkit.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.report.safe_text import Html

WIDTH: Final = 380
HEIGHT: Final = 160
LEFT, RIGHT, TOP, BOTTOM = 30, 372, 10, 136


def stacked_bars(title: str, bars: Sequence[tuple[str, Mapping[str, float]]]) -> Html:
    """A bar for each label, its parts from the bottom up in their order; the name of a part is its class too."""
    if not bars:
        return Svg(WIDTH, 40, f"{title}: nothing yet").html()
    told = "; ".join(f"{label}: " + ", ".join(f"{count:g} {name}" for name, count in parts.items() if count)
                     for label, parts in bars if any(parts.values()))  # fmt: skip
    ticks = [
        tick for tick in round_ticks(0, max(1.0, *(sum(parts.values()) for _, parts in bars))) if tick == int(tick)
    ]
    y = Scale(0, ticks[-1], BOTTOM, TOP)
    svg = Svg(WIDTH, HEIGHT, title, told)
    draw_values(svg, y, ticks, LEFT, RIGHT, lambda value: f"{value:g}")
    step = (RIGHT - LEFT) / len(bars)
    for index, (label, parts) in enumerate(bars):
        height, left = 0.0, LEFT + step * index
        for name, count in parts.items():
            if count:
                top = y(height + count)
                svg.rect(left + step * 0.15, top, min(step * 0.7, 40), y(height) - top, name.replace(" ", "-"),
                         f"{label}: {count:g} {name}")  # fmt: skip
                height += count
    width = min(step * 0.7, 40) / 2 + step * 0.15
    places = [(LEFT + step * index + width, label) for index, (label, _) in enumerate(bars)]
    for place, label in apart(places):
        svg.text(place, BOTTOM + 14, label, "tick", middle=True)
    return svg.html()
