"""The formats of every reading command: a report's rows as tsv, csv, jsonl or a Markdown table, with chosen fields."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.cells import harmless
from graphkit.cli.terminal.table import Column, table
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphkit.cli.terminal.canvas import Line, Surface

_LEAST = 8
"""The width to which a column of text shrinks on a narrow screen, in cells."""


class Rows(Record, frozen=True):
    """A report as a table. A cell is a text, number, date, True or False, None, or a tuple of texts."""

    fields: Sequence[str]
    """Names of the columns, as documented. New ones are only added at the end."""
    rows: Iterable[Sequence[object]]


class UnknownFieldError(ValueError):
    """A name given with `--fields` that the report does not have. Its text is a sentence for the user."""


def select(rows: Rows, names: Sequence[str]) -> Rows:
    """Only these fields, in this order. Raises UnknownFieldError."""
    for name in names:
        if name not in rows.fields:
            raise UnknownFieldError(f"There is no field '{name}' here. The fields are {', '.join(rows.fields)}.")
    places = [rows.fields.index(name) for name in names]
    return Rows(tuple(names), ([row[place] for place in places] for row in rows.rows))


def formatted(rows: Rows, form: str, *, raw: bool = False, ascii_only: bool = False) -> Iterator[str]:
    """The lines of a table in this format: tsv, csv, jsonl or markdown. All but jsonl begin with a header.

    raw: for csv, leave texts that a spreadsheet would run as formulas as they are.
    """
    if form == "jsonl":
        return _jsonl(rows, ascii_only=ascii_only)
    written: Mapping[str, Callable[[Rows], Iterator[str]]] = {
        "tsv": _tsv, "markdown": _markdown, "csv": lambda table: _csv(table, raw=raw),
    }  # fmt: skip
    return written[form](rows)


def cell_text(value: object) -> str:
    """A cell as text: nothing for None, dates in ISO 8601, yes or no, lists separated by `; `, numbers in full."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "; ".join(map(cell_text, value))
    return str(value)


def _tsv(rows: Rows) -> Iterator[str]:
    """Tabs and line ends inside a cell become spaces."""
    yield "\t".join(rows.fields)
    for row in rows.rows:
        yield "\t".join([harmless(cell_text(cell)) for cell in row])


def _csv(rows: Rows, *, raw: bool) -> Iterator[str]:
    from graphkit.export.spreadsheets import csv_line  # noqa: PLC0415 - only for csv

    yield csv_line(rows.fields, raw=raw)
    for row in rows.rows:
        yield csv_line([cell if type(cell) in {int, float} else cell_text(cell) for cell in row], raw=raw)


def _jsonl(rows: Rows, *, ascii_only: bool) -> Iterator[str]:
    import json  # noqa: PLC0415 - only for jsonl

    encoder = json.JSONEncoder(ensure_ascii=ascii_only, default=cell_text)
    for row in rows.rows:
        text = encoder.encode(dict(zip(rows.fields, row, strict=True)))
        # A lone surrogate stands for a byte that was not UTF-8; escaped, it keeps the line valid and loses nothing.
        yield "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)


def _markdown(rows: Rows) -> Iterator[str]:
    yield _markdown_line(rows.fields)
    yield _markdown_line(["---"] * len(rows.fields))
    for row in rows.rows:
        yield _markdown_line(map(cell_text, row))


def _markdown_line(cells: Iterable[str]) -> str:
    escaped = (harmless(cell).replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def drawn(rows: Rows, surface: Surface) -> list[Line]:
    """The table on a screen, with numbers right-aligned. No line is wider than the surface."""
    cells = list(rows.rows)
    numeric = [all(isinstance(row[at], int | float | None) for row in cells) for at in range(len(rows.fields))]
    columns = [
        Column(header=name, align="right" if number else "left", least=None if number else max(_LEAST, len(name)))
        for name, number in zip(rows.fields, numeric, strict=True)
    ]
    lines = [[said(surface.show(cell_text(cell))) for cell in row] for row in cells]
    return surface.fit(table(columns, lines, surface, indent=1, header=True, room=surface.width - 1))
