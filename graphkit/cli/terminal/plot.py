"""A series over time, drawn with characters. The only importer of plotext, and only when something is drawn."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from graphkit.cli.terminal.canvas import UNICODE
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from graphkit.cli.terminal.canvas import Line, Surface

HEIGHT: Final = 12
_LEAST_WIDTH: Final = 30
_ROWS_OF_FRAME: Final = 3
_ASCII: Final = str.maketrans("┌┐└┘├┤┬┴┼─│╴╵╶╷", "+++++++++-|-|-|")


class Curve(Record, frozen=True, kw_only=True):
    """Values over days, and the character that draws them."""

    days: Sequence[date]
    values: Sequence[float]
    marker: str = "braille"
    ascii_marker: str = "*"


def plot(
    days: Sequence[date],
    values: Sequence[float],
    surface: Surface,
    *,
    label: Callable[[float], str] = "{:g}".format,
    limits: Mapping[str, float] | None = None,
    gap: int | None = None,
    height: int = HEIGHT,
) -> list[Line]:
    """The values over their days, with a dotted line at each limit; empty for fewer than two values.

    label: formats a value at the axis. limits: the labels of the limits there. gap: the line is interrupted between two
    values that are more days apart than this. As wide as the surface, at most 100 columns.
    """
    width = min(surface.width - 2, 100)
    if len(values) < 2 or width < _LEAST_WIDTH:
        return []
    import plotext  # noqa: PLC0415 - takes 50 ms, only for plots

    unicode = surface.glyphs is UNICODE
    limits = limits or {}
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, height)
    origin = days[0].toordinal()
    places = [day.toordinal() - origin for day in days]
    span = max(places[-1], 1)
    across = [span * cell / width for cell in range(width + 1)]
    for level in limits.values():
        plotext.scatter(across, [level] * len(across), marker="·" if unicode else ".")
    for run in _runs(places, gap):
        plotext.plot(places[run], list(values[run]), marker="braille" if unicode else "*")
    if unicode:
        plotext.scatter(places, list(values), marker="●")
    ticks = sorted({round(span * share / 3) for share in range(4)}) if width >= 60 else [0, span]
    plotext.xticks(ticks, [type(days[0]).fromordinal(origin + tick).isoformat() for tick in ticks])
    low, high = min((*values, *limits.values())), max((*values, *limits.values()))
    margin = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    low, high = low - margin, high + margin
    if not math.isfinite(high - low):
        return []
    plotext.ylim(low, high)
    row = (high - low) / (height - _ROWS_OF_FRAME)
    marks = {level: name for name, level in limits.items()}
    marks |= {tick: text for tick, text in _ticks(low, high, label) if all(abs(tick - at) >= row for at in marks)}
    plotext.yticks(list(marks), list(marks.values()))
    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    if not unicode:
        text = text.translate(_ASCII).encode(surface.encoding, "replace").decode(surface.encoding)
    return [((f" {line.rstrip()}", "plain"),) for line in text.splitlines() if line.strip()]


def plot_curves(
    curves: Sequence[Curve], surface: Surface, *, marks: Mapping[str, date] | None = None, height: int = HEIGHT
) -> list[Line]:
    """Several curves over the same days, from 0 upwards, with a vertical line at each mark; empty without curves.

    marks: the label of each day. As wide as the surface, at most 100 columns.
    """
    width = min(surface.width - 2, 100)
    drawn = [curve for curve in curves if len(curve.days) > 1]
    if not drawn or width < _LEAST_WIDTH:
        return []
    import plotext  # noqa: PLC0415 - takes 50 ms, only for plots

    unicode = surface.glyphs is UNICODE
    marks = marks or {}
    days = [day.toordinal() for curve in drawn for day in curve.days]
    origin, span = min(days), max(max(days) - min(days), 1)
    high = max(1.0, *(value for curve in drawn for value in curve.values)) * 1.05
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, height)
    plotext.ylim(0, high)
    plotext.xlim(0, span)
    for day in marks.values():
        at = day.toordinal() - origin
        if 0 <= at <= span:
            rows = [high * row / height for row in range(height + 1)]
            plotext.scatter([at] * len(rows), rows, marker="┆" if unicode else ":")
    for curve in drawn:
        places = [day.toordinal() - origin for day in curve.days]
        plotext.plot(places, list(curve.values), marker=curve.marker if unicode else curve.ascii_marker)
    ticks = sorted({round(span * share / 3) for share in range(4)}) if width >= 60 else [0, span]
    plotext.xticks(ticks, [type(drawn[0].days[0]).fromordinal(origin + tick).isoformat() for tick in ticks])
    found = _ticks(0.0, high, "{:g}".format)
    plotext.yticks([tick for tick, _ in found], [text for _, text in found])
    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    if not unicode:
        text = text.translate(_ASCII).encode(surface.encoding, "replace").decode(surface.encoding)
    return [((f" {line.rstrip()}", "plain"),) for line in text.splitlines() if line.strip()]


def _runs(places: Sequence[int], gap: int | None) -> Iterator[slice]:
    """The runs of values without a gap."""
    start = 0
    for index, (before, after) in enumerate(pairwise(places), 1):
        if gap is not None and after - before > gap:
            yield slice(start, index)
            start = index
    yield slice(start, len(places))


def _ticks(low: float, high: float, label: Callable[[float], str]) -> list[tuple[float, str]]:
    """Three to six round values between two values, with their labels, which are all different."""
    least = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * size for size in (1, 2, 2.5, 5, 10, 20) if power * size >= least)
    ticks = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    texts = [label(tick) for tick in ticks]
    if len(set(texts)) < len(texts):  # the labels are rounded too far for such a small range
        texts = [f"{tick:,.{max(0, 1 - math.floor(math.log10(step)))}f}" for tick in ticks]
    return list(zip(ticks, texts, strict=True))
