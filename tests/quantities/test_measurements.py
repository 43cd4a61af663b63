"""What a text states as a metric's value, and what it leaves in doubt."""

from __future__ import annotations

from datetime import date

import pytest
from growth import assert_linear
from hypothesis import given
from hypothesis import strategies as st
from page_facts import PARSE_JOURNAL

from graphkit.quantities.measurements import Fault, Measurement, MetricWords, read_measurement

NEW_YEAR = date(2026, 1, 1)


def line(text: str, unit: str = "") -> Measurement:
    return read_measurement(text, metric=MetricWords(unit=unit), line=True, parse_journal=PARSE_JOURNAL)


def said(found: Measurement) -> tuple[float | None, float | None, date | None]:
    number = found.number
    return (None, None, None) if number is None else (number.value, number.n, found.day)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("41% after the fix", "%", (0.41, None, None)),
        ("12 after the fix", "kg", (12, None, None)),
        ("12, the best so far", "kg", (12, None, None)),
        ("12 users today", "users", (12, None, None)),
        ("**41%** again", "%", (0.41, None, None)),
        ("`41%`", "%", (0.41, None, None)),
        ("41%, 3 days after the fix", "%", (0.41, None, None)),
        ("41%, 3% more than before", "%", (0.41, None, None)),
        ("41% (was 38%)", "%", (0.41, None, None)),
        ("41% (n=1.2k)", "%", (0.41, 1200, None)),
        ("41% (n=1.200)", "%", (0.41, 1200, None)),
        ("41% n=1,200 today", "%", (0.41, 1200, None)),
        ("41% (n=1.234.567)", "%", (0.41, 1_234_567, None)),
        ("2 M€", "M€", (2, None, None)),
        ("41 k€ today", "k€", (41, None, None)),
        ("21 kg CO2", "kg CO2", (21, None, None)),
        ("2k users", "k users", (2, None, None)),
        ("2k users", "users", (2000, None, None)),
        ("41% for 2026-01-01", "%", (0.41, None, NEW_YEAR)),
        ("41% n=30", "%", (0.41, 30, None)),
        ("41% n: 30, up", "%", (0.41, 30, None)),
        ("12 users (n=30)", "", (12, 30, None)),
        ("41% after the fix (n=30)", "%", (0.41, 30, None)),
        ("471/4100 (n=4100)", "%", (471 / 4100, 4100, None)),
        ("41% on [[Jan 1st, 2026]]", "%", (0.41, None, NEW_YEAR)),
        ("41% as of 2026-01-01, before the fix", "%", (0.41, None, NEW_YEAR)),
        ("41% (n=12) on <2026-01-01 Thu>", "%", (0.41, 12, NEW_YEAR)),
        ("41% (2026-01-01) (n=12)", "%", (0.41, 12, NEW_YEAR)),
        ("41% since [[Jan 1st, 2026]]", "%", (0.41, None, None)),
    ],
)
def test_a_value_is_read_with_its_sample_and_day(
    text: str, unit: str, expected: tuple[float, float | None, date | None]
) -> None:
    found = line(text, unit)
    assert said(found) == expected
    assert (found.fault, found.bad_day, found.bad_sample) == (None, "", "")


