"""Which titles are dates, and how dates are written (spec: logseq-format §2.5)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.vault.config import GraphConfig
from graphkit.vault.journal import (
    FormatProblem,
    JournalFormatError,
    JournalFormats,
    compile_format,
    file_stem,
    format_problem,
)
from graphkit.vault.names import FileTitle, PageName, title_of_file

FRIDAY = date(2024, 1, 5)
OFFERED = (
    "do MMM yyyy", "do MMMM yyyy", "MMM do, yyyy", "MMMM do, yyyy",
    *(f"{name}, {day}" for name in ("E", "EEE", "EEEE") for day in ("dd-MM-yyyy", "dd.MM.yyyy", "MM/dd/yyyy")),
    "E, yyyy/MM/dd", "EEE, yyyy/MM/dd", "EEEE, yyyy/MM/dd",
    "dd-MM-yyyy", "MM/dd/yyyy", "MM-dd-yyyy", "MM_dd_yyyy", "yyyy/MM/dd", "yyyy-MM-dd", "yyyy-MM-dd EEEE", "yyyy_MM_dd",
    "yyyyMMdd", "yyyy年MM月dd日",
)  # fmt: skip
"""The formats that Logseq's settings offer."""


@pytest.mark.parametrize(
    "title",
    [
        "Jan 5th, 2024", "jan 5th, 2024", "JAN 5TH, 2024", "January 5th, 2024", "Jan 05th, 2024", "Jan 5st, 2024",
        "Jan 5th, 24", "Jan 5th, 2024 ", "Jan 5th, 2024   ", "2024-01-05", "2024-1-5", "24-1-5", "2024_01_05",
        "2024_1_5",
    ],
)  # fmt: skip
def test_lenient_spellings_of_one_day(title: str) -> None:
    assert JournalFormats().parse(title) == FRIDAY


@pytest.mark.parametrize(
    "title",
    [
        "2024-01-05 meeting", "20240105", "2024/01/05", "2024.01.05", "Jan 5, 2024", "Jan 5th 2024", "Sept 1st, 2024",
        " Jan 5th, 2024", "Jan  5th, 2024", "Feb 30th, 2024", "2024-13-01", "2024-00-01", "2024-01-32", "2024-01",
        "2024-01-", "--", "1/5/2024", "Tue, Jan 2nd, 2024", "", " ", "2024", "20240-01-05", "٢٠٢٤-٠١-٠٥",
        "2024-01-05\n", "46-1-1", "202-02-19",
        "12345678901" * 20,
    ],
)  # fmt: skip
def test_what_is_no_journal(title: str) -> None:
    assert JournalFormats().parse(title) is None


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("1-2-3", date(2001, 2, 3)),
        ("45-1-1", date(2045, 1, 1)),
        ("202-10-15", date(2021, 1, 5)),
        ("0-2-29", date(2000, 2, 29)),
        ("Sep 1st, 2024", date(2024, 9, 1)),
        ("May 11st, 2024", date(2024, 5, 11)),
    ],
)
def test_odd_years_and_months(title: str, day: date) -> None:
    assert JournalFormats().parse(title) == day


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ("yyyy", "2024"), ("YYYY", "2024"), ("Y", "2024"), ("yy", "24"), ("MM/M", "01/1"), ("MMM MMMM", "Jan January"),
        ("dd-d-D", "05-5-5"), ("do", "5th"), ("E EEE EEEE", "Fri Fri Friday"), ("e", "5"), ("ww-w", "01-1"),
        ("HH:mm:ss", "00:00:00"), ("'text' yyyy", "text 2024"), ("''yy", "'24"), ("yyyy年MM月dd日", "2024年01月05日"),
        ("EEE, yyyy/MM/dd", "Fri, 2024/01/05"),
    ],
)  # fmt: skip
def test_format_letters(form: str, title: str) -> None:
    assert compile_format(form).write(FRIDAY) == title


def test_ordinals() -> None:
    written = " ".join(
        compile_format("do").write(date(2024, 1, day)) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31)
    )
    assert written == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 31st"


@pytest.mark.parametrize("form", ["EE", "ddd", "yyy", "Q", "MMMMM", "yyyy-MM-dd z"])
def test_letters_that_logseq_does_not_know(form: str) -> None:
    with pytest.raises(JournalFormatError, match="which Logseq does not know"):
        compile_format(form)


@pytest.mark.parametrize("form", OFFERED)
@given(day=st.dates(min_value=date(1000, 1, 1)))
def test_a_written_journal_title_reads_back(form: str, day: date) -> None:
    formats = JournalFormats(form)
    title = formats.title(day)
    assert formats.parse(title) == day
    assert formats.parse(title.upper()) == day
    assert formats.normalise(title.lower()) == title


@given(title=st.text(st.sampled_from("0123456789-_,. /JanFebMayMonSunstndrdth年月日")), form=st.sampled_from(OFFERED))
def test_any_title_is_a_date_or_not_and_stays_one(title: str, form: str) -> None:
    formats = JournalFormats(form)
    day = formats.parse(title)
    again = formats.normalise(formats.normalise(title))
    assert again == formats.normalise(title)
    assert day == formats.parse(again)


def test_literal_text_is_a_pattern_in_logseq() -> None:
    dotted = JournalFormats("dd.MM.yyyy")
    assert (dotted.parse("05x01x2024"), dotted.parse("2021Q4")) == (FRIDAY, date(2004, 1, 20))
    assert JournalFormats("(yyyy) MM dd").parse("(2024) 01 05") is None


def test_a_wrong_weekday_is_corrected() -> None:
    formats = JournalFormats("yyyy-MM-dd EEEE")
    assert formats.normalise("2024-01-05 monday") == "2024-01-05 Friday"


def test_titles_change_to_the_configured_format_wherever_the_page_lies() -> None:
    config = GraphConfig(journal_title_format="yyyy-MM-dd EEEE")
    expected = FileTitle(title="2024-01-05 Friday", name=PageName("2024-01-05 friday"), journal_day=FRIDAY)
    assert title_of_file("journals/2024_01_05.md", config) == expected
    assert title_of_file("pages/Jan 5th, 2024.md", config) == expected
    assert title_of_file("pages/x.md", config, "2024-1-5") == expected


def test_an_unusable_title_format_counts_as_the_default() -> None:
    formats = JournalFormats("EE Q")
    assert (formats.title(FRIDAY), formats.parse("Jan 5th, 2024")) == ("Jan 5th, 2024", FRIDAY)
    assert (file_stem(FRIDAY, "Q"), file_stem(FRIDAY, "yyyy-MM-dd")) == ("2024_01_05", "2024-01-05")


@pytest.mark.parametrize(
    ("form", "title_format", "code"),
    [
        ("yyyy_MM_dd", None, None),
        ("yyyy-MM-dd", "do MMM yyyy", None),
        ("yyyyMMdd", None, "E104"),
        ("yyyyMMdd", "yyyyMMdd", None),
        ("dd-MMM-yyyy", "dd-MMM-yyyy", "E104"),
        ("MMMM yyyy", "MMMM yyyy", "E104"),
        ("yyyy.Q", None, "E103"),
    ],
)
def test_formats_that_lose_journals(form: str, title_format: str | None, code: str | None) -> None:
    problem = format_problem(form, title_format)
    assert (problem.code if problem else None) == code


def test_a_format_problem_says_what_to_do() -> None:
    assert format_problem("yyyyMMdd") == FormatProblem(
        "E104",
        "'yyyyMMdd' gives '20231125', which Logseq does not read as that date again",
        "yyyy_MM_dd and yyyy-MM-dd are safe",
    )
