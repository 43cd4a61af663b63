"""What an estimate says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.insight.work.estimates import (
    Estimate,
    EstimateScale,
    find_estimate,
    median_estimate,
    parse_estimate,
    split_estimate,
)


def hours(mean: float, variance: float = 0.0) -> Estimate:
    return Estimate(mean=mean, variance=variance, unit="hours")


def points(mean: float, variance: float = 0.0) -> Estimate:
    return Estimate(mean=mean, variance=variance, unit="points")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2h", hours(2)),
        ("2 H", hours(2)),
        ("90m", hours(1.5)),
        ("90 min", hours(1.5)),
        ("1.5d", hours(12)),
        ("1,5d", hours(12)),
        (".5d", hours(4)),
        ("1 week", hours(40)),
        ("2 weeks", hours(80)),
        ("1d 4h", hours(12)),
        ("1h30m", hours(1.5)),
        ("3", points(3)),
        ("3 points", points(3)),
        ("5pts", points(5)),
        ("S", points(1)),
        ("m", points(3)),
        ("L", points(8)),
        ("#M", points(3)),
        ("[[M]]", points(3)),
        ('"2h"', hours(2)),
        ("~2h", hours(2)),
        ("1-3d", hours(16, 64)),
        ("1–3d", hours(16, 64)),
        ("1 — 3 days", hours(16, 64)),
        ("1d−3d", hours(16, 64)),
        ("2h-1d", hours(5, 9)),
        ("2h-4", hours(3, 1)),
        ("3-1d", hours(16, 64)),
        ("S-M", points(2, 1)),
        ("2-L", points(5, 9)),
        ("0-2", points(1, 1)),
        ("0.5-2", points(1.25, 0.5625)),
    ],
)
def test_values_that_can_be_read(value: str, expected: Estimate) -> None:
    assert parse_estimate("estimate", value) == expected


@pytest.mark.parametrize("key", ["estimate", "effort", "estimated", "points"])
def test_a_bare_number_is_points(key: str) -> None:
    assert parse_estimate(key, "3") == points(3)


def test_a_bare_time_estimate_is_hours_and_a_unit_wins_over_the_key() -> None:
    read = [parse_estimate("time-estimate", value) for value in ("3", "1-3", "M", "3 points")]
    assert read == [hours(3), hours(2, 1), points(3), points(3)]
    assert parse_estimate("points", "2h") == hours(2)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "soon",
        "-3",
        "3-",
        "-",
        "0",
        "0h",
        "0-0",
        "XL",
        "2024-01-05",
        "5 apples",
        "2h-3 points",
        "1,000",
        "1 month",
        "1d 3 points",
        "½",
        "٣",
        "2h 30",
        "9" * 61,
        "1e3",
        "inf",
        "nan",
        "1..2",
    ],
)
def test_values_that_cannot_be_read(value: str) -> None:
    assert parse_estimate("estimate", value) is None


def test_the_scale_says_what_days_weeks_and_sizes_are() -> None:
    scale = EstimateScale(hours_per_day=6, days_per_week=4, sizes=(("XL", 13.0), ("small", 2.0)))
    read = [parse_estimate("estimate", value, scale) for value in ("1d", "1w", "xl", "Small", "M")]
    assert read == [hours(6), hours(24), points(13), points(2), None]


def test_the_first_readable_key_wins_and_the_unreadable_are_named() -> None:
    properties = {"points": "5", "effort": "2h", "estimate": "later", "estimated": " ", "owner": "3"}
    assert find_estimate(properties) == (hours(2), (("estimate", "later"),))
    assert find_estimate({"owner": "3"}) == (None, ())


def test_shares_add_up_to_the_whole() -> None:
    assert split_estimate(hours(16, 64), 4) == hours(4, 16)


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    assert median_estimate([hours(8), hours(1), hours(2)]) == 2
    assert median_estimate([hours(8), hours(1), hours(2), hours(4)]) == 3


@given(st.text(alphabet="0123456789.,-–hdwm SML~#[]", max_size=80))
def test_whatever_is_read_is_above_zero_and_finite(value: str) -> None:
    estimate = parse_estimate("estimate", value)
    assert estimate is None or (0 < estimate.mean < math.inf and 0 <= estimate.variance < math.inf)


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from("-‐‑‒–—―−"), st.sampled_from(["", "h", "m", "d", "w"]))
def test_a_range_has_the_mean_and_variance_of_its_ends(low: int, high: int, dash: str, unit: str) -> None:
    estimate = parse_estimate("time-estimate", f"{low}{dash}{high}{unit}")
    size = {"": 1, "h": 1, "m": 1 / 60, "d": 8, "w": 40}[unit]
    mean = (low + high) / 2
    variance = (low**2 + high**2) / 2 - mean**2
    assert estimate is not None
    assert estimate.unit == "hours"
    assert math.isclose(estimate.mean, mean * size, rel_tol=1e-12)
    assert math.isclose(estimate.variance, variance * size**2, rel_tol=1e-9, abs_tol=1e-9)
