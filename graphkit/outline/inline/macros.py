"""Macros `{{name argument, argument}}`: where they end and what an embed refers to (spec: logseq-format §6.1, §6.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.outline.inline.links import BLANK, block_id, is_id, read_nested, without_brackets
from graphkit.outline.inline.segment import Region
from graphkit.outline.inline.tokens import Macro
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.inline.tokens import ReferenceKind

_END = lazy_pattern(r"[}\r\n]")
_NAME = lazy_pattern(r"[^}( ]+")
_GAP = lazy_pattern(r"[ \t\x1a\x0c]*")
_QUOTED = lazy_pattern(r'"(?:[^"\\]|\\.)+"', re.DOTALL)
_PARENTHESIS = lazy_pattern(r"\)")
_UNTIL_COMMA = lazy_pattern(r"[^,]+")


def read_macro(region: Region, at: int) -> Macro | None:
    """The macro at `at`; its text stays on one line and holds no `}`."""
    text, end = region.text, region.end
    for braces in (3, 2):
        start = at + braces
        if not text.startswith("{" * braces, at, end):
            continue
        stop = region.find_any(_END, start)
        if stop == start or not text.startswith("}" * braces, stop, end):
            continue
        name = _NAME.match(text, start, stop)
        if not name:
            continue
        arguments = _arguments(text, name.end(), stop)
        if arguments is not None:
            return Macro(name.group(), arguments, at, stop + braces)
    return None


def _arguments(text: str, start: int, stop: int) -> tuple[str, ...] | None:
    """Arguments between commas; None where a reference or a quoted text is followed by anything but a comma."""
    region = Region(text, start, stop)
    found: list[str] = []
    at = _skip(text, start, stop)
    while True:
        at = _skip(text, at, stop)
        after = _argument_end(region, at)
        if after < 0:
            return tuple(found) if at >= stop and not found else None
        found.append(text[at:after])
        at = _skip(text, after, stop)
        if at >= stop:
            return tuple(found)
        if text[at] != ",":
            return None
        at += 1


def _skip(text: str, at: int, stop: int) -> int:
    match = _GAP.match(text, at, stop)
    return match.end() if match else at


def _argument_end(region: Region, at: int) -> int:
    text, stop = region.text, region.end
    if text.startswith("[[", at, stop):
        nested = read_nested(region, at)
        if nested:
            return nested[0]
        close = region.page_end(at)
        if close >= 0:
            return close + 2
    if text.startswith("((", at, stop):
        close = region.find_any(_PARENTHESIS, at + 2)
        if close > at + 2 and text.startswith("))", close, stop):
            return close + 2
    for pattern in (_QUOTED, _UNTIL_COMMA):
        match = pattern.match(text, at, stop)
        if match:
            return match.end()
    return -1


def embed_references(macro: Macro) -> Iterator[tuple[ReferenceKind, str]]:
    """The pages and blocks that a macro refers to: only embeds do; one of a block also names a page like the id.

    spec: logseq-format §6.4.
    """
    if macro.name != "embed" or not macro.arguments:
        return
    title = without_brackets(", ".join(macro.arguments))
    if title.strip(BLANK):
        yield "embed", block_id(title) or title
    first = macro.arguments[0]
    if first.startswith("((") and first.endswith("))") and is_id(first[2:-2]):
        yield "embed_block", first[2:-2]
