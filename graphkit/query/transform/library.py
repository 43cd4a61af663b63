"""All names that a transform can use."""

from __future__ import annotations

import math
from functools import partial, reduce
from itertools import pairwise
from typing import TYPE_CHECKING

from graphkit.query.arithmetic import add, divide, number
from graphkit.query.compare import compare, javascript_less
from graphkit.query.functions import FUNCTIONS, MATCHING, get, numbers, text_of
from graphkit.query.query_values import (
    Boolean,
    MapValue,
    Sequence,
    SetValue,
    Uuid,
    Vector,
    is_number,
    print_value,
    truthy,
)
from graphkit.query.transform.collections import COLLECTIONS
from graphkit.query.transform.invoke import call, function, is_callable
from graphkit.query.transform.lazy import Lazy, realised, sequence
from graphkit.query.transform.selections import Transducer
from graphkit.query.transform.sequences import Reduced, Sequences
from graphkit.query.transform.strings import STRINGS
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.query.transform.scope import Machine


def _ordered(*, equal: bool, swapped: bool) -> Callable[..., bool]:
    def test(*values: object) -> bool:
        return all(javascript_less(*(pair[::-1] if swapped else pair), equal=equal) for pair in pairwise(values))

    return test


def _equal(*values: object) -> bool:
    made = [realised(value) for value in values]
    return all(left == right for left, right in pairwise(made))


def _extreme(sign: int) -> Callable[..., object]:
    def choose(*values: object) -> object:
        return reduce(lambda chosen, value: value if (number(value) - number(chosen)) * sign > 0 else chosen, values)

    return choose


def _comp(*functions: object) -> object:
    if functions and all(isinstance(each, Transducer) for each in functions):

        def chained(collection: object) -> object:
            for each in functions:
                collection = each.apply(collection)  # type: ignore[attr-defined]
            return collection

        return Transducer(chained)

    def run(*arguments: object) -> object:
        if not functions:
            return arguments[0]
        result = call(functions[-1], *arguments)
        for each in reversed(functions[:-1]):
            result = call(each, result)
        return result

    return run


def _juxt(*functions: object) -> object:
    return lambda *arguments: Vector(call(each, *arguments) for each in functions)


def _partial(function: object, *given: object) -> object:
    return lambda *arguments: call(function, *given, *arguments)


def _complement(function: object) -> object:
    return lambda *arguments: not truthy(call(function, *arguments))


def _fnil(function: object, *defaults: object) -> object:
    def run(*arguments: object) -> object:
        filled = [
            defaults[index] if argument is None and index < len(defaults) else argument
            for index, argument in enumerate(arguments)
        ]
        return call(function, *filled)

    return run


def _every_pred(*functions: object) -> object:
    return lambda *arguments: all(truthy(call(each, given)) for each in functions for given in arguments)


def _some_fn(*functions: object) -> object:
    def run(*arguments: object) -> object:
        for given in arguments:
            for each in functions:
                if truthy(result := call(each, given)):
                    return result
        return None

    return run


def _is(*kinds: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kinds)


def _refused(*_arguments: object) -> object:
    raise TypeError("functions of Logseq itself cannot be called here")


def _trampoline(function: object, *arguments: object) -> object:
    result = call(function, *arguments)
    while callable(result):
        result = call(result)
    return result


def _no_clause() -> object:
    raise TypeError("no matching clause")


def _text(*values: object) -> str:
    return str(FUNCTIONS["str"](*[realised(value) for value in values]))


def _average(collection: object) -> object:
    held = tuple(sequence(collection))
    return divide(add(*held), len(held))


_COPYING = {*COLLECTIONS, *STRINGS, "subs"} - {"get-in", "key", "val", "empty", "peek"}
"""Functions that copy their arguments."""
_READING = (
    "=", "==", "not=", "compare", "str", "pr-str", "prn-str", "print-str", "println-str", "pprint", "set", "hash-set",
    "hash-map", "array-map", "max", "min", "sum", "average", "clojure.string/join",
)  # fmt: skip
"""Functions that look at every item of their arguments."""


def _counted(machine: Machine, function: Callable[..., object], times: int) -> Callable[..., object]:
    def run(*arguments: object) -> object:
        machine.copy(*arguments, times=times)
        return function(*arguments)

    return run


def _counted_inside(machine: Machine, function: Callable[..., object]) -> Callable[..., object]:
    """A function that copies the collections along a path."""

    def run(collection: object, path: object, *arguments: object) -> object:
        inner = collection
        for key in sequence(path):
            inner = get(inner, key)
            machine.copy(inner)
        return function(collection, path, *arguments)

    return run


