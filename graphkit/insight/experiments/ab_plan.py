"""A test before it is run: units an arm, days, and the effect that a number of days can show."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from graphkit.insight.statistics.sample_size import POWER, Sample, minimum_effect, sample_size
from graphkit.insight.statistics.sequential_plan import SequentialLength, sequential_length
from graphkit.insight.statistics.values import ALPHA, NotComputable
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphkit.insight.statistics.sample_size import Baseline

_MULTIPLES: Final = (0.5, 0.75, 1.0, 1.5, 2.0)
_WEEKS: Final = (1, 2, 3, 4, 6, 8)


class Design(Record, frozen=True, kw_only=True):
    """Everything a test is to be like."""

    baseline: Baseline
    shares: tuple[float, ...] = (0.5, 0.5)
    """Of the arms, the control's first, adding up to 1."""
    power: float = POWER
    alpha: float = ALPHA
    per_day: float | None = None
    """Units in all arms together; None where the traffic is not known."""
    start: date
    """The first day."""

    @property
    def ratios(self) -> tuple[float, ...]:
        """Units of each treatment per unit of the control."""
        return tuple(share / self.shares[0] for share in self.shares[1:])


class Row(Record, frozen=True, kw_only=True):
    """One effect with the sample and the days that it takes."""

    effect: float
    """Relative, with its sign."""
    units: tuple[int, ...]
    """Of each arm, the control's first."""
    total: int
    days: int | None
    """None where the traffic is not known."""
    end: date | None
    """The first day on which the sample is there."""


class SequentialRow(Record, frozen=True, kw_only=True):
    """The length of a test that may be read at any time, under the effect."""

    expected_total: int
    expected_days: int | None
    longest_total: int
    longest_days: int | None
    end: date | None
    """After the longest run."""


def row_for_effect(design: Design, effect: float) -> Row | NotComputable:
    """The sample and the days for an effect. effect: relative, with its sign."""
    treatments = len(design.ratios)
    control = 0
    for ratio in set(design.ratios):
        needed = sample_size(
            design.baseline, effect, ratio=ratio, power=design.power, alpha=design.alpha, treatments=treatments
        )
        if not isinstance(needed, Sample):
            return needed
        control = max(control, needed.control)
    exact = _exact(design, effect, control)
    return _row(design, effect, exact)


def _exact(design: Design, effect: float, control: int) -> tuple[int, ...]:
    """Units of each arm: what its own comparison needs, and no less than its share of the control's units."""
    treatments = len(design.ratios)
    units = [control]
    for ratio in design.ratios:
        own = sample_size(
            design.baseline, effect, ratio=ratio, power=design.power, alpha=design.alpha, treatments=treatments
        )
        least = own.treatment if isinstance(own, Sample) and own.control == control else math.ceil(ratio * control)
        units.append(least)
    return tuple(units)


def _row(design: Design, effect: float, units: tuple[int, ...]) -> Row:
    total = sum(units)
    days = None if design.per_day is None else math.ceil(total / design.per_day)
    return Row(effect=effect, units=units, total=total, days=days, end=_end(design, days))


def _end(design: Design, days: int | None) -> date | None:
    try:
        return None if days is None else design.start + timedelta(days=days)
    except OverflowError:
        return None


def effect_for_days(design: Design, days: float, *, falling: bool = False) -> float | NotComputable:
    """The smallest effect, with its sign, that a number of days can show; the design's traffic is known."""
    control = days * (design.per_day or 0) * design.shares[0]
    found = minimum_effect(
        design.baseline,
        control,
        ratio=min(design.ratios),
        power=design.power,
        alpha=design.alpha,
        treatments=len(design.ratios),
        falling=falling,
    )
    return -found if falling and not isinstance(found, NotComputable) else found


def rows_around(design: Design, effect: float) -> tuple[Row, ...]:
    """Smaller and larger effects than one, with what each takes; those that cannot be are left out."""
    rows = (row_for_effect(design, round(effect * multiple, 12)) for multiple in _MULTIPLES)
    return tuple(row for row in rows if isinstance(row, Row))


def rows_by_weeks(design: Design, *, falling: bool = False) -> Iterator[Row]:
    """The effects that whole weeks can show."""
    for weeks in _WEEKS:
        found = row_for_days(design, 7 * weeks, falling=falling)
        if isinstance(found, Row):
            yield found


def row_for_days(design: Design, days: int, *, falling: bool = False) -> Row | NotComputable:
    """The effect that a number of days can show, with the units that come in them."""
    effect = effect_for_days(design, days, falling=falling)
    if isinstance(effect, NotComputable):
        return effect
    units = tuple(int(days * (design.per_day or 0) * share) for share in design.shares)
    return Row(effect=effect, units=units, total=sum(units), days=days, end=_end(design, days))


def sequential_row(design: Design, effect: float) -> SequentialRow | NotComputable:
    """Expected and longest run of a test that is read at every look."""
    found = sequential_length(
        design.baseline,
        effect,
        ratio=min(design.ratios),
        power=design.power,
        alpha=design.alpha,
        treatments=len(design.ratios),
    )
    if not isinstance(found, SequentialLength):
        return found
    expected, longest = (_days(design, units) for units in (found.expected, found.longest))
    return SequentialRow(
        expected_total=found.expected,
        expected_days=expected,
        longest_total=found.longest,
        longest_days=longest,
        end=_end(design, longest),
    )


def _days(design: Design, units: int) -> int | None:
    return None if design.per_day is None else math.ceil(units / design.per_day)


def equal_shares(arms: int) -> tuple[float, ...]:
    """The shares of so many equal arms."""
    return (1 / arms,) * arms


def normal_shares(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights as shares that add up to 1."""
    whole = sum(weights)
    return tuple(weight / whole for weight in weights)
