"""Functions that take parts of sequences, for transforms."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from graphkit.query.query_values import Sequence, Vector, is_number, print_value, truthy
from graphkit.query.transform.invoke import call
from graphkit.query.transform.lazy import Lazy, realised, sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.query.transform.scope import Machine

MISSING = object()


class Transducer:
    """Everything `(map f)` without a collection gives: a change of sequences."""

    __slots__ = ("apply",)

    def __init__(self, apply: Callable[[object], object]) -> None:
        self.apply = apply


class Selections:
    """The functions, each of which counts the items that it passes."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def each(self, value: object) -> Iterator[object]:
        """The items of a collection, counted."""
        for item in sequence(value):
            self._machine.step()
            yield item

    def partition_by(self, function: object, collection: object) -> object:
        """`partition-by`."""
        parts: list[list[object]] = []
        last: object = MISSING
        for item in self.each(collection):
            key = call(function, item)
            if last is MISSING or key != last:
                parts.append([])
            last = key
            parts[-1].append(item)
        return Sequence(Sequence(part) for part in parts)

    def partition(self, size: object, *arguments: object) -> object:
        """`partition`."""
        return self._partitioned(size, arguments, whole=True)

    def partition_all(self, size: object, *arguments: object) -> object:
        """`partition-all`."""
        return self._partitioned(size, arguments, whole=False)

    def _partitioned(self, size: object, arguments: tuple[object, ...], *, whole: bool) -> object:
        step = arguments[0] if len(arguments) > 1 else size
        if not isinstance(size, int) or not isinstance(step, int) or size < 1 or step < 1:
            raise TypeError("the size of a partition must be a positive integer")
        held = list(self.each(arguments[-1]))
        parts = [held[at : at + size] for at in range(0, len(held), step)]
        return Sequence(Sequence(part) for part in parts if not whole or len(part) == size)

    def distinct(self, collection: object) -> object:
        """`distinct`."""
        return Sequence(dict.fromkeys(realised(item) for item in self.each(collection)))

    def dedupe(self, collection: object) -> object:
        """`dedupe`."""
        held = list(self.each(collection))
        return Sequence(item for index, item in enumerate(held) if index == 0 or item != held[index - 1])

    def take(self, size: object, collection: object = MISSING) -> object:
        """`take`."""
        if collection is MISSING:
            return Transducer(lambda given: self.take(size, given))
        return Lazy(islice(self.each(collection), max(0, whole(size))))

    def drop(self, size: object, collection: object) -> object:
        """`drop`."""
        return Lazy(islice(self.each(collection), max(0, whole(size)), None))

    def take_last(self, size: object, collection: object) -> object:
        """`take-last`."""
        held = list(self.each(collection))
        return Sequence(held[-whole(size) :] if whole(size) > 0 else ())

    def drop_last(self, size: object, collection: object = MISSING) -> object:
        """`drop-last`."""
        number, given = (1, size) if collection is MISSING else (whole(size), collection)
        held = list(self.each(given))
        return Sequence(held[: max(0, len(held) - max(0, number))])

    def take_while(self, function: object, collection: object) -> object:
        """`take-while`."""

        def generate() -> Iterator[object]:
            for item in self.each(collection):
                if not truthy(call(function, item)):
                    return
                yield item

        return Lazy(generate())

    def drop_while(self, function: object, collection: object) -> object:
        """`drop-while`."""
        held = list(self.each(collection))
        start = next((index for index, item in enumerate(held) if not truthy(call(function, item))), len(held))
        return Sequence(held[start:])

    def take_nth(self, size: object, collection: object) -> object:
        """`take-nth`."""
        return Sequence(list(self.each(collection))[:: max(1, whole(size))])

    def first(self, collection: object) -> object:
        """`first`."""
        return next(self.each(collection), None)

    def second(self, collection: object) -> object:
        """`second`."""
        return next(islice(self.each(collection), 1, None), None)

    def last(self, collection: object) -> object:
        """`last`."""
        result: object = None
        for item in self.each(collection):
            result = item
        return result

    def rest(self, collection: object) -> object:
        """`rest`."""
        return Lazy(islice(self.each(collection), 1, None))

    def next(self, collection: object) -> object:
        """`next`."""
        return self.seq(self.rest(collection))

    def butlast(self, collection: object) -> object:
        """`butlast`."""
        held = tuple(self.each(collection))[:-1]
        return Sequence(held) if held else None

    def nth(self, collection: object, index: object, default: object = MISSING) -> object:
        """`nth`."""
        found = next(islice(self.each(collection), max(0, whole(index)), None), MISSING)
        if found is MISSING or whole(index) < 0:
            if default is MISSING:
                raise IndexError(f"there is no item at index {print_value(index)}")
            return default
        return found

    def seq(self, collection: object) -> object:
        """`seq`: nil where nothing is in it."""
        if collection is None:
            return None
        held = collection if isinstance(collection, Lazy) else Sequence(sequence(collection))
        return held if next(iter(held), MISSING) is not MISSING else None

    def reverse(self, collection: object) -> object:
        """`reverse`."""
        return Sequence(reversed(list(self.each(collection))))

    def split_at(self, size: object, collection: object) -> object:
        """`split-at`."""
        held = tuple(self.each(collection))
        at = max(0, whole(size))
        return Vector((Sequence(held[:at]), Sequence(held[at:])))

    def split_with(self, function: object, collection: object) -> object:
        """`split-with`."""
        held = tuple(self.each(collection))
        at = next((index for index, item in enumerate(held) if not truthy(call(function, item))), len(held))
        return Vector((Sequence(held[:at]), Sequence(held[at:])))


def whole(value: object) -> int:
    """A number of items. Raises TypeError for what is no number."""
    if not is_number(value):
        raise TypeError(f"{print_value(value)[:60]} is not a number")
    return int(value)  # type: ignore[call-overload,no-any-return]
