"""All one block says beside its place: marker, dates, properties, prose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.construct_text import region_prose, trimmed
from graphkit.outline.constructs import DIRECTIVE_LINE, OPENERS, Regions
from graphkit.outline.dates import read_stamps
from graphkit.outline.lists import may_define
from graphkit.outline.markers import MARKER, PRIORITY
from graphkit.outline.page_outline import Body
from graphkit.outline.property_runs import is_indented_run, property_of, read_run, read_simple_run, sorted_out
from graphkit.outline.scanner import front_matter_end
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphkit.outline.constructs import Region
    from graphkit.outline.dates import Timestamp
    from graphkit.outline.page_outline import Block, Outline
    from graphkit.outline.properties import Property


class _Reader:
    """Collects the parts of one block while its constructs go by."""

    __slots__ = ("dated", "deadline", "directives", "logbook", "prose", "regions", "run", "scheduled", "text")

    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.regions = Regions(text, end)
        self.run: tuple[list[Property], dict[str, None]] | None = None
        self.dated = False
        self.scheduled: Timestamp | None = None
        self.deadline: Timestamp | None = None
        self.logbook: list[Span] = []
        self.prose: list[Span] = []
        self.directives: list[Property] = []

    def lines(self, at: int, end: int) -> None:
        """Read the constructs and paragraphs from `at`, the start of a line, to `end`."""
        text = self.text
        read = self.regions.read
        paragraph = at
        defines = may_define(text, at, end)
        while at < end:
            region = read(at) if defines or _MAYBE_REGION.match(text, at, end) else None
            if region is None:
                line = _LINE_END.search(text, at, end)
                at = line.end() if line else end
                continue
            self.paragraph(paragraph, at)
            self.construct(region)
            at = paragraph = region.end
        self.paragraph(paragraph, end)

    def paragraph(self, start: int, end: int) -> None:
        """Prose, or the dates of the block: those of its first paragraph that begins with a date (§5.4)."""
        if start == end:
            return
        stamps = read_stamps(self.text, start, end)
        if stamps is None:
            self.prose.extend(trimmed(self.text, start, end))
            return
        if self.dated:
            return
        self.dated = True
        for stamp in stamps:
            if stamp.keyword == "SCHEDULED":
                self.scheduled = stamp
            else:
                self.deadline = stamp

    def construct(self, region: Region) -> None:
        kind, start, end = region
        if kind == "properties":
            if self.run is None:
                self.run = read_run(self.text, start, end)
        elif kind == "directive":
            match = DIRECTIVE_LINE.match(self.text, start, end)
            assert match is not None  # noqa: S101 - the region reader matched the same pattern
            self.directives.append(property_of(match, start, trimmed=False))
        elif kind == "drawer":
            self.drawer(start, end)
        else:
            self.prose.extend(region_prose(self.text, region))

    def drawer(self, start: int, end: int) -> None:
        text = self.text
        opening, *lines = _LINES.finditer(text, start, end)
        if _LOGBOOK.match(opening[0]):
            inner = [line for line in lines if line[0].strip()]
            self.logbook.extend(Span(*line.span()) for line in inner[:-1])


_ONLY_CLOCKS: Final = lazy_pattern(
    r"[ \t]*+:LOGBOOK:\n((?:[ \t]*+CLOCK:[^\r\n]*+\n)*+)[ \t]*+:END:[ \t]*+(?:\n|\Z)\n*+"
)
_LOGBOOK: Final = lazy_pattern(r"[ \t\f\x1a]*:(?i:logbook):")
_LINES: Final = lazy_pattern(r"[^\r\n]+")
_LINE_END: Final = lazy_pattern(r"\r\n|[\r\n]")
_MAYBE_REGION: Final = lazy_pattern(r"[ \t\f\x1a]*+(?:[`~$<:\\>\[*+0-9#|_\-]|[^ \t\f\x1a\r\n:]++::)")
_HEAD: Final = lazy_pattern(
    rf"(?:[ \t\f\x1a]*+(#++)(?=[ \t\f\r\n]|\Z))?+(?:{MARKER.pattern})?+(?:{PRIORITY.pattern})?+[ \t\f\x1a]*+"
)
_FRONT_LINES: Final = lazy_pattern(r"[^\n]*\n")
_FRONT_LINE: Final = lazy_pattern(r"([^:\r\n]+):([^\r\n]*)")


class _Head(Record):
    """The first line of a block."""

    heading: int | None
    marker: str | None
    marker_span: Span | None
    priority: str | None
    has_title: bool
    """False directly behind a priority without a blank, where the rest of the line is read like a line of its own."""
    rest: int
    """Behind the last sign."""
    start: int
    """Where the title starts, behind the white space after the signs."""
    stop: int
    """Where the line ends."""
    below: int
    """Where the next line starts."""


def read_body(outline: Outline, index: int) -> Body:
    """Everything the block at `index` says; total (spec: logseq-format §3.1, §4.1, §5.1, §5.2, §5.3, §5.4, §6.3)."""
    if outline.reader is not None:
        return outline.reader.body(outline, index)
    block = outline.blocks[index]
    if block.kind == "pre":
        return _read_pre(outline, block)
    head = _read_head(outline.text, block)
    return _read_usual(outline.text, head, block.end) or _read_any(outline.text, head, block.end)


def _read_head(text: str, block: Block) -> _Head:
    end = block.end
    rest = block.text_start if block.kind == "heading" else block.start + block.raw
    signs = _HEAD.match(text, rest, end)
    assert signs is not None  # noqa: S101 - each of its parts may be missing
    hashes, marker, priority = signs.groups()
    start = signs.end()
    has_title = True
    if signs.lastindex:
        rest = signs.end(signs.lastindex)
        if priority:
            rest += 1
            has_title = rest < end and text[rest] in " \t\f\x1a\r\n"
    line = _LINE_END.search(text, start, end)
    stop, below = line.span() if line else (end, end)
    return _Head(
        heading=len(hashes) if hashes else None,
        marker=marker,
        marker_span=Span(*signs.span(2)) if marker else None,
        priority=priority,
        has_title=has_title,
        rest=rest,
        start=start,
        stop=stop,
        below=below,
    )


def _read_usual(text: str, head: _Head, end: int) -> Body | None:
    """The body of a block of one line that opens nothing, or of such a line with properties or a logbook below it.

    None for every other block; `_read_any` finds the same for these.
    """
    start, stop, below = head.start, head.stop, head.below
    if (
        not head.has_title
        or start >= stop
        or (text[start] in OPENERS and not _opens_none(text, start))
        or text.find("::", start, stop) >= 0
    ):
        return None
    found: Sequence[Property] = ()
    invalid: Iterable[str] = ()
    logbook: tuple[Span, ...] = ()
    if below < end:
        clocks = _ONLY_CLOCKS.fullmatch(text, below, end)
        if clocks:
            logbook = _clock_lines(text, *clocks.span(1))
        elif is_indented_run(text, below, end):
            found, invalid = read_run(text, below, end)
        else:
            return None
    title = Span(start, stop if text[stop - 1] not in " \t\f" else _trimmed_end(text, start, stop))
    return Body(
        heading=head.heading,
        marker=head.marker,
        marker_span=head.marker_span,
        priority=head.priority,
        title=title,
        properties=tuple(found),
        invalid_properties=tuple(invalid),
        collapsed=_is_collapsed(found),
        logbook=logbook,
        prose=(title,),
    )


def _read_any(text: str, head: _Head, end: int) -> Body:
    reader = _Reader(text, end)
    title = _read_title_and_lines(reader, head, end)
    found, invalid = reader.run or ([], {})
    return Body(
        heading=head.heading,
        marker=head.marker,
        marker_span=head.marker_span,
        priority=head.priority,
        title=title,
        properties=tuple(found),
        invalid_properties=tuple(invalid),
        collapsed=_is_collapsed(found),
        scheduled=reader.scheduled,
        deadline=reader.deadline,
        logbook=tuple(reader.logbook),
        prose=tuple(reader.prose),
        directives=tuple(reader.directives),
    )


def _read_title_and_lines(reader: _Reader, head: _Head, end: int) -> Span:
    """Where the title stands, which is empty where a construct stands in its place; the lines are read by `reader`."""
    text, start, stop = reader.text, head.start, head.stop
    if not head.has_title:
        reader.lines(head.rest, end)
        return Span(start, start)
    region = reader.regions.read(start, title=True) if start < stop else None
    if region is not None:
        reader.construct(region)
        reader.lines(region.end, end)
        return Span(start, start)
    title = Span(start, _trimmed_end(text, start, stop))
    if title.start < title.end:
        reader.prose.append(title)
    if start == stop:
        reader.lines(head.rest if head.rest < start else head.below, end)
    elif head.below < end:
        reader.lines(head.below, end)
    return title


def _opens_none(text: str, start: int) -> bool:
    """True if a title that begins with the sign of a construct begins with a link or a tag."""
    return text.startswith("[[", start) or (text[start] == "#" and not text.startswith("#+", start))


def _clock_lines(text: str, start: int, end: int) -> tuple[Span, ...]:
    return tuple([Span(*line.span()) for line in _LINES.finditer(text, start, end)])


def _trimmed_end(text: str, start: int, stop: int) -> int:
    while stop > start and text[stop - 1] in " \t\f":
        stop -= 1
    return stop


def _is_collapsed(found: Iterable[Property]) -> bool:
    value = None
    for prop in found:
        if prop.key == "collapsed":
            value = prop.value
    return value is not None and value != "false"


def _read_pre(outline: Outline, block: Block) -> Body:
    text = outline.text
    simple = read_simple_run(text, block.end)
    if simple:
        return Body(title=Span(0, 0), properties=simple)
    start = front_matter_end(text)
    reader = _Reader(text, block.end)
    reader.lines(start, block.end)
    found, invalid = sorted_out(page_directives(outline, reader.directives))
    if not (found or invalid) and reader.run:
        found, invalid = reader.run
    return Body(
        title=Span(start, start),
        properties=tuple(found),
        invalid_properties=tuple(invalid),
        logbook=tuple(reader.logbook),
        prose=tuple(reader.prose),
        directives=tuple(reader.directives),
    )


def page_directives(outline: Outline, own: Iterable[Property]) -> Iterator[Property]:
    """Front matter and every directive of the page, in order; `own` are those of the first block."""
    text = outline.text
    if "#+" not in text and not text.startswith("---"):
        return
    yield from _front_matter(text)
    yield from own
    if text.find("#+", outline.blocks[0].end) < 0:
        return
    for block in outline.blocks[1:]:
        if "#+" in text[block.start : block.end]:
            yield from read_body(outline, block.index).directives


def _front_matter(text: str) -> Iterator[Property]:
    """The lines of front matter; none at all when one of them is no `key: value` (spec: logseq-format §3.5)."""
    end = front_matter_end(text)
    if not end:
        return
    opening = _LINE_END.search(text)
    start = opening.end() if opening else end
    found = []
    for line in _FRONT_LINES.finditer(text, start, end - 3):
        match = _FRONT_LINE.match(text, line.start(), line.end())
        if match is None:
            return
        found.append(property_of(match, line.start(), trimmed=False))
    yield from found
