"""Functions of sequences that a transform can call."""

from __future__ import annotations

from functools import cmp_to_key
from itertools import chain
from typing import TYPE_CHECKING

from graphkit.query.compare import compare
from graphkit.query.errors import QueryError
from graphkit.query.functions import count as count_of
from graphkit.query.functions import get
from graphkit.query.query_values import MapValue, Sequence, SetValue, Vector, is_number, print_value, truthy
from graphkit.query.transform.collections import into
from graphkit.query.transform.invoke import call
from graphkit.query.transform.lazy import Lazy, realised, sequence
from graphkit.query.transform.selections import MISSING, Selections, Transducer, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Reduced:
    """The value with which a reduction stops."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


class Sequences(Selections):
    """Functions that make sequences of others, beside those that take parts of them."""

    def map(self, function: object, *collections: object) -> object:
        """`map`."""
        if not collections:
            return Transducer(lambda collection: self.map(function, collection))
        if len(collections) == 1:
            return Lazy(call(function, item) for item in self.each(collections[0]))
        return Lazy(call(function, *given) for given in zip(*map(self.each, collections), strict=False))

    def mapv(self, function: object, *collections: object) -> object:
        """`mapv`."""
        return Vector(sequence(self.map(function, *collections)))

    def map_indexed(self, function: object, collection: object) -> object:
        """`map-indexed`."""
        return Lazy(call(function, index, item) for index, item in enumerate(self.each(collection)))

    def mapcat(self, function: object, *collections: object) -> object:
        """`mapcat`."""
        if not collections:
            return Transducer(lambda collection: self.mapcat(function, collection))
        made = self.map(function, *collections)
        return Lazy(item for result in self.each(made) for item in self.each(result))

    def keep(self, function: object, collection: object = MISSING) -> object:
        """`keep`."""
        if collection is MISSING:
            return Transducer(lambda given: self.keep(function, given))
        results = (call(function, item) for item in self.each(collection))
        return Lazy(result for result in results if result is not None)

    def filter(self, function: object, collection: object = MISSING) -> object:
        """`filter`."""
        if collection is MISSING:
            return Transducer(lambda given: self.filter(function, given))
        return Lazy(item for item in self.each(collection) if truthy(call(function, item)))

    def filterv(self, function: object, collection: object) -> object:
        """`filterv`."""
        return Vector(sequence(self.filter(function, collection)))

    def remove(self, function: object, collection: object = MISSING) -> object:
        """`remove`."""
        if collection is MISSING:
            return Transducer(lambda given: self.remove(function, given))
        return Lazy(item for item in self.each(collection) if not truthy(call(function, item)))

    def reduce(self, function: object, first: object, collection: object = MISSING) -> object:
        """`reduce`."""
        if collection is MISSING:
            items = self.each(first)
            value = next(items, MISSING)
            if value is MISSING:
                return call(function)
        else:
            value, items = first, self.each(collection)
        for item in items:
            value = call(function, value, item)
            if isinstance(value, Reduced):
                return value.value
        return value

    def reductions(self, function: object, first: object, collection: object = MISSING) -> object:
        """`reductions`."""
        items = self.each(first if collection is MISSING else collection)
        value = next(items, MISSING) if collection is MISSING else first
        if value is MISSING:
            return Sequence((call(function),))
        found = [value]
        for item in items:
            value = call(function, value, item)
            found.append(value)
        return Sequence(found)

    def reduce_kv(self, function: object, first: object, collection: object) -> object:
        """`reduce-kv`."""
        value = first
        for pair in self.each(collection):
            value = call(function, value, *pair)  # type: ignore[misc]
            if isinstance(value, Reduced):
                return value.value
        return value

    def sort(self, comparator: object, collection: object = MISSING) -> object:
        """`sort`."""
        if collection is MISSING:
            return self._sorted(None, None, comparator)
        return self._sorted(None, comparator, collection)

    def sort_by(self, key: object, comparator: object, collection: object = MISSING) -> object:
        """`sort-by`."""
        if collection is MISSING:
            return self._sorted(key, None, comparator)
        return self._sorted(key, comparator, collection)

    def _sorted(self, key: object, comparator: object, collection: object) -> object:
        held = list(self.each(collection))
        order = compare if comparator is None else self.comparator(comparator)

        def counted(left: object, right: object) -> int:
            self._machine.step()
            return order(left, right)

        if key is None:
            return Sequence(sorted(held, key=cmp_to_key(counted)))
        keyed = [(realised(call(key, item)), item) for item in held]
        ordered = cmp_to_key(counted)
        return Sequence(item for _, item in sorted(keyed, key=lambda pair: ordered(pair[0])))

    def comparator(self, function: object) -> Callable[[object, object], int]:
        """A function of two values as an order: it may give a number, or whether the first comes before."""

        def order(left: object, right: object) -> int:
            result = call(function, left, right)
            if is_number(result):
                return -1 if result < 0 else 1 if result > 0 else 0  # type: ignore[operator]
            if truthy(result):
                return -1
            return 1 if truthy(call(function, right, left)) else 0

        return order

    def group_by(self, function: object, collection: object) -> object:
        """`group-by`."""
        groups: dict[object, list[object]] = {}
        for item in self.each(collection):
            groups.setdefault(realised(call(function, item)), []).append(item)
        return MapValue({key: Vector(held) for key, held in groups.items()})

    def frequencies(self, collection: object) -> object:
        """`frequencies`."""
        found: dict[object, int] = {}
        for item in self.each(collection):
            key = realised(item)
            found[key] = found.get(key, 0) + 1
        return MapValue(found)

    def concat(self, *collections: object) -> object:
        """`concat`."""
        return Lazy(chain.from_iterable(self.each(each) for each in collections))

    def count(self, collection: object) -> int:
        """`count`."""
        return sum(1 for _ in self.each(collection)) if isinstance(collection, Lazy) else count_of(collection)

    def is_empty(self, collection: object) -> bool:
        """`empty?`."""
        return next(iter(sequence(collection)), MISSING) is MISSING

    def some(self, function: object, collection: object) -> object:
        """`some`."""
        for item in self.each(collection):
            if truthy(result := call(function, item)):
                return result
        return None

    def every(self, function: object, collection: object) -> bool:
        """`every?`."""
        return all(truthy(call(function, item)) for item in self.each(collection))

    def interpose(self, separator: object, collection: object) -> object:
        """`interpose`."""
        found: list[object] = []
        for item in self.each(collection):
            found += (separator, item) if found else (item,)
        return Sequence(found)

    def interleave(self, *collections: object) -> object:
        """`interleave`."""
        return Sequence(chain.from_iterable(zip(*map(self.each, collections), strict=False)))

    def flatten(self, collection: object) -> object:
        """`flatten`."""
        found: list[object] = []
        pending: list[object] = [collection]
        while pending:
            self._machine.step()
            item = pending.pop()
            if isinstance(item, tuple | Lazy):
                pending += reversed(tuple(item))
            elif item is not collection:
                found.append(item)
        return Sequence(found)

    def zipmap(self, keys: object, values: object) -> object:
        """`zipmap`."""
        return MapValue(zip(map(realised, self.each(keys)), self.each(values), strict=False))

    def extreme_key(self, sign: int) -> Callable[..., object]:
        """`max-key` and `min-key`."""

        def choose(function: object, *values: object) -> object:
            chosen = values[0]
            for value in values[1:]:
                if compare(call(function, value), call(function, chosen)) * sign >= 0:
                    chosen = value
            return chosen

        return choose

    def iterate(self, function: object, value: object) -> object:
        """`iterate`."""

        def generate(value: object) -> Iterator[object]:
            while True:
                self._machine.step()
                yield value
                value = call(function, value)

        return Lazy(generate(value))

    def repeat(self, size: object, value: object = MISSING) -> object:
        """`repeat`."""

        def generate() -> Iterator[object]:
            while True:
                self._machine.step()
                yield size

        if value is MISSING:
            return Lazy(generate())
        number = whole(size)
        if number > 100_000:
            raise QueryError("repeat returns more than 100,000 items", limit=True)
        return Sequence((value,) * max(0, number))

    def apply(self, function: object, *arguments: object) -> object:
        """`apply`."""
        return call(function, *arguments[:-1], *self.each(arguments[-1]))

    def into(self, collection: object, change: object, source: object = MISSING) -> object:
        """`into`, with a transducer or without."""
        if source is MISSING:
            return into(collection, change)
        return into(collection, self.sequence(change, source))

    def sequence(self, change: object, source: object = MISSING) -> object:
        """`sequence`."""
        if source is MISSING:
            return Lazy(self.each(change))
        if not isinstance(change, Transducer):
            raise TypeError(f"{print_value(change)[:60]} is not a transducer")
        return change.apply(source)

    def transduce(self, change: object, function: object, first: object, source: object = MISSING) -> object:
        """`transduce`."""
        if source is MISSING:
            return self.reduce(function, call(function), self.sequence(change, first))
        return self.reduce(function, first, self.sequence(change, source))

    def tree_seq(self, has_children: object, children: object, root: object) -> object:
        """`tree-seq`."""
        found: list[object] = []
        pending = [root]
        while pending:
            self._machine.step()
            node = pending.pop()
            found.append(node)
            if truthy(call(has_children, node)):
                pending += reversed(tuple(sequence(call(children, node))))
        return Sequence(found)

    def postwalk(self, function: object, form: object, depth: int = 0) -> object:
        """`clojure.walk/postwalk`."""
        self._machine.step()
        if depth > 100:
            raise QueryError("postwalk goes deeper than 100 levels", limit=True)
        if isinstance(form, MapValue):
            pairs = [self.postwalk(function, Vector(pair), depth + 1) for pair in form.items()]
            return call(function, MapValue(dict(pairs)))  # type: ignore[arg-type]
        if isinstance(form, tuple):
            return call(function, type(form)(self.postwalk(function, each, depth + 1) for each in form))
        if isinstance(form, SetValue):
            return call(function, SetValue(self.postwalk(function, each, depth + 1) for each in form))
        return call(function, form)

    def doall(self, collection: object) -> object:
        """`doall`."""
        return realised(collection)

    def rank(self, collection: object, key: object) -> object:
        """`find`: a key with its value."""
        value = get(collection, key, MISSING)
        return None if value is MISSING else Vector((key, value))

    def make_set(self, collection: object = None) -> SetValue:
        """`set`."""
        return SetValue(realised(item) for item in self.each(collection))
