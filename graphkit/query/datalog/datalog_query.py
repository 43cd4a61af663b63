"""A whole query vector: `:find`, `:with`, `:in`, `:where`, and the checks that need no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.clauses import (
    Aggregate,
    And,
    Constant,
    Not,
    Or,
    Pull,
    Query,
    RuleCall,
    Source,
    Variable,
    binding_variables,
    variables,
)
from graphkit.query.datalog.parse import items, parse_binding, parse_clauses, source, symbol, variable, written
from graphkit.query.errors import QueryError
from graphkit.query.query_values import from_form
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.query.datalog.clauses import Binding, Clause, FindElement
    from graphkit.text.edn import Form


def parse_query(form: Form) -> Query:
    """A query vector. Raises QueryError for whatever Logseq's database refuses before it looks at any data."""
    sections = _sections(form)
    found, shape = _find(sections.get("find", []), form)
    kept = [variable(each) for each in sections.get("with", [])]
    if None in kept:
        raise QueryError(":with takes variables", form.start)
    inputs, texts = _inputs(sections["in"]) if "in" in sections else ((Source(),), ("$",))
    names: tuple[object, ...] = ()
    for key in ("keys", "strs", "syms"):
        if key in sections:
            names = tuple(_key(each, key) for each in sections[key])
            if len(names) != len(found):
                raise QueryError(f":{key} must name every element of :find", form.start)
            if shape in {"collection", "scalar"}:
                raise QueryError(f":{key} cannot be used with this :find", form.start)
    query = Query(
        find=found,
        shape=shape,
        names=names,
        kept=tuple(each for each in kept if each is not None),
        inputs=inputs,
        where=parse_clauses(sections.get("where", [])),
        input_texts=texts,
    )
    _validate(query, form)
    return query


def _sections(form: Form) -> dict[str, list[Form]]:
    sections: dict[str, list[Form]] = {}
    current: list[Form] = []
    for part in items(form) or ():
        if isinstance(part.value, Keyword):
            current = sections.setdefault(part.value.name, [])
        else:
            current.append(part)
    return sections


def _key(form: Form, kind: str) -> object:
    name = symbol(form) or (form.value.name if isinstance(form.value, Keyword) else None)
    if name is None:
        raise QueryError(f":{kind} takes symbols", form.start)
    return Keyword(name) if kind == "keys" else name


def _find(forms: Sequence[Form], around: Form) -> tuple[tuple[FindElement, ...], str]:
    if not forms:
        raise QueryError(":find is empty", around.start)
    if len(forms) == 2 and symbol(forms[1]) == ".":
        return (_element(forms[0]),), "scalar"
    if len(forms) == 1 and symbol(forms[0]) is None:
        inner = items(forms[0]) or ()
        if len(inner) == 2 and symbol(inner[1]) == "...":
            return (_element(inner[0]),), "collection"
        head = symbol(inner[0]) if inner else None
        if inner and (head is None or head.startswith("?")):
            return tuple(_element(each) for each in inner), "tuple"
    return tuple(_element(each) for each in forms), "relation"


def _element(form: Form) -> FindElement:
    taken = variable(form)
    if taken is not None:
        return taken
    parts = items(form)
    head = symbol(parts[0]) if parts else None
    if not parts or head is None or head.startswith(("?", "$")) or len(parts) < 2:
        raise QueryError(f"{written(form)} is not allowed in :find", form.start)
    if head == "pull":
        return _pull(form, parts)
    arguments = parts[1:]
    last = variable(arguments[-1])
    if last is None:
        raise QueryError(f"{written(form)} must end in a variable", form.start)
    before = [variable(each) or Constant(from_form(each)) for each in arguments[:-1]]
    return Aggregate(function=head, arguments=tuple(before), variable=last)


def _pull(form: Form, parts: tuple[Form, ...]) -> Pull:
    if len(parts) == 4 and source(parts[1]):
        parts = (parts[0], *parts[2:])
    pulled = variable(parts[1]) if len(parts) == 3 else None
    if pulled is None:
        raise QueryError(f"{written(form)} is not a pull expression: expected `(pull ?x [attribute …])`", form.start)
    if symbol(parts[2]) is not None and variable(parts[2]) is None:
        raise QueryError(f"{written(parts[2])} is not a pattern of a pull expression", parts[2].start)
    return Pull(variable=pulled, pattern=variable(parts[2]) or from_form(parts[2]))


def _inputs(forms: Sequence[Form]) -> tuple[tuple[Binding | Source | str, ...], tuple[str, ...]]:
    found: list[Binding | Source | str] = []
    for form in forms:
        if symbol(form) == "%":
            found.append("%")
        elif (origin := source(form)) is not None:
            found.append(origin)
        else:
            found.append(parse_binding(form))
    return tuple(found), tuple(written(form) for form in forms)


def _rule_calls(clauses: Sequence[Clause]) -> list[RuleCall | And]:
    """Rule calls outside of `and`; an `and` outside of `or` counts as one, as in Logseq's database."""
    found: list[RuleCall | And] = []
    for clause in clauses:
        match clause:
            case RuleCall() | And():
                found.append(clause)
            case Or():
                found += _rule_calls([each for each in clause.branches if not isinstance(each, And)])
                found += _rule_calls(
                    [inner for each in clause.branches if isinstance(each, And) for inner in each.clauses]
                )
            case Not():
                found += _rule_calls(clause.clauses)
    return found


def _declared(clauses: Sequence[Clause]) -> set[Variable]:
    """Variables that count as given by `:where`; those inside of an `and` outside of `or` do not."""
    return {each for clause in clauses if not isinstance(clause, And) for each in variables(clause)}


def _validate(query: Query, form: Form) -> None:
    given: list[Variable] = []
    for place in query.inputs:
        if not isinstance(place, Source | str):
            given += binding_variables(place)
    if len(set(given)) < len(given):
        raise QueryError("the variables of :in must be distinct", form.start)
    sought = [each if isinstance(each, Variable) else each.variable for each in query.find]
    asked = [each.pattern for each in query.find if isinstance(each, Pull) and isinstance(each.pattern, Variable)]
    known = _declared(query.where) | set(given)
    for each in [*sought, *asked, *query.kept]:
        if each not in known:
            raise QueryError(f"nothing gives a value to {each.name}", form.start)
    if set(sought) & set(query.kept):
        raise QueryError(":find and :with cannot use the same variables", form.start)
    calls = _rule_calls(query.where)
    if calls and "%" not in query.inputs:
        raise QueryError(f"{calls[0].text} is a rule, but :in has no %", calls[0].offset)
