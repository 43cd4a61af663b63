"""Property lines: keys as Logseq normalises them, values with their types; knows no page and no place in a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.inline import read_inline
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphkit.outline.inline import Reference

Value = bool | int | str | tuple[str, ...]
"""A typed value; a tuple is a set of page titles in the order of the text."""

COMMA_KEYS: Final = frozenset({"tags", "alias", "aliases"})
"""Keys whose values are split at commas (spec: logseq-format §4.3)."""

EDITABLE_RAW: Final = frozenset(
    {
        "title",
        "icon",
        "template",
        "filters",
        "macro",
        "filetags",
        "logseq.color",
        *(
            f"logseq.table.{name}"
            for name in ("version", "compact", "headers", "hover", "borders", "stripes", "max-width")
        ),
    }
)
"""Built-in keys shown to people whose values stay strings (spec: logseq-format §4.5)."""

EDITABLE_TYPED: Final = frozenset(
    {"public", "template-including-parent", "exclude-from-graph-view", "logseq.query/nlp-date"}
)
"""Built-in switches (spec: logseq-format §4.5)."""

HIDDEN_RAW: Final = frozenset(
    {
        "id",
        "custom-id",
        "background-color",
        "query-properties",
        "query-sort-by",
        "ls-type",
        "hl-type",
        "hl-color",
        "logseq.macro-name",
        "logseq.macro-arguments",
        "logseq.order-list-type",
        "logseq.tldraw.page",
        "logseq.tldraw.shape",
    }
)
"""Built-in keys that Logseq does not show, values stay strings (spec: logseq-format §4.5)."""

HIDDEN_BOOLEAN: Final = frozenset({"collapsed", "heading", "query-table", "query-sort-desc"})
"""Hidden switches; `heading` may be a number (spec: logseq-format §4.5)."""

HIDDEN_INTEGER: Final = frozenset(
    {"created-at", "updated-at", "last-modified-at", "hl-page", "hl-stamp", "todo", "doing", "now", "later", "done"}
)
"""Hidden numbers (spec: logseq-format §4.5)."""

HIDDEN: Final = HIDDEN_RAW | HIDDEN_BOOLEAN | HIDDEN_INTEGER
"""All built-in keys that live in files only (spec: logseq-format §4.5); flashcard keys are hidden at run time."""

RAW: Final = EDITABLE_RAW | HIDDEN_RAW
"""Keys whose values are never read (spec: logseq-format §4.3.1)."""

BUILT_IN: Final = COMMA_KEYS | EDITABLE_RAW | EDITABLE_TYPED | HIDDEN
"""Keys that are no page references themselves (spec: logseq-format §4.4)."""

JS_SPACE: Final = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""The characters Logseq strips at the ends of a text: JavaScript's white space."""

_NOT_IN_KEYS: Final = lazy_pattern(rf"[{JS_SPACE}\"^(){{}}|,;@~`\\\[\]]|\A#")
_INTEGER: Final = lazy_pattern(r"\d+", re.ASCII)
_LARGEST: Final = 2**53 - 1
_COMMA: Final = lazy_pattern("[,，]")
_NAMES_PAGE: Final = lazy_pattern(r"\[\[")
_EMPHASIS: Final = lazy_pattern("[*_~=^]")
_CONSTRUCT: Final = lazy_pattern(
    r"(?<!`)(`++)[^`]++\1(?!`)|\{\{[^{}]*+\}\}|!?\[[^\[\]]*+\]\([^()]*+\)|https?://[^\s,]++|\$[^$\s](?:[^$]*[^$\s])?\$"
)


class Property(Record, kw_only=True):
    """One line of a page that sets a property; final instead of frozen, for speed."""

    key: Final[str]
    """Normalised: lower-case, `_` and spaces as `-`, `custom-id` as `id` (spec: logseq-format §4.2)."""
    raw_key: Final[str]
    """As written."""
    value: Final[str]
    """As written, without white space at its ends."""
    start: Final[int]
    """First code point of the line (of the text after the bullet in a title)."""
    end: Final[int]
    """After the line, without its line end."""
    value_start: Final[int]
    """First code point of `value`."""


def normal_key(raw: str) -> str:
    """A key as Logseq compares it (spec: logseq-format §4.2)."""
    key = raw.lower().replace(" ", "-").replace("_", "-")
    return "id" if key == "custom-id" else key


def is_valid_key(key: str) -> bool:
    """Whether Logseq takes a normalised key: readable as an EDN keyword, none of its special characters (4.2)."""
    if not key or _NOT_IN_KEYS.search(key):
        return False
    space, slash, name = key.partition("/")
    if not slash:
        return True
    if not space:
        return not name
    return bool(name) and "/" not in name and not ("0" <= name[0] <= "9")


def typed_value(prop: Property, *, commas: Collection[str] = ()) -> Value:
    """The value as Logseq stores it (spec: logseq-format §4.3); `commas` are further keys split at commas (normalised).

    A key split at commas whose value holds no item (`,`) gives an empty tuple; one that holds no plain text at all, as
    code, stays a string (verified).
    """
    key, text = prop.key, prop.value
    if key in RAW:
        return text
    if len(text) > 1 and text[0] == '"' == text[-1]:
        return text
    if key in COMMA_KEYS or key in commas:
        titles = tuple(dict.fromkeys(_split(text)))
        if titles or _CONSTRUCT.sub("", text).strip(JS_SPACE):
            return titles
    elif "[" in text or "#" in text:
        titles = tuple(dict.fromkeys(reference.target for reference in _pages(text)))
        if titles:
            return titles
    if text == "true":
        return True
    if text == "false":
        return False
    if _INTEGER.fullmatch(text) and len(text.lstrip("0")) <= len(str(_LARGEST)) and int(text) <= _LARGEST:
        return int(text)
    return text


def _pages(text: str) -> list[Reference]:
    """The page references that make a value a set: not those inside emphasis, not labels of links to files."""
    found = [
        reference
        for reference in read_inline(text).references
        if reference.kind in {"tag", "embed"}
        or (reference.kind == "page" and _NAMES_PAGE.search(text, reference.start, reference.end))
    ]
    if not found or not _EMPHASIS.search(text):
        return found
    # No tag is read inside emphasis (spec: logseq-format §6.2), so a tag put in the place of each reference tells where
    # it stands.
    parts: list[str] = []
    places: dict[int, int] = {}
    at = length = 0
    for reference in found:
        if reference.start >= at:
            parts += text[at : reference.start], "#t"
            length += reference.start - at
            places[length] = reference.start
            length += 2
            at = reference.end
    outside = {places.get(probe.start) for probe in read_inline("".join((*parts, text[at:]))).references}
    return [reference for reference in found if reference.start in outside or reference.start not in places.values()]


def _split(text: str) -> Iterator[str]:
    """The items of a value split at commas, references whole, constructs other than plain text dropped (4.3)."""
    at = 0
    for reference in _pages(text):
        if reference.start >= at:
            yield from _plain_items(text[at : reference.start])
        yield reference.target
        at = max(at, reference.end)
    yield from _plain_items(text[at:])


def _plain_items(text: str) -> Iterator[str]:
    for item in _COMMA.split(_CONSTRUCT.sub("", text)):
        title = item.strip(JS_SPACE)
        if title:
            yield title
