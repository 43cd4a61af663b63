"""The statistics against independent implementations: mpmath, statsmodels, scipy."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, log_expit
from statsmodels.stats import proportion as statsmodels

from graphkit.insight.statistics import small
from graphkit.insight.statistics.comparison import Comparison, compare
from graphkit.insight.statistics.means import compare_means
from graphkit.insight.statistics.posterior import posterior_of_proportions
from graphkit.insight.statistics.proportions import difference_interval, p_value, ratio_interval
from graphkit.insight.statistics.sequential import half_width_factor
from graphkit.insight.statistics.values import Mean, Proportion

if TYPE_CHECKING:
    from collections.abc import Iterator

Table = tuple[Proportion, ...]
SIZES = (2, 3, 7, 20, 100, 999, 4000, 60_000, 3_000_000)


def tables(number: int) -> Iterator[Table]:
    """Tables of 2 to 5 arms, with empty, full, rare and common cells."""
    pick = random.Random(20260302)  # noqa: S311 - seeded tables
    for _ in range(number):
        sizes = [pick.choice(SIZES)] * 5 if pick.random() < 0.4 else [pick.choice(SIZES) for _ in range(5)]
        rate = pick.choice((0.0, 1e-6, 0.001, 0.02, 0.1, 0.5, 0.9, 0.999, 1.0))
        arms = []
        for n in sizes[: pick.randint(2, 5)]:
            near = min(n, max(0, round(n * rate + pick.gauss(0, 1.5) * math.sqrt(n * rate * (1 - rate)))))
            arms.append(pick.choice((near, near, near, near, 0, n, min(1, n), n - 1)))
        yield tuple(
            Proportion(name=str(place), n=n, conversions=x)
            for place, (n, x) in enumerate(zip(sizes, arms, strict=False))
        )


def pairs() -> Iterator[tuple[Proportion, Proportion]]:
    for control, *treatments in tables(500):
        for treatment in treatments:
            yield treatment, control


def most_likely(x_t: int, n_t: int, x_c: int, n_c: int, ratio: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The shares that are most likely under a ratio, by the textbook quadratic with 60 digits."""
    square, linear, constant = (n_t + n_c) * ratio, -(n_t * ratio + x_t + n_c + x_c * ratio), x_t + x_c
    share = (-linear - mpmath.sqrt(linear * linear - 4 * square * constant)) / (2 * square)
    return share * ratio, share


def exact_score(treatment: Proportion, control: Proportion, lift: float) -> mpmath.mpf:
    """The score statistic of a lift, with 60 digits."""
    x_t, n_t, x_c, n_c = (int(v) for v in (treatment.conversions, treatment.n, control.conversions, control.n))
    ratio = 1 + mpmath.mpf(lift)
    p_t, p_c = most_likely(x_t, n_t, x_c, n_c, ratio)
    variance = p_t * (1 - p_t) / n_t + ratio**2 * p_c * (1 - p_c) / n_c
    total = n_t + n_c
    return (mpmath.mpf(x_t) / n_t - ratio * x_c / n_c) / mpmath.sqrt(variance * total / (total - 1))


def test_the_ends_of_the_intervals_are_where_the_statistic_is_z() -> None:
    """Put back into the statistic, each end gives ±z; an end near 0 has the digits that a float has."""
    z = stats.norm.ppf(0.975)
    worst = 0.0
    checked = 0
    with mpmath.workdps(60):
        for treatment, control in pairs():
            interval = ratio_interval(treatment, control)
            for end, target in ((interval.low, z), (interval.high, -z)):
                if math.isfinite(end) and end > -1:
                    score = exact_score(treatment, control, end)
                    # a float holds 1 + lift to 1.1e-16, which moves the statistic by its slope
                    slope = abs(exact_score(treatment, control, end + 1e-9 * (1 + abs(end))) - score) / 1e-9
                    worst = max(worst, float(abs(score - target) - 2.3e-16 * slope))
                    checked += 1
    assert checked > 1500
    assert worst < 1e-9


