"""A query vector, as data with places, to the algebra; what is wrong with it learns as Logseq's database tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.clauses import (
    And,
    Blank,
    Call,
    Clause,
    CollectionBinding,
    Constant,
    Function,
    Ignore,
    Not,
    Or,
    Pattern,
    Predicate,
    Rule,
    RuleCall,
    Scalar,
    Source,
    TupleBinding,
    Variable,
)
from graphkit.query.errors import MAX_DEPTH, QueryError
from graphkit.query.query_values import from_form, print_value
from graphkit.text.edn import List, Vector
from graphkit.text.edn_atoms import Symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.query.datalog.clauses import Binding, Term
    from graphkit.text.edn import Form


def symbol(form: Form) -> str | None:
    """The name of a symbol; None for every other form."""
    return form.value.name if isinstance(form.value, Symbol) else None


def items(form: Form) -> tuple[Form, ...] | None:
    """The text in a list or vector; None for every other form."""
    return form.value.items if isinstance(form.value, List | Vector) else None


def written(form: Form) -> str:
    """A form as a message quotes it."""
    text = print_value(from_form(form))
    return text if len(text) <= 80 else text[:77] + "…"


def variable(form: Form) -> Variable | None:
    """`?x`."""
    name = symbol(form)
    return Variable(name) if name and name.startswith("?") else None


def source(form: Form) -> Source | None:
    """`$`."""
    name = symbol(form)
    return Source(name) if name and name.startswith("$") else None


def parse_clauses(forms: Sequence[Form], depth: int = 0) -> tuple[Clause, ...]:
    """The clauses of `:where` or of a rule. Raises QueryError."""
    return tuple(parse_clause(form, depth) for form in forms)


def parse_clause(form: Form, depth: int = 0) -> Clause:
    """One clause. Raises QueryError with its place."""
    parts = items(form)
    if parts is None:
        raise QueryError(f"{written(form)} is not a clause", form.start)
    if depth > MAX_DEPTH:
        raise QueryError(f"clauses are nested more than {MAX_DEPTH} levels deep", form.start, limit=True)
    if not parts:
        raise QueryError("a pattern cannot be empty", form.start)
    offset, text = form.start, written(form)
    if (origin := source(parts[0])) is not None:
        if origin.name != "$":
            raise QueryError(f"the source {origin.name} is not in :in", parts[0].start)
        parts = parts[1:]
        if not parts:
            raise QueryError("a pattern cannot be empty", form.start)
    head = symbol(parts[0])
    if head in {"not", "not-join", "or", "or-join", "and"}:
        return _operator(head, parts, form, depth)
    if (call := _call(parts[0])) is not None and len(parts) == 1:
        return Predicate(call=call, offset=offset, text=text)
    if call is not None and len(parts) == 2:
        return Function(call=call, binding=parse_binding(parts[1]), offset=offset, text=text)
    if head is not None and not head.startswith("?") and head != "_":
        if len(parts) == 1:
            raise QueryError(f"the rule {head} needs at least one argument", form.start)
        arguments = tuple(_pattern_term(part) for part in parts[1:])
        return RuleCall(name=head, arguments=arguments, offset=offset, text=text)
    # Entity, attribute, value, transaction: datascript ignores whatever follows, and binds nothing there.
    return Pattern(terms=tuple(_pattern_term(part) for part in parts[:4]), offset=offset, text=text)


def _operator(head: str, parts: tuple[Form, ...], form: Form, depth: int) -> Clause:
    offset, text = form.start, written(form)
    rest = parts[1:]
    if head == "and":
        if not rest:
            raise QueryError("`and` needs at least one clause", offset)
        return And(clauses=parse_clauses(rest, depth + 1), offset=offset, text=text)
    if head in {"not", "or"}:
        if not rest:
            raise QueryError(f"`{head}` needs at least one clause", offset)
        clauses = parse_clauses(rest, depth + 1)
        if head == "not":
            return Not(clauses=clauses, offset=offset, text=text)
        return Or(branches=clauses, offset=offset, text=text)
    if len(rest) < 2 or items(rest[0]) is None:
        raise QueryError(f"`{head}` needs a vector of variables and at least one clause", offset)
    required, joined = _join_variables(rest[0], nested=head == "or-join")
    clauses = parse_clauses(rest[1:], depth + 1)
    if head == "not-join":
        return Not(clauses=clauses, joined=joined, offset=offset, text=text)
    return Or(branches=clauses, joined=joined, required=required, offset=offset, text=text)


def _join_variables(form: Form, *, nested: bool) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
    parts = items(form) or ()
    required: tuple[Form, ...] = ()
    if nested and parts and items(parts[0]) is not None:
        required, parts = items(parts[0]) or (), parts[1:]
    found: list[tuple[Variable, ...]] = []
    for group in (required, parts):
        names = [variable(part) for part in group]
        if None in names:
            raise QueryError(f"{written(form)} must contain only variables", form.start)
        found.append(tuple(name for name in names if name is not None))
    if not found[0] and not found[1]:
        raise QueryError("join variables cannot be empty", form.start)
    together = [*found[0], *found[1]]
    if len(set(together)) < len(together):
        raise QueryError("join variables must be distinct", form.start)
    return found[0], found[1]


def _call(form: Form) -> Call | None:
    """`(f a …)` where an expression can be; None where the form is not one."""
    parts = items(form)
    if not parts:
        return None
    name = symbol(parts[0])
    if name is None or name == "_" or name.startswith("$"):
        return None
    function = Variable(name) if name.startswith("?") else name
    arguments = [_argument(part) for part in parts[1:]]
    if None in arguments:
        return None
    return Call(function=function, arguments=tuple(each for each in arguments if each is not None))


def _argument(form: Form) -> Term | None:
    name = symbol(form)
    if name is None:
        return Constant(from_form(form))
    return variable(form) or source(form)


def _pattern_term(form: Form) -> Term:
    name = symbol(form)
    if name == "_":
        return Blank()
    return variable(form) or Constant(from_form(form))


def parse_binding(form: Form) -> Binding:
    """Everything that takes the result of a function or an input. Raises QueryError."""
    parts = items(form)
    if parts is None:
        if symbol(form) == "_":
            return Ignore()
        taken = variable(form)
        if taken is None:
            raise QueryError(f"{written(form)} cannot take a value", form.start)
        return Scalar(taken)
    if len(parts) == 2 and symbol(parts[1]) == "...":
        return CollectionBinding(parse_binding(parts[0]), written(form))
    if len(parts) == 1 and items(parts[0]) is not None:
        return CollectionBinding(parse_binding(parts[0]), written(form))
    if not parts:
        raise QueryError("a tuple of variables cannot be empty", form.start)
    return TupleBinding(tuple(parse_binding(part) for part in parts), written(form))


def parse_rules(form: Form) -> tuple[Rule, ...]:
    """`[[(name ?x …) clause …] …]`. Raises QueryError."""
    branches = items(form)
    if branches is None:
        raise QueryError("rules must be a vector of vectors", form.start)
    return tuple(_rule(branch) for branch in branches)


def _rule(form: Form) -> Rule:
    parts = items(form)
    if not parts:
        raise QueryError(f"{written(form)} is not a rule: expected `[(name ?x) clause …]`", form.start)
    head = items(parts[0])
    name = symbol(head[0]) if head else None
    if not head or name is None:
        raise QueryError(f"{written(parts[0])} is not the head of a rule", parts[0].start)
    flat: list[Form] = []
    for part in head[1:]:
        flat += items(part) or (part,)
    parameters = [variable(part) for part in flat]
    if not parameters or None in parameters:
        raise QueryError(f"the head of the rule {name} must contain variables", parts[0].start)
    if len(set(parameters)) < len(parameters):
        raise QueryError(f"the variables of the rule {name} must be distinct", parts[0].start)
    if len(parts) == 1:
        raise QueryError(f"the rule {name} has no clauses", form.start)
    known = tuple(each for each in parameters if each is not None)
    return Rule(name=name, parameters=known, clauses=parse_clauses(parts[1:]))
