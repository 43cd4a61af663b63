"""Arithmetic of ClojureScript: on JavaScript's numbers, where whatever is no number becomes one or NaN."""

from __future__ import annotations

import math

from graphkit.query.compare import javascript_number
from graphkit.query.errors import MAX_TEXT, QueryError
from graphkit.query.query_values import number_text, print_value


def number(value: object) -> float:
    """A value as an arithmetic operator takes it."""
    return javascript_number(value)


def add(*values: object) -> object:
    """`+`, which joins strings as JavaScript does."""
    total: object = values[0] if len(values) == 1 else 0
    if values:
        total = values[0]
        for value in values[1:]:
            if isinstance(total, str) or isinstance(value, str):
                total = _joined(_operand(total), _operand(value))
            else:
                total = number(total) + number(value)
    return total


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT:
        raise QueryError(f"+ returns more than {MAX_TEXT:,} characters", limit=True)
    return left + right


def _operand(value: object) -> str:
    if value is None:
        return "null"
    return (
        number_text(value)
        if isinstance(value, int | float)
        else value
        if isinstance(value, str)
        else print_value(value)
    )


def subtract(first: object, *others: object) -> float:
    """`-`."""
    if not others:
        return -number(first)
    total = number(first)
    for other in others:
        total -= number(other)
    return total


def multiply(*values: object) -> float:
    """`*`."""
    total: float = 1
    for value in values:
        total *= number(value)
        if isinstance(total, int) and abs(total) > 2**53:
            total = float(total)
    return total


def divide(first: object, *others: object) -> float:
    """`/`; division by zero is infinite, as in JavaScript."""
    total, divisors = (number(first), others) if others else (1, (first,))
    for other in divisors:
        divisor = number(other)
        if divisor:
            total /= divisor
        else:
            total = math.nan if total == 0 or math.isnan(total) else math.copysign(math.inf, total)
    return total


def quotient(dividend: object, divisor: object) -> float:
    """`quot`."""
    result = divide(dividend, divisor)
    return result if math.isnan(result) or math.isinf(result) else math.trunc(result)


def remainder(dividend: object, divisor: object) -> float:
    """`rem`."""
    first, second = number(dividend), number(divisor)
    if not second or math.isinf(first) or math.isnan(first) or math.isnan(second):
        return math.nan
    return math.fmod(first, second)


def modulus(dividend: object, divisor: object) -> float:
    """`mod`."""
    second = number(divisor)
    left = remainder(dividend, divisor)
    return left + second if left and (left < 0) != (second < 0) else left


def is_even(value: object) -> bool:
    """`even?`."""
    if not isinstance(value, int):
        raise TypeError(f"{print_value(value)} is not an integer")
    return value % 2 == 0