def library(machine: Machine) -> dict[str, object]:
    """The functions by name."""
    sequences = Sequences(machine)
    names: dict[str, object] = {**FUNCTIONS, **COLLECTIONS, **STRINGS}
    for short in ("=", "=="):
        names[short] = _equal
    names.update(
        {
            "not=": lambda *values: not _equal(*values),
            "<": _ordered(equal=False, swapped=False),
            "<=": _ordered(equal=True, swapped=False),
            ">": _ordered(equal=False, swapped=True),
            ">=": _ordered(equal=True, swapped=True),
            "max": _extreme(1),
            "min": _extreme(-1),
            "compare": lambda left, right: compare(realised(left), realised(right)),
            "str": _text,
            "pr-str": lambda *values: " ".join(print_value(realised(value)) for value in values),
            "pprint": lambda value: print_value(realised(value)) + "\n",
            "abs": lambda value: abs(number(value)),
            "boolean": truthy,
            "int": lambda value: math.trunc(number(value)),
            "long": lambda value: math.trunc(number(value)),
            "float": number,
            "double": number,
            "rand-nth": sequences.first,
            "rand-int": lambda _most: 0,
            "rand": lambda *_most: 0,
            "shuffle": lambda collection: Vector(sequence(collection)),
            "into": sequences.into,
            "sequence": sequences.sequence,
            "transduce": sequences.transduce,
            "tree-seq": sequences.tree_seq,
            "clojure.walk/postwalk": sequences.postwalk,
            "trampoline": _trampoline,
            "with-meta": lambda value, _meta: value,
            "vary-meta": lambda value, *_change: value,
            "ex-info": lambda message, *_data: MapValue({Keyword("message"): message}),
            "ex-message": lambda error: error.get(Keyword("message")) if isinstance(error, MapValue) else None,
            "comp": _comp,
            "juxt": _juxt,
            "partial": _partial,
            "complement": _complement,
            "fnil": _fnil,
            "every-pred": _every_pred,
            "some-fn": _some_fn,
            "constantly": lambda value: lambda *_arguments: value,
            "reduced": Reduced,
            "map": sequences.map,
            "mapv": sequences.mapv,
            "map-indexed": sequences.map_indexed,
            "mapcat": sequences.mapcat,
            "keep": sequences.keep,
            "filter": sequences.filter,
            "filterv": sequences.filterv,
            "remove": sequences.remove,
            "reduce": sequences.reduce,
            "reductions": sequences.reductions,
            "reduce-kv": sequences.reduce_kv,
            "sort": sequences.sort,
            "sort-by": sequences.sort_by,
            "group-by": sequences.group_by,
            "partition": sequences.partition,
            "partition-all": sequences.partition_all,
            "partition-by": sequences.partition_by,
            "distinct": sequences.distinct,
            "dedupe": sequences.dedupe,
            "frequencies": sequences.frequencies,
            "concat": sequences.concat,
            "lazy-cat": sequences.concat,
            "take": sequences.take,
            "drop": sequences.drop,
            "take-last": sequences.take_last,
            "drop-last": sequences.drop_last,
            "take-while": sequences.take_while,
            "drop-while": sequences.drop_while,
            "take-nth": sequences.take_nth,
            "first": sequences.first,
            "ffirst": lambda value: sequences.first(sequences.first(value)),
            "second": sequences.second,
            "last": sequences.last,
            "rest": sequences.rest,
            "next": sequences.next,
            "butlast": sequences.butlast,
            "nth": sequences.nth,
            "seq": sequences.seq,
            "reverse": sequences.reverse,
            "rseq": sequences.reverse,
            "count": sequences.count,
            "empty?": sequences.is_empty,
            "not-empty": lambda value: None if sequences.is_empty(value) else value,
            "some": sequences.some,
            "every?": sequences.every,
            "not-every?": lambda function, value: not sequences.every(function, value),
            "not-any?": lambda function, value: sequences.some(function, value) is None,
            "interpose": sequences.interpose,
            "interleave": sequences.interleave,
            "flatten": sequences.flatten,
            "split-at": sequences.split_at,
            "split-with": sequences.split_with,
            "zipmap": sequences.zipmap,
            "max-key": sequences.extreme_key(1),
            "min-key": sequences.extreme_key(-1),
            "iterate": sequences.iterate,
            "repeat": sequences.repeat,
            "apply": sequences.apply,
            "doall": sequences.doall,
            "find": sequences.rank,
            "set": sequences.make_set,
            "cons": lambda value, collection: Lazy(_chain(value, collection)),
            "list*": lambda *values: Sequence((*values[:-1], *sequence(values[-1]))),
            "hash-set": lambda *values: SetValue(values),
            "range": numbers,
            "symbol": lambda value: Symbol(text_of(value)),
            "string?": _is(str),
            "number?": is_number,
            "integer?": _is(int),
            "int?": _is(int),
            "float?": _is(float),
            "keyword?": _is(Keyword),
            "symbol?": _is(Symbol),
            "boolean?": _is(Boolean),
            "uuid?": _is(Uuid),
            "map?": _is(MapValue),
            "vector?": _is(Vector),
            "set?": _is(SetValue),
            "list?": _is(Sequence),
            "seq?": _is(Sequence, Lazy),
            "sequential?": _is(tuple, Lazy),
            "associative?": _is(MapValue, Vector),
            "coll?": _is(tuple, Lazy, MapValue, SetValue),
            "seqable?": lambda value: value is None or isinstance(value, tuple | Lazy | MapValue | SetValue | str),
            "fn?": callable,
            "ifn?": is_callable,
            "isNaN": lambda value: math.isnan(number(value)),
            "sum": lambda collection: add(0, *sequence(collection)),
            "average": _average,
            "no-matching-clause": _no_clause,
            "call-api": _refused,
            "log": lambda *_values: None,
            "println": lambda *_values: None,
            "prn": lambda *_values: None,
        }
    )
    for name in _COPYING:
        names[name] = _counted(machine, function(names[name]), 1)
    for name in _READING:
        names[name] = _counted(machine, function(names[name]), 32)
    for name in ("assoc-in", "update-in"):
        names[name] = _counted_inside(machine, function(names[name]))
    for name in (*MATCHING, "clojure.string/replace", "clojure.string/replace-first", "clojure.string/split"):
        names[name] = partial(machine.budget.matching, function(names[name]))
    qualified = {f"clojure.core/{name}": value for name, value in names.items() if "/" not in name}
    return {**names, **qualified}


def _chain(value: object, collection: object) -> Iterator[object]:
    yield value
    yield from sequence(collection)
