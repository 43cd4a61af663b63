"""Where a page, or a CSV next to it, may state a metric's value.

spec: domain §7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.dialects import inline_of
from graphkit.facts.page_facts import Sighting
from graphkit.facts.sections import SECTION_WORDS, read_sections
from graphkit.outline.inline import plain_text
from graphkit.outline.properties import normal_key
from graphkit.outline.tables import read_tables
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from graphkit.facts.page_facts import SectionKind
    from graphkit.outline.page_outline import Body, Outline
    from graphkit.outline.properties import Property
    from graphkit.text.source import SourceText

Field = Literal["date", "value", "n", "segment", "source"]

OBSERVATION_COLUMNS: Mapping[str, Field] = {
    **dict.fromkeys(("date", "day", "as of", "as-of", "datum", "tag", "fecha", "data", "日期"), "date"),
    **dict.fromkeys(("value", "wert", "valeur", "valor", "值", "数值"), "value"),
    **dict.fromkeys(("n", "sample", "sample size"), "n"),
    "segment": "segment",
    **dict.fromkeys(("source", "quelle", "fuente", "fonte", "来源"), "source"),
}
"""Header cells of observation tables and files, in lower case (spec: domain §7)."""

OBSERVATION_SECTIONS: Final = frozenset({"observations", "observation"})
"""Headings on a metric's page below which its tables stand (spec: domain §7)."""
_SECTION_WORDS: Final[Mapping[str, SectionKind]] = {**SECTION_WORDS, **dict.fromkeys(OBSERVATION_SECTIONS, "other")}

# fmt: off
OTHER_KEYS: Final = frozenset({
    # beside a value
    "n", "segment", "as-of", "source",
    # Logseq's own, and what its users keep for themselves
    "id", "custom-id", "collapsed", "title", "alias", "aliases", "tags", "icon", "template", "public", "filters",
    "template-including-parent", "background-color", "heading", "created-at", "updated-at", "last-modified-at",
    "query-table", "query-properties", "query-sort-by", "query-sort-desc", "exclude-from-graph-view",
    "logseq.order-list-type", "ls-type", "hl-type", "hl-page", "hl-color", "hl-stamp", "link", "url", "author",
    # graphkit's
    "graphkit", "page-type", "type", "owner", "status", "start-date", "due", "end-date", "stop-date", "primary",
    "guardrails", "metrics", "strategy", "row", "result", "decision", "decided-on", "health", "health-note",
    "blocked-by", "progress", "goal", "goals", "control", "split", "unit", "direction", "baseline", "target", "guard",
    "aggregate", "cadence", "data", "completed", "done", "done-ms", "estimate", "effort", "estimated",
    "time-estimate", "points",
})
# fmt: on
"""Property keys that never name a metric, so that their lines cost nothing."""

_PROPERTY: Final = lazy_pattern(r"\n[ \t]*+(?:-[ \t]++)?([^\s:]{1,100}+)::[ \t]++([^\s\[({])")
_FIRST_PROPERTY: Final = lazy_pattern(r"\ufeff?+[ \t]*+(?:-[ \t]++)?([^\s:]{1,100}+)::[ \t]++([^\s\[({])")
_LIKE_A_NUMBER: Final = lazy_pattern(
    r"[-+−–~≈<>≤≥.]?[ \t]?[$€£¥]?[0-9]|(?:about|around|ca\.?|circa|approx\w*\.?|at (?:least|most)|over|under)[ \t]",
    re.IGNORECASE,
)
_METRIC_TAG: Final = lazy_pattern(r"#(?:metric|\[\[metric\]\])[ \t]", re.IGNORECASE)
_SEPARATOR: Final = lazy_pattern(r"[ \t]*+(?:[:=→：][ \t]*+|(?:is|at|now)[ \t]++(?=\S))?", re.IGNORECASE)
_LINE_END: Final = lazy_pattern(r"[\r\n]")
_LINK_TARGET: Final = lazy_pattern(r"!?\[[^\]\r\n]*\]\(([^()\r\n]*)\)")
_NAME_SIGNS: Final = "*_ \t`"
_NUMERIC: Final = re.compile(r"[-+−]?[ \t]?[$€£¥]?[ \t]?[\d.,]{1,40}[ \t]?[%$€£¥]?")


