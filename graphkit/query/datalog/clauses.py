"""The algebra that both languages become: clauses over variables."""

from __future__ import annotations

from typing import TypeAlias

from graphkit.text.records import Record, field


class Variable(Record, frozen=True):
    """`?name`. Those that a rule's expansion makes have a number after it."""

    name: str


class Blank(Record, frozen=True):
    """`_`: any value."""


class Source(Record, frozen=True):
    """`$`: the database."""

    name: str = "$"


class Constant(Record, frozen=True):
    """A value that is written in the query."""

    value: object


Term: TypeAlias = "Variable | Blank | Constant | Source"


class Clause(Record, frozen=True, kw_only=True):
    """Everything that all clauses have: where they stand in the text, and how they are written."""

    offset: int = 0
    text: str = ""


class Pattern(Clause, frozen=True, kw_only=True):
    """`[entity attribute value]`."""

    terms: tuple[Term, ...]


class Call(Record, frozen=True, kw_only=True):
    """`(function argument …)`; a function can also be a variable."""

    function: str | Variable
    arguments: tuple[Term, ...]


class Predicate(Clause, frozen=True, kw_only=True):
    """`[(function argument …)]`."""

    call: Call


class Scalar(Record, frozen=True):
    """Binding of one value."""

    variable: Variable


class Ignore(Record, frozen=True):
    """Binding that takes any value and keeps none."""


class TupleBinding(Record, frozen=True):
    """`[a b …]`: the first items of a collection."""

    parts: tuple[Binding, ...]
    text: str = ""


class CollectionBinding(Record, frozen=True):
    """`[a ...]` and `[[a b]]`: each item of a collection."""

    item: Binding
    text: str = ""


Binding: TypeAlias = "Scalar | Ignore | TupleBinding | CollectionBinding"


class Function(Clause, frozen=True, kw_only=True):
    """`[(function argument …) binding]`."""

    call: Call
    binding: Binding


class RuleCall(Clause, frozen=True, kw_only=True):
    """`(rule argument …)`."""

    name: str
    arguments: tuple[Term, ...]


class And(Clause, frozen=True, kw_only=True):
    """All of these."""

    clauses: tuple[Clause, ...]


class Or(Clause, frozen=True, kw_only=True):
    """One of these. `joined` and `required` are the variables of `or-join`; None for a plain `or`."""

    branches: tuple[Clause, ...]
    joined: tuple[Variable, ...] | None = None
    required: tuple[Variable, ...] = ()


class Not(Clause, frozen=True, kw_only=True):
    """Not all of these together. `joined`: the variables of `not-join`; None for a plain `not`."""

    clauses: tuple[Clause, ...]
    joined: tuple[Variable, ...] | None = None


class Rule(Record, frozen=True, kw_only=True):
    """One branch of a rule."""

    name: str
    parameters: tuple[Variable, ...]
    clauses: tuple[Clause, ...]


class Aggregate(Record, frozen=True, kw_only=True):
    """`(function argument … ?variable)` in `:find`."""

    function: str
    arguments: tuple[Term, ...]
    variable: Variable


class Pull(Record, frozen=True, kw_only=True):
    """`(pull ?variable pattern)` in `:find`; the pattern is a value or a variable of `:in`."""

    variable: Variable
    pattern: object


FindElement: TypeAlias = "Variable | Aggregate | Pull"


class Query(Record, frozen=True, kw_only=True):
    """A datalog query."""

    find: tuple[FindElement, ...]
    shape: str = "relation"
    """`relation`, `collection`, `tuple` or `scalar`."""
    names: tuple[object, ...] = ()
    """Keys of the maps that rows become (`:keys`, `:strs`, `:syms`)."""
    kept: tuple[Variable, ...] = ()
    """`:with`."""
    inputs: tuple[Binding | Source | str, ...] = (Source(),)
    """`:in`; a rules variable is `"%"`."""
    where: tuple[Clause, ...] = ()
    input_texts: tuple[str, ...] = field(default_factory=tuple)


def binding_variables(binding: Binding) -> list[Variable]:
    """The variables that a binding gives values to."""
    match binding:
        case Scalar():
            return [binding.variable]
        case TupleBinding():
            return [variable for part in binding.parts for variable in binding_variables(part)]
        case CollectionBinding():
            return binding_variables(binding.item)
    return []


def call_variables(call: Call) -> list[Variable]:
    """The variables that a call needs values of."""
    found = [term for term in call.arguments if isinstance(term, Variable)]
    return [call.function, *found] if isinstance(call.function, Variable) else found


def variables(clause: Clause) -> list[Variable]:
    """The variables of a clause that others can share, in the order in which they stand there."""
    found: list[Variable] = []
    pending: list[Clause] = [clause]
    while pending:
        each = pending.pop()
        match each:
            case Pattern():
                found += [term for term in each.terms if isinstance(term, Variable)]
            case Predicate():
                found += call_variables(each.call)
            case Function():
                found += [*call_variables(each.call), *binding_variables(each.binding)]
            case RuleCall():
                found += [term for term in each.arguments if isinstance(term, Variable)]
            case And():
                pending += reversed(each.clauses)
            case Or() | Not() if each.joined is not None:
                found += each.joined
                if isinstance(each, Or):
                    found += each.required
            case Or():
                pending += reversed(each.branches)
            case Not():
                pending += reversed(each.clauses)
    return list(dict.fromkeys(found))
