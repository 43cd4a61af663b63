"""Strategy tables and initiative lists of one page (spec: domain §1, §7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.dialects import unlabelled
from graphkit.facts.page_facts import InitiativeFact, StrategyFact, Written
from graphkit.facts.sections import SECTION_WORDS, read_sections
from graphkit.outline.body import read_body
from graphkit.outline.inline import plain_text
from graphkit.outline.tables import read_tables
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from graphkit.facts.observations import PageReading
    from graphkit.outline.page_outline import Outline
    from graphkit.outline.tables import Cell, Table, TableRow
    from graphkit.text.source import SourceText

StrategyColumn = Literal["strategy", "description", "key-metrics", "assumptions", "risks", "impact"]

STRATEGY_COLUMNS: Mapping[str, StrategyColumn] = {
    "strategy": "strategy",
    "strategies": "strategy",
    "description": "description",
    "key metrics": "key-metrics",
    "key metric": "key-metrics",
    "metrics": "key-metrics",
    "assumptions": "assumptions",
    "assumption": "assumptions",
    "risks & mitigation": "risks",
    "risks & mitigations": "risks",
    "risks and mitigation": "risks",
    "risks and mitigations": "risks",
    "risks": "risks",
    "risk": "risks",
    "expected impact": "impact",
    "impact": "impact",
}
"""Header cells in lower case, emphasis removed, and the column each names (more by `graphkit.toml`).

