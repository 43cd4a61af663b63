"""A sparkline: a series in the height of a line, with its target and its guard."""

from __future__ import annotations

from graphkit.report.charts.scales import Scale
from graphkit.report.svg import Html, Svg


def sparkline(
    values: list[float], title: str, *, levels: dict[str, float] | None = None, scope: list[float] | None = None,
    bad: bool = False,
) -> Html:  # fmt: skip
    """The values from left to right, evenly spaced; a single one is a dot. Empty without values.

    levels: lines across, by their class. scope: a second series above, as of a burn-up. bad: colours the last value.
    """
    width, height = 72, 22
    svg, above, across = Svg(width, height, title, css="spark"), scope or [], levels or {}
    if not values:
        return Html("")
    known = [*values, *above, *across.values()]
    x, y = Scale(0, len(values) - 1, 3, width - 3), Scale(min(known), max(known), height - 3, 3)
    for css, level in across.items():
        svg.path([(0, y(level)), (width, y(level))], css)
    for css, series in (("scope", above), ("done" if above else "value", values)):
        if len(series) > 1:
            svg.path([(x(place), y(value)) for place, value in enumerate(series)], css)
    svg.dot(x(len(values) - 1), y(values[-1]), 2, "bad" if bad else "last")
    return svg.html()
