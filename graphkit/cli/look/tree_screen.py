"""`graphkit tree PAGE` as a screen and as tab-separated lines: the outline as graphkit reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look.tasks_screen import status_mark, task_line
from graphkit.cli.terminal.bars import bar, percentage, tally
from graphkit.cli.terminal.formats import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.results.reports import OutlineRow, TreeReport
    from graphkit.cli.terminal.canvas import Line, Surface

TREE_COLUMNS = ("line", "level", "kind", "marker", "text", "section", "done", "total")
"""Fields of the tab-separated form. New ones are only added at the end."""

_DEEPEST = 20


def tree_screen(report: TreeReport, surface: Surface) -> list[Line]:
    """Each line number and block, indented by level, tasks with their counts. No line is wider than the surface."""
    title: Line = ((" ", "plain"), (surface.show(report.page), "strong"), ("  ", "plain"))
    lines = [surface.cut_line((*title, (surface.show(report.path), "place")), surface.width)]
    if report.progress.total:
        drawn = bar(report.progress, min(20, surface.width // 3), surface)
        counts = (*tally(report.progress, surface), (" ", "plain"), *percentage(report.progress))
        lines.append(((" ", "plain"), *drawn, (" ", "plain"), *counts))
    lines.append(())
    digits = len(str(max((row.line for row in report.rows), default=0)))
    lines.extend(_row(row, surface, digits) for row in report.rows)
    return surface.fit(lines)


def _row(row: OutlineRow, surface: Surface, digits: int) -> Line:
    margin = 2 * min(max(row.level - 1, 0), _DEEPEST, surface.width // 6)
    head: Line = ((f" {row.line:>{digits}}  ", "open"), (" " * margin, "plain"))
    room = surface.width - digits - 3 - margin
    if row.task is not None:
        words = task_line(row.task, surface, room=room - 2)
        return (*head, status_mark(row.task, surface), (" ", "plain"), *words)
    text = surface.show(row.text)
    if row.kind == "section":
        note = f"  ({row.section})" if row.section and row.section != text.lower() else ""
        return (*head, *surface.cut_line(((text, "heading"), (note, "muted")), room))
    if row.kind == "properties":
        return (*head, *surface.cut_line(((text, "muted"),), room))
    bullet: Line = ((surface.glyphs.bullet, "open"),)
    return (*head, *surface.cut_line((*bullet, (f" {text}", "plain")) if text else bullet, room))


def tree_plain(report: TreeReport) -> Rows:
    """A header line, then one line per block, fields (TREE_COLUMNS) separated by tabs."""
    return Rows(TREE_COLUMNS, map(_fields, report.rows))


def _fields(row: OutlineRow) -> Sequence[object]:
    progress = row.task.progress if row.task is not None else None
    return (
        row.line,
        row.level,
        row.kind,
        row.task.marker if row.task is not None else None,
        row.text,
        row.section,
        None if progress is None else progress.done,
        None if progress is None else progress.total,
    )
