"""Tests and intervals of two means: Welch's test, Fieller's interval of the ratio, the difference where it fails.

Fieller's interval keeps Welch's degrees of freedom, so it leaves out a lift of 0 exactly when Welch's test rejects
equal means, and exchanging the arms mirrors it.
"""

from __future__ import annotations

import math
from enum import StrEnum

from graphkit.insight.statistics.values import ALPHA, Interval, Mean
from graphkit.text.records import Record

_LARGEST_G = 0.25
"""From this t²·v/μ² on, a mean is too uncertain to divide by (spec: domain §8)."""


class NoRatio(StrEnum):
    """Reasons why the relative lift of two means is not shown."""

    NOT_POSITIVE = "a mean is not above 0, so the difference is shown instead of the lift"
    UNCERTAIN = "a mean is too uncertain to divide by, so the difference is shown instead of the lift"


class MeanTest(Record, frozen=True, kw_only=True):
    """The comparison of two means."""

    difference: float
    """Treatment mean minus control mean, in the metric's unit."""
    difference_interval: Interval
    standard_error: float
    """Of the difference."""
    df: float
    """Welch–Satterthwaite degrees of freedom; infinite where only standard errors are known."""
    p_value: float
    """Two-sided, of equal means."""
    ratio_interval: Interval | NoRatio
    """Of the relative lift μ_T/μ_C − 1."""


def compare_means(treatment: Mean, control: Mean, alpha: float = ALPHA) -> MeanTest | None:
    """Welch's test and both intervals at 1 − alpha; None where neither arm varies."""
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415 - loaded only where a result is computed

    error = math.hypot(treatment.error, control.error)
    if error == 0 or not math.isfinite(error):
        return None
    df = welch_df(treatment, control)
    reach = float(stdtrit(df, 1 - alpha / 2)) if math.isfinite(df) else _normal_quantile(1 - alpha / 2)
    difference = treatment.mean - control.mean
    statistic = difference / error
    p_value = 2 * (float(stdtr(df, -abs(statistic))) if math.isfinite(df) else _normal_tail(abs(statistic)))
    return MeanTest(
        difference=difference,
        difference_interval=Interval(low=difference - reach * error, high=difference + reach * error),
        standard_error=error,
        df=df,
        p_value=p_value,
        ratio_interval=_fieller(treatment, control, reach),
    )


def welch_df(treatment: Mean, control: Mean) -> float:
    """The Welch–Satterthwaite degrees of freedom; infinite where an arm's number of units is not known."""
    if treatment.n is None or control.n is None:
        return math.inf
    # as shares of their sum, so that neither tiny nor huge variances leave the range of floats
    share = (treatment.error / math.hypot(treatment.error, control.error)) ** 2
    return 1 / (share * share / (treatment.n - 1) + (1 - share) * (1 - share) / (control.n - 1))


def _fieller(treatment: Mean, control: Mean, reach: float) -> Interval | NoRatio:
    """The lifts ρ − 1 with (μ_T − ρ·μ_C)² ≤ reach²·(v_T + ρ²·v_C)."""
    if treatment.mean <= 0 or control.mean <= 0:
        return NoRatio.NOT_POSITIVE
    roots = [reach * arm.error / arm.mean for arm in (treatment, control)]  # √g; g itself may be out of range
    if not all(root < math.sqrt(_LARGEST_G) for root in roots):
        return NoRatio.UNCERTAIN
    g_t, g_c = (root * root for root in roots)
    # with ρ = ratio·u: (1 − u)² = g_t + u²·g_c, so u = (1 ± √(g_t + g_c − g_t·g_c)) / (1 − g_c)
    ratio = treatment.mean / control.mean
    spread = math.sqrt(g_t + g_c - g_t * g_c)
    lift = (treatment.mean - control.mean) / control.mean
    low, high = ((lift + (sign * ratio * spread) + g_c) / (1 - g_c) for sign in (-1, 1))
    return Interval(low=low, high=high) if math.isfinite(low) and math.isfinite(high) else NoRatio.UNCERTAIN


def _normal_quantile(probability: float) -> float:
    from scipy.special import ndtri  # noqa: PLC0415 - loaded only where a result is computed

    return float(ndtri(probability))


def _normal_tail(score: float) -> float:
    from scipy.special import ndtr  # noqa: PLC0415 - loaded only where a result is computed

    return float(ndtr(-score))
