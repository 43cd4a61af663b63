"""What a block says on a page of Obsidian, plain Markdown or a mirror: box, marker, dates, fields; knows no other page.

Sources: domain 1 (other dialects), reference 9.3 (mirror); the dates of obsidian-tasks and the inline fields of
Dataview as their users write them (docs/dialects.md).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import Body, PageHeader
from graphkit.outline.dates import STAMP, Timestamp, timestamp_of
from graphkit.outline.frontmatter import FrontMatter, read_front_matter
from graphkit.outline.markers import MARKER_ALTERNATIVES, PRIORITY
from graphkit.outline.plaininline import labels_only, read_plain_inline, shown_plain, without_labels
from graphkit.outline.properties import Property, is_valid_key, normal_key
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.source import SourceText
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.outline.dates import Keyword, RepeaterKind
    from graphkit.outline.inline import Inline
    from graphkit.outline.tree import Block, Outline

_KEY: Final = r"(?:\*\*|__)?(\w[\w ./-]{0,59}+)::"
_FIELD: Final = re.compile(rf"(?:(?<=[\r\n])|\A)[ \t>]*+{_KEY}(?:\*\*|__)?(?:[ \t]++([^\r\n]*+)|(?=[\r\n]|\Z))")
_FIELD_HERE: Final = re.compile(rf"{_KEY}(?:\*\*|__)?(?:[ \t]++([^\r\n]*+)|(?=[\r\n]|\Z))")
MIRROR_FIELD: Final = re.compile(r"\*[ \t]++([^\s:\"(){}|,;@~`\\\[\]#][^:\r\n]{0,119}+)::(?:[ \t]++([^\r\n]*+)|(?=[\r\n]|\Z))")
"""A property of a mirror, from its `*` (reference 9.3); keys may hold blanks."""
_MIRROR_FIELDS: Final = re.compile(rf"(?:(?<=[\r\n])|\A)([ \t]*+){MIRROR_FIELD.pattern}")
FIELDS_ONLY: Final = re.compile(
    r"(?:[ \t]*+(?:\*[ \t]++)?\w[\w ./-]{0,59}+::(?:[ \t]++[^\r\n]*+)?(?:\r\n|[\r\n]|\Z)(?:[ \t]*+[\r\n])*+)++[ \t]*+"
)
"""A text of nothing but `key:: value` lines."""
_BRACKETED: Final = re.compile(
    r"[\[(](\w[\w ./-]{0,59}+)::[ \t]*+((?:\[\[[^\[\]\r\n]*+\]\]|[^\[\]()\r\n])*+)[\])]"
)
_BOX: Final = re.compile(r"[ \t]*+\[([^\[\]\r\n])\](?=[ \t\r\n]|\Z)")
_MARKER: Final = re.compile(rf"[ \t]*+({MARKER_ALTERNATIVES}|IN-REVIEW|BACKLOG)(?=[ \t\r\n]|\Z)")
_HEADING: Final = re.compile(r"[ \t]*+(\#{1,6}+)(?=[ \t\r\n]|\Z)[ \t]*+")
_HEADING_MARKER: Final = re.compile(rf"({MARKER_ALTERNATIVES})(?=[ \t])")
_LINE_END: Final = re.compile(r"[\r\n]")
_LINE: Final = re.compile(r"[^\r\n]++")
_ITEM_SIGN: Final = re.compile(r"[ \t]*+(?:[-*+]|[0-9]++[.)])?[ \t]*+")
_QUOTE: Final = re.compile(r"[ \t]*+(?:>[ \t]?)++")
_BLOCK_ID: Final = re.compile(r"\^[A-Za-z0-9-]++")
_LOGBOOK: Final = re.compile(r":(?i:logbook):")
_EMOJI_FIELD: Final = re.compile(
    "([\U0001f4c5\U0001f4c6\U0001f5d3\u23f3\u231b\U0001f6eb\u2705\u274c\u2795])\ufe0f?[ \t]*+([0-9]{4}-[0-9]{2}-[0-9]{2})"
    "|([\U0001f53a\u23eb\U0001f53c\U0001f53d\u23ec])\ufe0f?"
    "|(\U0001f501)\ufe0f?[ \t]*+([A-Za-z0-9, !]++)"
    "|([\U0001f194\u26d4\U0001f3c1])\ufe0f?[ \t]*+([\\w-]++(?:,[ \t]*+[\\w-]++)*+)"
)
_EMOJI: Final = re.compile(
    "[\U0001f4c5\U0001f4c6\U0001f5d3\u23f3\u231b\U0001f6eb\u2705\u274c\u2795\U0001f53a\u23eb\U0001f53c\U0001f53d\u23ec\U0001f501\U0001f194\u26d4\U0001f3c1]"
)
_DUE: Final = "\U0001f4c5\U0001f4c6\U0001f5d3"
_SCHEDULED: Final = "\u23f3\u231b"
_EMOJI_KEYS: Final[Mapping[str, str]] = {
    "\U0001f6eb": "start",
    "\u2705": "completed",
    "\u274c": "cancelled",
    "\u2795": "created",
    "\U0001f501": "repeat",
    "\U0001f194": "task-id",
    "\u26d4": "depends-on",
    "\U0001f3c1": "on-completion",
}
_PRIORITIES: Final[Mapping[str, str]] = {
    "\U0001f53a": "A", "\u23eb": "A", "\U0001f53c": "B", "\U0001f53d": "C", "\u23ec": "C",
}  # fmt: skip
"""Highest and high are A, medium is B, low and lowest are C."""
_PRIORITY_WORDS: Final[Mapping[str, str]] = {
    "highest": "A", "urgent": "A", "high": "A", "medium": "B", "low": "C", "lowest": "C",
}  # fmt: skip
"""The words of obsidian-tasks and of Logseq 2.x."""
_EVERY: Final = re.compile(r"every (?:([0-9]{1,4}) )?(day|week|month|year)s?\b(.*when done)?", re.IGNORECASE)


class PlainReader:
    """Reads the blocks of one page (`BlockReader`); remembers the front matter it has read."""

    __slots__ = ("_front", "_hidden", "_hidden_starts", "_mirror", "_span", "_unclosed")

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
        """What the front matter says; nothing where there is none."""
        if self._front is None:
            self._front = FrontMatter() if self._span is None else read_front_matter(text, self._span)
        return self._front

    def body(self, outline: Outline, index: int) -> Body:
        """What the block says; total."""
        text, block = outline.text, outline.blocks[index]
        parts = _Parts()
        for span in self._seen(block):
            parts.read(text, span, mirror=self._mirror)
        if block.kind == "pre":
            start = self._span.end if self._span and block.start <= self._span.start < block.end else block.start
            return Body(
                title=Span(start, start),
                properties=(*(self.front_matter(text).properties if start > block.start else ()), *parts.properties),
                prose=tuple(parts.prose(text, None)),
            )
        head = _Head(text, block)
        title = head.title
        inside = self._inside_hidden(title.start)
        if inside or _FIELD_HERE.match(text, title.start, title.end):
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

        Of a field that comes twice the first one counts; front matter counts before fields.
        """
        text = outline.text
        found = {prop.key: prop for prop in self.front_matter(text).properties}
        if "::" in text:
            for prop in self._fields(outline):
                found.setdefault(prop.key, prop)
        return PageHeader(properties=tuple(found.values()))

    def _fields(self, outline: Outline) -> Iterator[Property]:
        text = outline.text
        leading = True
        for block in outline.blocks:
            has_field = text.find("::", block.text_start, block.end) >= 0
            if block.kind == "bullet" and leading:
                stop = _LINE_END.search(text, block.text_start, block.end)
                leading = has_field and bool(
                    _FIELD_HERE.match(text, block.text_start, stop.start() if stop else block.end)
                )
            elif block.kind in {"heading", "paragraph"} and not has_field:
                leading = False
            if has_field and (block.kind in {"pre", "paragraph"} or (block.kind == "bullet" and leading)):
                parts = _Parts()
                for span in self._seen(block):
                    parts.read(text, span, mirror=self._mirror)
                yield from parts.properties

    def inline(self, text: str) -> Inline:
        """The references of a text."""
        return read_plain_inline(text)

    def shown(self, text: str) -> str:
        """The text as a reader sees it."""
        return shown_plain(text)

    def task_text(self, text: str) -> str:
        """The text without the dates, priorities and fields that stand in it, labels in place of their links."""
        if "::" in text:
            text = _BRACKETED.sub("", text)
        if _EMOJI.search(text):
            text = _EMOJI_FIELD.sub("", text)
        text = labels_only(text)
        return " ".join(text.split()) if "  " in text else text.strip()

    def task_marks(self, outline: Outline) -> Iterator[tuple[int, str, int]]:
        """Items with a box or an upper-case marker, and headings with a marker."""
        text = outline.text
        for block in outline.blocks:
            if block.kind in {"bullet", "heading"} and not self._inside_hidden(block.text_start):
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


