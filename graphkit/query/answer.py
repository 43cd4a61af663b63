"""A query's text to its answer: both languages, inputs, rules, transform, and what Logseq shows of the result."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Final
from zlib import crc32

from graphkit.query.advanced import BLOCK_ATTRIBUTES, Advanced, prepared_query, read_advanced, with_rules
from graphkit.query.builtin_rules import builtin_rules
from graphkit.query.compare import javascript_less
from graphkit.query.datalog.datalog_query import parse_query
from graphkit.query.datalog.find import Found, run
from graphkit.query.datalog.parse import parse_rules
from graphkit.query.errors import Budget, QueryError
from graphkit.query.forms import form_of
from graphkit.query.functions import get
from graphkit.query.items import Item, Itemiser, flattened, is_entity, results_of, top_level, with_pages
from graphkit.query.query_inputs import resolve_input
from graphkit.query.query_values import MapValue, Sequence, SetValue, Uuid, Vector, from_form, print_value
from graphkit.query.simple.read import read_simple
from graphkit.query.simple.translate import translate
from graphkit.query.transform.run import transform
from graphkit.text.edn import EdnProblem, Form, List, read_edn
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Keyword, Symbol
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from graphkit.query.context import Context
    from graphkit.query.datalog.clauses import Query, Rule
    from graphkit.query.datalog.evaluate import Ran
    from graphkit.query.fact_tables import Tables
    from graphkit.query.simple.translate import Sorting, Translation

SEARCH_LIMIT: Final = 30
"""Results of a full-text search."""
_PROPERTIES: Final = Keyword("block/properties")
_RULES: Final = object()


_SURROGATE = lazy_pattern("[\ud800-\udfff]")


class Answer(Record, kw_only=True):
    """The answer to one query."""

    raw: list[Item] = field(default_factory=list)
    """Everything found, after the transform."""
    shown: list[Item] = field(default_factory=list)
    """What Logseq lists: without results whose parent is a result."""
    rows: list[list[Item]] = field(default_factory=list)
    """The tuples of a datalog query, before the transform."""
    columns: tuple[str, ...] = ()
    """What `:find` calls the parts of a row."""
    title: str = ""
    notes: list[str] = field(default_factory=list)
    """What was ignored or failed without being an error."""
    ran: list[Ran] = field(default_factory=list)
    group_by_page: bool = True


def answer(text: str, context: Context, tables: Tables) -> Answer:
    """Answer a query in either language.

    text: what stands in `{{query …}}`, or between `#+BEGIN_QUERY` and `#+END_QUERY`, or a datalog vector.
    Raises QueryError for what Logseq fails on and for what goes beyond a limit.
    """
    budget = Budget(clock=context.clock)
    # A byte that is not UTF-8 is U+FFFD for Logseq, and the tables have no other form of it.
    text = _SURROGATE.sub("\ufffd", text)
    stripped = text.lstrip()
    if stripped.startswith("{"):
        advanced = read_advanced(text)
        if advanced is not None:
            return _advanced(advanced, context, tables, budget)
    elif stripped.startswith("[") and not stripped.startswith("[["):
        form = read_edn(text)
        if isinstance(form, EdnProblem):
            raise QueryError(form.message, form.offset)
        if form is not None and isinstance(form.value, VectorForm):
            return _advanced(Advanced(query=form, is_datalog=True), context, tables, budget)
    return _simple(text, context, tables, budget)


def _simple(text: str, context: Context, tables: Tables, budget: Budget) -> Answer:
    part = read_simple(text)
    if isinstance(part, Symbol):
        return _search(text.strip(), context, tables)
    translation = translate(part, context)
    found, _ = _run_simple(translation, tables, budget)
    results = _sampled_and_sorted(found, translation, context)
    made = _finished(results, None, context, tables, budget, children=False)
    made.notes += [f"{each} is unknown and ignored" for each in translation.dropped]
    made.ran = found.ran
    return made


def _run_simple(translation: Translation, tables: Tables, budget: Budget) -> tuple[Found, Query | None]:
    if translation.where is None:
        return Found(value=Sequence()), None
    pattern = _attributes() if translation.blocks else Vector((Symbol("*"),))
    sought = Symbol("?b") if translation.blocks else Symbol("?p")
    pull = Sequence((Symbol("pull"), sought, pattern))
    head = (Keyword("find"), pull, Keyword("in"), Symbol("$"), Symbol("%"), Keyword("where"))
    query = parse_query(form_of(Vector((*head, *translation.where))))
    return run(query, (), builtin_rules(translation.rules), tables, budget), query


def _attributes() -> object:
    form = read_edn(f"[{BLOCK_ATTRIBUTES}]")
    return Vector() if form is None or isinstance(form, EdnProblem) else from_form(form)


def _sampled_and_sorted(found: Found, translation: Translation, context: Context) -> list[object]:
    rows = list(found.value) if isinstance(found.value, tuple | SetValue) else []
    if translation.sample is not None:
        salt = context.today.isoformat()
        rows.sort(key=lambda row: crc32(f"{salt} {_identity(row)}".encode()))
        rows = rows[: max(0, translation.sample)]
    return flattened(Sequence(_sorted(rows, translation.sorting)))


def _identity(row: object) -> object:
    held = row[0] if isinstance(row, tuple) and row else row
    return held.get(Keyword("db/id")) if isinstance(held, MapValue) else held


def _sorted(rows: list[object], sorting: Sorting | None) -> list[object]:
    if sorting is None:
        return rows
    key = Keyword(sorting.key)

    def value(row: object) -> object:
        held = row[0] if isinstance(row, tuple) and row else row
        return get(get(held, _PROPERTIES), key)

    def before(left: object, right: object) -> bool:
        if sorting.descending:
            left, right = right, left
        return javascript_less(left, right, equal=True)

    def order(left: object, right: object) -> int:
        # Logseq sorts by a test that holds for equal values too, which turns the order of those round.
        if before(left, right):
            return -1
        if before(right, left):
            return 1
        # What JavaScript does not order at all, as nil and a set of pages: nil comes first.
        return ((left is not None) - (right is not None)) * (-1 if sorting.descending else 1)

    ordered = cmp_to_key(order)
    return sorted(rows, key=lambda row: ordered(value(row)))


def _search(text: str, context: Context, tables: Tables) -> Answer:
    """Full-text search: blocks that hold all words, in any case."""
    words = [word.lower() for word in text.split()]
    hits = [
        entity
        for entity, content in tables.scan("block/content")
        if isinstance(content, str) and all(word in content.lower() for word in words)
    ]
    pulled = [MapValue({Keyword("db/id"): entity, Keyword("block/uuid"): Uuid("")}) for entity in hits[:SEARCH_LIMIT]]
    items = Itemiser(tables).items(pulled)
    del context
    return Answer(raw=items, shown=items, notes=["a bare word is a full-text search"])


def _advanced(advanced: Advanced, context: Context, tables: Tables, budget: Budget) -> Answer:
    if not advanced.is_datalog:
        return _advanced_simple(advanced, context, tables, budget)
    given = _given_inputs(advanced, context)
    resolved: list[object] = [resolve_input(each, context, tables) for each in given]
    prepared = prepared_query(advanced.query)
    query, resolved, rules = with_rules(prepared, advanced, resolved)
    parsed = parse_query(query)
    inputs, rules = _placed(parsed, resolved, rules, has_rules=advanced.rules is not None)
    found = run(parsed, inputs, rules, tables, budget)
    made = _finished(flattened(found.value), advanced, context, tables, budget, children=False)
    made.rows = _rows(found.value, tables)
    made.columns = tuple(_column(each) for each in parsed.names) or _columns(parsed)
    made.ran = found.ran
    unresolved = [each for each in resolved if isinstance(each, Keyword) and each in given]
    made.notes += [f"{print_value(each)} is unknown here and stays as written" for each in unresolved]
    return made


def _column(name: object) -> str:
    return name.name if isinstance(name, Keyword) else str(name)


def _columns(query: Query) -> tuple[str, ...]:
    from graphkit.query.datalog.clauses import Aggregate, Variable  # noqa: PLC0415 - for names alone

    names: list[str] = []
    for each in query.find:
        if isinstance(each, Variable):
            names.append(each.name.removeprefix("?"))
        elif isinstance(each, Aggregate):
            names.append(f"{each.function} {each.variable.name.removeprefix('?')}")
        else:
            names.append(each.variable.name.removeprefix("?"))
    return tuple(names)


def _advanced_simple(advanced: Advanced, context: Context, tables: Tables, budget: Budget) -> Answer:
    value = advanced.query.value
    if not isinstance(value, List | VectorForm | str):
        if value is None:
            return Answer(title=advanced.title)
        raise QueryError(f"{print_value(from_form(advanced.query))[:60]} is not a query", advanced.query.start)
    if isinstance(value, List | VectorForm) and not value.items:
        return Answer(title=advanced.title)
    translation = translate(read_simple(print_value(from_form(advanced.query))), context)
    found, _ = _run_simple(translation, tables, budget)
    # Logseq sorts here too, but takes no sample.
    rows = list(found.value) if isinstance(found.value, tuple | SetValue) else []
    results = flattened(Sequence(_sorted(rows, translation.sorting)))
    made = _finished(results, advanced, context, tables, budget, children=False)
    made.rows = _rows(found.value, tables)
    made.ran = found.ran
    made.notes += [f"{each} is unknown and ignored" for each in translation.dropped]
    return made


def _given_inputs(advanced: Advanced, context: Context) -> list[object]:
    if context.inputs is not None:
        found: list[object] = []
        for text in context.inputs:
            form = read_edn(text)
            if isinstance(form, EdnProblem):
                raise QueryError(f"the input {text[:60]!r} cannot be read: {form.message}", 0)
            found.append(None if form is None else from_form(form))
        return found
    if advanced.inputs is None or advanced.inputs.value is None:
        return []
    held = from_form(advanced.inputs)
    if not isinstance(held, tuple):
        raise QueryError(":inputs must be a vector", advanced.inputs.start)
    return list(held)


def _placed(
    query: Query, inputs: list[object], rules: tuple[Rule, ...], *, has_rules: bool
) -> tuple[tuple[object, ...], tuple[Rule, ...]]:
    """Inputs and rules by their places in `:in`: rules are passed last."""
    from graphkit.query.datalog.clauses import Source  # noqa: PLC0415 - for its type alone

    given = list(inputs)
    if has_rules or rules:
        given.append(_RULES)
    places = [each for each in query.inputs if not isinstance(each, Source)]
    if len(given) != len(places):
        which = "few" if len(given) < len(places) else "many"
        listed = " ".join(text for text in query.input_texts if not text.startswith("$")) or "nothing more"
        raise QueryError(f"too {which} :inputs: :in takes {listed}, but the query gives {len(inputs)}")
    values: list[object] = []
    for place, value in zip(places, given, strict=True):
        if isinstance(place, str):
            if value is not _RULES:
                rules = (*rules, *parse_rules(form_of(value)))
        else:
            values.append(Vector() if value is _RULES else value)
    return tuple(values), rules


def _finished(
    results: list[object],
    advanced: Advanced | None,
    context: Context,
    tables: Tables,
    budget: Budget,
    *,
    children: bool,
) -> Answer:
    """The answer for what a query found."""
    del children
    made = Answer(title=advanced.title if advanced else "")
    if results and is_entity(results[0]):
        own = None if context.current_block is None else Uuid(context.current_block)
        if own is not None:
            results = [
                each for each in results if not isinstance(each, MapValue) or each.get(Keyword("block/uuid")) != own
            ]
        results = with_pages(results, tables)
    if advanced is not None:
        made.notes += [f"{each} only affects display and is ignored" for each in advanced.ignored]
        if (form := _transform_form(advanced, context)) is not None:
            outcome = transform(form, Sequence(results), budget)
            results = results_of(outcome.value)
            if outcome.trouble:
                made.notes.append(f"the :result-transform fails, as in Logseq: {outcome.trouble}")
        made.group_by_page = advanced.transform is None if advanced.group_by_page is None else advanced.group_by_page
    shown = results
    if results and is_entity(results[0]) and (advanced is None or advanced.remove_block_children):
        shown = top_level(results)
    itemiser = Itemiser(tables)
    made.raw = itemiser.items(results)
    kept = {id(each) for each in shown}
    made.shown = [item for item, each in zip(made.raw, results, strict=True) if id(each) in kept]
    return made


def _transform_form(advanced: Advanced, context: Context) -> Form | None:
    form = advanced.transform
    if form is not None and isinstance(form.value, Keyword):
        return context.transforms.get(form.value.name)
    return form if form is not None and form.value is not None else None


def _rows(value: object, tables: Tables) -> list[list[Item]]:
    itemiser = Itemiser(tables)
    if isinstance(value, tuple | SetValue):
        held = [list(each) if isinstance(each, tuple) else [each] for each in value]
        flat = iter(itemiser.items([part for row in held for part in row]))
        return [[next(flat) for _ in row] for row in held]
    return [] if value is None else [itemiser.items([value])]
