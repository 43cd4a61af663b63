"""What stands below *Result* of an experiment: a test's plan and its arms' numbers (spec: domain §8). Computes none.

Decided where the specification is silent (spec: domain §8):

- Properties hold for the tables behind them in the section, a later one for those behind it; what no block before a
  table says is taken from the rest of the section, then from the page.
- Columns are known by their headers in any order. Counts are whole and have no unit; all means and deviations of a
  table have one unit, or none. `1,234` is 1234 as a count, and in doubt as a mean; `1.234` is in doubt as a count.
- A row that cannot be read is left out and reported, but it is still there: it may be the control, and a split has a
  share for each row. One that can be read and cannot be right is reported and kept.
- Where nothing names the control it is the row called *control*, else *baseline*, else the first one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from graphkit.outline.body import read_body
from graphkit.outline.inline import plain_text
from graphkit.outline.tables import read_tables, table_blocks
from graphkit.quantities.numbers import read_quantity, read_split
from graphkit.quantities.units import PERCENT, POINTS
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Section
    from graphkit.outline.page_outline import Outline
    from graphkit.outline.tables import Table
    from graphkit.quantities.numbers import Number
    from graphkit.text.source import SourceText

Column = Literal["variant", "n", "conversions", "mean", "sd"]

COLUMNS: Final[Mapping[str, Column]] = {
    **dict.fromkeys(("variant", "variants", "variation", "arm", "group"), "variant"),
    **dict.fromkeys(("n", "users", "visitors", "units", "sample", "sample size", "size"), "n"),
    **dict.fromkeys(("conversions", "conversion", "converted", "successes"), "conversions"),
    **dict.fromkeys(("mean", "average", "avg"), "mean"),
    **dict.fromkeys(("sd", "std", "stddev", "standard deviation", "σ"), "sd"),
}
"""Headers in lower case and what each names. spec: domain §8, with the usual synonyms."""

CONTROL_NAMES: Final = ("control", "baseline")
"""Variants in lower case that are the control where nothing else is said, the surest first."""
RESULT_KEYS: Final = ("control", "split", "primary", "stop-date", "mde")
_OTHER_SIGNS: Final = re.compile(r"[;,]")
_POINT: Final = re.compile(r"(?<![\d.,])\d{1,3}\.\d{3}(?![\d.,])")


class ArmFact(Record, frozen=True, kw_only=True):
    """One row of a result table."""

    name: str
    line: int
    n: float
    conversions: float | None = None
    mean: float | None = None
    sd: float | None = None


class Effect(Record, frozen=True, kw_only=True):
    """A minimum detectable effect as written."""

    value: float
    """A share for a relative effect; in the metric's own unit, a share for percentage points, for an absolute one."""
    relative: bool


