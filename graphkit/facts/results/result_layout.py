"""The shape of a result table: which way its arms run, and which cells hold the numbers of each metric.

A table has one line an arm (`variant | n | conversions`), or one column (`Metric | Control | Treatment`). It holds
one metric, or several, each in a column or row of its own. Columns are known by their headers in any order; one
without a known header is a metric when all its cells are shares with their n (`400/4000`), or percentages beside an n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.facts.results.result_cells import has_own_n, is_percentage
from graphkit.facts.results.result_headers import fold
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.facts.results.result_headers import Column, ResultWords

_VALUES: Final = ("conversions", "rate", "mean", "sd", "se")


class GridRow(NamedTuple):
    """One line of a table: its cells as a reader sees them."""

    cells: tuple[str, ...]
    line: int


class Grid(NamedTuple):
    """A table as texts."""

    header: GridRow
    rows: tuple[GridRow, ...]

    def turned(self) -> Grid:
        """Rows and columns exchanged; every arm stands on the header's line."""
        header, *columns = zip(self.header.cells, *(row.cells for row in self.rows), strict=True)
        line = self.header.line
        return Grid(GridRow(header, line), tuple(GridRow(cells, line) for cells in columns))


class ArmCells(NamedTuple):
    """The cells of one arm and one metric."""

    name: str
    line: int
    day: str
    """As written in a column of dates; empty without one."""
    texts: Mapping[Column, str]


class MetricCells(Record, frozen=True, kw_only=True):
    """One metric of a table."""

    name: str
    """Header or label of its numbers; empty where they have a general one."""
    percent: bool
    """The header of its rates has a percent sign."""
    columns: tuple[Column, ...]
    """The kinds of its columns, `n` among them where the table has one."""
    arms: tuple[ArmCells, ...]


class NoLayout(Record, frozen=True, kw_only=True):
    """A table that looks like a result and is not one."""

    problem: str
    hint: str


class Layout(Record, frozen=True, kw_only=True):
    """Everything a table holds."""

    metrics: tuple[MetricCells, ...]
    left_out: tuple[str, ...]
    """Headers of columns of numbers that are not known."""


_NO_ARMS: Final = frozenset(
    (
        "target",
        "goal",
        "current",
        "before",
        "after",
        "expected",
        "actual",
        "threshold",
        "guard",
        "ziel",
        "objectif",
        "meta",
    )
)
"""Headers beside which the columns of a table of metrics are no arms."""
_GENERAL: Final = frozenset(
    map(
        fold,
        (
            "result",
            "results",
            "value",
            "outcome",
            "Ergebnis",
            "Wert",
            "résultat",
            "valeur",
            "resultado",
            "valor",
            "结果",
            "值",
        ),
    )
)
"""Headers that name no metric."""
_HINT: Final = "give it the columns `variant | n | conversions`, or `variant | n | mean | sd`"


def read_layout(grid: Grid, words: ResultWords, controls: Sequence[str] = ()) -> Layout | NoLayout | None:
    """The metrics of a table with their arms' cells; None for a table that has nothing of a result.

    controls: names that are said to be the control's, folded, which tell which way the arms of an unusual table run.
    """
    if len(grid.header.cells) < 2 or not grid.rows:
        return None
    upright, turned = _Sheet(grid, words), _Sheet(grid.turned(), words, turned=True)
    sheets = [upright] if upright.kinds[0] == "variant" else [upright, turned]
    for sheet in sheets:
        if sheet.is_named():
            return sheet.layout()
    unnamed = [sheet for sheet in sheets if sheet.is_unnamed()]
    if len(unnamed) == 2:
        unnamed = [sheet for sheet in unnamed if sheet.has_control(controls)] or unnamed
    if len(unnamed) == 2 and turned.kinds[0] == "metric":
        unnamed = [turned]
    if len(unnamed) == 1:
        return unnamed[0].layout()
    if unnamed:
        return NoLayout(
            problem="this table does not say whether its rows or its columns are the variants",
            hint="call the first column `variant`, or `metric` if the columns are variants",
        )
    missing = next((sheet.missing() for sheet in sheets if sheet.looks_like_a_result()), None)
    return None if missing is None else NoLayout(problem=f"this result table lacks {missing}", hint=_HINT)


