"""Rows of cells as lines of a screen, or as tab-separated text. Knows widths and shrinking, not what a column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.cli.terminal.canvas import line_width, said
from graphkit.cli.terminal.cells import harmless
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphkit.cli.terminal.canvas import Line, Piece, Surface

GAP = 2
"""Cells between two columns."""


class Column(Record, frozen=True, kw_only=True):
    """How one column takes its room."""

    header: str = ""
    align: Literal["left", "right"] = "left"
    least: int | None = None
    """Cells down to which it may shrink where the screen is narrow; None: never."""
    most: int | None = None
    """Cells that it takes at the most."""


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
    """One line a row (after the header), none wider than the screen (or `room`); columns without content are left out.

    Where there is not enough room the widest columns that may shrink do, a cell at a time.
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
        # Blanks are put down only before something, so that no line ends in them.
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


def tab_separated(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines for other programs: the header, then one line a row; tabs and line ends inside a field become spaces."""
    yield "\t".join(header)
    for row in rows:
        yield "\t".join([harmless(field) for field in row])
