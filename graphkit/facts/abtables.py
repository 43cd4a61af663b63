"""What stands below *Result* of an experiment: a test's plan and its arms' numbers (domain 8). Computes none.

Decided where domain 8 is silent:

- Properties hold for the tables behind them in the section, a later one for those behind it; what no block before a
  table says is taken from the rest of the section, then from the page.
- Columns are known by their headers in any order; numbers may have separators of thousands, counts no unit.
- A row that cannot be read is left out and reported; the other arms are compared without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.numbers import read_quantity
from graphkit.facts.property_values import read_date
from graphkit.facts.units import PERCENT, POINTS
from graphkit.outline.body import read_body
from graphkit.outline.inline import plain_text
from graphkit.outline.markdown import read_tables, table_blocks
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import dataclass
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from datetime import date

    from graphkit.facts.values import PageFacts, Section
    from graphkit.outline.markdown import Table, TableRow
    from graphkit.outline.tree import Outline
    from graphkit.text.source import SourceText

Column = Literal["variant", "n", "conversions", "mean", "sd"]

COLUMNS: Final[Mapping[str, Column]] = {
    **dict.fromkeys(("variant", "variants", "variation", "arm", "group"), "variant"),
    **dict.fromkeys(("n", "users", "visitors", "units", "sample", "sample size", "size"), "n"),
    **dict.fromkeys(("conversions", "conversion", "converted", "successes"), "conversions"),
    **dict.fromkeys(("mean", "average", "avg"), "mean"),
    **dict.fromkeys(("sd", "std", "stddev", "standard deviation", "σ"), "sd"),
}
"""Headers in lower case and what each names. Source: domain 8, with the usual synonyms."""

RESULT_KEYS: Final = ("control", "split", "primary", "stop-date", "mde")
_SPLIT: Final = re.compile(r"[/:;,]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFact:
    """One row of a result table."""

    name: str
    line: int
    n: float
    conversions: float | None = None
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A minimum detectable effect as written."""

    value: float
    """A share for a relative effect; in the metric's own unit, a share for percentage points, for an absolute one."""
    relative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """One result table with what is said of it."""

    path: str
    line: int
    span: Span
    """The whole table in the page's text, from its header to the end of its last row."""
    arms: tuple[ArmFact, ...]
    control: str = ""
    """As a reader sees it; empty where nothing is said."""
    split: tuple[float, ...] = ()
    primary: str = ""
    """The value as written."""
    stop: date | None = None
    effect: Effect | None = None


def read_results(
    page: PageFacts,
    outline: Outline,
    source: SourceText,
    generated: Container[int],
    parse_journal: Callable[[str], date | None],
) -> tuple[tuple[ResultFacts, ...], tuple[Diagnostic, ...]]:
    """The result tables below an experiment's *Result* sections in page order, and what is wrong with them.

    **Reports** W511 (a table that looks like one and lacks a column), W512 (a row that is not understood), W513 (a
    property that is not understood).
    """
    reader = _Reader(page, outline, source, parse_journal)
    blocks = [index for index in table_blocks(outline) if index not in generated]
    done: set[int] = set()
    for section in page.sections:
        if section.kind == "result":
            inside = [index for index in blocks if section.first <= index < section.stop and index not in done]
            done.update(inside)
            if inside:
                reader.read(section, inside)
    return tuple(reader.results), tuple(dict.fromkeys(reader.findings))


