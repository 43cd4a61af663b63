"""The golden values of the specification, to their printed digits (spec: domain §8)."""

from __future__ import annotations

import math

import pytest

from graphkit.insight.statistics.comparison import Comparison, compare
from graphkit.insight.statistics.means import compare_means
from graphkit.insight.statistics.sample_ratio import SampleRatio, sample_ratio
from graphkit.insight.statistics.sample_size import Sample, ShareBaseline, sample_size
from graphkit.insight.statistics.values import Interval, Mean, Proportion, mean, proportion


def share(n: float, conversions: float, name: str = "arm") -> Proportion:
    made = proportion(name, n, conversions)
    assert isinstance(made, Proportion)
    return made


def measured(n: float, value: float, deviation: float) -> Mean:
    made = mean("arm", n, value, deviation)
    assert isinstance(made, Mean)
    return made


def compared(control: Proportion, treatment: Proportion, *, treatments: int = 1) -> Comparison:
    result = compare(control, treatment, treatments=treatments, over=True)
    assert isinstance(result, Comparison)
    return result


def ends(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return round(interval.low, 8), round(interval.high, 8)


def test_a_plain_test_of_two_proportions() -> None:
    result = compared(share(4000, 400), share(4100, 471))

    assert result.lift is not None
    assert round(result.lift, 8) == 0.14878049
    assert ends(result.interval) == (0.01295881, 0.30293928)
    assert round(result.p_value, 8) == 0.03070278
    assert ends(result.difference_interval) == (0.00138658, 0.02838221)
    assert ends(result.sequential) == (-0.05556209, 0.39733549)
    assert result.posterior is not None
    assert round(result.posterior.chance_to_win, 8) == 0.98469361
    assert round(result.posterior.risk, 8) == 0.00037455
    assert result.shortages == ()


def test_low_rates_and_their_exchange() -> None:
    there, back = compared(share(1000, 10), share(1000, 25)), compared(share(1000, 25), share(1000, 10))

    assert round(there.p_value, 8) == 0.01054870
    assert ends(there.interval) == (0.22638782, 4.10392666)
    assert round(back.p_value, 8) == 0.01054870
    assert ends(back.interval) == (-0.80407242, -0.18459725)


def test_an_arm_without_conversions() -> None:
    none = compared(share(1000, 200), share(1000, 0))
    some = compared(share(1000, 0), share(1000, 200))

    assert f"{none.p_value:.2e}" == "3.13e-50"
    assert none.interval.low == -1
    assert round(none.interval.high, 8) == -0.98085556
    assert f"{100 * some.interval.low:,.1f}" == "5,123.4"
    assert some.interval.high == math.inf
    assert some.lift is None


def test_a_small_table_is_shown_without_a_verdict() -> None:
    result = compared(share(10, 1, "A"), share(10, 6, "B"))

    assert round(result.p_value, 8) == 0.02233137
    assert ends(result.interval) == (0.21780977, 35.34196615)
    assert [(item.arm, item.events, item.missing) for item in result.shortages] == [
        ("A", "conversions", 5),
        ("B", "conversions", 5),
    ]


def test_several_treatments_share_the_error() -> None:
    control = share(4000, 400)
    first, second = compared(control, share(4000, 480), treatments=2), compared(control, share(4000, 458), treatments=2)

    assert (first.interval.excludes_zero, second.interval.excludes_zero) == (True, False)
    assert (first.p_value < 0.05, second.p_value < 0.05) == (True, False)
    trio = [compared(control, share(4000, x), treatments=3) for x in (405, 459, 395)]
    assert not any(item.interval.excludes_zero for item in trio)


def test_two_means() -> None:
    result = compare_means(measured(520, 45.0, 19.9), measured(500, 42.1, 18.3))

    assert result is not None
    assert isinstance(result.ratio_interval, Interval)
    assert round(45.0 / 42.1 - 1, 8) == 0.06888361
    assert ends(result.ratio_interval) == (0.01278477, 0.12809770)
    assert round(result.p_value, 8) == 0.01552565
    assert round(result.df, 6) == 1015.989674


@pytest.mark.parametrize(
    ("counts", "printed", "mismatch"), [([5000, 5200], "0.04767", False), ([5000, 5400], "0.0000877", True)]
)
def test_the_sample_ratio(counts: list[float], printed: str, mismatch: bool) -> None:
    result = sample_ratio(counts)

    assert isinstance(result, SampleRatio)
    digits = len(printed) - 2
    assert (f"{result.p_value:.{digits}f}", result.mismatch) == (printed, mismatch)


def test_the_planned_sample() -> None:
    baseline = ShareBaseline(share=0.1)

    assert sample_size(baseline, 0.1) == Sample(control=14_751, treatment=14_751)
    assert sample_size(baseline, 0.1, ratio=1 / 9) == Sample(control=72_738, treatment=8_082)
