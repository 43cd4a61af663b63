"""The blocks of one page by their place in the text, each body read at most once. Knows no meaning of a block."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from graphkit.outline.body import read_body

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from graphkit.outline.body import Body
    from graphkit.outline.tree import Outline


class BlockFinder:
    """Blocks by place in the text; reads each body at most once."""

    def __init__(self, outline: Outline) -> None:
        """Of one outline."""
        self._outline = outline
        self._starts: list[int] | None = None
        self._bodies: dict[int, Body] = {}

    def at(self, offset: int) -> int:
        """Index of the block in which an offset of the text lies; -1 before the first."""
        if self._starts is None:
            self._starts = [block.start for block in self._outline.blocks]
        return bisect_right(self._starts, offset) - 1

    def body(self, index: int) -> Body:
        """The body of a block."""
        body = self._bodies.get(index)
        if body is None:
            body = self._bodies[index] = read_body(self._outline, index)
        return body

    def candidates(self, pattern: re.Pattern[str]) -> Iterable[int]:
        """Indices of the blocks in which a pattern occurs, in order."""
        last = -1
        for match in pattern.finditer(self._outline.text):
            index = self.at(match.start())
            if index != last:
                last = index
                yield index
