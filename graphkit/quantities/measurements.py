"""One value of a metric as people write it: the number, and the day and the sample size behind it.

Decided where the specification is silent (spec: domain §7):

- A date right behind the value is its day (`41% on [[Jan 1st, 2026]]`); another link there is prose.
- On a `#metric` line prose goes on behind the value. Behind a bare number of a metric with a unit the next word has to
  be one that carries a sentence on (`12 after the fix`); any other may be its unit (`12 people`) or what is counted
  (`3 more users`), and the value is in doubt.
- A second value of the same unit behind an arrow, a comma or the like (`38% → 41%`) leaves open which one is meant.
- What somebody wants is no value (`45% by June`, `41% target`), nor is what is struck out, nor a clock time or `24/7`.
- Such a line states a value if it begins like a figure or has a quantity in the metric's unit (in percent, where the
  metric has none); else it only links to the metric.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, Literal

from graphkit.quantities.numbers import find_quantity, read_count, read_quantity
from graphkit.quantities.units import CODES, MONTHS, PERCENT, SECONDS, read_unit
from graphkit.quantities.value_context import (
    CARRIES_ON,
    continues_number,
    counts_things,
    is_change,
    read_lead,
    read_tail,
    states_change,
    unwrapped,
)
from graphkit.quantities.written_dates import read_date
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from graphkit.quantities.numbers import Number

Fault = Literal[
    "link", "no number", "hidden", "several", "unit", "word", "aim", "change", "narrow", "fraction", "negative"
]


class Measurement(Record, frozen=True, kw_only=True):
    """The value that a text states."""

    number: Number | None = None
    """One value, with the n that stands behind it; None where there is a fault."""
    fault: Fault | None = None
    """Why there is no value: a line with none (`link`), a text that is not one, one that does not begin with it
    (`hidden`), a range, a limit or two values (`several`), another unit than the metric's (`unit`), in a line a word
    that may only go on with the sentence (`word`), a value that is wanted (`aim`), a change where levels are measured
    (`change`), a value of a part (`narrow`), a fraction of a metric that does not say that it is in percent
    (`fraction`), an amount in parentheses, which may be negative (`negative`)."""
    written: str = ""
    """The number as written."""
    day: date | None = None
    """The one behind the value."""
    bad_day: str = ""
    """What looks like a date there, but is not one."""
    week: int | None = None
    """The ISO week that stands before the value."""
    bad_sample: str = ""
    """A sample size behind the value that is no whole number, or another one than the value's own."""


_STRUCK: Final = lazy_pattern(r"[ \t]*+~~(?:[^~\r\n]|~(?!~))++~~[ \t]*+")
_CLOCK: Final = lazy_pattern(r"\d\d?:\d\d(?!\d)|24/7(?![\d%])")
_EMPHASIS: Final = "*_`^"
_PARENTHESISED: Final = lazy_pattern(r"\([ \t]*+[$€£¥]?[ \t]?\d[\d.,]*+[ \t]?[^\W\d_]{0,8}[ \t]*+\)")
_FIGURE: Final = lazy_pattern(r"[-+−–(~≈<>= ]{0,4}[$€£¥]?\.?\d")
_COUNTED: Final = lazy_pattern(r"\([ \t]*+n[ \t]*+[=:]([^()\r\n]{0,60})\)", re.IGNORECASE)
_LOOSE: Final = lazy_pattern(r"[ \t]*+[,;]?[ \t]*+n[ \t]*+[=:][ \t]*+((?:[^\s,;()]|,(?=\d)){1,60})", re.IGNORECASE)
_DAY: Final = lazy_pattern(
    r"[ \t]*+[,(]?[ \t]*+(?:(?:on|as of|for)[ \t]++)?"
    r"(\[\[[^\[\]\r\n]{1,100}\]\]|<[0-9][^<>\r\n]{1,100}>|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9]))\)?",
    re.IGNORECASE,
)
_AIM: Final = lazy_pattern(
    r"[ \t]*+(?:(?:goal|target|would|should|could)\b|by[ \t]++(?:"
    r"(\[\[[^\[\]\r\n]{1,100}\]\]|<[0-9][^<>\r\n]{1,100}>|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
    r"|(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:r?uary|ch|il|e|y|ust|t|(?:t?em|o)ber)?"
    r"|q[1-4]|[0-9]{4}|next|end of|the end of)\b))",
    re.IGNORECASE,
)
_WORD: Final = lazy_pattern(r"[ \t]*+([^\W\d_]++)")
_ARROWS: Final = frozenset(["→", "⟶", "➔", "➜", "⇒", "->", "-->", "=>", "to"])
_ANOTHER: Final = lazy_pattern(r"[ \t]*+(→|⟶|➔|➜|⇒|-?->|=>|[,;/]|(?:to|and|or)\b)[ \t]*+", re.IGNORECASE)
_MOST: Final = 5
"""More quantities in one line are not looked at."""
_POINT: Final = lazy_pattern(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])")


