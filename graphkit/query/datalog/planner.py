"""From clauses to steps: rules expanded, bindings checked as Logseq's database checks them, in the order of the text.

A step says which variables it needs and which it gives, so that the evaluator may run steps in another order. What
is inside of a `not` sees the variables that have values where it is written, not those that get one later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from graphkit.query.datalog.clauses import (
    And,
    Blank,
    Constant,
    Function,
    Not,
    Or,
    Pattern,
    Predicate,
    RuleCall,
    Variable,
    binding_variables,
    call_variables,
    variables,
)
from graphkit.query.datalog.substitute import Substitution, substitute
from graphkit.query.errors import QueryError
from graphkit.query.functions import FUNCTIONS, OF_DATABASE, TOTAL
from graphkit.text.edn_atoms import Keyword
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.query.datalog.clauses import Call, Clause, Rule, Term

MAX_CLAUSES: Final = 5_000
"""Clauses of a query with its rules written out."""
_STRINGS: Final = frozenset({"block/content", "block/name", "block/original-name", "block/marker", "block/priority"})
_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_OF_STRINGS: Final = frozenset({
    "clojure.string/includes?", "clojure.string/starts-with?", "clojure.string/ends-with?", "clojure.string/blank?",
})  # fmt: skip


class Alternatives(Record, frozen=True):
    """An `or` or a rule with several branches: steps of each, and the variables that they share with the rest."""

    branches: tuple[tuple[Step, ...], ...]
    shared: tuple[str, ...]


class Exclusion(Record, frozen=True):
    """A `not`: steps of what must not be, and the variables whose values decide it."""

    steps: tuple[Step, ...]
    shared: tuple[str, ...]


class Recursion(Record, frozen=True):
    """A call of a rule that calls itself; `key` names the rule and which of its arguments have values."""

    key: tuple[str, tuple[bool, ...]]
    arguments: tuple[Term, ...]


Work: TypeAlias = "Pattern | Predicate | Function | Alternatives | Exclusion | Recursion"


class Step(Record, frozen=True, kw_only=True, eq=False):
    """One piece of work. `total`: it cannot fail, whatever the values are."""

    work: Work
    needs: frozenset[str]
    gives: frozenset[str]
    text: str
    offset: int
    total: bool = True

    @property
    def uses(self) -> frozenset[str]:
        """All variables of the step."""
        return self.needs | self.gives


def names(found: Iterable[Variable]) -> frozenset[str]:
    """The names of variables."""
    return frozenset(each.name for each in found)


class Planner:
    """Makes steps of clauses, for one query with its rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: dict[str, list[Rule]] = {}
        for rule in rules:
            self.rules.setdefault(rule.name, []).append(rule)
        self._recursive = _recursive(self.rules)
        self._clauses = 0
        self._fresh = 0
        self._strings: set[str] = set()
        self._anchored: set[str] = set()
        """Variables with few values: given, or reached from a given one or a constant."""
        self.tables: dict[tuple[str, tuple[bool, ...]], tuple[tuple[tuple[str, ...], tuple[Step, ...]], ...]] = {}
        """Steps of the branches of recursive rules, with their parameters, by key."""

    def anchor(self, given: Iterable[str]) -> None:
        """Take these variables as given."""
        self._anchored |= set(given)

    def plan(self, clauses: Sequence[Clause], bound: frozenset[str]) -> tuple[tuple[Step, ...], frozenset[str]]:
        """The steps of clauses, and the variables that have values after them. Raises QueryError."""
        steps: list[Step] = []
        for clause in clauses:
            self._clauses += 1
            if self._clauses > MAX_CLAUSES:
                message = f"the query has more than {MAX_CLAUSES:,} clauses after its rules are expanded"
                raise QueryError(message, clause.offset, limit=True)
            made = self._steps(clause, bound)
            steps += made
            bound = bound.union(*(step.gives for step in made))
        return tuple(steps), bound

    def _steps(self, clause: Clause, bound: frozenset[str]) -> Sequence[Step]:
        match clause:
            case Pattern():
                return [self._pattern(clause, bound)]
            case Predicate():
                self._expect_function(clause.call, clause, "predicate")
                needs = self._expect_arguments(clause.call, clause, bound)
                return [_step(clause, clause, needs, (), total=self._total(clause.call))]
            case Function():
                self._expect_function(clause.call, clause, "function")
                needs = self._expect_arguments(clause.call, clause, bound)
                gives = names(binding_variables(clause.binding))
                total = self._total(clause.call) and not hasattr(clause.binding, "text")
                if needs <= self._anchored:
                    self._anchored |= gives
                return [_step(clause, clause, needs, gives, total=total)]
            case And():
                return self.plan(clause.clauses, bound)[0]
            case Or():
                return [self._or(clause, bound)]
            case Not():
                return [self._not(clause, bound)]
            case RuleCall():
                return self._rule(clause, bound)
        raise QueryError(f"{clause.text} is not a clause", clause.offset)

    def _pattern(self, clause: Pattern, bound: frozenset[str]) -> Step:
        found = names(variables(clause))
        terms = clause.terms
        if found & self._anchored or any(isinstance(terms[at], Constant) for at in (0, 2) if at < len(terms)):
            self._anchored |= found
        if len(terms) > 2 and isinstance(terms[2], Variable) and isinstance(terms[1], Constant):
            attribute = terms[1].value
            if isinstance(attribute, Keyword) and attribute.name in _STRINGS:
                self._strings.add(terms[2].name)
        return _step(clause, clause, (), found - bound | found, total=True)

    def _total(self, call: Call) -> bool:
        if isinstance(call.function, Variable):
            return False
        if call.function in TOTAL or call.function in _ORDER:
            return True
        return call.function in _OF_STRINGS and all(
            (isinstance(term, Variable) and term.name in self._strings)
            or (isinstance(term, Constant) and isinstance(term.value, str))
            for term in call.arguments
        )

    @staticmethod
    def _expect_function(call: Call, clause: Clause, what: str) -> None:
        function = call.function
        if isinstance(function, str) and function not in FUNCTIONS and function not in OF_DATABASE:
            raise QueryError(f"{function} is not a {what} that queries can use", clause.offset)

    def _expect_arguments(self, call: Call, clause: Clause, bound: frozenset[str]) -> frozenset[str]:
        found = call_variables(call)
        if len(found) > len(bound) and names(found) <= bound:
            # Logseq's database counts an argument as often as it is written when it checks this.
            raise QueryError(f"{clause.text} takes more variables than have a value", clause.offset)
        return self._expect_bound(names(found), clause, bound)

    @staticmethod
    def _expect_bound(needs: frozenset[str], clause: Clause, bound: frozenset[str]) -> frozenset[str]:
        if missing := needs - bound:
            listed = ", ".join(sorted(_shown(each) for each in missing))
            raise QueryError(f"{listed} has no value yet in {clause.text}", clause.offset)
        return needs

    def _or(self, clause: Or, bound: frozenset[str]) -> Step:
        if clause.joined is None:
            free = [names(variables(branch)) - bound for branch in clause.branches]
            if any(each != free[0] for each in free):
                message = f"all clauses of `or` must use the same variables that have no value yet: {clause.text}"
                raise QueryError(message, clause.offset)
            shared = names(variables(clause))
            inside = bound & shared
        else:
            self._expect_bound(names(clause.required), clause, bound)
            shared = names((*clause.required, *clause.joined))
            inside = bound & shared
        branches: list[tuple[Step, ...]] = []
        after: list[frozenset[str]] = []
        for branch in clause.branches:
            local = self._isolated(branch, shared) if clause.joined is not None else branch
            steps, given = self.plan([local], inside)
            branches.append(steps)
            after.append(given & shared)
        gives = frozenset.intersection(*after) - inside
        if any(each - inside != gives for each in after):
            message = f"every clause must give the same variables a value: {clause.text}"
            raise QueryError(message, clause.offset)
        work = Alternatives(tuple(branches), tuple(sorted(gives | inside)))
        total = all(step.total for branch in branches for step in branch)
        return _step(work, clause, inside, gives, total=total)

    def _not(self, clause: Not, bound: frozenset[str]) -> Step:
        if clause.joined is None:
            inner = frozenset(name for each in clause.clauses for name in names(variables(each)))
            shared = inner & bound
            if not shared:
                listed = ", ".join(sorted(_shown(each) for each in inner)) or "nothing"
                raise QueryError(f"none of {listed} has a value yet in {clause.text}", clause.offset)
        else:
            shared = self._expect_bound(names(clause.joined), clause, bound)
        clauses = [self._isolated(each, shared) for each in self._together(clause.clauses, shared)]
        steps, _ = self.plan(clauses, shared)
        work = Exclusion(steps, tuple(sorted(shared)))
        return _step(work, clause, shared, (), total=all(step.total for step in steps))

    @staticmethod
    def _together(clauses: tuple[Clause, ...], shared: frozenset[str]) -> tuple[Clause, ...]:
        """Several clauses as one, so that their own variables stay the same in all of them."""
        del shared
        return clauses if len(clauses) == 1 else (And(clauses=clauses, offset=clauses[0].offset),)

    def _isolated(self, clause: Clause, shared: frozenset[str]) -> Clause:
        """A clause with new names for the variables that it does not share."""
        self._fresh += 1
        return substitute(clause, Substitution({}, shared, self._fresh))

    def _rule(self, clause: RuleCall, bound: frozenset[str]) -> Sequence[Step]:
        branches = self.rules.get(clause.name)
        if not branches:
            raise QueryError(f"there is no rule {clause.name}: {clause.text}", clause.offset)
        if clause.name in self._recursive:
            return [self._recursion(clause, bound)]
        if len(branches) == 1:
            return self.plan(self._expanded(branches[0], clause), bound)[0]
        shared = names(variables(clause))
        planned: list[tuple[Step, ...]] = []
        after: list[frozenset[str]] = []
        for branch in branches:
            steps, given = self.plan(self._expanded(branch, clause), bound & shared)
            planned.append(steps)
            after.append(given & shared)
        gives = frozenset.intersection(*after) - bound
        work = Alternatives(tuple(planned), tuple(sorted(gives | (bound & shared))))
        total = all(step.total for branch in planned for step in branch)
        return [_step(work, clause, bound & shared, gives, total=total)]

    def _expanded(self, rule: Rule, call: RuleCall) -> list[Clause]:
        self._fresh += 1
        # An argument that is nil counts as not given, as in Logseq's database.
        given = {
            parameter: term
            for parameter, term in zip(rule.parameters, call.arguments, strict=False)
            if not (isinstance(term, Constant) and term.value is None)
        }
        return [substitute(each, Substitution(given, frozenset(), self._fresh)) for each in rule.clauses]

    def _recursion(self, clause: RuleCall, bound: frozenset[str]) -> Step:
        width = max(len(rule.parameters) for rule in self.rules[clause.name])
        arguments = (*clause.arguments, *(Blank(),) * width)[:width]
        full = tuple(_has_value(term, bound) for term in arguments)
        # Asking with fewer arguments given asks once for what many rows share; what is asked decides the table.
        mask = tuple(_has_value(term, bound & frozenset(self._anchored)) for term in arguments)
        try:
            key = self._table(clause.name, mask)
        except QueryError:
            if mask == full:
                raise
            mask = full
            key = self._table(clause.name, mask)
        found = names(variables(clause))
        needs = frozenset(
            term.name for term, has in zip(arguments, mask, strict=True) if has and isinstance(term, Variable)
        )
        return _step(Recursion(key, arguments), clause, needs, found - needs, total=False)

    def _table(self, name: str, mask: tuple[bool, ...]) -> tuple[str, tuple[bool, ...]]:
        """The key under which the branches of a recursive rule are planned. Raises QueryError."""
        key = (name, mask)
        if key in self.tables:
            return key
        self.tables[key] = ()
        planned = []
        anchored = self._anchored
        try:
            for rule in self.rules[name]:
                self._fresh += 1
                own = Substitution({}, frozenset(), self._fresh)
                clauses = [substitute(each, own) for each in rule.clauses]
                parameters = tuple(own.renamed(each).name for each in rule.parameters)
                given = frozenset(each for each, has in zip(parameters, mask, strict=False) if has)
                self._anchored = set(given)
                planned.append((parameters, self.plan(clauses, given)[0]))
        except QueryError:
            del self.tables[key]
            raise
        finally:
            self._anchored = anchored
        self.tables[key] = tuple(planned)
        return key


