"""Timestamps and clock lines as Logseq reads them."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from graphkit.outline.inline.inline_scanner import scan_top
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    from graphkit.outline.inline.inline_scanner import Part

RepeaterKind = Literal["+", "++", ".+"]
Keyword = Literal["SCHEDULED", "DEADLINE"]

_SPACE: Final = r"[ \t\f\x1a]"


_NUMBER: Final = r"[-+]?\d[\d_]*+"
"""A number as Logseq's parser reads it; nobody writes signs in dates on purpose, but slips of the pen do."""


def _inside(close: str) -> str:
    # Without `<` and `[` inside, so that a page full of opening brackets is read in linear time.
    inner = rf"[^ \r\n<\[{close}]"
    return rf"({_NUMBER})-({_NUMBER})-({_NUMBER}){inner}*+ ([A-Za-z]++)(?: ({inner}++))?(?: ({inner}++))?{close}"


_ANGLE: Final = _inside(">")
_SQUARE: Final = _inside(r"\]")
_KEYWORD: Final = rf"(?i:(SCHEDULED|DEADLINE|CLOSED|CLOCK)):{_SPACE}++"
STAMP: Final = lazy_pattern(rf"{_KEYWORD}(?:<{_ANGLE}|\[{_SQUARE})", re.ASCII)
"""A timestamp with its keyword (spec: logseq-format §5.4); groups: keyword, then six for `<…>` and six for `[…]`."""
_INTERVAL: Final = lazy_pattern(r"(\d+)([hdwmy])", re.ASCII)
_TIME: Final = lazy_pattern(r"\d+:\d+", re.ASCII)


def _breaking(close: str) -> str:
    inner = rf"[^ \r\n<\[{close}]"
    single = rf"(?!{close})[!-~]"
    return rf"{_NUMBER}-{_NUMBER}-{_NUMBER}{inner}*+ [A-Za-z]++(?: {inner}++ {single}(?=[ {close}])| [+.]{close})"


_BREAKS: Final = tuple(lazy_pattern(one, re.ASCII) for one in (rf"<{_breaking('>')}", rf"\[{_breaking(chr(92) + ']')}"))
"""Two patterns: a literal first character is looked for four times as fast as one of a set (measured)."""
_CLOCK: Final = lazy_pattern(
    r"\s*CLOCK:\s*\[(\d{4})-(\d{2})-(\d{2})[^\]\d]*(\d{1,2}):(\d{2})(?::(\d{2}))?\]"
    r"(?:--\[(\d{4})-(\d{2})-(\d{2})[^\]\d]*(\d{1,2}):(\d{2})(?::(\d{2}))?\]"
    r"(?:\s*=>\s*(\d+):(\d{2})(?::(\d{2}))?)?)?\s*",
    re.ASCII,
)
_STATE: Final = lazy_pattern(
    r'\s*\* State "([^"]*)" from "([^"]*)" \[(\d{4})-(\d{2})-(\d{2})[^\]\d]*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?\]\s*',
    re.ASCII,
)


class Timestamp(Record, frozen=True, kw_only=True):
    """A `SCHEDULED:` or `DEADLINE:` as written; nothing in it is validated (spec: logseq-format §5.4)."""

    keyword: Keyword
    year: int
    month: int
    day: int
    weekday: str
    """The word written, whatever it is."""
    time: str | None
    """`H:MM` as written, the start of a range; None without time."""
    repeater: RepeaterKind | None
    number: int | None
    """How many units to the next date."""
    unit: str | None
    """`h`, `d`, `w`, `m` or `y`."""
    span: Span
    """From the keyword to the closing bracket, in the text that was read."""

    @property
    def date(self) -> date | None:
        """The day, None when it is not one of the calendar."""
        try:
            return date(self.year, self.month, self.day)
        except (ValueError, OverflowError):
            return None

    @property
    def journal_day(self) -> int:
        """The day as Logseq stores it: the digits of year, month and day as one number (spec: logseq-format §5.4)."""
        digits = "".join(str(part) if part >= 10 else f"0{part}" for part in (self.month, self.day))
        found = _LEADING_NUMBER.match(f"{self.year}{digits}")
        return int(found[0]) if found else 0


class Clock(Record, frozen=True, kw_only=True):
    """One `CLOCK:` line of a logbook, in the local time of whoever clocked (spec: logseq-format §5.6)."""

    start: datetime
    end: datetime | None
    """None while the clock runs."""
    seconds: int | None
    """What is written after `=>`, which Logseq sums up; the difference of the stamps where nothing is written."""


class StateChange(Record, frozen=True, kw_only=True):
    """One `* State "…" from "…"` line of a logbook (spec: logseq-format §5.5)."""

    to: str
    was: str
    when: datetime


_LEADING_NUMBER: Final = lazy_pattern(r"-?\d+", re.ASCII)


def _number(text: str) -> int:
    return int(text.replace("_", ""))


_SECOND_DATE: Final = lazy_pattern(rf"--(?:<{_ANGLE}|\[{_SQUARE})", re.ASCII)


def _is_range(text: str, at: int, end: int) -> bool:
    """True if a second date follows the one that ends at `at`."""
    return text.startswith("--", at, end) and _SECOND_DATE.match(text, at, end) is not None