def exact_difference_score(treatment: Proportion, control: Proportion, difference: float) -> mpmath.mpf:
    """The score statistic of a difference, with 60 digits: the likelihood is maximised by halving."""
    x_t, n_t, x_c, n_c = (int(v) for v in (treatment.conversions, treatment.n, control.conversions, control.n))
    apart = mpmath.mpf(difference)
    low, high = max(mpmath.mpf(0), -apart), min(mpmath.mpf(1), 1 - apart)
    for _ in range(150):
        share = (low + high) / 2
        moved = share + apart
        slope = x_t / moved - (n_t - x_t) / (1 - moved) + x_c / share - (n_c - x_c) / (1 - share)
        low, high = (share, high) if slope > 0 else (low, share)
    total = n_t + n_c
    variance = moved * (1 - moved) / n_t + share * (1 - share) / n_c
    return (mpmath.mpf(x_t) / n_t - mpmath.mpf(x_c) / n_c - apart) / mpmath.sqrt(variance * total / (total - 1))


def test_the_ends_of_the_difference_are_where_the_statistic_is_z() -> None:
    z = stats.norm.ppf(0.975)
    worst = 0.0
    with mpmath.workdps(60):
        for treatment, control in list(pairs())[::4]:
            interval = difference_interval(treatment, control)
            for end, target in ((interval.low, z), (interval.high, -z)):
                if abs(end) < 1:
                    score = exact_difference_score(treatment, control, end)
                    slope = abs(exact_difference_score(treatment, control, end * (1 - 1e-9)) - score) / abs(end * 1e-9)
                    worst = max(worst, float(abs(score - target) - 1.2e-16 * slope))
    assert worst < 1e-9


def test_the_grid_of_tables_gives_numbers_that_agree_with_each_other() -> None:
    for control, *treatments in tables(500):
        for treatment in treatments:
            number = len(treatments)
            result = compare(control, treatment, treatments=number)
            back = compare(treatment, control, treatments=number)
            assert isinstance(result, Comparison)
            assert isinstance(back, Comparison)
            assert result.interval.excludes_zero == (result.p_value < 0.05)
            assert result.difference_interval.excludes_zero == result.interval.excludes_zero
            if result.lift is not None:
                slack = 1e-12 * (1 + abs(result.lift))
                assert result.interval.low - slack <= result.lift <= result.interval.high + slack
            assert back.p_value == pytest.approx(result.p_value, rel=1e-9)
            mirrored = _inverse(back.interval.high), _inverse(back.interval.low)
            assert mirrored == pytest.approx((result.interval.low, result.interval.high), rel=1e-6, abs=1e-15)
            difference = -back.difference_interval.high, -back.difference_interval.low
            assert difference == pytest.approx(
                (result.difference_interval.low, result.difference_interval.high), rel=1e-6, abs=1e-15
            )


def _inverse(lift: float) -> float:
    """The lift of the exchanged arms."""
    if lift == math.inf:
        return -1.0
    return math.inf if lift == -1 else -lift / (1 + lift)


def test_the_score_interval_and_p_agree_with_statsmodels() -> None:
    """Where both shares are below one half and no cell is empty or full; elsewhere statsmodels is not reliable."""
    checked = 0
    for treatment, control in pairs():
        arms = (treatment, control)
        if not all(0 < arm.conversions < arm.n / 2 for arm in arms):
            continue
        counts = (int(treatment.conversions), int(treatment.n), int(control.conversions), int(control.n))
        low, high = statsmodels.confint_proportions_2indep(*counts, method="score", compare="ratio", correction=True)
        interval = ratio_interval(treatment, control)
        assert (interval.low + 1, interval.high + 1) == pytest.approx((low, high), rel=1e-6)
        theirs = statsmodels.test_proportions_2indep(*counts, method="score", compare="ratio", correction=True)
        assert p_value(treatment, control) == pytest.approx(theirs.pvalue, rel=1e-6)
        checked += 1
    assert checked > 80


def test_the_posterior_agrees_with_mpmath() -> None:
    for (n_t, x_t), (n_c, x_c) in (
        ((4100, 471), (4000, 400)), ((10, 6), (10, 1)), ((7, 0), (5, 0)), ((20, 5), (3000, 300)),
        ((100, 99), (100, 95)), ((3_000_000, 90_600), (3_000_000, 90_000)),
    ):  # fmt: skip
        ours = posterior_of_proportions(
            Proportion(name="T", n=n_t, conversions=x_t), Proportion(name="C", n=n_c, conversions=x_c)
        )
        chance, risk = exact_posterior((n_t, x_t), (n_c, x_c))
        assert ours.chance_to_win == pytest.approx(chance, rel=1e-7)
        assert ours.risk == pytest.approx(risk, rel=1e-6)


