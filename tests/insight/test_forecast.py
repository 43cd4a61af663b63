"""Forecasts: golden values, brute force, laws, and coverage of simulated projects."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from graphkit.insight.history.forecasts import WhatIf, forecast_work
from graphkit.insight.history.hit_rates import growth_pairs, hit_rates
from graphkit.insight.history.leaves import Leaf, Span
from graphkit.insight.history.work_history import ProgressPoint, WorkHistory
from graphkit.insight.statistics.throughput import (
    chance_within,
    halving_weights,
    measure_pace,
    quantile_days,
    weeks_with_growth,
)

WEEKS = [3, 5, 0, 4, 2, 6, 1, 3]
LEVELS = (0.5, 0.7, 0.85, 0.95)


def test_golden_values_of_equal_weights() -> None:
    pace = measure_pace(WEEKS, [1] * 8)
    assert pace is not None
    assert pace.mean == 3
    assert pace.spread == pytest.approx(4)
    assert f"{pace.scatter:.6f}" == "1.393939"
    assert [quantile_days(level, 8, pace) for level in LEVELS] == [19, 24, 30, 39]
    assert [math.ceil(days / 7) for days in (19, 24, 30, 39)] == [3, 4, 5, 6]
    assert [f"{chance_within(7 * weeks, 8, pace):.6f}" for weeks in (2, 3, 4)] == ["0.285702", "0.602791", "0.813810"]
    assert [quantile_days(level, 20, pace) for level in LEVELS] == [48, 57, 69, 85]


def test_golden_values_of_halving_weights() -> None:
    pace = measure_pace(WEEKS, halving_weights(8))
    assert pace is not None
    assert [f"{value:.6f}" for value in (pace.mean, pace.effective, pace.scatter)] == [
        "2.970781",
        "7.483654",
        "1.402072",
    ]
    assert [f"{chance_within(7 * weeks, 8, pace):.6f}" for weeks in (2, 3, 4)] == ["0.280177", "0.591870", "0.803115"]


def test_golden_values_of_growth() -> None:
    pairs = [(3, 1), (5, 0), (0, 2), (4, 0), (2, 3), (6, 1), (1, 0), (3, 0)]
    assert weeks_with_growth(pairs, 20, LEVELS) == (9, 11, 14, 17)
    assert weeks_with_growth([(0, 1), (1, 2), (0, 0), (1, 1)], 20, LEVELS) == (None,) * 4


@given(st.lists(st.integers(0, 9), min_size=4, max_size=12), st.integers(1, 60), st.integers(1, 200))
def test_chances_rise_with_days_and_fall_with_leaves(done: list[int], remaining: int, days: int) -> None:
    pace = measure_pace(done, halving_weights(len(done)))
    if pace is None:
        assert sum(done) == 0
        return
    chance = chance_within(days, remaining, pace)
    assert 0 <= chance <= 1
    assert chance <= chance_within(days + 1, remaining, pace) + 1e-12
    assert chance >= chance_within(days, remaining + 1, pace) - 1e-12
    variance = pace.scatter * pace.mean * days / 7 + (days / 7) ** 2 * pace.scatter * pace.mean / pace.effective
    size = (pace.mean * days / 7) ** 2 / (variance - pace.mean * days / 7)
    expected = stats.nbinom.sf(remaining - 1, size, size / (size + pace.mean * days / 7))
    assert chance == pytest.approx(float(expected), abs=1e-9)


@given(st.lists(st.integers(0, 6), min_size=4, max_size=12), st.integers(1, 40), st.sampled_from(LEVELS))
def test_a_quantile_is_the_first_day_that_reaches_it(done: list[int], remaining: int, level: float) -> None:
    pace = measure_pace(done, halving_weights(len(done)))
    if pace is None:
        return
    days = quantile_days(level, remaining, pace)
    first = next((day for day in range(1, 7 * 260 + 1) if chance_within(day, remaining, pace) >= level), None)
    assert days == first


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3), st.integers(1, 5))
def test_growth_is_what_all_courses_of_six_weeks_give(pairs: list[tuple[int, int]], remaining: int) -> None:
    finished = [0] * 7
    for course in product(pairs, repeat=6):
        left = remaining
        for week, (done, added) in enumerate(course, 1):
            left += added - done
            if left <= 0:
                for later in range(week, 7):
                    finished[later] += 1
                break
    courses = len(pairs) ** 6
    for level in (0.3, 0.5, 0.85):
        expected = next((week for week in range(1, 7) if finished[week] / courses >= level - 1e-12), None)
        (found,) = weeks_with_growth(pairs, remaining, (level,))
        assert found == expected or (expected is None and (found is None or found > 6))


def test_growth_of_huge_numbers_is_rounded_and_quick() -> None:
    found = weeks_with_growth([(100_000, 0), (200_000, 50_000)], 1_000_000, (0.5, 0.85))
    assert found == (8, 9)


def test_faster_work_keeps_its_scatter() -> None:
    pace = measure_pace(WEEKS, [1] * 8)
    assert pace is not None
    assert pace.faster(2).mean == 6
    assert pace.faster(2).scatter == pace.scatter


TODAY = date(2026, 3, 2)


def history_of(done: list[int], still_open: int, *, until: date = TODAY) -> WorkHistory:
    """A project with so many leaves done in each of its weeks, the last of which ends with `until`."""
    days = [
        until - timedelta(days=7 * (len(done) - week) - 1 - index % 7)
        for week, count in enumerate(done)
        for index in range(count)
    ]
    leaves = [
        Leaf(text=f"t{i}", path="p", line=i, spans=(Span(None, "todo"), Span(day, "done")))
        for i, day in enumerate(days)
    ]
    leaves += [Leaf(text=f"o{i}", path="p", line=i, spans=(Span(None, "todo"),)) for i in range(still_open)]
    start = until - timedelta(days=7 * len(done) - 1)
    total = len(leaves)
    points = [ProgressPoint(start, 0.0, float(total), "leaves", 0, total, 0)]
    for day in sorted(set(days)):
        so_far = sum(other <= day for other in days)
        points.append(ProgressPoint(day, float(so_far), float(total), "leaves", so_far, total, 0))
    if len(points) > 1 and points[1].day == start:
        del points[0]
    return WorkHistory(title="T", source="git", start=start, leaves=tuple(leaves), points=tuple(points))


def test_a_forecast_counts_today_as_a_day() -> None:
    history = history_of(WEEKS, 8)
    forecast = forecast_work(history.known(TODAY), 8, 32, TODAY, due=TODAY + timedelta(days=20))
    pace = measure_pace(WEEKS, halving_weights(8))
    assert pace is not None
    assert forecast.outcome == "forecast"
    assert forecast.pace is not None
    assert forecast.pace.weeks == tuple(map(float, WEEKS))
    days = quantile_days(0.5, 8, pace)
    assert days is not None
    assert forecast.p50 == TODAY + timedelta(days=days - 1)
    assert forecast.chance == chance_within(21, 8, pace)


def test_what_is_done_late_or_past_due_is_said() -> None:
    history = history_of(WEEKS, 8)
    assert forecast_work(history.known(TODAY), 8, 32, TODAY, due=TODAY - timedelta(days=1)).chance == 0
    assert forecast_work(history.known(TODAY), 0, 24, TODAY).outcome == "done"
    assert forecast_work(history_of([], 0).known(TODAY), 0, 0, TODAY).outcome == "no tasks"
    few = forecast_work(history_of([1, 1, 1, 1], 3).known(TODAY), 3, 7, TODAY)
    assert (few.outcome, few.p50) == ("not enough history", None)
    assert few.reason.startswith("4 tasks done in 4 whole weeks")
    assert forecast_work(history_of([2, 2, 2], 3).known(TODAY), 3, 9, TODAY).outcome == "not enough history"
    slow = forecast_work(history_of([2, 1, 1, 1], 3).known(TODAY), 10_000, 10_005, TODAY)
    assert (slow.outcome, slow.p50) == ("no convergence", None)


def test_a_part_of_a_week_before_the_start_is_dropped() -> None:
    history = history_of([9, 2, 2, 2, 2], 3)
    later = WorkHistory(
        title="T", source="git", start=TODAY - timedelta(days=29), leaves=history.leaves, points=history.points
    )
    forecast = forecast_work(later.known(TODAY), 3, 20, TODAY)
    assert forecast.pace is not None
    assert forecast.pace.weeks == (2, 2, 2, 2)


def test_what_if() -> None:
    history = history_of(WEEKS, 8)
    plain = forecast_work(history.known(TODAY), 8, 32, TODAY, due=date(2026, 3, 20))
    more = forecast_work(history.known(TODAY), 8, 32, TODAY, due=date(2026, 3, 20), what_if=WhatIf(scope=5))
    slower = forecast_work(history.known(TODAY), 8, 32, TODAY, due=date(2026, 3, 20), what_if=WhatIf(pace=0.8))
    later = forecast_work(
        history.known(TODAY), 8, 32, TODAY, due=date(2026, 3, 20), what_if=WhatIf(due=date(2026, 4, 20))
    )
    assert more.remaining == 13
    assert plain.p50 is not None
    assert more.p50 is not None
    assert slower.p50 is not None
    assert plain.p50 < more.p50
    assert plain.p50 < slower.p50
    assert later.chance is not None
    assert plain.chance is not None
    assert later.chance > plain.chance
    assert later.p50 == plain.p50


def test_growth_needs_eight_weeks_of_git() -> None:
    pairs = growth_pairs(history_of(WEEKS, 8), TODAY)
    assert pairs == [(count, 0) for count in WEEKS]
    growth = forecast_work(history_of(WEEKS, 8).known(TODAY), 8, 32, TODAY, pairs=pairs).growth
    assert growth is not None
    assert growth.pairs == tuple(pairs)
    assert growth.p50 is not None
    assert growth_pairs(history_of(WEEKS[:7], 8), TODAY) == []


def test_steady_work_keeps_its_word() -> None:
    rates = hit_rates([history_of([3] * 16, 0, until=TODAY - timedelta(weeks=15))], TODAY)
    assert [rate.level for rate in rates] == [0.5, 0.85]
    assert all(rate.forecasts >= 3 for rate in rates)
    assert rates[1].came_true == rates[1].forecasts
    assert rates[1].low is not None
    assert rates[1].low > 0.6


def test_work_that_stops_breaks_its_word_and_young_work_is_untested() -> None:
    rates = hit_rates([history_of([4] * 6 + [0] * 14, 10)], TODAY)
    assert rates[1].forecasts
    assert not rates[1].came_true
    assert all(rate.forecasts == 0 and rate.low is None for rate in hit_rates([history_of([3] * 4, 5)], TODAY))


@pytest.mark.soak
@pytest.mark.parametrize("scatter", [1.0, 2.5])
def test_coverage_of_p85_over_simulated_projects(scatter: float, capsys: pytest.CaptureFixture[str]) -> None:
    """300 projects, each with its own pace, whose weeks are Poisson or scattered more widely."""
    source = random.Random(1)  # noqa: S311 - a simulation
    hits = 0
    for _ in range(300):
        mean = source.uniform(1.5, 6)

        def week(mean: float = mean) -> int:
            if scatter == 1.0:
                return int(stats.poisson.rvs(mean, random_state=source.randrange(2**31)))
            size = mean / (scatter - 1)
            return int(stats.nbinom.rvs(size, size / (size + mean), random_state=source.randrange(2**31)))

        past = [week() for _ in range(10)]
        remaining = source.randint(5, 40)
        pace = measure_pace(past, halving_weights(10))
        if pace is None or sum(past) < 5:
            hits += 1
            continue
        days = quantile_days(0.85, remaining, pace)
        if days is None:
            hits += 1
            continue
        left, weeks = remaining, 0.0
        while left > 0:
            done = week()
            weeks += left / done if done >= left else 1
            left -= done
        hits += weeks * 7 <= days
    with capsys.disabled():
        print(f"\nP85 with scatter {scatter:g}: {hits / 3:.1f} % of 300 came true")  # noqa: T201 - what the run is for
    assert 0.80 <= hits / 300 <= 0.95
