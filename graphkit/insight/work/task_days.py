"""On which days a task was begun and done, as far as the vault itself says so.

spec: domain §4.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.outline.dates import read_clock, read_state
from graphkit.quantities.written_dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.facts.page_facts import PageFacts, Task

DONE_PROPERTIES = ("completed", "done")
"""Block properties that hold the day of completion; `done-ms` holds it as milliseconds since 1970 (spec: domain §4)."""

_DONE_STATES = frozenset({"DONE"})
_DOING_STATES = frozenset({"DOING", "NOW", "IN-PROGRESS", "STARTED"})


def done_days(task: Task, page: PageFacts, parse_journal: Callable[[str], date | None]) -> tuple[date, ...]:
    """The days on which a task was done, in order: of a repeated task several, of an open one only past rounds.

    For a done task: its `State "DONE"` lines, else the end of its last clock entry, else `completed::`, `done::` or
    `done-ms::`, else the day of the journal it stands in; none of these: an empty tuple, it is undated.
    spec: domain §4, without its last resort, git: what is rendered into a vault depends on nothing else.
    """
    states = [change.when.date() for line in task.logbook if (change := read_state(line)) and change.to in _DONE_STATES]
    if states or task.status is not TaskStatus.DONE:
        return tuple(sorted(set(states)))
    ends = [clock.end for line in task.logbook if (clock := read_clock(line)) and clock.end is not None]
    if ends:
        return (max(ends).date(),)
    for key in DONE_PROPERTIES:
        day = read_date(task.properties.get(key, ""), parse_journal)
        if day is not None:
            return (day,)
    day = _milliseconds(task.properties.get("done-ms", ""))
    if day is not None:
        return (day,)
    return (page.journal_day,) if page.journal_day is not None else ()


def started_day(task: Task, page: PageFacts) -> date | None:
    """The day on which a task was begun: its first clock entry or change to a doing marker, else its journal's day.

    The journal's day counts only for a task that is being done. None where nothing says it.
    """
    starts = [clock.start.date() for line in task.logbook if (clock := read_clock(line))]
    states = [change for line in task.logbook if (change := read_state(line))]
    starts += [change.when.date() for change in states if change.to in _DOING_STATES]
    if starts:
        return min(starts)
    return page.journal_day if task.status is TaskStatus.DOING else None


def _milliseconds(value: str) -> date | None:
    digits = value.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 15):
        return None
    try:
        return datetime.fromtimestamp(int(digits) / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
