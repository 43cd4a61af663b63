"""Cuts a page into its blocks and gives them their places in the tree; knows structure, no text inside a block."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.outline.constructs import SWALLOWING, Regions
from graphkit.outline.lists import MEANING_SIGNS, TERM_AHEAD
from graphkit.outline.markers import MARKER_ALTERNATIVES
from graphkit.outline.page_outline import Block, Outline
from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.page_outline import BlockKind

_WS: Final = r"[ \t\f\x1a]*+"
_PROPERTY_HERE: Final = r"[^ \t\f\x1a\r\n:]*+::"
# What follows a bracket or hash that opens a construct; of a `[[link]]` and a `#tag` only a property can be made.
_BRACKETED: Final = rf"\[(?=[\^:/]|{_PROPERTY_HERE})|#(?=\+|{_PROPERTY_HERE})"
_SIGNS: Final = rf"{_WS}(?:({MARKER_ALTERNATIVES})(?= |\Z){_WS})?+(?:\[#[\x00-\x09\x0b\x0c\x0e-\x7f]\]{_WS})?+"
_HASHES: Final = rf"{_WS}(?:(?:#++(?=[ \t\f])){_WS})?+"
_CONSTRUCT: Final = 7


def _line_pattern(title: str, line: str) -> str:
    """A line that begins a block or may open a construct, whose openers are `title` after signs and `line` elsewhere.

    Group 1: white space before a bullet; 2: its marker; 3: what a title may open; 4: a heading without bullet; 5 and
    6: as 2 and 3; 7: what a line may open.
    """
    return (
        rf"({_WS})(?:-(?=#*+(?:[ \t\f\r\n]|\Z)){_HASHES}{_SIGNS}({title})?"
        rf"|(#)#*+(?=[ \t\f\r\n]|\Z){_SIGNS}({title})?|({line}))"
    )


# Directly after a priority, without a blank, even a bullet or a heading can begin.
_TITLE_OPENER: Final = rf"[`~$<:\\>]|{_BRACKETED}|[-#](?<=\].)"
_LINE_OPENER: Final = rf"[`~$<:\\>*+0-9]|{_BRACKETED}"
_LINE: Final = _line_pattern(_TITLE_OPENER, _LINE_OPENER)
_HERE: Final = lazy_pattern(_LINE)
# A literal first character is searched for much faster than a set, and few pages hold a CR.
_NEXT: Final = lazy_pattern(rf"\n{_LINE}")
_NO_SPACE: Final = frozenset(("", "#"))
"""What may follow a dash next to the one white space that belongs to the bullet."""
_FRONT_MATTER: Final = lazy_pattern(r"---(?:\r\n|[\r\n])")


class _Search(NamedTuple):
    """How the lines of a page are found that matter: the one at a place, and all below it."""

    here: re.Pattern[str]
    below: re.Pattern[str]
    with_terms: bool = False
    """True if lines count that could be terms of a definition list; few pages have one, and they cost time."""


_USUAL: Final = _Search(_HERE, _NEXT)


class _MeaningError(Exception):
    """A line is met that could be a meaning, in a search that passes over terms."""


@cache
def _search(*, with_cr: bool, with_terms: bool = False) -> _Search:
    """The search for pages with carriage returns, or with lines that may be terms of a definition list."""
    line = _LINE
    if with_terms:
        # Directly after a priority the rest of the line is no title.
        line = _line_pattern(rf"{_TITLE_OPENER}|(?<=\]){TERM_AHEAD}", rf"{_LINE_OPENER}|{TERM_AHEAD}")
    return _Search(re.compile(line), re.compile(rf"[\r\n]{line}" if with_cr else rf"\n{line}"), with_terms)


def front_matter_end(text: str) -> int:
    """Where the front matter of a page ends, 0 when nothing is there (spec: logseq-format §3.5)."""
    opening = _FRONT_MATTER.match(text)
    closing = text.find("---", opening.end()) if opening else -1
    return closing + 3 if closing >= 0 else 0


def begins_block(text: str, at: int) -> bool:
    """True if the line that starts at `at` begins a block; for lines that no construct above swallows."""
    here = _HERE.match(text, at)
    return here is not None and here.lastindex != _CONSTRUCT


def scan_page(text: str) -> Outline:
    """The blocks of a page in document order with the tree they form; total and linear in the length of the text.

    What starts a block, nesting, and what swallows bullets: spec: logseq-format §3.1, §3.2, §3.4. All offsets are code
    points.
    """
    if not text:
        return Outline(text, ())
    with_cr = "\r" in text
    try:
        return _scan(text, _search(with_cr=True) if with_cr else _USUAL)
    except _MeaningError:
        return _scan(text, _search(with_cr=with_cr, with_terms=True))


def _scan(text: str, search: _Search) -> Outline:
    """The outline of a page. Raises _MeaningError where a line could be a meaning and the search passes over terms."""
    line, lines, with_terms = search
    starts: list[int] = []
    raws: list[int] = []
    text_starts: list[int] = []
    kinds: list[BlockKind] = []
    marked: list[int] = []
    hidden: list[Span] = []
    regions = Regions(text)
    read = regions.read
    at = front_matter_end(text)
    end = len(text)
    here = line.match(text, at)
    matches: Iterator[re.Match[str]] = iter((here,)) if here else lines.finditer(text, at)
    while True:
        jump = -1
        match = None
        for match in matches:
            start, stop = match.span(1)
            found = match.lastindex or 0
            if found == _CONSTRUCT:
                region = read(start)
                if region is None:
                    if not with_terms and text.startswith(MEANING_SIGNS, stop):
                        raise _MeaningError
                    continue
            else:
                if found != 1 and found != 4 and (match.start(2) >= 0 or match.start(5) >= 0):  # noqa: PLR1714
                    marked.append(len(starts))
                starts.append(start)
                if found <= 3:
                    kinds.append("bullet")
                    raws.append(stop - start + 1)
                    text_starts.append(stop + 1 if text[stop + 1 : stop + 2] in _NO_SPACE else stop + 2)
                else:
                    kinds.append("heading")
                    raws.append(1)
                    text_starts.append(stop)
                if found != 3 and found != 6:  # noqa: PLR1714 - faster than a membership test, once for each block
                    continue
                opener = match.start(found)
                # Directly after a priority the rest of the line is read like a line of its own.
                after_priority = text[opener - 1] == "]"
                region = read(opener, title=not after_priority)
                if region is None:
                    rest = line.match(text, opener) if after_priority else None
                    if rest and rest.lastindex != _CONSTRUCT:
                        jump = opener
                        break
                    continue
            kind, start, jump = region
            if kind in SWALLOWING:
                hidden.append(Span(start, jump))
            break
        if jump < 0:
            # A single match that stood at a jump's end is used up: go on with the lines below it.
            if match is not None and match is here:
                matches = lines.finditer(text, match.end())
                continue
            break
        here = line.match(text, jump)
        matches = iter((here,)) if here else lines.finditer(text, jump)
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
        raws.insert(0, 1)
        text_starts.insert(0, 0)
        kinds.insert(0, "pre")
        marked = [index + 1 for index in marked]
    return Outline(text, _tree(end, starts, raws, text_starts, kinds), tuple(hidden), marked=tuple(marked))


def _tree(
    end: int, starts: list[int], raws: list[int], text_starts: list[int], kinds: list[BlockKind]
) -> tuple[Block, ...]:
    """The blocks with levels, parents and subtree ends by the stack rule, in linear time.

    spec: logseq-format §3.2.
    """
    count = len(starts)
    levels = [1] * count
    parents = [-1] * count
    stops = [count] * count
    # Raw levels on the stack grow strictly, so the entry a block belongs to is found by bisection.
    stack_raws: list[int] = []
    stack: list[int] = []
    top = 0
    depth = 0
    for index, raw in enumerate(raws):
        if raw == top:
            stops[stack[-1]] = index
            stack[-1] = index
        elif raw > top:
            stack_raws.append(raw)
            stack.append(index)
            depth += 1
            top = raw
        else:
            place = bisect_left(stack_raws, raw)
            for closed in stack[place:]:
                stops[closed] = index
            del stack[place:], stack_raws[place + 1 :]
            stack.append(index)
            depth = place + 1
            top = stack_raws[-1]
        levels[index] = depth
        if depth > 1:
            parents[index] = stack[-2]
    ends = [*starts[1:], end]
    return tuple(map(Block, range(count), starts, ends, kinds, raws, text_starts, levels, parents, stops))
