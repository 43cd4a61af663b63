"""Forecasts for the work of a vault: which weeks count, whose pace, by which day, and how past forecasts came out.

spec: domain §5
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from graphkit.insight.history.work_history import weekly, weekly_growth, whole_weeks
from graphkit.insight.statistics.throughput import (
    LEAST_DONE,
    LEAST_WEEKS,
    WINDOW,
    Pace,
    chance_within,
    halving_weights,
    measure_pace,
    quantile_days,
    weeks_with_growth,
    wilson_interval,
)
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.insight.history.work_history import Completions, HistorySource, WorkHistory

Outcome = Literal["forecast", "done", "no tasks", "not enough history", "no convergence"]

LEVELS: Final = (0.5, 0.85)
GROWTH_WEEKS: Final = 8
"""Weeks of git history from which on a forecast with scope growth is given."""
_REPLAYED: Final = 52
"""Past weeks whose forecasts are held against what came of them."""
_DAY: Final = timedelta(days=1)


class WhatIf(Record, frozen=True, kw_only=True):
    """Changes to what is known, to see what they would do to a forecast."""

    scope: int = 0
    """Leaves more, or less."""
    pace: float = 1.0
    """Factor of the pace, above 0."""
    due: date | None = None


NOTHING_ELSE: Final = WhatIf()


class PaceSource(Record, frozen=True, kw_only=True):
    """The weeks that a pace comes from."""

    weeks: tuple[float, ...]
    """Leaves done in each week, oldest first."""
    pace: Pace | None
    """None where there are too few weeks or completions."""
    owner: str | None = None
    """Whose pace it is, where it is not the experiment's own."""
    shared_by: int = 1
    """Running experiments of the owner that share it."""


class Growth(Record, frozen=True, kw_only=True):
    """The forecast if scope goes on to grow as it did."""

    pairs: tuple[tuple[int, int], ...]
    """Leaves done and leaves added in each past week, oldest first."""
    p50: date | None
    p85: date | None
    """None: not within 260 weeks."""


class HitRate(Record, frozen=True, kw_only=True):
    """How past forecasts of one probability came out, as far as their day has passed."""

    level: float
    forecasts: int
    came_true: int
    low: float | None = None
    high: float | None = None
    """The 95 % Wilson interval of the share that came true; None without any forecast."""


class Forecast(Record, frozen=True, kw_only=True):
    """When the open leaves of some work will be done."""

    outcome: Outcome
    remaining: int
    """Open leaves."""
    source: HistorySource
    reason: str = ""
    """Why there is no forecast, in words."""
    pace: PaceSource | None = None
    p50: date | None = None
    p85: date | None = None
    due: date | None = None
    chance: float | None = None
    """The probability that all is done by the due date; None without one."""
    growth: Growth | None = None


def with_start(history: WorkHistory, start: date | None) -> WorkHistory:
    """The history with the day from which on its weeks count: `start-date::`, else the first activity.

    Nothing is known of days before a history from git begins, so that no week before it counts.
    """
    days = [day for leaf in history.leaves for day in (leaf.started(), leaf.completed()) if day is not None]
    first = start or min(days, default=None)
    if first is not None and history.source == "git" and history.start is not None:
        first = max(first, history.start)
    return replace(history, start=first)


def own_pace(completions: Completions, until: date) -> PaceSource:
    """The pace of some work in its last 12 weeks."""
    weeks = whole_weeks(completions.start, until, WINDOW)
    return pace_of_weeks(weekly(completions.days, until, weeks))


def pace_of_weeks(done: Sequence[float], *, owner: str | None = None, shared_by: int = 1) -> PaceSource:
    """The pace of these weeks, oldest first, divided among so many experiments."""
    enough = len(done) >= LEAST_WEEKS and sum(done) >= LEAST_DONE
    shares = [count / shared_by for count in done]
    return PaceSource(
        weeks=tuple(map(float, shares)),
        pace=measure_pace(shares, halving_weights(len(shares))) if enough else None,
        owner=owner,
        shared_by=shared_by,
    )


def owner_pace(owner: str, works: Sequence[Completions], running: int, until: date) -> PaceSource:
    """The pace at which an owner gets leaves done in all experiments, divided among those that run."""
    starts = [work.start for work in works if work.start is not None]
    weeks = whole_weeks(min(starts, default=None), until, WINDOW)
    days = [day for work in works for day in work.days]
    return pace_of_weeks(weekly(days, until, weeks), owner=owner, shared_by=max(1, running))


