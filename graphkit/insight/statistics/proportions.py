"""Score tests and intervals of two proportions: the ratio and the difference (Miettinen and Nurminen, 1985).

The statistic is (p̂_T − R·p̂_C) / √(N/(N−1) · (p_T·q_T/n_T + R²·p_C·q_C/n_C)) with the shares p that are most likely
under the ratio R; for the difference D it is (p̂_T − p̂_C − D) over the same root with R = 1 and the shares that are
most likely under D. At R = 1 and D = 0 both are the same number, so the two intervals and the p-value agree.

Shares and their complements are computed apart, each from sums of positive terms, so that nothing is lost where the
shares are near 0 or near 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from graphkit.insight.statistics.values import ALPHA, Interval, Proportion

if TYPE_CHECKING:
    from collections.abc import Callable

_FARTHEST: Final = 120.0
"""No end of a log ratio that exists lies farther out: e¹²⁰ times is beyond every count."""
_TINY: Final = 1e-300
_PRECISE: Final = 4 * 2.220446049250313e-16


def ratio_score(treatment: Proportion, control: Proportion, log_ratio: float) -> float:
    """The score statistic of the ratio e^log_ratio; falls as the ratio rises."""
    x_t, y_t, n_t = treatment.conversions, treatment.failures, treatment.n
    x_c, y_c, n_c = control.conversions, control.failures, control.n
    total, failures = n_t + n_c, y_t + y_c
    ratio, lift, inverse, drop = (
        math.exp(log_ratio),
        math.expm1(log_ratio),
        math.exp(-log_ratio),
        math.expm1(-log_ratio),
    )
    # the discriminant of the quadratic of the most likely shares, written as a sum of two squares or products ≥ 0
    if lift >= 0:
        root = math.sqrt((failures - lift * (n_t + x_c)) ** 2 + 4 * lift * total * y_t)
    else:
        root = math.sqrt((failures + lift * (total + y_c)) ** 2 - 4 * ratio * lift * total * y_c)
    p_c = 2 * (x_t + x_c) / (n_t * ratio + x_t + n_c + x_c * ratio + root)
    p_t = ratio * p_c
    q_c = _complement(failures + lift * (total + y_c), root, lift * y_c, total * ratio)
    q_t = _complement(failures + drop * (total + y_t), root * inverse, drop * y_t, total * inverse)
    variance = (p_t * q_t / n_t + ratio * ratio * p_c * q_c / n_c) * total / (total - 1)
    apart = x_t / n_t - ratio * (x_c / n_c)
    if x_t + x_c > failures:  # the same in complements
        apart = ratio * (y_c / n_c) - y_t / n_t - lift
    return _standardised(apart, variance)


def _complement(linear: float, root: float, constant: float, square: float) -> float:
    """The larger root of square·q² − linear·q + constant, with the root of its discriminant."""
    return (linear + root) / (2 * square) if linear >= 0 else 2 * constant / (linear - root)


def _standardised(apart: float, variance: float) -> float:
    if variance <= 0:
        return math.copysign(math.inf, apart) if apart else 0.0
    return apart / math.sqrt(variance)


def difference_score(treatment: Proportion, control: Proportion, difference: float) -> float:
    """The score statistic of p_T − p_C = difference; falls as the difference rises."""
    if treatment.conversions + control.conversions > treatment.failures + control.failures:
        return -_small_difference_score(_reversed(treatment), _reversed(control), -difference)
    return _small_difference_score(treatment, control, difference)


def _reversed(arm: Proportion) -> Proportion:
    return Proportion(name=arm.name, n=arm.n, conversions=arm.failures)


def _small_difference_score(treatment: Proportion, control: Proportion, difference: float) -> float:
    lower, upper = (control, treatment) if difference >= 0 else (treatment, control)
    distance = abs(difference)
    small = _most_likely_share(lower, upper, distance)
    large = small + distance
    variance = small * (1 - small) / lower.n + large * max(1 - large, 0.0) / upper.n
    total = lower.n + upper.n
    apart = treatment.conversions / treatment.n - control.conversions / control.n - difference
    return _standardised(apart, variance * total / (total - 1))


def _most_likely_share(lower: Proportion, upper: Proportion, distance: float) -> float:
    """The share of `lower` that is most likely when that of `upper` is larger by `distance`.

    The root of the derivative of the log likelihood, which falls with the share, times its four denominators; a
    denominator is left out where its term has a count of 0.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - loaded only where a result is computed

    pooled = (lower.conversions + upper.conversions) / (lower.n + upper.n)
    most = 1 - distance
    if distance == 0 or most <= 0:
        return pooled if distance == 0 else 0.0
    x_l, y_l, x_u, y_u = lower.conversions, lower.failures, upper.conversions, upper.failures

    def derivative(share: float) -> float:
        p_l, q_l, p_u, q_u = share, 1 - share, share + distance, most - share
        over_p, over_q = (1.0 if not x_l else p_l), (1.0 if not y_u else q_u)
        return (
            (x_l * q_l * p_u * over_q)
            + (x_u * over_p * q_l * over_q)
            - (y_l * over_p * p_u * over_q)
            - (y_u * over_p * q_l * p_u)
        )

    if derivative(0.0) <= 0:
        return 0.0
    if derivative(most) >= 0:
        return most
    return float(brentq(derivative, 0.0, most, xtol=_TINY, rtol=_PRECISE, maxiter=500))


