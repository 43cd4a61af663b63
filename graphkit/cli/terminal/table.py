"""Tables: rows of cells as lines of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.cli.terminal.canvas import line_width, said
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.cli.terminal.canvas import Line, Piece, Surface

GAP = 2
"""The number of cells between two columns."""


class Column(Record, frozen=True, kw_only=True):
    """The layout of one column."""

    header: str = ""
    align: Literal["left", "right"] = "left"
    least: int | None = None
    """The width to which it can shrink on a narrow screen, in cells; None: never."""
    most: int | None = None
    """The maximum width, in cells."""


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Line]], room: int) -> list[int]:
    widths = []
    for index, column in enumerate(columns):
        natural = max((line_width(row[index]) for row in rows), default=0)
        if natural:
            natural = max(natural, len(column.header))
        widths.append(natural if column.most is None else min(natural, column.most))
    surplus = sum(widths) + GAP * (sum(1 for width in widths if width) - 1) - room
    while surplus > 0:
        wider = [
            (widths[index], index)
            for index, column in enumerate(columns)
            if column.least is not None and widths[index] > column.least
        ]
        if not wider:
            break
        widths[max(wider)[1]] -= 1
        surplus -= 1
    return widths


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Line]],
    surface: Surface,
    *,
    indent: int = 0,
    header: bool = False,
    room: int | None = None,
) -> list[Line]:
    """One line per row after the header, none wider than the screen (or `room`). Empty columns are omitted.

    If there is not enough room, the widest columns that can shrink do so, one cell at a time.
    """
    room = (surface.width if room is None else room) - indent
    widths = _widths(columns, rows, room)
    lines: list[Line] = []
    if header and rows:
        lines.append(_row([said(column.header, "muted") for column in columns], columns, widths, surface, indent, room))
    lines.extend(_row(row, columns, widths, surface, indent, room) for row in rows)
    return lines


def _row(
    cells: Sequence[Line], columns: Sequence[Column], widths: Sequence[int], surface: Surface, indent: int, room: int
) -> Line:
    line: list[Piece] = []
    blank = 0
    started = False
    for cell, column, width in zip(cells, columns, widths, strict=True):
        if not width:
            continue
        if started:
            blank += GAP
        started = True
        shown = surface.cut_line(cell, width)
        free = width - line_width(shown)
        # Spaces are written only before a cell, so that no line ends in spaces.
        if shown:
            before = free if column.align == "right" else 0
            if blank + before:
                line.append((" " * (blank + before), "plain"))
            line.extend(shown)
            blank = free - before
        else:
            blank += free
    whole = surface.cut_line(line, room)
    return ((" " * indent, "plain"), *whole) if indent else whole
