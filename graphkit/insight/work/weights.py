"""All each leaf of a rollup weighs: by count, or by estimate (spec: domain §3.4).

Decisions where the domain is silent:

- A share of a parent's estimate counts as an estimate that the leaf carries, for the half rule and for the median.
- The shares of one parent are independent: their variances add up to the parent's.
- A leaf that gets the median adds no variance.
- Only estimates that are used can mix units: a parent's is not where a task below it has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.estimates import ESTIMATE_KEYS, Estimate, find_estimate, median_estimate, split_estimate
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.work.estimates import EstimateScale, EstimateUnit
    from graphkit.insight.work.progress import Mode

_KEYS = frozenset(ESTIMATE_KEYS)


class Weights(NamedTuple):
    """Mean and variance by leaf row, in one unit."""

    unit: EstimateUnit
    by_row: dict[int, tuple[float, float]]


def has_estimates(tasks: Iterable[Task]) -> bool:
    """True if any task has a property that can hold an estimate."""
    return any(task.properties and not _KEYS.isdisjoint(task.properties) for task in tasks)


def weigh_leaves(
    tasks: Sequence[Task],
    pages: Sequence[PageFacts],
    parents: Sequence[int],
    standing: Sequence[TaskStatus],
    leaves: Sequence[int],
    scale: EstimateScale,
    override: Mode | None,
) -> tuple[Weights | None, list[Diagnostic]]:
    """The weights in mode `estimate`, or None for mode `count`; with what is wrong in the estimates.

    tasks, pages, parents, standing: parallel, parents before children. leaves: rows in order. override: the
    experiment's `progress::`. **Reports** W304 for hours and points in one scope, W305 for an estimate that cannot be
    read.
    """
    found: list[Diagnostic] = []
    own: dict[int, Estimate] = {}
    for row, task in enumerate(tasks):
        if standing[row] is TaskStatus.CANCELLED or not task.properties or _KEYS.isdisjoint(task.properties):
            continue
        estimate, wrong = find_estimate(task.properties, scale)
        if estimate is not None:
            own[row] = estimate
        found += [_unreadable(pages[row], task, key, value) for key, value in wrong]
    carried = _carried(own, parents, leaves)
    if override == "count" or not carried or (override is None and 2 * len(carried) < len(leaves)):
        if override != "count":
            found += _mixed(carried, tasks, pages)
        return None, found
    mixed = _mixed(carried, tasks, pages)
    if mixed:
        return None, found + mixed
    median = median_estimate(carried.values())
    by_row = {row: (carried[row].mean, carried[row].variance) if row in carried else (median, 0.0) for row in leaves}
    return Weights(next(iter(carried.values())).unit, by_row), found


def _carried(own: dict[int, Estimate], parents: Sequence[int], leaves: Sequence[int]) -> dict[int, Estimate]:
    """The estimate of each leaf that has one, or a share of the nearest parent's that has none below it."""
    above_one = bytearray(len(parents) + 1)
    for row in range(len(parents) - 1, -1, -1):
        if row in own or above_one[row]:
            above_one[parents[row]] = 1
    sharing = {row for row in own if not above_one[row]}
    sharer: list[int] = []
    for row, parent in enumerate(parents):
        sharer.append(row if row in sharing else sharer[parent] if parent >= 0 else -1)
    parts: dict[int, int] = {}
    for row in leaves:
        parts[sharer[row]] = parts.get(sharer[row], 0) + 1
    shares = {row: split_estimate(own[row], count) for row, count in parts.items() if row >= 0 and count > 1}
    carried: dict[int, Estimate] = {}
    for row in leaves:
        source = sharer[row]
        if source >= 0:
            carried[row] = shares.get(source) or own[source]
    return carried


def _mixed(carried: dict[int, Estimate], tasks: Sequence[Task], pages: Sequence[PageFacts]) -> list[Diagnostic]:
    first: int | None = None
    for row, estimate in carried.items():
        if first is None:
            first = row
        elif estimate.unit != carried[first].unit:
            return [
                Diagnostic(
                    code="W304",
                    severity=Severity.WARNING,
                    path=pages[row].path,
                    line=tasks[row].line,
                    column=tasks[row].column,
                    message=f"this estimate is in {estimate.unit}, an earlier one ({pages[first].path}:"
                    f"{tasks[first].line}) in {carried[first].unit}: all tasks of this work count the same",
                    hint="use one unit for the whole work tree, or write `progress:: count` on the experiment",
                )
            ]
    return []


def _unreadable(page: PageFacts, task: Task, key: str, value: str) -> Diagnostic:
    shown = value if len(value) <= 40 else value[:39] + "…"
    return Diagnostic(
        code="W305",
        severity=Severity.WARNING,
        path=page.path,
        line=task.line,
        column=task.column,
        message=f"the estimate `{key}:: {shown}` cannot be read",
        hint="write hours (2h, 90m, 1.5d, 1 week), points (3), a size (S, M, L) or a range (1-3d), above zero",
    )