@pytest.mark.parametrize(
    ("text", "unit", "fault"),
    [
        ("", "%", "link"),
        ("fell again", "%", "link"),
        ("see Q3 of 2026", "%", "link"),
        ("measured for 3 weeks", "h", "link"),
        ("3 days in a row", "%", None),
        ("from 38% to 41%", "%", "hidden"),
        ("(n=1200) 41%", "%", "hidden"),
        ("on [[Jan 1st, 2026]] 41%", "", "hidden"),
        ("(5)", "", "negative"),
        ("41% users came back", "%", "narrow"),
        ("12 new ones", "", "word"),
        ("41% on [[Mobile]]", "%", "narrow"),
        ("-1/5", "", "no number"),
        ("2026-01-01: 41%", "%", "no number"),
        ("38% → 41%", "%", "several"),
        ("41% to 38%", "%", "several"),
        ("38%, 41%", "%", "several"),
        ("38% / 41% after the fix", "%", "several"),
        ("12 users, 14 users", "users", "several"),
        ("10..15", "", "several"),
        (">= 41%", "%", "several"),
        ("12 people", "users", "word"),
        ("3 more users", "%", "change"),
        ("5 per user", "€", "word"),
        ("12人", "users", "word"),
        ("2 experiments measure this", "%", "word"),
        ("12 Dollars", "kg", "unit"),
        ("12 or 13 users", "users", "several"),
        ("12 or 13", "", "several"),
        ("was 38% last year", "%", "hidden"),
        ("target: 45% by June", "%", "hidden"),
        ("41% goal for June", "%", "aim"),
        ("41% target", "%", "aim"),
        ("**41%** would be nice", "%", "aim"),
        ("45% by June", "%", "aim"),
        ("45% by [[Jun 30th, 2026]]", "%", "aim"),
        ("45% by 2026-06-30", "", "aim"),
        ("41% by [[Ana]]", "%", None),
        ("~~41%~~", "%", "link"),
        ("~~41%~~ 38%", "%", None),
        ("~~41% (~2%)~~", "%", "link"),
        ("41% after the fix~~", "%", "link"),
        ("41% ~~38%~~", "%", None),
        ("45% by September", "%", "aim"),
        ("45% by mayors", "%", None),
        ("~41%", "%", None),
        ("24/7 support should help", "%", "link"),
        ("12:30 meeting", "%", "link"),
    ],
)
def test_what_is_in_doubt_is_no_value(text: str, unit: str, fault: Fault | None) -> None:
    assert line(text, unit).fault == fault


@pytest.mark.parametrize(
    ("text", "day", "sample"),
    [
        ("12 (n=abc)", "", "(n=abc)"),
        ("12 (n=-3) today", "", "(n=-3)"),
        ("12 (n=1.5)", "", "(n=1.5)"),
        ("12 n=0,5", "", "n=0,5"),
        ("471/4100 (n=99)", "", "(n=99)"),
        ("12 on 2026-02-30", "2026-02-30", ""),
    ],
)
def test_what_stands_behind_a_value_and_cannot_be_read(text: str, day: str, sample: str) -> None:
    found = line(text, "%")
    assert found.number is not None
    assert (found.bad_day, found.bad_sample) == (day, sample)


@pytest.mark.parametrize(
    ("text", "unit", "fault"),
    [
        ("41%", "%", None),
        ("_41 %_", "%", "no number"),
        ("**41%**", "%", None),
        ("41% (n=12) on 2026-01-01", "%", None),
        ("41% after the fix", "%", "no number"),
        ("12 after the fix", "kg", "no number"),
        ("12 people", "users", "unit"),
        ("12 people", "", "no number"),
        ("fell again", "%", "no number"),
    ],
)
def test_a_value_of_a_property_or_a_cell_is_all_of_it(text: str, unit: str, fault: Fault | None) -> None:
    assert read_measurement(text, metric=MetricWords(unit=unit), parse_journal=PARSE_JOURNAL).fault == fault


@given(
    st.text(alphabet="14.,-–%kn=() []ato→;\n2026", max_size=30) | st.text(max_size=30), st.sampled_from(["", "%", "kg"])
)
def test_any_text_states_a_value_or_says_why_not(text: str, unit: str) -> None:
    for found in (line(text, unit), read_measurement(text, metric=MetricWords(unit=unit), parse_journal=PARSE_JOURNAL)):
        assert (found.number is None) == (found.fault is not None)


@pytest.mark.parametrize("piece", ["1 ", "~~", "~~a", "by ", "(n=1)", "(n=", "( ", "[[a]]", "5%, ", "a 5 ", "*", "→ "])
def test_hostile_lines_are_read_in_linear_time(piece: str) -> None:
    def read(text: str) -> None:
        line(text, "%")
        line(text[1:], "%")

    assert_linear(lambda size: "5" + (piece * size)[:size], read, 1_000_000)