def forecast_work(
    completions: Completions,
    remaining: int,
    leaves: int,
    today: date,
    *,
    due: date | None = None,
    fallback: PaceSource | None = None,
    what_if: WhatIf = NOTHING_ELSE,
    pairs: Sequence[tuple[int, int]] = (),
) -> Forecast:
    """The forecast for the open leaves of some work, as of a day.

    leaves: all leaves, open or done. fallback: the owner's pace, for work with fewer than 5 completions of its own.
    pairs: leaves done and added in each past week, for the forecast with scope growth (see `growth_pairs`).
    """
    remaining = max(0, remaining + what_if.scope)
    due = what_if.due or due
    if not leaves and not remaining:
        return Forecast(
            outcome="no tasks", remaining=0, source=completions.source, due=due, reason="there are no tasks"
        )
    own = own_pace(completions, today)
    if not remaining:
        return Forecast(
            outcome="done", remaining=0, source=completions.source, due=due, pace=own, reason="all tasks are done"
        )
    chosen = own
    if own.pace is None and sum(own.weeks) < LEAST_DONE and fallback is not None and fallback.pace is not None:
        chosen = fallback
    if chosen.pace is None:
        return Forecast(
            outcome="not enough history",
            remaining=remaining,
            source=completions.source,
            reason=_shortage(own, completions.undated),
            pace=own,
            due=due,
        )
    pace = chosen.pace.faster(what_if.pace)
    p50, p85 = (_day_of(quantile_days(level, remaining, pace), today) for level in LEVELS)
    return Forecast(
        outcome="forecast" if p50 is not None else "no convergence",
        remaining=remaining,
        source=completions.source,
        reason="" if p50 is not None else "at this pace it takes more than 260 weeks",
        pace=chosen,
        p50=p50,
        p85=p85,
        due=due,
        chance=None if due is None else chance_within((due - today).days + 1, remaining, pace),
        growth=_growth(pairs, remaining, today, what_if) if pairs else None,
    )


def _day_of(days: int | None, today: date) -> date | None:
    return None if days is None else today + (days - 1) * _DAY


def _shortage(own: PaceSource, unknown: int) -> str:
    weeks, done = len(own.weeks), int(sum(own.weeks))
    undated = f"; {unknown} done at an unknown date" if unknown else ""
    return (
        f"{_count(done, 'task')} done in {_count(weeks, 'whole week')}, "
        f"{LEAST_DONE} in {LEAST_WEEKS} weeks are needed{undated}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def growth_pairs(history: WorkHistory, today: date) -> list[tuple[int, int]]:
    """Leaves done and leaves added in each of the last 12 weeks; none where git knows fewer than 8."""
    weeks = whole_weeks(history.start, today, WINDOW)
    return weekly_growth(history, today, weeks) if history.source == "git" and weeks >= GROWTH_WEEKS else []


def _growth(pairs: Sequence[tuple[int, int]], remaining: int, today: date, what_if: WhatIf) -> Growth:
    paced = [(round(done * what_if.pace), added) for done, added in pairs]
    p50, p85 = weeks_with_growth(paced, remaining, LEVELS)
    return Growth(pairs=tuple(pairs), p50=_week_end(p50, today), p85=_week_end(p85, today))


def _week_end(weeks: int | None, today: date) -> date | None:
    return None if weeks is None else today + (7 * weeks - 1) * _DAY


def hit_rates(histories: Iterable[WorkHistory], today: date) -> tuple[HitRate, ...]:
    """How the forecasts of each past week came out, of these works together.

    Each forecast is made of what was known on its day, from the work's own pace. It counts once its own date has
    passed, and came true if by then as many leaves were done as had been open, or none was open any more.
    """
    said = dict.fromkeys(LEVELS, 0)
    kept = dict.fromkeys(LEVELS, 0)
    for history in histories:
        completions = history.completions(today)
        for age in range(1, _REPLAYED + 1):
            day = today - timedelta(weeks=age)
            if whole_weeks(history.start, day, LEAST_WEEKS) < LEAST_WEEKS:
                break
            source = own_pace(history.known(day), day)
            remaining = history.open_at(day)
            if source.pace is None or not remaining:
                continue
            for level in LEVELS:
                end = _day_of(quantile_days(level, remaining, source.pace), day)
                if end is not None and end <= today:
                    done = sum(day < completed <= end for completed in completions)
                    said[level] += 1
                    kept[level] += done >= remaining or _closed_within(history, day, end)
    return tuple(_hit_rate(level, said[level], kept[level]) for level in LEVELS)


def _closed_within(history: WorkHistory, day: date, end: date) -> bool:
    """Whether nothing was open at the end of a day between the two."""
    return any(
        point.done_leaves == point.leaves for point in history.points if day < point.day <= end
    )  # fmt: skip


def _hit_rate(level: float, forecasts: int, came_true: int) -> HitRate:
    if not forecasts:
        return HitRate(level=level, forecasts=0, came_true=0)
    low, high = wilson_interval(came_true, forecasts)
    return HitRate(level=level, forecasts=forecasts, came_true=came_true, low=low, high=high)
