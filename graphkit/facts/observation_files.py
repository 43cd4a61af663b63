"""Rows of a CSV or JSON file that somebody wants to import: fields as written, each row with its line. Reads no number.

Stricter than `observations.read_csv`, which makes the best of a file that a vault names: here every doubt is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.observations import OBSERVATION_COLUMNS, observation_fields
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.facts.observations import Field

METRIC_COLUMN: Final = "metric"
_SPACE: Final = lazy_pattern(r"[ \t\r\n]*+")


class RowsError(Exception):
    """The file as a whole cannot be read; `line` says from where on."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class FileRow(Record, frozen=True, kw_only=True):
    """One row: what it says, as written."""

    line: int
    fields: Mapping[Field, str]
    metric: str = ""
    """What its column `metric` says, where the file has one."""
    problem: str = ""
    """Why it cannot be used; empty where it can."""


def column_words(*, date: str = "", value: str = "") -> Mapping[str, Field]:
    """Header cells and what they mean; a column that is named takes the place of the usual words for its field."""
    named: dict[str, Field] = {}
    if date:
        named[_word(date)] = "date"
    if value:
        named[_word(value)] = "value"
    taken = set(named.values())
    return {**{word: field for word, field in OBSERVATION_COLUMNS.items() if field not in taken}, **named}


def _word(name: str) -> str:
    return name.strip().lower()


def _names_metric(header: str, columns: Mapping[str, Field]) -> bool:
    """True if a column gives the metric a row is, rather than being named for another field."""
    return _word(header) == METRIC_COLUMN and METRIC_COLUMN not in columns


def read_csv_rows(data: bytes, columns: Mapping[str, Field]) -> Iterator[FileRow]:
    """The rows of a CSV, separated by whichever of `,` `;` tab its header has most of; blank ones left out.

    Raises RowsError, at once or on the way: not UTF-8, no CSV, no column for date or value.
    """
    import csv  # noqa: PLC0415 - for this command only

    text = _decoded(data)
    lines = text.splitlines(keepends=True)
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    places: dict[Field, int] | None = None
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if places is None:
                places = _places(cells, columns, line)
                width = len(cells)
                named = next((place for place, cell in enumerate(cells) if _names_metric(cell, columns)), width)
                continue
            fields: dict[Field, str] = {
                field: cells[place].strip() if place < len(cells) else "" for field, place in places.items()
            }
            surplus = any(cell.strip() for cell in cells[width:])
            yield FileRow(
                line=line,
                fields=fields,
                metric=cells[named].strip() if named < min(len(cells), width) else "",
                problem="has more cells than the header" if surplus else "",
            )
    except csv.Error as error:
        raise RowsError(f"it is not valid CSV from here on: {error}", max(reader.line_num, 1)) from error
    if places is None:
        raise RowsError("it is empty")


def _places(header: Sequence[str], columns: Mapping[str, Field], line: int) -> dict[Field, int]:
    found = observation_fields(header, columns)
    for field in ("date", "value"):
        if field not in found:
            told = ", ".join(cell.strip() for cell in header)
            raise RowsError(f"it has no column “{field}”, only {told}; name the column with --{field}-column", line)
    return found


def read_json_rows(data: bytes, columns: Mapping[str, Field]) -> Iterator[FileRow]:
    """The objects of a JSON list, or of the list under `observations`; numbers as written.

    Raises RowsError, at once or on the way: not UTF-8, no JSON, no such list.
    """
    import json  # noqa: PLC0415 - for this command only

    text = _decoded(data)
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    line, counted = 1, 0
    try:
        at = _skipped(text, _list_start(text, decoder))
        while text[at : at + 1] != "]":
            line, counted = line + text.count("\n", counted, at), at
            item, at = decoder.raw_decode(text, at)
            yield _json_row(item, line, columns)
            at = _skipped(text, at)
            if text[at : at + 1] == ",":
                at = _skipped(text, at + 1)
            elif text[at : at + 1] != "]":
                raise RowsError("it is not valid JSON from here on: comma or ] missing", text.count("\n", 0, at) + 1)
    except json.JSONDecodeError as error:
        raise RowsError(f"it is not valid JSON from here on: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise RowsError("it is nested too deeply from here on", line) from error


def _list_start(text: str, decoder: object) -> int:
    """The place behind the `[` of the list that holds the observations. Raises JSONDecodeError if it has none."""
    from json import JSONDecoder  # noqa: PLC0415 - for this command only

    assert isinstance(decoder, JSONDecoder)  # noqa: S101 - narrows for the type checker
    begin = at = _skipped(text, 0)
    if text[at : at + 1] == "[":
        return at + 1
    if text[at : at + 1] == "{":
        at = _skipped(text, at + 1)
        while text[at : at + 1] == '"':
            key, at = decoder.raw_decode(text, at)
            at = _skipped(text, at)
            at = _skipped(text, at + 1)
            if key == "observations" and text[at : at + 1] == "[":
                return at + 1
            _, at = decoder.raw_decode(text, at)
            at = _skipped(text, at)
            at = _skipped(text, at + 1)
    decoder.raw_decode(text, begin)
    raise RowsError("it is not a JSON list of objects and has no such list under “observations”")


def _json_row(item: object, line: int, columns: Mapping[str, Field]) -> FileRow:
    if not isinstance(item, dict):
        return FileRow(line=line, fields={}, problem="is not an object")
    fields: dict[Field, str] = {}
    metric = next((str(held).strip() for key, held in item.items() if held and _names_metric(key, columns)), "")
    for key, held in item.items():
        field = columns.get(_word(key))
        if field is None or held is None or field in fields:
            continue
        if not isinstance(held, str):
            return FileRow(line=line, fields={}, problem=f"has a “{key}” that is neither a text nor a number")
        fields[field] = held.strip()
    return FileRow(line=line, fields=fields, metric=metric)


def _skipped(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RowsError("it is not UTF-8", data.count(b"\n", 0, error.start) + 1) from error
