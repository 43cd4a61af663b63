"""Everything that later predicates say about the values of a pattern, so that fewer rows are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.clauses import Constant, Function, Predicate, Variable
from graphkit.query.query_values import SetValue
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.query.datalog.clauses import Pattern
    from graphkit.query.datalog.planner import Step


def _value_name(pattern: Pattern) -> str | None:
    if len(pattern.terms) > 2 and isinstance(pattern.terms[2], Variable):
        return pattern.terms[2].name
    return None


def allowed_values(pattern: Pattern, later: Sequence[Step]) -> tuple[object, ...] | None:
    """The only values that a pattern's value can have to pass what comes later; None where all may pass."""
    name = _value_name(pattern)
    if name is None:
        return None
    for step in later:
        if not step.total:
            return None
        if isinstance(step.work, Predicate) and step.needs == {name}:
            match step.work.call.function, step.work.call.arguments:
                case "=", (Variable(), Constant(value)) | (Constant(value), Variable()):
                    return (value,)
                case "contains?", (Constant(SetValue() as members), Variable()):
                    return members.items
    return None


def property_key(pattern: Pattern, later: Sequence[Step]) -> str | None:
    """The property that an entity must have to pass what comes later, where the pattern is for properties."""
    name = _value_name(pattern)
    attribute = pattern.terms[1] if len(pattern.terms) > 1 else None
    if name is None or not isinstance(attribute, Constant) or attribute.value != Keyword("block/properties"):
        return None
    for step in later:
        if isinstance(step.work, Function | Predicate) and step.work.call.function == "get":
            match step.work.call.arguments:
                case (Variable(given), Constant(Keyword(key))) if given == name:
                    return key
        if not step.total:
            return None
    return None
