"""Forms of a simple query to datalog clauses, as Logseq 0.10.15 makes them, its odd ones included.

A part becomes a call of a built-in rule, or a list of clauses. What is unknown is dropped. Source: logseq-format 7.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.errors import MAX_DEPTH, QueryError
from graphkit.query.own_facts import FILTERS
from graphkit.query.query_values import FALSE, TRUE, Boolean, MapValue, Sequence, SetValue, Vector, print_value
from graphkit.query.simple.read import is_page_ref, page_ref_name
from graphkit.query.simple.relative_dates import journal_day
from graphkit.text.edn_atoms import Keyword, Symbol
from graphkit.text.records import Record, field
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.query.context import Context

BLOCK: Final = Symbol("?b")
PAGE: Final = Symbol("?p")
_AND, _OR, _NOT = Symbol("and"), Symbol("or"), Symbol("not")
_OF_BLOCKS: Final = frozenset({"between", "property", "todo", "task", "priority", "page"})


class Sorting(Record, frozen=True):
    """`(sort-by key order)`."""

    key: str
    descending: bool


class Translation(Record, kw_only=True):
    """A simple query in datalog."""

    where: Vector | None = None
    """The clauses as data; None where the query asks for nothing."""
    rules: list[str] = field(default_factory=list)
    blocks: bool = False
    """True if blocks are sought, not pages."""
    sorting: Sorting | None = None
    sample: int | None = None
    dropped: list[str] = field(default_factory=list)
    """What Logseq ignores, as written."""


def translate(part: object, context: Context) -> Translation:
    """The clauses of a query's form. Raises QueryError where Logseq fails."""
    translator = _Translator(context)
    result = translator.build(part, None, 0)
    made = translator.made
    if not isinstance(result, tuple) or not result:
        return made
    first = result[0]
    head = first[0] if isinstance(first, tuple) and first else first
    clauses = result[1:] if head == _AND else result
    made.where = _with_bindings(part, clauses)
    return made


def _flat(part: object) -> list[object]:
    if not isinstance(part, tuple):
        return [part]
    found: list[object] = []
    pending = [part]
    while pending:
        each = pending.pop()
        if isinstance(each, tuple):
            pending += reversed(each)
        else:
            found.append(each)
    return found


def _with_bindings(part: object, clauses: tuple[object, ...]) -> Vector:
    """The clauses with those before them that say what kind of entity is meant, as Logseq adds them."""
    names = {each for each in _flat(clauses) if isinstance(each, Symbol)}
    has_block, has_page = BLOCK in names, PAGE in names
    is_block = Vector((BLOCK, Keyword("block/uuid")))
    is_page = Vector((PAGE, Keyword("block/name")))
    on_page = Vector((BLOCK, Keyword("block/page"), PAGE))
    if _NOT in names:
        before = (is_block, is_page, on_page) if has_block and has_page else (is_block,) if has_block else (is_page,)
        return Vector((*(before if has_block or has_page else ()), *clauses))
    if _OR in _flat(part):
        if any(isinstance(each, str) and not is_page_ref(each) for each in _flat(part)):
            content = Vector((BLOCK, Keyword("block/content"), Symbol("?content")))
            return Vector((content, *_whole(clauses)))
        return _whole(clauses)
    if has_block and has_page:
        return Vector((on_page, *clauses))
    return _whole(clauses)


def _whole(clauses: tuple[object, ...]) -> Vector:
    """Clauses as a list of them: a single clause is wrapped."""
    if clauses and isinstance(clauses[0], tuple):
        return Vector(clauses)
    return Vector((Sequence(clauses),))


def _name(value: object) -> str:
    """`name` of ClojureScript. Raises QueryError."""
    if isinstance(value, str):
        return value
    if isinstance(value, Keyword | Symbol):
        return value.name.rpartition("/")[2] if "/" in value.name[1:] else value.name
    raise QueryError(f"{print_value(value)[:60]} is not allowed here in a simple query")


