"""Small tables with varying columns (`graph stats|neighbors|path|rank`), drawn or tab-separated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from graphkit.app.results.reports import TableReport
    from graphkit.cli.terminal.canvas import Line, Surface

_SHRINKS_FROM = 12
"""The width to which columns of text shrink on a narrow screen, in cells."""


def table_screen(report: TableReport, surface: Surface) -> list[Line]:
    """Title, header and rows, with numbers right-aligned. No line is wider than the surface."""
    numeric = [
        all(row[index] is None or isinstance(row[index], (int, float)) for row in report.rows)
        for index in range(len(report.columns))
    ]
    columns = [
        Column(header=header, align="right" if number else "left", least=None if number else _SHRINKS_FROM)
        for header, number in zip(report.columns, numeric, strict=True)
    ]
    cells: list[list[Line]] = [
        [
            ((surface.glyphs.dash, "muted"),)
            if value is None
            else ((surface.show(_text(value)), "plain" if index else "strong"),)
            for index, value in enumerate(row)
        ]
        for row in report.rows
    ]
    lines: list[Line] = [surface.cut_line(((" ", "plain"), (surface.say(report.title), "strong")), surface.width), ()]
    if not cells:
        lines.append(((" nothing", "muted"),))
    return surface.fit([*lines, *table(columns, cells, surface, indent=1, header=True)])


def _text(value: str | float) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if value % 1 else f"{value:.0f}"
    return str(value)


def table_plain(report: TableReport) -> Rows:
    """A header line, then one line per row, separated by tabs. Floats have all their digits."""
    return Rows(report.columns, report.rows)
