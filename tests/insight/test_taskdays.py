"""When a task was begun and done, by what the vault itself says."""

from __future__ import annotations

from datetime import date

import pytest

from graphkit.facts.extract import extract_page
from graphkit.facts.page_source import PageSource, Reading
from graphkit.insight.work.task_days import done_days, started_day
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page
from graphkit.text.source import SourceText

LOGBOOK = "  :LOGBOOK:\n  {}\n  :END:"
CLOCK = "CLOCK: [2026-02-18 Wed 09:20:34]--[2026-02-19 Thu 00:30:39] =>  15:10:05"
STATE = '* State "DONE" from "DOING" [2026-02-25 Wed 09:40]'


def days(text: str, journal: date | None = None) -> tuple[tuple[date, ...], date | None]:
    outline = scan_page(text)
    page = extract_page(
        PageSource(
            path="p.md",
            title="p",
            journal_day=journal,
            source=SourceText(text),
            outline=outline,
            header=read_header(outline),
        ),
        Reading(),
    )
    return done_days(page.tasks[0], page, lambda _: None), started_day(page.tasks[0], page)


@pytest.mark.parametrize(
    ("text", "journal", "done", "started"),
    [
        ("- DONE a\n" + LOGBOOK.format(CLOCK), None, (date(2026, 2, 19),), date(2026, 2, 18)),
        ("- DONE a\n" + LOGBOOK.format(f"{CLOCK}\n  {STATE}"), None, (date(2026, 2, 25),), date(2026, 2, 18)),
        ("- TODO a\n" + LOGBOOK.format(STATE), None, (date(2026, 2, 25),), None),
        ("- DOING a\n" + LOGBOOK.format("CLOCK: [2026-02-18 Wed 09:20:34]"), None, (), date(2026, 2, 18)),
        ("- DONE a\n  completed:: 2026-02-01", date(2026, 3, 1), (date(2026, 2, 1),), None),
        ("- DONE a\n  done:: 2026-02-02", None, (date(2026, 2, 2),), None),
        ("- DONE a\n  done-ms:: 1770000000000", None, (date(2026, 2, 2),), None),
        ("- DONE a\n  done-ms:: 99999999999999999", None, (), None),
        ("- DONE a", date(2026, 3, 1), (date(2026, 3, 1),), None),
        ("- DONE a", None, (), None),
        ("- DOING a", date(2026, 3, 1), (), date(2026, 3, 1)),
        ("- TODO a", date(2026, 3, 1), (), None),
    ],
)
def test_days_of_a_task(text: str, journal: date | None, done: tuple[date, ...], started: date | None) -> None:
    assert days(text, journal) == (done, started)
