"""The leaves of a rollup counted: below each of its tasks, and in the whole (spec: domain §3.4, §3.7)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.progress import Progress, count_leaves
from graphkit.insight.work.time_states import BLOCKED_BY, is_blocked

if TYPE_CHECKING:
    from graphkit.insight.work.leaf_status import Rollup
    from graphkit.insight.work.time_states import Targets
    from graphkit.insight.work.weights import Weights

_TODO, _WAITING, _DONE = TaskStatus.TODO, TaskStatus.WAITING, TaskStatus.DONE

Counts = tuple[int, int, int, int, int]
"""Leaves to do, doing, waiting, done, and held back by a `blocked-by::` target."""


def held_leaves(rollup: Rollup, lookup: Targets) -> frozenset[int]:
    """The open leaves that a target of their `blocked-by::` holds back; waiting ones are not in it."""
    tasks, standing = rollup.layout.tasks, rollup.standing
    return frozenset(
        row
        for row in rollup.leaves
        if BLOCKED_BY in tasks[row].properties
        and standing[row] is not _DONE
        and standing[row] is not _WAITING
        and is_blocked(tasks[row], lookup)
    )


def whole_progress(rollup: Rollup, held: frozenset[int], weights: Weights | None) -> Progress:
    """The progress over all leaves of a rollup."""
    if weights is not None:  # added up place by place, as floats give another sum in another order
        return Tallies(rollup, held, weights).progress(-1)
    standing = rollup.standing
    todo = doing = waiting = done = 0
    for row in rollup.leaves:
        status = standing[row]
        if status is _TODO:
            todo += 1
        elif status is _DONE:
            done += 1
        elif status is _WAITING:
            waiting += 1
        else:
            doing += 1
    return _counted((todo, doing, waiting, done, len(held)))


def open_below(rollup: Rollup) -> list[int]:
    """How many open leaves stand below each row, at their places; of a leaf 1 where it is open."""
    parents, standing = rollup.layout.parents, rollup.standing
    found = [0] * (len(parents) + 1)  # the last place is that of the parent -1: all leaves
    for row in rollup.leaves:
        if standing[row] is not _DONE:
            found[row] = 1
    for row in range(len(parents) - 1, -1, -1):
        found[parents[row]] += found[row]
    return found


class Tallies:
    """The progress below each row of a rollup."""

    def __init__(self, rollup: Rollup, held: frozenset[int], weights: Weights | None) -> None:
        """Held: the leaves that `held_leaves` gives."""
        count = len(rollup.layout.tasks)
        # one place more than rows: the parent -1 of a top task is the last place, which so becomes the whole tree's
        self._todo, self._doing, self._waiting, self._done, self._held = ([0] * (count + 1) for _ in range(5))
        self._sums = _Sums(count, weights) if weights else None
        for row in rollup.leaves:
            self._add_leaf(row, rollup.layout.parents[row], rollup.standing[row], held=row in held)
        for row in range(count - 1, -1, -1):
            if rollup.children[row]:
                self._add_up(row, rollup.layout.parents[row])

    def _add_leaf(self, row: int, parent: int, status: TaskStatus, *, held: bool) -> None:
        if status is _DONE:
            self._done[parent] += 1
        elif status is _WAITING:
            self._waiting[parent] += 1
        else:
            (self._todo if status is _TODO else self._doing)[parent] += 1
        self._held[parent] += held
        if self._sums:
            self._sums.add_leaf(row, parent, is_done=status is _DONE)

    def _add_up(self, row: int, parent: int) -> None:
        for counts in (self._todo, self._doing, self._waiting, self._done, self._held):
            counts[parent] += counts[row]
        if self._sums:
            self._sums.add_up(row, parent)

    def progress(self, row: int) -> Progress:
        """The progress of the leaves below a row."""
        counts = (self._todo[row], self._doing[row], self._waiting[row], self._done[row], self._held[row])
        return self._sums.progress(row, counts) if self._sums else _counted(counts)


class _Sums:
    """Weights added up by place, in mode `estimate`."""

    __slots__ = ("_by_row", "_done", "_total", "_unit", "_variance")

    def __init__(self, rows: int, weights: Weights) -> None:
        self._unit, self._by_row = weights
        self._done = [0.0] * (rows + 1)
        self._total = [0.0] * (rows + 1)
        self._variance = [0.0] * (rows + 1)

    def add_leaf(self, row: int, parent: int, *, is_done: bool) -> None:
        mean, variance = self._by_row[row]
        self._total[parent] += mean
        self._variance[parent] += variance
        if is_done:
            self._done[parent] += mean

    def add_up(self, row: int, parent: int) -> None:
        self._total[parent] += self._total[row]
        self._variance[parent] += self._variance[row]
        self._done[parent] += self._done[row]

    def progress(self, place: int, counts: Counts) -> Progress:
        todo, doing, waiting, done, blocked = counts
        return Progress(
            todo=todo,
            doing=doing,
            waiting=waiting,
            done=done,
            blocked=blocked,
            mode="estimate",
            unit=self._unit,
            done_weight=self._done[place],
            total_weight=self._total[place],
            total_deviation=math.sqrt(self._variance[place]),
        )


@lru_cache(maxsize=1024)
def _counted(counts: Counts) -> Progress:
    """The same counts give the same value: many experiments of one template differ in little."""
    todo, doing, waiting, done, blocked = counts
    return count_leaves(todo=todo, doing=doing, waiting=waiting, done=done, blocked=blocked)
