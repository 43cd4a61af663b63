"""Which blocks of a page graphkit wrote itself, so that nothing reads them as input (domain 1). Knows no view."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import read_body

if TYPE_CHECKING:
    from graphkit.outline.tree import Outline

MANAGED_PROPERTY: Final = "graphkit"
"""A block or page with this property has generated content below it (writing 1)."""

_PLACE = re.compile(r"graphkit:", re.IGNORECASE)


def managed_blocks(outline: Outline) -> tuple[int, ...]:
    """Indices of the outermost managed blocks, in order: what stands below one is generated, whatever it says."""
    text = outline.text
    # Two plain searches are many times faster than one that ignores case, and nearly every page holds neither.
    if "raphkit:" not in text and "RAPHKIT:" not in text:
        return ()
    starts: list[int] = [block.start for block in outline.blocks]
    found: list[int] = []
    stop = 0
    for match in _PLACE.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if index < stop or (found and index == found[-1]) or outline.blocks[index].kind == "pre":
            continue
        if any(prop.key == MANAGED_PROPERTY for prop in read_body(outline, index).properties):
            found.append(index)
            stop = outline.blocks[index].stop
    return tuple(found)
