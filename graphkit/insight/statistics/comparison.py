"""One treatment against the control: the test, its interval, the sequential interval and the posterior in one record.

The verdict is read off the interval alone, and the interval is the set of lifts that the test does not reject, so
interval, p-value and verdict agree. With several treatments the p-value is multiplied by their number and the
intervals are at 1 − alpha/number, so that they still agree.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.insight.statistics import means, posterior, proportions
from graphkit.insight.statistics.sequential import SEQUENTIAL_TUNING, sequential_difference, sequential_interval
from graphkit.insight.statistics.values import ALPHA, Interval, Mean, NotComputable, Proportion, Why
from graphkit.text.records import Record

if TYPE_CHECKING:
    from graphkit.insight.statistics.margins import Wanted
    from graphkit.insight.statistics.posterior import Posterior
    from graphkit.insight.statistics.values import Arm

LEAST_EXPECTED = 5
"""Conversions and non-conversions that every arm must expect under the pooled rate (spec: domain §8)."""

LEAST_MEASURED = 10
"""Units that every arm of means needs (spec: domain §8)."""


class Shortage(Record, frozen=True, kw_only=True):
    """The units that an arm lacks before there may be a verdict."""

    arm: str
    missing: int
    """Units; 0 where no number of units helps, as without any conversion in either arm."""
    events: str
    """The scarce events: `conversions`, `non-conversions` or `units`."""


class Comparison(Record, frozen=True, kw_only=True):
    """One treatment against the control; lifts are relative (.15 is 15 %)."""

    control: Arm
    treatment: Arm
    treatments: int
    """Treatments of the test, to whose number the p-value and the intervals are adjusted."""
    lift: float | None
    """Treatment over control, minus 1; None where the control is 0 or `no_lift` says why."""
    interval: Interval
    """Of the lift; of the difference where `no_lift` says why."""
    no_lift: str
    """The reason why means are compared by their difference; else empty."""
    difference: float
    """Treatment minus control, in the metric's unit."""
    difference_interval: Interval
    df: float | None
    """Welch's degrees of freedom; None for shares and where only standard errors are known."""
    p_value: float
    """Two-sided, adjusted for the number of treatments; holds at the planned end only."""
    sequential: Interval | None
    """Of the same quantity, valid at every look; None where there is too little to look at."""
    posterior: Posterior | None
    """For tests that are over; None where it is not asked for or cannot be computed."""
    shortages: tuple[Shortage, ...]
    """Not empty: too few units for a verdict."""


def compare(
    control: Arm,
    treatment: Arm,
    *,
    alpha: float = ALPHA,
    treatments: int = 1,
    wanted: Wanted = "up",
    over: bool = False,
    tuning: float = SEQUENTIAL_TUNING,
) -> Comparison | NotComputable:
    """The treatment against the control.

    over: the test has ended, so chance to win and risk may be computed. tuning: units at which the sequential interval
    is narrowest.
    """
    level = alpha / treatments
    if isinstance(control, Proportion) and isinstance(treatment, Proportion):
        return _shares(control, treatment, level, treatments, wanted if over else "hold", tuning)
    if isinstance(control, Mean) and isinstance(treatment, Mean):
        return _means(control, treatment, level, treatments, wanted if over else "hold", tuning)
    return NotComputable(why=Why.MIXED)


def _shares(
    control: Proportion, treatment: Proportion, level: float, treatments: int, wanted: Wanted, tuning: float
) -> Comparison:
    return Comparison(
        control=control,
        treatment=treatment,
        treatments=treatments,
        lift=_lift(treatment, control) if control.conversions else None,
        interval=proportions.ratio_interval(treatment, control, level),
        no_lift="",
        difference=_difference(treatment, control),
        difference_interval=proportions.difference_interval(treatment, control, level),
        df=None,
        p_value=min(1.0, treatments * proportions.p_value(treatment, control)),
        sequential=sequential_interval(treatment, control, level, tuning),
        posterior=None if wanted == "hold" else posterior.posterior_of_proportions(treatment, control, wanted),
        shortages=tuple(filter(None, (_expected_shortage(arm, control, treatment) for arm in (control, treatment)))),
    )


def _difference(treatment: Proportion, control: Proportion) -> float:
    if treatment.conversions + control.conversions > treatment.failures + control.failures:
        return control.failures / control.n - treatment.failures / treatment.n
    return treatment.mean - control.mean


def _lift(treatment: Proportion, control: Proportion) -> float:
    return _difference(treatment, control) / control.mean


def _expected_shortage(arm: Proportion, control: Proportion, treatment: Proportion) -> Shortage | None:
    """The units that `arm` lacks for LEAST_EXPECTED of the scarcer event under the pooled rate."""
    total = control.n + treatment.n
    converted = control.conversions + treatment.conversions
    scarce, events = min((converted, "conversions"), (total - converted, "non-conversions"))
    if arm.n * scarce >= LEAST_EXPECTED * total:
        return None
    missing = math.ceil(LEAST_EXPECTED * total / scarce - arm.n) if scarce else 0
    return Shortage(arm=arm.name, missing=missing, events=events)


def _means(
    control: Mean, treatment: Mean, level: float, treatments: int, wanted: Wanted, tuning: float
) -> Comparison | NotComputable:
    tested = means.compare_means(treatment, control, level)
    if tested is None:
        return NotComputable(why=Why.NO_VARIATION)
    if not (math.isfinite(tested.standard_error) and math.isfinite(tested.difference_interval.half_width)):
        return NotComputable(why=Why.OUT_OF_RANGE)
    relative = isinstance(tested.ratio_interval, Interval)
    return Comparison(
        control=control,
        treatment=treatment,
        treatments=treatments,
        lift=tested.difference / control.mean if relative else None,
        interval=tested.ratio_interval if isinstance(tested.ratio_interval, Interval) else tested.difference_interval,
        no_lift="" if isinstance(tested.ratio_interval, Interval) else str(tested.ratio_interval),
        difference=tested.difference,
        difference_interval=tested.difference_interval,
        df=tested.df if math.isfinite(tested.df) else None,
        p_value=min(1.0, treatments * tested.p_value),
        sequential=(sequential_interval if relative else sequential_difference)(treatment, control, level, tuning),
        posterior=None
        if wanted == "hold" or control.mean <= 0
        else posterior.posterior_of_means(treatment, control, wanted),
        shortages=tuple(
            Shortage(arm=arm.name, missing=math.ceil(LEAST_MEASURED - arm.n), events="units")
            for arm in (control, treatment)
            if arm.n is not None and arm.n < LEAST_MEASURED
        ),
    )
