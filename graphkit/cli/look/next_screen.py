"""`graphkit next` as a screen and as tab-separated lines: decisions, tasks, values that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look import attention
from graphkit.cli.look.tasks_screen import matter, status_mark, task_line
from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.sparks import FRESH_ROLES
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.results.metric_reports import NextReport
    from graphkit.app.results.task_row import TaskRow
    from graphkit.cli.terminal.canvas import Line, Piece, Surface

LIMIT = 10
"""Number of tasks shown by default: what fits into a day."""

NEXT_FIELDS = ("what", "title", "why", "date", "owner", "page", "path", "line")
_PAGE_FROM = 100


def next_screen(report: NextReport, surface: Surface, *, limit: int | None = LIMIT) -> list[Line]:
    """Pending decisions, then the most urgent tasks, then values that are due, and the number of dormant tasks.

    limit: number of tasks shown; None: all, including dormant ones.
    """
    awake = len(report.tasks) - report.dormant
    tasks = report.tasks[:awake][:limit]
    if not (report.decisions or report.tasks or report.metrics):
        return surface.fit([((" Nothing to do.", "plain"),)])
    lines: list[Line] = []
    if report.decisions:
        lines.append(surface.rule("Decide", len(report.decisions)))
        for item in report.decisions:
            look = attention.look(item.attention)
            head: Line = (
                (" ", "plain"), (getattr(surface.glyphs, look.glyph), look.role), (" ", "plain"),
                (surface.show(item.title), "strong"),
            )  # fmt: skip
            why: list[Line] = [said(item.attention, look.role), said(surface.say(item.reason))]
            if item.owners:
                why.append(said(surface.show(", ".join(item.owners)), "muted"))
            lines += [head, (("   ", "plain"), *surface.join(why))]
    if tasks:
        lines += [*([()] if lines else []), surface.rule("Do", awake)]
        lines += _tasks(tasks, surface)
        if awake > len(tasks):
            lines.append(((f" {awake - len(tasks):,} more", "strong"), (": graphkit next --all", "plain")))
    if report.metrics:
        lines += [*([()] if lines else []), surface.rule("Measure", len(report.metrics))]
        for metric in report.metrics:
            facts: list[Line] = [
                said(surface.show(metric.title), "strong"),
                said(metric.freshness, FRESH_ROLES[metric.freshness]),
                said(f"last {metric.last.isoformat()}" if metric.last else "never observed", "muted"),
            ]
            if metric.owners:
                facts.append(said(surface.show(", ".join(metric.owners)), "muted"))
            lines.append(((" ", "plain"), (surface.glyphs.ready, "muted"), (" ", "plain"), *surface.join(facts)))
    if report.dormant:
        lines += [()] if lines else []
        if limit is None:
            lines += [surface.rule("Dormant", report.dormant), *_tasks(report.tasks[awake:], surface)]
        else:
            lines.append(((f" {report.dormant:,} dormant", "strong"), (": graphkit next --all", "plain")))
    return surface.fit(lines)


def _tasks(rows: Sequence[TaskRow], surface: Surface) -> list[Line]:
    if surface.width < _PAGE_FROM:
        lines: list[Line] = []
        for row in rows:
            head: Line = ((" ", "plain"), status_mark(row, surface), (" ", "plain"))
            lines.append((*head, *task_line(row, surface, room=surface.width - 4)))
            lines.append((("   ", "plain"), (surface.show(row.page), "muted")))
        return lines
    cells: list[list[Line]] = [
        [
            (status_mark(row, surface), (" ", "plain"), *_words(row.marker, row.priority, surface.show(row.text))),
            matter(row, surface),
            said(surface.show(row.page), "muted"),
        ]
        for row in rows
    ]
    return table(
        [Column(least=30), Column(), Column(least=12, most=44)], cells, surface, indent=1, room=surface.width - 1
    )


def _words(marker: str, priority: str | None, text: str) -> tuple[Piece, ...]:
    rank: tuple[Piece, ...] = ((f"[#{priority}] ", "warn"),) if priority else ()
    return ((f"{marker} ", "muted"), *rank, (text, "plain"))


def next_plain(report: NextReport, *, limit: int | None = LIMIT) -> Rows:
    """A header line, then decide, do and measure lines, fields (NEXT_FIELDS) separated by tabs.

    limit: as for the screen.
    """
    return Rows(NEXT_FIELDS, _fields(report, limit))


def _fields(report: NextReport, limit: int | None) -> Iterator[Sequence[object]]:
    for item in report.decisions:
        why = f"{item.attention}: {item.reason}" if item.reason else item.attention
        yield "decide", item.title, why, item.due, item.owners, item.title, item.path, 1
    for row in report.tasks if limit is None else report.tasks[: len(report.tasks) - report.dormant][:limit]:
        day = row.deadline or row.scheduled
        yield "do", row.text, ",".join(row.flags) or row.status, day, (), row.page, row.path, row.line
    for metric in report.metrics:
        yield "measure", metric.title, metric.freshness, metric.last, metric.owners, metric.title, metric.path, 1
