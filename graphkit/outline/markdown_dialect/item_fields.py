"""Fields and dates that stand in a block's text outside Logseq graphs, and what is left as prose.

Sources: inline fields as Dataview's users write them, dates as those of obsidian-tasks do, properties of a mirror
(spec: logseq-format §9.3).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final

from graphkit.outline.dates import STAMP, Timestamp, timestamp_of
from graphkit.outline.markdown_dialect.wiki_links import code_spans, labels_only, without_labels
from graphkit.outline.properties import Property, is_valid_key, normal_key
from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.outline.dates import Keyword, RepeaterKind

_KEY: Final = r"(?:\*\*)?(\w[\w ./-]{0,59}+)(?:\*\*)?::(?:\*\*)?"
_FIELD: Final = lazy_pattern(rf"(?:(?<=[\r\n])|\A)[ \t>]*+{_KEY}(?:[ \t]++([^\r\n]*+)|(?=[\r\n]|\Z))")
FIELD_HERE: Final = lazy_pattern(rf"{_KEY}(?:[ \t]++([^\r\n]*+)|(?=[\r\n]|\Z))")
MIRROR_FIELD: Final = lazy_pattern(
    r"\*[ \t]++([^\s:\"(){}|,;@~`\\\[\]#][^:\r\n]{0,119}+)::(?:[ \t]++([^\r\n]*+)|(?=[\r\n]|\Z))"
)
"""A property of a mirror, from its `*` (spec: logseq-format §9.3); keys may hold blanks."""
_MIRROR_FIELDS: Final = lazy_pattern(rf"(?:(?<=[\r\n])|\A)([ \t]*+){MIRROR_FIELD.pattern}")
FIELDS_ONLY: Final = lazy_pattern(
    r"(?:[ \t]*+(?:\*[ \t]++)?\w[\w ./-]{0,59}+::(?:[ \t]++[^\r\n]*+)?(?:\r\n|[\r\n]|\Z)(?:[ \t]*+[\r\n])*+)++[ \t]*+"
)
"""A text of nothing but `key:: value` lines."""
_BRACKETED: Final = lazy_pattern(r"[\[(](\w[\w ./-]{0,59}+)::[ \t]*+((?:\[\[[^\[\]\r\n]*+\]\]|[^\[\]()\r\n])*+)[\])]")
_LINE: Final = lazy_pattern(r"[^\r\n]++")
_ITEM_SIGN: Final = lazy_pattern(r"[ \t]*+(?:[-*+]|[0-9]++[.)])?[ \t]*+")
_QUOTE: Final = lazy_pattern(r"[ \t]*+(?:>[ \t]?)++")
_EMOJI_FIELD: Final = lazy_pattern(
    "([\U0001f4c5\U0001f4c6\U0001f5d3\u23f3\u231b\U0001f6eb\u2705\u274c\u2795])\ufe0f?[ \t]*+"
    "([0-9]{4}-[0-9]{2}-[0-9]{2})"
    "|([\U0001f53a\u23eb\U0001f53c\U0001f53d\u23ec])\ufe0f?"
    "|(\U0001f501)\ufe0f?[ \t]*+([A-Za-z0-9, !]++)"
    "|([\U0001f194\u26d4\U0001f3c1])\ufe0f?[ \t]*+([\\w-]++(?:,[ \t]*+[\\w-]++)*+)"
)
_EMOJI: Final = lazy_pattern(
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
_EVERY: Final = lazy_pattern(r"every (?:([0-9]{1,4}) )?(day|week|month|year)s?\b(.*when done)?", re.IGNORECASE)


def without_fields(text: str) -> str:
    """A task's text without the dates, priorities and fields that stand in it, labels in place of their links."""
    if "::" in text:
        text = _without(_BRACKETED, text)
    if _EMOJI.search(text):
        text = _without(_EMOJI_FIELD, text)
    text = labels_only(text)
    return " ".join(text.split()) if "  " in text else text.strip()


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text without what the pattern finds outside code."""
    code = code_spans(text, 0, len(text))
    return pattern.sub(lambda found: found[0] if _is_inside(found.start(), code) else "", text)


def _is_inside(offset: int, spans: list[Span]) -> bool:
    place = bisect_right(spans, offset, key=_start) - 1
    return place >= 0 and offset < spans[place].end


def _start(span: Span) -> int:
    return span.start


class BlockParts:
    """Collects fields, dates and prose of one block while its parts go by."""

    __slots__ = ("_apart", "_seen", "deadline", "priority", "properties", "scheduled")

    def __init__(self) -> None:
        self.properties: list[Property] = []
        self.scheduled: Timestamp | None = None
        self.deadline: Timestamp | None = None
        self.priority: str | None = None
        self._seen: list[Span] = []
        self._apart: list[Span] = []
        """What is read and is no prose."""

    def read(self, text: str, span: Span, *, mirror: bool, task_end: int = -1) -> None:
        """Take one part of the block that is no code block; parts come in the order of the page.

        task_end: where the first line of a task ends; what stands in it like a line `key:: value` is the task's text.
        """
        start, end = span
        self._seen.append(span)
        code = code_spans(text, start, end)
        if text.find("::", start, end) >= 0:
            if mirror:
                self._mirror_fields(text, start, end)
            for field in _FIELD.finditer(text, start, end) if text[start - 1 : start] in {"", "\r", "\n"} else (
                *self._first(text, start, end), *_FIELD.finditer(text, start + 1, end)
            ):  # fmt: skip
                if field.start() < task_end:
                    continue
                self._add(field[1], field[2] or "", field.start(1), field.end(), field.start(2))
                self._apart.append(Span(*field.span()))
            for field in _BRACKETED.finditer(text, start, end):
                if _is_inside(field.start(), code):
                    continue
                self._add(field[1], field[2], field.start(), field.end(), field.start(2))
        if text.find("<", start, end) >= 0 or text.find(": [", start, end) >= 0:
            for match in STAMP.finditer(text, start, end):
                stamp = None if _is_inside(match.start(), code) else timestamp_of(match)
                if stamp is not None:
                    self._stamp(stamp)
                    self._apart.append(Span(*match.span()))

    @staticmethod
    def _first(text: str, start: int, end: int) -> Iterable[re.Match[str]]:
        at = start
        while at < end and text[at] in " \t":
            at += 1
        match = FIELD_HERE.match(text, at, end)
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
        code = code_spans(text, *title)
        fields = [field for field in _EMOJI_FIELD.finditer(text, *title) if not _is_inside(field.start(), code)]
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