class _Reader:
    def __init__(
        self, page: PageFacts, outline: Outline, source: SourceText, parse_journal: Callable[[str], date | None]
    ) -> None:
        self._page = page
        self._outline = outline
        self._source = source
        self._parse = parse_journal
        self.results: list[ResultFacts] = []
        self.findings: list[Diagnostic] = []

    def read(self, section: Section, blocks: Sequence[int]) -> None:
        said = {
            key: (self._page.properties[key], self._page.property_lines.get(key, 1))
            for key in RESULT_KEYS
            if self._page.properties.get(key)
        }
        own: dict[int, dict[str, tuple[str, int]]] = {}
        for index in range(section.first, min(section.stop, len(self._outline.blocks))):
            found = {
                prop.key: (prop.value, self._source.position(prop.start).line)
                for prop in read_body(self._outline, index).properties
                if prop.key in RESULT_KEYS and prop.value.strip()
            }
            if found:
                own[index] = found
        for found in reversed(own.values()):
            said.update(found)
        for index in range(section.first, blocks[-1] + 1):
            said.update(own.get(index, {}))
            if index in blocks:
                for table in read_tables(self._outline, index):
                    self._table(table, said)

    def _table(self, table: Table, said: Mapping[str, tuple[str, int]]) -> None:
        places: dict[Column, int] = {}
        for place, cell in enumerate(table.header.cells):
            column = COLUMNS.get(plain_text(cell.text).strip().lower().rstrip(":"))
            if column is not None:
                places.setdefault(column, place)
        line = self._source.position(table.header.start).line
        means = "mean" in places and "sd" in places
        if not {"variant", "n"} <= places.keys() or not ("conversions" in places or means):
            if len(places) >= 2 or "variant" in places:
                self._report(
                    "W511",
                    line,
                    "this table lacks a column of a result",
                    "give it the columns `variant | n | conversions`, or `variant | n | mean | sd`",
                )
            return
        wanted: tuple[Column, ...] = ("conversions",) if "conversions" in places else ("mean", "sd")
        arms: list[ArmFact] = []
        for row in table.rows:
            arm = self._arm(row, places, wanted)
            if arm is not None and any(arm.name.lower() == other.name.lower() for other in arms):
                self._report("W512", arm.line, f"“{arm.name}” has a row already; this one is left out", "keep one")
            elif arm is not None:
                arms.append(arm)
        split_text, split_line = said.get("split", ("", 0))
        split = _shares(split_text)
        if split_text and len(split) != len(arms):
            self._report(
                "W513",
                split_line,
                f"split:: {split_text} does not fit {len(arms)} arms, so equal shares are assumed",
                "write one share for each row of the table, as in `50/50`",
            )
            split = ()
        stop_text, stop_line = said.get("stop-date", ("", 0))
        stop = read_date(stop_text, self._parse) if stop_text else None
        if stop_text and stop is None and stop_text != self._page.properties.get("stop-date"):
            self._report("W513", stop_line, f"stop-date:: {stop_text} is not a date", "write it as [[Mar 31st, 2026]]")
        control = plain_text(said.get("control", ("", 0))[0]).strip()
        if control and arms and all(arm.name.lower() != control.lower() for arm in arms):
            names = ", ".join(f"“{arm.name}”" for arm in arms)
            self._report(
                "W513",
                said["control"][1],
                f"control:: {control} is no variant of the table, so the first one is taken",
                f"write one of {names}",
            )
            control = ""
        self.results.append(
            ResultFacts(
                path=self._page.path,
                line=line,
                span=self._span(table),
                arms=tuple(arms),
                control=control,
                split=split,
                primary=said.get("primary", ("", 0))[0],
                stop=stop,
                effect=self._effect(*said.get("mde", ("", 0))),
            )
        )

    def _span(self, table: Table) -> Span:
        text = self._outline.text
        last = table.rows[-1].start if table.rows else table.header.start
        end = text.find("\n", last)
        return Span(table.header.start, len(text) if end < 0 else end)

    def _arm(self, row: TableRow, places: Mapping[Column, int], wanted: Sequence[Column]) -> ArmFact | None:
        line = self._source.position(row.start).line
        texts = {column: row.cells[place].text.strip() for column, place in places.items()}
        name = " ".join(plain_text(texts["variant"]).strip("*_ ").split())
        if not any(texts.values()):
            return None
        numbers = {column: _number(texts[column], counted=column in {"n", "conversions"}) for column in ("n", *wanted)}
        wrong = [column for column, number in numbers.items() if number is None]
        if wrong or not name:
            what = ", ".join(f"{column} “{texts[column]}”" for column in wrong) if wrong else "a row without a name"
            self._report(
                "W512", line, f"{what} cannot be read, so this row is left out", "write whole numbers, and a name"
            )
            return None
        return ArmFact(
            name=name,
            line=line,
            n=numbers["n"] or 0.0,
            conversions=numbers.get("conversions"),
            mean=numbers.get("mean"),
            sd=numbers.get("sd"),
        )

    def _effect(self, text: str, line: int) -> Effect | None:
        if not text:
            return None
        number = read_quantity(plain_text(text))
        rest = plain_text(text)[number.span.end :].strip(" .()").lower() if number else ""
        if number is not None and number.value > 0 and number.low is None and rest in {"", "relative", "absolute"}:
            if number.unit == POINTS or (number.unit == PERCENT and rest == "absolute"):
                return Effect(value=number.value, relative=False)
            if number.unit == PERCENT or (not number.unit and number.value < 1 and rest != "absolute"):
                return Effect(value=number.value, relative=True)
            if rest == "absolute":
                return Effect(value=number.value, relative=False)
        self._report(
            "W513",
            line,
            f"mde:: {text} is not understood",
            "write the smallest relative change that matters, as in `10%`, or points of a share, as in `1pp`",
        )
        return None

    def _report(self, code: str, line: int, message: str, hint: str) -> None:
        self.findings.append(
            Diagnostic(
                code=code, severity=Severity.WARNING, path=self._page.path, line=line, message=message, hint=hint
            )
        )


def _number(text: str, *, counted: bool) -> float | None:
    """The one number that a cell holds; a count has no unit and no sign."""
    plain = plain_text(text).strip("*_ ")
    number = read_quantity(plain)
    if number is None or number.low is not None or number.sign is not None or plain[number.span.end :].strip():
        return None
    if counted and (number.unit or number.value < 0):
        return None
    return number.value


def _shares(text: str) -> tuple[float, ...]:
    """The shares of a split (`50/50`, `1:1:2`, `90% / 10%`); none where one of them is no positive number."""
    numbers = [_number(part.strip().rstrip("%"), counted=True) for part in _SPLIT.split(text)] if text else []
    return tuple(number for number in numbers if number) if all(numbers) else ()
