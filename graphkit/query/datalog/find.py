"""Answers of a datalog query: inputs bound, clauses solved, `:find` applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.aggregates import aggregate
from graphkit.query.datalog.calls import bind, bound_names
from graphkit.query.datalog.clauses import Aggregate, Constant, Pull, Source, Variable
from graphkit.query.datalog.entities import Entities
from graphkit.query.datalog.evaluate import Evaluator
from graphkit.query.datalog.parse import parse_rules
from graphkit.query.datalog.planner import Planner
from graphkit.query.datalog.pull import Puller, parse_pattern
from graphkit.query.datalog.relations import Relation, Work
from graphkit.query.datalog.scan import check_references
from graphkit.query.errors import QueryError, expect_rows
from graphkit.query.query_values import MapValue, Sequence, SetValue, Vector, print_value
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from graphkit.query.datalog.clauses import Binding, FindElement, Query, Rule
    from graphkit.query.datalog.evaluate import Ran
    from graphkit.query.datalog.relations import Row
    from graphkit.query.errors import Budget
    from graphkit.query.fact_tables import Tables
    from graphkit.text.edn import Form


class Found(Record, kw_only=True):
    """The result of a query: `value` as Logseq's database gives it, and the clauses as they ran."""

    value: object
    ran: list[Ran] = field(default_factory=list)


def run(query: Query, inputs: tuple[object, ...], rules: tuple[Rule, ...], tables: Tables, budget: Budget) -> Found:
    """Run a query.

    inputs: what `:in` binds next to the database and the rules, in its order. Raises QueryError.
    """
    relations, given = _bind_inputs(query, inputs)
    planner = Planner(rules)
    entities = Entities(tables)
    evaluator = Evaluator(entities, planner, budget)
    planner.anchor(given)
    steps, _ = planner.plan(query.where, frozenset(given))
    check_references(steps, planner, entities)
    sought = [each if isinstance(each, Variable) else each.variable for each in query.find]
    wanted = list(dict.fromkeys(each.name for each in (*sought, *query.kept)))
    first = {name: held.rows[0][index] for held in relations for index, name in enumerate(held.names) if held.rows}
    found = None
    if all(each.rows for each in relations):
        found = evaluator.solve(steps, [_kept(each, steps, wanted) for each in relations], frozenset(wanted))
    rows: list[Row] = []
    if found is not None:
        work = Work(budget, ":find", 0)
        whole, _ = evaluator.together(frozenset(wanted), found, work)
        rows = list(dict.fromkeys(whole.arranged(wanted)))
        if rows and all(row[0].__class__ is int for row in rows):
            rows.sort(key=_first)  # entities in the order of loading; a set has no order of its own
    places = [wanted.index(each.name) for each in sought]
    expect_rows(len(rows), ":find", 0)
    tuples = _elements(query.find, rows, places, first, entities, Puller(tables, budget))
    return Found(value=_shaped(query, tuples), ran=evaluator.ran)


def _first(row: Row) -> int:
    return row[0]  # type: ignore[return-value]


def _kept(relation: Relation, steps: tuple[object, ...], wanted: list[str]) -> Relation:
    needed = set(wanted).union(*(step.uses for step in steps))  # type: ignore[attr-defined]
    if needed.isdisjoint(relation.names):
        return Relation((), [()])
    return relation.project(needed)


def _bind_inputs(query: Query, inputs: tuple[object, ...]) -> tuple[list[Relation], list[str]]:
    bindings: list[tuple[Binding, str]] = [
        (each, text)
        for each, text in zip(query.inputs, query.input_texts or ("",) * len(query.inputs), strict=True)
        if not isinstance(each, Source | str)
    ]
    if len(inputs) != len(bindings):
        which = "few" if len(inputs) < len(bindings) else "many"
        listed = " ".join(text for _, text in bindings) or "none"
        raise QueryError(f"too {which} :inputs: :in takes {listed}, but the query gives {len(inputs)}")
    relations: list[Relation] = []
    given: list[str] = []
    for (binding, text), value in zip(bindings, inputs, strict=True):
        names = bound_names(binding)
        rows = bind(binding, value, text, 0)
        expect_rows(len(rows), text, 0)
        given += names
        relations.append(Relation(names, list(dict.fromkeys(rows))))
    return relations, given


def _elements(
    find: tuple[FindElement, ...],
    rows: list[Row],
    places: list[int],
    first: dict[str, object],
    entities: Entities,
    puller: Puller,
) -> list[Row]:
    if any(isinstance(each, Aggregate) for each in find):
        rows = _aggregated(find, rows, places, first)
    elif places != list(range(len(rows[0]) if rows else len(places))):
        rows = [tuple([row[place] for place in places]) for row in rows]
    for index, element in enumerate(find):
        if isinstance(element, Pull):
            rows = _pulled(index, element, rows, first, entities, puller)
    return rows


def _aggregated(
    find: tuple[FindElement, ...], rows: list[Row], places: list[int], first: dict[str, object]
) -> list[Row]:
    fixed = [place for element, place in zip(find, places, strict=True) if not isinstance(element, Aggregate)]
    groups: dict[Row, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple([row[place] for place in fixed]), []).append(row)
    results: list[Row] = []
    for group in groups.values():
        values: list[object] = []
        for element, place in zip(find, places, strict=True):
            if isinstance(element, Aggregate):
                arguments = [_argument(each, first) for each in element.arguments]
                values.append(aggregate(element.function, arguments, [row[place] for row in group]))
            else:
                values.append(group[0][place])
        results.append(tuple(values))
    return results


def _argument(term: object, first: dict[str, object]) -> object:
    if isinstance(term, Variable):
        return first.get(term.name)
    return term.value if isinstance(term, Constant) else None


def _pulled(
    index: int, element: Pull, rows: list[Row], first: dict[str, object], entities: Entities, puller: Puller
) -> list[Row]:
    pattern = first.get(element.pattern.name) if isinstance(element.pattern, Variable) else element.pattern
    wishes = parse_pattern(pattern)
    numbers: dict[object, int | None] = {}
    for row in rows:
        value = row[index]
        if value not in numbers:
            numbers[value] = entities.number(value)
            if numbers[value] is None and not isinstance(value, tuple):
                raise QueryError(f"{print_value(value)[:60]} is not an entity that can be pulled")
    maps = puller.pull([number for number in numbers.values() if number is not None], wishes)
    return [(*row[:index], maps.get(numbers[row[index]] or -1), *row[index + 1 :]) for row in rows]


def _shaped(query: Query, rows: list[Row]) -> object:
    if query.names:
        named = [MapValue(zip(query.names, row, strict=True)) for row in rows]
        if query.shape == "tuple":
            return named[0] if named else None
        return Sequence(named)
    if query.shape == "scalar":
        return rows[0][0] if rows else None
    if query.shape == "collection":
        return Vector(row[0] for row in rows)
    if query.shape == "tuple":
        return Vector(rows[0]) if rows else None
    plain = all(isinstance(each, Variable) for each in query.find)
    return (SetValue if plain else Sequence)(Vector(row) for row in rows)


def read_rules(form: Form | None) -> tuple[Rule, ...]:
    """The rules of a form; none if it has none. Raises QueryError."""
    return () if form is None else parse_rules(form)
