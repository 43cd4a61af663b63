"""The history of some work: its leaves with their spans, its progress by day, and what is counted from them."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from graphkit.insight.history.forecasts import Completions, HistorySource, weekly
from graphkit.insight.work.progress import Unit  # noqa: TC001 - the fields' types are read when a state is decoded
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.insight.history.leaves import Leaf
    from graphkit.insight.work.progress import Progress


class ProgressPoint(Record, frozen=True, array_like=True):
    """Progress from the end of a day on; weights in leaves, hours or points."""

    day: date
    done: float
    scope: float
    unit: Unit
    done_leaves: int
    leaves: int
    doing: int


class PageChange(Record, frozen=True, array_like=True):
    """A property of an experiment that changed on a day, or its lifecycle; an empty text stands for none."""

    day: date
    key: str
    """`lifecycle`, or one of PAGE_KEYS."""
    before: str
    after: str


PAGE_KEYS: Final = ("result", "due", "end-date", "stop-date", "decision", "owner", "health")
"""Properties whose changes belong to the history of an experiment."""


class WorkHistory(Record, frozen=True, kw_only=True):
    """The known facts about the past of one experiment, or of several together."""

    title: str
    source: HistorySource
    start: date | None
    """The first day that counts for its pace; None where nothing is known."""
    leaves: tuple[Leaf, ...]
    points: tuple[ProgressPoint, ...]
    """Oldest first, one a day at most, only where something changes."""
    changes: tuple[PageChange, ...] = ()
    """Of its page, oldest first; from git only."""

    def at(self, day: date) -> ProgressPoint | None:
        """Progress at the end of a day; None before the first point."""
        index = bisect_right(self.points, day, key=_day)
        return self.points[index - 1] if index else None

    def open_at(self, day: date) -> int:
        """Leaves that were open at the end of a day.

        Before the first point those with which the history begins: they were not added.
        """
        point = self.at(day)
        if point is not None or not self.points:
            return point.leaves - point.done_leaves if point is not None else 0
        first = self.points[0]
        return first.leaves - first.done_leaves + self.completions(first.day).count(first.day)

    def completions(self, until: date) -> list[date]:
        """The days of all completions that stood at the end of a day, in order."""
        known = (leaf.until(until) for leaf in self.leaves)
        days = (leaf.completed() for leaf in known if leaf is not None)
        return sorted(day for day in days if day is not None)

    def known(self, until: date) -> Completions:
        """The completions that stood at the end of a day."""
        return Completions(source=self.source, start=self.start, days=self.completions(until), undated=self.undated)

    @property
    def undated(self) -> int:
        """Leaves that are done, and nobody knows when."""
        return sum(leaf.undated for leaf in self.leaves)


class DayCounts(Record, frozen=True, kw_only=True):
    """The changes of the leaves in a stretch of days."""

    completed: int = 0
    added: int = 0
    """Leaves that came, less those that were taken away."""
    started: int = 0
    reopened: int = 0
    slipped: int = 0


def point_of(day: date, progress: Progress) -> ProgressPoint:
    """A point of a history from what a rollup says."""
    return ProgressPoint(
        day,
        progress.done_weight,
        progress.total_weight,
        progress.unit,
        progress.done,
        progress.total,
        progress.doing,
    )


def weekly_growth(history: WorkHistory, until: date, weeks: int) -> list[tuple[int, int]]:
    """Leaves done and leaves added, less those taken away, in each of the last weeks, oldest first.

    Both together are the change of the open leaves: one that was opened again counts as added.
    """
    done = weekly(history.completions(until), until, weeks)
    ends = [until - timedelta(weeks=weeks - number) for number in range(weeks + 1)]
    remaining = [history.open_at(day) for day in ends]
    return [
        (count, after - before + count) for count, before, after in zip(done, remaining, remaining[1:], strict=False)
    ]


def counts_by_stretch(history: WorkHistory, ends: Sequence[date], days: int) -> list[DayCounts]:
    """The changes in stretches of so many days, given by their last days in order, without gaps."""
    if not ends:
        return []
    last = ends[-1]
    found: dict[str, list[date] | list[date | None]] = {
        "completed": history.completions(last),
        "started": [leaf.started() for leaf in history.leaves],
        "reopened": [day for leaf in history.leaves for day in leaf.reopened()],
        "slipped": [day for leaf in history.leaves for day in leaf.slipped(last)],
    }
    counts: dict[str, list[int]] = {}
    for name, when in found.items():
        counts[name] = [0] * len(ends)
        for day in when:
            age = (last - day).days // days if day is not None else -1
            if 0 <= age < len(ends):
                counts[name][len(ends) - 1 - age] += 1
    open_leaves = [history.open_at(day) for day in (ends[0] - timedelta(days=days), *ends)]
    return [
        DayCounts(
            completed=counts["completed"][index],
            added=open_leaves[index + 1] - open_leaves[index] + counts["completed"][index],
            started=counts["started"][index],
            reopened=counts["reopened"][index],
            slipped=counts["slipped"][index],
        )
        for index in range(len(ends))
    ]


class CycleTimes(Record, frozen=True, kw_only=True):
    """Days from the first day of doing to the completion, both counted."""

    leaves: int
    """Leaves of which both days are known."""
    median: float | None
    p85: float | None


def cycle_times(history: WorkHistory) -> CycleTimes:
    """The cycle times of the leaves that are done, by linear interpolation between them."""
    days = sorted(found for leaf in history.leaves if (found := leaf.cycle_days()) is not None)
    return CycleTimes(leaves=len(days), median=_quantile(days, 0.5), p85=_quantile(days, 0.85))


def _quantile(values: Sequence[int], share: float) -> float | None:
    if not values:
        return None
    at = share * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


def together(title: str, histories: Sequence[WorkHistory], source: HistorySource = "written") -> WorkHistory:
    """Several histories as one: their leaves, and the sums of their progress on every day on which one changes.

    Weights are summed where all have one unit; otherwise leaves are counted. A leaf that two experiments share counts
    in each of them.
    """
    starts = [history.start for history in histories if history.start is not None]
    one_unit = len({point.unit for history in histories for point in history.points}) <= 1
    latest: list[ProgressPoint | None] = [None] * len(histories)
    changes = sorted((point.day, number, point) for number, history in enumerate(histories) for point in history.points)
    sums = [0.0, 0.0, 0, 0, 0]
    points: list[ProgressPoint] = []
    for day, number, point in changes:
        for sign, item in ((-1, latest[number]), (1, point)):
            if item is not None:
                weights = (item.done, item.scope) if one_unit else (item.done_leaves, item.leaves)
                for index, value in enumerate((*weights, item.done_leaves, item.leaves, item.doing)):
                    sums[index] += sign * value
        latest[number] = point
        summed = ProgressPoint(
            day, sums[0], sums[1], point.unit if one_unit else "leaves", int(sums[2]), int(sums[3]), int(sums[4])
        )  # fmt: skip
        if points and points[-1].day == day:
            points[-1] = summed
        else:
            points.append(summed)
    return WorkHistory(
        title=title,
        source=histories[0].source if histories else source,
        start=min(starts, default=None),
        leaves=tuple(leaf for history in histories for leaf in history.leaves),
        points=tuple(points),
    )


def _day(point: ProgressPoint) -> date:
    return point.day
