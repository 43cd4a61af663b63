"""`graphkit log` as a screen and as tab-separated lines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from graphkit.cli.measure.history_options import notes_lines, source_words
from graphkit.cli.terminal.canvas import count, said
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.app.results.history_reports import HistoryLog, LogEntry
    from graphkit.cli.terminal.canvas import Line, Role, Surface

LOG_FIELDS = ("day", "kind", "experiment", "text", "detail", "path", "line")
"""Fields of the tab-separated form. New ones are only added at the end."""

_ROLES: Mapping[str, Role] = {
    "done": "good", "started": "doing", "reopened": "warn", "slipped": "warn", "postponed": "warn", "removed": "muted",
    "added": "calm", "lifecycle": "strong", "result": "strong", "due": "warn", "value": "plain",
}  # fmt: skip


def log_screen(report: HistoryLog, surface: Surface) -> list[Line]:
    """Each experiment with its changes by day. No line is wider than the surface."""
    until = f"{report.since.isoformat()} to {report.as_of.isoformat()}"
    head = surface.join(
        [
            said(surface.show(report.vault), "strong"),
            said(until),
            said(count(len(report.entries), "change"), "muted"),
            said(source_words(report.source), "muted"),
        ]
    )
    lines: list[Line] = [(said(" ")[0], *head), *notes_lines(report.notes, surface)]
    if not report.entries:
        lines += [(), said(" Nothing changed in this period.")]
    for title, entries in groupby(report.entries, key=lambda entry: entry.experiment):
        shown = list(entries)
        lines += [(), surface.rule(title, len(shown)), *_entries(shown, surface)]
    return surface.fit(lines)


def _entries(entries: list[LogEntry], surface: Surface) -> list[Line]:
    columns = [Column(), Column(), Column(least=12), Column(least=8)]
    cells: list[list[Line]] = []
    before = None
    for entry in entries:
        cells.append(
            [
                said("" if entry.day == before else entry.day.isoformat(), "muted"),
                said(entry.kind, _ROLES.get(entry.kind, "plain")),
                said(surface.show(entry.text) or surface.say(entry.detail)),
                said(surface.say(entry.detail) if entry.text else "", "muted"),
            ]
        )
        before = entry.day
    return table(columns, cells, surface, indent=1, room=surface.width - 1)


def log_plain(report: HistoryLog) -> Rows:
    """A header line, then one line per entry, fields (LOG_FIELDS) separated by tabs."""
    return Rows(
        LOG_FIELDS,
        (
            (entry.day, entry.kind, entry.experiment, entry.text, entry.detail, entry.path, entry.line)
            for entry in report.entries
        ),
    )
