"""Calling of values: functions, and keywords, maps, sets and vectors, which look themselves up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.functions import get
from graphkit.query.query_values import MapValue, SetValue, Vector, lift, print_value
from graphkit.query.transform.lazy import Lazy
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable


def is_callable(value: object) -> bool:
    """True if a value can be called."""
    return callable(value) or isinstance(value, Keyword | Symbol | MapValue | SetValue | Vector)


def call(function: object, *arguments: object) -> object:
    """The result of a call. Raises TypeError for what cannot be called."""
    if callable(function) and not isinstance(function, type):
        return lift(function(*arguments))
    if isinstance(function, Keyword | Symbol):
        if not 1 <= len(arguments) <= 2:
            raise TypeError(f"{print_value(function)} takes a map and a default")
        return get(arguments[0], function, *arguments[1:])
    if isinstance(function, MapValue | SetValue):
        return get(function, *arguments)
    if isinstance(function, Vector):
        index = arguments[0] if arguments else None
        if not isinstance(index, int) or not 0 <= index < len(function):
            raise TypeError(f"the index {print_value(index)} is outside the vector")
        return function[index]
    shown = "()" if isinstance(function, Lazy) else print_value(function)[:60]
    raise TypeError(f"{shown} cannot be called")


def function(value: object) -> Callable[..., object]:
    """A value as a Python function."""
    return value if callable(value) else lambda *arguments: call(value, *arguments)
