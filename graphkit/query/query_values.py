"""Values of queries and transforms, with the equality that ClojureScript gives them.

nil is None; numbers are int where they are whole, else float; strings are str; keywords and symbols are those of the
EDN reader. Booleans are `TRUE` and `FALSE`, because Python's `True` equals 1. All values can be hashed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.errors import QueryError
from graphkit.text.edn import List, Map, Set, Tagged
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Character, Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.text.edn import Form

MAX_SAFE: Final = 2**53
"""Whole numbers beyond this are floating-point numbers, as in JavaScript."""


class Boolean:
    """`true` or `false`."""

    __slots__ = ("_truth",)

    def __init__(self, *, truth: bool) -> None:
        self._truth = truth

    def __bool__(self) -> bool:
        return self._truth

    def __repr__(self) -> str:
        return "true" if self._truth else "false"


TRUE: Final = Boolean(truth=True)
FALSE: Final = Boolean(truth=False)


class Vector(tuple[object, ...]):
    """`[…]`; equal to a sequence of the same items."""

    __slots__ = ()


class Sequence(tuple[object, ...]):
    """A list or a sequence, `(…)`; equal to a vector of the same items."""

    __slots__ = ()


class SetValue:
    """`#{…}`, in the order in which the members were put in."""

    __slots__ = ("items", "members")

    def __init__(self, items: Iterable[object]) -> None:
        self.items = tuple(dict.fromkeys(items))
        self.members = frozenset(self.items)

    def __contains__(self, value: object) -> bool:
        return value in self.members

    def __iter__(self) -> Iterator[object]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SetValue) and self.members == other.members

    def __hash__(self) -> int:
        return hash(self.members)


class MapValue(dict[object, object]):
    """`{…}`. Never changed after it was made."""

    __slots__ = ("_hash",)
    _hash: int

    def __hash__(self) -> int:  # type: ignore[override]
        try:
            return self._hash
        except AttributeError:
            self._hash = hash(frozenset(self.items()))
            return self._hash


class Uuid:
    """A block's or page's identity."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text.lower()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Uuid) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return self.text


SEQUENTIAL: Final = (Vector, Sequence)


def boolean(*, truth: bool) -> Boolean:
    """The value for a truth."""
    return TRUE if truth else FALSE


def truthy(value: object) -> bool:
    """Everything but nil and false counts as true."""
    return value is not None and value is not FALSE and value is not False


def lift(value: object) -> object:
    """A result of Python as a value: bool becomes `Boolean`, a whole float an int, a huge int a float."""
    if value is True:
        return TRUE
    if value is False:
        return FALSE
    if isinstance(value, float) and value.is_integer() and abs(value) < MAX_SAFE:
        return int(value)
    if isinstance(value, int) and abs(value) > MAX_SAFE:
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    return value


def is_number(value: object) -> bool:
    """True if a value is a number; booleans do not count."""
    return value.__class__ is int or value.__class__ is float


def from_json(value: object) -> object:
    """A value out of a table's JSON: a list is a set, because only sets are written as lists there."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, list):
        return SetValue(from_json(each) for each in value)
    if isinstance(value, dict):
        return MapValue({Keyword(key): from_json(each) for key, each in value.items()})
    return value


def from_form(form: Form) -> object:
    """Everything an EDN form stands for as data. Raises QueryError for a `#uuid` that is not one."""
    value = form.value
    match value:
        case bool():
            return TRUE if value else FALSE
        case List():
            return Sequence(from_form(each) for each in value.items)
        case VectorForm():
            return Vector(from_form(each) for each in value.items)
        case Set():
            return SetValue(from_form(each) for each in value.items)
        case Map():
            return MapValue({from_form(key): from_form(each) for key, each in value.entries})
        case Tagged():
            return _tagged(value, form.start)
        case Character():
            return value.text
    return lift(value)


def _tagged(tagged: Tagged, offset: int) -> object:
    text = tagged.form.value
    if not isinstance(text, str):
        raise QueryError(f"#{tagged.tag} takes a string", offset)
    return Uuid(text) if tagged.tag == "uuid" else text


def to_json(value: object) -> object:
    """A value for a JSON document: keywords and symbols by name without the namespace, sets and sequences as lists."""
    if value is None or isinstance(value, str) or is_number(value):
        return value
    if isinstance(value, Boolean):
        return bool(value)
    if isinstance(value, Keyword | Symbol):
        return value.name.rpartition("/")[2] or value.name
    if isinstance(value, Uuid):
        return value.text
    if isinstance(value, MapValue):
        return {_key(key): to_json(each) for key, each in value.items()}
    if isinstance(value, tuple | SetValue):
        return [to_json(each) for each in value]
    return None


def _key(key: object) -> str:
    name = to_json(key)
    return name if isinstance(name, str) else print_value(key)


def print_value(value: object, *, readable: bool = True) -> str:
    """A value as EDN text; with `readable` off, a string stands there without quotes."""
    out: list[str] = []
    _print(value, out, readable=readable)
    return "".join(out)


def _print(value: object, out: list[str], *, readable: bool) -> None:
    if isinstance(value, str):
        out.append(_quoted(value) if readable else value)
    elif value is None:
        out.append("nil" if readable else "")
    elif isinstance(value, Keyword):
        out.append(f":{value.name}")
    elif isinstance(value, Symbol):
        out.append(value.name)
    elif isinstance(value, Uuid):
        out.append(f'#uuid "{value.text}"' if readable else value.text)
    elif isinstance(value, MapValue):
        _print_map(value, out)
    elif isinstance(value, SetValue):
        _print_items("#{", value, "}", out)
    elif isinstance(value, Vector):
        _print_items("[", value, "]", out)
    elif isinstance(value, tuple):
        _print_items("(", value, ")", out)
    elif isinstance(value, float):
        out.append(number_text(value))
    else:
        out.append(repr(value) if isinstance(value, int | Boolean) else "#object")


def number_text(value: float) -> str:
    """A number as JavaScript writes it."""
    if value != value:  # noqa: PLR0124 - the test for NaN
        return "##NaN"
    if value in {float("inf"), float("-inf")}:
        return "##Inf" if value > 0 else "##-Inf"
    text = repr(value)
    return text.replace("e+", "e+").removesuffix(".0")


def _print_items(opening: str, items: Iterable[object], closing: str, out: list[str]) -> None:
    out.append(opening)
    for index, item in enumerate(items):
        if index:
            out.append(" ")
        _print(item, out, readable=True)
    out.append(closing)


def _print_map(value: Mapping[object, object], out: list[str]) -> None:
    out.append("{")
    for index, (key, item) in enumerate(value.items()):
        if index:
            out.append(", ")
        _print(key, out, readable=True)
        out.append(" ")
        _print(item, out, readable=True)
    out.append("}")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for character, escape in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\f", "\\f"), ("\b", "\\b")):
        escaped = escaped.replace(character, escape)
    return f'"{escaped}"'
