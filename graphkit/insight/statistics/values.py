"""The values that the statistics share: arms of a test, intervals, and reasons why there is no number."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Literal, TypeAlias

from graphkit.text.records import Record

ALPHA = 0.05
"""Share of intervals that may miss the truth: 95 % intervals (spec: domain §8)."""

Better: TypeAlias = Literal["up", "down"]
"""The direction in which a metric is better."""


class Why(StrEnum):
    """Reasons why a number cannot be computed."""

    TOO_FEW_UNITS = "an arm has no units"
    IMPOSSIBLE = "an arm has impossible numbers"
    MIXED = "one arm has a rate and the other a mean"
    NO_VARIATION = "the arms do not vary, so there is no interval"
    OUT_OF_RANGE = "the numbers are too large or too small to compute with"
    NO_ARMS = "fewer than two arms"
    NO_SPLIT = "the split does not match the arms"
    NO_CONTROL = "no arm has the control's name"
    CONTROL_UNREAD = "the control's row cannot be read"
    NO_EFFECT = "the minimum detectable effect is 0"
    NO_BASELINE = "the baseline must be between 0 and 100 %"
    BEYOND = "the effect would take the rate below 0 or above 100 %"
    NO_MEAN = "the mean must be above 0"
    NO_POWER = "the power must be between 5 % and 100 %"
    NEVER = "no sample of this size can show an effect"


class NotComputable(Record, frozen=True, kw_only=True):
    """A missing number: the reason, and the arm it is about where it is about one."""

    why: Why
    arm: str = ""


class Proportion(Record, frozen=True, kw_only=True):
    """An arm whose units convert or not; made by `proportion`."""

    name: str
    n: float
    conversions: float

    @property
    def mean(self) -> float:
        """The conversion rate."""
        return self.conversions / self.n

    @property
    def failures(self) -> float:
        """The units that did not convert."""
        return self.n - self.conversions


class Mean(Record, frozen=True, kw_only=True):
    """An arm of measured values; made by `mean` or `mean_with_error`."""

    name: str
    n: float | None
    """None where only the standard error is known."""
    mean: float
    error: float
    """Standard error of the mean, in the unit of `mean`."""


Arm: TypeAlias = Proportion | Mean


class Interval(Record, frozen=True, kw_only=True):
    """The values that a test does not reject; an end that does not exist is infinite. Relative lifts unless said."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance of the ends; infinite where one does not exist."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """True when both ends lie on one side of 0."""
        return self.low > 0 or self.high < 0


def proportion(name: str, n: float, conversions: float) -> Proportion | NotComputable:
    """An arm with `conversions` among `n` units."""
    if not (math.isfinite(n) and 0 <= conversions <= n):
        return NotComputable(why=Why.IMPOSSIBLE, arm=name)
    if n < 1:
        return NotComputable(why=Why.TOO_FEW_UNITS, arm=name)
    if n > 1e15:
        return NotComputable(why=Why.OUT_OF_RANGE, arm=name)
    return Proportion(name=name, n=n, conversions=conversions)


def mean(name: str, n: float, value: float, deviation: float) -> Mean | NotComputable:
    """An arm of `n` measured values with their standard deviation, in the unit of `value`."""
    if not (math.isfinite(n) and math.isfinite(value) and 0 <= deviation < math.inf and n >= 0):
        return NotComputable(why=Why.IMPOSSIBLE, arm=name)
    if n < 2:
        return NotComputable(why=Why.TOO_FEW_UNITS, arm=name)
    return Mean(name=name, n=n, mean=value, error=deviation / math.sqrt(n))


def mean_with_error(name: str, value: float, error: float, n: float | None = None) -> Mean | NotComputable:
    """An arm of which the mean and its standard error are known."""
    if not (math.isfinite(value) and 0 <= error < math.inf) or (n is not None and not 2 <= n < math.inf):
        return NotComputable(why=Why.IMPOSSIBLE, arm=name)
    return Mean(name=name, n=n, mean=value, error=error)
