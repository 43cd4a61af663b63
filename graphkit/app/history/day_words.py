"""Days as written on a command line: `2026-03-31`, `today`, `last monday`, `-3d`, `+2w`, a journal's title."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP: Final = re.compile(r"([+-]?)([0-9]{1,5})\s*([dwmy])\Z")
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}


def read_day_words(text: str, today: date, parse_title: Callable[[str], date | None]) -> date | None:
    """The day that a text means; None if it is not a day.

    A weekday is the newest one up to today, after `last` the newest one before today. `3d` and `-3d` are three days
    ago, `+3d` is in three days; months have 30 days, years 365.
    """
    words = " ".join(text.lower().split())
    if words in _WORDS:
        return today + timedelta(days=_WORDS[words])
    weekday = words.removeprefix("last ")
    if weekday in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(weekday)) % 7
        return today - timedelta(days=7 if not back and weekday != words else back)
    step = _STEP.match(words)
    try:
        if step:
            days = int(step[2]) * _DAYS[step[3]]
            return today + timedelta(days=days if step[1] == "+" else -days)
        return date.fromisoformat(words)
    except (ValueError, OverflowError):
        return parse_title(text.strip())
