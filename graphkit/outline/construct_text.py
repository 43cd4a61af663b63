"""Which ranges of a construct are read for references: cells, quoted lines, list items.

What Logseq parses inside a quote, a list item or an org block is narrower than on a page: no headings, properties,
drawers or footnotes (observed in its parser), so the same lines can be prose there.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.outline.constructs import Regions
from graphkit.outline.lists import LIST_ITEM, definition_texts
from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.constructs import Kind, Region

_IN_QUOTE: Final[frozenset[Kind]] = frozenset(
    {"fence", "org", "math", "html", "comment", "directive", "latex", "table", "list", "quote", "rule", "hiccup"}
)
_IN_QUOTED_LIST: Final = _IN_QUOTE - {"list"}
_IN_LIST: Final = _IN_QUOTED_LIST - {"directive"}
_OPAQUE_ORG: Final = frozenset({"src", "example", "export", "comment", "query"})
_DEEPEST: Final = 12
"""Quotes and lists nested deeper than this are read as plain text, so that hostile nesting stays cheap."""

_LINE: Final = lazy_pattern(r"[^\r\n]*+(?:\r\n|[\r\n])?")
_LINE_END: Final = lazy_pattern(r"\r\n|[\r\n]")
_ORG_NAME: Final = lazy_pattern(r"[ \t\f\x1a]*+#\+(?i:begin_)(\S++)[^\r\n]*+(?:\r\n|[\r\n])")
_QUOTE_SIGN: Final = lazy_pattern(r"[ \t\f\x1a]*+>?[ \t\f\x1a]*+")
_FIRST_QUOTE_SIGN: Final = lazy_pattern(r"[ \t\f\x1a]*+>[ \t\f\x1a]*+>?[ \t\f\x1a]*+")
_INDENT: Final = lazy_pattern(r"[ \t\f\x1a]*+")
_LIST_SIGN: Final = lazy_pattern(r"[ \t\f\x1a]*+(?:[*+]|[0-9]++\.)[ \t\f\x1a]++(?:\[[ xX]\][ \t\f\x1a]++)?")
_SEPARATOR: Final = lazy_pattern(r"[-+|: \t\r\n]*+")
_CELL: Final = lazy_pattern(r"[^|\r\n]++")
_NAME: Final = lazy_pattern(r"[ \t\f\x1a]*+\[\^[^\]]*+\]:")
_MAYBE: Final = lazy_pattern(r"[ \t\f\x1a]*+[`~$<\\>\[*+0-9#|_\-]")


def region_prose(text: str, region: Region, depth: int = 0, *, quoted: bool = False) -> Iterator[Span]:
    """The ranges of `text` inside one construct whose references count (spec: logseq-format §6.3), in order.

    `quoted` tells that the construct stands in a quote or org block, where a list item can be a directive.
    """
    kind, start, end = region
    if kind == "table":
        for row in _LINE.finditer(text, start, end):
            if not _SEPARATOR.fullmatch(text, row.start(), row.end()):
                for cell in _CELL.finditer(text, *row.span()):
                    yield from trimmed(text, *cell.span())
    elif kind == "footnote":
        name = _NAME.match(text, start, end)
        yield from trimmed(text, name.end() if name else start, end)
    elif kind == "definitions":
        for place in definition_texts(text, start, end):
            yield from trimmed(text, *place)
    elif depth >= _DEEPEST:
        if kind in {"quote", "list"}:
            yield from trimmed(text, start, end)
    elif kind == "quote":
        yield from _nested(text, _quoted(text, start, end), _IN_QUOTE, depth + 1)
    elif kind == "list":
        for item in _items(text, start, end):
            yield from _nested(text, item, _IN_QUOTED_LIST if quoted else _IN_LIST, depth + 1)
    elif kind == "org":
        name = _ORG_NAME.match(text, start, end)
        if name and name[1].lower() not in _OPAQUE_ORG:
            inner = name.end()
            last = end
            while text[last - 1] in "\r\n":
                last -= 1
            close = max(text.rfind("\n", inner, last) + 1, inner)
            yield from _paragraphs(text, inner, close, _IN_QUOTE, depth + 1)


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The range without line ends before it and white space after it; nothing when nothing is left."""
    while start < end and text[start] in "\r\n":
        start += 1
    while start < end and text[end - 1] in " \t\r\n":
        end -= 1
    if start < end:
        yield Span(start, end)


def _quoted(text: str, start: int, end: int) -> list[Span]:
    """The lines of a quote without their signs, line ends included."""
    lines: list[Span] = []
    sign = _FIRST_QUOTE_SIGN
    for line in _LINE.finditer(text, start, end):
        mark = sign.match(text, line.start(), line.end())
        lines.append(Span(mark.end() if mark else line.start(), line.end()))
        sign = _QUOTE_SIGN
    return lines


def _items(text: str, start: int, end: int) -> Iterator[list[Span]]:
    """For each item of a list its lines without mark and indentation."""
    lines: list[Span] = []
    for line in _LINE.finditer(text, start, end):
        mark = _LIST_SIGN.match(text, *line.span()) if LIST_ITEM.match(text, *line.span()) else None
        if mark:
            if lines:
                yield lines
            lines = []
        else:
            mark = _INDENT.match(text, *line.span())
        lines.append(Span(mark.end() if mark else line.start(), line.end()))
    if lines:
        yield lines


def _nested(text: str, lines: list[Span], kinds: frozenset[Kind], depth: int) -> Iterator[Span]:
    """Read these lines as one text of their own and give the ranges they have on the page."""
    if len(lines) == 1:
        yield from _paragraphs(text, *lines[0], kinds, depth)
        return
    inner = "".join([text[start:end] for start, end in lines])
    places: list[int] = []
    length = 0
    for start, end in lines:
        places.append(length)
        length += end - start

    def on_page(offset: int) -> int:
        line = bisect_right(places, offset) - 1
        return lines[line].start + offset - places[line]

    for start, end in _paragraphs(inner, 0, length, kinds, depth):
        yield Span(on_page(start), on_page(end - 1) + 1)


def _paragraphs(text: str, at: int, end: int, kinds: frozenset[Kind], depth: int) -> Iterator[Span]:
    read = Regions(text, end, kinds).read
    paragraph = at
    while at < end:
        region = read(at) if _MAYBE.match(text, at, end) else None
        if region is None:
            line = _LINE_END.search(text, at, end)
            at = line.end() if line else end
            continue
        yield from trimmed(text, paragraph, at)
        yield from region_prose(text, region, depth, quoted="directive" in kinds)
        at = paragraph = region.end
    yield from trimmed(text, paragraph, end)
