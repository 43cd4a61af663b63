"""Functions of strings that a transform can call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from graphkit.query.errors import MAX_TEXT, QueryError
from graphkit.query.functions import ends_with, includes, is_blank, length, starts_with, string, text_of
from graphkit.query.query_values import MapValue, Vector, is_number, number_text
from graphkit.query.regular_expressions import TIMEOUT, Pattern
from graphkit.query.transform.invoke import call
from graphkit.query.transform.lazy import sequence

if TYPE_CHECKING:
    from collections.abc import Callable


def join(separator: object, collection: object = None) -> str:
    """`clojure.string/join`."""
    between, given = ("", separator) if collection is None else (text_of(separator), collection)
    text = between.join(text_of(each) for each in sequence(given))
    if len(text) > MAX_TEXT:
        raise QueryError(f"join returns more than {MAX_TEXT:,} characters", limit=True)
    return text


def split(text: object, by: object, limit: object = None) -> object:
    """`clojure.string/split`."""
    most = int(limit) if is_number(limit) and limit > 0 else 0  # type: ignore[call-overload,operator]
    held = string(text)
    if isinstance(by, Pattern):
        try:
            parts = by.compiled.split(held, maxsplit=max(0, most - 1) if most else 0, timeout=TIMEOUT)
        except TimeoutError:
            raise QueryError(f"the regular expression {by.source[:60]!r} takes too long", limit=True) from None
        if by.source == "":
            parts = list(held)
    else:
        parts = held.split(string(by), most - 1 if most else -1) if by else list(held)
    if not most:
        while parts and not parts[-1]:
            parts.pop()
    return Vector(parts)


def split_lines(text: object) -> object:
    """`clojure.string/split-lines`."""
    parts = re.split(r"\r?\n", string(text))
    while parts and not parts[-1]:
        parts.pop()
    return Vector(parts)


def replace(text: object, match: object, replacement: object) -> str:
    """`clojure.string/replace`."""
    return _replaced(string(text), match, replacement, 0)


def replace_first(text: object, match: object, replacement: object) -> str:
    """`clojure.string/replace-first`."""
    return _replaced(string(text), match, replacement, 1)


def _replaced(text: str, match: object, replacement: object, most: int) -> str:
    if isinstance(match, Pattern):
        try:
            result = match.compiled.sub(_substitute(replacement), text, count=most, timeout=TIMEOUT)
        except TimeoutError:
            raise QueryError(f"the regular expression {match.source[:60]!r} takes too long", limit=True) from None
    elif isinstance(match, str):
        result = text.replace(match, text_of(replacement), most or -1)
    else:
        raise TypeError("replace takes a string or a regular expression")
    if len(result) > MAX_TEXT:
        raise QueryError(f"replace returns more than {MAX_TEXT:,} characters", limit=True)
    return str(result)


def _substitute(replacement: object) -> Callable[[Any], str]:
    if not isinstance(replacement, str):

        def called(found: re.Match[str]) -> str:
            given = Vector((found[0], *found.groups())) if found.re.groups else found[0]
            return text_of(call(replacement, given))

        return called

    def filled(found: re.Match[str]) -> str:
        def group(reference: re.Match[str]) -> str:
            if reference[1] == "$":
                return "$"
            if reference[1] == "&":
                return str(found[0])
            number = int(reference[1])
            return str(found[number] or "" if 0 < number <= found.re.groups else reference[0])

        return re.sub(r"\$(\$|&|\d{1,2})", group, replacement)

    return filled


def index_of(text: object, part: object, start: object = 0) -> object:
    """`clojure.string/index-of`."""
    at = string(text).find(text_of(part), int(start) if is_number(start) else 0)  # type: ignore[call-overload]
    return None if at < 0 else length(string(text)[:at])


def last_index_of(text: object, part: object) -> object:
    """`clojure.string/last-index-of`."""
    at = string(text).rfind(text_of(part))
    return None if at < 0 else length(string(text)[:at])


def parse_long(text: object) -> object:
    """`parse-long`."""
    held = string(text)
    return int(held) if re.fullmatch(r"[+-]?[0-9]{1,15}", held) else None


def parse_double(text: object) -> object:
    """`parse-double`."""
    held = string(text).strip()
    return (
        float(held)
        if re.fullmatch(r"[+-]?([0-9]{1,300}\.?[0-9]{0,300}|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?", held)
        else None
    )


def parse_float(text: object, *_rest: object) -> object:
    """`parseFloat`, and `js/parseFloat` of Logseq's own functions."""
    held = text if isinstance(text, str) else number_text(text) if isinstance(text, int | float) else text_of(text)
    found = re.match(r"\s*([+-]?(?:[0-9]{1,300}\.?[0-9]{0,300}|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,3})?)", held)
    return float(found[1]) if found else float("nan")


def capitalize(text: object) -> str:
    """`clojure.string/capitalize`."""
    held = text_of(text)
    return held[:1].upper() + held[1:].lower()


def escape(text: object, table: object) -> str:
    """`clojure.string/escape`."""
    names = table if isinstance(table, MapValue) else MapValue()
    return "".join(text_of(names.get(each, each)) for each in string(text))


def _given(text: object) -> str:
    if text is None:
        raise TypeError("nil is not a string")
    return text_of(text)


STRINGS: Final[dict[str, Callable[..., object]]] = {
    "clojure.string/join": join,
    "clojure.string/split": split,
    "clojure.string/split-lines": split_lines,
    "clojure.string/replace": replace,
    "clojure.string/replace-first": replace_first,
    "clojure.string/index-of": index_of,
    "clojure.string/last-index-of": last_index_of,
    "clojure.string/upper-case": lambda text: _given(text).upper(),
    "clojure.string/lower-case": lambda text: _given(text).lower(),
    "clojure.string/capitalize": capitalize,
    "clojure.string/trim": lambda text: string(text).strip(),
    "clojure.string/triml": lambda text: string(text).lstrip(),
    "clojure.string/trimr": lambda text: string(text).rstrip(),
    "clojure.string/trim-newline": lambda text: string(text).rstrip("\r\n"),
    "clojure.string/reverse": lambda text: string(text)[::-1],
    "clojure.string/escape": escape,
    "clojure.string/blank?": is_blank,
    "clojure.string/includes?": includes,
    "clojure.string/starts-with?": starts_with,
    "clojure.string/ends-with?": ends_with,
    "parse-long": parse_long,
    "parse-double": parse_double,
    "parseFloat": parse_float,
}
