"""The LOGBOOK of one block: where it stands, and splices that start, stop or note something in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.insight.work.repeaters import WEEKDAYS
from graphkit.outline.body import read_body
from graphkit.outline.constructs import PROPERTY_LINE, Regions
from graphkit.outline.dates import read_clock
from graphkit.text.edit import Splice
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from graphkit.outline.constructs import Region
    from graphkit.outline.page_outline import Outline
    from graphkit.text.span import Span

_LINE: Final = lazy_pattern(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")
_LINE_END: Final = lazy_pattern(r"\r\n|[\r\n]")
_LOGBOOK: Final = lazy_pattern(r"[ \t\f\x1a]*:(?i:logbook):")
_DATE_LINE: Final = lazy_pattern(r"[ \t]*(?i:SCHEDULED|DEADLINE): ")
_CLOCK_LINE: Final = lazy_pattern(r"([ \t]*CLOCK: *\[[^\]]*\])([ \t]*)")
_INDENT: Final = lazy_pattern(r"[ \t]*")


class Stopped(Record, frozen=True, kw_only=True):
    """A running clock that was stopped."""

    splice: Splice
    time: str
    """What it measured, as it is written."""


class Logbook:
    """The LOGBOOK drawer of a block, or the place where Logseq would put one (spec: logseq-format §3.8, §5.6)."""

    def __init__(self, outline: Outline, index: int, *, seconds: bool) -> None:
        """Seconds: whether clock times carry them (`:logbook/settings`)."""
        self._text = outline.text
        self._seconds = seconds
        block = outline.blocks[index]
        self._eol = line_end(outline.text, block.start)
        self._closing: int | None = None
        self._lines: list[Span] = []
        self._place = 0
        self._indent = ""
        logged = read_body(outline, index).logbook
        drawers = [region for region in _constructs(outline, index) if _is_logbook(outline.text, region)]
        if drawers:
            drawer = drawers[-1]
            self._closing = self._last_line(drawer.start, drawer.end)
            self._indent = self._indent_at(self._closing)
            self._lines = [span for span in logged if drawer.start <= span.start < drawer.end]
        else:
            self._place = _place_of_drawer(outline, index)
            self._indent = continuation_indent(outline, index)

    def running_since(self) -> str | None:
        """The text in the brackets of a running clock: an open `CLOCK` as the last line of the drawer."""
        if not self._lines:
            return None
        line = self._text[slice(*self._lines[-1])]
        clock = read_clock(line)
        return line if clock is not None and clock.end is None else None

    def stop(self, now: datetime) -> Stopped | None:
        """Complete the running clock; None where none runs. Raises ValueError where it began after `now`."""
        line = self.running_since()
        clock = read_clock(line) if line is not None else None
        match = _CLOCK_LINE.match(line) if line is not None else None
        if clock is None or match is None:
            return None
        seconds = int((now - clock.start).total_seconds())
        if seconds < 0:
            raise ValueError(f"its clock started later, at {clock.start:%Y-%m-%d %H:%M}")
        hours, rest = divmod(seconds, 3600)
        time = f"{hours:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if self._seconds else "")
        start = self._lines[-1].start
        done = f"{match[1]}--[{self._moment(now, seconds=self._seconds)}] =>  {time}"
        return Stopped(splice=Splice(start, start + match.end(), done), time=time)

    def start(self, now: datetime) -> Splice:
        """Begin a clock."""
        return self._append(f"CLOCK: [{self._moment(now, seconds=self._seconds)}]")

    def note(self, was: str, now: datetime) -> Splice:
        """Note a completion of a repeated task (spec: logseq-format §5.5)."""
        return self._append(f'* State "DONE" from "{was}" [{self._moment(now, seconds=False)}]')

    @staticmethod
    def _moment(now: datetime, *, seconds: bool) -> str:
        return f"{now:%Y-%m-%d} {WEEKDAYS[now.weekday()]} {now:%H:%M:%S}"[: None if seconds else -3]

    def _append(self, line: str) -> Splice:
        if self._closing is not None:
            return Splice(self._closing, self._closing, f"{self._indent}{line}{self._eol}")
        lines = [f"{self._indent}{part}" for part in (":LOGBOOK:", line, ":END:")]
        at = self._place
        if at > 0 and self._text[at - 1] not in "\r\n":
            return Splice(at, at, "".join(self._eol + part for part in lines))
        return Splice(at, at, "".join(part + self._eol for part in lines))

    def _last_line(self, start: int, end: int) -> int:
        """Start of the last line in which something stands."""
        found = start
        for match in _LINE.finditer(self._text, start, end):
            if match[0].strip():
                found = match.start()
        return found

    def _indent_at(self, at: int) -> str:
        match = _INDENT.match(self._text, at)
        return match[0] if match else ""


def line_end(text: str, at: int) -> str:
    """How lines end here: as the one at `at`, else as the page's first one; LF on a page of one line."""
    match = _LINE_END.search(text, at) or _LINE_END.search(text)
    return match[0] if match else "\n"


def continuation_indent(outline: Outline, index: int) -> str:
    """The text before a further line of a block: as its second line has it, else two blanks below the bullet's."""
    text, block = outline.text, outline.blocks[index]
    first = _LINE.match(text, block.start, block.end)
    second = _INDENT.match(text, first.end(), block.end) if first and first.end() < block.end else None
    before = text[block.start : block.start + block.raw - 1]
    if second is not None and text[second.end() : second.end() + 1].strip():
        own = second[0]
        if block.kind == "heading" or (len(own) > len(before) and own.startswith(before)):
            return own
    return "" if block.kind == "heading" else f"{before}  "


def _is_logbook(text: str, region: Region) -> bool:
    return region.kind == "drawer" and bool(_LOGBOOK.match(text, region.start))


def _constructs(outline: Outline, index: int) -> Iterator[Region]:
    """The constructs of a block below its title, in order."""
    text, end = outline.text, outline.blocks[index].end
    regions = Regions(text, end)
    at = _below_title(outline, index)
    while at < end:
        region = regions.read(at)
        if region is None:
            line = _LINE_END.search(text, at, end)
            at = line.end() if line else end
        else:
            yield region
            at = region.end


def _below_title(outline: Outline, index: int) -> int:
    """Where the line after the title begins, or what follows a construct that stands in its place."""
    text, block = outline.text, outline.blocks[index]
    title = read_body(outline, index).title
    if title.start == title.end:
        region = Regions(text, block.end).read(title.start, title=True)
        if region is not None and region.kind != "properties":
            return region.end
    line = _LINE_END.search(text, title.end, block.end)
    return line.end() if line else block.end


def _place_of_drawer(outline: Outline, index: int) -> int:
    """Below the title and the dates and properties that follow it directly (spec: logseq-format §3.8)."""
    text, end = outline.text, outline.blocks[index].end
    at = _below_title(outline, index)
    while at < end and (PROPERTY_LINE.match(text, at, end) or _DATE_LINE.match(text, at, end)):
        line = _LINE.match(text, at, end)
        at = line.end() if line else end
    return at
