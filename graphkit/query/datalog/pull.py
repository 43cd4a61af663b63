"""Pull patterns: entities as maps. Whole levels are read at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.errors import QueryError
from graphkit.query.functions import MISSING
from graphkit.query.query_values import MapValue, Vector, print_value
from graphkit.text.edn_atoms import Keyword, Symbol
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.errors import Budget
    from graphkit.query.fact_tables import Tables

ID: Final = Keyword("db/id")
_LIMIT: Final = 1_000
"""Values of one attribute that are pulled where the pattern has no limit of its own."""
_DEPTH: Final = 30


class Wish(Record, frozen=True, kw_only=True):
    """One attribute of a pattern."""

    name: str
    key: object
    limit: int | None = _LIMIT
    default: object = MISSING
    inner: Wishes | None = None
    depth: int = 0
    """How often the pattern around is applied again (`...` is `_DEPTH`)."""


class Wishes(Record, frozen=True, kw_only=True):
    """A pattern."""

    everything: bool = False
    wishes: tuple[Wish, ...] = ()


def parse_pattern(pattern: object, depth: int = 0) -> Wishes:
    """A pattern as a value. Raises QueryError."""
    if not isinstance(pattern, tuple) or depth > _DEPTH:
        raise QueryError(f"{print_value(pattern)[:60]} is not a pattern of a pull expression")
    everything = False
    wishes: list[Wish] = []
    for part in pattern:
        if part in {Symbol("*"), Keyword("*"), "*"}:
            everything = True
        elif isinstance(part, MapValue):
            wishes += [_nested(key, inner, depth) for key, inner in part.items()]
        else:
            wishes.append(_attribute(part))
    return Wishes(everything=everything, wishes=tuple(wishes))


def _nested(key: object, inner: object, depth: int) -> Wish:
    wish = _attribute(key)
    if inner == Symbol("..."):
        levels = _DEPTH
    elif isinstance(inner, int):
        levels = min(inner, _DEPTH)
    else:
        levels = 0
    taken = None if levels else parse_pattern(inner, depth + 1)
    return Wish(name=wish.name, key=wish.key, limit=wish.limit, default=wish.default, inner=taken, depth=levels)


def _attribute(part: object) -> Wish:
    if isinstance(part, Keyword):
        return Wish(name=part.name, key=part)
    if isinstance(part, str):
        return Wish(name=part, key=part)
    if not isinstance(part, tuple) or not part:
        raise QueryError(f"{print_value(part)[:60]} is not an attribute in a pull expression")
    if part[0] in {Symbol("limit"), Symbol("default")} and len(part) == 3:
        part = Vector((part[1], Keyword(part[0].name), part[2]))
    wish = _attribute(part[0])
    key, limit, default = wish.key, wish.limit, wish.default
    for option, value in zip(part[1::2], part[2::2], strict=False):
        if option == Keyword("as"):
            key = value
        elif option == Keyword("limit") and (value is None or isinstance(value, int)):
            limit = value
        elif option == Keyword("default"):
            default = value
        elif option != Keyword("xform"):
            raise QueryError(f"{print_value(option)[:60]} is not an option of a pull expression")
    return Wish(name=wish.name, key=key, limit=limit, default=default)


class Puller:
    """Pulls entities out of the tables."""

    def __init__(self, tables: Tables, budget: Budget) -> None:
        self._tables = tables
        self._budget = budget

    def pull(self, entities: Iterable[int], wishes: Wishes) -> dict[int, MapValue | None]:
        """The map of each entity; None where it has nothing of what the pattern asks for."""
        wanted = list(dict.fromkeys(entities))
        found: dict[int, dict[object, object]] = {entity: {} for entity in wanted}
        if wishes.everything:
            self._everything(wanted, found)
        for wish in wishes.wishes:
            if wish.name == "db/id":
                for entity in wanted:
                    found[entity][wish.key] = entity
                continue
            self._wish(wish, wishes, wanted, found)
        return {entity: MapValue(held) if held else None for entity, held in found.items()}

    def _everything(self, wanted: list[int], found: dict[int, dict[object, object]]) -> None:
        for entity, pairs in self._tables.entity_attributes(wanted).items():
            held = found[entity]
            self._budget.spend(len(pairs))
            held[ID] = entity
            for name, value in pairs:
                attribute = self._tables.attributes[name]
                shown = MapValue({ID: value}) if attribute.kind == "reference" else value
                if attribute.many:
                    known = held.get(Keyword(name), ())
                    held[Keyword(name)] = Vector((*known, shown))  # type: ignore[misc]
                else:
                    held.setdefault(Keyword(name), shown)

    def _wish(self, wish: Wish, around: Wishes, wanted: list[int], found: dict[int, dict[object, object]]) -> None:
        space, slash, last = wish.name.rpartition("/")
        reverse = last.startswith("_")
        attribute = self._tables.attributes.get(f"{space}{slash}{last[1:]}" if reverse else wish.name)
        if attribute is None:
            pairs: list[tuple[int, object]] = []
        elif reverse:
            pairs = [(target, entity) for entity, target in self._tables.with_values(attribute.name, wanted)]  # type: ignore[misc]
        else:
            pairs = self._tables.of_entities(attribute.name, wanted)
        self._budget.spend(len(pairs))
        is_reference = attribute is not None and (reverse or attribute.kind == "reference")
        many = attribute is not None and (reverse or attribute.many)
        inner = self._inner(wish, around) if is_reference else None
        maps: dict[int, MapValue | None] = {}
        if inner is not None:
            maps = self.pull([value for _, value in pairs if isinstance(value, int)], inner)
        values: dict[int, list[object]] = {}
        for entity, value in pairs:
            shown = value
            if inner is not None:
                shown = maps.get(value)  # type: ignore[call-overload]
            elif is_reference:
                shown = MapValue({ID: value})
            if shown is not None:
                values.setdefault(entity, []).append(shown)
        for entity in wanted:
            held = values.get(entity)
            if not held:
                if wish.default is not MISSING:
                    found[entity][wish.key] = wish.default
            elif many:
                found[entity][wish.key] = Vector(held if wish.limit is None else held[: wish.limit])
            else:
                found[entity][wish.key] = held[0]

    @staticmethod
    def _inner(wish: Wish, around: Wishes) -> Wishes | None:
        if wish.inner is not None:
            return wish.inner
        if wish.depth <= 0:
            return None
        again = tuple(
            Wish(name=each.name, key=each.key, limit=each.limit, default=each.default, depth=wish.depth - 1)
            if each is wish
            else each
            for each in around.wishes
        )
        kept = tuple(each for each in again if each.depth > 0 or each.name != wish.name)
        return Wishes(everything=around.everything, wishes=kept)