class PageReading:
    """Everything the functions of this module need of one page; made by `extract`."""

    __slots__ = ("_beside", "_known", "_places", "at", "body", "day", "generated", "outline", "path", "source")

    def __init__(
        self,
        *,
        path: str,
        day: date | None,
        outline: Outline,
        source: SourceText,
        generated: Container[int],
        body: Callable[[int], Body],
        at: Callable[[int], int],
    ) -> None:
        self.path = path
        self.day = day
        self.outline = outline
        self.source = source
        self.generated = generated
        self.body = body
        self.at = at
        self._known = -1
        self._beside: dict[str, str] = {}
        self._places: dict[int, Property] = {}

    def property_at(self, value_start: int, index: int) -> Property | None:
        """The property of a block whose value begins at this place."""
        self._look_at(index)
        return self._places.get(value_start)

    def _look_at(self, index: int) -> None:
        """Keep what the block's properties say; a block is asked for many times in a row."""
        if index != self._known:
            self._known = index
            properties = self.body(index).properties
            self._beside = {prop.key: prop.value for prop in properties}
            self._places = {prop.value_start: prop for prop in properties}

    def sighting(self, kind: Literal["property", "line"], metric: str, text: str, offset: int, index: int) -> Sighting:
        """A value in a block, with what its properties say next to it."""
        self._look_at(index)
        beside = self._beside
        place = self.source.position(offset)
        return Sighting(
            kind=kind,
            metric=metric,
            text=text,
            path=self.path,
            line=place.line,
            column=place.column,
            day=self.day,
            as_of=beside.get("as-of", ""),
            n=beside.get("n", ""),
            segment=plain_text(beside["segment"]).strip() if "segment" in beside else "",
            source=beside.get("source", ""),
            block=index,
        )


def read_properties(page: PageReading, *, anywhere: bool) -> Iterator[Sighting]:
    """Block properties that may be values, in page order.

    anywhere: the page is a journal or an experiment, where every key counts, the page's own too; elsewhere a value is
    looked for only in blocks below the page properties, and only where it begins like a number.
    """
    text = page.outline.text
    for match in _values(text, anywhere=anywhere):
        index = page.at(match.start(2))
        if index in page.generated or (not anywhere and page.outline.blocks[index].kind == "pre"):
            continue
        prop = page.property_at(match.start(2), index)
        if prop is not None:
            yield page.sighting("property", prop.key, prop.value, prop.value_start, index)


def may_state_values(text: str, *, anywhere: bool) -> bool:
    """Cheap: whether `read_properties` can find something in a page of this text."""
    return next(_values(text, anywhere=anywhere), None) is not None


def _values(text: str, *, anywhere: bool) -> Iterator[re.Match[str]]:
    """Lines that look like a property whose key may be a metric's; where not `anywhere`, its value like a number."""
    colons = text.find("::")
    while colons >= 0:  # few lines hold any, and a key ends with the first of its line
        start = text.rfind("\n", 0, colons)
        match = _PROPERTY.match(text, start) if start >= 0 else _FIRST_PROPERTY.match(text)
        if match and _may_count(match, anywhere=anywhere):
            yield match
        end = text.find("\n", colons)
        colons = text.find("::", end) if end >= 0 else -1


def _may_count(match: re.Match[str], *, anywhere: bool) -> bool:
    if normal_key(match[1]) in OTHER_KEYS:
        return False
    return anywhere or _LIKE_A_NUMBER.match(match.string, match.start(2)) is not None


def read_lines(page: PageReading) -> Iterator[Sighting]:
    """Every `#metric [[X]] …` in the page's prose, in order; several can be in one block, and on one line."""
    text = page.outline.text
    if "#" not in text:
        return
    last = -1
    for match in _METRIC_TAG.finditer(text):
        index = page.at(match.start())
        if index == last or index in page.generated:
            continue
        last = index
        for span in page.body(index).prose:
            for title, start, stop in _tagged(page.outline, text[span.start : span.end]):
                shift = _SEPARATOR.match(text, span.start + start, span.start + stop)
                begin = shift.end() if shift else span.start + start
                yield page.sighting("line", title, text[begin : span.start + stop].strip(), begin, index)


def _tagged(outline: Outline, prose: str) -> Iterator[tuple[str, int, int]]:
    """The title behind each `#metric` tag, and the range of what follows it up to the next one or the line's end."""
    references = inline_of(outline, prose).references
    tags = [reference for reference in references if reference.kind == "tag" and reference.target.lower() == "metric"]
    if not tags:
        return
    by_start = {reference.start: reference for reference in reversed(references) if reference.kind in {"page", "tag"}}
    for tag, following in zip(tags, [*tags[1:], None], strict=True):
        at = tag.end
        while at < len(prose) and prose[at] in " \t":
            at += 1
        subject = by_start.get(at)
        if subject is None or subject is following:
            continue
        stop = following.start if following else len(prose)
        line_end = _LINE_END.search(prose, subject.end, stop)
        yield subject.target, subject.end, line_end.start() if line_end else stop


