"""Patterns: which rows of the tables they match, and how many that may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.datalog.clauses import Blank, Constant, Pattern, Variable
from graphkit.query.datalog.hints import allowed_values
from graphkit.query.datalog.planner import Alternatives, Exclusion
from graphkit.query.datalog.relations import Relation
from graphkit.query.errors import QueryError
from graphkit.query.query_values import Vector, print_value
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.query.datalog.clauses import Term
    from graphkit.query.datalog.entities import Entities
    from graphkit.query.datalog.planner import Planner, Step
    from graphkit.query.datalog.relations import Row, Work

_FAN_OUT = 12
"""How many entities are taken to have the same value of an attribute."""
_TRANSACTION = 0x20000001
"""What the fourth place of a pattern gives; the files know no transactions."""


def attribute_name(pattern: Pattern) -> str | None:
    """The attribute that a pattern names; None where it is a variable or left open."""
    term = pattern.terms[1] if len(pattern.terms) > 1 else Blank()
    if not isinstance(term, Constant) or term.value is None:
        return None
    if not isinstance(term.value, Keyword):
        raise QueryError(f"{print_value(term.value)} is not an attribute in {pattern.text}", pattern.offset)
    return term.value.name


def _rows_with(name: str, relations: Iterable[Relation]) -> int | None:
    return next((len(each.rows) for each in relations if name in each.names), None)


def pattern_cost(pattern: Pattern, relations: Sequence[Relation], entities: Entities, later: Sequence[Step]) -> float:
    """About how many rows a pattern gives when it runs now."""
    tables = entities.tables
    terms = _told_apart(pattern)
    if isinstance(terms[0], Constant) and terms[0].value is not None:
        return 1
    name = attribute_name(pattern)
    if name is None:
        return 1e9
    attribute = tables.attributes.get(name)
    if attribute is None:
        return 0
    if isinstance(terms[2], Constant) and terms[2].value is not None:
        return 1 if attribute.unique else tables.count_values(name, [_reference(terms[2].value, entities)])
    costs: list[float] = [tables.size(name)]
    if isinstance(terms[0], Variable) and (rows := _rows_with(terms[0].name, relations)) is not None:
        costs.append(rows * (4 if attribute.many else 1))
    elif isinstance(terms[2], Variable) and (rows := _rows_with(terms[2].name, relations)) is not None:
        costs.append(rows * (1 if attribute.unique else _FAN_OUT))
    elif (allowed := allowed_values(pattern, later)) is not None:
        costs.append(tables.count_values(name, allowed))
    elif relations:
        return tables.size(name) * 1000.0 + 1000
    return min(costs)


def _reference(value: object, entities: Entities) -> object:
    return entities.number(value) if isinstance(value, tuple) else value


def match_pattern(
    step: Step,
    relations: Sequence[Relation],
    entities: Entities,
    work: Work,
    allowed: tuple[object, ...] | None,
    key: str | None,
) -> Relation:
    """The rows of a pattern's variables, as far as they can be joined with the relations. Raises QueryError."""
    pattern: Pattern = step.work  # type: ignore[assignment]
    terms = _told_apart(pattern)
    name = attribute_name(pattern)
    if name is None:
        return _any_attribute(terms, relations, entities, work)
    attribute = entities.tables.attributes.get(name)
    if attribute is None:
        return _relation(terms, [])
    is_reference = attribute.kind == "reference"
    wanted_entities = _wanted(terms[0], relations, entities, is_reference=True)
    wanted_values = _wanted(terms[2], relations, entities, is_reference=is_reference)
    if wanted_values is None and allowed is not None:
        wanted_values = {value: [value] for value in allowed}
    size = entities.tables.size(name)
    by_entity = None if wanted_entities is None else len(wanted_entities)
    by_value = None if wanted_values is None else len(wanted_values) * (1 if attribute.unique else 3)
    if by_entity is not None and by_entity <= size and (by_value is None or by_entity <= by_value):
        pairs = entities.tables.of_entities(name, wanted_entities or ())
    elif by_value is not None and by_value <= size * 2:
        pairs = entities.tables.with_values(name, wanted_values or ())
    else:
        pairs = entities.tables.scan(name, key)
    work.spend(len(pairs))
    if isinstance(terms[2], Constant) and terms[2].value is not None:
        pairs = [pair for pair in pairs if pair[1] in (wanted_values or ())]
    if isinstance(terms[0], Constant) and terms[0].value is not None:
        pairs = [pair for pair in pairs if pair[0] in (wanted_entities or ())]
    rows = _as_named(pairs, wanted_entities, wanted_values)
    return _relation(terms, rows)


def _told_apart(pattern: Pattern) -> tuple[Term, ...]:
    """The four terms of a pattern. A variable that stands there twice is only compared in its last place.

    Logseq's database reads `[?x :block/left ?x]` so: it finds the values, whoever has them.
    """
    terms = (*pattern.terms, Blank(), Blank(), Blank())[:4]
    return tuple(
        Blank() if isinstance(term, Variable) and term in terms[index + 1 :] else term
        for index, term in enumerate(terms)
    )


