"""The outline of one page as values: blocks in document order and the tree they form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.text.span import Span

BlockKind = Literal["pre", "bullet", "heading"]
"""`pre`: text before the first block; `heading`: a `#` line without a bullet; all others are bullets."""


@dataclass(slots=True)
class Block:
    """One outline block: where it stands and who its relatives are.

    `start`/`end` tile the page: the first block starts at 0, each ends where the next starts, the last at the
    end of the text; so a subtree is the contiguous range `blocks[index].start … blocks[stop - 1].end`.
    """

    index: Final[int]
    start: Final[int]
    end: Final[int]
    kind: Final[BlockKind]
    raw: Final[int]
    """1 + white-space characters before the dash; 1 for a pre-block and a heading without bullet (reference 3.2)."""
    text_start: Final[int]
    """First code point of the content: after bullet and its one white space (heading signs belong to the content)."""
    level: int = 1
    """Depth in the tree, 1 at the top."""
    parent: int = -1
    """Index of the parent block, -1 for the page."""
    stop: int = 0
    """Index after the last block of this subtree."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A page's text and its blocks in document order."""

    text: str
    blocks: tuple[Block, ...]
    hidden: tuple[Span, ...] = ()
    """Regions that swallow bullets and headings (fences, drawers, math, HTML …; reference 3.4), in page order."""

    def children(self, index: int) -> Iterator[int]:
        """Indices of the direct children of a block, in order; `-1` gives the top level."""
        blocks = self.blocks
        at = index + 1
        stop = len(blocks) if index < 0 else blocks[index].stop
        while at < stop:
            yield at
            at = blocks[at].stop

    def subtree(self, index: int) -> range:
        """Indices of a block and everything below it."""
        return range(index, self.blocks[index].stop)
