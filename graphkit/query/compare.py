"""Order of values: as ClojureScript's `compare`, as the database's `<`, as JavaScript's `<`."""

from __future__ import annotations

import math
from typing import Final

from graphkit.query.query_values import Boolean, MapValue, SetValue, Uuid, Vector, is_number, print_value
from graphkit.text.edn_atoms import Keyword, Symbol


class UncomparableError(TypeError):
    """Two values that have no order."""


def compare(left: object, right: object) -> int:
    """-1, 0 or 1, as `compare` of ClojureScript: nil first, else only values of one kind. Raises UncomparableError."""
    if left is right:
        return 0
    if left is None:
        return -1
    if right is None:
        return 1
    if is_number(left) and is_number(right):
        return int(left > right) - int(left < right)  # type: ignore[operator]
    if isinstance(left, str) and isinstance(right, str):
        return _order(left, right)
    if isinstance(left, Boolean) and isinstance(right, Boolean):
        return bool(left) - bool(right)
    if isinstance(left, Keyword | Symbol) and left.__class__ is right.__class__:
        return _names(left.name, right.name)
    if isinstance(left, Uuid) and isinstance(right, Uuid):
        return _order(left.text, right.text)
    if isinstance(left, Vector) and isinstance(right, Vector):
        if len(left) != len(right):
            return -1 if len(left) < len(right) else 1
        return next((order for a, b in zip(left, right, strict=True) if (order := compare(a, b))), 0)
    raise UncomparableError(f"cannot compare {print_value(left)} with {print_value(right)}")


def _names(left: str, right: str) -> int:
    left_space, _, left_name = left.rpartition("/")
    right_space, _, right_name = right.rpartition("/")
    if left_space == right_space:
        return _order(left_name, right_name)
    if not left_space:
        return -1
    if not right_space:
        return 1
    return _order(left_space, right_space)


def _order(left: str, right: str) -> int:
    if left == right:
        return 0
    if left.isascii() and right.isascii():
        return -1 if left < right else 1
    return -1 if utf16(left) < utf16(right) else 1


def utf16(text: str) -> bytes:
    """The text in the code units that JavaScript counts and compares by."""
    return text.encode("utf-16-be", "surrogatepass")


_RANKS: Final = ((Boolean, 0), (int, 1), (float, 1), (str, 2), (Keyword, 3), (Symbol, 4), (Uuid, 5), (Vector, 6))


def _rank(value: object) -> int:
    for kind, rank in _RANKS:
        if isinstance(value, kind):
            return rank
    return 7 if isinstance(value, tuple) else 8 if isinstance(value, MapValue) else 9


def database_order(left: object, right: object) -> int:
    """-1, 0 or 1, as `<` in a query: every two values have an order, nil has none. Raises UncomparableError."""
    if left is None or right is None:
        raise UncomparableError("nil cannot be compared")
    if left == right:
        return 0
    if isinstance(left, tuple) and isinstance(right, tuple):
        for a, b in zip(left, right, strict=False):
            if order := database_order(a, b):
                return order
        return (len(left) > len(right)) - (len(left) < len(right))
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    try:
        return compare(left, right)
    except UncomparableError:
        return _order(print_value(left), print_value(right))


def javascript_number(value: object) -> float:
    """Everything JavaScript's operators take a value for."""
    if value is None:
        return 0
    if isinstance(value, Boolean):
        return int(bool(value))
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return 0
        try:
            return int(text, 0) if text[:2].lower() in {"0x", "0b", "0o"} else _decimal(text)
        except ValueError:
            return math.nan
    return math.nan


def _decimal(text: str) -> float:
    if len(text) > 400 or "_" in text or text.lower().lstrip("+-") in {"inf", "nan", "infinity"}:
        return math.inf if text.lstrip("+") == "Infinity" else -math.inf if text == "-Infinity" else math.nan
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def javascript_less(left: object, right: object, *, equal: bool = False) -> bool:
    """`<` or `<=` of JavaScript: strings by code units, all else as numbers, with which NaN never compares."""
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        order = _order(left, right)
        return order < 0 or (equal and order == 0)
    first, second = javascript_number(left), javascript_number(right)
    return first <= second if equal else first < second


def _primitive(value: object) -> object:
    if isinstance(value, SetValue | MapValue | tuple | Keyword | Symbol | Uuid):
        return print_value(value)
    return value
