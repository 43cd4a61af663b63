"""Markdown tables in a block: which lines form one, and each cell with its place. Knows nothing of what cells mean.

The only importer of markdown-it-py. A regular table (every line between two pipes, the same number of cells in all,
nothing escaped) is split here: markdown-it-py gives the same cells for it, at 46 µs a row against 3, and costs 65 ms to
import. It decides for every other table: escaped pipes, rows of other lengths, lines without outer pipes.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt

    from graphkit.outline.page_outline import Outline

_HINT: Final = lazy_pattern(r"\|[ \t]*+:?-|-:?[ \t]*+\|")
_LINE: Final = lazy_pattern(r"[^\r\n]*+(?:\r\n|[\r\n])?")
_DELIMITER: Final = lazy_pattern(r"\|?(?:[ \t]*+:?-++:?[ \t]*+(?:\||\Z))++")
_PIPE: Final = lazy_pattern(r"(?<!\\)\|")
_BLANK: Final = " \t\f\v\x1a\xa0\u3000"


class Cell(NamedTuple):
    """One cell: its text without the blanks around it, an escaped pipe bare, and where it stands."""

    text: str
    span: Span
    """In the page; for an escaped pipe it holds one code point more than the text. Empty for a missing cell."""


class TableRow(NamedTuple):
    """One line of a table: as many cells as the header has, missing ones empty."""

    cells: tuple[Cell, ...]
    start: int
    """First code point of the line in the page, behind its indentation."""
    surplus: int
    """Cells beyond the header's, which are lost."""


class Table(NamedTuple):
    """A table's header and the rows below it."""

    header: TableRow
    rows: tuple[TableRow, ...]


class _Line(NamedTuple):
    text: str
    start: int


def table_blocks(outline: Outline) -> Iterator[int]:
    """Indices of the blocks in which a table's delimiter row can be, in order; costs nothing without a pipe."""
    text = outline.text
    if "|" not in text:
        return
    starts = [block.start for block in outline.blocks]
    hint = _HINT.search(text)
    while hint:
        index = bisect_right(starts, hint.start()) - 1
        yield index
        hint = _HINT.search(text, outline.blocks[index].end)


def read_tables(outline: Outline, index: int) -> tuple[Table, ...]:
    """The tables of one block, in order, however it is indented; those in code and other opaque regions do not count.

    A table ends before a line without a pipe (as in Logseq; GFM would take it for a row). Links and emphasis in cells
    stay as they are written. Time is linear in the block.
    """
    block = outline.blocks[index]
    lines = [
        _Line(stripped.rstrip(_BLANK), match.start() + len(raw) - len(stripped))
        for match in _LINE.finditer(outline.text, block.text_start, block.end)
        for raw in (match[0].rstrip("\r\n"),)
        for stripped in (raw.lstrip(_BLANK + "\ufeff"),)
    ]
    if not any(_is_delimiter(line.text) for line in lines):
        return ()
    found = _regular_tables(lines)
    if found is None:
        found = _all_tables(lines)
    hidden = outline.hidden
    return tuple(table for table in found if not any(span.start <= table.header.start < span.end for span in hidden))


def _is_delimiter(text: str) -> bool:
    return "-" in text and "|" in text and _DELIMITER.fullmatch(text) is not None


def _regular_tables(lines: Sequence[_Line]) -> list[Table] | None:
    """All tables, if every one of them is regular; None where some line leaves a doubt."""
    tables: list[Table] = []
    at = 1
    while at < len(lines):
        if not _is_delimiter(lines[at].text):
            at += 1
            continue
        header = _regular_row(lines[at - 1])
        columns = _regular_row(lines[at])
        if header is None or columns is None or len(columns.cells) != len(header.cells) or _starts_code(lines[:at]):
            return None
        rows: list[TableRow] = []
        at += 1
        while at < len(lines) and "|" in lines[at].text:
            row = _regular_row(lines[at])
            if row is None or len(row.cells) != len(header.cells):
                return None
            rows.append(row)
            at += 1
        tables.append(Table(header, tuple(rows)))
    return tables


def _starts_code(lines: Sequence[_Line]) -> bool:
    return any(line.text.startswith(("```", "~~~")) for line in lines)


def _regular_row(line: _Line) -> TableRow | None:
    text = line.text
    if len(text) < 2 or text[0] != "|" or text[-1] != "|" or "\\" in text:
        return None
    return TableRow(tuple(_cells(text[1:-1].split("|"), line.start + 1)), line.start, 0)


def _cells(pieces: Sequence[str], at: int) -> Iterator[Cell]:
    for piece in pieces:
        cell = piece.strip(_BLANK)
        start = at + len(piece) - len(piece.lstrip(_BLANK)) if cell else at
        yield Cell(cell, Span(start, start + len(cell)))
        at += len(piece) + 1


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 65 ms that pages without irregular tables do not pay

    return MarkdownIt("zero").enable(["table", "fence", "heading"])


def _all_tables(lines: Sequence[_Line]) -> list[Table]:
    """The tables that markdown-it-py finds. Indented code is switched off: a block's lines have lost their margin."""
    tables: list[Table] = []
    header: TableRow | None = None
    rows: list[TableRow] = []
    below = line = 0
    texts: list[str] = []
    for token in _parser().parse("\n".join(item.text for item in lines)):
        if token.type == "table_open":
            header, rows = None, []
        elif token.type == "tr_open" and token.map:
            line, texts = token.map[0], []
        elif token.type == "inline" and token.level >= 3:
            texts.append(token.content)
        elif token.type == "tr_close":
            row = _placed_row(lines[line], texts)
            if header is None:
                header, below = row, line + 2
            elif "|" in lines[line].text and below + len(rows) == line:
                rows.append(row)
        elif token.type == "table_close" and header is not None:
            tables.append(Table(header, tuple(rows)))
    return tables


def _placed_row(line: _Line, texts: Sequence[str]) -> TableRow:
    """The cells of a line with their places: the pieces between pipes that are not escaped, without outer blanks."""
    pieces = _PIPE.split(line.text)
    at = line.start
    if pieces and not pieces[0]:
        at += len(pieces.pop(0)) + 1
    if pieces and not pieces[-1]:
        pieces.pop()
    places = [cell.span for cell in _cells(pieces, at)]
    end = line.start + len(line.text)
    missing = [Span(end, end)] * (len(texts) - len(places))
    cells = tuple(Cell(text.strip(_BLANK), span) for text, span in zip(texts, [*places, *missing], strict=False))
    return TableRow(cells, line.start, max(len(places) - len(texts), 0))