class _Translator:
    def __init__(self, context: Context) -> None:
        self._context = context
        self.made = Translation()

    def build(self, part: object, around: str | None, level: int) -> object:
        """Clauses of one form; None where it asks for nothing."""
        if level > MAX_DEPTH:
            raise QueryError(f"the query is nested more than {MAX_DEPTH} levels deep", limit=True)
        if part is None:
            return None
        if isinstance(part, str):
            return self._string(part, around)
        if not isinstance(part, Sequence | Vector):
            if isinstance(part, MapValue | SetValue):
                return None
            raise QueryError(f"{print_value(part)[:60]} is not a simple query")
        if not part:
            return None
        head = part[0]
        operator = _name(head).lower()
        if operator in _OF_BLOCKS:
            self.made.blocks = True
        if operator in {"and", "or", "not"}:
            return self._combined(part, operator, around, level)
        if self._context.own and operator in FILTERS:
            return self._own(operator, part)
        build = _BUILDERS.get(operator)
        if build is None:
            self.made.dropped.append(print_value(part))
            return None
        return build(self, part)

    def _string(self, text: str, around: str | None) -> object:
        if is_page_ref(text):
            if around not in {"page-property", "page-tags"}:
                self.made.blocks = True
            return self._call("page-ref", BLOCK, page_name(page_ref_name(text)))
        self.made.blocks = True
        return self._call("block-content", BLOCK, text)

    def _call(self, rule: str, *arguments: object) -> Sequence:
        if rule not in self.made.rules:
            self.made.rules.append(rule)
        return Sequence((Symbol(rule), *arguments))

    def _combined(self, part: tuple[object, ...], operator: str, around: str | None, level: int) -> object:
        built = [self.build(each, operator, level + 1) for each in part[1:]]
        clauses = list(dict.fromkeys(each for each in built if each is not None))
        if not clauses:
            return None
        nested = operator == around == "and"
        result = _result(operator, clauses, around, nested=nested)
        plain = nested or (level == 0 and operator in {"and", "or"}) or (operator == "not" and around is not None)
        return result if plain else Vector((result,))

    def _own(self, name: str, part: tuple[object, ...]) -> object:
        """A filter of graphkit's own."""
        wanted = self._arguments(part)
        if not wanted:
            raise QueryError(f"({name}) needs at least one value")
        of_blocks = name.startswith("task-")
        self.made.blocks |= of_blocks
        values = SetValue(page_ref_name(_name(each)) for each in wanted)
        return self._call(name, BLOCK if of_blocks else PAGE, values)

    def between(self, part: tuple[object, ...]) -> object:
        """`(between from to)`; with a property in front it never matches."""
        if len(part) == 3:
            ends = [journal_day(each, self._context) for each in part[1:]]
            if None in ends:
                ends.sort(key=lambda day: (day is not None, day))
            else:
                ends.sort()
            return self._call("between", BLOCK, *ends)
        if len(part) == 4 and _name(part[1]).lower().replace("-", "_") in {"created_at", "last_modified_at"}:
            key = _name(part[1]).lower().replace("-", "_")
            held = Symbol("?held")
            # Logseq looks a string up among keywords, which finds nothing.
            return Vector(
                (
                    Vector((BLOCK, Keyword("block/properties"), Symbol("?all"))),
                    Vector((Sequence((Symbol("get"), Symbol("?all"), key)), held)),
                )
            )
        return None

    def property(self, part: tuple[object, ...]) -> object:
        """`(property key)` and `(property key value)`."""
        if len(part) == 2:
            return self._call("has-property", BLOCK, self._key(part[1]))
        if len(part) == 3:
            return self._call("property", BLOCK, self._key(part[1]), _value(part[2]))
        return None

    @staticmethod
    def _key(value: object) -> Keyword:
        return Keyword(_name(value).replace("_", "-"))

    def page_property(self, part: tuple[object, ...]) -> object:
        """`(page-property key)` and `(page-property key value)`."""
        key = self._key(part[1] if len(part) > 1 else None)
        value = part[2] if len(part) > 2 else None
        if value is None:
            return self._call("has-page-property", PAGE, key)
        return self._call("page-property", PAGE, key, _value(value))

    @staticmethod
    def _arguments(part: tuple[object, ...]) -> tuple[object, ...]:
        if len(part) > 1 and isinstance(part[1], tuple | SetValue):
            return tuple(part[1])
        return part[1:]

    def task(self, part: tuple[object, ...]) -> object:
        """`(task marker …)`."""
        markers = self._arguments(part)
        return self._call("task", BLOCK, SetValue(_name(each).upper() for each in markers)) if markers else None

    def priority(self, part: tuple[object, ...]) -> object:
        """`(priority letter …)`."""
        wanted = self._arguments(part)
        return self._call("priority", BLOCK, SetValue(_name(each).upper() for each in wanted)) if wanted else None

    def page_tags(self, part: tuple[object, ...]) -> object:
        """`(page-tags tag …)`."""
        tags = self._arguments(part)
        if not tags:
            return None
        return self._call("page-tags", PAGE, SetValue(page_ref_name(_name(each).lower()) for each in tags))

    def all_page_tags(self, part: tuple[object, ...]) -> object:
        """`(all-page-tags)`."""
        del part
        return self._call("all-page-tags", PAGE)

    def page(self, part: tuple[object, ...]) -> object:
        """`(page name)`."""
        return self._call("page", BLOCK, self._page(part))

    def namespace(self, part: tuple[object, ...]) -> object:
        """`(namespace name)`."""
        name = self._page(part)
        return self._call("namespace", PAGE, name) if name.strip() else None

    @staticmethod
    def _page(part: tuple[object, ...]) -> str:
        value = part[1] if len(part) > 1 else None
        return page_name(page_ref_name(print_value(value, readable=False)))

    def sort_by(self, part: tuple[object, ...]) -> object:
        """`(sort-by key asc|desc)`: says how, and asks for nothing."""
        words = [_name(each) for each in part[1:3]]
        if not words:
            raise QueryError("sort-by needs a property")
        self.made.sorting = Sorting(words[0], descending=words[1:] != ["asc"])
        return None

    def sample(self, part: tuple[object, ...]) -> object:
        """`(sample n)`: says how many, and asks for nothing."""
        size = part[1] if len(part) > 1 else None
        if isinstance(size, int):
            self.made.sample = size
        return None


