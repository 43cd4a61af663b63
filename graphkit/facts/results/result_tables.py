"""The tables below an experiment's *Result*: a test's plan and its arms' numbers (spec: domain §8).

Decided where the specification is silent:

- Properties hold for the tables behind them in the section, a later one for those behind it; what no block before a
  table says is taken from the rest of the section, then from the page. `metric`, `margin`, `as-of` and `date` hold for
  the next table alone, and for all tables below the block that has them.
- A table's metric is that of `metric::`, or the one link that is the whole title of a block around it, else its header
  or label, else `primary::`, the result's before the page's; where a table has several, each has its header or label.
  Its day is that of `as-of::` or `date::`, of a column of dates, or the one journal that a title around it links.
- Counts are whole and have no unit; all means and deviations of a table have one unit, or none.
- A row that cannot be read is left out and reported, but it is still there: it may be the control, and a split has a
  share for each row. One that can be read and cannot be right is reported and kept. Totals are no rows.
- Where nothing names the control it is the row called *control* or the like, else the first one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.results.result_cells import ArmNumbers, CellError, impossible, read_arm
from graphkit.facts.results.result_headers import fold, result_words
from graphkit.facts.results.result_layout import Grid, GridRow, NoLayout, read_layout
from graphkit.facts.results.result_properties import LOCAL_KEYS, RESULT_KEYS, ResultProperties, Said
from graphkit.outline.body import read_body
from graphkit.outline.inline import plain_text, read_inline
from graphkit.outline.tables import read_tables, table_blocks
from graphkit.quantities.units import PERCENT
from graphkit.quantities.written_dates import read_date
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Section
    from graphkit.facts.results.result_headers import ResultWords
    from graphkit.facts.results.result_layout import ArmCells, MetricCells
    from graphkit.facts.results.result_properties import Effect
    from graphkit.outline.page_outline import Outline
    from graphkit.outline.tables import Table, TableRow
    from graphkit.text.diagnostics import Diagnostic
    from graphkit.text.source import SourceText


_DEEPEST: Final = 40
"""Blocks around a table that may say its metric and its day."""


class ArmFact(Record, frozen=True, kw_only=True):
    """One arm of a result table."""

    name: str
    line: int
    numbers: ArmNumbers


class ResultFacts(Record, frozen=True, kw_only=True):
    """One metric of a result table, on one day, with what is said of it."""

    path: str
    line: int
    span: Span
    """The whole table in the page's text, from its header to the end of its last row."""
    arms: tuple[ArmFact, ...]
    """Those that can be read."""
    rows: tuple[str, ...]
    """The variants of all rows as a reader sees them, each once; empty for this row has no name."""
    shares: bool
    """True for conversions, False for means."""
    metric: str = ""
    """As written, or as a header or title names it; empty where nothing is said."""
    primary: str = ""
    """`primary::` as written, of the result, not of the page."""
    day: date | None = None
    """The day of the numbers, where the table is dated."""
    control: str = ""
    """As a reader sees it."""
    unit: str = ""
    """Of the means, in its canonical name; empty for shares and where none is written."""
    split: tuple[float, ...] | None = ()
    """Planned shares of the arms, of any sum; empty where nothing is said, None where what is said does not fit."""
    stop: date | None = None
    effect: Effect | None = None
    """`mde::`."""
    margin: Effect | None = None
    sequential: bool = False
    """`plan:: sequential`."""
    sample: tuple[int, ...] = ()
    """Planned units of the control and of treatments."""


def read_results(
    page: PageFacts,
    outline: Outline,
    source: SourceText,
    generated: Container[int],
    parse_journal: Callable[[str], date | None],
    words: ResultWords | None = None,
) -> tuple[tuple[ResultFacts, ...], tuple[Diagnostic, ...]]:
    """The result tables below an experiment's *Result* sections in page order, and what is wrong with them.

    **Reports** W511 (a table that looks like one and cannot be read), W512 (a row that is not understood), W513 (a
    property that is not understood).
    """
    reader = _Reader(page, outline, source, parse_journal, words or result_words())
    blocks = [index for index in table_blocks(outline) if index not in generated]
    done: set[int] = set()
    for section in page.sections:
        if section.kind == "result":
            inside = [index for index in blocks if section.first <= index < section.stop and index not in done]
            done.update(inside)
            if inside:
                reader.read(section, inside)
    return tuple(reader.results), tuple(dict.fromkeys(reader.properties.findings))


