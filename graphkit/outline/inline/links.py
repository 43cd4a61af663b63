"""Brackets: page references, nested ones, `[label](url)` and what a label or an url refers to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from graphkit.outline.inline.segment import Region, unescaped
from graphkit.outline.inline.tokens import Reference
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.inline.emphasis import EmphasisFinder
    from graphkit.outline.inline.tokens import ReferenceKind

_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ID = lazy_pattern(_UUID)
_BLOCK = lazy_pattern(rf"\(\(({_UUID})\)\)")
SIMPLE_PAGE = lazy_pattern(r"\[\[([^\[\]\r\n\\]+)\]\]")
NESTING_LIMIT: Final = 64
"""Depth from which on only references that hold no others count: titles of all levels would grow quadratically."""
UNUSUAL: Final = ("(", ".", "/", "assets", "draws")
"""How a title starts that may be an id or a file of the vault."""
_FILE_OF_VAULT = lazy_pattern(r"[./]*assets|draws")
_WHOLE_PAGE = lazy_pattern(r"\[\[([^\n\r\u2028\u2029]*)\]\]")
_WHOLE_FILE_LINK = lazy_pattern(r"\[([^\n\r\u2028\u2029]*)\]\(file:[^\n\r\u2028\u2029]*\)")
_LABEL_STOP = lazy_pattern(r"\\[^\r\n]|[`\[\]\r\n]")
_METADATA_END = lazy_pattern(r"[}\r\n]")
_URL_PAGE = lazy_pattern(r"(\[\[.*\]\])(?: [ \t\x1a\x0c]*(?:\"(?:[^\"\\]|\\.)+\")?)?", re.DOTALL)
_URL_BLOCK = lazy_pattern(r"\(\(([^)]+)\)\)(?: [ \t\x1a\x0c]*(?:\"(?:[^\"\\]|\\.)+\")?)?", re.DOTALL)
_URL_ANGLE = lazy_pattern(r"<((?:[^<>\\]|\\.)+)>(?: [ \t\x1a\x0c]*(?:\"(?:[^\"\\]|\\.)+\")?)?", re.DOTALL)
_URL_PLAIN = lazy_pattern(r"([^ ]+)(?: [ \t\x1a\x0c]*(?:\"(?:[^\"\\]|\\.)+\")?)?", re.DOTALL)
_PROTOCOL = lazy_pattern(r"([^:]*)://(.*)")


BLANK: Final = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""White space as JavaScript has it: a title of nothing else is no title."""


def block_id(text: str) -> str | None:
    """The id if the text is exactly `((id))` with a canonical id."""
    match = _BLOCK.fullmatch(text)
    return match[1] if match else None


def is_id(text: str) -> bool:
    """True if the text is a canonical block id (spec: logseq-format §6.4)."""
    return len(text) == 36 and _ID.fullmatch(text) is not None


def without_brackets(text: str) -> str:
    """`a` of `[[a]]`, `a` of `[a](file:b)`; any other text as it is."""
    match = _WHOLE_FILE_LINK.fullmatch(text) if "](file:" in text else None
    if match:
        return match[1].strip()
    match = _WHOLE_PAGE.fullmatch(text)
    return match[1] if match else text


def page_references(kind: ReferenceKind, title: str) -> Iterator[tuple[ReferenceKind, str]]:
    """The page that a title between `[[` and `]]` refers to; none for files of the vault and blank titles."""
    found = block_id(title)
    if found:
        yield kind, found
        yield "block", found
    elif title.strip(BLANK) and not _FILE_OF_VAULT.match(title):
        yield kind, title
        if is_id(title):
            yield "block", title


def nested_references(text: str, places: tuple[tuple[int, int], ...]) -> Iterator[Reference]:
    """The pages that nested brackets name; unlike plain ones they never refer to blocks."""
    for start, end in places:
        title = text[start + 2 : end - 2]
        if title.strip(BLANK):
            yield Reference("page", block_id(title) or title, start, end)


class Link(NamedTuple):
    """One `[label](url)`: where it ends, what it refers to, where its label and its url stand."""

    end: int
    found: tuple[tuple[ReferenceKind, str], ...]
    label: tuple[int, int]
    url: tuple[int, int]


class Label(NamedTuple):
    """A label between `[` and `](`, and the first code span in it (the place of the `]` twice if nothing is there)."""

    start: int
    end: int
    code: tuple[int, int]


def read_label(region: Region, at: int) -> Label | None:
    """The label that opens with the `[` at `at`.

    It ends on its line, unless a pair of brackets inside it goes over lines; in such a pair nothing is code.
    """
    text, end = region.text, region.end
    place = at + 1
    code: tuple[int, int] | None = None
    while match := _LABEL_STOP.search(text, place, end):
        found = match.group()
        place = match.end()
        if found == "`":
            span = region.code(match.start())
            if span:
                place = span.end
                code = code or (span.start, span.end)
        elif found == "[":
            page = region.page_end(match.start()) if text.startswith("[[", match.start(), end) else -1
            place = page + 2 if page >= 0 else region.bracket_end(match.start())
            if place < 0:
                return None
        elif found == "]":
            close = match.start()
            return Label(at + 1, close, code or (close, close)) if text.startswith("](", close, end) else None
        elif found[0] != "\\":
            return None
    return None


