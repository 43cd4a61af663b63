"""Forecasts for the work of a vault: which weeks count, whose pace, by which day, and how past forecasts came out.

spec: domain §5
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

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
)
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


HistorySource = Literal["git", "written"]
"""Where the facts come from: versions of the pages in git, or completion dates written in the vault."""


Outcome = Literal["forecast", "done", "no tasks", "not enough history", "no convergence"]

LEVELS: Final = (0.5, 0.85)
GROWTH_WEEKS: Final = 8
"""Weeks of git history from which on a forecast with scope growth is given."""
_DAY: Final = timedelta(days=1)


class Completions(Record, frozen=True, kw_only=True):
    """Everything a pace is measured from: the days on which leaves were done."""

    source: HistorySource
    start: date | None
    """The first day that counts; None where nothing is known."""
    days: Sequence[date]
    """In order, a leaf that was opened again left out."""
    undated: int = 0
    """Leaves that are done, and nobody knows when."""


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


def weekly(days: Iterable[date], until: date, weeks: int) -> list[int]:
    """How many of these days lie in each of the last weeks of 7 days, oldest first; the last one ends at `until`."""
    counts = [0] * weeks
    for day in days:
        age = (until - day).days // 7
        if 0 <= age < weeks:
            counts[weeks - 1 - age] += 1
    return counts


def whole_weeks(start: date | None, until: date, most: int) -> int:
    """Weeks of 7 days that end at `until` and lie within the time since start, at most so many."""
    if start is None or start > until:
        return 0
    return min(most, ((until - start).days + 1) // 7)


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
    p50, p85 = (day_of(quantile_days(level, remaining, pace), today) for level in LEVELS)
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


def day_of(days: int | None, today: date) -> date | None:
    """The date of a number of days, of which today is the first."""
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


def _growth(pairs: Sequence[tuple[int, int]], remaining: int, today: date, what_if: WhatIf) -> Growth:
    paced = [(round(done * what_if.pace), added) for done, added in pairs]
    p50, p85 = weeks_with_growth(paced, remaining, LEVELS)
    return Growth(pairs=tuple(pairs), p50=_week_end(p50, today), p85=_week_end(p85, today))


def _week_end(weeks: int | None, today: date) -> date | None:
    return None if weeks is None else today + (7 * weeks - 1) * _DAY
