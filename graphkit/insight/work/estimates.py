"""Everything an estimate says, and how estimates weigh the leaves of one scope (spec: domain §3.4)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EstimateUnit = Literal["hours", "points"]

ESTIMATE_KEYS: tuple[str, ...] = ("estimate", "effort", "estimated", "time-estimate", "points")
"""Properties that can hold an estimate; the first that can be read wins (spec: domain §3.4)."""

HOUR_KEYS = frozenset({"time-estimate"})
"""Keys whose bare numbers are hours; those of all other keys are points (spec: domain §3.4)."""

_HOUR_WORDS = frozenset({"h", "hr", "hrs", "hour", "hours"})
_MINUTE_WORDS = frozenset({"m", "min", "mins", "minute", "minutes"})
_DAY_WORDS = frozenset({"d", "day", "days"})
_WEEK_WORDS = frozenset({"w", "wk", "wks", "week", "weeks"})
_POINT_WORDS = frozenset({"p", "pt", "pts", "point", "points", "sp"})

_LONGEST = 60
"""Code points; a longer value is prose. It also keeps every sum of squares finite."""
_WRAPPING = ' \t"[]#~≈'
"""What can be around a value: quotes, link and tag syntax (`#M`, `[[M]]`), and signs for `about`."""
_DASH = lazy_pattern(r"\s*[-‐‑‒–—―−﹘﹣－]\s*")
_DIGITS = r"(?:[0-9]+(?:\.[0-9]*|,[0-9]{1,2}(?![0-9]))?|\.[0-9]+)"
_NUMBER = lazy_pattern(_DIGITS)
_TERM = lazy_pattern(rf"({_DIGITS})\s*([a-z]+)\s*")


class EstimateScale(Record, frozen=True, kw_only=True):
    """How days, weeks and sizes turn into hours and points. The defaults follow spec: domain §3.4."""

    hours_per_day: float = 8.0
    days_per_week: float = 5.0
    sizes: tuple[tuple[str, float], ...] = (("S", 1.0), ("M", 3.0), ("L", 8.0))
    """Names and their points; names are compared without regard to case."""


class Estimate(Record, frozen=True, kw_only=True):
    """Everything one estimate says: mean > 0 and variance in its unit, or its square."""

    mean: float
    variance: float = 0.0
    unit: EstimateUnit


DEFAULT_SCALE = EstimateScale()


@lru_cache(maxsize=4096)
def parse_estimate(key: str, value: str, scale: EstimateScale = DEFAULT_SCALE) -> Estimate | None:
    """The estimate in one property value; None where it cannot be read or is not above zero.

    key: normalised property key; it decides only what a bare number means. Durations (`2h`, `90m`, `1.5d`,
    `1 week`, `1d 4h`) are hours, `3 points` and sizes are points, whatever the key. A range takes any dash; a unit
    behind its end holds for both ends (`1-3d`). A range l–h has mean (l+h)/2 and variance (l²+h²)/2 − mean².
    A decimal comma is read with one or two digits behind it. Zero is refused: a leaf without weight could be open
    at 100 % (spec: domain §3.4).
    """
    text = value.strip(_WRAPPING)
    if not text or len(text) > _LONGEST:
        return None
    ends = [_read_end(part.strip(_WRAPPING), scale) for part in _DASH.split(text)]
    low, high = ends[0], ends[-1]
    if len(ends) > 2 or low is None or high is None:
        return None
    low_amount, low_unit = low
    high_amount, high_unit = high
    unit = high_unit or low_unit or (_HOUR if key in HOUR_KEYS else _POINT)
    low_unit, high_unit = low_unit or unit, high_unit or unit
    if low_unit.name != high_unit.name:
        return None
    return _spread(low_amount * low_unit.size, high_amount * high_unit.size, unit.name)


def find_estimate(
    properties: Mapping[str, str], scale: EstimateScale = DEFAULT_SCALE
) -> tuple[Estimate | None, tuple[tuple[str, str], ...]]:
    """The estimate in a block's properties, and the (key, value) pairs that were meant as one but cannot be read.

    The first readable key of `ESTIMATE_KEYS` wins; an empty value is no attempt at an estimate.
    """
    found: Estimate | None = None
    wrong: list[tuple[str, str]] = []
    for key in ESTIMATE_KEYS:
        value = properties.get(key)
        if value is None or not value.strip():
            continue
        estimate = parse_estimate(key, value, scale)
        if estimate is None:
            wrong.append((key, value))
        elif found is None:
            found = estimate
    return found, tuple(wrong)


def split_estimate(estimate: Estimate, parts: int) -> Estimate:
    """One of `parts` equal shares, as independent estimates whose sum has the mean and variance of the whole."""
    return Estimate(mean=estimate.mean / parts, variance=estimate.variance / parts, unit=estimate.unit)


def median_estimate(estimates: Iterable[Estimate]) -> float:
    """The median of the means, between the middle two of an even number. There must be one at least."""
    means = sorted(estimate.mean for estimate in estimates)
    middle = len(means) // 2
    return means[middle] if len(means) % 2 else (means[middle - 1] + means[middle]) / 2


class _Unit(Record, frozen=True):
    name: EstimateUnit
    size: float


_POINT = _Unit("points", 1.0)
_HOUR = _Unit("hours", 1.0)


def _spread(low: float, high: float, unit: EstimateUnit) -> Estimate | None:
    mean = (low + high) / 2
    if not (0 < mean < math.inf):
        return None
    # ((h−l)/2)² is (l²+h²)/2 − m² without its cancellation
    half = (high - low) / 2
    return Estimate(mean=mean, variance=half * half, unit=unit)


def _read_end(text: str, scale: EstimateScale) -> tuple[float, _Unit | None] | None:
    """One end of a range, or a whole value: (amount, unit); the unit is None for a bare number."""
    lowered = text.lower()
    for name, points in scale.sizes:
        if lowered == name.lower():
            return float(points), _POINT
    if _NUMBER.fullmatch(lowered):
        return _number(lowered), None
    terms: list[tuple[float, _Unit]] = []
    at = 0
    while at < len(lowered):
        term = _TERM.match(lowered, at)
        unit = _unit(term[2], scale) if term else None
        if term is None or unit is None:
            return None
        terms.append((_number(term[1]), unit))
        at = term.end()
    if len(terms) == 1:
        return terms[0]
    if not terms or any(unit.name != "hours" for _, unit in terms):
        return None
    return sum(amount * unit.size for amount, unit in terms), _HOUR


def _unit(word: str, scale: EstimateScale) -> _Unit | None:
    if word in _HOUR_WORDS:
        return _HOUR
    if word in _MINUTE_WORDS:
        return _Unit("hours", 1 / 60)
    if word in _DAY_WORDS:
        return _Unit("hours", scale.hours_per_day)
    if word in _WEEK_WORDS:
        return _Unit("hours", scale.hours_per_day * scale.days_per_week)
    return _POINT if word in _POINT_WORDS else None


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))