class _Reader:
    def __init__(
        self,
        page: PageFacts,
        outline: Outline,
        source: SourceText,
        parse_journal: Callable[[str], date | None],
        words: ResultWords,
    ) -> None:
        self._page = page
        self._outline = outline
        self._source = source
        self._parse = parse_journal
        self._words = words
        self.properties = ResultProperties(page.path, parse_journal)
        self.results: list[ResultFacts] = []

    def read(self, section: Section, blocks: Sequence[int]) -> None:
        for index, said in self._said_of_blocks(section, blocks):
            for table in read_tables(self._outline, index):
                self._table(table, said)

    def _said_of_blocks(self, section: Section, blocks: Sequence[int]) -> Iterator[tuple[int, Said]]:
        """Each block with tables, and what is said of it."""
        page = self._page
        said: Said = {
            key: (page.properties[key], page.property_lines.get(key, 1))
            for key in RESULT_KEYS
            if page.properties.get(key) and key not in LOCAL_KEYS and key != "primary"
        }
        own = {index: found for index in range(section.first, section.stop) if (found := self._own_properties(index))}
        for found in reversed(own.values()):
            said.update((key, value) for key, value in found.items() if key not in LOCAL_KEYS)
        at = section.first
        for index in blocks:
            near: Said = {}
            around = self._around(index, section.first)
            for place in around:
                near.update(self._titled(place))
                near.update(own.get(place, {}))
            for place in range(at, index + 1):
                near.update(own.get(place, {}))
                said.update((key, value) for key, value in own.get(place, {}).items() if key not in LOCAL_KEYS)
            near.update(own.get(index, {}))
            yield index, {**said, **{key: value for key, value in near.items() if key in LOCAL_KEYS}}
            at = index + 1

    def _own_properties(self, index: int) -> Said:
        return {
            prop.key: (prop.value, self._source.position(prop.start).line)
            for prop in read_body(self._outline, index).properties
            if prop.key in RESULT_KEYS and prop.value.strip()
        }

    def _around(self, index: int, first: int) -> list[int]:
        """The blocks around a block within its section, the outermost first, the block itself last."""
        found: list[int] = []
        while index >= first and len(found) < _DEEPEST:
            found.append(index)
            index = self._outline.blocks[index].parent
        return found[::-1]

    def _titled(self, index: int) -> Said:
        """The metric or the day that a block's title names: its only link, the whole of the title for a metric."""
        body = read_body(self._outline, index)
        title = self._outline.text[body.title.start : body.title.end].split("\n", 1)[0].strip()
        if not title or "|" in title or len(title) > 200:
            return {}
        line = self._source.position(body.title.start).line
        links = [item.target for item in read_inline(title).references if item.kind == "page"]
        days = [target for target in links if self._parse(target) is not None]
        if len(days) == 1:
            return {"as-of": (days[0], line)}
        if read_date(title, self._parse) is not None:
            return {"as-of": (title, line)}
        if len(links) == 1 and title.strip(" :*_") == f"[[{links[0]}]]":
            return {"metric": (links[0], line)}
        return {}

    def _table(self, table: Table, said: Said) -> None:
        grid = Grid(self._row(table.header), tuple(map(self._row, table.rows)))
        control = plain_text(said.get("control", ("", 0))[0]).strip()
        layout = read_layout(grid, self._words, (control.casefold(),) if control else ())
        if isinstance(layout, NoLayout):
            self.properties.report(grid.header.line, layout.problem, layout.hint, "W511")
            return
        if layout is None:
            return
        for header in layout.left_out:
            self.properties.report(
                grid.header.line,
                f"“{header}” is not a known column of a result table, so it is ignored",
                "write its cells as `400/4000`, or move it to its own table with `metric::`",
                "W511",
            )
        if len(layout.metrics) > 1:
            said = {key: value for key, value in said.items() if key != "metric"}
        for metric in layout.metrics:
            for day, arms in _by_day(metric.arms):
                self._result(table, grid.header.line, metric, arms, day, said)

    def _row(self, row: TableRow) -> GridRow:
        cells = tuple(" ".join(plain_text(cell.text).strip("*_ ").split()) for cell in row.cells)
        return GridRow(cells, self._source.position(row.start).line)

    def _result(
        self, table: Table, line: int, metric: MetricCells, cells: Sequence[ArmCells], day: str, said: Said
    ) -> None:
        page, properties = self._page, self.properties
        primary = said.get("primary", ("", 0))[0]
        arms = self._arms(metric, cells)
        names = tuple(arm.name for arm, _ in arms)
        read = [fact for _, fact in arms if fact is not None]
        unit = next((fact.numbers.unit for fact in read), "")
        shares = "conversions" in metric.columns or "rate" in metric.columns
        control = properties.control(said, {name.lower(): name for name in names})
        control = control or self._words.named_control(names) or next(iter(names), "")
        place = next((at for at, name in enumerate(names) if name.lower() == control.lower()), 0)
        self.results.append(
            ResultFacts(
                path=page.path,
                line=line,
                span=self._span(table),
                arms=tuple(read),
                rows=names,
                shares=shares,
                metric=said.get("metric", ("", 0))[0] or metric.name or primary or page.properties.get("primary", ""),
                primary=primary,
                day=self._day(day, cells[0].line, said),
                control=control,
                unit=unit,
                split=properties.split(said, [fact is not None for _, fact in arms], place),
                stop=properties.day(said, "stop-date", known=page.properties.get("stop-date", "")),
                effect=properties.effect(said, "mde", shares=shares or unit == PERCENT),
                margin=properties.effect(said, "margin", shares=shares or unit == PERCENT),
                sequential=properties.sequential(said),
                sample=properties.sample(said),
            )
        )

    def _day(self, text: str, line: int, said: Said) -> date | None:
        if text:
            return self.properties.day({"date": (text, line)}, "date")
        return self.properties.day(said, "as-of" if "as-of" in said else "date")

    def _arms(self, metric: MetricCells, cells: Sequence[ArmCells]) -> list[tuple[ArmCells, ArmFact | None]]:
        """Each row that counts with its numbers, None where they cannot be read; reports W512."""
        arms: list[tuple[ArmCells, ArmFact | None]] = []
        seen: set[str] = set()
        first: tuple[str, str] | None = None
        for arm in cells:
            if arm.name and arm.name.lower() in seen:
                self._problem(arm.line, f"“{arm.name}” already has a row; this one is ignored", "keep one of the rows")
                continue
            seen.add(arm.name.lower())
            numbers = self._numbers(metric, arm, first)
            if numbers is not None and numbers.mean is not None and first is None:
                first = numbers.unit, arm.texts["mean"]
            arms.append((arm, None if numbers is None else ArmFact(name=arm.name, line=arm.line, numbers=numbers)))
        return arms

    def _numbers(self, metric: MetricCells, arm: ArmCells, first: tuple[str, str] | None) -> ArmNumbers | None:
        """The numbers of one arm. first: unit and text of the first mean above it."""
        try:
            if not arm.name:
                raise CellError("this row has no name")  # noqa: TRY301 - one report for all that is wrong with a row
            numbers = read_arm(arm.texts, percent=metric.percent)
            if first is not None and numbers.mean is not None and numbers.unit != first[0]:
                raise CellError(  # noqa: TRY301
                    f"mean “{arm.texts['mean']}” is not in the unit of “{first[1]}”"
                )
        except CellError as error:
            hint = "write a name, whole numbers without separators, rates with %, and means and deviations in one unit"
            self._problem(arm.line, f"{error}, so this row is ignored", hint)
            return None
        wrong = impossible(numbers)
        if wrong:
            said = f"{wrong} “{_text(arm, wrong)}” is impossible, so nothing is computed from this row"
            self._problem(arm.line, said, "write the number of units, how many of them converted, or the sd")
        return numbers

    def _problem(self, line: int, message: str, hint: str) -> None:
        self.properties.report(line, message, hint, "W512")

    def _span(self, table: Table) -> Span:
        text = self._outline.text
        last = table.rows[-1].start if table.rows else table.header.start
        end = text.find("\n", last)
        return Span(table.header.start, len(text) if end < 0 else end)


def _text(arm: ArmCells, kind: str) -> str:
    """The cell of a kind, or the one that holds its number too (`400/4000`)."""
    texts = {str(key): text for key, text in arm.texts.items()}
    return texts.get(kind) or texts.get("conversions") or texts.get("rate") or ""


def _by_day(arms: Sequence[ArmCells]) -> Iterator[tuple[str, list[ArmCells]]]:
    """The arms of each day in a column of dates; all of them together without one. A blank cell repeats the day."""
    days: dict[str, list[ArmCells]] = {}
    day = ""
    for arm in arms:
        day = arm.day or day
        days.setdefault(fold(day) if not day.strip() else day, []).append(arm)
    yield from days.items()
