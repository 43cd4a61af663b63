"""Everything a journal links: pages by name, blocks by id. A cheap fact, so that activity needs no second reading."""

from __future__ import annotations

import sys
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.outline.scanner import scan_page
from graphkit.text.patterns import lazy_pattern
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from graphkit.outline.page_outline import Outline
    from graphkit.text.span import Span

# One pattern a kind: each begins with a literal, which is ten times as fast to look for as any of three.
_PAGE: Final = lazy_pattern(r"\[\[([^\[\]\r\n]++)\]\]")
_TAG: Final = lazy_pattern(r"#(?<![^\s(,]#)([^\s#,!?'\":.;\[\]()]++)")
_BLOCK: Final = lazy_pattern(r"\(\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)\)")
_GATES: Final = (("[[", _PAGE), ("#", _TAG), ("((", _BLOCK))
_HIDING: Final = ("```", "~~~", "$$", "\\", "<", "#+", ":\r")
"""Without one of these signs only a drawer can swallow anything (`outline.regions.SWALLOWING`)."""
_DRAWER_END: Final = lazy_pattern(r":(?i:end):")
_CODE: Final = lazy_pattern(r"``[^\r\n]*?``|`[^`\r\n]++`")


def journal_links(
    outline: Outline, generated: Container[int], *, managed: bool, at: Callable[[int], int]
) -> frozenset[str]:
    """The page titles and tags, as written, and the block ids that a journal links; `link_key` makes them comparable.

    managed: whether graphkit wrote anything into it; what it wrote does not count (spec: domain §4), nor does code,
    as far as one line tells.
    """
    written = (lambda place: at(place) not in generated) if managed else None
    return _links(outline.text, outline.hidden, written)


def plain_journal_links(text: str) -> frozenset[str]:
    """`journal_links` of a journal without generated content, cut into blocks only where something may be hidden."""
    return _links(text, scan_page(text).hidden if _may_hide_links(text) else (), None)


def _may_hide_links(text: str) -> bool:
    """True if a link can be where nothing is read; the one logbook of most days holds none."""
    for sign in _HIDING:
        if sign in text:
            return True
    drawer = text.find(":\n")
    ends = [match.start() for match in _DRAWER_END.finditer(text, drawer)] if drawer >= 0 else []
    return bool(ends) and any(text.find(gate, drawer, ends[-1]) >= 0 for gate, _ in _GATES)


def _links(text: str, hidden: Sequence[Span], written: Callable[[int], bool] | None) -> frozenset[str]:
    patterns = [pattern for gate, pattern in _GATES if gate in text]
    found: set[str] = set()
    if written is None and not hidden and "`" not in text:
        for pattern in patterns:
            found.update(pattern.findall(text))
        return frozenset(found)
    opaque: list[Sequence[tuple[int, int]]] = [hidden] if hidden else []
    if "`" in text:
        opaque.append([match.span() for match in _CODE.finditer(text)])
    for pattern in patterns:
        for match in pattern.finditer(text):
            place = match.start()
            for spans in opaque:
                if _within(spans, place):
                    break
            else:
                if written is None or written(place):
                    found.add(match[1])
    return frozenset(found)


def link_key(written: str) -> str:
    """A title or a block id as written, in a form that can be compared: `page_name`, which leaves ids as they are."""
    return page_name(written)


def _within(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """True if a place lies in one of these spans, which stand apart and in order."""
    index = bisect_right(spans, (place, sys.maxsize)) - 1
    return index >= 0 and place < spans[index][1]
