"""Entities as queries name them: by number or by lookup ref, and the functions that ask the database about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.errors import QueryError
from graphkit.query.query_values import Vector, boolean, print_value
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    from graphkit.query.datalog.planner import Step
    from graphkit.query.fact_tables import Tables


class Entities:
    """Entities of the tables."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._known: dict[object, int | None] = {}

    def number(self, value: object, offset: int = 0) -> int | None:
        """The number that a value names, None for one that names nothing. Raises QueryError for a wrong lookup ref."""
        if isinstance(value, int):
            return value
        if not isinstance(value, tuple):
            return None
        if value not in self._known:
            self._known[value] = self._look_up(value, offset)
        return self._known[value]

    def _look_up(self, value: tuple[object, ...], offset: int) -> int | None:
        if len(value) != 2:
            raise QueryError(f"a lookup ref must have two items: {print_value(value)[:60]}", offset)
        attribute = self.tables.attributes.get(value[0].name) if isinstance(value[0], Keyword) else None
        if attribute is None or not attribute.unique:
            raise QueryError(f"the attribute of a lookup ref must be unique: {print_value(value)[:60]}", offset)
        return self.tables.lookup(attribute.name, value[1])

    def strict(self, value: object, offset: int) -> int:
        """The number that a constant names. Raises QueryError where there is no such entity."""
        number = self.number(value, offset)
        if number is None:
            raise QueryError(f"there is no entity {print_value(value)[:80]}", offset)
        return number

    def ask(self, function: str, arguments: list[tuple[object, ...]], step: Step) -> list[object]:
        """The results of `missing?`, `get-else` and `get-some`."""
        if arguments and (len(arguments[0]) < 3 or arguments[0][0] is not self):
            raise QueryError(f"{step.text} needs $, an entity and an attribute", step.offset)
        if function == "get-some":
            return [self._first(given, step) for given in arguments]
        if arguments and function == "get-else" and (len(arguments[0]) != 4 or arguments[0][3] is None):
            raise QueryError(f"{step.text} needs a default that is not nil", step.offset)
        found: dict[object, dict[int, object]] = {}
        for name in {given[2] for given in arguments}:
            wanted = {self._strict(given[1], step) for given in arguments if given[2] == name}
            values: dict[int, object] = {}
            for entity, value in self._values(name, wanted):
                values.setdefault(entity, value)
            found[name] = values
        results: list[object] = []
        for given in arguments:
            value = found[given[2]].get(self._strict(given[1], step))
            if function == "missing?":
                results.append(boolean(truth=value is None))
            else:
                results.append(given[3] if value is None else value)
        return results

    def _strict(self, value: object, step: Step) -> int:
        number = self.number(value, step.offset)
        if number is None:
            if isinstance(value, tuple):
                return -1
            raise QueryError(f"{print_value(value)[:60]} is not an entity in {step.text}", step.offset)
        return number

    def _values(self, name: object, wanted: set[int]) -> list[tuple[int, object]]:
        if not isinstance(name, Keyword):
            return []
        before, slash, last = name.name.partition("/")
        if slash and last.startswith("_"):
            pairs = self.tables.with_values(f"{before}/{last[1:]}", wanted)
            return [(value, entity) for entity, value in pairs if isinstance(value, int)]
        return self.tables.of_entities(name.name, wanted)

    def _first(self, given: tuple[object, ...], step: Step) -> object:
        entity = self._strict(given[1], step)
        for name in given[2:]:
            if pairs := self._values(name, {entity}):
                return Vector((name, pairs[0][1]))
        return None
