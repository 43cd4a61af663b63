"""Aggregates of `:find`."""

from __future__ import annotations

import math
from functools import cmp_to_key
from typing import TYPE_CHECKING, Final

from graphkit.query.arithmetic import add, divide
from graphkit.query.compare import UncomparableError, compare, javascript_number
from graphkit.query.errors import QueryError
from graphkit.query.query_values import SetValue, Vector, lift

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _sum(values: Sequence[object]) -> object:
    return add(0, *values)


def _average(values: Sequence[object]) -> object:
    return divide(_sum(values), len(values))


def _ordered(values: Sequence[object]) -> list[object]:
    return sorted(values, key=cmp_to_key(compare))


def _median(values: Sequence[object]) -> object:
    ordered = _ordered(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else divide(add(ordered[middle - 1], ordered[middle]), 2)


def _variance(values: Sequence[object]) -> float:
    numbers = [javascript_number(value) for value in values]
    mean = math.fsum(numbers) / len(numbers)
    return math.fsum((each - mean) ** 2 for each in numbers) / len(numbers)


def _extreme(sign: int) -> Callable[..., object]:
    def choose(*arguments: object) -> object:
        values: Sequence[object] = arguments[-1]  # type: ignore[assignment]
        if len(arguments) == 1:
            chosen = values[0]
            for value in values[1:]:
                if compare(value, chosen) * sign > 0:
                    chosen = value
            return chosen
        ordered, size = _ordered(values), _size(arguments[0])
        return Vector(ordered[:size] if sign < 0 else ordered[max(0, len(ordered) - size) :])

    return choose


def _size(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise QueryError("the number of values of an aggregate must be an integer")
    return value


def _sample(size: object, values: Sequence[object]) -> object:
    return Vector(values[: _size(size)])


FUNCTIONS: Final[dict[str, Callable[..., object]]] = {
    "sum": _sum,
    "avg": _average,
    "median": _median,
    "variance": _variance,
    "stddev": lambda values: math.sqrt(_variance(values)),
    "distinct": SetValue,
    "min": _extreme(-1),
    "max": _extreme(1),
    "rand": lambda *arguments: arguments[-1][0],
    "sample": _sample,
    "count": len,
    "count-distinct": lambda values: len(set(values)),
}


def aggregate(name: str, arguments: Sequence[object], values: Sequence[object]) -> object:
    """Everything an aggregate makes of values. Raises QueryError."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise QueryError(f"{name} is not an aggregate")
    try:
        return lift(function(*arguments, values))
    except UncomparableError as error:
        raise QueryError(f"{error} in {name}") from None
    except (TypeError, ValueError, ArithmeticError, IndexError) as error:
        raise QueryError(f"{name} fails: {error}") from None
