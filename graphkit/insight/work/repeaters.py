"""When a repeated task is due next, by Logseq's rules and by Org's."""

from __future__ import annotations

import calendar
import re
from datetime import MAXYEAR, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.dates import RepeaterKind, Timestamp

RepeaterRule = Literal["logseq", "org"]

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Weekdays as Logseq writes them, whatever the language of the vault (spec: logseq-format §5.5)."""
_FIXED: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_MONTHS: Final = {"m": 1, "y": 12}
_INSIDE: Final = lazy_pattern(r"([<\[])([^ <\[]*) ([A-Za-z]+)((?: [^ >\]]+)*)([>\]])")
_PURE_TIME: Final = lazy_pattern(r"\d+:\d+", re.ASCII)


def next_start(
    start: datetime, kind: RepeaterKind, number: int, unit: str, now: datetime, rule: RepeaterRule = "logseq"
) -> datetime:
    """The date after a completion at `now`; a repeater of nothing (`+0d`) leaves it.

    logseq, as 0.10.15 does it (spec: logseq-format §5.5): `+` one step; `++` one step, none while the date is still to
    come; `.+` the first step that lies in the future. org: `+` one step; `++` the first step that lies in the future;
    `.+` one step from the day of completion, from the hour for `h`. Months and years are clamped to the last day of a
    month.
    Raises OverflowError where that is beyond the calendar.
    """
    if number < 1:
        return start
    if kind == "+":
        return _after(start, 1, number, unit)
    if rule == "org":
        if kind == "++":
            return _first_future(start, number, unit, now)
        from_day = now if unit == "h" else datetime.combine(now.date(), start.time())
        return _after(from_day.replace(second=0, microsecond=0), 1, number, unit)
    if kind == "++":
        return start if start > now else _after(start, 1, number, unit)
    return _first_future(start, number, unit, now)


def moved_stamp(written: str, stamp: Timestamp, now: datetime, rule: RepeaterRule = "logseq") -> str | None:
    """A repeated timestamp as written, with its next date in canonical form; None where it has no date to count from.

    The repeater, the brackets and the keyword stay as they are written; a time is padded.
    """
    start, match = _start(stamp), _INSIDE.search(written)
    if start is None or match is None or stamp.repeater is None or stamp.number is None or stamp.unit is None:
        return None
    try:
        after = next_start(start, stamp.repeater, stamp.number, stamp.unit, now, rule)
    except OverflowError:
        return None
    tokens = match[4].split()
    if tokens and not tokens[0].startswith(("+", ".")):
        if stamp.unit == "h" or _PURE_TIME.fullmatch(tokens[0]):
            tokens[0] = f"{after:%H:%M}"
    elif stamp.unit == "h":
        tokens.insert(0, f"{after:%H:%M}")
    inside = " ".join((after.date().isoformat(), WEEKDAYS[after.weekday()], *tokens))
    return f"{written[: match.start()]}{match[1]}{inside}{match[5]}{written[match.end() :]}"


def _start(stamp: Timestamp) -> datetime | None:
    day = stamp.date
    if day is None:
        return None
    hour, _, minute = (stamp.time or "0:0").partition(":")
    try:
        return datetime(day.year, day.month, day.day, int(hour), int(minute))  # noqa: DTZ001 - notes carry no zone
    except ValueError:
        return None


def _first_future(start: datetime, number: int, unit: str, now: datetime) -> datetime:
    """The first whole step, at least one, after which the date lies after `now`."""
    fixed = _FIXED.get(unit)
    if fixed is not None:
        return _after(start, max(1, (now - start) // (fixed * number) + 1), number, unit)
    months = (now.year - start.year) * 12 + now.month - start.month
    steps = max(1, months // (_MONTHS[unit] * number))
    while (after := _after(start, steps, number, unit)) <= now:
        steps += 1
    return after


def _after(start: datetime, steps: int, number: int, unit: str) -> datetime:
    fixed = _FIXED.get(unit)
    if fixed is not None:
        return start + fixed * (number * steps)
    months = start.month - 1 + _MONTHS[unit] * number * steps
    year, month = start.year + months // 12, months % 12 + 1
    if year > MAXYEAR:
        raise OverflowError("beyond the calendar")
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
