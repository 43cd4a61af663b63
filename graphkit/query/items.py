"""Results as items: blocks and pages by name and place, all else as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.query_values import MapValue, Sequence, SetValue, Uuid, to_json
from graphkit.text.edn_atoms import Keyword
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.fact_tables import Tables

ID: Final = Keyword("db/id")
UUID: Final = Keyword("block/uuid")
NAME: Final = Keyword("block/name")
PAGE: Final = Keyword("block/page")
PARENT: Final = Keyword("block/parent")


class Item(Record, frozen=True, kw_only=True):
    """One result."""

    json: object
    """`{"page", "idx"}` for a block, `{"page"}` for a page, else a value of JSON. A page that was pulled without its
    name is `{"page": null, "name"}`: it stands on no page."""
    entity: int | None = None
    """The block's or page's number in the tables."""
    kind: str = "value"
    """`block`, `page` or `value`."""


def flattened(value: object) -> list[object]:
    """Everything a result holds, with sequences in it spread out; sets and maps inside stay whole."""
    if value is None:
        return []
    if not isinstance(value, tuple | SetValue):
        return [value]
    found: list[object] = []
    pending = list(reversed(list(value)))
    while pending:
        each = pending.pop()
        if isinstance(each, tuple):
            pending += reversed(each)
        else:
            found.append(each)
    return found


def results_of(value: object) -> list[object]:
    """The results in what a transform gave."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, SetValue):
        return list(value.items)
    if isinstance(value, MapValue):
        return [Sequence(pair) for pair in value.items()]
    return [value]


def is_entity(value: object) -> bool:
    """True if a result counts as a block or page: it was pulled with its identity."""
    return isinstance(value, MapValue) and value.get(UUID) is not None


def top_level(results: list[object]) -> list[object]:
    """The results without those whose parent is also a result."""
    numbers = {each.get(ID) for each in results if isinstance(each, MapValue)}
    return [each for each in results if (parent := _parent(each)) is None or parent not in numbers]


def _parent(value: object) -> object:
    parent = value.get(PARENT) if isinstance(value, MapValue) else None
    return parent.get(ID) if isinstance(parent, MapValue) else None


def with_pages(results: list[object], tables: Tables) -> list[object]:
    """Blocks with the names of their pages under `:block/page`, as Logseq hands them to transforms and views."""
    numbers = {
        page.get(ID) for each in results if isinstance(each, MapValue) and isinstance(page := each.get(PAGE), MapValue)
    }
    attributes = ("block/name", "block/original-name", "block/journal-day")
    pages: dict[object, dict[object, object]] = {number: {ID: number} for number in numbers}
    for name in attributes:
        for entity, value in tables.of_entities(name, numbers):
            pages[entity][Keyword(name)] = value
    known = {number: MapValue(held) for number, held in pages.items()}
    found: list[object] = []
    for each in results:
        if not isinstance(each, MapValue):
            found.append(each)
            continue
        page = each.get(PAGE)
        number = page.get(ID) if isinstance(page, MapValue) else None
        found.append(MapValue({**each, PAGE: known.get(number)}))
    return found


class Itemiser:
    """Makes items of results, a whole list at once."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def items(self, results: Iterable[object]) -> list[Item]:
        """The items of results."""
        held = list(results)
        numbers = [self._number(each) for each in held]
        places = self._places({number for number in numbers if number is not None})
        return [self._item(each, number, places) for each, number in zip(held, numbers, strict=True)]

    def _number(self, value: object) -> int | None:
        if not isinstance(value, MapValue):
            return None
        number = value.get(ID)
        if isinstance(number, int):
            return number
        if isinstance(name := value.get(NAME), str):
            return self._tables.lookup("block/name", name)
        uuid = value.get(UUID)
        return self._tables.lookup("block/uuid", uuid) if isinstance(uuid, Uuid) else None

    def _places(self, numbers: set[int]) -> dict[int, tuple[object, ...]]:
        import json  # noqa: PLC0415 - only where there are entities

        if not numbers:
            return {}
        given = json.dumps(sorted(numbers))
        rows = self._tables.connection.execute(
            "SELECT blocks.id, pages.name, blocks.idx FROM blocks JOIN pages ON pages.id = blocks.page"
            " WHERE blocks.id IN (SELECT value FROM json_each(?))"
            " UNION ALL SELECT id, name, NULL FROM pages WHERE id IN (SELECT value FROM json_each(?))",
            (given, given),
        ).fetchall()
        return {row[0]: (row[1], row[2]) for row in rows}  # type: ignore[misc]

    def _item(self, value: object, number: int | None, places: dict[int, tuple[object, ...]]) -> Item:
        if not isinstance(value, MapValue):
            return Item(json=self._json(value))
        page, index = places.get(number, (None, None)) if number is not None else (None, None)
        if isinstance(name := value.get(NAME), str):
            return Item(json={"page": name}, entity=number if index is None else None, kind="page")
        if index is not None:
            return Item(json={"page": page, "idx": index}, entity=number, kind="block")
        if page is not None and value.get(UUID) is not None:
            return Item(json={"page": None, "name": page}, entity=number, kind="page")
        return Item(json=self._json(value))

    def _json(self, value: object) -> object:
        if isinstance(value, tuple | SetValue) and any(isinstance(each, tuple | SetValue | MapValue) for each in value):
            return [each.json for each in self.items(value)]
        return to_json(value)
