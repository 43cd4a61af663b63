"""Functions that can be called in a query, with ClojureScript's behaviour on values of every kind."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from graphkit.query import regular_expressions as expressions
from graphkit.query.arithmetic import add, divide, is_even, modulus, multiply, number, quotient, remainder, subtract
from graphkit.query.compare import compare, database_order, javascript_number, utf16
from graphkit.query.errors import MAX_TEXT, QueryError
from graphkit.query.query_values import (
    FALSE,
    TRUE,
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
from graphkit.query.regular_expressions import Pattern, compile_pattern
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

MISSING: Final = object()


def text_of(value: object) -> str:
    """Everything `str` makes of a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, Pattern):
        return f"/{value.source}/"
    return print_value(value, readable=False)


def concatenate(*values: object) -> str:
    """`str`. Raises QueryError where it would be longer than `MAX_TEXT`."""
    text = "".join(map(text_of, values))
    if len(text) > MAX_TEXT:
        raise QueryError(f"str returns more than {MAX_TEXT:,} characters", limit=True)
    return text


def get(collection: object, key: object = None, default: object = None) -> object:
    """`get`: of maps by key, of sets the member, of vectors and strings by index; of all else the default."""
    if isinstance(collection, MapValue):
        return collection.get(key, default)
    if isinstance(collection, SetValue):
        return key if key in collection else default
    if isinstance(collection, Vector | str):
        if isinstance(collection, Vector) and not is_number(key):
            return default
        index = javascript_number(key) if key is not None else math.nan
        size = length(collection) if isinstance(collection, str) else len(collection)
        if not 0 <= index < size:
            return default
        if isinstance(collection, str):
            return substring(collection, int(index), int(index) + 1)
        return collection[int(index)] if index == int(index) else default
    return default


def contains(collection: object, key: object) -> bool:
    """`contains?`: whether `get` finds something."""
    return get(collection, key, MISSING) is not MISSING


def length(text: str) -> int:
    """Length of a string in JavaScript's units."""
    return len(text) if text.isascii() else len(utf16(text)) // 2


def substring(text: str, start: int, end: int | None = None) -> str:
    """JavaScript's `substring`."""
    size = length(text)
    first = min(max(start, 0), size)
    last = size if end is None else min(max(end, 0), size)
    if first > last:
        first, last = last, first
    if size == len(text):
        return text[first:last]
    return utf16(text)[first * 2 : last * 2].decode("utf-16-be", "surrogatepass")


def subs(text: object, start: object, end: object = MISSING) -> str:
    """`subs`."""
    if not isinstance(text, str):
        raise TypeError("subs takes a string")
    last = None if end is MISSING else javascript_number(end)
    first = javascript_number(start)
    return substring(text, _whole(first), None if last is None else _whole(last))


def _whole(number: float) -> int:
    return 0 if math.isnan(number) else int(max(min(number, 2**31), -(2**31)))


def count(value: object) -> int:
    """`count`."""
    if value is None:
        return 0
    if isinstance(value, str):
        return length(value)
    if isinstance(value, MapValue | SetValue | tuple):
        return len(value)
    raise TypeError(f"cannot count {print_value(value)}")


def items(value: object) -> tuple[object, ...] | None:
    """Everything a collection holds, as `seq` gives it; None for what is not a collection."""
    if value is None:
        return ()
    if isinstance(value, tuple):
        return value
    if isinstance(value, SetValue):
        return value.items
    if isinstance(value, MapValue):
        return tuple(Vector(pair) for pair in value.items())
    if isinstance(value, str):
        return tuple(value)
    return None