class ResultFacts(Record, frozen=True, kw_only=True):
    """One result table with what is said of it."""

    path: str
    line: int
    span: Span
    """The whole table in the page's text, from its header to the end of its last row."""
    arms: tuple[ArmFact, ...]
    """Those that can be read."""
    rows: tuple[str, ...]
    """The variants of all rows as a reader sees them, each once; empty for a row without a name."""
    control: str = ""
    """As a reader sees it; empty where nothing is said."""
    unit: str = ""
    """Of the means, in its canonical name; empty for shares and where none is written."""
    split: tuple[float, ...] | None = ()
    """Planned shares of the arms, of any sum; empty where nothing is said, None where what is said does not fit."""
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
        arms: dict[str, ArmFact | None] = {}
        names: list[str] = []
        units: list[tuple[str, str]] = []
        for row in table.rows:
            texts = {column: row.cells[place].text.strip() for column, place in places.items()}
            if not any(texts.values()):
                continue
            row_line = self._source.position(row.start).line
            name = " ".join(plain_text(texts["variant"]).strip("*_ ").split())
            if name and name.lower() in arms:
                self._report("W512", row_line, f"“{name}” has a row already; this one is left out", "keep one")
                continue
            names.append(name)
            arms[name.lower() or f"\n{row_line}"] = self._arm(name, row_line, texts, wanted, units)
        unit = units[0][0] if units else ""
        split_text, split_line = said.get("split", ("", 0))
        split: tuple[float, ...] | None = _shares(split_text)
        if split_text and len(split or ()) != len(arms):
            self._report(
                "W513",
                split_line,
                f"split:: {split_text} does not fit a table of {len(arms)} row{'' if len(arms) == 1 else 's'}, "
                "so the arms' sizes are not compared with it",
                "write one share for each row of the table, as in `50/50`",
            )
            split = None
        elif split:
            split = tuple(share for share, arm in zip(split, arms.values(), strict=True) if arm is not None)
        stop_text, stop_line = said.get("stop-date", ("", 0))
        stop = read_date(stop_text, self._parse) if stop_text else None
        if stop_text and stop is None and stop_text != self._page.properties.get("stop-date"):
            self._report("W513", stop_line, f"stop-date:: {stop_text} is not a date", "write it as [[Mar 31st, 2026]]")
        control = plain_text(said.get("control", ("", 0))[0]).strip()
        if control and arms and control.lower() not in arms:
            self._report(
                "W513",
                said["control"][1],
                f"control:: {control} is no variant of the table, so nothing is compared",
                f"write one of {', '.join(f'“{name}”' for name in names if name)}",
            )
        self.results.append(
            ResultFacts(
                path=self._page.path,
                line=line,
                span=self._span(table),
                arms=tuple(arm for arm in arms.values() if arm is not None),
                rows=tuple(names),
                control=control,
                unit=unit,
                split=split,
                primary=said.get("primary", ("", 0))[0],
                stop=stop,
                effect=self._effect(*said.get("mde", ("", 0)), shares="conversions" in places or unit == PERCENT),
            )
        )

    def _span(self, table: Table) -> Span:
        text = self._outline.text
        last = table.rows[-1].start if table.rows else table.header.start
        end = text.find("\n", last)
        return Span(table.header.start, len(text) if end < 0 else end)

    def _arm(
        self,
        name: str,
        line: int,
        texts: Mapping[Column, str],
        wanted: Sequence[Column],
        units: list[tuple[str, str]],
    ) -> ArmFact | None:
        """The arm of one row; units: of the means read before, with a cell that has it, to which this row's are added.

        **Reports** W512 for the first thing that is wrong with it.
        """
        values: dict[Column, float] = {}
        own: list[tuple[str, str]] = []
        problem = "" if name else "a row without a name"
        for column in ("n", *wanted) if name else ():
            counted = column in {"n", "conversions"}
            number = _number(texts[column], counted=counted, commas=any("," in texts[other] for other in wanted))
            if isinstance(number, str):
                problem = f"{column} “{texts[column]}” {number}"
                break
            values[column] = number.value
            if not counted:
                own.append((number.unit, texts[column]))
                unit, where = (*units, *own)[0]
                if number.unit != unit:
                    problem = f"{column} “{texts[column]}” is not in the unit of “{where}”"
                    break
        if problem:
            hint = "write whole numbers without separators, means and deviations in one unit, and a name"
            self._report("W512", line, f"{problem}, so this row is left out", hint)
            return None
        units += own
        wrong = _impossible(values)
        if wrong is not None:
            said = f"{wrong} “{texts[wrong]}” cannot be right, so nothing is computed from this row"
            self._report("W512", line, said, "write the number of units, of those among them that converted, or the sd")
        return ArmFact(
            name=name,
            line=line,
            n=values["n"],
            conversions=values.get("conversions"),
            mean=values.get("mean"),
            sd=values.get("sd"),
        )

    def _effect(self, text: str, line: int, *, shares: bool) -> Effect | None:
        """shares: whether the table's values are shares, which alone change by points."""
        if not text:
            return None
        number = read_quantity(plain_text(text))
        rest = plain_text(text)[number.span.end :].strip(" .()").lower() if number else ""
        if number is not None and number.value > 0 and number.low is None and rest in {"", "relative", "absolute"}:
            if number.unit == POINTS and not shares:
                self._report(
                    "W513",
                    line,
                    f"mde:: {text} is in points of a share, but the table has means, so it is not compared",
                    "write the smallest relative change that matters, as in `10%`",
                )
                return None
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


def _number(text: str, *, counted: bool, commas: bool) -> Number | str:
    """The one number that a cell holds, or what is wrong with it. commas: there are some in the row."""
    plain = plain_text(text).strip("*_ ")
    number = read_quantity(plain)
    if number is None or number.low is not None or number.sign is not None or plain[number.span.end :].strip():
        return "cannot be read"
    if number.approximate:
        return "is no exact number"
    if number.ambiguous and not counted:
        return "may have thousands or decimals behind its comma"
    if (counted or commas) and _POINT.search(plain) and not number.unit:
        return "may have thousands or decimals behind its point"
    if counted and (number.unit or number.signed or not number.value.is_integer()):
        return "is no whole number"
    return number


def _impossible(values: Mapping[Column, float]) -> Column | None:
    """The number of a row that cannot be right."""
    if values["n"] <= 0:
        return "n"
    if values.get("conversions", 0) > values["n"]:
        return "conversions"
    return "sd" if values.get("sd", 0) < 0 else None


def _shares(text: str) -> tuple[float, ...]:
    """The shares of a split (`50/50`, `1:1:2`, `90% / 10%`); none where one of them is no positive number."""
    return read_split(_OTHER_SIGNS.sub("/", text.replace("%", ""))) or ()
