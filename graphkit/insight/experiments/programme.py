"""The experiments of a vault as a programme: started and decided by month, win rate, time from start to decision.

spec: domain §8
"""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Final

from graphkit.insight.statistics.small import wilson
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OUTCOMES: Final = ("won", "inconclusive", "lost", "dnf")
"""Values of `result::`, as they are stacked in a bar."""
_Z95: Final = 1.959963984540054
_MOST_MONTHS: Final = 36


class DecidedExperiment(Record, frozen=True, kw_only=True):
    """An experiment as its programme counts it."""

    name: str
    start: date | None
    decided: date | None
    """The day of `decided-on::`."""
    result: str | None


class Month(Record, frozen=True, kw_only=True):
    """The experiments that were started and decided in one month."""

    first: date
    """Its first day."""
    started: int
    won: int
    lost: int
    inconclusive: int
    dnf: int


class Programme(Record, frozen=True, kw_only=True):
    """The results of a vault's experiments."""

    months: tuple[Month, ...]
    """Without gaps, oldest first; at most the last three years."""
    won: int
    lost: int
    inconclusive: int
    dnf: int
    """Experiments that did not finish; the win rate leaves them out."""
    undated: int
    """Experiments with a result but without `decided-on::`; they are in no month."""
    win_rate: float | None
    """Won of all that were won, lost or inconclusive, 0 to 1."""
    low: float | None
    high: float | None
    """The 95 % Wilson interval of the win rate."""
    days_to_decision: tuple[tuple[str, int], ...]
    """Name, and days from start to decision, of all experiments of which both are known; by name."""
    median_days: float | None


def read_programme(experiments: Iterable[DecidedExperiment], today: date) -> Programme:
    """The counts of a programme up to a day."""
    known = list(experiments)
    totals = {word: sum(item.result == word for item in known) for word in OUTCOMES}
    settled = totals["won"] + totals["lost"] + totals["inconclusive"]
    low, high = wilson(totals["won"], settled, _Z95) if settled else (None, None)
    days = sorted(
        (item.name, (item.decided - item.start).days)
        for item in known
        if item.start is not None and item.decided is not None and item.start <= item.decided <= today
    )
    return Programme(
        months=tuple(_months(known, today)),
        **totals,
        undated=sum(item.result is not None and item.decided is None for item in known),
        win_rate=totals["won"] / settled if settled else None,
        low=low,
        high=high,
        days_to_decision=tuple(days),
        median_days=median(count for _, count in days) if days else None,
    )


def _months(experiments: list[DecidedExperiment], today: date) -> Iterator[Month]:
    days = [day for item in experiments for day in (item.start, item.decided if item.result else None)
            if day is not None and day <= today]  # fmt: skip
    if not days:
        return
    last = today.year * 12 + today.month - 1
    first = max(min(days).year * 12 + min(days).month - 1, last - _MOST_MONTHS + 1)
    for number in range(first, last + 1):
        month = date(number // 12, number % 12 + 1, 1)
        started = sum(_in(item.start, month) and item.start <= today for item in experiments if item.start)
        decided = [item.result for item in experiments if item.result and _in(item.decided, month)]
        counts = {word: decided.count(word) for word in OUTCOMES}
        yield Month(first=month, started=started, **counts)


def _in(day: date | None, month: date) -> bool:
    return day is not None and (day.year, day.month) == (month.year, month.month)
