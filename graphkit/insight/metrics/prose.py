"""Which parts of a text are prose: no code, math, addresses, links, tags or macros. What it says, it does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.outline.inline.segment import Region
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FILLER = "\0"
"""Stands for each code point that is no prose; neither letter, space nor line end, so nothing reaches across it."""

_FENCE = lazy_pattern(r"^[ \t]*(?:[-*+][ \t]+)?(?:```|~~~)[^\n]*", re.MULTILINE)
_ORG = lazy_pattern(
    r"^[ \t]*(?:-[ \t]+)?#\+(?:(BEGIN)|END)_(SRC|EXAMPLE|EXPORT|COMMENT|QUERY)\b[^\n]*", re.MULTILINE | re.IGNORECASE
)
_TICKS = lazy_pattern("`+|\n")
_MATH = lazy_pattern(r"\$|\\[\s\S]")
_PAGE = lazy_pattern(r"\[\[[^\[\]\n]*+\]\]")
_PAGES = lazy_pattern(r"\[\[|\]\]|\n")
_LABELS = lazy_pattern(r"\[|\]\(?|\n")
_MACRO = lazy_pattern(r"\{\{")
_BLOCK = lazy_pattern(r"\(\([0-9A-Fa-f-]{36}\)\)")
_ADDRESS = lazy_pattern(r"://[^\s<>\"\0]+|www\.[^\s<>\"\0]+")
_SCHEME = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.-]{0,30}\Z")
_TAG = lazy_pattern(r"#[^\s#,!?'\":\0]+")


def mask(text: str) -> str:
    """The text with everything that is no prose filled up, code point by code point, so that offsets stay right.

    Filled: fenced code and `#+BEGIN_SRC` blocks (left open they are text, spec: logseq-format §3.4), code between
    backticks and math on one line, `[[links]]`, `[labels](targets)`, `((block references))`, `{{macros}}`, addresses,
    and `#tags` (spec: logseq-format §6.2). Takes time linear in the text, whatever it holds.
    """
    for find in (_fences, _ticks, _math, _page_links, _labels, _macros, _block_references, _addresses, _tags):
        text = _fill(text, find(text))
    return text


def _fill(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Spans in the order of their starts; they may overlap."""
    pieces: list[str] = []
    place = 0
    for start, end in spans:
        if end <= place:
            continue
        first = max(start, place)
        pieces += (text[place:first], FILLER * (end - first))
        place = end
    return "".join((*pieces, text[place:])) if pieces else text


def _fences(text: str) -> Iterator[tuple[int, int]]:
    found = []
    opened: re.Match[str] | None = None
    for match in _FENCE.finditer(text) if "```" in text or "~~~" in text else ():
        if opened is None:
            opened = match
        else:
            found.append((opened.start(), match.end()))
            opened = None
    opened = None
    for match in _ORG.finditer(text) if "#+" in text else ():
        if match[1]:
            opened = opened or match
        elif opened is not None and opened[2].lower() == match[2].lower():
            found.append((opened.start(), match.end()))
            opened = None
    yield from sorted(found)


def _ticks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of backticks close with the next run of the same length on their line."""
    line: list[tuple[int, int]] = []
    for match in _TICKS.finditer(text) if "`" in text else ():
        if match[0] != "\n":
            line.append(match.span())
        elif line:
            yield from _pairs(line)
            line = []
    yield from _pairs(line)


def _pairs(runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    closers: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        closers.setdefault(runs[index][1] - runs[index][0], []).append(index)
    index = 0
    while index < len(runs):
        start, end = runs[index]
        same = closers[end - start]
        while same and same[-1] <= index:
            same.pop()
        if same:
            index = same[-1]
            yield start, runs[index][1]
        index += 1


def _math(text: str) -> Iterator[tuple[int, int]]:
    r"""`$…$`, `$$…$$`, `\(…\)` and `\[…\]`; `$5 or 6$` as Logseq takes it, `\$` is a sign.

    spec: logseq-format §3.4.
    """
    if "$" not in text and "\\(" not in text and "\\[" not in text:
        return
    region = Region(text, 0, len(text))
    find = _next(text)
    place = 0
    for match in _MATH.finditer(text):
        start, sign = match.start(), match[0]
        if start < place or (sign != "$" and sign[1] not in "(["):
            continue
        if sign == "$":
            end = region.math(start)
        else:
            close = find("\\)" if sign[1] == "(" else "\\]", match.end())
            end = close + 2 if close < find("\n", start) else -1
        if end >= 0:
            yield start, end
            place = end


def _page_links(text: str) -> Iterator[tuple[int, int]]:
    """`[[…]]` on one line, nested ones too."""
    if "[[" not in text:
        return
    found = [match.span() for match in _PAGE.finditer(text)]
    if len(found) == text.count("[[") and "[[[" not in text:  # none is nested or left open
        yield from found
        return
    found = []
    opened: list[int] = []
    for match in _PAGES.finditer(text):
        if match[0] == "[[":
            opened.append(match.start())
        elif match[0] == "\n":
            opened = []
        elif opened:
            found.append((opened.pop(), match.end()))
    yield from sorted(found)


def _labels(text: str) -> Iterator[tuple[int, int]]:
    """`[label](target)` on one line, label and target."""
    if "](" not in text:
        return
    find = _next(text)
    found = []
    opened: list[int] = []
    for match in _LABELS.finditer(text):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "\n":
            opened = []
        elif opened:
            start = opened.pop()
            close, line_end = find(")", match.end()), find("\n", match.end())
            if match[0] == "](" and close < line_end:
                found.append((start, close + 1))
    yield from sorted(found)


def _macros(text: str) -> Iterator[tuple[int, int]]:
    find = _next(text)
    for match in _MACRO.finditer(text):
        close = find("}}", match.end())
        if close < find("\n", match.end()):
            yield match.start(), close + 2


def _block_references(text: str) -> Iterator[tuple[int, int]]:
    for match in _BLOCK.finditer(text) if "((" in text else ():
        yield match.span()


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    for match in _ADDRESS.finditer(text) if "://" in text or "www." in text else ():
        start = match.start()
        scheme = _SCHEME.search(text[max(0, start - 30) : start]) if match[0][0] == ":" else None
        yield start - (len(scheme[0]) if scheme else 0), match.end()


def _tags(text: str) -> Iterator[tuple[int, int]]:
    for match in _TAG.finditer(text) if "#" in text else ():
        yield match.span()


def _next(text: str) -> Callable[[str, int], int]:
    """A search for the next place of a sign, the text's length if it has none; linear over rising starts."""
    known: dict[str, int] = {}

    def find(sign: str, start: int) -> int:
        place = known.get(sign, -1)
        if place < start:
            place = text.find(sign, start)
            known[sign] = place = len(text) if place < 0 else place
        return place

    return find
