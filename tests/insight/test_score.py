"""Scores, guards, holds and freshness of metrics, with the golden values of spec: domain §7."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphkit.insight.metrics.score import (
    Direction,
    Freshness,
    NoScore,
    Score,
    freshness,
    guard_holds,
    hold_passes,
    read_cadence,
    score,
)
from graphkit.quantities.numbers import Number, read_quantity


def number(text: str) -> Number:
    found = read_quantity(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("baseline", "target", "current", "raw", "shown"),
    [
        (38, 45, 41.2, 0.457, 0.457),
        (6.0, 4.0, 5.1, 0.45, 0.45),
        (38, 45, 36, -0.286, 0.0),
        (38, 45, 52, 2.0, 1.0),
        (0, 10, 10, 1.0, 1.0),
    ],
)
def test_the_score_is_the_share_of_the_way(
    baseline: float, target: float, current: float, raw: float, shown: float
) -> None:
    result = score(baseline, target, current)

    assert isinstance(result, Score)
    assert (round(result.raw, 3), round(result.shown, 3)) == (raw, shown)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((None, 45, 41), NoScore.NO_BASELINE),
        ((38, None, 41), NoScore.NO_TARGET),
        ((38, 45, None), NoScore.NO_VALUE),
        ((45, 45, 41), NoScore.SAME),
        ((0, 5e-324, 1e300), NoScore.OUT_OF_RANGE),
    ],
)
def test_a_missing_score_says_why(numbers: tuple[float | None, float | None, float | None], expected: NoScore) -> None:
    assert score(*numbers) == expected


@pytest.mark.parametrize(
    ("value", "guard", "direction", "expected"),
    [
        (0.36, ">= 36%", "up", True),
        (0.359, ">= 36%", "up", False),
        (0.36, "> 36%", "up", False),
        (0.36, "<= 36%", "up", True),
        (0.37, "< 36%", "down", False),
        (0.37, "36%", "up", True),
        (0.37, "36%", "down", False),
        (0.36, "36%", "hold", True),
        (0.37, "36%", "hold", False),
        (0.36, "35–40%", "up", True),
        (0.41, "35–40%", "up", False),
        (0.1 + 0.2, ">= 30%", "up", True),
        (0.36, ">= 36", "up", NoScore.UNITS),
        (0.36, ">= 36pp", "up", NoScore.UNITS),
    ],
)
def test_a_guard_holds_or_not(value: float, guard: str, direction: Direction, expected: bool | NoScore) -> None:
    assert guard_holds(value, "%", number(guard), direction=direction) == expected


def test_a_metric_on_hold_passes_by_its_guard_else_by_its_target() -> None:
    assert hold_passes(0.36, "%", guard=number(">= 35%"), target=number("40–50%")) is True
    assert hold_passes(0.36, "%", target=number("40–50%")) is False
    assert hold_passes(0.36, "%", target=number("<= 40%")) is True
    assert hold_passes(0.36, "%", target=number("36%")) is NoScore.NO_LIMIT
    assert hold_passes(0.36, "%") is NoScore.NO_LIMIT
    assert hold_passes(None, "%", guard=number(">= 35%")) is NoScore.NO_VALUE


@pytest.mark.parametrize(
    ("age", "cadence", "expected"),
    [
        (-3, 7, Freshness.FRESH),
        (7, 7, Freshness.FRESH),
        (8, 7, Freshness.LATE),
        (14, 7, Freshness.LATE),
        (15, 7, Freshness.MISSING),
        (31, 31, Freshness.FRESH),
        (2, 1, Freshness.LATE),
    ],
)
def test_the_freshness_is_counted_in_cadences(age: int, cadence: int, expected: Freshness) -> None:
    today = date(2026, 3, 31)
    assert freshness(today - timedelta(days=age), today, cadence) is expected


def test_a_metric_without_observations_is_missing_and_weekly_by_default() -> None:
    today = date(2026, 3, 31)

    assert freshness(None, today) is Freshness.MISSING
    assert [freshness(today - timedelta(days=age), today) for age in (7, 8)] == [Freshness.FRESH, Freshness.LATE]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekly", 7),
        ("Daily", 1),
        ("[[monthly]]", 31),
        ("every 2 weeks", 14),
        ("every week", 7),
        ("10 days", 10),
        ("3d", 3),
        ("1mo", 31),
        ("once a quarter", 92),
        ("every 36 hours", 2),
        ("hourly", 1),
        ("0 days", None),
        ("sometimes", None),
        ("", None),
    ],
)
def test_a_cadence_is_read_as_days(text: str, days: int | None) -> None:
    assert read_cadence(text) == days


sizes = st.floats(-1e6, 1e6, allow_nan=False)


@given(sizes, sizes, sizes, st.floats(1e-3, 1e3))
def test_a_score_is_the_same_in_every_unit(baseline: float, target: float, current: float, factor: float) -> None:
    assume(abs(target - baseline) > 1e-3)
    one, other = score(baseline, target, current), score(baseline * factor, target * factor, current * factor)

    assert isinstance(one, Score)
    assert isinstance(other, Score)
    assert math.isclose(one.raw, other.raw, rel_tol=1e-6, abs_tol=1e-6)
    assert 0 <= one.shown <= 1


@given(sizes, sizes, sizes)
def test_the_way_back_scores_the_rest(baseline: float, target: float, current: float) -> None:
    assume(abs(target - baseline) > 1e-3)
    there, back = score(baseline, target, current), score(target, baseline, current)

    assert isinstance(there, Score)
    assert isinstance(back, Score)
    assert math.isclose(there.raw + back.raw, 1, rel_tol=1e-6, abs_tol=1e-6)
