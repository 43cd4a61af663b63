"""A forest plot: intervals on one axis, a line each. Values are fractions; an end beyond the axis is an arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from graphkit.cli.terminal.canvas import UNICODE
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.cli.terminal.canvas import Line, Role, Surface

_STEPS: Final = (1.0, 2.0, 2.5, 5.0)
_LEAST_CELLS: Final = 24
_MOST_CELLS: Final = 56
_FARTHEST: Final = 4.0
"""An end farther out than this many times the other numbers of the plot is cut off."""


class Bar(Record, frozen=True, kw_only=True):
    """One interval."""

    label: str
    low: float
    value: float | None
    high: float | None
    """None: the interval has no upper end."""
    role: Role = "plain"


class _Signs(Record, frozen=True, kw_only=True):
    line: str
    point: str
    left: str
    right: str
    less: str
    more: str
    zero: str


_UNICODE: Final = _Signs(line="─", point="●", left="├", right="┤", less="◂", more="▸", zero="│")
_ASCII: Final = _Signs(line="-", point="o", left="[", right="]", less="<", more=">", zero="|")


def forest(
    bars: Sequence[Bar], surface: Surface, *, indent: int = 3, text: Callable[[float], str] | None = None
) -> list[Line]:
    """A line for each interval and one for the axis; empty if the screen is too narrow or there is no interval.

    text: formats a value on the axis; None: as a signed percentage.
    """
    if not bars:
        return []
    labels = min(max(len(surface.show(bar.label)) for bar in bars), 24)
    cells = min(surface.width - 1 - indent - labels - 2, _MOST_CELLS)
    if cells < _LEAST_CELLS:
        return []
    axis = _Axis(bars, cells)
    signs = _UNICODE if surface.glyphs is UNICODE else _ASCII
    lines: list[Line] = []
    for bar in bars:
        label = surface.cut(surface.show(bar.label), labels).ljust(labels)
        drawn = axis.draw(bar, signs).rstrip()
        lines.append(((" " * indent + label + "  ", "muted"), (drawn, bar.role)))
    lines.append(((" " * (indent + labels + 2) + axis.ticks(text or _percent).rstrip(), "muted"),))
    return lines


def _percent(value: float) -> str:
    return f"{100 * value:+.3g}%" if abs(value) > 1e-12 else "0"


class _Axis:
    def __init__(self, bars: Sequence[Bar], cells: int) -> None:
        known = [0.0, *(bar.low for bar in bars), *(bar.value for bar in bars if bar.value is not None)]
        farthest = _FARTHEST * max(1e-9, *map(abs, known))
        highs = [farthest if bar.high is None else min(bar.high, farthest) for bar in bars]
        low, high = min(known), max(*known, *highs)
        margin = 0.04 * ((high - low) or 1.0)
        self._low, self._high = low - margin, high + margin
        self._cells = cells

    def _cell(self, value: float) -> int:
        share = (value - self._low) / (self._high - self._low)
        return min(max(int(share * self._cells), 0), self._cells - 1)

    def draw(self, bar: Bar, signs: _Signs) -> str:
        canvas = [" "] * self._cells
        canvas[self._cell(0.0)] = signs.zero
        cut = bar.high is None or bar.high > self._high
        left, right = self._cell(bar.low), self._cells - 1 if cut else self._cell(bar.high or 0.0)
        canvas[left : right + 1] = [signs.line] * (right + 1 - left)
        canvas[left], canvas[right] = signs.left, signs.more if cut else signs.right
        if left < self._cell(0.0) < right:
            canvas[self._cell(0.0)] = signs.zero
        if bar.value is not None and math.isfinite(bar.value):
            canvas[self._cell(bar.value)] = signs.point
        return "".join(canvas)

    def ticks(self, text: Callable[[float], str]) -> str:
        """Round values under their cells, as many as there is room for, including zero."""
        raw = (self._high - self._low) / 4
        power = 10.0 ** math.floor(math.log10(raw))
        step = next((power * size for size in _STEPS if power * size >= raw), 10 * power)
        canvas = [" "] * (self._cells + 12)
        first, last = math.ceil(self._low / step), math.floor(self._high / step)
        for number in sorted(range(first, last + 1), key=abs):
            label = text(number * step)
            at = max(self._cell(number * step) - len(label) // 2, 0)
            around = canvas[max(at - 2, 0) : at + len(label) + 2]
            if all(sign == " " for sign in around) and at + len(label) <= len(canvas):
                canvas[at : at + len(label)] = label
        return "".join(canvas)[: self._cells + 6]
