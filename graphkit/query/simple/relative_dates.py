"""Dates in `(between …)`."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import TYPE_CHECKING

from graphkit.query.errors import QueryError
from graphkit.query.query_values import print_value
from graphkit.query.simple.read import is_page_ref, page_ref_name
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from graphkit.query.context import Context


def journal_day(value: object, context: Context) -> int | None:
    """The day as yyyymmdd: `today`, `-7d`, `[[title]]`; None for a title that is no date. Raises QueryError."""
    if isinstance(value, Keyword | Symbol):
        text = value.name.lower()
    elif isinstance(value, str):
        text = value.lower()
    else:
        raise QueryError(f"{print_value(value)[:60]} is not a date")
    days = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if text in days:
        return day_number(shifted(context.today, days[text], "d"))
    if is_page_ref(text):
        day = context.parse_title(page_ref_name(text).replace(":", "").capitalize())
        return None if day is None else day_number(day)
    amount = text[:-1]
    signed = amount[1:] if amount[:1] in {"+", "-"} else amount
    count = int(amount) if signed.isascii() and signed.isdigit() and len(signed) < 8 else 0
    return day_number(shifted(context.today, count, text[-1:]))


def day_number(day: dt.date) -> int:
    """A day as Logseq numbers journals, yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


def shifted(day: dt.date, count: int, unit: str) -> dt.date:
    """The day that lies so many days, weeks, months or years off; a month's last day where there is no such day."""
    if unit in {"m", "y"}:
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        if dt.MINYEAR <= year <= dt.MAXYEAR:
            return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    else:
        try:
            return day + dt.timedelta(days=count * (7 if unit == "w" else 1))
        except OverflowError:
            pass
    raise QueryError(f"{count}{unit} is outside the calendar")