def _has_value(term: Term, bound: frozenset[str]) -> bool:
    if isinstance(term, Constant):
        return term.value is not None
    return isinstance(term, Variable) and term.name in bound


def _shown(name: str) -> str:
    return name.partition("#")[0]


def _step(work: Work, clause: Clause, needs: Iterable[str], gives: Iterable[str], *, total: bool) -> Step:
    return Step(
        work=work,
        needs=frozenset(needs),
        gives=frozenset(gives),
        text=clause.text,
        offset=clause.offset,
        total=total,
    )


def _called(clauses: Iterable[Clause]) -> set[str]:
    found: set[str] = set()
    pending = list(clauses)
    while pending:
        each = pending.pop()
        match each:
            case RuleCall():
                found.add(each.name)
            case And() | Not():
                pending += each.clauses
            case Or():
                pending += each.branches
    return found


def _recursive(rules: dict[str, list[Rule]]) -> frozenset[str]:
    """The rules that reach themselves."""
    calls = {name: set().union(*(_called(rule.clauses) for rule in branches)) for name, branches in rules.items()}
    found = set()
    for name in rules:
        seen: set[str] = set()
        pending = list(calls[name])
        while pending:
            each = pending.pop()
            if each not in seen:
                seen.add(each)
                pending += calls.get(each, ())
        if name in seen:
            found.add(name)
    return frozenset(found)
