"""All a block says on a page of Obsidian, plain Markdown or a mirror: box, marker, dates, fields.

spec: domain §1 (other dialects), spec: logseq-format §9.3 (mirror); the dates of obsidian-tasks and the inline fields
of Dataview as their users write them (docs/dialects.md).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.outline.markdown_dialect.front_matter import FrontMatter, read_front_matter
from graphkit.outline.markdown_dialect.item_fields import FIELD_HERE, BlockParts, without_fields
from graphkit.outline.markdown_dialect.wiki_links import only_page, read_plain_inline, shown_plain, without_labels
from graphkit.outline.markers import MARKER_ALTERNATIVES, PRIORITY
from graphkit.outline.page_outline import Body, PageHeader
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import replace
from graphkit.text.source import SourceText
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.inline import Inline
    from graphkit.outline.page_outline import Block, Outline
    from graphkit.outline.properties import Property

_BOX: Final = lazy_pattern(r"[ \t]*+\[([^\[\]\r\n0-9])\](?=[ \t\r\n]|\Z)")
_MAYBE_TASK: Final = lazy_pattern(r"[ \t]*+(?:\#++[ \t]++)?(?:\[[^\[\]\r\n0-9]\]|[BCDILNSTW][A-Z])")
_MARKER: Final = lazy_pattern(rf"[ \t]*+({MARKER_ALTERNATIVES}|IN-REVIEW|BACKLOG)(?=[ \t\r\n]|\Z)")
_HEADING: Final = lazy_pattern(r"[ \t]*+(\#{1,6}+)(?=[ \t\r\n]|\Z)[ \t]*+")
_HEADING_MARKER: Final = lazy_pattern(rf"({MARKER_ALTERNATIVES})(?=[ \t])")
_LINE_END: Final = lazy_pattern(r"[\r\n]")
_LINE: Final = lazy_pattern(r"[^\r\n]++")
_BLOCK_ID: Final = lazy_pattern(r"\^[A-Za-z0-9-]++")
_LOGBOOK: Final = lazy_pattern(r":(?i:logbook):")


class PlainReader:
    """Reads the blocks of one page (`BlockReader`); remembers the front matter it has read."""

    __slots__ = ("_front", "_hidden", "_hidden_starts", "_mirror", "_span", "_unclosed")

    @property
    def is_mirror(self) -> bool:
        """True on a page of a mirror."""
        return self._mirror

    def __init__(
        self, *, hidden: tuple[Span, ...], front_matter: Span | None, unclosed: tuple[int, ...], mirror: bool
    ) -> None:
        self._hidden = hidden
        self._hidden_starts = [span.start for span in hidden]
        self._span = front_matter
        self._unclosed = unclosed
        self._mirror = mirror
        self._front: FrontMatter | None = None

    def front_matter(self, text: str) -> FrontMatter:
        """Everything the front matter says; nothing if it has none."""
        if self._front is None:
            self._front = FrontMatter() if self._span is None else read_front_matter(text, self._span)
        return self._front

    def body(self, outline: Outline, index: int) -> Body:
        """Everything the block says; total."""
        text, block = outline.text, outline.blocks[index]
        parts = BlockParts()
        head = _Head(text, block)
        task_end = head.title.end if head.marker is not None else -1
        for span in self._seen(block):
            parts.read(text, span, mirror=self._mirror, task_end=task_end)
        if block.kind == "pre":
            start = self._span.end if self._span and block.start <= self._span.start < block.end else block.start
            return Body(
                title=Span(start, start),
                properties=(*(self.front_matter(text).properties if start > block.start else ()), *parts.properties),
                prose=tuple(parts.prose(text, None)),
            )
        title = head.title
        inside = self._inside_hidden(title.start)
        if inside or (head.marker is None and FIELD_HERE.match(text, title.start, title.end)):
            title = Span(title.start, title.start)
        if head.marker is not None:
            title = parts.dates(text, title)
        return Body(
            heading=head.rank,
            marker=head.marker,
            marker_span=head.marker_span,
            priority=head.priority or parts.priority or parts.named_priority(),
            title=title,
            properties=tuple(parts.properties),
            scheduled=parts.scheduled,
            deadline=parts.deadline,
            logbook=tuple(self._logbook(text, block)),
            prose=tuple(parts.prose(text, head.title.start)),
        )

    def header(self, outline: Outline) -> PageHeader:
        """The page properties: front matter, then fields in paragraphs and in items above everything else.

        Of a field that comes twice the first one counts; front matter counts before fields. A mirror's `Deadline` is
        what `due::` is elsewhere.
        """
        text = outline.text
        found = {prop.key: prop for prop in self.front_matter(text).properties}
        if "::" in text:
            for prop in self._fields(outline):
                found.setdefault(prop.key, prop)
        if self._mirror and "due" not in found and "deadline" in found:
            found["due"] = replace(found.pop("deadline"), key="due")
        return PageHeader(properties=tuple(found.values()))

    def _fields(self, outline: Outline) -> Iterator[Property]:
        text = outline.text
        leading = True
        for block in outline.blocks:
            has_field = text.find("::", block.text_start, block.end) >= 0
            if block.kind == "bullet" and leading:
                stop = _LINE_END.search(text, block.text_start, block.end)
                leading = has_field and bool(
                    FIELD_HERE.match(text, block.text_start, stop.start() if stop else block.end)
                )
            elif block.kind in {"heading", "paragraph"} and not has_field:
                leading = False
            if has_field and (block.kind in {"pre", "paragraph"} or (block.kind == "bullet" and leading)):
                parts = BlockParts()
                for span in self._seen(block):
                    parts.read(text, span, mirror=self._mirror)
                yield from parts.properties

    def inline(self, text: str) -> Inline:
        """The references of a text."""
        return read_plain_inline(text)

    def shown(self, text: str) -> str:
        """The text as a reader sees it."""
        return shown_plain(text)

    def unlabelled(self, text: str) -> str:
        """The text with `[[page]]` for every `[[page|label]]`."""
        return without_labels(text)

    def only_page(self, text: str) -> str | None:
        """The page where a text is nothing but one link to it."""
        return only_page(text)

    def task_text(self, text: str) -> str:
        """The text without the dates, priorities and fields that stand in it, labels in place of their links."""
        return without_fields(text)

    def task_marks(self, outline: Outline) -> Iterator[tuple[int, str, int]]:
        """Items with a box or an upper-case marker, and headings with a marker."""
        text = outline.text
        for block in outline.blocks:
            if (
                block.kind in {"bullet", "heading"}
                and _MAYBE_TASK.match(text, block.text_start, block.end)
                and not self._inside_hidden(block.text_start)
            ):
                head = _Head(text, block)
                if head.marker is not None and head.marker_span is not None:
                    yield block.index, head.marker, head.marker_span.start

    def findings(self, outline: Outline) -> Iterator[Diagnostic]:
        """E160 and E154 of the front matter; E161 and E141: front matter, a code fence that nothing closes."""
        text = outline.text
        yield from self.front_matter(text).findings
        for place in self._unclosed:
            is_header = text.startswith("---", place)
            position = SourceText(text).position(place)
            yield Diagnostic(
                code="E161" if is_header else "E141",
                severity=Severity.WARNING,
                path="",
                line=position.line,
                column=position.column,
                message="the front matter is never closed, so it is read as text"
                if is_header
                else "the code fence is never closed, so everything below it is code",
                hint=f"close it with a line {'---' if is_header else text[place : place + 3]}",
            )

    def _seen(self, block: Block) -> Iterator[Span]:
        """The parts of a block outside hidden regions."""
        at = block.text_start
        first = max(bisect_right(self._hidden_starts, block.start) - 1, 0)
        for start, end in self._hidden[first : bisect_left(self._hidden_starts, block.end)]:
            if end <= at:
                continue
            if start > at:
                yield Span(at, start)
            at = end
        if at < block.end:
            yield Span(at, block.end)

    def _inside_hidden(self, offset: int) -> bool:
        place = bisect_right(self._hidden_starts, offset) - 1
        return place >= 0 and self._hidden[place].end > offset

    def _logbook(self, text: str, block: Block) -> Iterator[Span]:
        first = bisect_left(self._hidden_starts, block.text_start)
        for start, end in self._hidden[first : bisect_left(self._hidden_starts, block.end)]:
            if _LOGBOOK.match(text, start, end):
                lines = [Span(*line.span()) for line in _LINE.finditer(text, start, end) if line[0].strip()]
                yield from lines[1:-1]


class _Head:
    """The first line of a block, taken apart."""

    __slots__ = ("marker", "marker_span", "priority", "rank", "title")

    def __init__(self, text: str, block: Block) -> None:
        line = _LINE_END.search(text, block.text_start, block.end)
        stop = line.start() if line else block.end
        at = block.text_start
        self.rank: int | None = None
        self.marker: str | None = None
        self.marker_span: Span | None = None
        self.priority: str | None = None
        if block.kind == "bullet" and (box := _BOX.match(text, at, stop)):
            self.marker, self.marker_span = f"[{box[1]}]", Span(box.start(1) - 1, box.end())
            at = box.end()
        if block.kind in {"bullet", "heading"} and (heading := _HEADING.match(text, at, stop)):
            self.rank = len(heading[1])
            at = heading.end()
        if self.marker is None and block.kind in {"bullet", "heading"}:
            word = (_MARKER if block.kind == "bullet" else _HEADING_MARKER).match(text, at, stop)
            if word:
                self.marker, self.marker_span = word[1], Span(*word.span(1))
                at = word.end()
        cookie = PRIORITY.match(text, at, stop) if self.marker is not None else None
        if cookie:
            self.priority = cookie[1]
            at = cookie.end()
        if block.kind == "heading" and self.rank is None:
            # The line below is the underline; it belongs to no text.
            self.rank = 1 if line and text[line.end() : block.end].lstrip().startswith("=") else 2
        while at < stop and text[at] in " \t":
            at += 1
        while stop > at and text[stop - 1] in " \t":
            stop -= 1
        if block.kind == "heading" and stop > at and text[stop - 1] == "#":
            closing = text[at:stop].rstrip("#")
            if not closing or closing[-1] in " \t":
                stop = at + len(closing.rstrip(" \t"))
        sign = text.rfind("^", at, stop)
        if sign >= at and (sign == at or text[sign - 1] in " \t") and _BLOCK_ID.fullmatch(text, sign, stop):
            stop = at + len(text[at:sign].rstrip(" \t"))
        self.title = Span(at, stop)
