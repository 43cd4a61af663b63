"""Everything else that a changed task changes: the progress of experiments, and tasks that are not blocked any more."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphkit.app.load import refresh
from graphkit.app.reading.experiments import experiments_of
from graphkit.app.reading.tasks import TaskFilters, report_tasks
from graphkit.app.results.edits import ProgressChange, ReadyTask

if TYPE_CHECKING:
    from graphkit.app.vault import Vault
    from graphkit.insight.work.progress import Progress


def task_effects(vault: Vault, path: str) -> tuple[tuple[ProgressChange, ...], tuple[ReadyTask, ...]]:
    """The experiments whose progress has changed since the vault was read, and the tasks that became ready.

    path: the page that was written.
    """
    now = refresh(vault, [path])
    before = _progress(vault)
    moved = tuple(
        ProgressChange(title=title, before=before[title], after=progress)
        for title, progress in _progress(now).items()
        if title in before and before[title] != progress
    )
    still = _blocked(now)
    waiting = Counter({key: number - still[key] for key, number in _blocked(vault).items()})
    ready = [
        ReadyTask(text=row.text, path=row.path, line=row.line)
        for row in report_tasks(now, TaskFilters()).tasks
        if "blocked" not in row.flags and row.status in {"todo", "doing"} and waiting[row.path, row.text] > 0
    ]
    return moved, tuple(ready)


def _progress(vault: Vault) -> dict[str, Progress]:
    return {experiment.page.title: experiment.progress for experiment in experiments_of(vault)}


def _blocked(vault: Vault) -> Counter[tuple[str, str]]:
    """Blocked tasks by page and text: lines may have moved."""
    rows = report_tasks(vault, TaskFilters(blocked=True)).tasks
    return Counter((row.path, row.text) for row in rows)
