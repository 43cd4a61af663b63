"""The view `weekly`: what was done, started and postponed in an ISO week, according to dates in the vault."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.task_days import done_days, started_day
from graphkit.text.patterns import lazy_pattern
from graphkit.views.contexts import WeeklyContext
from graphkit.views.status_view import LIMIT
from graphkit.views.tasks_view import kept_tasks
from graphkit.views.view import Built, Parameter, ParameterError, View
from graphkit.views.view_material import DEFAULT_LIMIT, grouped

if TYPE_CHECKING:
    from graphkit.insight.work.work_tree import WorkNode
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material

_WEEK = lazy_pattern(r"(\d{4})-?W(\d{2})", re.IGNORECASE | re.ASCII)
_OPEN = frozenset({TaskStatus.TODO, TaskStatus.DOING, TaskStatus.WAITING})
_LAST_YEAR = 9998


def read_week(written: str, today: date) -> date:
    """The Monday of a week: `2026-W10`, `this` or `last`. Raises ParameterError for anything else."""
    monday = today - timedelta(days=today.weekday())
    if written.lower() == "this":
        return monday
    if written.lower() == "last":
        return monday - timedelta(days=7)
    match = _WEEK.fullmatch(written)
    if match and 0 < int(match[1]) <= _LAST_YEAR:
        try:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            pass
    raise ParameterError(f"week={written} is no week", "write week=2026-W10, week=this or week=last")


def build(material: Material, asked: Asked) -> Built:
    """The context of `weekly`."""
    notes: list[str] = []
    limit = asked.limit(DEFAULT_LIMIT)
    first = read_week(asked.values.get("week", "this"), material.today)
    last = first + timedelta(days=6)
    done: list[tuple[date, WorkNode]] = []
    started: list[tuple[date, WorkNode]] = []
    slipped: list[tuple[date, WorkNode]] = []
    undated = 0
    for node in kept_tasks(material, asked, notes):
        days = done_days(node.task, node.page, material.parse_journal)
        undated += node.task.status is TaskStatus.DONE and not days
        finished = [day for day in days if first <= day <= last]
        if finished:
            done.append((finished[0], node))
            continue
        begun = started_day(node.task, node.page)
        if begun is not None and first <= begun <= last and node.status is not TaskStatus.CANCELLED:
            started.append((begun, node))
        missed = _missed(node, first, min(last, material.today - timedelta(days=1)))
        if missed is not None:
            slipped.append((missed, node))
    parts = []
    room = limit
    for found in (done, started, slipped):
        found.sort(key=lambda item: (item[0], item[1].page.name, item[1].task.block))
        parts.append(grouped([node for _, node in found[:room]], material))
        room = max(0, room - len(found))
    total = len(done) + len(started) + len(slipped)
    year, number, _ = first.isocalendar()
    return Built(
        context=WeeklyContext(
            week=f"{year}-W{number:02d}",
            first=first,
            last=last,
            done=parts[0],
            done_total=len(done),
            started=parts[1],
            started_total=len(started),
            slipped=parts[2],
            slipped_total=len(slipped),
            undated=undated,
            more=max(0, total - limit),
        ),
        notes=tuple(notes),
    )


def _missed(node: WorkNode, first: date, last: date) -> date | None:
    """The day of the week that an open task missed: its DEADLINE, or its SCHEDULED if it has not been started."""
    if node.status not in _OPEN:
        return None
    task = node.task
    days = [task.deadline, task.scheduled if node.status is TaskStatus.TODO else None]
    return min((day for day in days if day is not None and first <= day <= last), default=None)


VIEW = View(
    name="weekly",
    meaning="what was done, started and postponed in a week",
    parameters=(
        Parameter(name="week", kind="week", meaning="`2026-W10`, `last` or `this` [default: this]"),
        Parameter(name="experiment", kind="name", meaning="only tasks on this experiment's page"),
        Parameter(name="goal", kind="name", meaning="only tasks on the pages of experiments for this goal"),
        Parameter(name="owner", kind="name", meaning="only tasks whose own or whose page's owner is this one"),
        LIMIT,
    ),
    context=WeeklyContext,
    build=build,
)
