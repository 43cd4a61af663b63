"""Days and decimals as a column of a file spells them, the others telling what one alone leaves open.

Decided where the specification is silent (spec: domain §7):

- `2026-01-12`, `2026/01/12`, `2026.01.12`, `20260112`, `12 Jan 2026` and `Jan 12, 2026` have one reading each, and
  `12.01.2026` has the day in front, since nobody writes the month there before points. A time of day is left out.
- `05/01/2026` and `05-01-2026` have two. Where some day of the column is beyond 12, the others are read as it is.
- `41,2` and `1.234,5` have a decimal comma, `41.2` and `1,234.5` a point; a column with one of the two only has it in
  `1,234` and `1.234` too.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

DayOrder = Literal["dmy", "mdy"]
Decimal = Literal["comma", "point"]

_TIME: Final = lazy_pattern(r"(?<=\d)[T ]\d\d?:\d\d(?::\d\d)?(?:\.\d+)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?\Z")
_YEAR_FIRST: Final = lazy_pattern(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)|(\d{4})()(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST: Final = lazy_pattern(r"(\d\d?)([-/]|\. ?)(\d\d?)\2(\d{4})", re.ASCII)
_MONTHS: Final = {
    name: number
    for number, full in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), 1
    )
    for name in (full, full[:3])
}  # fmt: skip
_MONTH: Final = f"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_NAMED: Final = lazy_pattern(
    rf"(\d\d?)(?:st|nd|rd|th)?[ -]{_MONTH}\.?,?[ -](\d{{4}})|{_MONTH}\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{{4}})",
    re.IGNORECASE | re.ASCII,
)
_COMMA: Final = lazy_pattern(r"\d,(?:\d\d?|\d{4,})(?![\d,])|(?<![\d.,])0,\d|\d\.\d{3},\d|\d\.\d{3}\.\d{3}", re.ASCII)
_POINT: Final = lazy_pattern(r"\d\.(?:\d\d?|\d{4,})(?![\d.])|(?<![\d.,])0?\.\d|\d,\d{3}\.\d|\d,\d{3},\d{3}", re.ASCII)
_THOUSANDS: Final = {sign: lazy_pattern(rf"(?<=\d)[{sign}](?=\d{{3}}(?!\d))", re.ASCII) for sign in ".,"}
_DECIMAL_COMMA: Final = lazy_pattern(r"(?<=\d),(?=\d)", re.ASCII)


def day_order(texts: Iterable[str]) -> DayOrder | None:
    """The text first in the days of a column that end in the year; None where nothing tells, or they differ."""
    pairs = [
        (int(found[1]), int(found[3])) for text in texts if (found := _YEAR_LAST.fullmatch(_day(text))) is not None
    ]
    days_first, months_first = (any(pair[place] > 12 for pair in pairs) for place in (0, 1))
    if days_first == months_first:
        return None
    return "dmy" if days_first else "mdy"


def read_day(text: str, order: DayOrder | None = None) -> date | None:
    """The day that a cell names, None where it names none or has two readings.

    order: of the days in this column that end in the year; None where it is not known.
    """
    text = _day(text)
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _made(found[1] or found[5], found[3] or found[7], found[4] or found[8])
    found = _YEAR_LAST.fullmatch(text)
    if found:
        if order is None and found[2].startswith("."):
            order = "dmy"
        if order is None and found[1] != found[3]:
            return None
        first, second = (found[3], found[1]) if order == "dmy" else (found[1], found[3])
        return _made(found[4], first, second)
    found = _NAMED.fullmatch(text)
    if found:
        month = _MONTHS[(found[2] or found[4]).lower()]
        return _made(found[3] or found[6], str(month), found[1] or found[5])
    return None


def two_days(text: str) -> bool:
    """True if a cell names a day that may be read with the month in front, or the day."""
    found = _YEAR_LAST.fullmatch(_day(text))
    return found is not None and not found[2].startswith(".") and max(int(found[1]), int(found[3])) <= 12


def decimal_sign(texts: Iterable[str]) -> Decimal | None:
    """The text before the decimals of a column; None where nothing tells, or both do."""
    commas = points = False
    for text in texts:
        commas = commas or _COMMA.search(text) is not None
        points = points or _POINT.search(text) is not None
    if commas == points:
        return None
    return "comma" if commas else "point"


def with_point(text: str, decimal: Decimal | None) -> str:
    """A cell with a point before its decimals and nothing between its thousands; as it is where nothing is known."""
    if decimal is None:
        return text
    text = _THOUSANDS["." if decimal == "comma" else ","].sub("", text)
    return _DECIMAL_COMMA.sub(".", text) if decimal == "comma" else text


def _day(text: str) -> str:
    return _TIME.sub("", text.strip())


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
