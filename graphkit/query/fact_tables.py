"""Reading of the tables that queries run on, attribute by attribute."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from graphkit.query.query_values import FALSE, TRUE, Boolean, MapValue, SetValue, Uuid, Vector, from_json
from graphkit.query.schema import attributes
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.query.schema import Attribute, Selection

Pair = tuple[int, object]


class Cursor(Protocol):
    """Everything an SQL statement gave."""

    def fetchall(self) -> list[tuple[object, ...]]:
        """All rows that are left."""
        ...

    def fetchone(self) -> tuple[object, ...] | None:
        """The next row."""
        ...


class Connection(Protocol):
    """An open SQLite database; whoever opened it closes it."""

    def execute(self, sql: str, parameters: Sequence[object] = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> Cursor:
        """Run one statement for many rows."""
        ...


class Tables:
    """Attributes of the entities in one database. `now` is in milliseconds (see `schema.attributes`)."""

    def __init__(self, connection: Connection, now: int) -> None:
        self.connection = connection
        self.now = now
        self.attributes = attributes(now)
        self._maps: dict[str, MapValue] = {}
        self._sizes: dict[str, int] = {}

    def size(self, name: str) -> int:
        """About how many values an attribute has."""
        if name not in self._sizes:
            attribute = self.attributes.get(name)
            sizes = [] if attribute is None else [self._count(selection) for selection in attribute.selections]
            self._sizes[name] = sum(sizes)
        return self._sizes[name]

    def _count(self, selection: Selection) -> int:
        where = f" WHERE {selection.condition}" if selection.condition else ""
        row = self.connection.execute(f"SELECT count(*) FROM {selection.table}{where}").fetchone()  # noqa: S608
        return int(row[0]) if row else 0  # type: ignore[call-overload]

    def count_values(self, name: str, values: Iterable[object]) -> int:
        """About how many entities have one of these values."""
        attribute = self.attributes.get(name)
        if attribute is None:
            return 0
        written = _written(attribute, values)
        if written is None:
            return self.size(name)
        total = 0
        for selection in attribute.selections:
            condition = f"{selection.value} IN (SELECT value FROM json_each(?))"  # noqa: S608 - of the schema
            if selection.condition:
                condition = f"{selection.condition} AND {condition}"
            sql = f"SELECT count(*) FROM {selection.table} WHERE {condition}"  # noqa: S608
            row = self.connection.execute(sql, (json.dumps(written),)).fetchone()
            total += int(row[0]) if row else 0  # type: ignore[call-overload]
        return total

    def scan(self, name: str, keyed: str | None = None) -> list[Pair]:
        """All entities that have an attribute, with its values; `keyed`: only those with this property."""
        return self._read(name, None, None, keyed)

    def of_entities(self, name: str, entities: Iterable[object]) -> list[Pair]:
        """The values of an attribute that these entities have."""
        return self._read(name, [each for each in entities if each.__class__ is int], None, None)

    def with_values(self, name: str, values: Iterable[object]) -> list[Pair]:
        """The entities whose value of an attribute is one of these."""
        return self._read(name, None, set(values), None)

    def _read(
        self, name: str, entities: list[object] | None, values: set[object] | None, keyed: str | None
    ) -> list[Pair]:
        attribute = self.attributes.get(name)
        if attribute is None:
            return []
        written = None if values is None else _written(attribute, values)
        decode = self._decoder(attribute)
        pairs: list[Pair] = []
        for selection in attribute.selections:
            conditions = [selection.condition] if selection.condition else []
            parameters: list[object] = []
            if entities is not None:
                conditions.append(f"{selection.entity} IN (SELECT value FROM json_each(?))")  # noqa: S608
                parameters.append(json.dumps(entities))
            if written is not None:
                conditions.append(f"{selection.value} IN (SELECT value FROM json_each(?))")  # noqa: S608
                parameters.append(json.dumps(written))
            if keyed is not None and selection.table != "macros":
                conditions.append(f"{selection.entity} IN (SELECT entity FROM properties WHERE key = ?)")  # noqa: S608
                parameters.append(keyed)
            where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
            sql = f"SELECT {selection.entity}, {selection.value} FROM {selection.table}{where}"  # noqa: S608
            rows = self.connection.execute(sql, parameters).fetchall()
            pairs += rows if decode is None else [(row[0], decode(row[1])) for row in rows]  # type: ignore[arg-type,misc]
        if values is not None:
            pairs = [pair for pair in pairs if pair[1] in values]
        return pairs

    def _decoder(self, attribute: Attribute) -> Callable[[object], object] | None:
        match attribute.kind:
            case "plain" if attribute.name in {"block/created-at", "block/updated-at"}:
                return _whole
            case "truth":
                return lambda value: TRUE if value else FALSE
            case "uuid":
                return lambda value: Uuid(str(value))
            case "keyword":
                return lambda value: Keyword(str(value))
            case "map":
                return self._map
            case "list":
                return lambda value: Vector(Keyword(key) for key in json.loads(str(value)))
            case "set":
                return lambda value: SetValue(json.loads(str(value)))
        return None

    def _map(self, text: object) -> MapValue:
        written = str(text)
        value = self._maps.get(written)
        if value is None:
            read = from_json(json.loads(written))
            value = self._maps[written] = read if isinstance(read, MapValue) else MapValue()
            arguments = value.get(Keyword("logseq.macro-arguments"))
            if isinstance(arguments, SetValue):
                value[Keyword("logseq.macro-arguments")] = Vector(json.loads(written)["logseq.macro-arguments"])
        return value

    def lookup(self, name: str, value: object) -> int | None:
        """The entity that a unique attribute names."""
        pairs = self.with_values(name, (value,))
        return pairs[0][0] if pairs else None

    def entity_attributes(self, entities: Iterable[object]) -> dict[int, list[tuple[str, object]]]:
        """All attributes of these entities with their values, in a fixed order."""
        wanted = list(entities)
        found: dict[int, list[tuple[str, object]]] = {}
        for name in self.attributes:
            for entity, value in self.of_entities(name, wanted):
                found.setdefault(entity, []).append((name, value))
        return found


def _whole(value: object) -> int:
    return int(value)  # type: ignore[call-overload,no-any-return]


def _written(attribute: Attribute, values: Iterable[object]) -> list[object] | None:
    """Values as the tables hold them; None where they cannot be compared there."""
    match attribute.kind:
        case "plain" if attribute.name not in {"block/created-at", "block/updated-at"}:
            return [each for each in values if isinstance(each, str | int | float)]
        case "reference":
            return [each for each in values if each.__class__ is int]
        case "uuid":
            return [each.text for each in values if isinstance(each, Uuid)]
        case "keyword":
            return [each.name for each in values if isinstance(each, Keyword)]
        case "truth":
            return [int(bool(each)) for each in values if isinstance(each, Boolean)]
    return None
