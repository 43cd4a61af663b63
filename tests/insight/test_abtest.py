"""A/B readouts: the golden values to their printed digits, what can not be computed, and the laws.

spec: domain §8.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.insight.statistics.ab_test import (
    Arm,
    Comparison,
    NotComputable,
    Readout,
    SampleRatio,
    Why,
    compare,
    mean_arm,
    precision,
    proportion_arm,
    read_out,
    sample_per_arm,
    sample_per_arm_of_means,
    sample_ratio,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def made(arm: Arm | NotComputable) -> Arm:
    assert isinstance(arm, Arm)
    return arm


def compared(result: Comparison | NotComputable) -> Comparison:
    assert isinstance(result, Comparison)
    return result


CONTROL = made(proportion_arm("A", 4000, 400))
TREATMENT = made(proportion_arm("B", 4100, 471))


def test_two_proportions_give_the_golden_values() -> None:
    result = compared(compare(CONTROL, TREATMENT))

    assert round(result.lift, 8) == 0.14878049
    assert round(result.standard_error, 7) == 0.0738197
    assert round(result.df, 2) == 8087.35
    assert round(result.p_value, 8) == 0.04388964
    assert round(result.fixed_interval.low, 8) == 0.00407494
    assert round(result.fixed_interval.high, 8) == 0.29348604
    assert round(result.chance_to_win, 8) == 0.97807169
    assert round(result.risk, 8) == 0.00060129
    assert round(result.sequential_interval.low, 8) == -0.07622685
    assert round(result.sequential_interval.high, 8) == 0.37378783
    assert math.isclose(result.difference, 471 / 4100 - 0.1)


def test_two_means_give_the_golden_values() -> None:
    result = compared(compare(made(mean_arm("A", 500, 42.1, 18.3)), made(mean_arm("B", 520, 45.0, 19.9))))

    assert round(result.lift, 8) == 0.06888361
    assert round(result.fixed_interval.low, 8) == 0.01129014
    assert round(result.fixed_interval.high, 8) == 0.12647708
    assert round(result.p_value, 8) == 0.01911777


@pytest.mark.parametrize(
    ("counts", "p_value", "digits", "mismatch"), [([5000, 5200], 0.04767, 5, False), ([5000, 5400], 8.77e-05, 7, True)]
)
def test_the_sample_ratio_gives_the_golden_values(
    counts: list[float], p_value: float, digits: int, mismatch: bool
) -> None:
    result = sample_ratio(counts)

    assert isinstance(result, SampleRatio)
    assert (round(result.p_value, digits), result.mismatch, result.df) == (p_value, mismatch, 1)


def test_the_sample_per_arm_gives_the_golden_value() -> None:
    assert sample_per_arm(0.10, 0.10) == 14_749


def test_before_the_stop_date_the_sequential_interval_is_the_one_to_show() -> None:
    early, late = compared(compare(CONTROL, TREATMENT, early=True)), compared(compare(CONTROL, TREATMENT))

    assert early.interval == early.sequential_interval
    assert late.interval == late.fixed_interval
    assert (early.interval.excludes_zero, late.interval.excludes_zero) == (False, True)
    assert early.interval.half_width > late.interval.half_width


def test_where_less_is_better_the_chance_to_win_is_the_other_one() -> None:
    up, down = compared(compare(CONTROL, TREATMENT)), compared(compare(CONTROL, TREATMENT, better="down"))

    assert math.isclose(up.chance_to_win + down.chance_to_win, 1)
    assert math.isclose(down.risk - up.risk, up.lift)  # E[max(x, 0)] − E[max(−x, 0)] = E[x]
    assert down.interval == up.interval


def test_an_uneven_split_is_tested_as_planned() -> None:
    planned, halves = sample_ratio([9000, 1000], (90, 10)), sample_ratio([9000, 1000])

    assert isinstance(planned, SampleRatio)
    assert isinstance(halves, SampleRatio)
    assert (planned.p_value, planned.mismatch, halves.mismatch) == (1.0, False, True)


def test_precision_compares_the_half_width_and_counts_what_is_missing() -> None:
    result = precision(compared(compare(CONTROL, TREATMENT)), 0.10)

    assert not isinstance(result, NotComputable)
    assert round(result.half_width, 6) == 0.144706
    assert (result.minimum_effect, result.needed_per_arm, result.missing, result.enough) == (
        0.10,
        14_749,
        10_749,
        False,
    )


def test_precision_of_means_uses_the_controls_deviation() -> None:
    control, treatment = made(mean_arm("A", 5000, 42.1, 18.3)), made(mean_arm("B", 5200, 45.0, 19.9))
    result = precision(compared(compare(control, treatment)), 0.05)

    assert not isinstance(result, NotComputable)
    assert (result.needed_per_arm, result.missing, result.enough) == (1187, 0, True)
    assert result.needed_per_arm == sample_per_arm_of_means(42.1, 18.3, 0.05)


def test_precision_near_one_hundred_percent_looks_down_instead_of_up() -> None:
    control, treatment = made(proportion_arm("A", 1000, 990)), made(proportion_arm("B", 1000, 980))
    result = precision(compared(compare(control, treatment)), 0.10)

    assert not isinstance(result, NotComputable)
    assert result.needed_per_arm == sample_per_arm(0.99, -0.10)


def test_a_readout_compares_every_arm_with_the_named_control() -> None:
    third = made(proportion_arm("C", 4050, 390))
    result = read_out([TREATMENT, CONTROL, third], control=" a ")

    assert isinstance(result, Readout)
    assert result.control == CONTROL
    assert result.comparisons == (compare(CONTROL, TREATMENT), compare(CONTROL, third))
    assert result.sample_ratio == sample_ratio([4100, 4000, 4050])


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda: proportion_arm("A", 0, 0), NotComputable(why=Why.TOO_FEW_UNITS, arm="A")),
        (lambda: proportion_arm("A", 1, 1), NotComputable(why=Why.TOO_FEW_UNITS, arm="A")),
        (lambda: proportion_arm("A", 10, 11), NotComputable(why=Why.IMPOSSIBLE, arm="A")),
        (lambda: proportion_arm("A", 10, -1), NotComputable(why=Why.IMPOSSIBLE, arm="A")),
        (lambda: proportion_arm("A", math.nan, 1), NotComputable(why=Why.IMPOSSIBLE, arm="A")),
        (lambda: mean_arm("A", 0, 1, 1), NotComputable(why=Why.TOO_FEW_UNITS, arm="A")),
        (lambda: mean_arm("A", 10, 1, -1), NotComputable(why=Why.IMPOSSIBLE, arm="A")),
        (lambda: mean_arm("A", 10, math.inf, 1), NotComputable(why=Why.IMPOSSIBLE, arm="A")),
        (lambda: _pair((100, 0), (100, 0)), NotComputable(why=Why.ZERO_CONTROL, arm="A")),
        (lambda: _pair((100, 0), (100, 7)), NotComputable(why=Why.ZERO_CONTROL, arm="A")),
        (lambda: _pair((100, 100), (100, 100)), NotComputable(why=Why.NO_VARIATION)),
        (lambda: _pair((100, 7), (100, 0)), NotComputable(why=Why.ZERO_TREATMENT, arm="B")),
        (lambda: compare(_mean(0, 1), _mean(1, 1)), NotComputable(why=Why.ZERO_CONTROL, arm="A")),
        (lambda: compare(_mean(2, 0), _mean(3, 0)), NotComputable(why=Why.NO_VARIATION)),
        (lambda: compare(_mean(5e-324, 1e300), _mean(1e300, 1)), NotComputable(why=Why.OUT_OF_RANGE)),
        (lambda: read_out([CONTROL]), NotComputable(why=Why.NO_ARMS)),
        (lambda: read_out([CONTROL, TREATMENT], control="Z"), NotComputable(why=Why.NO_CONTROL, arm="Z")),
        (lambda: sample_ratio([1]), NotComputable(why=Why.NO_ARMS)),
        (lambda: sample_ratio([0, 0]), NotComputable(why=Why.TOO_FEW_UNITS)),
        (lambda: sample_ratio([5, -1]), NotComputable(why=Why.IMPOSSIBLE)),
        (lambda: sample_ratio([5, 5], (50, 30, 20)), NotComputable(why=Why.NO_SPLIT)),
        (lambda: sample_ratio([5, 5], (100, 0)), NotComputable(why=Why.NO_SPLIT)),
        (lambda: sample_per_arm(0, 0.1), NotComputable(why=Why.IMPOSSIBLE)),
        (lambda: sample_per_arm(0.95, 0.1), NotComputable(why=Why.IMPOSSIBLE)),
        (lambda: sample_per_arm(0.1, 0), NotComputable(why=Why.NO_EFFECT)),
        (lambda: sample_per_arm(0.1, 1e-320), NotComputable(why=Why.NO_EFFECT)),
        (lambda: sample_per_arm_of_means(0, 1, 0.1), NotComputable(why=Why.ZERO_CONTROL)),
        (lambda: sample_per_arm_of_means(1, 1, 1e-200), NotComputable(why=Why.OUT_OF_RANGE)),
    ],
)
def test_what_cannot_be_computed_says_why(act: Callable[[], object], expected: NotComputable) -> None:
    assert act() == expected


def _pair(control: tuple[float, float], treatment: tuple[float, float]) -> Comparison | NotComputable:
    return compare(made(proportion_arm("A", *control)), made(proportion_arm("B", *treatment)))


def _mean(mean: float, deviation: float) -> Arm:
    return made(mean_arm("A", 100, mean, deviation))


# Laws

counts = st.integers(2, 100_000)


@st.composite
def proportions(draw: st.DrawFn) -> Arm:
    n = draw(st.integers(10, 100_000))
    return made(proportion_arm("x", n, draw(st.integers(1, n - 1))))


means = st.builds(
    lambda n, mean, deviation: made(mean_arm("x", n, mean, deviation)),
    counts,
    st.floats(0.1, 1e3),
    st.floats(0.1, 1e3),
)


@given(st.tuples(proportions(), proportions()) | st.tuples(means, means))
def test_exchanged_arms_mirror_what_should_mirror(arms: tuple[Arm, Arm]) -> None:
    left, right = arms
    there, back = compared(compare(left, right)), compared(compare(right, left))

    assert back.difference == -there.difference
    assert math.isclose(back.df, there.df, rel_tol=1e-9)
    assert math.isclose((1 + there.lift) * (1 + back.lift), 1, rel_tol=1e-6)
    assert math.isclose(back.standard_error, there.standard_error * (left.mean / right.mean) ** 2, rel_tol=1e-9)
    assert (there.chance_to_win - 0.5) * (back.chance_to_win - 0.5) <= 0


@given(counts, counts)
def test_the_sample_ratio_does_not_depend_on_the_order(left: int, right: int) -> None:
    assert sample_ratio([left, right]) == sample_ratio([right, left])


@given(means, means, st.floats(1e-3, 1e3))
def test_means_in_another_unit_change_the_difference_only(control: Arm, treatment: Arm, factor: float) -> None:
    def scaled(arm: Arm) -> Arm:
        return made(mean_arm(arm.name, arm.n, arm.mean * factor, math.sqrt(arm.variance) * factor))

    one, other = compared(compare(control, treatment)), compared(compare(scaled(control), scaled(treatment)))
    assert math.isclose(other.difference, one.difference * factor, rel_tol=1e-9, abs_tol=1e-9 * control.mean * factor)
    close = {"rel_tol": 1e-6, "abs_tol": 1e-9}
    assert math.isclose(other.lift, one.lift, **close)
    assert math.isclose(other.standard_error, one.standard_error, **close)
    assert math.isclose(other.df, one.df, **close)
    assert math.isclose(other.p_value, one.p_value, **close)
    assert math.isclose(other.fixed_interval.low, one.fixed_interval.low, **close)
    assert math.isclose(other.sequential_interval.high, one.sequential_interval.high, **close)
    assert math.isclose(other.chance_to_win, one.chance_to_win, **close)
    assert math.isclose(other.risk, one.risk, **close)


@given(proportions() | means, proportions() | means)
def test_every_readout_stays_in_its_ranges(left: Arm, right: Arm) -> None:
    result = compared(compare(left, right))

    assert 0 <= result.p_value <= 1
    assert 0 <= result.chance_to_win <= 1
    assert result.risk >= 0
    assert result.fixed_interval.low <= result.lift <= result.fixed_interval.high
    assert result.standard_error > 0


@given(st.lists(st.floats(), min_size=4, max_size=4))
def test_any_numbers_give_a_value_and_never_an_exception(numbers: list[float]) -> None:
    arm = mean_arm("x", numbers[0], numbers[1], numbers[2])
    other = proportion_arm("y", numbers[3], numbers[2])
    if isinstance(arm, Arm) and isinstance(other, Arm):
        for result in (compare(arm, other), compare(other, arm)):
            assert isinstance(result, NotComputable) or math.isfinite(result.fixed_interval.half_width)
    assert isinstance(sample_ratio(numbers), SampleRatio | NotComputable)
    assert isinstance(sample_per_arm(numbers[0], numbers[1]), int | NotComputable)
