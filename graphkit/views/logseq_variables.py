"""The variables of Logseq's own templates, `<% today %>` and the like, as text.

spec: logseq-format §8.2.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import time

_NUMBERS: Final[Mapping[str, int]] = {
    name: number
    for number, name in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"a": 1, "an": 1}
_UNITS: Final = r"(day|week|month|year)s?"
_AMOUNT: Final = rf"(\d{{1,5}}|{'|'.join(_NUMBERS)})"
_AGO: Final = lazy_pattern(rf"{_AMOUNT} {_UNITS} (ago|before|earlier|from now|later|after)")
_IN: Final = lazy_pattern(rf"(in|after|within) {_AMOUNT} {_UNITS}")
_RELATIVE: Final = lazy_pattern(r"(last|past|next|this) (day|week|month|year)")
_WEEKDAY_NAMES: Final = tuple(name.lower() for name in calendar.day_name)
_WEEKDAY: Final = lazy_pattern(
    r"(?:on )?(?:(last|past|next|this) )?("
    + "|".join(f"{name[:4]}|{name[:3]}|{name}" for name in _WEEKDAY_NAMES)
    + r"|tues|thur|thurs)"
)
_ISO: Final = lazy_pattern(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_MONTH_DAY: Final = lazy_pattern(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_DAY_MONTH: Final = lazy_pattern(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})(?:,? (\d{4}))?")
_DAYS: Final[Mapping[str, int]] = {"today": 0, "now": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}


def fill_in(text: str, *, today: date, now: time, page: str, title_of: Callable[[date], str]) -> str:
    """The text with its variables replaced.

    `today`, `yesterday`, `tomorrow` and any recognised day become a link to the journal, `time` the time of
    day, `current page` a link to the page; a blank variable vanishes, any other leaves its words. page: title of the
    page that is made. title_of: the title of a day's journal. A day in words is read as English, in the forms of
    `read_day`.
    """

    def value(written: str) -> str:
        words = written.strip()
        name = words.lower()
        if name == "time":
            return f"{now:%H:%M}"
        if name == "current page":
            return f"[[{page}]]"
        day = read_day(name, today)
        return words if day is None else f"[[{title_of(day)}]]"

    return "\n".join(_filled(line, value) if "<%" in line else line for line in text.split("\n"))


def _filled(line: str, value: Callable[[str], str]) -> str:
    """The line with each `<% … %>` replaced; text that begins with another `%` is not a variable."""
    pieces: list[str] = []
    at = done = 0
    while (start := line.find("<%", at)) >= 0:
        if line[start + 2 : start + 3] == "%":
            at = start + 1
            continue
        end = line.find("%>", start + 3)
        if end < 0:
            break
        pieces += line[done:start], value(line[start + 2 : end])
        at = done = end + 2
    return "".join((*pieces, line[done:]))


def read_day(words: str, today: date) -> date | None:
    """The day that English words in lower case mean; None for other words.

    `3 days ago`, `in two weeks`, `a month from now`, `next year`, `last friday`, `friday` (the nearest one),
    `2024-02-01`, `feb 1st, 2024`, `1 february` (the nearest one).
    """
    words = " ".join(words.split())
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    try:
        return _relative(words, today) or _weekday(words, today) or _written(words, today)
    except (ValueError, OverflowError):
        return None


def _relative(words: str, today: date) -> date | None:
    if match := _AGO.fullmatch(words):
        back = match[3] in {"ago", "before", "earlier"}
        return _moved(today, (-1 if back else 1) * _amount(match[1]), match[2])
    if match := _IN.fullmatch(words):
        return _moved(today, _amount(match[2]), match[3])
    if match := _RELATIVE.fullmatch(words):
        return _moved(today, {"next": 1, "this": 0}.get(match[1], -1), match[2])
    return None


def _amount(written: str) -> int:
    return _NUMBERS[written] if written in _NUMBERS else int(written)


def _moved(day: date, number: int, unit: str) -> date:
    if unit in {"day", "week"}:
        return day + timedelta(days=number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _weekday(words: str, today: date) -> date | None:
    match = _WEEKDAY.fullmatch(words)
    if match is None:
        return None
    number = next(index for index, name in enumerate(_WEEKDAY_NAMES) if name.startswith(match[2][:3]))
    ahead = (number - today.weekday()) % 7
    if match[1] in {"last", "past"}:
        return today - timedelta(days=(today.weekday() - number) % 7 or 7)
    if match[1] == "this":
        return today + timedelta(days=ahead)
    if match[1] == "next":  # that day of the week after this one; weeks end with Sunday
        return today + timedelta(days=7 - today.weekday() + number)
    return today + timedelta(days=ahead if ahead <= 3 else ahead - 7)


def _written(words: str, today: date) -> date | None:
    if match := _ISO.fullmatch(words):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_DAY.fullmatch(words):
        month, day, year = match.groups()
    elif match := _DAY_MONTH.fullmatch(words):
        day, month, year = match.groups()
    else:
        return None
    number = _MONTHS.get(month)
    if number is None:
        return None
    if year:
        return date(int(year), number, int(day))
    years = (
        date(today.year + shift, number, int(day)) for shift in (-1, 0, 1) if _exists(today.year + shift, number, day)
    )
    return min(years, key=lambda found: abs(found - today), default=None)


def _exists(year: int, month: int, day: str) -> bool:
    return 1 <= int(day) <= calendar.monthrange(year, month)[1]