def name(value: object) -> str:
    """`name`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Keyword | Symbol):
        return value.name.partition("/")[2] if "/" in value.name[1:] else value.name
    raise TypeError(f"{print_value(value)} has no name")


def namespace(value: object) -> str | None:
    """`namespace`."""
    if isinstance(value, Keyword | Symbol):
        return value.name.partition("/")[0] if "/" in value.name[1:] else None
    raise TypeError(f"{print_value(value)} has no namespace")


def keyword(*parts: object) -> object:
    """`keyword`."""
    if len(parts) == 2:
        return Keyword(f"{parts[0]}/{parts[1]}" if parts[0] else str(parts[1]))
    value = parts[0]
    if isinstance(value, str):
        return Keyword(value)
    if isinstance(value, Keyword):
        return value
    return Keyword(value.name) if isinstance(value, Symbol) else None


def equal(*values: object) -> bool:
    """`=`."""
    return all(left == right for left, right in pairwise(values))


def ordered(test: Callable[[int], bool], order: Callable[[object, object], int]) -> Callable[..., bool]:
    """A comparison of two or more values."""

    def compare_all(*values: object) -> bool:
        return all(test(order(left, right)) for left, right in pairwise(values))

    return compare_all


def extreme(sign: int) -> Callable[..., object]:
    """`max` and `min` of a query."""

    def choose(*values: object) -> object:
        chosen = values[0]
        for value in values[1:]:
            if database_order(value, chosen) * sign > 0:
                chosen = value
        return chosen

    return choose


def conjunction(*values: object) -> object:
    """`and`, as a function."""
    result: object = TRUE
    for value in values:
        result = value
        if not truthy(value):
            break
    return result


def disjunction(*values: object) -> object:
    """`or`, as a function."""
    result: object = None
    for value in values:
        result = value
        if truthy(value):
            break
    return result


def string(value: object) -> str:
    """The argument of a function of strings. Raises TypeError for what is not one."""
    if not isinstance(value, str):
        raise TypeError(f"{print_value(value)} is not a string")
    return value


def includes(value: object, part: object) -> bool:
    """`clojure.string/includes?`."""
    if isinstance(value, Vector):
        return False
    return text_of(part) in string(value)


def starts_with(value: object, part: object) -> bool:
    """`clojure.string/starts-with?`."""
    return string(value).startswith(text_of(part))


def ends_with(value: object, part: object) -> bool:
    """`clojure.string/ends-with?`."""
    return isinstance(value, str) and value.endswith(text_of(part))


def is_blank(value: object) -> bool:
    """`clojure.string/blank?`."""
    return value is None or not text_of(value).strip()


def pattern(source: object) -> Pattern:
    """`re-pattern`."""
    return source if isinstance(source, Pattern) else compile_pattern(string(source))


def _expression(value: object) -> Pattern:
    if not isinstance(value, Pattern):
        raise TypeError(f"{print_value(value)} is not a regular expression")
    return value


def re_find(expression: object, text: object) -> object:
    """`re-find`."""
    return expressions.find(_expression(expression), string(text))


def re_matches(expression: object, text: object) -> object:
    """`re-matches`."""
    return expressions.match_all(_expression(expression), string(text))


def re_seq(expression: object, text: object) -> object:
    """`re-seq`."""
    return expressions.find_all(_expression(expression), string(text))


def numbers(*limits: object) -> Sequence:
    """`range`, of at most 100,000 numbers."""
    given = [number(each) for each in limits]
    start, end, step = (0, given[0], 1) if len(given) == 1 else (*given, 1)[:3] if given else (0, math.inf, 1)
    if step == 0 or not abs(end - start) / abs(step) <= 100_000:
        raise QueryError("range returns more than 100,000 numbers", limit=True)
    size = max(0, math.ceil((end - start) / step))
    return Sequence(start + step * index for index in range(size))


def hash_map(*pairs: object) -> MapValue:
    """`hash-map`."""
    if len(pairs) % 2:
        raise TypeError("hash-map takes pairs of a key and a value")
    return MapValue(zip(pairs[::2], pairs[1::2], strict=True))


def make_set(value: object = None) -> SetValue:
    """`set`."""
    held = items(value)
    if held is None:
        raise TypeError(f"{print_value(value)} is not a collection")
    return SetValue(held)


def kind(value: object) -> object:
    """`type`, as a keyword."""
    names = {str: "string", int: "number", float: "number", Boolean: "boolean", Uuid: "uuid", Keyword: "keyword"}
    return Keyword(names.get(value.__class__, value.__class__.__name__.lower()))


def differ(*values: object) -> bool:
    """`-differ?`: whether the first half of the arguments differs from the second."""
    half = (len(values) + 1) // 2
    return values[:half] != values[half:]


FUNCTIONS: Final[dict[str, Callable[..., object]]] = {
    "=": equal,
    "==": equal,
    "not=": lambda *values: not equal(*values),
    "!=": lambda *values: not equal(*values),
    "<": ordered(lambda order: order < 0, database_order),
    ">": ordered(lambda order: order > 0, database_order),
    "<=": ordered(lambda order: order <= 0, database_order),
    ">=": ordered(lambda order: order >= 0, database_order),
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "quot": quotient,
    "rem": remainder,
    "mod": modulus,
    "inc": lambda value: add(value, 1),
    "dec": lambda value: subtract(value, 1),
    "max": extreme(1),
    "min": extreme(-1),
    "zero?": lambda value: is_number(value) and value == 0,
    "pos?": lambda value: number(value) > 0,
    "neg?": lambda value: number(value) < 0,
    "even?": is_even,
    "odd?": lambda value: not is_even(value),
    "compare": compare,
    "true?": lambda value: value is TRUE,
    "false?": lambda value: value is FALSE,
    "nil?": lambda value: value is None,
    "some?": lambda value: value is not None,
    "not": lambda value: not truthy(value),
    "and": conjunction,
    "or": disjunction,
    "identical?": lambda left, right: left is right or (left == right and not isinstance(left, tuple)),
    "identity": lambda value: value,
    "ground": lambda value: value,
    "untuple": lambda value: value,
    "keyword": keyword,
    "name": name,
    "namespace": namespace,
    "type": kind,
    "meta": lambda _value: None,
    "vector": lambda *values: Vector(values),
    "tuple": lambda *values: Vector(values),
    "list": lambda *values: Sequence(values),
    "set": make_set,
    "hash-map": hash_map,
    "array-map": hash_map,
    "count": count,
    "range": numbers,
    "not-empty": lambda value: value if count(value) else None,
    "empty?": lambda value: not count(value),
    "contains?": contains,
    "get": get,
    "str": concatenate,
    "pr-str": lambda *values: " ".join(print_value(value) for value in values),
    "print-str": lambda *values: " ".join(print_value(value, readable=False) or "nil" for value in values),
    "println-str": lambda *values: " ".join(print_value(value, readable=False) or "nil" for value in values) + "\n",
    "prn-str": lambda *values: " ".join(print_value(value) for value in values) + "\n",
    "subs": subs,
    "re-find": re_find,
    "re-matches": re_matches,
    "re-seq": re_seq,
    "re-pattern": pattern,
    "-differ?": differ,
    "clojure.string/blank?": is_blank,
    "clojure.string/includes?": includes,
    "clojure.string/starts-with?": starts_with,
    "clojure.string/ends-with?": ends_with,
}

OF_DATABASE: Final = frozenset({"missing?", "get-else", "get-some"})
"""Functions that ask the database; the evaluator answers them."""

MATCHING: Final = frozenset({"re-find", "re-matches", "re-seq"})
"""Functions that run regular expressions."""

TOTAL: Final = frozenset({
    "=", "==", "not=", "!=", "some?", "nil?", "true?", "false?", "not", "contains?", "get", "identity", "ground", "str",
    "missing?", "get-else", "-differ?",
})  # fmt: skip
"""Functions that never fail, so that it does not matter which values they are called with."""

AGGREGATES: Final = frozenset({
    "sum", "avg", "median", "variance", "stddev", "distinct", "min", "max", "rand", "sample", "count", "count-distinct",
})  # fmt: skip