def read_observation_tables(
    page: PageReading, title: str, blocks: Iterable[int], columns: Mapping[str, Field] = OBSERVATION_COLUMNS
) -> tuple[list[Sighting], list[Diagnostic]]:
    """The rows of the tables on a metric's page that have a column of days and one of values.

    The column of values is called `value`, or as the metric is. blocks: indices of blocks that may hold a table.
    **Reports** W412 for a table below *Observations* without a date or value column.
    """
    columns = columns_of(title, columns)
    wanted: set[int] = set()
    for section in read_sections(page.outline, lambda _: 0, _SECTION_WORDS):
        if section.title.lower() in OBSERVATION_SECTIONS:
            wanted.update(range(section.first, section.stop))
    found: list[Sighting] = []
    findings: list[Diagnostic] = []
    for index in blocks:
        if index in page.generated:
            continue
        for table in read_tables(page.outline, index):
            fields = observation_fields([cell.text for cell in table.header.cells], columns)
            if "date" not in fields or "value" not in fields:
                if index in wanted:
                    place = page.source.position(table.header.start)
                    findings.append(no_columns(page.path, place.line, place.column))
                continue
            rows = [{field: row.cells[place].text for field, place in fields.items()} for row in table.rows]
            settle_columns(rows)
            for row, values in zip(table.rows, rows, strict=True):
                if values["value"] or values["date"]:
                    place = page.source.position(row.cells[fields["value"]].span.start)
                    found.append(_row(values, "table", title, page.path, place.line, place.column, index))
    return found, findings


def observation_fields(header: Sequence[str], columns: Mapping[str, Field] = OBSERVATION_COLUMNS) -> dict[Field, int]:
    """Which cell of a header names which field; the first one where two name the same."""
    fields: dict[Field, int] = {}
    for place, cell in enumerate(header):
        field = columns.get(plain_text(cell).strip(_NAME_SIGNS).rstrip(":").lower())
        if field is not None:
            fields.setdefault(field, place)
    return fields


def columns_of(title: str, columns: Mapping[str, Field]) -> Mapping[str, Field]:
    """The header cells of a metric's tables: the usual words and its own name."""
    name = plain_text(title).rpartition("/")[2].strip().lower()
    return columns if not name or name in columns else {**columns, name: "value"}


def settle_columns(rows: Sequence[dict[Field, str]]) -> None:
    """Write days and decimals of a column in the one way that its other cells leave open (`03/04/2026`, `1.234`)."""
    from graphkit.quantities.column_formats import (  # noqa: PLC0415 - for pages with tables of values
        day_order,
        decimal_sign,
        read_day,
        with_point,
    )

    days = [row["date"] for row in rows]
    order = day_order(days)
    decimal = decimal_sign(row["value"] for row in rows)
    for row in rows:
        day = read_day(row["date"], order)
        if day is not None:
            row["date"] = day.isoformat()
        if _NUMERIC.fullmatch(row["value"]):
            row["value"] = with_point(row["value"], decimal)


def _row(
    values: Mapping[Field, str],
    kind: Literal["table", "csv"],
    title: str,
    path: str,
    line: int,
    column: int,
    block: int | None,
) -> Sighting:
    return Sighting(
        kind=kind,
        metric=title,
        text=values["value"],
        path=path,
        line=line,
        column=column,
        as_of=values["date"],
        n=values.get("n", ""),
        segment=values.get("segment", ""),
        source=values.get("source", ""),
        block=block,
    )


def no_columns(path: str, line: int = 1, column: int = 1) -> Diagnostic:
    """A table or file of observations in which nothing can be found."""
    return Diagnostic(
        code="W412",
        severity=Severity.WARNING,
        path=path,
        line=line,
        column=column,
        message="these observations lack a “date” or “value” column, so none of them is read",
        hint="name the columns date and value, and optionally n, segment and source",
    )


def data_paths(value: str) -> tuple[str, ...]:
    """The files that a `data::` value names, as written: paths between commas, or the targets of its links."""
    linked = [match[1].strip() for match in _LINK_TARGET.finditer(value)]
    return tuple(path for path in (linked or [part.strip().strip("<>\"'`") for part in value.split(",")]) if path)


def read_csv(data: bytes, path: str, title: str) -> tuple[list[Sighting], list[Diagnostic]]:
    """The rows of a CSV file as values of one metric, separated by whichever of `,` `;` tab its header uses.

    **Reports** W411 (it is no CSV), W412 (no date or value column).
    """
    import csv  # noqa: PLC0415 - for the few vaults that keep such files

    text = data.decode("utf-8-sig", "replace")
    lines = text.splitlines()
    header = lines[0] if lines else ""
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    rows: list[dict[Field, str]] = []
    numbers: list[int] = []
    findings: list[Diagnostic] = []
    try:
        fields = observation_fields(next(reader, []), columns_of(title, OBSERVATION_COLUMNS))
        if "date" not in fields or "value" not in fields:
            return [], [no_columns(path)]
        for row in reader:
            rows.append({field: row[place].strip() if place < len(row) else "" for field, place in fields.items()})
            numbers.append(reader.line_num)
    except csv.Error as error:
        wrong = Diagnostic(
            code="W411",
            severity=Severity.WARNING,
            path=path,
            line=max(reader.line_num, 1),
            message=f"this is not valid CSV from here on: {error}",
            hint="export it again as comma-separated values",
        )
        findings.append(wrong)
    settle_columns(rows)
    found = [
        _row(values, "csv", title, path, line, 1, None)
        for values, line in zip(rows, numbers, strict=True)
        if values["value"] or values["date"]
    ]
    return found, findings
