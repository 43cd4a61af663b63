"""A sparkline: a series in the height of a line, with its target and its guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import Scale
from graphkit.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.report.safe_text import Html

WIDTH: Final = 72
HEIGHT: Final = 22


def sparkline(
    values: Sequence[float],
    title: str,
    *,
    target: float | None = None,
    guard: float | None = None,
    scope: Sequence[float] = (),
    breached: bool = False,
) -> Html:
    """The values from left to right, evenly spaced; a single one is a dot. Empty without values.

    target, guard: levels across. scope: a second series above, as of a burn-up.
    """
    svg = Svg(WIDTH, HEIGHT, title, css="spark")
    known = [*values, *scope, *(level for level in (target, guard) if level is not None)]
    if not values:
        return svg.html()
    y = Scale(min(known), max(known), HEIGHT - 3, 3)
    x = Scale(0, len(values) - 1, 3, WIDTH - 3)
    for level, css in ((target, "target"), (guard, "guard")):
        if level is not None:
            svg.line(0, y(level), WIDTH, y(level), css)
    if scope:
        svg.path([(x(place), y(value)) for place, value in enumerate(scope)], "scope")
    points = [(x(place), y(value)) for place, value in enumerate(values)]
    if len(points) > 1:
        svg.path(points, "done" if scope else "value")
    svg.dot(*points[-1], 2, "bad" if breached else "last")
    return svg.html()