spec: domain §1.
"""

KEY_RESULT_WORDS: Final = (
    "key result", "key results", "kr", "schlüsselergebnis", "résultat clé", "resultado clave", "resultado-chave",
    "关键结果",
)  # fmt: skip
"""Headers of the column of key results (see `key_results`)."""

INITIATIVE_WORDS: Final = frozenset({"initiative", "initiatives"})
"""Words in a heading that make it one of initiatives (spec: domain §1; more by `graphkit.toml`)."""

_ENTITY: Final = lazy_pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_PARTS: Final = lazy_pattern(
    r"(?:&(?:#\w{1,8}|[a-zA-Z]\w{1,30});|\[\[[^\[\]\r\n]*+\]\]|\]\([^()\r\n]*+\)|[^;；؛\r\n])++"
)
"""Between `;` and line breaks (spec: domain §7), but not inside a link or at the end of an HTML entity."""
_BREAK: Final = lazy_pattern(r"<br ?/?>", re.IGNORECASE)
_EMPHASIS: Final = "*_ \t`"
_NOTHING: Final = lazy_pattern(r"[-–—−]*|n/?a|none", re.IGNORECASE)
"""What people write into a cell, or a part of one, that they leave empty."""
_LABEL: Final = lazy_pattern(r"(\*\*|__)((?:(?!\1)[^\r\n])+)\1[ \t]*+(:?)[ \t]*+([^\r\n]*)")
_LINK_LABEL: Final = lazy_pattern(r"\[\[([^\[\]|\\\r\n]++)\\?\|[^\[\]\r\n]*+\]\]")
"""`[[Page|label]]`, in a table also `[[Page\\|label]]`, which counts as its page."""
_WORD: Final = lazy_pattern(r"\w+")
_SCORE: Final = lazy_pattern(r"\d{1,2}(?:[.,]\d)?(?:[ ]?/[ ]?(?:5|10|100))?|[★☆⭐]{1,10}")
"""A cell of a prioritisation: a bare number up to 99, or stars."""
_SCORES: Final = tuple(
    map(
        frozenset,
        (
            ("impact", "confidence"), ("impact", "effort"), ("impact", "ease"), ("impact", "reach"),
            ("impact", "urgency"), ("impact", "ice"), ("impact", "rice"), ("impact", "score"), ("impact", "pie"),
        ),
    )
)  # fmt: skip
"""Headers that stand together only where `Impact` is a score."""


def has_strategy_header(text: str, columns: Mapping[str, StrategyColumn]) -> bool:
    """True if some word of the text can be the header of a *Strategy* column; cheap."""
    lower = text.lower()
    return any(word in lower for word, column in columns.items() if column == "strategy")


def has_key_result_header(text: str) -> bool:
    """True if a text can hold a table of key results; cheap."""
    lower = text.lower()
    return any(word in lower for word in KEY_RESULT_WORDS)


def read_strategies(
    page: PageReading, blocks: Iterable[int], columns: Mapping[str, StrategyColumn] = STRATEGY_COLUMNS
) -> tuple[tuple[StrategyFact, ...], list[Diagnostic]]:
    """The strategies of the tables in these blocks: one for each row whose *Strategy* cell is not empty.

    A dash, `n/a` and `none` stand for an empty cell, or an empty part of one.
    blocks: indices of blocks that may hold a table. columns: header texts in lower case and what each names; the
    first column of a kind counts.
    A table with a *Strategy* column beside which only unknown ones or scores stand is left alone.
    **Reports** W418 for what is not read: a second column of a kind, a row that says something but of no strategy; W421
    for columns of which nothing is read.
    """
    found: list[StrategyFact] = []
    findings: list[Diagnostic] = []
    for index in blocks:
        if index in page.generated:
            continue
        for table in read_tables(page.outline, index):
            places: dict[StrategyColumn, int] = {}
            second: list[Cell] = []
            for place, cell in enumerate(table.header.cells):
                column = columns.get(_name(cell.text).rstrip(":：").strip().lower())
                if column is not None and places.setdefault(column, place) != place:
                    second.append(cell)
            if "strategy" not in places:
                continue
            scores = _score_columns(table, places)
            for column in scores:
                del places[column]
            if len(places) == 1 and len(table.header.cells) > 1:  # results by strategy, or priorities
                continue
            findings += _left_out(page, table, {*places.values(), *scores.values()}, second)
            findings += (
                _unread(
                    page, cell.span.start, f"the column “{_name(cell.text)}” has the same meaning as an earlier one",
                    "merge the two columns, or rename this one",
                )
                for cell in second
            )  # fmt: skip
            for row in table.rows:
                strategy = _strategy(page.outline, row, places, page.source)
                if strategy is not None:
                    found.append(strategy)
                elif any(_says(cell.text) for cell in row.cells):
                    hint = "fill in its Strategy cell; use <br> for a line break within a cell"
                    findings.append(_unread(page, row.start, "this row of a strategy table names no strategy", hint))
    return tuple(found), findings


def _score_columns(table: Table, places: Mapping[StrategyColumn, int]) -> dict[StrategyColumn, int]:
    """The columns of a prioritisation (ICE, RICE, PIE) that are called like others: scores, and no expectations."""
    found: dict[StrategyColumn, int] = {}
    place = places.get("impact")
    if place is None:
        return found
    header = {_name(cell.text).rstrip(":：").lower() for cell in table.header.cells}
    cells = [row.cells[place].text.strip(_EMPHASIS) for row in table.rows if _says(row.cells[place].text)]
    scored = "expected" not in _name(table.header.cells[place].text).lower() and any(
        words <= header for words in _SCORES
    )
    if scored or (cells and all(_SCORE.fullmatch(cell) for cell in cells)):
        found["impact"] = place
    return found


def _left_out(page: PageReading, table: Table, known: set[int], second: list[Cell]) -> Iterator[Diagnostic]:
    """W421: the columns of a strategy table of which nothing is read."""
    names = [
        f"“{_name(cell.text)}”"
        for place, cell in enumerate(table.header.cells)
        if place not in known and cell not in second and _says(cell.text)
    ]
    if names:
        place = page.source.position(table.header.start)
        columns = "column" if len(names) == 1 else "columns"
        yield Diagnostic(
            code="W421",
            severity=Severity.INFO,
            path=page.path,
            line=place.line,
            column=place.column,
            message=f"graphkit does not read the {columns} of this strategy table: {', '.join(names)}",
            hint="use a column name from docs/metrics.md, or add its name to `[strategies] columns` in graphkit.toml",
        )


def _unread(page: PageReading, offset: int, message: str, hint: str) -> Diagnostic:
    place = page.source.position(offset)
    return Diagnostic(
        code="W418",
        severity=Severity.WARNING,
        path=page.path,
        line=place.line,
        column=place.column,
        message=f"{message}, so it is not read",
        hint=hint,
    )


def _strategy(
    outline: Outline, row: TableRow, places: Mapping[StrategyColumn, int], source: SourceText
) -> StrategyFact | None:
    def cell(column: StrategyColumn) -> Cell | None:
        place = places.get(column)
        return row.cells[place] if place is not None and _says(row.cells[place].text) else None

    def whole(column: StrategyColumn) -> Written | None:
        found = cell(column)
        return None if found is None else _written(found.text, found.span.start, source)

    def parts(column: StrategyColumn, *, names: bool = False) -> tuple[Written, ...]:
        found = cell(column)
        return () if found is None else tuple(_parts(outline, found, source, names=names))

    title = cell("strategy")
    name = _name(unlabelled(outline, title.text)) if title else ""
    if title is None or not name:
        return None
    return StrategyFact(
        name=_written(name, title.span.start, source),
        description=whole("description"),
        key_metrics=parts("key-metrics", names=True),
        assumptions=parts("assumptions"),
        risks=parts("risks"),
        impact=whole("impact"),
        surplus=row.surplus,
    )


def _parts(outline: Outline, cell: Cell, source: SourceText, *, names: bool) -> Iterator[Written]:
    """The parts of a cell with their places."""
    raw = _BREAK.sub(lambda match: "\n" * len(match[0]), outline.text[cell.span.start : cell.span.end])
    for match in _PARTS.finditer(raw):
        part = match[0].strip()
        shown = part.replace("\\|", "|")
        shown = _name(unlabelled(outline, shown)) if names else shown
        if _says(shown):
            start = cell.span.start + match.start() + len(match[0]) - len(match[0].lstrip())
            yield _written(shown, start, source)


def _says(text: str) -> bool:
    """True if a cell or a part of one holds more than what stands for nothing."""
    return not _NOTHING.fullmatch(text.strip(_EMPHASIS))


def _name(text: str) -> str:
    """A name without link and emphasis syntax, also where the emphasis goes on in the next part of its cell.

    HTML entities, the usual way to write a `|` in a table, are the characters they stand for.
    """
    if _ENTITY.search(text):
        from html import unescape  # noqa: PLC0415 - has a large table, and hardly any vault needs it

        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return " ".join(plain_text(_LINK_LABEL.sub(r"[[\1]]", text)).strip(_EMPHASIS).split())


def _written(text: str, offset: int, source: SourceText) -> Written:
    place = source.position(offset)
    return Written(text=text, line=place.line, column=place.column)


def read_initiatives(
    outline: Outline, generated: Container[int], source: SourceText, words: frozenset[str] = INITIATIVE_WORDS
) -> tuple[InitiativeFact, ...]:
    """The `**Label:** text` blocks below headings with one of these words, each once, in page order."""
    blocks: dict[int, None] = {}
    for section in read_sections(outline, lambda _: 0, {**SECTION_WORDS, **dict.fromkeys(words, "other")}):
        if not words.isdisjoint(_WORD.findall(section.title.lower())):
            blocks.update(dict.fromkeys(range(section.first + 1, section.stop)))
    found = []
    for index in sorted(blocks):
        if index in generated:
            continue
        title = read_body(outline, index).title
        match = _LABEL.match(outline.text, title.start, title.end)
        label = _name(match[2]) if match else ""
        if match and label.rstrip(":：") and (match[3] or label.endswith((":", "："))):
            found.append(
                InitiativeFact(
                    label=_written(label.rstrip(":： "), match.start(2), source), text=plain_text(match[4]).strip()
                )
            )
    return tuple(found)