class MetricWords(Record, frozen=True, kw_only=True):
    """The known facts about a metric whose value is read."""

    unit: str = ""
    """As its page writes it."""
    title: str = ""
    signed: bool = False
    """True if its levels have signs, as those of a growth have."""


_NOTHING_KNOWN: Final = MetricWords()
_CHANGING: Final = frozenset(
    ["growth", "change", "delta", "lift", "uplift", "difference", "margin", "return", "balance", "wachstum",
     "veränderung", "croissance", "crecimiento", "crescimento", "增长", "变化"]
)  # fmt: skip
"""Words in the name of a metric that is a change itself, so that `+3%` is a level of it."""


def measures_change(title: str) -> bool:
    """True if a metric's name says that it measures a change."""
    lower = title.lower()
    return any(word in lower for word in _CHANGING)


def read_measurement(
    text: str,
    *,
    metric: MetricWords = _NOTHING_KNOWN,
    line: bool = False,
    today: date | None = None,
    parse_journal: Callable[[str], date | None],
) -> Measurement:
    """The value that a text states, where it can be nothing else.

    metric: its unit, name and whether it has signs. line: prose may follow, else the value has to be all of the text.
    today: the day of the journal that it stands in.
    """
    unit = metric.unit
    opened = text.lstrip(_EMPHASIS)
    struck = _STRUCK.match(opened)
    opened = opened[struck.end() :].lstrip(_EMPHASIS) if struck else opened
    lead = read_lead(opened)
    opened = unwrapped(opened[lead.end :].lstrip(_EMPHASIS))
    clock = _CLOCK.match(opened) if line else None
    if clock is not None:  # `1:45` alone may be a duration, `12:30 meeting` is not one
        alone = ":" in clock[0] and not opened[clock.end() :].strip(f" .\t{_EMPHASIS}")
        return Measurement(fault="no number" if alone else "link")
    number = read_quantity(opened, unit=unit)
    if number is None:
        if states_change(opened):
            return Measurement(fault="change")
        if _PARENTHESISED.match(opened):
            return Measurement(fault="negative")
        if not line or _FIGURE.match(opened):
            return Measurement(fault="no number")
        return Measurement(fault="hidden" if _holds_value(opened, unit) else "link")
    written = opened[: number.span.end].strip()
    rest = opened[number.span.end :]
    if continues_number(rest):
        return Measurement(fault="no number", written=written)
    rest = rest.lstrip(_EMPHASIS)
    if line and rest.count("~~") % 2:  # the line is struck out from before the link on
        return Measurement(fault="link")
    fault = _fault(number, rest, metric)
    if fault is None and lead.change:
        fault = "change"
    if fault is None and (lead.aim or (line and rest and _wanted(rest, parse_journal))):
        fault = "aim"
    if fault is not None:
        return Measurement(fault=fault, written=written)
    found = _with_rest(number, written, rest, metric, parse_journal, line=line, today=today)
    return replace(found, week=lead.week)


def _fault(number: Number, rest: str, metric: MetricWords) -> Fault | None:
    """Why a quantity is not one value of the metric, by itself or what follows at once."""
    if number.low is not None or number.sign not in {None, "="}:
        return "several"
    if is_change(number, metric.unit) and not metric.signed and not measures_change(metric.title):
        return "change"
    return "several" if rest and _goes_on(number, rest, metric.unit) else None


