"""Functions of maps, sets and vectors that a transform can call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.functions import contains, get, items
from graphkit.query.query_values import MapValue, Sequence, SetValue, Vector, is_number, print_value
from graphkit.query.transform.invoke import call
from graphkit.query.transform.lazy import Lazy, realised, sequence

if TYPE_CHECKING:
    from collections.abc import Callable


def assoc(collection: object, *pairs: object) -> object:
    """`assoc`."""
    if len(pairs) % 2:
        raise TypeError("assoc takes pairs of a key and a value")
    changes = list(zip(map(realised, pairs[::2]), pairs[1::2], strict=True))
    if isinstance(collection, Vector):
        held = list(collection)
        for index, value in changes:
            if not isinstance(index, int) or not 0 <= index <= len(held):
                raise TypeError(f"the index {print_value(index)} is outside the vector")
            held[index : index + 1] = [value]
        return Vector(held)
    if collection is not None and not isinstance(collection, MapValue):
        raise TypeError(f"{print_value(collection)[:60]} is not a map")
    return MapValue({**(collection or {}), **dict(changes)})


def dissoc(collection: object, *keys: object) -> object:
    """`dissoc`."""
    if collection is None:
        return None
    if not isinstance(collection, MapValue):
        raise TypeError(f"{print_value(collection)[:60]} is not a map")
    return MapValue({key: value for key, value in collection.items() if key not in keys})


def get_in(collection: object, path: object, default: object = None) -> object:
    """`get-in`."""
    missing = object()
    for key in sequence(path):
        collection = get(collection, key, missing)
        if collection is missing:
            return default
    return collection


def assoc_in(collection: object, path: object, value: object) -> object:
    """`assoc-in`."""
    keys = tuple(sequence(path))
    if not keys:
        return assoc(collection, None, value)
    if len(keys) == 1:
        return assoc(collection, keys[0], value)
    return assoc(collection, keys[0], assoc_in(get(collection, keys[0]), Vector(keys[1:]), value))


def update(collection: object, key: object, function: object, *arguments: object) -> object:
    """`update`."""
    return assoc(collection, key, call(function, get(collection, key), *arguments))


def update_in(collection: object, path: object, function: object, *arguments: object) -> object:
    """`update-in`."""
    return assoc_in(collection, path, call(function, get_in(collection, path), *arguments))


def update_vals(collection: object, function: object) -> object:
    """`update-vals`."""
    return MapValue({key: call(function, value) for key, value in _map(collection).items()})


def update_keys(collection: object, function: object) -> object:
    """`update-keys`."""
    return MapValue({call(function, key): value for key, value in _map(collection).items()})


def _map(value: object) -> MapValue:
    if value is None:
        return MapValue()
    if not isinstance(value, MapValue):
        raise TypeError(f"{print_value(value)[:60]} is not a map")
    return value


def merge(*maps: object) -> object:
    """`merge`."""
    if all(each is None for each in maps):
        return None
    merged: dict[object, object] = {}
    for each in maps:
        merged.update(_map(each))
    return MapValue(merged)


def merge_with(function: object, *maps: object) -> object:
    """`merge-with`."""
    merged: dict[object, object] = {}
    for each in maps:
        for key, value in _map(each).items():
            merged[key] = call(function, merged[key], value) if key in merged else value
    return MapValue(merged)


def select_keys(collection: object, keys: object) -> object:
    """`select-keys`."""
    held = _map(collection)
    return MapValue({key: held[key] for key in sequence(keys) if key in held})


def keys(collection: object) -> object:
    """`keys`."""
    return Sequence(_map(collection)) if collection else None


def vals(collection: object) -> object:
    """`vals`."""
    return Sequence(_map(collection).values()) if collection else None


def conj(collection: object = None, *values: object) -> object:
    """`conj`: at the end of a vector, at the front of a list."""
    if isinstance(collection, Vector):
        return Vector((*collection, *values))
    if isinstance(collection, SetValue):
        return SetValue((*collection, *map(realised, values)))
    if isinstance(collection, MapValue):
        merged: dict[object, object] = dict(collection)
        for value in values:
            if isinstance(value, MapValue):
                merged.update(value)
            elif isinstance(value, Vector) and len(value) == 2:
                merged[value[0]] = value[1]
            elif value is not None:
                raise TypeError(f"{print_value(value)[:60]} is not a map entry")
        return MapValue(merged)
    return Sequence((*reversed(values), *sequence(collection)))


def into(collection: object, source: object) -> object:
    """`into`."""
    given = tuple(sequence(source))
    if isinstance(collection, SortedMap):
        return SortedMap.sorted({**collection, **dict(given)})  # type: ignore[arg-type]
    if isinstance(collection, Vector):
        return Vector((*collection, *given))
    return conj(collection, *given)


class SortedMap(MapValue):
    """A map in the order of its keys."""

    __slots__ = ()

    @classmethod
    def sorted(cls, pairs: dict[object, object]) -> SortedMap:
        """The pairs in the order of their keys."""
        from functools import cmp_to_key  # noqa: PLC0415

        from graphkit.query.compare import compare  # noqa: PLC0415

        ordered = sorted(pairs, key=cmp_to_key(compare))
        return cls({key: pairs[key] for key in ordered})


def sorted_map(*pairs: object) -> object:
    """`sorted-map`."""
    return SortedMap.sorted(dict(zip(pairs[::2], pairs[1::2], strict=True)))


def sorted_map_by(comparator: object, *pairs: object) -> object:
    """`sorted-map-by`; the order is that of the keys put in."""
    del comparator
    return MapValue(zip(pairs[::2], pairs[1::2], strict=True))


def disj(collection: object, *values: object) -> object:
    """`disj`."""
    if not isinstance(collection, SetValue):
        raise TypeError(f"{print_value(collection)[:60]} is not a set")
    return SetValue(value for value in collection if value not in values)


def union(*sets: object) -> object:
    """`clojure.set/union`."""
    return SetValue(item for each in sets for item in sequence(each))


def intersection(first: object, *others: object) -> object:
    """`clojure.set/intersection`."""
    return SetValue(item for item in sequence(first) if all(contains(other, item) for other in others))


def difference(first: object, *others: object) -> object:
    """`clojure.set/difference`."""
    return SetValue(item for item in sequence(first) if not any(contains(other, item) for other in others))


def is_subset(first: object, second: object) -> bool:
    """`clojure.set/subset?`."""
    return all(contains(second, item) for item in sequence(first))


def rename_keys(collection: object, names: object) -> object:
    """`clojure.set/rename-keys`."""
    new = _map(names)
    return MapValue({new.get(key, key): value for key, value in _map(collection).items()})


def vec(collection: object = None) -> object:
    """`vec`."""
    return Vector(sequence(collection))


def subvec(collection: object, start: object, end: object = None) -> object:
    """`subvec`."""
    held = items(collection)
    if held is None or not is_number(start):
        raise TypeError("subvec takes a vector and indices")
    return Vector(held[int(start) : None if end is None else int(end)])  # type: ignore[call-overload]


def empty(collection: object) -> object:
    """`empty`."""
    for kind in (Vector, SetValue):
        if isinstance(collection, kind):
            return kind(())
    return (
        MapValue() if isinstance(collection, MapValue) else Sequence() if isinstance(collection, tuple | Lazy) else None
    )


def peek(collection: object) -> object:
    """`peek`."""
    held = items(collection) or ()
    return None if not held else held[-1] if isinstance(collection, Vector) else held[0]


def pop(collection: object) -> object:
    """`pop`."""
    held = items(collection) or ()
    return Vector(held[:-1]) if isinstance(collection, Vector) else Sequence(held[1:])


COLLECTIONS: Final[dict[str, Callable[..., object]]] = {
    "assoc": assoc,
    "dissoc": dissoc,
    "get-in": get_in,
    "assoc-in": assoc_in,
    "update": update,
    "update-in": update_in,
    "update-vals": update_vals,
    "update-keys": update_keys,
    "merge": merge,
    "merge-with": merge_with,
    "select-keys": select_keys,
    "keys": keys,
    "vals": vals,
    "key": lambda pair: pair[0],
    "val": lambda pair: pair[1],
    "conj": conj,
    "into": into,
    "disj": disj,
    "sorted-map": sorted_map,
    "sorted-map-by": sorted_map_by,
    "vec": vec,
    "subvec": subvec,
    "empty": empty,
    "peek": peek,
    "pop": pop,
    "clojure.set/union": union,
    "clojure.set/intersection": intersection,
    "clojure.set/difference": difference,
    "clojure.set/subset?": is_subset,
    "clojure.set/superset?": lambda first, second: is_subset(second, first),
    "clojure.set/rename-keys": rename_keys,
}
