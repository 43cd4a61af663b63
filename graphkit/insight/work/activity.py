"""When work was last touched, whether it has gone quiet, and how long it took.

spec: domain §4.

Decided where the specification is silent (spec: domain §4):

- A task that stands in a journal is touched on that journal's day. A journal that links a page links its tasks, and
  those that are made of it (`TODO [[Page]]`).
- A task is touched where a task below it is.
- A dormant task with a date that is not as long gone rests by plan: it is not listed apart.
- Days behind today say nothing: under `--as-of` the past reads as it was.
- Where nothing written says when a task was touched, it is neither stale nor dormant.
- Days are the finest grain that a day's report has, so a running clock counts until the beginning of today.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.facts.journal_links import link_key
from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.task_days import done_days
from graphkit.outline.dates import read_clock, read_state
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.vault.settings import Stale

LONGEST_CLOCK: Final = timedelta(hours=12)
"""So much of a running clock counts at most (spec: domain §4)."""


class Spent(NamedTuple):
    """Working time that clocks have recorded."""

    seconds: int
    """Of closed clocks and of the part of running ones that counts."""
    running: int
    """Clocks that have no end."""


class Traces:
    """Everything the vault says about when things were touched; journals are asked for their links at most once."""

    def __init__(
        self,
        *,
        today: date,
        stale: Stale,
        parse_journal: Callable[[str], date | None],
        journals: Callable[[], Iterable[tuple[date, Iterable[str]]]],
    ) -> None:
        """Journals: their days and what they link. stale: after how many quiet days work is stale or dormant."""
        self.today = today
        self._stale = stale
        self._parse = parse_journal
        self._journals = journals
        self.asked: set[str] = set()
        """Everything of which it was asked when journals linked it, as `link_key` has it."""
        self._linked: dict[str, date] | None = None
        self._of_page: dict[str, date | None] = {}
        self._of_tasks: dict[str, dict[int, date | None]] = {}

    def _links(self) -> Mapping[str, date]:
        """The newest day, up to today, on which each page and block was linked."""
        if self._linked is None:
            days = [entry for entry in self._journals() if entry[0] <= self.today]
            days.sort(key=itemgetter(0), reverse=True)
            self._linked = {}
            known: set[str] = set()
            for day, linked in days:
                new = set(linked) - known  # what a newer day links needs no further check
                known |= new
                for key in map(link_key, new):
                    self._linked.setdefault(key, day)
        return self._linked

    def _newest(self, days: Iterable[date | None]) -> date | None:
        newest = None
        for day in days:
            if day is not None and (newest is None or day > newest) and day <= self.today:
                newest = day
        return newest

    def _when_linked(self, keys: Iterable[str]) -> date | None:
        """The newest day, up to today, on which one of these pages and blocks was linked."""
        self.asked.update(keys)
        return self._newest(map(self._links().get, keys))

    def _page_linked(self, page: PageFacts) -> date | None:
        """The newest day on which a page was linked, by its title or an alias."""
        if page.path not in self._of_page:
            self._of_page[page.path] = self._when_linked([page.name, *map(page_name, (page.title, *page.aliases))])
        return self._of_page[page.path]

    def of_task(self, task: Task, page: PageFacts) -> date | None:
        """The day of a task's last activity, or of a task below it: logbook, completion, journal, a journal's link."""
        return self._days(page)[task.block]

    def _days(self, page: PageFacts) -> Mapping[int, date | None]:
        """The day of last activity of each task of a page, by block."""
        found = self._of_tasks.get(page.path)
        if found is None:
            of_page = self._newest((page.journal_day, self._page_linked(page)))
            days = [self._own_day(task, page, of_page) for task in page.tasks]
            for task, day in zip(reversed(page.tasks), reversed(days), strict=True):  # parents stand before their tasks
                above = task.parent
                if day is not None and above is not None:
                    own = days[above]
                    days[above] = day if own is None or day > own else own
            found = self._of_tasks[page.path] = {task.block: day for task, day in zip(page.tasks, days, strict=True)}
        return found

    def _own_day(self, task: Task, page: PageFacts, of_page: date | None) -> date | None:
        linked = self._task_linked(task)
        if not task.logbook and not task.properties:
            return of_page if linked is None or (of_page is not None and of_page > linked) else linked
        found = [of_page, linked]
        for line in task.logbook:
            clock = read_clock(line)
            if clock is not None:
                found += [clock.start.date(), clock.end.date() if clock.end else None]
            elif change := read_state(line):
                found.append(change.when.date())
        if task.status is TaskStatus.DONE and task.properties:  # the days of logbook and journal are there already
            found += done_days(task, page, self._parse)
        return self._newest(found)

    def _task_linked(self, task: Task) -> date | None:
        """The newest day on which a task was linked, or what it is made of."""
        if task.target_page is not None and task.id is None:  # most tasks of experiments are but a link to a page
            key = page_name(task.target_page)
            self.asked.add(key)
            return self._links().get(key)
        keys: list[str] = [key for key in (task.id, task.target_block) if key is not None]
        if task.target_page is not None:
            keys.append(page_name(task.target_page))
        return self._when_linked(keys) if keys else None

    def of_page(
        self, page: PageFacts, tasks: Iterable[tuple[Task, PageFacts]], readings: Iterable[MetricReading] = ()
    ) -> date | None:
        """The day of the last activity of a page, its tasks and its metrics."""
        found = [self._days(home)[task.block] for task, home in tasks]
        found += [self._page_linked(page), *(reading.last for reading in readings)]
        return self._newest(found)

    def is_stale(self, task: Task, page: PageFacts) -> bool:
        """Doing or waiting, and quiet for as many days as the settings say (spec: domain §4: 14 and 7)."""
        if task.status is TaskStatus.DOING:
            return self._quiet(task, page, self._stale.doing)
        return task.status is TaskStatus.WAITING and self._quiet(task, page, self._stale.waiting)

    def is_dormant(self, task: Task, page: PageFacts) -> bool:
        """Open, and quiet for as many days as the settings say (spec: domain §4: 90)."""
        closed = task.status in {TaskStatus.DONE, TaskStatus.CANCELLED}
        return not closed and self._quiet(task, page, self._stale.dormant)

    def is_apart(self, task: Task, page: PageFacts) -> bool:
        """True if it is listed apart: dormant, and no date of it is still ahead or less than so many days gone."""
        days = [day for day in (task.scheduled, task.deadline) if day is not None]
        planned = any((self.today - day).days < self._stale.dormant for day in days)
        return not planned and self.is_dormant(task, page)

    def _quiet(self, task: Task, page: PageFacts, days: int) -> bool:
        last = self.of_task(task, page)
        return last is not None and (self.today - last).days >= days


def silent_since(reading: MetricReading, *, start: date | None, today: date) -> date | None:
    """Since when a running experiment lacks an observation, where that is more than twice the metric's cadence.

    From the last observation or the experiment's start, whichever is later; None where it is fresh enough, or where
    neither is known. spec: domain §4, §7 (*late: two; else missing*).
    """
    days = [day for day in (reading.last, start) if day is not None]
    if not days or (today - max(days)).days <= 2 * reading.cadence:
        return None
    return max(days)


def time_spent(tasks: Iterable[Task], today: date) -> Spent:
    """The sum of the clocks of these tasks; of each running one at most 12 hours."""
    seconds = running = 0
    for task in tasks:
        for line in task.logbook:
            clock = read_clock(line)
            if clock is None:
                continue
            if clock.seconds is not None:
                seconds += max(clock.seconds, 0)
            else:
                running += 1
                seconds += int(min(max(_until_today(clock.start, today), timedelta()), LONGEST_CLOCK).total_seconds())
    return Spent(seconds, running)


def forgotten_clocks(page: PageFacts, today: date) -> list[Diagnostic]:
    """W320: clocks of a page that were started and not stopped for more than 12 hours."""
    return [
        Diagnostic(
            code="W320",
            severity=Severity.INFO,
            path=page.path,
            line=task.line,
            column=task.column,
            message=f"its clock has been running since {clock.start:%Y-%m-%d %H:%M}; 12 hours of that count",
            hint="close the clock at the time the work ended",
        )
        for task in page.tasks
        for line in task.logbook
        if (clock := read_clock(line)) and clock.end is None and _until_today(clock.start, today) > LONGEST_CLOCK
    ]


def _until_today(start: datetime, today: date) -> timedelta:
    return datetime.combine(today, time()) - start