def check_references(steps: Iterable[Step], planner: Planner, entities: Entities) -> None:
    """Raise QueryError if a pattern names an entity that does not exist, even if nothing would be left of it.

    Logseq's database looks such entities up before it looks at any row.
    """
    pending = [*steps, *(step for branches in planner.tables.values() for _, held in branches for step in held)]
    for step in pending:
        match step.work:
            case Pattern():
                _check_pattern(step.work, entities)
            case Alternatives():
                pending += [each for branch in step.work.branches for each in branch]
            case Exclusion():
                pending += step.work.steps


def _check_pattern(pattern: Pattern, entities: Entities) -> None:
    terms = _told_apart(pattern)
    name = attribute_name(pattern)
    attribute = None if name is None else entities.tables.attributes.get(name)
    is_reference = attribute is not None and attribute.kind == "reference"
    for term, named in ((terms[0], True), (terms[2], is_reference)):
        if isinstance(term, Constant) and named and isinstance(term.value, tuple):
            entities.strict(term.value, pattern.offset)
        elif term is terms[0] and isinstance(term, Constant) and isinstance(term.value, str | Keyword):
            raise QueryError(f"{print_value(term.value)} is not an entity in {pattern.text}", pattern.offset)


def _wanted(
    term: Term, relations: Sequence[Relation], entities: Entities, *, is_reference: bool
) -> dict[object, list[object]] | None:
    """The values that a term can have, each with the ways in which the query names it; None where it can be any."""
    if isinstance(term, Constant):
        if term.value is None or isinstance(term.value, Symbol):
            return None if term.value is None else {}
        given: Iterable[object] = (term.value,)
    elif isinstance(term, Variable):
        held = next((each for each in relations if term.name in each.names), None)
        if held is None:
            return None
        given = held.column(term.name)
    else:
        return None
    wanted: dict[object, list[object]] = {}
    for value in given:
        known = entities.number(value) if is_reference and isinstance(value, Vector) else value
        if known is not None:
            wanted.setdefault(known, []).append(value)
    return wanted


def _as_named(
    pairs: list[tuple[int, object]],
    wanted_entities: dict[object, list[object]] | None,
    wanted_values: dict[object, list[object]] | None,
) -> Sequence[tuple[object, object]]:
    """Pairs under the names by which the query knows them: a lookup ref stays one."""
    renamed_entities, renamed_values = (
        {value: ways for value, ways in wanted.items() if ways != [value]} if wanted else {}
        for wanted in (wanted_entities, wanted_values)
    )
    if not renamed_entities and not renamed_values:
        return pairs
    return [
        (entity, value)
        for number, held in pairs
        for entity in renamed_entities.get(number, (number,))
        for value in renamed_values.get(held, (held,))
    ]


def _relation(terms: Sequence[Term], pairs: Sequence[tuple[object, object]]) -> Relation:
    first, last = terms[0], terms[2]
    names = [term.name for term in (first, last) if isinstance(term, Variable)]
    rows: list[Row]
    if len(names) == 2:
        rows = list(pairs)
    elif not names:
        rows = [()] if pairs else []
    else:
        index = 0 if isinstance(first, Variable) else 1
        rows = [(value,) for value in dict.fromkeys([pair[index] for pair in pairs])]
    if len(terms) > 3 and isinstance(terms[3], Variable):
        names, rows = [*names, terms[3].name], [(*row, _TRANSACTION) for row in rows]
    return Relation(names, rows)


def _any_attribute(terms: Sequence[Term], relations: Sequence[Relation], entities: Entities, work: Work) -> Relation:
    """A pattern whose attribute is a variable or open."""
    tables = entities.tables
    wanted_entities = _wanted(terms[0], relations, entities, is_reference=True)
    named = _wanted(terms[1], relations, entities, is_reference=False)
    wanted_values = _wanted(terms[2], relations, entities, is_reference=False)
    names: list[str] = []
    for term in terms:
        if isinstance(term, Variable) and term.name not in names:
            names.append(term.name)
    rows: dict[Row, None] = {}
    for name in tables.attributes:
        keyword = Keyword(name)
        if named is not None and keyword not in named:
            continue
        if wanted_entities is not None:
            pairs = tables.of_entities(name, wanted_entities)
        elif wanted_values is not None:
            pairs = tables.with_values(name, wanted_values)
        else:
            pairs = tables.scan(name)
        work.spend(len(pairs))
        if wanted_values is not None:
            pairs = [pair for pair in pairs if pair[1] in wanted_values]
        for entity, value in _as_named(pairs, wanted_entities, wanted_values):
            row = _row(terms, (entity, keyword, value, _TRANSACTION), names)
            if row is not None:
                rows[row] = None
        work.expect(len(rows))
    return Relation(names, list(rows))


def _row(terms: Sequence[Term], values: Row, names: list[str]) -> Row | None:
    held: dict[str, object] = {}
    for term, value in zip(terms, values, strict=False):
        if isinstance(term, Variable) and held.setdefault(term.name, value) != value:
            return None
    return tuple([held[name] for name in names])