class _Sheet:
    """One way to look at a table: every row an arm."""

    def __init__(self, grid: Grid, words: ResultWords, *, turned: bool = False) -> None:
        self._turned = turned
        self._grid = grid
        self._words = words
        self.kinds = [words.column(text) for text in grid.header.cells]
        places = [place for place, kind in enumerate(self.kinds) if kind == "variant"]
        self._names = places[0] if places else 0
        self._rows = [
            row
            for row in grid.rows
            if any(row.cells)
            and not words.is_total(row.cells[self._names])
            and (places or words.column(row.cells[0]) != "derived")
        ]
        self._body = [place for place in range(len(self.kinds)) if place != self._names]

    def _places(self, kind: Column) -> list[int]:
        return [place for place in self._body if self.kinds[place] == kind]

    def _filled(self, place: int) -> list[str]:
        return [row.cells[place] for row in self._rows if row.cells[place]]

    def _all_counted(self, place: int) -> bool:
        filled = self._filled(place)
        return bool(filled) and all(has_own_n(text) for text in filled)

    def is_named(self) -> bool:
        """True where the headers alone make a result."""
        if self.kinds[0] not in {"variant", "metric", "date", None} and "variant" not in self.kinds:
            return False
        if self._places("n"):
            spread = self._places("sd") or self._places("se")
            return bool(self._places("conversions") or self._places("rate") or (self._places("mean") and spread))
        shares = [*self._places("conversions"), *self._places("rate")]
        return bool(self._places("mean") and self._places("se")) or any(map(self._all_counted, shares))

    def is_unnamed(self) -> bool:
        """True where columns without a known header hold the numbers of metrics."""
        return len(self._rows) > 1 and bool(self._metric_places())

    def _metric_places(self) -> list[int]:
        with_n = bool(self._places("n"))
        return [
            place
            for place in self._body
            if self.kinds[place] in {None, "conversions", "rate"}
            and (self._all_counted(place) or (with_n and self._all_percentages(place)))
        ]

    def _all_percentages(self, place: int) -> bool:
        filled = self._filled(place)
        return bool(filled) and all(map(is_percentage, filled))

    def has_control(self, controls: Sequence[str]) -> bool:
        """True where a row has the name of a control."""
        names = tuple(row.cells[self._names] for row in self._rows)
        return bool(self._words.named_control(names)) or any(name.casefold() in controls for name in names)

    def looks_like_a_result(self) -> bool:
        """True where two known columns, or the variants', make it likely that a result is meant."""
        known = {kind for kind in self.kinds if kind in {"n", *_VALUES}}
        if self.kinds[self._names] == "variant" or len(known) >= 2:
            return True
        names = {fold(row.cells[self._names]) for row in self._rows}
        shares = any(map(self._all_percentages, self._body))
        return self._turned and self.kinds[0] == "metric" and len(names) > 1 and shares and names.isdisjoint(_NO_ARMS)

    def missing(self) -> str:
        """The columns that a result would need."""
        kinds = set(self.kinds)
        lacking = []
        if "n" not in kinds:
            lacking.append("the number of units (`n`)")
        if "mean" in kinds:
            lacking += [] if kinds & {"sd", "se"} else ["the standard deviation (`sd`)"]
        elif not kinds & {"conversions", "rate"}:
            lacking.append("what was measured (`conversions`, `rate`, or `mean` and `sd`)")
        return " and ".join(lacking) or "the names of its variants (`variant`)"

    def layout(self) -> Layout:
        """The metrics, each with the cells of its arms, and the columns of numbers that are left out."""
        named = any(self._places(kind) for kind in ("conversions", "rate", "mean"))
        read = set() if named else set(self._metric_places())
        left_out = [
            self._label(place)
            for place in self._body
            if self.kinds[place] is None and place not in read and self._all_numbers(place)
        ]
        return Layout(metrics=self._metrics(), left_out=tuple(left_out))

    def _all_numbers(self, place: int) -> bool:
        filled = self._filled(place)
        return bool(filled) and all(text[0].isdecimal() for text in filled)

    def _metrics(self) -> tuple[MetricCells, ...]:
        shared: dict[Column, int] = {kind: places[0] for kind in ("n", "sd", "se") if (places := self._places(kind))}
        groups: list[tuple[str, dict[Column, int]]]
        shares: Column = "conversions" if self._places("conversions") else "rate"
        if self._places(shares):
            places = self._places(shares)
            groups = [(self._label(place) if len(places) > 1 else "", {shares: place}) for place in places]
            if len(groups) == 1 and shares == "conversions":
                rates: tuple[Column, ...] = ("rate",)
                groups[0][1].update(zip(rates, self._places("rate"), strict=False))
        elif self._places("mean"):
            groups = [("", {"mean": self._places("mean")[0]})]
        else:
            groups = [(self._label(place), {"rate": place}) for place in self._metric_places()]
            if len(groups) == 1 and fold(groups[0][0]) in _GENERAL:
                groups = [("", groups[0][1])]
        return tuple(self._metric(name, {**shared, **own}) for name, own in groups)

    def _label(self, place: int) -> str:
        return self._grid.header.cells[place]

    def _metric(self, name: str, places: Mapping[Column, int]) -> MetricCells:
        dates = self._places("date")
        return MetricCells(
            name=name,
            percent="rate" in places and "%" in self._label(places["rate"]),
            columns=tuple(places),
            arms=tuple(
                ArmCells(
                    name=row.cells[self._names],
                    line=row.line,
                    day=row.cells[dates[0]] if dates else "",
                    texts={kind: row.cells[place] for kind, place in places.items()},
                )
                for row in self._rows
            ),
        )
