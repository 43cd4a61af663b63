"""Clauses with other terms instead of their variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.clauses import (
    And,
    Blank,
    Call,
    CollectionBinding,
    Constant,
    Function,
    Ignore,
    Not,
    Or,
    Pattern,
    Predicate,
    RuleCall,
    Scalar,
    TupleBinding,
    Variable,
)
from graphkit.query.errors import QueryError
from graphkit.text.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.query.datalog.clauses import Binding, Clause, Term


class Substitution:
    """Everything each variable becomes: a given term, itself where it is kept, else a variable of a new name."""

    def __init__(self, given: Mapping[Variable, Term], kept: frozenset[str], number: int) -> None:
        self._given = given
        self._kept = kept
        self._number = number

    def renamed(self, variable: Variable) -> Variable:
        """The variable under its new name."""
        return Variable(f"{variable.name.partition('#')[0]}#{self._number}.{variable.name.partition('#')[2]}")

    def term(self, term: Term) -> Term:
        """Everything a term becomes."""
        if not isinstance(term, Variable):
            return term
        if (given := self._given.get(term)) is not None:
            return given
        return term if term.name in self._kept else self.renamed(term)

    def variable(self, variable: Variable, clause: Clause) -> Variable | Blank | Constant:
        """Everything a variable becomes that a value is bound to."""
        term = self.term(variable)
        if isinstance(term, Variable | Blank | Constant):
            return term
        raise QueryError(f"{variable.name} cannot take a value in {clause.text}", clause.offset)


def substitute(clause: Clause, by: Substitution) -> Clause:
    """The same clause with other terms."""
    match clause:
        case Pattern():
            return replace(clause, terms=tuple(map(by.term, clause.terms)))
        case RuleCall():
            return replace(clause, arguments=tuple(map(by.term, clause.arguments)))
        case Predicate():
            return replace(clause, call=_call(clause.call, by, clause))
        case Function():
            return replace(clause, call=_call(clause.call, by, clause), binding=_binding(clause.binding, by, clause))
        case And():
            return replace(clause, clauses=tuple(substitute(each, by) for each in clause.clauses))
        case Not():
            clauses = tuple(substitute(each, by) for each in clause.clauses)
            return replace(clause, clauses=clauses, joined=_joined(clause.joined, by, clause))
        case Or():
            branches = tuple(substitute(each, by) for each in clause.branches)
            required = _joined(clause.required, by, clause) or ()
            return replace(clause, branches=branches, joined=_joined(clause.joined, by, clause), required=required)
    return clause


def _call(call: Call, by: Substitution, clause: Clause) -> Call:
    function = call.function
    if isinstance(function, Variable):
        term = by.term(function)
        if not isinstance(term, Variable):
            raise QueryError(f"{clause.text} does not call a function", clause.offset)
        function = term
    return Call(function=function, arguments=tuple(map(by.term, call.arguments)))


def _joined(joined: Iterable[Variable] | None, by: Substitution, clause: Clause) -> tuple[Variable, ...] | None:
    if joined is None:
        return None
    terms = [by.variable(each, clause) for each in joined]
    return tuple(term for term in terms if isinstance(term, Variable))


def _binding(binding: Binding, by: Substitution, clause: Clause) -> Binding:
    match binding:
        case Scalar():
            term = by.variable(binding.variable, clause)
            if isinstance(term, Constant):
                raise QueryError(f"{clause.text} binds a variable that already has a value", clause.offset)
            return Scalar(term) if isinstance(term, Variable) else Ignore()
        case TupleBinding():
            return TupleBinding(tuple(_binding(part, by, clause) for part in binding.parts), binding.text)
        case CollectionBinding():
            return CollectionBinding(_binding(binding.item, by, clause), binding.text)
    return binding
