"""Rules that call themselves, by semi-naive evaluation of what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from graphkit.query.datalog.clauses import Constant, Variable
from graphkit.query.datalog.planner import Alternatives, Recursion
from graphkit.query.datalog.relations import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.query.datalog.planner import Planner, Step
    from graphkit.query.datalog.relations import Row, Work

Key = tuple[str, tuple[bool, ...]]


ROUND: Final = 400
"""What one round of a rule's branch costs at least, measured in rows that take as long."""


class _Table:
    """What is asked of a rule with some arguments given, and what is known of it."""

    __slots__ = ("answers", "fresh_answers", "fresh_inputs", "inputs", "next_answers", "next_inputs")

    def __init__(self) -> None:
        self.inputs: dict[Row, None] = {}
        self.answers: dict[Row, None] = {}
        self.fresh_inputs: list[Row] = []
        self.fresh_answers: list[Row] = []
        self.next_inputs: list[Row] = []
        self.next_answers: list[Row] = []

    def ask(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row not in self.inputs:
                self.inputs[row] = None
                self.next_inputs.append(row)

    def learn(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row not in self.answers:
                self.answers[row] = None
                self.next_answers.append(row)

    def turn(self) -> bool:
        self.fresh_inputs, self.next_inputs = self.next_inputs, []
        self.fresh_answers, self.next_answers = self.next_answers, []
        return bool(self.fresh_inputs or self.fresh_answers)


class Solver(Protocol):
    """Everything that runs the steps of a rule."""

    def solve(self, steps: Sequence[Step], relations: list[Relation], outputs: frozenset[str]) -> list[Relation] | None:
        """The relations after all steps, with the variables of `outputs`; None if nothing is left."""

    def together(self, names: frozenset[str], relations: list[Relation], work: Work) -> tuple[Relation, list[Relation]]:
        """One relation with all these variables, and the relations that have none of them."""


class Recursive:
    """Tables of the recursive rules of one query. They only grow, so that later calls find what earlier ones found."""

    def __init__(self, evaluator: Solver, planner: Planner) -> None:
        self._evaluator = evaluator
        self._planner = planner
        self._tables: dict[Key, _Table] = {}
        self._running = False
        self._only_fresh: Step | None = None

    def answer(self, step: Step, call: Recursion, relations: Sequence[Relation], work: Work) -> Relation:
        """Rows of the variables of a call. Raises QueryError."""
        table = self._tables.setdefault(call.key, _Table())
        table.ask(self._inputs(step, call, relations, work))
        if not self._running:
            self._running = True
            try:
                self._fixpoint(work)
            finally:
                self._running = False
        rows = table.fresh_answers if self._only_fresh is step else list(table.answers)
        return self._answers(call, rows, work)

    def _inputs(self, step: Step, call: Recursion, relations: Sequence[Relation], work: Work) -> list[Row]:
        whole, _ = self._evaluator.together(step.needs, list(relations), work)
        parts: list[tuple[int | None, object]] = []
        for term, given in zip(call.arguments, call.key[1], strict=True):
            if given and isinstance(term, Variable):
                parts.append((whole.names.index(term.name), None))
            elif given and isinstance(term, Constant):
                parts.append((None, term.value))
        work.spend(len(whole.rows))
        return list(
            dict.fromkeys(
                tuple([value if index is None else row[index] for index, value in parts]) for row in whole.rows
            )
        )

    def _answers(self, call: Recursion, rows: list[Row], work: Work) -> Relation:
        names: list[str] = []
        places: list[int] = []
        same: list[tuple[int, int]] = []
        constants: list[tuple[int, object]] = []
        for index, term in enumerate(call.arguments):
            if isinstance(term, Constant) and term.value is not None:
                constants.append((index, term.value))
            elif isinstance(term, Variable) and term.name in names:
                same.append((index, places[names.index(term.name)]))
            elif isinstance(term, Variable):
                names.append(term.name)
                places.append(index)
        work.spend(len(rows))
        kept = [
            tuple([row[place] for place in places])
            for row in rows
            if all(row[index] == value for index, value in constants) and all(row[a] == row[b] for a, b in same)
        ]
        return Relation(names, list(dict.fromkeys(kept)))

    def _fixpoint(self, work: Work) -> None:
        while sum(table.turn() for table in self._tables.values()):
            for key in list(self._tables):
                for parameters, steps in self._planner.tables[key]:
                    self._branch(key, parameters, steps, work)

    def _branch(self, key: Key, parameters: tuple[str, ...], steps: tuple[Step, ...], work: Work) -> None:
        work.spend(ROUND)
        table = self._tables[key]
        given = [name for name, has in zip(parameters, key[1], strict=False) if has]
        if table.fresh_inputs:
            self._solve(
                key, parameters, steps, Relation(given, [row[: len(given)] for row in table.fresh_inputs]), work
            )
        for call in _calls(steps):
            called = self._tables.get(call.work.key)  # type: ignore[union-attr]
            if called is None or not called.fresh_answers:
                continue
            work.spend(len(table.inputs))
            self._only_fresh = call
            try:
                rows = [row[: len(given)] for row in table.inputs]
                self._solve(key, parameters, steps, Relation(given, rows), work)
            finally:
                self._only_fresh = None

    def _solve(
        self, key: Key, parameters: tuple[str, ...], steps: tuple[Step, ...], inputs: Relation, work: Work
    ) -> None:
        if not inputs.rows:
            return
        start = [inputs] if inputs.names else []
        found = self._evaluator.solve(steps, start, frozenset(parameters))
        if found is None:
            return
        whole, _ = self._evaluator.together(frozenset(parameters), found, work)
        missing = [name for name in parameters if name not in whole.names]
        if missing:
            whole = Relation((*whole.names, *missing), [row + (None,) * len(missing) for row in whole.rows])
        width = len(key[1])
        padding = (None,) * (width - len(parameters))
        work.expect(len(self._tables[key].answers))
        self._tables[key].learn([row + padding for row in whole.arranged(parameters)])


def _calls(steps: Iterable[Step]) -> list[Step]:
    """Calls of recursive rules in steps and in their alternatives."""
    found: list[Step] = []
    for step in steps:
        if isinstance(step.work, Recursion):
            found.append(step)
        elif isinstance(step.work, Alternatives):
            for branch in step.work.branches:
                found += _calls(branch)
    return found
