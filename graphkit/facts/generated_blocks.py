"""Which blocks of a page graphkit wrote itself, so that nothing reads them as input.

spec: domain §1.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import read_body
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline, PageHeader

MANAGED_PROPERTY: Final = "graphkit"
"""A block or page with this property has generated content below it (spec: writing §1)."""

_PLACE = lazy_pattern(r"graphkit:", re.IGNORECASE)
_PLACE_END = lazy_pattern(r":(?<=(?i:graphkit):)")
"""The same from its end: a colon is rarer than a letter, and a literal is looked for many times faster."""


def may_be_managed(text: str) -> bool:
    """Cheap: whether a page in which this stands can have managed blocks."""
    return _PLACE_END.search(text) is not None


def managed_blocks(outline: Outline) -> tuple[int, ...]:
    """Indices of the outermost managed blocks, in order: what stands below one is generated, whatever it says."""
    text = outline.text
    if not may_be_managed(text):
        return ()
    starts: list[int] = [block.start for block in outline.blocks]
    found: list[int] = []
    looked_at = -1
    stop = 0
    for match in _PLACE.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if index < stop or index == looked_at or outline.blocks[index].kind == "pre":
            continue
        looked_at = index
        if any(prop.key == MANAGED_PROPERTY for prop in read_body(outline, index).properties):
            found.append(index)
            stop = outline.blocks[index].stop
    return tuple(found)


class GeneratedContent:
    """The blocks of one page that graphkit wrote itself, by index."""

    def __init__(self, *, whole_page: bool = False, ranges: tuple[range, ...] = ()) -> None:
        """Ranges: the blocks below each managed block; apart from each other, in page order."""
        self.whole_page = whole_page
        self.managed = whole_page or bool(ranges)
        """True if graphkit writes into the page, if nothing stands there yet."""
        self._ranges = ranges
        self._starts = [found.start for found in ranges]

    def __contains__(self, index: object) -> bool:
        if self.whole_page or not isinstance(index, int):
            return self.whole_page
        at = bisect_right(self._starts, index) - 1
        return at >= 0 and index in self._ranges[at]


_NOTHING_GENERATED: Final = GeneratedContent()


def generated_content(outline: Outline, header: PageHeader) -> GeneratedContent:
    """The blocks of a page that graphkit wrote itself: those below a managed block, all of a managed page."""
    if any(prop.key == MANAGED_PROPERTY for prop in header.properties):
        return GeneratedContent(whole_page=True)
    managed = managed_blocks(outline)
    if not managed:
        return _NOTHING_GENERATED
    return GeneratedContent(ranges=tuple(range(index + 1, outline.blocks[index].stop) for index in managed))