def read_link(region: Region, emphases: EmphasisFinder, at: int) -> Link | None:
    """The link whose label opens with the `[` at `at`."""
    text, end = region.text, region.end
    label = read_label(region, at)
    if label is None:
        return None
    url_start = label.end + 2
    url_end = region.parenthesis_end(url_start)
    if url_end >= 0:
        after = url_end + 1
    else:
        after = region.line_end(url_start)
        url_end = after - 1
        if url_end < url_start or text[url_end] != ")":
            return None
    found = tuple(_url_references(text[url_start:url_end], region, emphases, label))
    if text.startswith("{", after, end) and text.startswith("}", region.find_any(_METADATA_END, after), end):
        after = region.find_any(_METADATA_END, after) + 1
    return Link(after, found, (label.start, label.end), (url_start, url_end))


UrlKind = Literal["page", "block", "address", "file", "search"]


def url_target(url: str) -> tuple[UrlKind, str]:
    """Everything the text between the parentheses of a link is to mldoc, and its target as written."""
    first = url[:1]
    if first == "(":
        match = _URL_BLOCK.fullmatch(url)
        if match:
            return "block", match[1]
    if first == "[":
        match = _URL_PAGE.fullmatch(url)
        if match and Region(match[1], 0, len(match[1])).page_end(0) == len(match[1]) - 2:
            return "page", match[1][2:-2]
    match = _URL_ANGLE.fullmatch(url) if first == "<" else _URL_PLAIN.fullmatch(url)
    target = (match[1] if match else url).strip(" \t\n\r\x0c")
    if _PROTOCOL.match(target):
        return "address", target
    if len(target) > 3 and target.lower().endswith((".md", ".markdown")):
        return "file", target
    return "search", target


def _url_references(
    url: str,
    region: Region,
    emphases: EmphasisFinder,
    label: Label,
) -> Iterator[tuple[ReferenceKind, str]]:
    kind, target = url_target(url)
    if kind == "block":
        if is_id(target):
            yield "block", target
    elif kind == "page":
        yield from page_references("page", unescaped(target))
    elif kind == "address":
        protocol = _PROTOCOL.match(target)
        if protocol and protocol[1] == "id" and is_id(protocol[2]):
            yield "block", protocol[2]
    elif kind == "file":
        title = label_title(region, emphases, label)
        if title and title.strip(BLANK):
            yield "page", block_id(title) or title
    else:
        target = unescaped(target)
        if target.startswith("[[") and target.endswith("]]"):
            title = without_brackets(target)
            if title.strip(BLANK):
                yield "page", block_id(title) or title
        found = block_id(target) or target
        if is_id(found):
            yield "block", found


def label_title(region: Region, emphases: EmphasisFinder, label: Label) -> str | None:
    """Everything Logseq takes for a page title in the label of a link to a `.md` file: its text up to a code span.

    None where that is made of emphasis, math or scripts only.
    """
    text = region.text
    start, stop = label.start, label.code[0]
    if start == stop < label.end:
        return text[start : label.code[1]].strip("`")
    if _only_marks(text, start, stop, emphases):
        return None
    return unescaped(text[start:stop])


_MARK = lazy_pattern(r"[_^]\{[^}\r\n]+\}|\\[A-Za-z]+(?:\{\})?")


def _only_marks(text: str, start: int, stop: int, emphases: EmphasisFinder) -> bool:
    inner = type(emphases)(Region(text, start, stop))
    place = start
    while place < stop:
        emphasis = inner.at(place) if text[place] in "*_~^=" else None
        if emphasis:
            place = emphasis.end
            continue
        math = inner.region.math(place) if text[place] == "$" else -1
        if math >= 0:
            place = math
            continue
        match = _MARK.match(text, place, stop)
        if match is None:
            return False
        place = match.end()
    return start < stop


def nested_children(region: Region, start: int, stop: int) -> tuple[tuple[int, int], ...]:
    """Places of the `[[…]]` directly inside `text[start:stop]`; empty if some `[` there opens none of them."""
    text = region.text
    found: list[tuple[int, int]] = []
    at = text.find("[", start, stop)
    while at >= 0:
        end = region.nested_end(at) if text.startswith("[[", at, stop) else -1
        if not at < end <= stop:
            return ()
        found.append((at, end))
        at = text.find("[", end, stop)
    return tuple(found)


def read_nested(region: Region, at: int) -> tuple[int, tuple[tuple[int, int], ...]] | None:
    """The nested reference that opens with the `[[` at `at`: where it ends, and the places of all in it, itself first.

    None if it holds no other reference, or nothing besides one (spec: logseq-format §6.1, §11.1). See `NESTING_LIMIT`.
    """
    close = region.find("]]", at + 2)
    if close < 0 or not 0 <= region.text.find("[", at + 2, close) < close:
        return None
    end = region.nested_end(at)
    if end < 0:
        return None
    children = nested_children(region, at + 2, end - 2)
    if not children or children == ((at + 2, end - 2),):
        return None
    places = [(at, end)]
    waiting = [(child, 1) for child in reversed(children)]
    while waiting:
        place, depth = waiting.pop()
        inner = nested_children(region, place[0] + 2, place[1] - 2)
        if depth < NESTING_LIMIT or not inner:
            places.append(place)
        waiting.extend((child, depth + 1) for child in reversed(inner))
    return end, tuple(places)