def _with_rest(
    number: Number,
    written: str,
    rest: str,
    metric: MetricWords,
    parse_journal: Callable[[str], date | None],
    *,
    line: bool,
    today: date | None,
) -> Measurement:
    """The value with the day right behind it and the sample size, which in parentheses may come later."""
    bad_sample = ""
    sample = _COUNTED.search(rest) or _LOOSE.match(rest)
    if sample is not None:
        n = read_count(sample[1])
        if n is None or number.n not in {None, n}:
            bad_sample = sample[0].strip(" \t,;")
        else:
            number = replace(number, n=n)
        rest = rest[: sample.start()] + rest[sample.end() :]
    day, bad_day, rest = _linked_day(rest, parse_journal)
    tail = read_tail(number, rest, unit=metric.unit, names=metric.title, line=line, today=today)
    if tail.doubt is not None:
        return Measurement(fault=tail.doubt, written=written)
    if not line and tail.rest.strip(f" .\t{_EMPHASIS}"):
        return Measurement(fault="no number", written=written)
    if tail.n is not None and number.n is None:
        number = replace(number, n=tail.n, count=tail.successes)
    elif tail.n is None and number.count is not None and not read_unit(metric.unit).name:
        return Measurement(fault="fraction", written=written)
    return Measurement(
        number=number,
        written=written,
        day=day or tail.day,
        bad_day=bad_day or ("" if day else tail.bad_day),
        bad_sample=bad_sample,
    )


def _linked_day(rest: str, parse_journal: Callable[[str], date | None]) -> tuple[date | None, str, str]:
    """The ISO day or journal right behind a value, what looks like one and is not one, and the rest."""
    dated = _DAY.match(rest)
    if dated is None:
        return None, "", rest
    day = read_date(dated[1], parse_journal)
    if day is None and dated[1].startswith("["):
        return None, "", rest
    return day, "" if day else dated[1], rest[dated.end() :]


def _wanted(rest: str, parse_journal: Callable[[str], date | None]) -> bool:
    """True if what stands behind a value says that somebody wants it; `by [[Ana]]` does not."""
    aim = _AIM.match(rest)
    return aim is not None and (aim[1] is None or read_date(aim[1], parse_journal) is not None)


def _goes_on(number: Number, rest: str, unit: str) -> bool:
    """True if another value of the same unit follows."""
    joint = _ANOTHER.match(rest)
    following = "" if joint is None else rest[joint.end() :]
    other = read_quantity(following, unit=unit)
    if joint is None or other is None:
        return False
    if joint[1].lower() == "or" and not number.unit:  # `12 or 13 users`
        return True
    if other.unit != number.unit:
        return False
    word = _WORD.match(following, other.span.end)
    return joint[1].lower() in _ARROWS or word is None or word[1].lower() in CARRIES_ON


def _holds_value(text: str, unit: str) -> bool:
    """True if the metric's unit stands behind some number; a number of days in a sentence is mostly just that."""
    wanted = read_unit(unit).name or PERCENT
    place = 0
    for _ in range(_MOST):
        number = find_quantity(text, unit=unit, start=place)
        if number is None:
            return False
        if number.unit == wanted:
            return wanted not in {SECONDS, MONTHS}
        place = number.span.end
    return False


def foreign_word(number: Number, rest: str, unit: str) -> str:
    """The word right behind a bare number of a metric with a unit, where it may be another unit; else empty."""
    word = None if number.unit or not read_unit(unit).name else _WORD.match(rest)
    return "" if word is None or word[1].lower() in CARRIES_ON else word[1]


def splits_thousands(written: str) -> bool:
    """True if a point stands before the last three digits, where it may separate thousands (`1.234`)."""
    return _POINT.search(written) is not None


def doubtful_separator(number: Number, written: str, unit: str, unit_text: str = "") -> tuple[str, str] | None:
    """A comma or point with two readings, and the one that it was given: thousands or decimals.

    A decimal comma (`44,3`) is in doubt only beside numbers with a point, which the caller knows.
    unit: canonical; unit_text: as written. Three decimals are doubtful in money and where things are counted;
    elsewhere many write them.
    """
    if number.ambiguous:
        return "comma", "thousands"
    if number.decimal_comma:
        return "comma", "decimals"
    whole = unit.partition("/")[0] in CODES or counts_things(unit_text)
    return ("point", "decimals") if whole and splits_thousands(written) else None


def may_be_share(value: float, usual: float | None) -> bool:
    """True if a bare number that was read as a percentage (`0.41` as .0041) may be meant as a share of 1.

    usual: the size of a percentage of the same metric that is written with its sign, where there is one.
    """
    if not 0 < abs(value) <= 0.01:
        return False
    return not usual or abs(math.log(abs(value) / usual)) > abs(math.log(abs(100 * value) / usual))
