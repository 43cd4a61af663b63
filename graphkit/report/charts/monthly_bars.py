"""Bars by month or week, each stacked from parts with names; also a histogram."""

from __future__ import annotations

from graphkit.report.charts.scales import Scale, draw_values, round_ticks
from graphkit.report.svg import Html, Svg
from graphkit.report.text_measures import apart

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 380, 28, 372, 10, 136


def stacked_bars(title: str, bars: list[tuple[str, dict[str, float]]]) -> Html:
    """A bar for each label, its parts from the bottom up in their order; a part's name is its class. Empty without."""
    if not bars:
        return Html("")
    told = [f"{label}: {', '.join(f'{count:g} {name}' for name, count in parts.items() if count)}"
            for label, parts in bars if any(parts.values())]  # fmt: skip
    highest = max(1, *(sum(parts.values()) for _, parts in bars))
    ticks = [tick for tick in round_ticks(0, highest) if tick == int(tick)]
    y, step = Scale(0, ticks[-1], _BOTTOM, _TOP), (_RIGHT - _LEFT) / len(bars)
    width = min(step * 0.7, 40)
    svg = Svg(_WIDTH, 158, title, "; ".join(told))
    draw_values(svg, y, ticks, _RIGHT, lambda value: f"{value:g}")
    middles = [_LEFT + step * (index + 0.5) for index in range(len(bars))]
    for middle, (label, parts) in zip(middles, bars, strict=True):
        height = 0.0
        for name, count in parts.items():
            if count:
                top = y(height + count)
                svg.rect(middle - width / 2, top, width, y(height) - top, name, f"{label}: {count:g} {name}")
                height += count
    shown = apart(zip(middles, (label for label, _ in bars), strict=True))
    svg.texts(((place, _BOTTOM + 14, label) for place, label in shown), "middle")
    return svg.html()
