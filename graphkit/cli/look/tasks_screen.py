"""Tasks as a table by urgency, as a tree with rolled-up counts, and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look.attention import days_from
from graphkit.cli.terminal.bars import percentage, tally
from graphkit.cli.terminal.canvas import Surface, count, line_width
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from graphkit.app.results.reports import TaskReport
    from graphkit.app.results.task_row import TaskRow
    from graphkit.cli.terminal.canvas import Line, Piece, Role

LIMIT = 100
"""Number of rows shown without `--all`."""

TASK_COLUMNS = (
    "task", "marker", "status", "priority", "deadline", "scheduled", "flags", "done", "total", "experiment", "page",
    "path", "line", "done_on", "last_activity",
)  # fmt: skip
"""Fields of the tab-separated form. New ones are only added at the end."""

STATUS_ROLES: Mapping[str, Role] = {
    "todo": "plain",
    "doing": "doing",
    "waiting": "waiting",
    "done": "good",
    "cancelled": "muted",
}

_FLAG_ROLES: Mapping[str, Role] = {
    "overdue": "bad", "slipped": "warn", "blocked": "warn", "stale": "warn", "dormant": "muted",
}  # fmt: skip
_CLOSED = frozenset({"done", "cancelled"})
_BLANK: Piece = (" ", "plain")
_TWO_LINES_BELOW = 72
_DISTANCE_FROM = 110
_PLACE_FROM = 130
_DEEPEST = 12


def status_mark(row: TaskRow, surface: Surface) -> Piece:
    """The symbol of its status."""
    return getattr(surface.glyphs, f"{row.status}_mark"), STATUS_ROLES.get(row.status, "plain")


def matter(row: TaskRow, surface: Surface) -> Line:
    """The flags with their dates: `overdue 2026-03-02`, `due 2026-03-16`, `blocked`."""
    if row.status in _CLOSED:
        return ((f"{row.status} {row.done_on.isoformat()}", "good"),) if row.done_on and row.status == "done" else ()
    parts: list[Line] = []
    if row.deadline is not None:
        late = "overdue" in row.flags
        parts.append(((f"{'overdue' if late else 'due'} {row.deadline.isoformat()}", "bad" if late else "plain"),))
    if row.scheduled is not None and (row.status == "todo" or row.deadline is None):
        late = "slipped" in row.flags
        parts.append(((f"{'slipped' if late else 'from'} {row.scheduled.isoformat()}", "warn" if late else "muted"),))
    if "blocked" in row.flags and row.status != "waiting":
        parts.append((("blocked", "warn"),))
    for flag in ("stale", "dormant"):
        if flag in row.flags and row.last_activity is not None:
            parts.append(((f"{flag} since {row.last_activity.isoformat()}", _FLAG_ROLES[flag]),))
            break
    return surface.join(parts)


def _distance(row: TaskRow, today: date) -> Line:
    """The distance to its date."""
    day = row.deadline or row.scheduled
    if day is None or row.status in _CLOSED:
        return ()
    if row.deadline is None:
        days = (day - today).days
        return ((f"in {days:,}d" if days > 0 else f"{-days:,}d ago" if days else "today", "muted"),)
    return ((days_from(day, today), "bad" if "overdue" in row.flags else "muted"),)


def _words(row: TaskRow, surface: Surface) -> Line:
    """Marker, priority and text."""
    closed = row.status in _CLOSED
    line: list[Piece] = [(row.marker, STATUS_ROLES.get(row.status, "plain")), (" ", "plain")]
    if row.priority:
        line.append((f"[#{row.priority}] ", "warn"))
    line.append((surface.show(row.text), "muted" if closed else "plain"))
    return tuple(line)


def task_line(row: TaskRow, surface: Surface, *, room: int) -> Line:
    """One task in at most this many cells: the text, the rolled-up count, and the flags on the right."""
    count_line: Line = ()
    if row.progress is not None and row.progress.total:
        count_line = ((" ", "plain"), *tally(row.progress, surface), (" ", "plain"), *percentage(row.progress))
    # Flags take at most half of the line, so that the text stays readable.
    tail = surface.cut_line(matter(row, surface), max(room // 2, 0))
    left = surface.cut_line(_words(row, surface), room - line_width(tail) - line_width(count_line) - (2 if tail else 0))
    if tail:
        return (*left, *count_line, ("  ", "plain"), *tail)
    return (*left, *count_line)


def task_tree(rows: Sequence[TaskRow], surface: Surface, *, indent: int = 3) -> list[Line]:
    """The tasks of one tree, indented by depth up to a limit."""
    lines: list[Line] = []
    for row in rows:
        margin = indent + 2 * min(row.depth, _DEEPEST)
        head: Line = ((" " * margin, "plain"), status_mark(row, surface), (" ", "plain"))
        lines.append((*head, *task_line(row, surface, room=surface.width - margin - 3)))
    return lines


def tasks_screen(report: TaskReport, surface: Surface, *, limit: int | None = LIMIT) -> list[Line]:
    """Tasks with date, text and page, the most urgent first; dormant ones below their own heading.

    No line is wider than the surface. limit: number of tasks shown; None: all.
    """
    shown = report.tasks if limit is None else report.tasks[:limit]
    if not shown:
        return [((" No task matches.", "plain"),)]
    compact = surface.width < _TWO_LINES_BELOW
    lines = _compact(shown, surface) if compact else _table(report, shown, surface)
    awake = len(report.tasks) - report.dormant
    if awake < len(shown):
        at = 2 * awake if compact else 1 + awake
        lines[at:at] = [*([()] if awake else []), surface.rule("Dormant", report.dormant)]
    rest = len(report.tasks) - len(shown)
    foot: list[Piece] = [(f" {count(len(report.tasks), 'task')}", "strong")]
    for flag, role in _FLAG_ROLES.items():
        number = sum(1 for row in report.tasks if flag in row.flags)
        if number:
            foot += [(f" {surface.glyphs.dot} ", "muted"), (f"{number:,} {flag}", role)]
    lines += [(), surface.cut_line(foot, surface.width)]
    if report.undated:
        lines.append(surface.cut_line(((f" {undated_note(report)}", "muted"),), surface.width))
    if rest:
        lines.append(((f" {rest:,} more", "strong"), (": graphkit tasks --all", "plain")))
    return surface.fit(lines)


def _table(report: TaskReport, rows: Sequence[TaskRow], surface: Surface) -> list[Line]:
    width = surface.width
    optional: list[tuple[int, Column, Callable[[TaskRow], Line]]] = [
        (_DISTANCE_FROM, Column(align="right"), lambda row: _distance(row, report.as_of)),
        (0, Column(header="task", least=20), lambda row: (status_mark(row, surface), _BLANK, *_words(row, surface))),
        (0, Column(header="page", least=12, most=40), lambda row: ((surface.show(row.page), "muted"),)),
        (_PLACE_FROM, Column(header="place", least=16), lambda row: _place(row, surface)),
    ]
    shown = [(column, cell) for least_width, column, cell in optional if width >= least_width]
    columns = [Column(header="when", most=40), *(column for column, _ in shown)]
    cells = [[matter(row, surface), *(cell(row) for _, cell in shown)] for row in rows]
    return table(columns, cells, surface, indent=1, header=True, room=width - 1)


def _place(row: TaskRow, surface: Surface) -> Line:
    return ((f"{surface.show(row.path)}:{row.line}", "place"),)


def _compact(rows: Sequence[TaskRow], surface: Surface) -> list[Line]:
    lines: list[Line] = []
    room = surface.width - 1
    for row in rows:
        lines.append(surface.cut_line((_BLANK, status_mark(row, surface), _BLANK, *_words(row, surface)), room))
        below = surface.join([matter(row, surface), ((surface.show(row.page), "muted"),)])
        lines.append(surface.cut_line((("   ", "plain"), *below), room))
    return lines


def tasks_plain(report: TaskReport, *, limit: int | None = LIMIT) -> Rows:
    """A header line, then one line per task, fields (TASK_COLUMNS) separated by tabs."""
    rows = report.tasks if limit is None else report.tasks[:limit]
    return Rows(TASK_COLUMNS, map(task_fields, rows))


def tasks_aside(report: TaskReport, *, limit: int | None = LIMIT) -> list[str]:
    """Notes for stderr next to the tab-separated form."""
    rest = 0 if limit is None else len(report.tasks) - limit
    notes = [f"{rest:,} more; use --all to show them"] if rest > 0 else []
    if report.undated:
        notes.append(undated_note(report))
    return notes


def undated_note(report: TaskReport) -> str:
    """A note on the number of done tasks without a date."""
    many = report.undated != 1
    return f"{count(report.undated, 'done task')} without a date {'are' if many else 'is'} not shown"


def task_fields(row: TaskRow) -> Sequence[object]:
    """The fields of TASK_COLUMNS; done and total are empty for a task without subtasks."""
    return (
        row.text,
        row.marker,
        row.status,
        row.priority,
        row.deadline,
        row.scheduled,
        ",".join(row.flags),
        None if row.progress is None else row.progress.done,
        None if row.progress is None else row.progress.total,
        row.experiment,
        row.page,
        row.path,
        row.line,
        row.done_on,
        row.last_activity,
    )
