"""Looks at a running test: the lift over time inside its sequential band, which holds at every look."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.report.charts.scales import WIDEST_LIFT, Scale, draw_days, draw_values, lift_scale, log_lift
from graphkit.report.svg import Html, Svg

if TYPE_CHECKING:
    from graphkit.app.results.readouts import LookRow

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 380, 46, 372, 10, 146


def sequential_band(title: str, looks: list[LookRow]) -> Html:
    """The looks at one variant, oldest first; a single one is an upright interval. Empty without a lift."""
    dated = [(look, look.lift) for look in looks if look.lift is not None]
    if not dated:
        return Html("")
    ends = [(look, look.low, WIDEST_LIFT if look.high is None else look.high) for look, _ in dated]
    band = [(look, low, high) for look, low, high in ends if low is not None]
    known = [*(lift for _, lift in dated), *(low for _, low, _ in band), *(high for _, _, high in band)]
    y, ticks = lift_scale(known, _BOTTOM, _TOP)
    x = Scale(dated[0][0].day.toordinal(), dated[-1][0].day.toordinal(), _LEFT + 8, _RIGHT - 8)
    told = "; ".join(f"{look.day}: {lift:+.1%} of {look.units:,.0f} units" for look, lift in dated)
    svg = Svg(_WIDTH, 170, title, told)
    draw_values(svg, y, [log_lift(tick) for tick in ticks], _RIGHT, _percent)
    draw_days(svg, x, dated[0][0].day, dated[-1][0].day, _TOP, _BOTTOM)
    svg.path([(_LEFT, y(0)), (_RIGHT, y(0))], "zero")
    upper = [(x.day(look.day), y(log_lift(high))) for look, _, high in band]
    lower = [(x.day(look.day), y(log_lift(low))) for look, low, _ in band]
    if len(band) > 1:
        svg.path([*upper, *reversed(lower)], "fan", closed=True)
    for above, below in zip(upper, lower, strict=True):
        svg.path([above, below], "interval")
    places = [(x.day(look.day), y(log_lift(lift))) for look, lift in dated]
    svg.path(places, "value")
    for (at, height), (look, lift) in zip(places, dated, strict=True):
        svg.dot(at, height, 3, "last", f"{look.day}: {lift:+.1%}")
    return svg.html()


def _percent(scaled: float) -> str:
    share = round(math.expm1(scaled), 4)
    return f"{share:+.0%}" if share else "0"
