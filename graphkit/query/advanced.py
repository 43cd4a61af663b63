"""The map of an advanced query: its parts, and what Logseq changes in them before the query runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.builtin_rules import RULES, builtin_rules
from graphkit.query.datalog.parse import items, parse_rules, symbol
from graphkit.query.errors import QueryError
from graphkit.query.forms import form_of, map_entry, rebuilt
from graphkit.query.query_values import Vector, from_form, print_value
from graphkit.text.edn import EdnProblem, Form, List, Map, read_edn
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Keyword, Symbol
from graphkit.text.records import Record

if TYPE_CHECKING:
    from graphkit.query.datalog.clauses import Rule

BLOCK_ATTRIBUTES: Final = (
    ":db/id :block/uuid :block/parent :block/left :block/collapsed? :block/format :block/refs :block/_refs"
    " :block/path-refs :block/tags :block/content :block/marker :block/priority :block/properties"
    " :block/properties-order :block/properties-text-values :block/pre-block? :block/scheduled :block/deadline"
    " :block/repeated? :block/created-at :block/updated-at :block/file"
    " {:block/page [:db/id :block/name :block/original-name :block/journal-day]}"
)
"""What Logseq pulls of blocks; a page that is found as a block shows no name by it."""
_IGNORED: Final = ("view", "table-view?", "children?")


class Advanced(Record, frozen=True, kw_only=True):
    """The parts of an advanced query."""

    query: Form
    is_datalog: bool
    inputs: Form | None = None
    rules: Form | None = None
    transform: Form | None = None
    title: str = ""
    remove_block_children: bool = True
    group_by_page: bool | None = None
    ignored: tuple[str, ...] = ()


def read_advanced(text: str) -> Advanced | None:
    """The query in a text that holds a map; None where the text is no map. Raises QueryError for broken EDN."""
    form = read_edn(text)
    if isinstance(form, EdnProblem):
        raise QueryError(form.message, form.offset)
    if form is None or not isinstance(form.value, Map):
        return None
    query = map_entry(form, "query")
    if query is None:
        raise QueryError("the map has no :query", form.start)
    first = items(query)
    return Advanced(
        query=query,
        is_datalog=isinstance(query.value, VectorForm) and bool(first) and first[0].value == Keyword("find"),  # type: ignore[index]
        inputs=map_entry(form, "inputs"),
        rules=map_entry(form, "rules"),
        transform=map_entry(form, "result-transform"),
        title=title_text(map_entry(form, "title")),
        remove_block_children=_flag(form, "remove-block-children?", default=True) is not False,
        group_by_page=_flag(form, "group-by-page?"),
        ignored=tuple(f":{key}" for key in _IGNORED if map_entry(form, key) is not None),
    )


def _flag(form: Form, key: str, *, default: bool | None = None) -> bool | None:
    held = map_entry(form, key)
    return default if held is None else held.value is True


def title_text(form: Form | None) -> str:
    """The words of a title, which may be a string or hiccup."""
    if form is None:
        return ""
    words: list[str] = []
    pending = [form]
    while pending:
        each = pending.pop()
        if isinstance(each.value, str):
            words.append(each.value)
        elif (parts := items(each)) is not None:
            pending += reversed(parts)
    return " ".join(words)


def prepared_query(query: Form) -> Form:
    """The query vector as Logseq runs it: old names of attributes replaced, `(pull ?b [*])` made narrower."""
    return rebuilt(query, _prepared)


def block_attributes() -> Form:
    """The pattern that takes the place of `[*]` for `?b`."""
    form = read_edn(f"[{BLOCK_ATTRIBUTES}]")
    if form is None or isinstance(form, EdnProblem):
        raise QueryError("the attributes of blocks cannot be read")
    return form


def _prepared(form: Form) -> Form:
    value = form.value
    if isinstance(value, Keyword):
        if value.name.startswith("page/"):
            return Form(Keyword("block/" + value.name[5:]), form.start, form.end)
        if value.name in {"block/ref-pages", "block/ref-blocks"}:
            return Form(Keyword("block/refs"), form.start, form.end)
    if isinstance(value, List):
        return _prepared_list(form, value)
    return form


def _prepared_list(form: Form, held: List) -> Form:
    parts = held.items
    if len(parts) > 2 and symbol(parts[0]) == "pull" and symbol(parts[1]) == "?b":
        pattern = items(parts[2])
        if pattern is not None and len(pattern) == 1 and symbol(pattern[0]) == "*":
            return Form(List((*parts[:2], block_attributes(), *parts[3:])), form.start, form.end)
    if len(parts) == 3 and symbol(parts[0]) == "=":
        for page, other in ((parts[1], parts[2]), (parts[2], parts[1])):
            text = page.value
            if isinstance(text, str) and text.startswith("[[") and text.endswith("]]"):
                name = Form(text[2:-2].lower(), page.start, page.end)
                return Form(
                    List((Form(Symbol("contains?"), form.start, form.start), other, name)), form.start, form.end
                )
    return form


def _called(forms: tuple[Form, ...]) -> list[str]:
    """Names of built-in rules that clauses call, wherever they stand."""
    found: list[str] = []
    pending = list(reversed(forms))
    while pending:
        each = pending.pop()
        parts = items(each)
        if parts is None:
            continue
        head = symbol(parts[0]) if parts else None
        if isinstance(each.value, List) and head in RULES and head not in found:
            found.append(head)
        pending += reversed(parts)
    return found


def with_rules(query: Form, advanced: Advanced, inputs: list[object]) -> tuple[Form, list[object], tuple[Rule, ...]]:
    """The query with `%` where it calls rules, its inputs without rules, and all rules. Raises QueryError."""
    parts = items(query) or ()
    names = [symbol(part) for part in _section(parts, "in")]
    own: tuple[Rule, ...] = () if advanced.rules is None else parse_rules(advanced.rules)
    section = _section(parts, "where")
    called = _called(section)
    has_in = any(isinstance(part.value, Keyword) and part.value.name == "in" for part in parts)
    if called and not has_in:
        added = tuple(Form(each, query.start, query.start) for each in (Keyword("in"), Symbol("$"), Symbol("%")))
        parts = (*parts, *added)
    elif called and "%" not in names:
        at = next(index for index, part in enumerate(parts) if part.value == Keyword("in"))
        end = next(
            (index for index in range(at + 1, len(parts)) if isinstance(parts[index].value, Keyword)), len(parts)
        )
        parts = (*parts[:end], Form(Symbol("%"), query.start, query.start), *parts[end:])
    query = Form(VectorForm(parts), query.start, query.end)
    if advanced.rules is None and "%" in names:
        # Rules may also stand among the inputs, instead of `%`.
        places = [symbol(part) or print_value(from_form(part)) for part in _section(parts, "in")]
        at = places.index("%") - places[: places.index("%")].count("$")
        if at < len(inputs) and isinstance(inputs[at], Vector):
            own = parse_rules(form_of(inputs[at], query.start))
            inputs = [*inputs[:at], *inputs[at + 1 :]]
    return query, inputs, (*own, *builtin_rules(called))


def _section(parts: tuple[Form, ...], key: str) -> tuple[Form, ...]:
    found: list[Form] = []
    inside = False
    for part in parts:
        if isinstance(part.value, Keyword):
            inside = part.value.name == key
        elif inside:
            found.append(part)
    return tuple(found)
