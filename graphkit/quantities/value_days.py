"""The day that words behind a value name: `yesterday`, `(Mar 1)`, `01.03.2026`; and words for a time that is no day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from graphkit.quantities.column_formats import read_day
from graphkit.text.patterns import lazy_pattern

_MONTHS: Final = (
    "jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar)?|mar(?:ch|s|zo|ço)?|märz|apr(?:il)?|(?-i:May)|mai|june?|juni|july?|juli|"
    "aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?"
)
PERIOD: Final = lazy_pattern(
    rf"[ \t]*+[,(（]?[ \t]*+((?:(?:in|for|on|of|im|für|en|em|pour)[ \t]++)?(?:(?:the|early|mid|late|end of)[ \t-]++)?"
    rf"(?:(?:last|past|previous|next|letzten?|letzter|vorigen?)[ \t]++(?:day|night|week|month|quarter|year|weekend|"
    rf"sprint|woche|monat|quartal|jahr|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?"
    rf"|(?:{_MONTHS})\.?(?:[ \t]++\d{{4}})?|[qh][1-4](?:[ \t/-]?\d{{4}})?|(?:week|kw|cw|w)[ \t]?\d{{1,2}}"
    rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|la semaine dernière|le mois dernier|la semana pasada|el mes pasado|"
    rf"na semana passada|no mês passado|上周|上个月|上月|昨日))(?![\w-])[)）]?",
    re.IGNORECASE,
)
_NEAR: Final = lazy_pattern(
    r"[ \t]*+[,(（]?[ \t]*+(?:(today|heute|hoy|hoje|aujourd['’]hui|今天|今日)|(yesterday|gestern|ayer|ontem|hier|昨天))"
    r"(?!\w)[)）]?",
    re.IGNORECASE,
)
_DATED: Final = lazy_pattern(
    rf"[ \t]*+[,(（]?[ \t]*+(?:(?:on|as of|for|am|vom|le|el|em|at)[ \t]++)?("
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?[ ](?:{_MONTHS})\.?(?:,?[ ]\d{{4}})?|(?:{_MONTHS})\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:,?[ ]\d{{4}})?|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|(?!\d))|\d{{4}}/\d{{1,2}}/\d{{1,2}}"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?"
    rf"|\d{{4}}年\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}月\d{{1,2}}日)(?![\w%/])[)）]?",
    re.IGNORECASE,
)
_PARTS_OF_DAY: Final = lazy_pattern(r"(\d{1,4})[年月./](\d{1,2})(?:[月./](\d{1,2}))?")
_NAMED: Final = lazy_pattern(
    r"(\d{1,2})?(?:st|nd|rd|th|\.)?[ ]?([^\W\d_]{3,9})\.?[ ]?(\d{1,2})?(?:st|nd|rd|th)?,?[ ]?(\d{4})?"
)
_MONTH_STARTS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OTHER_MONTHS: Final = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}


def day_in_words(rest: str, place: int, today: date | None) -> tuple[int, date | None, str] | None:
    """The day right behind a value: `(Mar 1)`, `yesterday`; a time that is not one gives its words instead."""
    near = _NEAR.match(rest, place)
    if near is not None:
        if today is None:
            return near.end(), None, near[2] or ""
        return near.end(), today - timedelta(days=0 if near[1] else 1), ""
    dated = _DATED.match(rest, place)
    if dated is not None and not _is_share(dated[1], rest, place):
        day = _written_day(dated[1], today)
        return dated.end(), day, "" if day else dated[1]
    period = PERIOD.match(rest, place)
    if period is not None:
        return period.end(), None, period[1]
    return None


def _is_share(written: str, rest: str, place: int) -> bool:
    """True if `12/40` stands outside parentheses, where it may be a fraction."""
    return "/" in written and written.count("/") == 1 and not rest[place:].lstrip(" \t").startswith(("(", "（"))


def _written_day(written: str, today: date | None) -> date | None:
    """The day of a date that may lack its year: then the last such day up to `today`, at most half a year before."""
    day = read_day(written)
    if day is not None:
        return day
    year, month, number = _parts(written)
    if month is None or number is None:
        return None
    if year is not None:
        return _made(year, month, number)
    if today is None:
        return None
    for candidate in (today.year, today.year - 1):
        day = _made(candidate, month, number)
        if day is not None and timedelta() <= today - day <= timedelta(days=183):
            return day
    return None


def _parts(written: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of a date with its month in words, in Chinese or between points; of `03/04` none."""
    cjk = _PARTS_OF_DAY.match(written)
    if cjk is not None and ("月" in written or "." in written):
        first, second, third = int(cjk[1]), int(cjk[2]), int(cjk[3]) if cjk[3] else None
        if third is not None:
            return (first, second, third) if "月" in written else (third, second, first)
        return (None, first, second) if "月" in written else (None, second, first)
    named = _NAMED.match(written)
    if named is None:
        return None, None, None
    start = named[2][:3].lower()
    month = _OTHER_MONTHS.get(start) or (_MONTH_STARTS.index(start) + 1 if start in _MONTH_STARTS else None)
    number = named[1] or named[3]
    return int(named[4]) if named[4] else None, month, int(number) if number else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
