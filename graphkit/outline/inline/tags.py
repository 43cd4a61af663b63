"""Where a `#tag` ends and which pages it names (spec: logseq-format §6.2, §11.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.inline.emphasis import EmphasisFinder
from graphkit.outline.inline.links import (
    BLANK,
    block_id,
    nested_references,
    page_references,
    read_link,
    read_nested,
    without_brackets,
)
from graphkit.outline.inline.segment import Region, unescaped
from graphkit.outline.inline.tokens import Reference
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_ODD: Final = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_ENDS: Final = r"(?=[ \t\r\n,!?'\":#]|[.;]+(?:[ \t\r\n]|\Z)|\Z)"
SIMPLE_TAG = lazy_pattern(rf"#(?!\()[^{_ODD}#,;.!?'\":\[\\]+{_ENDS}")
"""A tag without brackets, escapes and odd white space, up to where it surely ends."""
TAG_WITHOUT_PAGES = lazy_pattern(rf"#(?!\()[^{_ODD}#,;.!?'\":\\]+{_ENDS}")
"""The same where no `]` follows, so that `[` is a letter like others."""
_PART = lazy_pattern(r"[^ \t\x1a\x0c\r\n#,;.!?'\":\[]+")
_MARKS = lazy_pattern(r"[,;.!?'\":#]*")
_SOFT = lazy_pattern(r"[;.]+")
_BREAK = frozenset(" \t\x1a\x0c\r\n")
_INVALID = lazy_pattern(r"[# \t\r\n]")


def tag_end(region: Region, at: int) -> int:
    """Where the tag ends whose `#` stands at `at`; `at + 1` if it is not one."""
    text, end = region.text, region.end
    place = at + 1
    while place < end:
        match = _PART.match(text, place, end)
        if match:
            place = match.end()
            continue
        char = text[place]
        if char == "[":
            close = region.page_end(place) if text.startswith("[[", place, end) else -1
            place = close + 2 if close >= 0 else place + 1
        elif char in ";.":
            marks = _MARKS.match(text, place, end)
            after = marks.end() if marks else place
            if after >= end or text[after] in _BREAK:
                break
            soft = _SOFT.match(text, place, end)
            place = soft.end() if soft else place
        else:
            break
    return place


def tag_references(text: str, start: int, end: int) -> Iterator[Reference]:
    """The pages and blocks that the tag at `text[start:end]` refers to: its own page first, then the `[[…]]` in it."""
    name = text[start + 1 : end]
    inner: list[Reference] = []
    if "]" in name:
        whole, inner = _with_brackets(text, start + 1, end)
    else:
        whole = unescaped(name)
    title = without_brackets(whole)
    page = block_id(title) or title
    if page.strip(BLANK):
        yield Reference("tag", page, start, end)
    if page != title and not _INVALID.search(title):
        yield Reference("tag", title, start, end)
    yield from inner


def _with_brackets(text: str, start: int, end: int) -> tuple[str, list[Reference]]:
    region = Region(text, start, end)
    emphases = EmphasisFinder(region)
    parts: list[str] = []
    found: list[Reference] = []
    at = plain = start
    while at < end:
        bracket = text.find("[", at, end)
        if bracket < 0:
            break
        nested = read_nested(region, bracket) if text.startswith("[[", bracket, end) else None
        close = region.page_end(bracket) if text.startswith("[[", bracket, end) else -1
        link = read_link(region, emphases, bracket) if not nested and close < 0 else None
        if nested:
            after, places = nested
            found.extend(nested_references(text, places))
        elif close >= 0:
            after = close + 2
            title = unescaped(text[bracket + 2 : close])
            found.extend(Reference(kind, target, bracket, after) for kind, target in page_references("page", title))
        elif link:
            after = link.end
            found.extend(Reference(kind, target, bracket, after) for kind, target in link.found)
        else:
            at = bracket + 1
            continue
        parts.extend((unescaped(text[plain:bracket]), text[bracket:after]))
        at = plain = after
    parts.append(unescaped(text[plain:end]))
    return "".join(parts), found
