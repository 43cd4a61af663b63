"""A metric's stored values as people write them in its unit: `41.2%`, `€24.70`, `5.4h`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from graphkit.quantities.units import CODES, PERCENT, POINTS, SECONDS, SYMBOLS, read_unit

if TYPE_CHECKING:
    from graphkit.quantities.numbers import Number

_SIGN_OF_CODE = {code: sign for sign, code in reversed(tuple(SYMBOLS.items()))}
_TIMES = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0), ("ms", 0.001))

_LONGEST_TIGHT = 3
"""`41%` and `5min`, but `41 percent` and `5 hours`."""
_NAMES = frozenset(("point", "month", "byte", "ton", "mile", "liter"))
"""Canonical names that are words: the unit of a metric whose page names none."""


@lru_cache(maxsize=4096)
def value_text(value: float, unit_text: str) -> str:
    """A stored value in the unit as written on its metric's page, rounded to three figures, whole numbers kept.

    Money stands behind its sign, words behind a space, shares and durations without one. A duration whose page names
    seconds by their canonical name only is shown in the largest fitting unit.
    """
    name, factor = read_unit(unit_text)
    if name == SECONDS and unit_text in {"", SECONDS}:
        for word, seconds in _TIMES:
            if abs(value) >= seconds or word == "ms":
                return f"{_figures(value / seconds)}{word}"
    shown = value / factor
    if name in CODES:
        sign = _SIGN_OF_CODE.get(name, f"{name} ")
        digits = f"{abs(shown):,.2f}" if abs(shown) < 1000 else f"{abs(shown):,.0f}"
        return f"{'-' if shown < 0 else ''}{sign}{digits}"
    figures = _figures(shown)
    written = unit_text.strip()
    if not name:
        return figures
    tight = name in {PERCENT, POINTS, SECONDS, "x"} and len(written) <= _LONGEST_TIGHT
    if tight or written.startswith("/"):
        return f"{figures}{written}"
    plural = written in _NAMES and figures != "1"
    return f"{figures} {written}{'s' if plural else ''}"


def _figures(number: float) -> str:
    size = abs(number)
    if size >= 100 or number == int(number):
        return f"{number:,.0f}"
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    if size < 0.1:
        return f"{number:.3g}"
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".")


def number_text(number: Number, unit_text: str) -> str:
    """A level as read from a page: its sign, then its value or its range."""
    sign = "" if number.sign is None else f"{number.sign} "
    if number.low is not None and number.high is not None:
        return f"{sign}{value_text(number.low, unit_text)} – {value_text(number.high, unit_text)}"
    return f"{sign}{value_text(number.value, unit_text)}"


def change_text(change: float, kind: str, unit_text: str) -> str:
    """A change with its sign: `+8.4%` of the baseline, `+3.2pp`, `1.8x`, `-1.2h`."""
    if kind == "factor":
        return f"{_figures(change)}x"
    if kind == "level":
        return value_text(change, unit_text)
    sign = "+" if change >= 0 else "-"
    if kind == "relative":
        return f"{sign}{_figures(abs(change) * 100)}%"
    unit = POINTS if read_unit(unit_text).name == PERCENT else unit_text
    return sign + value_text(abs(change), unit)
