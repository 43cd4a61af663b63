"""Values of properties with the types that Logseq gives them (spec: logseq-format §4.3, 11.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.constructs import Regions
from graphkit.outline.inline.property_value import plain_items, value_references
from graphkit.outline.properties import COMMA_KEYS, RAW
from graphkit.outline.scanner import begins_block
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.outline.properties import Property

Value = bool | int | str | tuple[str, ...]
"""A typed value; a tuple is a set of page titles, as written and in the order of the text."""

_INTEGER: Final = lazy_pattern(r"\d+", re.ASCII)
_LARGEST: Final = 2**53 - 1


class ValueRules(Record, frozen=True, kw_only=True):
    """Settings of a vault that decide how values are read."""

    comma_separated: frozenset[str] = frozenset()
    """`:property/separated-by-commas`, normalised."""
    unread: frozenset[str] = frozenset()
    """`:ignored-page-references-keywords` that are written as strings: their values stay text."""


_DEFAULT: Final = ValueRules()


def typed_value(prop: Property, rules: ValueRules = _DEFAULT) -> Value:
    """The value as Logseq stores it (spec: logseq-format §4.3).

    A value that refers to pages is the set of their titles; of a key split at commas the plain parts belong to it too.
    A set without any item is no set: the value is read as the text it is.
    """
    key, text = prop.key, prop.value
    if key in RAW or key in rules.unread or is_quoted(text):
        return text
    pages = value_references(prop.written).pages
    if key in COMMA_KEYS or key in rules.comma_separated:
        pages = (*pages, *_items(text))
        if len(pages) > 1:
            pages = tuple(sorted(pages))
    if pages:
        return tuple(dict.fromkeys(title for _, title in pages))
    if text == "true":
        return True
    if text == "false":
        return False
    if _INTEGER.fullmatch(text) and len(text.lstrip("0")) <= len(str(_LARGEST)) and int(text) <= _LARGEST:
        return int(text)
    return text


def value_titles(prop: Property, rules: ValueRules = _DEFAULT) -> tuple[str, ...]:
    """The pages that a value refers to, as written (spec: logseq-format §4.4)."""
    if prop.key in rules.unread and not is_quoted(prop.value):
        return value_references(prop.written, as_text=True).titles
    value = typed_value(prop, rules)
    return value if isinstance(value, tuple) else ()


def value_blocks(prop: Property) -> tuple[str, ...]:
    """The ids of the blocks that a value refers to, whatever its key (spec: logseq-format §4.4)."""
    written = prop.written
    return () if written[:1] == '"' == written[-1:] else value_references(written).blocks


def listed_titles(prop: Property) -> tuple[str, ...]:
    """The pages of a page's `alias::` or `tags::`: titles in it, else the whole text (spec: logseq-format §11.2)."""
    value = typed_value(prop)
    if isinstance(value, tuple):
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return (text,) if text.strip() else ()


def is_heading(properties: Iterable[Property]) -> bool:
    """True if `heading::` makes a block one: any value but `false` (spec: logseq-format §3.6).

    A pre-block that is one is not one to Logseq, and gives no page properties unless they open the page.
    """
    value: object = False
    for prop in properties:
        if prop.key == "heading":
            value = typed_value(prop)
    return value is not False


def is_quoted(text: str) -> bool:
    """True if the whole value stands in quotes, which makes it text (spec: logseq-format §4.3, rule 2)."""
    return len(text) > 1 and text[0] == '"' == text[-1]


def _items(text: str) -> Iterator[tuple[int, str]]:
    """The plain parts between commas, where the value read as a page would begin with a paragraph."""
    if text and not begins_block(text, 0) and Regions(text).read(0) is None:
        yield from plain_items(text)
