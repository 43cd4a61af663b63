"""Looks at a running test: the lift over time inside its sequential band, which holds at every look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale, draw_days, draw_values, lift_ticks, log_lift
from graphkit.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.results.readouts import LookRow
    from graphkit.report.safe_text import Html

WIDTH: Final = 380
HEIGHT: Final = 170
LEFT, RIGHT, TOP, BOTTOM = 46, 372, 10, 146
_WIDEST: Final = 9.0


def sequential_band(title: str, looks: Sequence[LookRow]) -> Html:
    """The looks at one variant, oldest first; a single one is an upright interval, none only a title."""
    dated = [look for look in looks if look.lift is not None]
    if not dated:
        return Svg(WIDTH, 40, f"{title}: too little to look at yet").html()
    ends = [min(end, _WIDEST) for look in dated for end in (look.low, look.high, look.lift) if end is not None]
    low, high = max(-0.95, min(*ends, -0.1)), max(*ends, 0.1)
    first, last = dated[0].day, dated[-1].day
    x = Scale(first.toordinal(), last.toordinal(), LEFT + 8, RIGHT - 8)
    y = Scale(log_lift(low), log_lift(high), BOTTOM, TOP)
    told = "; ".join(f"{look.day}: {look.lift:+.1%} of {look.units:,.0f} units" for look in dated)
    svg = Svg(WIDTH, HEIGHT, title, told)
    draw_values(svg, Scale(log_lift(low), log_lift(high), BOTTOM, TOP), [log_lift(tick) for tick in
                lift_ticks(low, high)], LEFT, RIGHT, _percent)  # fmt: skip
    draw_days(svg, x, first, last, TOP, BOTTOM)
    svg.line(LEFT, y(0), RIGHT, y(0), "zero")
    band = [look for look in dated if look.low is not None]
    upper = [(x.day(look.day), y(log_lift(min(high if look.high is None else look.high, high)))) for look in band]
    lower = [(x.day(look.day), y(log_lift(max(look.low or low, low) if look.low != 0 else 0))) for look in band]
    if len(band) > 1:
        svg.path([*upper, *reversed(lower)], "fan", closed=True)
    for (at, above), (_, below) in zip(upper, lower, strict=True):
        svg.line(at, above, at, below, "interval")
    svg.path([(x.day(look.day), y(log_lift(look.lift or 0))) for look in dated], "value")
    for look in dated:
        svg.dot(x.day(look.day), y(log_lift(look.lift or 0)), 3, "last", f"{look.day}: {look.lift:+.1%}")
    return svg.html()


def _percent(scaled: float) -> str:
    from math import expm1  # noqa: PLC0415 - the inverse of log_lift

    share = round(expm1(scaled), 4)
    return f"{share:+.0%}" if share else "0"