class _Parts:
    """Collects fields, stamps and prose of one block."""

    __slots__ = ("_apart", "_seen", "deadline", "priority", "properties", "scheduled")

    def __init__(self) -> None:
        self.properties: list[Property] = []
        self.scheduled: Timestamp | None = None
        self.deadline: Timestamp | None = None
        self.priority: str | None = None
        self._seen: list[Span] = []
        self._apart: list[Span] = []
        """What is read and is no prose."""

    def read(self, text: str, span: Span, *, mirror: bool) -> None:
        start, end = span
        self._seen.append(span)
        if text.find("::", start, end) >= 0:
            if mirror:
                self._mirror_fields(text, start, end)
            for field in _FIELD.finditer(text, start, end) if text[start - 1 : start] in {"", "\r", "\n"} else (
                *self._first(text, start, end), *_FIELD.finditer(text, start + 1, end)
            ):  # fmt: skip
                if not self._apart or field.start() >= self._apart[-1].end:
                    self._add(field[1], field[2] or "", field.start(1), field.end(), field.start(2))
                    self._apart.append(Span(*field.span()))
            for field in _BRACKETED.finditer(text, start, end):
                self._add(field[1], field[2], field.start(), field.end(), field.start(2))
        if text.find("<", start, end) >= 0 or text.find(": [", start, end) >= 0:
            for match in STAMP.finditer(text, start, end):
                stamp = timestamp_of(match)
                if stamp is not None:
                    self._stamp(stamp)
                    self._apart.append(Span(*match.span()))

    @staticmethod
    def _first(text: str, start: int, end: int) -> Iterable[re.Match[str]]:
        at = start
        while at < end and text[at] in " \t":
            at += 1
        match = _FIELD_HERE.match(text, at, end)
        return (match,) if match else ()

    def _mirror_fields(self, text: str, start: int, end: int) -> None:
        fields = list(_MIRROR_FIELDS.finditer(text, start, end))
        for number, field in enumerate(fields):
            stop = fields[number + 1].start() if number + 1 < len(fields) else end
            value = (field[3] or "").strip()
            last = field.end()
            if not value:
                below = []
                for line in _LINE.finditer(text, field.end(), stop):
                    sign = _ITEM_SIGN.match(line[0])
                    if sign and line[0][: len(field[1]) + 1].strip(" \t"):
                        break
                    last = line.end()
                    below.append(line[0][sign.end() if sign else 0 :].strip())
                value = ", ".join(filter(None, below))
            self._add(field[2], value, field.start(2), last, field.end())
            self._apart.append(Span(field.start(), last))

    def _add(self, raw_key: str, value: str, start: int, end: int, value_start: int) -> None:
        key = normal_key(raw_key.strip())
        if is_valid_key(key):
            self.properties.append(
                Property(
                    key=key,
                    raw_key=raw_key.strip(),
                    value=without_labels(value.strip()),
                    start=start,
                    end=end,
                    value_start=value_start if value_start >= 0 else end,
                )
            )

    def named_priority(self) -> str | None:
        """The priority that a `priority::` field names by a word or letter."""
        word = next((prop.value.lower() for prop in self.properties if prop.key == "priority"), "")
        return _PRIORITY_WORDS.get(word) or (word.upper() if len(word) == 1 and word.isalpha() else None)

    def _stamp(self, stamp: Timestamp) -> None:
        if stamp.keyword == "SCHEDULED":
            self.scheduled = self.scheduled or stamp
        else:
            self.deadline = self.deadline or stamp

    def dates(self, text: str, title: Span) -> Span:
        """Read the emoji fields of a task's first line; the title without those at its end."""
        if not _EMOJI.search(text, *title):
            return title
        fields = list(_EMOJI_FIELD.finditer(text, *title))
        repeat: tuple[RepeaterKind | None, int | None, str | None] = (None, None, None)
        for field in fields:
            if field[4]:
                repeat = _repeater(field[5])
        for field in fields:
            if field[1]:
                if field[1] in _DUE:
                    self._stamp(_timestamp("DEADLINE", field, repeat))
                    continue
                if field[1] in _SCHEDULED:
                    self._stamp(_timestamp("SCHEDULED", field, repeat))
                    continue
            if field[3]:
                self.priority = self.priority or _PRIORITIES[field[3]]
                continue
            sign, group = (field[1], 2) if field[1] else (field[4], 5) if field[4] else (field[6], 7)
            self._add(_EMOJI_KEYS[sign], field[group], field.start(), field.end(), field.start(group))
        stop = title.end
        for field in reversed(fields):
            if text[field.end() : stop].strip():
                break
            stop = field.start()
        while stop > title.start and text[stop - 1] in " \t":
            stop -= 1
        return Span(title.start, stop)

    def prose(self, text: str, first: int | None) -> Iterator[Span]:
        """The ranges to be read for references, without fields, stamps and quote signs."""
        apart = sorted(self._apart)
        for start, end in self._seen:
            at = start if first is None else max(start, first)
            for span in apart:
                if span.start >= end:
                    break
                if span.end <= at:
                    continue
                yield from _lines(text, at, span.start)
                at = span.end
            if at < end:
                yield from _lines(text, at, end)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """A range without blanks at its ends; its lines one by one where they carry quote signs."""
    if text.find(">", start, end) < 0:
        while start < end and text[start] in " \t\r\n":
            start += 1
        while start < end and text[end - 1] in " \t\r\n":
            end -= 1
        if start < end:
            yield Span(start, end)
        return
    for line in _LINE.finditer(text, start, end):
        signs = _QUOTE.match(text, *line.span())
        at = signs.end() if signs else line.start()
        if text[at : line.end()].strip():
            yield Span(at, line.end())


def _repeater(rule: str) -> tuple[RepeaterKind | None, int | None, str | None]:
    """A recurrence rule as a repeater; one that is not "every so many days, weeks, months, years" has no number."""
    found = _EVERY.match(rule.strip())
    if found is None:
        return "+", None, None
    return ".+" if found[3] else "+", int(found[1] or 1), found[2][0].lower()


def _timestamp(
    keyword: Keyword, field: re.Match[str], repeat: tuple[RepeaterKind | None, int | None, str | None]
) -> Timestamp:
    year, month, day = map(int, field[2].split("-"))
    try:
        weekday = date(year, month, day).strftime("%a")
    except ValueError:
        weekday = ""
    return Timestamp(
        keyword=keyword,
        year=year,
        month=month,
        day=day,
        weekday=weekday,
        time=None,
        repeater=repeat[0],
        number=repeat[1],
        unit=repeat[2],
        span=Span(*field.span()),
    )
