"""`:inputs` of an advanced query: dates, times, and where the query stands. Source: logseq-format 7.2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.query.context import DAY, Context
from graphkit.query.query_values import Uuid
from graphkit.query.simple.read import is_page_ref, page_ref_name
from graphkit.query.simple.relative_dates import day_number, shifted
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    import datetime as dt

    from graphkit.query.fact_tables import Tables

_RELATIVE = r"([+-])(\d{1,6})([dwmy])(?:-(ms|start|end|\d{2}|\d{4}|\d{6}|\d{9}))?"
_OLD = r"(\d{1,6})([dwmy])(?:-(before|after))?(-ms)?"
_TODAY = r"today-(start|end|\d{2}|\d{4}|\d{6}|\d{9})"


def resolve_input(value: object, context: Context, tables: Tables) -> object:
    """All an input stands for; itself where it stands for nothing, or where what it stands for is not known here."""
    if isinstance(value, str) and is_page_ref(value):
        return page_ref_name(value).lower()
    if not isinstance(value, Keyword):
        return value
    resolved = _resolve(value.name, context, tables)
    return value if resolved is None else resolved


def _resolve(name: str, context: Context, tables: Tables) -> object:
    today = context.today
    days = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if name in days:
        return day_number(shifted(today, days[name], "d"))
    if name in {"current-page", "query-page"}:
        if name == "query-page" and context.current_block is None:
            return None
        return context.current_page.lower() if context.current_page is not None else None
    if name in {"current-block", "parent-block"}:
        return _block(name, context, tables)
    if name == "right-now-ms":
        return context.now
    if name == "start-of-today-ms":
        return Context.midnight(today)
    if name == "end-of-today-ms":
        return Context.midnight(today) + DAY
    if found := re.fullmatch(_TODAY, name):
        return _time(today, found[1])
    if found := re.fullmatch(_RELATIVE, name):
        count = int(found[2]) * (-1 if found[1] == "-" else 1)
        day = shifted(today, count, found[3])
        if found[4] is None:
            return day_number(day)
        return _time(day, ("start" if found[1] == "-" else "end") if found[4] == "ms" else found[4])
    if found := re.fullmatch(_OLD, name):
        sign = 1 if found[3] == "after" else -1
        day = shifted(today, int(found[1]) * sign, found[2])
        return _time(day, "end" if sign > 0 else "start") if found[4] else day_number(day)
    return None


def _time(day: dt.date, time: str) -> int | None:
    """The milliseconds of a time of day: `start`, `end`, or HH, HHMM, HHMMSS, HHMMSSmmm."""
    if time in {"start", "end"}:
        return Context.midnight(day) + (DAY if time == "end" else 0)
    hours, minutes, seconds, rest = (int(time[at : at + 2] or 0) for at in (0, 2, 4, 6))
    millis = int(time[6:]) if len(time) > 6 else rest
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return Context.midnight(day) + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis


def _block(name: str, context: Context, tables: Tables) -> int | None:
    if context.current_block is None:
        return None
    number = tables.lookup("block/uuid", Uuid(context.current_block))
    if number is None or name == "current-block":
        return number
    parents = tables.of_entities("block/parent", (number,))
    return parents[0][1] if parents else None  # type: ignore[return-value]
