"""The blocks of one page by their place in the text, each body read at most once."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from graphkit.outline.body import read_body
from graphkit.outline.page_outline import Body
from graphkit.outline.property_runs import is_simple_run
from graphkit.text.span import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from graphkit.outline.page_outline import Outline, PageHeader


class BlockFinder:
    """Blocks by place in the text; reads each body at most once."""

    def __init__(self, outline: Outline, header: PageHeader) -> None:
        """Of one outline. header: what its page says about itself."""
        self._outline = outline
        self._header = header
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
            body = self._bodies[index] = self._read(index)
        return body

    def _read(self, index: int) -> Body:
        outline = self._outline
        block = outline.blocks[index]
        if block.kind == "pre" and outline.reader is None and is_simple_run(outline.text, block.end):
            return Body(title=Span(0, 0), properties=self._header.properties)
        return read_body(outline, index)

    def candidates(self, pattern: re.Pattern[str]) -> Iterable[int]:
        """Indices of the blocks in which a pattern occurs, in order."""
        last = -1
        for match in pattern.finditer(self._outline.text):
            index = self.at(match.start())
            if index != last:
                last = index
                yield index
