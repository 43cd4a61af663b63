"""Calls of functions in clauses: arguments from rows, results to bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.compare import UncomparableError
from graphkit.query.datalog.clauses import (
    CollectionBinding,
    Constant,
    Ignore,
    Scalar,
    TupleBinding,
    Variable,
    binding_variables,
)
from graphkit.query.errors import QueryError
from graphkit.query.functions import FUNCTIONS, MATCHING, get, items
from graphkit.query.query_values import MapValue, SetValue, Uuid, Vector, lift, print_value
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.query.datalog.clauses import Binding, Call
    from graphkit.query.datalog.entities import Entities
    from graphkit.query.datalog.planner import Step
    from graphkit.query.datalog.relations import Relation, Row, Work


def evaluate(call: Call, relation: Relation, entities: Entities, step: Step, work: Work) -> list[object]:
    """The result for each row. Raises QueryError where Logseq fails."""
    parts: list[tuple[int | None, object]] = []
    for term in call.arguments:
        if isinstance(term, Variable):
            parts.append((relation.names.index(term.name), None))
        else:
            parts.append((None, term.value if isinstance(term, Constant) else entities))
    arguments = _arguments(parts, relation.rows)
    function = call.function
    try:
        if isinstance(function, Variable):
            index = relation.names.index(function.name)
            return [_apply_value(row[index], given) for row, given in zip(relation.rows, arguments, strict=True)]
        if function in {"missing?", "get-else", "get-some"}:
            return entities.ask(function, arguments, step)
        if function in MATCHING:
            return [lift(work.budget.matching(FUNCTIONS[function], *given)) for given in arguments]
        return _apply(FUNCTIONS[function], parts, arguments)
    except UncomparableError as error:
        raise QueryError(f"{error} in {step.text}", step.offset) from None
    except QueryError as error:
        raise QueryError(f"{error.message} in {step.text}", error.offset or step.offset, limit=error.limit) from None
    except (TypeError, ValueError, ArithmeticError, IndexError, AttributeError, KeyError, RecursionError) as error:
        raise QueryError(f"{step.text} fails: {error}", step.offset) from None


def _arguments(parts: list[tuple[int | None, object]], rows: list[Row]) -> list[tuple[object, ...]]:
    match parts:
        case [(int() as only, _)]:
            return [(row[only],) for row in rows]
        case [(int() as first, _), (None, second)]:
            return [(row[first], second) for row in rows]
        case [(None, first_value), (int() as second_index, _)]:
            return [(first_value, row[second_index]) for row in rows]
    return [tuple([value if index is None else row[index] for index, value in parts]) for row in rows]


def _apply(
    function: Callable[..., object], parts: list[tuple[int | None, object]], arguments: list[tuple[object, ...]]
) -> list[object]:
    if function is get and len(parts) in {2, 3} and parts[1][0] is None:
        key, default = parts[1][1], None
        if len(parts) == 2:
            return [
                given[0].get(key, default) if isinstance(given[0], MapValue) else lift(get(*given))
                for given in arguments
            ]
    return [lift(function(*given)) for given in arguments]


def _apply_value(function: object, given: tuple[object, ...]) -> object:
    """Collections and keywords are functions of their keys."""
    if isinstance(function, MapValue | SetValue | Vector):
        return get(function, *given)
    if isinstance(function, Keyword) and given:
        return get(given[0], function, *given[1:])
    raise TypeError(f"{print_value(function)} cannot be called")


def bind(binding: Binding, value: object, where: str, offset: int) -> list[Row]:
    """The rows that a value gives to the variables of a binding. Raises QueryError where it does not fit."""
    match binding:
        case Scalar():
            return [(value,)]
        case Ignore():
            return [()]
        case CollectionBinding():
            return [
                row
                for item in _collection(value, binding.text, offset)
                for row in bind(binding.item, item, where, offset)
            ]
        case TupleBinding():
            held = _collection(value, binding.text, offset)
            if len(held) < len(binding.parts):
                raise QueryError(f"{print_value(value)[:60]} has too few items for {binding.text}", offset)
            rows: list[Row] = [()]
            for part, item in zip(binding.parts, held, strict=False):
                rows = [row + more for row in rows for more in bind(part, item, where, offset)]
            return rows
    raise QueryError(f"{where} binds nothing", offset)


def _collection(value: object, text: str, offset: int) -> tuple[object, ...]:
    held = None if isinstance(value, str | Uuid) else items(value)
    if held is None:
        raise QueryError(f"{print_value(value)[:60]} cannot be bound to {text}", offset)
    return held


def bound_names(binding: Binding) -> list[str]:
    """The variables of a binding, in the order of the values that `bind` gives."""
    return [each.name for each in binding_variables(binding)]
