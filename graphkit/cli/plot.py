"""A series over time drawn with characters. The only importer of plotext, and only when something is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.cli.surface import UNICODE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.cli.surface import Line, Surface

HEIGHT: Final = 12
_LEAST_WIDTH: Final = 30
_ASCII: Final = str.maketrans("┌┐└┘├┤┬┴┼─│╴╵╶╷", "+++++++++-|-|-|")


def plot(
    days: Sequence[date],
    values: Sequence[float],
    surface: Surface,
    *,
    limits: Sequence[float] = (),
    height: int = HEIGHT,
) -> list[Line]:
    """The values over their days, with a horizontal line at each limit; nothing for fewer than two values.

    Values and limits in the unit that is to stand at the axis. As wide as the surface, at most 100 columns.
    """
    width = min(surface.width - 2, 100)
    if len(values) < 2 or width < _LEAST_WIDTH:
        return []
    import plotext  # noqa: PLC0415 - 50 ms that only this drawing pays

    unicode = surface.glyphs is UNICODE
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, height)
    origin = days[0].toordinal()
    places = [day.toordinal() - origin for day in days]
    plotext.plot(places, list(values), marker="braille" if unicode else "*")
    if unicode:
        plotext.scatter(places, list(values), marker="●")
    for limit in limits:
        plotext.hline(limit)
    span = max(places[-1], 1)
    ticks = sorted({round(span * share / 3) for share in range(4)}) if width >= 60 else [0, span]
    plotext.xticks(ticks, [type(days[0]).fromordinal(origin + tick).isoformat() for tick in ticks])
    low, high = min((*values, *limits)), max((*values, *limits))
    margin = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    plotext.ylim(low - margin, high + margin)
    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    if not unicode:
        text = text.translate(_ASCII).encode(surface.encoding, "replace").decode(surface.encoding)
    return [((f" {line.rstrip()}", "plain"),) for line in text.splitlines() if line.strip()]
