"""The history that is written in the vault itself: the days on which its tasks were begun and done.

It knows nothing of the scope of earlier days: today's is taken for all of them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.history.leaves import Leaf, Span
from graphkit.insight.history.work_history import ProgressPoint, WorkHistory
from graphkit.insight.work.task_days import done_days, started_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.history.leaves import State
    from graphkit.insight.work.work_tree import WorkTree

_STATES: dict[TaskStatus, State] = {
    TaskStatus.TODO: "todo",
    TaskStatus.DOING: "doing",
    TaskStatus.WAITING: "waiting",
    TaskStatus.DONE: "done",
}


def written_history(
    page: PageFacts, tree: WorkTree, parse_journal: Callable[[str], date | None], until: date
) -> WorkHistory:
    """The history of one experiment from what its vault says, up to a day. Progress counts leaves, in every mode."""
    leaves = tuple(_leaf(*found, parse_journal, until) for found in tree.leaf_tasks)
    doing = sum(leaf.state == "doing" for leaf in leaves)
    days = sorted(day for leaf in leaves for day in (leaf.started(), leaf.completed()) if day is not None)
    done = sum(leaf.undated for leaf in leaves)
    points: list[ProgressPoint] = []
    if days:
        points.append(ProgressPoint(days[0], float(done), float(len(leaves)), "leaves", done, len(leaves), 0))
    completed = sorted(day for leaf in leaves if (day := leaf.completed()) is not None)
    for day, group in groupby(completed):
        done += len(list(group))
        if points and points[-1].day == day:
            points.pop()
        points.append(ProgressPoint(day, float(done), float(len(leaves)), "leaves", done, len(leaves), 0))
    if points:
        last = points.pop()
        points.append(ProgressPoint(last.day, last.done, last.scope, "leaves", done, len(leaves), doing))
    return WorkHistory(
        title=page.title, source="written", start=days[0] if days else None, leaves=leaves, points=tuple(points)
    )


def _leaf(
    task: Task, page: PageFacts, status: TaskStatus, parse_journal: Callable[[str], date | None], until: date
) -> Leaf:
    done = [day for day in done_days(task, page, parse_journal) if day <= until]
    begun = started_day(task, page)
    state = _STATES[status]
    spans = [Span(None, "todo", task.scheduled, task.deadline)]
    if begun is not None and begun <= until and not (done and begun > done[-1]):
        spans.append(Span(begun, "doing", task.scheduled, task.deadline))
    if state == "done" and done:
        spans.append(Span(done[-1], "done", task.scheduled, task.deadline))
    elif spans[-1].state != state:
        spans = [Span(None, state, task.scheduled, task.deadline)]
    return Leaf(text=task.text, path=page.path, line=task.line, spans=tuple(spans))
