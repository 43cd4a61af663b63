"""Lazy sequences: made if they are asked for, so that what fails in them fails where it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.functions import items
from graphkit.query.query_values import MapValue, Sequence, SetValue, Vector, print_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Lazy:
    """A sequence whose items are made when they are first asked for, and kept."""

    __slots__ = ("_made", "_rest")

    def __init__(self, source: Iterable[object]) -> None:
        self._made: list[object] = []
        self._rest: Iterator[object] | None = iter(source)

    def __iter__(self) -> Iterator[object]:
        index = 0
        while True:
            if index < len(self._made):
                yield self._made[index]
                index += 1
                continue
            if self._rest is None:
                return
            try:
                self._made.append(next(self._rest))
            except StopIteration:
                self._rest = None

    def all(self) -> Sequence:
        """All items."""
        return Sequence(self)


def sequence(value: object) -> Iterable[object]:
    """The items of a collection. Raises TypeError for what is not one."""
    if isinstance(value, Lazy):
        return value
    held = items(value)
    if held is None:
        raise TypeError(f"{print_value(value)[:60]} is not a collection")
    return held


def realised(value: object) -> object:
    """The value with everything in it made."""
    if isinstance(value, Lazy):
        return Sequence(realised(each) for each in value)
    if isinstance(value, Sequence | Vector):
        if not _has_lazy(value):
            return value
        return type(value)(realised(each) for each in value)
    if isinstance(value, MapValue):
        if not _has_lazy((*value.keys(), *value.values())):
            return value
        return MapValue({realised(key): realised(each) for key, each in value.items()})
    if isinstance(value, SetValue) and _has_lazy(value):
        return SetValue(realised(each) for each in value)
    return value


def _has_lazy(held: Iterable[object]) -> bool:
    for each in held:
        if isinstance(each, Lazy):
            return True
        if isinstance(each, tuple | MapValue | SetValue):
            inner = (*each.keys(), *each.values()) if isinstance(each, MapValue) else each
            if _has_lazy(inner):
                return True
    return False
