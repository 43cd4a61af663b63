"""Timestamps, repeaters, logbook lines (spec: logseq-format §5.4, §5.5, §5.6)."""

# ruff: noqa: DTZ001 - logbooks carry no time zone

from __future__ import annotations

from datetime import date, datetime

import pytest
from growth import assert_linear, repeated

from graphkit.outline.dates import Clock, StateChange, breaks_logseq, parse_timestamp, read_clock, read_state


def test_everything_in_a_timestamp() -> None:
    stamp = parse_timestamp("x deadline:  <2024-1-5 fri 7:00-8:00 .+2w>", 2)
    assert stamp is not None
    assert (stamp.keyword, stamp.weekday, stamp.time, stamp.repeater, stamp.number, stamp.unit) == (
        "DEADLINE",
        "fri",
        "7:00",
        ".+",
        2,
        "w",
    )
    assert (stamp.date, stamp.journal_day, stamp.span) == (date(2024, 1, 5), 20240105, (2, 42))


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("2024-01-05 Fri +1d", ("+", 1, "d")),
        ("2024-01-05 Fri ++12hours", ("++", 12, "h")),
        ("2024-01-05 Fri +1w -2d", ("+", 2, "d")),
        ("2024-01-05 Fri .+1y", (".+", 1, "y")),
        ("2024-01-05 Fri ++w", (None, None, None)),
        ("2024-01-05 Fri 10:00", (None, None, None)),
    ],
)
def test_repeaters(inside: str, kind: tuple[str | None, int | None, str | None]) -> None:
    stamp = parse_timestamp(f"SCHEDULED: <{inside}>")
    assert stamp is not None
    assert (stamp.repeater, stamp.number, stamp.unit) == kind


@pytest.mark.parametrize(
    "text",
    [
        "SCHEDULED: <2024-01-05>",
        "SCHEDULED: <2024-01-05 10:30>",
        "SCHEDULED: <2024-01-05  Fri>",
        "SCHEDULED: <2024-01-05 周五>",
        "SCHEDULED:<2024-01-05 Fri>",
        "SCHEDULED: <2024-01-05 Fri 10:00 +1d -2d>",
        "SCHEDULED: <2024-01-05 Fri>--<2024-01-06 Sat>",
        "CLOSED: <2024-01-05 Fri>",
        "SCHEDULED: <2024-01-05 Fri",
    ],
)
def test_what_is_no_timestamp(text: str) -> None:
    assert parse_timestamp(text) is None


def test_impossible_days_have_a_number_and_no_date() -> None:
    stamp = parse_timestamp("SCHEDULED: <2024-13-45 Fri>")
    assert stamp is not None
    assert (stamp.date, stamp.journal_day) == (None, 20241345)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a <2024-01-05 Fri 10:30 x> b", "<2024-01-05 Fri 10:30 x"),
        ("[2024-01-05 Fri a b]", "[2024-01-05 Fri a b"),
        ("<2024-01-05 Fri +>", "<2024-01-05 Fri +>"),
        ("<2024-01-05 Fri 10:30 xy>", None),
        ("<2024-01-05 Fri 10:30 +1w>", None),
        ("<2024-01-05 Fri x>", None),
    ],
)
def test_dates_that_break_logseq(text: str, found: str | None) -> None:
    span = breaks_logseq(text)
    assert (text[span.start : span.end] if span else None) == found


@pytest.mark.parametrize("piece", ["<2024-01-05 Fri ", "[1-1-1", "<1-1-1 a b ", "SCHEDULED: "])
def test_reading_dates_stays_linear(piece: str) -> None:
    def read(text: str) -> None:
        assert breaks_logseq(text) is None or piece.endswith("b ")

    assert_linear(repeated(piece), read, 1_000_000)


@pytest.mark.parametrize(
    ("line", "clock"),
    [
        (
            "  CLOCK: [2024-01-05 Fri 10:00:00]--[2024-01-05 Fri 11:30:05] =>  01:30:05",
            Clock(start=datetime(2024, 1, 5, 10), end=datetime(2024, 1, 5, 11, 30, 5), seconds=5405),
        ),
        (
            "CLOCK: [2024-01-05 Fri 10:00]--[2024-01-05 Fri 11:30] =>  01:15",
            Clock(start=datetime(2024, 1, 5, 10), end=datetime(2024, 1, 5, 11, 30), seconds=4500),
        ),
        (
            "CLOCK: [2024-01-05 Fri 10:00]--[2024-01-05 Fri 11:30]",
            Clock(start=datetime(2024, 1, 5, 10), end=datetime(2024, 1, 5, 11, 30), seconds=5400),
        ),
        ("CLOCK: [2024-01-06 Sat 09:00:00]", Clock(start=datetime(2024, 1, 6, 9), end=None, seconds=None)),
        ("CLOCK: [2024-13-06 Sat 09:00:00]", None),
        ("CLOCK: soon", None),
    ],
)
def test_clock_lines(line: str, clock: Clock | None) -> None:
    assert read_clock(line) == clock


def test_state_lines() -> None:
    assert read_state('* State "DONE" from "TODO" [2024-01-06 Sat 09:40]') == StateChange(
        to="DONE", was="TODO", when=datetime(2024, 1, 6, 9, 40)
    )
    assert read_state("* State") is None
