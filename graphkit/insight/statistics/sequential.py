"""Intervals that hold however often one looks: an asymptotic confidence sequence on the log ratio.

Waudby-Smith and others (2024), tuned to be narrowest at N* units in all arms together. The half width is
s·√(2(nρ² + 1)·ln(√(nρ² + 1)/α))/(nρ) with s² = n·se² and ρ² = (−2 ln α + ln(1 − 2 ln α))/N*.
"""

from __future__ import annotations

import math

from graphkit.insight.statistics.values import ALPHA, Interval, Mean, Proportion

SEQUENTIAL_TUNING = 5000
"""N*, the number of units in all arms at which the interval is narrowest."""

LEAST_EVENTS = 10
"""Conversions and non-conversions that every arm needs before a look means anything."""


def half_width_factor(n: float, alpha: float = ALPHA, tuning: float = SEQUENTIAL_TUNING) -> float:
    """The half width of the sequential interval in standard errors, with `n` units in all arms together."""
    steps = n * (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / tuning
    return math.sqrt(2 * (steps + 1) * math.log(math.sqrt(steps + 1) / alpha) / steps)


def log_ratio_error(treatment: Proportion | Mean, control: Proportion | Mean) -> float:
    """The standard error of ln(μ_T/μ_C) by the delta method; infinite where a share or mean is not above 0."""
    variance = 0.0
    for arm in (treatment, control):
        if arm.mean <= 0:
            return math.inf
        if isinstance(arm, Proportion):
            variance += arm.failures / arm.n / arm.conversions  # 1/x − 1/n
        else:
            relative = arm.error / arm.mean
            variance += relative * relative
    return math.sqrt(variance)


def enough_to_look(arm: Proportion | Mean) -> bool:
    """True from 10 conversions and 10 non-conversions on, or from 10 units of a mean that is above 0."""
    if isinstance(arm, Proportion):
        return min(arm.conversions, arm.failures) >= LEAST_EVENTS
    return arm.n is not None and arm.n >= LEAST_EVENTS and arm.mean > 0


def sequential_difference(
    treatment: Mean, control: Mean, alpha: float = ALPHA, tuning: float = SEQUENTIAL_TUNING
) -> Interval | None:
    """The interval of the difference of two means at any look, where they have no ratio."""
    if treatment.n is None or control.n is None or min(treatment.n, control.n) < LEAST_EVENTS:
        return None
    centre = treatment.mean - control.mean
    reach = math.hypot(treatment.error, control.error) * half_width_factor(treatment.n + control.n, alpha, tuning)
    return Interval(low=centre - reach, high=centre + reach)


def sequential_interval(
    treatment: Proportion | Mean, control: Proportion | Mean, alpha: float = ALPHA, tuning: float = SEQUENTIAL_TUNING
) -> Interval | None:
    """The interval of the lift at any look; None where there are too few units to look."""
    if not (enough_to_look(treatment) and enough_to_look(control)):
        return None
    error = log_ratio_error(treatment, control)
    n = (treatment.n or 0) + (control.n or 0)
    if error == 0 or not math.isfinite(error):
        return None
    centre, reach = math.log(treatment.mean / control.mean), error * half_width_factor(n, alpha, tuning)
    return Interval(low=math.expm1(centre - reach), high=math.expm1(min(centre + reach, 700.0)))
