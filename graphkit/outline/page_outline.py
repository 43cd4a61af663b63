"""The outline of one page as values: its header, its blocks in document order, the tree they form and their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Protocol

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.dates import Timestamp
    from graphkit.outline.inline import Inline
    from graphkit.outline.properties import Property
    from graphkit.text.diagnostics import Diagnostic
    from graphkit.text.span import Span

BlockKind = Literal["pre", "bullet", "heading", "paragraph"]
"""`pre`: text before the first block; `heading`: a `#` line without a bullet; `paragraph`: text that belongs to no
list item, outside Logseq graphs only; all others are bullets."""


class Body(Record, kw_only=True):
    """One block's own content; all spans and offsets are places in the page's text.

    Final instead of frozen: one is made for every block that matters, and freezing doubles what that costs.
    """

    heading: Final[int | None] = None
    """Number of `#` signs (spec: logseq-format §3.1)."""
    marker: Final[str | None] = None
    marker_span: Final[Span | None] = None
    priority: Final[str | None] = None
    title: Final[Span]
    """The rest of the first line after bullet, heading signs, marker and priority; empty where a construct follows."""
    properties: Final[tuple[Property, ...]] = ()
    """The first run, `id` and `collapsed` included, invalid keys left out (spec: logseq-format §4.1)."""
    invalid_properties: Final[tuple[str, ...]] = ()
    """Normalised keys of that run which Logseq refuses (spec: logseq-format §4.2)."""
    collapsed: Final[bool] = False
    """True if Logseq takes the block's children as folded: `collapsed` with any value but `false`, not on a pre-block;
    the property is then none of the block's properties in Logseq (spec: logseq-format §3.6)."""
    scheduled: Final[Timestamp | None] = None
    deadline: Final[Timestamp | None] = None
    logbook: Final[tuple[Span, ...]] = ()
    """The lines inside LOGBOOK drawers, without line ends (spec: logseq-format §5.6)."""
    prose: Final[tuple[Span, ...]] = ()
    """What is to be read for references, in order; continuation lines keep their indentation and quote signs.

    Left out is what Logseq ignores there (spec: logseq-format §6.3, §11.1): code, drawers, math, HTML, comments,
    property lines, and the paragraph of a SCHEDULED or DEADLINE line.
    """
    directives: Final[tuple[Property, ...]] = ()
    """`#+KEY: value` lines, which belong to the page (spec: logseq-format §3.5)."""


class PageHeader(Record, frozen=True, kw_only=True):
    """Everything a page says about itself (spec: logseq-format §3.5, §4.7)."""

    properties: tuple[Property, ...] = ()
    """The page properties: all directives and front matter of the page, else the first run of its pre-block."""
    invalid_properties: tuple[str, ...] = ()
    title: str | None = None
    """The title a page gives itself by its first properties, literally; None where it gives none.

    spec: logseq-format §2.2.
    """


class BlockReader(Protocol):
    """How the blocks of a page are read that is not written as Logseq writes (docs/dialects.md)."""

    def body(self, outline: Outline, index: int) -> Body:
        """Everything the block says."""

    def header(self, outline: Outline) -> PageHeader:
        """Everything the page says about itself."""

    def inline(self, text: str) -> Inline:
        """The references of a text."""

    def shown(self, text: str) -> str:
        """The text as a reader sees it."""

    @property
    def is_mirror(self) -> bool:
        """True on a page of the mirror of a database graph."""

    def unlabelled(self, text: str) -> str:
        """The text with links that name their page only."""

    def only_page(self, text: str) -> str | None:
        """The page where a text is nothing but one link to it."""

    def task_text(self, text: str) -> str:
        """The text of a task without the dates and fields that are read apart."""

    def task_marks(self, outline: Outline) -> Iterator[tuple[int, str, int]]:
        """Blocks with a checkbox or marker in page order: index, box or marker, offset of it."""

    def findings(self, outline: Outline) -> Iterator[Diagnostic]:
        """The problems in the page's own syntax; the path is left empty."""


class Block(Record):
    """One outline block: where it stands and who its relatives are.

    `start`/`end` tile the page: the first block starts at 0, each ends where the next starts, the last at the
    end of the text; so a subtree is the contiguous range `blocks[index].start … blocks[stop - 1].end`.
    """

    index: Final[int]
    start: Final[int]
    end: Final[int]
    kind: Final[BlockKind]
    raw: Final[int]
    """1 + white-space characters before the dash; 1 for a pre-block and a heading without bullet.

    spec: logseq-format §3.2.
    """
    text_start: Final[int]
    """First code point of the content: after bullet and its one white space (heading signs belong to the content)."""
    level: int = 1
    """Depth in the tree, 1 at the top."""
    parent: int = -1
    """Index of the parent block, -1 for the page."""
    stop: int = 0
    """Index after the last block of this subtree."""


class Outline(Record, frozen=True):
    """A page's text and its blocks in document order."""

    text: str
    blocks: tuple[Block, ...]
    hidden: tuple[Span, ...] = ()
    """Regions that swallow bullets and headings (fences, drawers, math, HTML …), in page order.

    spec: logseq-format §3.4.
    """
    marked: tuple[int, ...] = ()
    """Indices of the blocks that begin with a task marker, in order; empty where a `reader` finds the tasks."""
    reader: BlockReader | None = None
    """Reads the blocks where the page is of another dialect than Logseq's."""

    def children(self, index: int) -> Iterator[int]:
        """Indices of the direct children of a block, in order; `-1` gives the top level."""
        blocks = self.blocks
        at = index + 1
        stop = len(blocks) if index < 0 else blocks[index].stop
        while at < stop:
            yield at
            at = blocks[at].stop
