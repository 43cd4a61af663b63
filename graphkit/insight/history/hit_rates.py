"""How past forecasts came out, and from where on and with what growth the weeks of a history count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from graphkit.insight.history.forecasts import GROWTH_WEEKS, LEVELS, day_of, own_pace, whole_weeks
from graphkit.insight.history.work_history import weekly_growth
from graphkit.insight.statistics.small import wilson
from graphkit.insight.statistics.throughput import LEAST_WEEKS, WINDOW, quantile_days
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.insight.history.work_history import WorkHistory

_Z95: Final = 1.959963984540054
_REPLAYED: Final = 52
"""Past weeks whose forecasts are compared with what came of them."""


class HitRate(Record, frozen=True, kw_only=True):
    """How past forecasts of one probability came out, as far as their day has passed."""

    level: float
    forecasts: int
    came_true: int
    low: float | None = None
    high: float | None = None
    """The 95 % Wilson interval of the share that came true; None without any forecast."""


def with_start(history: WorkHistory, start: date | None) -> WorkHistory:
    """The history with the day from which on its weeks count: `start-date::`, else the first activity.

    Nothing is known of days before a history from git begins, so that no week before it counts.
    """
    days = [day for leaf in history.leaves for day in (leaf.started(), leaf.completed()) if day is not None]
    first = start or min(days, default=None)
    if first is not None and history.source == "git" and history.start is not None:
        first = max(first, history.start)
    return replace(history, start=first)


def growth_pairs(history: WorkHistory, today: date) -> list[tuple[int, int]]:
    """Leaves done and leaves added in each of the last 12 weeks; none where git knows fewer than 8."""
    weeks = whole_weeks(history.start, today, WINDOW)
    return weekly_growth(history, today, weeks) if history.source == "git" and weeks >= GROWTH_WEEKS else []


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
            if (today - date.min).days < 7 * age:
                break
            day = today - timedelta(weeks=age)
            if whole_weeks(history.start, day, LEAST_WEEKS) < LEAST_WEEKS:
                break
            source = own_pace(history.known(day), day)
            remaining = history.open_at(day)
            if source.pace is None or not remaining:
                continue
            for level in LEVELS:
                end = day_of(quantile_days(level, remaining, source.pace), day)
                if end is not None and end <= today:
                    done = sum(day < completed <= end for completed in completions)
                    said[level] += 1
                    kept[level] += done >= remaining or _closed_within(history, day, end)
    return tuple(_hit_rate(level, said[level], kept[level]) for level in LEVELS)


def _closed_within(history: WorkHistory, day: date, end: date) -> bool:
    """True if nothing was open at the end of a day between the two."""
    return any(
        point.done_leaves == point.leaves for point in history.points if day < point.day <= end
    )  # fmt: skip


def _hit_rate(level: float, forecasts: int, came_true: int) -> HitRate:
    if not forecasts:
        return HitRate(level=level, forecasts=0, came_true=0)
    low, high = wilson(came_true, forecasts, _Z95)
    return HitRate(level=level, forecasts=forecasts, came_true=came_true, low=low, high=high)
