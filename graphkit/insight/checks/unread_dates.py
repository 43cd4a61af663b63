"""Dates of tasks that are read otherwise than meant, or not at all.

spec: logseq-format §5.4, spec: domain §4.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.dates import breaks_logseq, parse_timestamp
from graphkit.quantities.written_dates import read_date
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.outline.dates import Timestamp
    from graphkit.text.diagnostics import Diagnostic

_KEYWORD: Final = lazy_pattern(r"(?<![A-Za-z0-9_\\-])(?i:(scheduled|deadline))(::?)[ \t]*+(?=([<\[]|[0-9])?)")
_KEYWORD_END: Final = lazy_pattern(r":(?:(?<=(?i:scheduled):)|(?<=(?i:deadline):))")
"""A cheap first look: it begins with a sign that few lines hold."""
_DAY: Final = lazy_pattern(r"[<\[]*+(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", re.ASCII)
_WEEKDAY_BEHIND: Final = lazy_pattern(r"[<\[]\d+-\d+-\d+ [A-Za-z]+[ >\]]", re.ASCII)
_PARAGRAPH: Final = 2000
"""How far the blank line that ends a date's paragraph is looked for."""
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dates_that_break_logseq(page: PageReading) -> Iterator[Diagnostic]:
    """E135: a bracket date on which Logseq's parser fails, so that it shows nothing of the page; the first one."""
    text = page.text
    at = 0
    while found := breaks_logseq(text, at):
        at = found.end
        if not page.is_code(found.start):
            yield page.finding(
                "E135",
                found.start,
                f"Logseq's parser fails at “{excerpt(text[found.start : found.end])}” and shows none of this page",
                "after the weekday, write a time, a repeater such as ++1w, or nothing",
            )
            return


def task_dates(page: PageReading) -> Iterator[Diagnostic]:
    """W315 a date that Logseq does not read, W316 one that no calendar has, W318 one with a wrong weekday."""
    text = page.text
    if _KEYWORD_END.search(text) is None:
        return
    for match in _KEYWORD.finditer(text):
        shouted = match[1].isupper()
        bracket = match[3]
        meant = bracket is not None and (shouted or bracket == "<")
        if not (meant or (match[2] == "::" and _is_task_property(page, match.start()))) or page.is_code(match.start()):
            continue
        stamp = parse_timestamp(text, match.start()) if match[2] == ":" else None
        if stamp is None:
            yield _unread(page, match)
        elif stamp.date is None:
            yield _impossible(page, match.start(), text[match.end() : stamp.span.end])
        elif not _is_read(page, stamp):
            yield page.finding(
                "W315",
                match.start(),
                f"Logseq does not read {match[1].upper()} here",
                "put it on its own line directly below the block's first line",
            )
        else:
            yield from _weekday(page, stamp, stamp.date)


def due_dates(page: PageReading) -> Iterator[Diagnostic]:
    """W317: a `due::` of a task, which counts like a DEADLINE (spec: domain §4), that is no date."""
    for task in page.facts.tasks:
        value = task.properties.get("due", "").strip()
        if value and read_date(value, page.context.reading.parse_day) is None:
            yield from (
                page.finding(
                    "W317",
                    prop.value_start,
                    f"due:: {excerpt(value)} is not a date, so the task has no deadline",
                    "write it as 2026-03-31 or [[Mar 31st, 2026]]",
                )
                for prop in page.body(task.block).properties
                if prop.key == "due"
            )


def _is_task_property(page: PageReading, start: int) -> bool:
    """True if the key of a task's property stands here."""
    block = page.block_at(start)
    return any(task.block == block for task in page.facts.tasks) and any(
        prop.start <= start < prop.value_start for prop in page.body(block).properties
    )


def _is_read(page: PageReading, stamp: Timestamp) -> bool:
    """True if it is one of the block's dates, or stands in the same paragraph as one."""
    body = page.body(page.block_at(stamp.span.start))
    for read in (body.scheduled, body.deadline):
        if read is not None:
            low, high = sorted((read.span.start, stamp.span.start))
            if page.text.find("\n\n", low, min(high, low + _PARAGRAPH)) < 0:
                return True
    return False


def _unread(page: PageReading, match: re.Match[str]) -> Diagnostic:
    text = page.text
    start = match.start()
    keyword = match[1].upper()
    day = _DAY.match(text, match.end())
    written = excerpt(page.rest_of_line(start))
    if day and _date_of(day) is None:
        return _impossible(page, start, page.rest_of_line(match.end(), day.end() - match.end() + 10))
    known = _date_of(day) if day else None
    if match[2] == "::" and known is None:
        known = read_date(page.rest_of_line(match.end()), page.context.reading.parse_day)
    right = (
        f"{keyword}: <{known.isoformat()} {_WEEKDAYS[known.weekday()][:3]}>"
        if known
        else f"{keyword}: <2026-03-31 Tue>"
    )
    if match[2] == "::":
        why = "a property does not date the block"
    elif match[3] == "<" and day and not _WEEKDAY_BEHIND.match(text, match.end()):
        why = "the weekday is missing, or is not an English one after a single space"
    else:
        why = "this is not Logseq's date format"
    return page.finding("W315", start, f"Logseq does not read “{written}”: {why}", f"write `{right}`")


def _impossible(page: PageReading, start: int, written: str) -> Diagnostic:
    return page.finding(
        "W316",
        start,
        f"“{excerpt(written)}” is not a date in the calendar",
        "write a date that exists, as in <2026-02-28 Sat>",
    )


def _date_of(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _weekday(page: PageReading, stamp: Timestamp, day: date) -> Iterator[Diagnostic]:
    right = _WEEKDAYS[day.weekday()]
    if stamp.weekday[:3].lower() != right[:3].lower():
        moved = "; Logseq does not move a repeated date with the wrong weekday" if stamp.repeater else ""
        yield page.finding(
            "W318",
            stamp.span.start,
            f"{day.isoformat()} is a {right}, not “{stamp.weekday}”{moved}",
            f"write {right[:3]}, or correct the date",
        )


RULES: Final = (
    Rule(("E135",), dates_that_break_logseq),
    Rule(("W315", "W316", "W318"), task_dates),
    Rule(("W317",), due_dates, outline=False),
)
"""The rules of this module."""
