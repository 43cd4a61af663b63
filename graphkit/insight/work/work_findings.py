"""The problems in a work tree, in words: W301 to W303 and W306 to W308."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.facts.page_facts import PageFacts, Section, Task

_SHOWN_NAMES = 3
_SHOWN_LETTERS = 40


def open_below_closed(page: PageFacts, task: Task, leaves: Sequence[Task]) -> Diagnostic:
    """W301: a done task with open leaves below it, or behind its reference."""
    names = ", ".join(f"“{_short(leaf.text)}”" for leaf in leaves[:_SHOWN_NAMES])
    more = len(leaves) - _SHOWN_NAMES
    if more > 0:
        names += f" and {more} more"
    verb = "is" if len(leaves) == 1 else "are"
    return Diagnostic(
        code="W301",
        severity=Severity.WARNING,
        path=page.path,
        line=task.line,
        column=task.column,
        message=f"{task.marker}, but {names} below it {verb} open; they count as done",
        hint="close the open tasks below it, or reopen this task",
    )


def circle(page: PageFacts, task: Task) -> Diagnostic:
    """W302: a leaf whose target leads back to it."""
    return Diagnostic(
        code="W302",
        severity=Severity.WARNING,
        path=page.path,
        line=task.line,
        column=task.column,
        message=f"“{_short(task.text)}” leads back to this task; each task in the cycle counts once",
        hint="remove one of the references in the cycle",
    )


def ready_to_close(page: PageFacts, task: Task) -> Diagnostic:
    """W303: an open parent whose leaves are all done."""
    return Diagnostic(
        code="W303",
        severity=Severity.INFO,
        path=page.path,
        line=task.line,
        column=task.column,
        message="ready to close: all tasks below it are done",
        hint="mark it DONE",
    )


def progress_key_unread(page: PageFacts, line: int, written: str) -> Diagnostic:
    """W306: a `progress::` that is neither count nor estimate."""
    return Diagnostic(
        code="W306",
        severity=Severity.WARNING,
        path=page.path,
        line=line,
        message=f"`progress:: {_short(written)}` is neither count nor estimate",
        hint="write `progress:: count` or `progress:: estimate`, or remove the line",
    )


def nothing_to_estimate(page: PageFacts, line: int) -> Diagnostic:
    """W307: `progress:: estimate` where no task has one."""
    return Diagnostic(
        code="W307",
        severity=Severity.WARNING,
        path=page.path,
        line=line,
        message="progress is set to use estimates, but no task has one, so all tasks count the same",
        hint="give a task `estimate:: 2h`",
    )


def tasks_outside(page: PageFacts, section: Section, tasks: Iterable[Task]) -> Diagnostic:
    """W308: a work section without tasks on a page that has some."""
    lines = [str(task.line) for task in tasks]
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines[:_SHOWN_NAMES])}"
    more = " and more" if len(lines) > _SHOWN_NAMES else ""
    return Diagnostic(
        code="W308",
        severity=Severity.WARNING,
        path=page.path,
        line=section.line,
        message=f"there are no tasks below “{_short(section.title)}”; those elsewhere ({where}{more}) do not count",
        hint="move the tasks below this heading, or remove the heading",
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_LETTERS else text[: _SHOWN_LETTERS - 1] + "…"
