"""What the pace of an experiment depends on beside its progress: work scheduled ahead, and its heaviest open leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from graphkit.facts.page_facts import TaskStatus

if TYPE_CHECKING:
    from datetime import date

    from graphkit.insight.work.work_tree import WorkTree


class WorkAhead(TypedDict):
    """Fields of `health.Signs`."""

    ahead_leaves: int
    ahead_weight: float
    resting_leaves: int
    heaviest: float


def work_ahead(tree: WorkTree, today: date) -> WorkAhead:
    """The open leaves that are scheduled after a day, those that rest until then, and the heaviest open one."""
    weights = tree.weights or (1.0,) * tree.progress.total
    ahead = resting = 0
    ahead_weight = heaviest = 0.0
    for (task, _, status), weight in zip(tree.leaf_tasks, weights, strict=True):
        if status is TaskStatus.DONE:
            continue
        heaviest = max(heaviest, weight)
        later = task.scheduled is not None and task.scheduled > today
        if later:
            ahead += 1
            ahead_weight += weight
        resting += later or status is TaskStatus.WAITING
    return WorkAhead(ahead_leaves=ahead, ahead_weight=ahead_weight, resting_leaves=resting, heaviest=heaviest)
