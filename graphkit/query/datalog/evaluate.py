"""Evaluation of steps on the tables, the cheapest that may run first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.calls import bind, bound_names, evaluate
from graphkit.query.datalog.clauses import Function, Pattern, Predicate
from graphkit.query.datalog.hints import allowed_values, property_key
from graphkit.query.datalog.planner import Alternatives, Exclusion, Recursion
from graphkit.query.datalog.recursion import Recursive
from graphkit.query.datalog.relations import Relation, Work, join, without
from graphkit.query.datalog.scan import match_pattern, pattern_cost
from graphkit.query.query_values import truthy
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.query.datalog.entities import Entities
    from graphkit.query.datalog.planner import Planner, Step
    from graphkit.query.errors import Budget

Rows = list[Relation]


class Ran(Record, kw_only=True):
    """One step as it ran, for `--explain`."""

    text: str
    rows: int
    depth: int


class Evaluator:
    """Runs the steps of one query."""

    def __init__(self, entities: Entities, planner: Planner, budget: Budget) -> None:
        self.entities = entities
        self.budget = budget
        self.ran: list[Ran] = []
        self._recursive = Recursive(self, planner)
        self._depth = 0

    def solve(self, steps: Sequence[Step], relations: Rows, outputs: frozenset[str]) -> Rows | None:
        """The relations after all steps, with the variables of `outputs`; None where nothing is left."""
        remaining = list(steps)
        while remaining:
            step = self._choose(remaining, relations)
            remaining.remove(step)
            work = Work(self.budget, step.text, step.offset)
            relations = self._run(step, relations, remaining, work)
            if step.text:
                touched = [len(each.rows) for each in relations if not step.uses.isdisjoint(each.names)]
                self.ran.append(Ran(text=step.text, rows=max(touched, default=0), depth=self._depth))
            needed = outputs.union(*(each.uses for each in remaining))
            relations = [_pruned(each, needed) for each in relations]
            if any(not each.rows for each in relations):
                return None
            relations = [each for each in relations if each.names]
        return relations

    def _choose(self, remaining: list[Step], relations: Rows) -> Step:
        bound = {name for relation in relations for name in relation.names}
        best, least = None, float("inf")
        for step in remaining:
            if step.needs <= bound:
                if isinstance(step.work, Predicate | Exclusion | Function):
                    return step
                cost = self._cost(step, relations, bound, remaining)
                if cost < least:
                    best, least = step, cost
            if not step.total:
                break  # it can fail, so that nothing after it may be done before
        return best or remaining[0]

    def _cost(self, step: Step, relations: Rows, bound: set[str], remaining: list[Step]) -> float:
        if isinstance(step.work, Pattern):
            return pattern_cost(step.work, relations, self.entities, remaining)
        if isinstance(step.work, Alternatives):
            starts = [self._branch_cost(branch, relations, bound) for branch in step.work.branches]
            return sum(starts) + 1
        return 50 if step.needs else 1e6

    def _branch_cost(self, branch: tuple[Step, ...], relations: Rows, bound: set[str]) -> float:
        costs = [
            self._cost(each, relations, bound, list(branch))
            for each in branch
            if isinstance(each.work, Pattern | Alternatives)
        ]
        return min(costs, default=1)

    def _run(self, step: Step, relations: Rows, remaining: list[Step], work: Work) -> Rows:
        match step.work:
            case Pattern():
                values, key = allowed_values(step.work, remaining), property_key(step.work, remaining)
                return self._joined(relations, match_pattern(step, relations, self.entities, work, values, key), work)
            case Predicate():
                return self._filtered(step, step.work, relations, work)
            case Function():
                return self._bound(step, step.work, relations, work)
            case Alternatives():
                return self._alternatives(step.work, relations, work)
            case Exclusion():
                return self._excluded(step.work, relations, work)
            case Recursion():
                return self._joined(relations, self._recursive.answer(step, step.work, relations, work), work)
        return relations

    @staticmethod
    def _joined(relations: Rows, found: Relation, work: Work) -> Rows:
        apart = [each for each in relations if not set(each.names) & set(found.names)]
        for each in sorted((each for each in relations if set(each.names) & set(found.names)), key=_size):
            found = join(each, found, work)
        return [*apart, found]

    def together(self, names: frozenset[str], relations: Rows, work: Work) -> tuple[Relation, Rows]:
        """One relation with all these variables, and the relations that have none of them."""
        apart = [each for each in relations if not names & set(each.names)]
        whole = Relation((), [()])
        for each in relations:
            if names & set(each.names):
                whole = join(whole, each, work) if whole.names else each
        return whole, apart

    def _filtered(self, step: Step, predicate: Predicate, relations: Rows, work: Work) -> Rows:
        whole, apart = self.together(step.needs, relations, work)
        work.spend(len(whole.rows))
        results = evaluate(predicate.call, whole, self.entities, step, work)
        kept = [row for row, result in zip(whole.rows, results, strict=True) if truthy(result)]
        return [*apart, Relation(whole.names, kept)]

    def _bound(self, step: Step, function: Function, relations: Rows, work: Work) -> Rows:
        whole, apart = self.together(step.needs, relations, work)
        work.spend(len(whole.rows))
        results = evaluate(function.call, whole, self.entities, step, work)
        names = bound_names(function.binding)
        rows: list[tuple[object, ...]] = []
        for row, result in zip(whole.rows, results, strict=True):
            if result is None:
                continue
            rows += [row + values for values in bind(function.binding, result, step.text, step.offset)]
            if len(rows) > 100_000:
                work.expect(len(rows))
        work.spend(len(rows))
        made = _unified((*whole.names, *names), rows)
        return self._joined(apart, made, work)

    def _inside(self, shared: Sequence[str], relations: Rows) -> Rows:
        wanted = set(shared)
        return [each.project(wanted) for each in relations if wanted & set(each.names)]

    def _alternatives(self, alternatives: Alternatives, relations: Rows, work: Work) -> Rows:
        shared = alternatives.shared
        inside = self._inside(shared, relations)
        rows: dict[tuple[object, ...], None] = {}
        self._depth += 1
        for branch in alternatives.branches:
            found = self.solve(branch, inside, frozenset(shared))
            if found is not None:
                whole, _ = self.together(frozenset(shared), found, work)
                rows.update(dict.fromkeys(whole.arranged(shared) if shared else [()]))
        self._depth -= 1
        return self._joined(relations, Relation(shared, list(rows)), work)

    def _excluded(self, exclusion: Exclusion, relations: Rows, work: Work) -> Rows:
        shared = frozenset(exclusion.shared)
        whole, apart = self.together(shared, relations, work)
        self._depth += 1
        found = self.solve(exclusion.steps, [whole.project(shared)], shared)
        self._depth -= 1
        if found is None:
            return [*apart, whole]
        hit, _ = self.together(shared, found, work)
        if set(hit.names) != shared:
            hit = join(hit, whole.project(shared), work)
        return [*apart, without(whole, hit, work)]


def _size(relation: Relation) -> int:
    return len(relation.rows)


def _pruned(relation: Relation, needed: frozenset[str]) -> Relation:
    if not relation.rows or all(name in needed for name in relation.names):
        return relation
    if not needed.intersection(relation.names):
        return Relation((), [()])
    return relation.project(needed)


def _unified(names: tuple[str, ...], rows: list[tuple[object, ...]]) -> Relation:
    """Rows in which a variable that stands there several times has one value."""
    if len(set(names)) == len(names):
        return Relation(names, rows)
    first = {name: index for index, name in reversed(list(enumerate(names)))}
    again = [(index, first[name]) for index, name in enumerate(names) if first[name] != index]
    kept = [index for index, name in enumerate(names) if first[name] == index]
    same = [row for row in rows if all(row[a] == row[b] for a, b in again)]
    return Relation([names[index] for index in kept], [tuple([row[index] for index in kept]) for row in same])