_BUILDERS: Final[dict[str, Callable[[_Translator, tuple[object, ...]], object]]] = {
    "between": _Translator.between,
    "property": _Translator.property,
    "todo": _Translator.task,
    "task": _Translator.task,
    "priority": _Translator.priority,
    "page": _Translator.page,
    "namespace": _Translator.namespace,
    "page-property": _Translator.page_property,
    "page-tags": _Translator.page_tags,
    "all-page-tags": _Translator.all_page_tags,
    "sort-by": _Translator.sort_by,
    "sample": _Translator.sample,
}


def _result(operator: str, clauses: list[object], around: str | None, *, nested: bool) -> Sequence:
    """How Logseq joins clauses. `(not (or a b))` becomes `(not a b)` by it, which means not both."""
    if operator == "not":
        if all(isinstance(each, Sequence) for each in clauses):
            return Sequence((_NOT, *clauses))
        joined = [inner for each in clauses for inner in (each if isinstance(each, tuple) else (each,))]
        if len(joined) == 1 and isinstance(joined[0], tuple) and joined[0][:1] == (_AND,):
            joined = list(joined[0][1:])
        return Sequence((_NOT, *joined))
    if around in {"not", "or"} or nested:
        return Sequence((_AND, *clauses))
    spread: list[object] = []
    for each in clauses:
        if isinstance(each, Sequence):
            spread.append(each)
        elif isinstance(each, Vector):
            spread += each
    return Sequence((Symbol(operator), *spread))


def _value(written: object) -> object:
    """A property's value as Logseq reads it in a query: `true`, `3`, `[[page]]`, `#tag` or text."""
    if written is None:
        return None
    if isinstance(written, Boolean):
        return TRUE if written is TRUE else FALSE
    text = print_value(written, readable=False)
    stripped = text.strip()
    if text in {"true", "false"}:
        return TRUE if text == "true" else FALSE
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < 16 else float(text)
    if text.startswith("#"):
        return text[1:].strip()
    return page_ref_name(text).strip() if is_page_ref(text) else stripped
