"""Rows for a table of observations on a metric's page: where they go, and the splice that adds them. Opens no file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.facts.generated_blocks import generated_content, managed_blocks
from graphkit.facts.observations import OBSERVATION_SECTIONS, observation_fields
from graphkit.facts.sections import read_sections
from graphkit.outline.header import read_header
from graphkit.outline.tables import read_tables
from graphkit.text.edit import Splice
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.views.region_plan import content_end, line_end, page_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.facts.observations import Field
    from graphkit.outline.page_outline import Outline

COLUMNS: Final[tuple[Field, ...]] = ("date", "value", "n", "segment", "source")
"""Of a table that is made; spec: domain §7."""
_HEADING: Final = "### Observations"
_EOL: Final = lazy_pattern(r"\r\n|\n|\r")


class _Place(Record, frozen=True, kw_only=True):
    """The end of a table that has all the columns."""

    end: int
    prefix: str
    columns: tuple[Field | None, ...]


def add_rows(outline: Outline, rows: Sequence[Mapping[Field, str]], *, indentation: str) -> Splice:
    """The splice that puts rows below *Observations*: into the first table there with their columns, else a new one.

    indentation: one level of it, for a page that shows none. A missing section is made at the page's end.
    Raises RequestError if nobody but graphkit writes there.
    """
    needed = tuple(field for field in COLUMNS if field in {"date", "value"} or any(row.get(field) for row in rows))
    eol = line_end(outline.text)
    sections = [
        section for section in read_sections(outline, lambda _: 0, {}) if section.title.lower() in OBSERVATION_SECTIONS
    ]
    generated = generated_content(outline, read_header(outline))
    if generated.whole_page:
        raise RequestError("the metric's page is written by graphkit as a whole", "take graphkit:: out of it first")
    managed = managed_blocks(outline)
    own = [section for section in sections if section.block not in generated and section.block not in managed]
    if sections and not own:
        raise RequestError(
            "what stands below Observations on the metric's page is written by graphkit, as its graphkit:: says",
            "add a heading Observations of your own",
        )
    for section in own:
        for index in range(section.first, section.stop):
            place = None if index in generated else _table(outline, index, needed)
            if place is not None:
                text = "".join(f"{eol}{place.prefix}{_line(row, place.columns)}" for row in rows)
                return Splice(place.end, place.end, text)
    table = [_line(dict(zip(COLUMNS, COLUMNS, strict=True)), COLUMNS), f"|{'--|' * len(COLUMNS)}"]
    table += [_line(row, COLUMNS) for row in rows]
    unit = page_step(outline, indentation)
    text = outline.text
    if not own:
        end = content_end(text, 0, len(text))
        gap = eol * (2 if outline.blocks and outline.blocks[-1].kind == "pre" else 1) if end else ""
        return Splice(end, end, gap + f"- {_HEADING}{eol}" + _block(table, unit, eol))
    heading = outline.blocks[own[0].block]
    last = outline.blocks[heading.stop - 1]
    end = content_end(text, heading.start, last.end)
    indent = text[heading.start : heading.start + heading.raw - 1] + unit if heading.kind == "bullet" else ""
    return Splice(end, end, eol + _block(table, indent, eol))


def _table(outline: Outline, index: int, needed: Iterable[Field]) -> _Place | None:
    """A table of this block that takes rows with these columns: every line of it begins with a pipe."""
    text = outline.text
    for table in read_tables(outline, index):
        fields = observation_fields([cell.text for cell in table.header.cells])
        if not set(needed) <= set(fields) or text[table.header.start] != "|":
            continue
        by_place = {place: field for field, place in fields.items()}
        columns = tuple(by_place.get(place) for place in range(len(table.header.cells)))
        last = table.rows[-1].start if table.rows else _next_line(text, table.header.start)
        begin = _line_start(text, last)
        prefix = re.match(r"[ \t]*", text[begin:last])
        end = _EOL.search(text, last)
        return _Place(
            end=content_end(text, last, end.start() if end else len(text)),
            prefix=prefix[0] if prefix else "",
            columns=columns,
        )
    return None


def _next_line(text: str, at: int) -> int:
    """The first sign of the line below, which is a table's delimiter row."""
    match = _EOL.search(text, at)
    start = match.end() if match else len(text)
    return start + len(text[start : start + 1000]) - len(text[start : start + 1000].lstrip(" \t"))


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line(row: Mapping[Field, str], columns: Iterable[Field | None]) -> str:
    cells = ((row.get(field, "") if field else "").replace("|", "\\|") for field in columns)
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def _block(lines: Sequence[str], indent: str, eol: str) -> str:
    first, *more = lines
    return eol.join((f"{indent}- {first}", *(f"{indent}  {line}" for line in more)))