def parse_timestamp(text: str, at: int = 0, end: int | None = None) -> Timestamp | None:
    """The timestamp with keyword that starts exactly at `at`, None when nothing is there or it begins a range."""
    stop = len(text) if end is None else end
    match = STAMP.match(text, at, stop)
    if match is None or _is_range(text, match.end(), stop):
        return None
    return timestamp_of(match)


def timestamp_of(match: re.Match[str]) -> Timestamp | None:
    """The value of a match of `STAMP`; None for the keywords without effect, `CLOSED` and `CLOCK`."""
    keyword = match[1].upper()
    if keyword not in {"SCHEDULED", "DEADLINE"}:
        return None
    year, month, day, weekday, first, second = match.groups()[1:7] if match[2] else match.groups()[7:]
    time: str | None = None
    repeater: str | None = None
    if second is not None:
        time, repeater = first, second
    elif first is not None:
        if first[0] in "+.":
            repeater = first
        else:
            time = first
    found = _TIME.match(time) if time else None
    kind, number, unit = _read_repeater(repeater)
    return Timestamp(
        keyword="SCHEDULED" if keyword == "SCHEDULED" else "DEADLINE",
        year=_number(year),
        month=_number(month),
        day=_number(day),
        weekday=weekday,
        time=found[0] if found else None,
        repeater=kind,
        number=number,
        unit=unit,
        span=Span(*match.span()),
    )


def _read_repeater(text: str | None) -> tuple[RepeaterKind | None, int | None, str | None]:
    if not text:
        return None, None, None
    kind: RepeaterKind = "++" if text.startswith("++") else ".+" if text.startswith(".+") else "+"
    rest = _INTERVAL.match(text, 1 if kind == "+" else 2)
    if rest is None:
        return None, None, None
    return kind, int(rest[1]), rest[2]


def breaks_logseq(text: str, start: int = 0) -> Span | None:
    """The first bracket date from `start` on at which Logseq's parser fails and gives up the file.

    spec: logseq-format §5.4.
    """
    found = [Span(*match.span()) for pattern in _BREAKS if (match := pattern.search(text, start))]
    return min(found, default=None)


@lru_cache(maxsize=4096)
def read_clock(line: str) -> Clock | None:
    """The clock entry of a logbook line; None when it is not one or its times are not of the calendar."""
    match = _CLOCK.fullmatch(line)
    if match is None:
        return None
    start = _moment(match.groups()[:6])
    if start is None:
        return None
    if match[7] is None:
        return Clock(start=start, end=None, seconds=None)
    end = _moment(match.groups()[6:12])
    if end is None:
        return None
    if match[13] is None:
        return Clock(start=start, end=end, seconds=int((end - start).total_seconds()))
    return Clock(start=start, end=end, seconds=int(match[13]) * 3600 + int(match[14]) * 60 + int(match[15] or 0))


def read_state(line: str) -> StateChange | None:
    """The change of marker that a logbook line records, None when it records none."""
    match = _STATE.fullmatch(line)
    when = match and _moment(match.groups()[2:])
    return StateChange(to=match[1], was=match[2], when=when) if match and when else None


def _moment(parts: tuple[str | None, ...]) -> datetime | None:
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - logbooks carry no zone
    except ValueError:
        return None


_HINT: Final = lazy_pattern(r"[<\[][-+\d]")
_PLANNING: Final = lazy_pattern("(?:SCHEDULED|DEADLINE):")
_ONLY_STAMPS: Final = lazy_pattern(
    r"[ \t\f\x1a]*+(?:(?:SCHEDULED|DEADLINE):[ \t\f\x1a]++<[^<>\[\]\r\n]*+>[ \t\f\x1a\r\n]*+)++"
)
"""The usual paragraph with dates; what stands between `<` and `>` is for `parse_timestamp` to judge."""
_LINE_BREAK: Final = lazy_pattern(r"(?<! )  ++\r?\n|\r\n|[\r\n]")


def read_stamps(text: str, start: int, end: int) -> list[Timestamp] | None:
    """The timestamps of a paragraph whose first or second inline item is a date; None for any other paragraph.

    An item is a stretch of plain text, one construct, or a line break (spec: logseq-format §5.4).
    """
    if not _HINT.search(text, start, end):
        return None
    if _ONLY_STAMPS.fullmatch(text, start, end):
        found = [parse_timestamp(text, match.start(), end) for match in _PLANNING.finditer(text, start, end)]
        if all(found):
            return [stamp for stamp in found if stamp is not None]
    paragraph = text[start:end]
    parts, _ = scan_top(paragraph, macros=True)
    if not _begins_with_date(paragraph, parts):
        return None
    found = [parse_timestamp(text, start + part.start, end) for part in parts if part.is_date]
    return [stamp for stamp in found if stamp is not None]


def _begins_with_date(paragraph: str, parts: list[Part]) -> bool:
    items = at = 0
    for part in parts:
        items += _count_items(paragraph[at : part.start])
        if items > 1:
            return False
        if part.is_date:
            return True
        items += 1
        at = part.end
    return False


def _count_items(plain: str) -> int:
    """How many items the text between two constructs is: its line breaks, and what stands between those."""
    if not plain:
        return 0
    breaks = _LINE_BREAK.findall(plain)
    return len(breaks) + sum(1 for piece in _LINE_BREAK.split(plain) if piece)
