"""Which dates of a paragraph count; each expectation is what Logseq makes of what mldoc 1.5.7 reads."""

from __future__ import annotations

import pytest

from graphkit.outline.body import read_body
from graphkit.outline.scanner import scan_page


def dates(*lines: str) -> tuple[int | None, int | None]:
    body = read_body(scan_page("\n".join(("- x", *lines))), 0)
    return (
        body.scheduled.journal_day if body.scheduled else None,
        body.deadline.journal_day if body.deadline else None,
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SCHEDULED: <2024-01-02 Tue>", (20240102, None)),
        ("  SCHEDULED: <2024-01-02 Tue> DEADLINE: <2024-01-03 Wed>", (20240102, 20240103)),
        ("a b SCHEDULED:   <2024-01-02 Tue>", (20240102, None)),
        ("**b**SCHEDULED: <2024-01-02 Tue>", (20240102, None)),
        ("**b** SCHEDULED: <2024-01-02 Tue>", (None, None)),
        ("a [^1] SCHEDULED: <2024-01-02 Tue>", (None, None)),
        ("a\\*SCHEDULED: <2024-01-02 Tue>", (20240102, None)),
        ("xSCHEDULED: <2024-01-02 Tue>", (None, None)),
        ("<2024-01-01 Mon>--<2024-01-02 Tue> SCHEDULED: <2024-01-03 Wed>", (20240103, None)),
        ("SCHEDULED: <2024-01-02 Tue>--<2024-01-03 Wed>", (None, None)),
        ("SCHEDULED: <2024-01--02 Tue>", (2024010, None)),
        ("SCHEDULED: <+2_024-1-2 Tue>", (20240102, None)),
    ],
)
def test_dates_of_one_paragraph(line: str, expected: tuple[int | None, int | None]) -> None:
    assert dates(line) == expected


def test_the_first_paragraph_that_begins_with_any_date_decides() -> None:
    assert dates("CLOCK: [2024-01-01 Mon]", "k:: v", "SCHEDULED: <2024-01-02 Tue>") == (None, None)
    assert dates("SCHEDULED: <2024-01-02 Tue>", "k:: v", "DEADLINE: <2024-01-03 Wed>") == (20240102, None)


def test_a_range_with_a_keyword_is_no_planning_date_but_begins_the_paragraph() -> None:
    assert dates("DEADLINE: <2024-01-02 Tue>--[2024-01-03 Wed]", "k:: v", "SCHEDULED: <2024-01-04 Thu>") == (None, None)