def exact_posterior(treatment: tuple[int, int], control: tuple[int, int]) -> tuple[float, float]:
    """P(p_T > p_C) and E[max(p_C − p_T, 0)]/E[p_C] by the trapezoidal rule on the log-odds scale of p_T."""
    (a, b), (c, d) = ((x + 0.5, n - x + 0.5) for n, x in (treatment, control))
    centre, spread = math.log(a / b), math.sqrt(1 / a + 1 / b)
    odds = np.linspace(centre - 60 * spread, centre + 60 * spread, 4001)
    shares, step = expit(odds), odds[1] - odds[0]
    weights = np.exp(a * log_expit(odds) + b * log_expit(-odds) - float(mpmath.log(mpmath.beta(a, b)))) * step
    base = c / (c + d)
    losses = base * stats.beta.sf(shares, c + 1, d) - shares * stats.beta.sf(shares, c, d)
    return float(np.sum(weights * stats.beta.cdf(shares, c, d))), float(np.sum(weights * losses)) / base


measured = st.builds(
    lambda n, value, deviation: (n, value, deviation), st.integers(2, 100_000), st.floats(0.1, 1e3), st.floats(0.1, 1e3)
)


@given(measured, measured)
def test_welch_agrees_with_scipy(left: tuple[int, float, float], right: tuple[int, float, float]) -> None:
    arms = [Mean(name="", n=n, mean=value, error=deviation / math.sqrt(n)) for n, value, deviation in (left, right)]
    ours = compare_means(arms[0], arms[1])
    assert ours is not None
    theirs = stats.ttest_ind_from_stats(left[1], left[2], left[0], right[1], right[2], right[0], equal_var=False)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    # Fieller's ends are the ratios that the test, with its degrees of freedom kept, just rejects
    if not isinstance(ours.ratio_interval, str):
        reach = stats.t.ppf(0.975, ours.df)
        for lift in (ours.ratio_interval.low, ours.ratio_interval.high):
            apart = arms[0].mean - (1 + lift) * arms[1].mean
            error = math.hypot(arms[0].error, (1 + lift) * arms[1].error)
            assert abs(apart) / error == pytest.approx(reach, rel=1e-7)
        assert ours.ratio_interval.excludes_zero == (ours.p_value < 0.05)


def test_the_sequential_factor_is_tightest_at_its_tuning() -> None:
    """The half width with s² fixed falls as 1/√n; among tunings, the one set for n units is the narrowest at n."""
    for n in (500, 5000, 50_000):
        tuned = half_width_factor(n, tuning=n)
        assert all(tuned <= half_width_factor(n, tuning=other) + 1e-4 for other in (n / 3, n / 1.5, 1.5 * n, 3 * n))


@given(st.integers(1, 20_000), st.floats(0, 1), st.data())
def test_the_binomial_agrees_with_scipy(n: int, p: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(-1, n + 1))
    assert small.binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-9)


@given(st.integers(-1, 3000), st.floats(0.01, 1e4), st.floats(1e-6, 1))
def test_the_negative_binomial_tail_agrees_with_scipy(k: int, r: float, p: float) -> None:
    assert small.negative_binomial_tail(k, r, p) == pytest.approx(stats.nbinom.sf(k, r, p), abs=1e-9)


@given(st.floats(1e-4, 1 - 1e-4), st.floats(1, 1e6))
def test_the_t_quantile_agrees_with_scipy(probability: float, df: float) -> None:
    assert small.t_quantile(probability, df) == pytest.approx(stats.t.ppf(probability, df), rel=1e-9, abs=1e-9)


@given(st.integers(1, 10**6), st.data())
def test_the_wilson_interval_agrees_with_statsmodels(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    theirs = statsmodels.proportion_confint(successes, n, 0.1, method="wilson")
    assert small.wilson(successes, n, stats.norm.ppf(0.95)) == pytest.approx(theirs, abs=1e-9)
