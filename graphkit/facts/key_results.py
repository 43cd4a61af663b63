"""Tables of objectives and key results: each key result is a metric with levels and a value (spec: domain §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.page_facts import Sighting
from graphkit.facts.strategy_tables import KEY_RESULT_WORDS
from graphkit.outline.inline import plain_text
from graphkit.outline.tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.facts.observations import PageReading
    from graphkit.outline.tables import Table

Column = Literal["name", "baseline", "target", "table", "date"]

_COLUMNS: Final[Mapping[str, Column]] = {
    **dict.fromkeys(KEY_RESULT_WORDS, "name"),
    **dict.fromkeys(("baseline", "start", "from", "ausgangswert", "départ", "inicio", "início", "基线"), "baseline"),
    **dict.fromkeys(("target", "to", "ziel", "cible", "objetivo", "meta", "目标"), "target"),
    **dict.fromkeys(("current", "now", "actual", "aktuell", "actuel", "atual", "当前"), "table"),
    **dict.fromkeys(("date", "as of", "as-of", "updated", "datum", "fecha", "data", "日期"), "date"),
}
_EMPTY: Final = frozenset(["", "-", "–", "—", "n/a", "tbd", "?"])
_DAY_KEYS: Final = ("as-of", "date", "updated")
"""Properties of a page that gives the day its tables are."""


def read_key_results(page: PageReading, blocks: Iterable[int]) -> Iterator[Sighting]:
    """The baseline, target and current value of each key result, in the order of the cells.

    The day of a value is that of its row, of the table's block, of the page (`as-of::`) or of the journal. A table
    needs a column of key results and one of levels. blocks: indices of blocks that may hold a table.
    """
    told = _page_day(page)
    for index in blocks:
        if index in page.generated:
            continue
        for table in read_tables(page.outline, index):
            places = _places(table)
            if "name" in places and not places.keys().isdisjoint({"target", "table"}):
                yield from _rows(page, index, table, places, told)


def _places(table: Table) -> dict[Column, int]:
    places: dict[Column, int] = {}
    for place, cell in enumerate(table.header.cells):
        column = _COLUMNS.get(plain_text(cell.text).strip("*_ \t`:：").lower())
        if column is not None:
            places.setdefault(column, place)
    return places


def _rows(page: PageReading, index: int, table: Table, places: Mapping[Column, int], told: str) -> Iterator[Sighting]:
    kinds: tuple[Literal["baseline", "target", "table"], ...] = ("baseline", "target", "table")
    for row in table.rows:
        name = plain_text(row.cells[places["name"]].text).strip("*_ \t`")
        day = row.cells[places["date"]].text.strip() if "date" in places else ""
        for kind in kinds:
            cell = row.cells[places[kind]] if kind in places else None
            if not name or cell is None or cell.text.strip().lower() in _EMPTY:
                continue
            sighting = page.sighting("line", name, cell.text.strip(), cell.span.start, index)
            yield Sighting(
                kind=kind,
                metric=name,
                text=sighting.text,
                path=sighting.path,
                line=sighting.line,
                column=sighting.column,
                day=sighting.day,
                as_of=day or sighting.as_of or told,
                block=index,
            )


def _page_day(page: PageReading) -> str:
    blocks = page.outline.blocks
    if not blocks or blocks[0].kind != "pre":
        return ""
    properties = {prop.key: prop.value for prop in page.body(0).properties}
    return next((properties[key] for key in _DAY_KEYS if key in properties), "")
