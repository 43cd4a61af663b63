"""How far a metric has come and whether its value is good enough and recent enough; values in, no pages.

spec: domain §7.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from graphkit.insight.statistics.small import wilson
from graphkit.quantities.units import PERCENT, same_unit
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from graphkit.quantities.numbers import Number, Sign

Direction = Literal["up", "down", "hold"]
"""`direction::` of a metric page."""

DEFAULT_CADENCE = 7
"""Days between observations where a metric does not say (spec: domain §7: weekly)."""


class NoScore(StrEnum):
    """Why there is no score, or no verdict."""

    NO_BASELINE = "no baseline"
    NO_TARGET = "no target"
    NO_VALUE = "no observation"
    HOLD = "it is meant to hold, so it either does or does not"
    SAME = "the target equals the baseline"
    UNITS = "the units differ"
    NO_LIMIT = "there is no limit to compare with: give a guard, or a range as the target"
    OUT_OF_RANGE = "the numbers are too large or too small to compute with"


class Score(Record, frozen=True, kw_only=True):
    """The share of the way from the baseline to the target; the direction is theirs."""

    raw: float
    """Below 0 where the metric moved away, above 1 where it passed the target."""

    @property
    def shown(self) -> float:
        """Clipped to 0–1."""
        return min(max(self.raw, 0.0), 1.0)


class Freshness(StrEnum):
    """How old the last observation is, measured in cadences."""

    FRESH = "fresh"
    LATE = "late"
    MISSING = "missing"


def score(baseline: float | None, target: float | None, current: float | None) -> Score | NoScore:
    """(current − baseline) / (target − baseline), with all three in one unit; the same in any other unit."""
    if baseline is None:
        return NoScore.NO_BASELINE
    if target is None:
        return NoScore.NO_TARGET
    if current is None:
        return NoScore.NO_VALUE
    way = target - baseline
    if way == 0:
        return NoScore.SAME
    raw = (current - baseline) / way
    return Score(raw=raw) if math.isfinite(raw) else NoScore.OUT_OF_RANGE


def guard_holds(value: float, unit: str, guard: Number, *, direction: Direction = "up") -> bool | NoScore:
    """True if a value keeps a guard: `>= 36%` as it says, `5–10` inside both ends, `36%` in the metric's direction.

    A guard without a sign is a floor where up is good, a ceiling where down is good, and exact for `hold`.
    Values that differ only by rounding (a relative 1e-9) count as equal.
    """
    if not same_unit(unit, guard.unit):
        return NoScore.UNITS
    if guard.low is not None and guard.high is not None:
        return _compare(value, ">=", guard.low) and _compare(value, "<=", guard.high)
    return _compare(value, guard.sign or _SIGN_OF[direction], guard.value)


class Breach(Record, frozen=True, kw_only=True):
    """The verdict on a value beyond its guard, chance taken into account."""

    certain: bool
    """Beyond by more than chance, or of unknown sample size; else the guard may still be kept."""
    needed: int | None = None
    """Sample size that would resolve it at this value, where it is not certain."""


_ONE_SIDED: Final = 1.6448536269514722
"""Standard errors of a one-sided bound of 95 %."""


def guard_breach(
    value: float, n: float | None, unit: str, guard: Number, *, direction: Direction = "up"
) -> Breach | None:
    """True if a guard is broken: None where it is kept, or cannot be compared.

    A share with its n is beyond the guard when its Wilson bound is (one-sided, 95 %); any other value by itself.
    """
    if guard_holds(value, unit, guard, direction=direction) is not False:
        return None
    limits = [end for end in (guard.low, guard.high) if end is not None] or [guard.value]
    limit = min(limits, key=lambda end: abs(end - value))
    if n is None or n <= 0 or unit != PERCENT or not (0 <= value <= 1 and 0 < limit < 1) or value == limit:
        return Breach(certain=True)
    low, high = wilson(value * n, n, _ONE_SIDED)
    if high < limit if value < limit else low > limit:
        return Breach(certain=True)
    return Breach(certain=False, needed=math.ceil(_ONE_SIDED**2 * limit * (1 - limit) / (value - limit) ** 2))


def hold_passes(
    value: float | None, unit: str, *, guard: Number | None = None, target: Number | None = None
) -> bool | NoScore:
    """The verdict on a `hold` metric: by its guard, else by its target (a range, or a limit with a sign).

    A bare target value gives `NO_LIMIT`: no measured value ever equals it, and no tolerance is guessed.
    """
    if value is None:
        return NoScore.NO_VALUE
    if guard is not None:
        return guard_holds(value, unit, guard, direction="hold")
    if target is None or (target.low is None and target.sign is None):
        return NoScore.NO_LIMIT
    return guard_holds(value, unit, target, direction="hold")


_SIGN_OF: Mapping[Direction, Sign] = {"up": ">=", "down": "<=", "hold": "="}


def _compare(value: float, sign: Sign, limit: float) -> bool:
    equal = math.isclose(value, limit, rel_tol=1e-9)
    if sign == "=":
        return equal
    if sign == ">=":
        return equal or value > limit
    if sign == "<=":
        return equal or value < limit
    return not equal and (value > limit if sign == ">" else value < limit)


CADENCES: Mapping[str, int] = {
    "hourly": 1,
    "daily": 1,
    "weekly": 7,
    "biweekly": 14,
    "fortnightly": 14,
    "monthly": 31,
    "bimonthly": 62,
    "quarterly": 92,
    "half-yearly": 184,
    "yearly": 366,
    "annually": 366,
}
"""Days between two observations; of months and years the longest, so that no metric is late by the calendar."""

_PERIOD_DAYS: Mapping[str, int] = {
    **dict.fromkeys(("h", "hour", "d", "day"), 1),
    **dict.fromkeys(("w", "week"), 7),
    **dict.fromkeys(("mo", "month"), 31),
    "quarter": 92,
    **dict.fromkeys(("y", "year"), 366),
}
_EVERY = lazy_pattern(r"(?:(?:every|per|once an?|an?)\s{1,4})?(?:([0-9]{1,4})\s{0,4})?([a-z]{1,9}?)s?")


def read_cadence(text: str) -> int | None:
    """Days of a `cadence::` value (`weekly`, `10 days`, `1mo`), at least 1; None if it is not understood."""
    word = " ".join(text.lower().replace("[[", "").replace("]]", "").split())
    if word in CADENCES:
        return CADENCES[word]
    match = _EVERY.fullmatch(word)
    days = _PERIOD_DAYS.get(match[2]) if match else None
    if match is None or days is None:
        return None
    count = 1 if match[1] is None else int(match[1])
    if count == 0:
        return None
    return math.ceil(count / 24) if match[2] in {"h", "hour"} else count * days


def freshness(last: date | None, today: date, cadence: int = DEFAULT_CADENCE) -> Freshness:
    """Fresh up to one cadence (in days) after the last observation, late up to two, else missing.

    No observation is missing; one in the future is fresh, its date is a diagnostic of its own.
    """
    if last is None:
        return Freshness.MISSING
    age = (today - last).days
    if age <= cadence:
        return Freshness.FRESH
    return Freshness.LATE if age <= 2 * cadence else Freshness.MISSING
