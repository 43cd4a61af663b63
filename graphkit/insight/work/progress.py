"""Progress of one work tree: leaves by status class, and the arithmetic over them (spec: domain §3)."""

from __future__ import annotations

import math
from typing import Literal

from graphkit.text.records import Record

Mode = Literal["count", "estimate"]
Unit = Literal["leaves", "hours", "points"]
ProgressWord = Literal["no tasks", "not started", "in progress", "blocked", "done"]

NO_LEAVES = "–"
"""What stands where there is nothing to count (spec: domain §3.7)."""

_SLACK = 1e-9
"""Percent that float sums of estimates may fall short of a whole number, as 0.1 h + 0.2 h do."""

_BELOW_ONE = math.nextafter(1.0, 0.0)


class Progress(Record, frozen=True, kw_only=True):
    """Leaves of one work tree by status class; cancelled ones are not in it.

    Counts are leaves; weights are leaves in mode `count`, hours or points in mode `estimate`.
    """

    todo: int = 0
    doing: int = 0
    waiting: int = 0
    done: int = 0
    blocked: int = 0
    """Leaves among `todo` and `doing` that a `blocked-by::` target holds back; waiting ones are not in it."""
    recurring: int = 0
    """Leaves with a repeater, which count on neither side; of a whole tree only."""
    mode: Mode = "count"
    unit: Unit = "leaves"
    done_weight: float = 0.0
    total_weight: float = 0.0
    total_deviation: float = 0.0
    """Standard deviation of the total where estimates are ranges, else 0."""

    @property
    def total(self) -> int:
        """All leaves, done or open."""
        return self.todo + self.doing + self.waiting + self.done

    @property
    def open(self) -> int:
        """Leaves that are not done."""
        return self.todo + self.doing + self.waiting

    @property
    def fraction(self) -> float | None:
        """Weight of the done leaves / weight of all, 0..1; 1 only where all are done, None without leaves."""
        total = self.total
        if not total:
            return None
        if self.done == total:
            return 1.0
        if self.mode == "count":
            return self.done / total
        return min(_BELOW_ONE, self.done_weight / self.total_weight) if self.total_weight > 0 else 0.0

    @property
    def percent(self) -> int | None:
        """floor(100 · fraction), 0..100; None without leaves.

        At least 1 when something is done, and 100 only when all is, however light the rest weighs.
        spec: domain §3.7.
        """
        fraction = self.fraction
        if fraction is None:
            return None
        if self.mode == "count":
            return _percent(100 * self.done // self.total, self.done, self.total)
        return _percent(math.floor(100 * fraction + _SLACK), self.done, self.total)

    @property
    def word(self) -> ProgressWord:
        """`no tasks`, `not started`, `in progress`, `blocked` or `done`.

        Blocked: there are open leaves, and all of them are waiting or blocked; it says more than `in progress` and
        `not started` and overrides them. In progress: a leaf is doing or done (spec: domain §3, §4, §6).
        """
        if not self.total:
            return "no tasks"
        if not self.open:
            return "done"
        if self.waiting + self.blocked >= self.open:
            return "blocked"
        return "in progress" if self.doing or self.done else "not started"

    @property
    def text(self) -> str:
        """`[5/12]` in leaves; `[5/12 · 41%]` where estimates give another percentage than the leaves do.

        A dash without leaves (spec: domain §3.7).
        """
        total = self.total
        if not total:
            return NO_LEAVES
        by_leaves = _percent(100 * self.done // total, self.done, total)
        percent = self.percent
        return f"[{self.done}/{total}]" if percent == by_leaves else f"[{self.done}/{total} · {percent}%]"


def count_leaves(*, todo: int = 0, doing: int = 0, waiting: int = 0, done: int = 0, blocked: int = 0) -> Progress:
    """Progress in mode `count`: each leaf weighs 1."""
    return Progress(
        todo=todo,
        doing=doing,
        waiting=waiting,
        done=done,
        blocked=blocked,
        done_weight=float(done),
        total_weight=float(todo + doing + waiting + done),
    )


def _percent(floored: int, done: int, total: int) -> int:
    if done == total:
        return 100
    return min(max(floored, 1 if done else 0), 99)