def p_value(treatment: Proportion, control: Proportion) -> float:
    """The two-sided p-value of equal shares."""
    from scipy.special import ndtr  # noqa: PLC0415 - loaded only where a result is computed

    return 2 * float(ndtr(-abs(ratio_score(treatment, control, 0.0))))


def ratio_interval(treatment: Proportion, control: Proportion, alpha: float = ALPHA) -> Interval:
    """The lifts p_T/p_C − 1 that the score test does not reject at `alpha`.

    The low end is −1 without conversions in the treatment, the high end infinite without conversions in the control.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - loaded only where a result is computed

    reach = -float(ndtri(alpha / 2))
    start = math.log((treatment.conversions + 0.5) / (treatment.n + 1) * (control.n + 1) / (control.conversions + 0.5))
    spread = sum((arm.failures + 0.5) / (arm.n + 1) / (arm.conversions + 0.5) for arm in (treatment, control))
    step = max(math.sqrt(spread), 1e-9)

    def end(target: float) -> float:
        return math.expm1(
            _crossing(lambda point: ratio_score(treatment, control, point) - target, start, step, _FARTHEST)
        )

    return Interval(
        low=end(reach) if treatment.conversions else -1.0, high=end(-reach) if control.conversions else math.inf
    )


def difference_interval(treatment: Proportion, control: Proportion, alpha: float = ALPHA) -> Interval:
    """The differences p_T − p_C that the score test does not reject at `alpha`."""
    from scipy.special import ndtri  # noqa: PLC0415 - loaded only where a result is computed

    reach = -float(ndtri(alpha / 2))
    start = treatment.mean - control.mean
    step = math.sqrt(sum((arm.conversions + 1) * (arm.failures + 1) / (arm.n + 2) ** 3 for arm in (treatment, control)))

    def end(target: float) -> float:
        return _crossing(lambda point: difference_score(treatment, control, point) - target, start, step, 1.0)

    return Interval(low=end(reach), high=end(-reach))


def _crossing(falling: Callable[[float], float], start: float, step: float, farthest: float) -> float:
    """Where a falling function crosses 0 between −farthest and farthest; the nearer of them where it does not."""
    from scipy.optimize import brentq  # noqa: PLC0415 - loaded only where a result is computed

    point, value = start, falling(start)
    if value == 0:
        return start
    way = 1.0 if value > 0 else -1.0
    while abs(point) < farthest or point * way < 0:
        reached = max(min(point + way * step, farthest), -farthest)
        if falling(reached) * way <= 0:
            low, high = sorted((point, reached))
            return float(brentq(falling, low, high, xtol=_TINY, rtol=_PRECISE, maxiter=500))
        point, step = reached, 2 * step
    return way * farthest
