"""The health of an experiment, with the reason in words (spec: domain §6).

Decided where the specification is silent: with a due date but no start before it, or without tasks, there is no pace
to go by and so no target. What is blocked while all open tasks wait for data until `stop-date::` does not count.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypedDict

from graphkit.facts.page_facts import TaskStatus
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.progress import Progress
    from graphkit.insight.work.work_tree import WorkTree

HEALTH_KEY: Final = "health"
NOTE_KEY: Final = "health-note"
WINS_DAYS: Final = 14
"""So long a dated word of a human wins (spec: domain §6)."""
ON_TRACK_FROM: Final = 0.95
AT_RISK_FROM: Final = 0.75
"""What is done, with one leaf of grace, ÷ what could be done by now, at least (spec: domain §6)."""
BY_CHANCE: Final = 0.05
"""Off track only where an even pace would have so little done in fewer of the cases."""
OLD_DAYS: Final = 30
"""So many days of activity make an undated health an old one."""
_SLACK: Final = 1e-9


class Health(StrEnum):
    """The words of spec: domain §6."""

    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    NO_TARGET = "no target"


_STATED: Final = lazy_pattern(
    r"(?:#?\[\[|#)?(on|at|off|no)[ _-]?(track|risk|target)(?:\]\])?(?![\w-])"
    r"[\s,;:(–—-]{0,4}(?:(?:on|since|as of)\s{1,4})?",
    re.IGNORECASE,
)
_WORDS: Final = {word.value: word for word in Health}


class StatedHealth(Record, frozen=True, kw_only=True):
    """Everything a human wrote in `health::`."""

    health: Health
    day: date | None
    """The day from which it holds; None: until it is changed."""
    note: str = ""

    def holds(self, today: date) -> bool:
        """True if it still wins."""
        return self.day is None or (today - self.day).days <= WINS_DAYS


class Judgement(Record, frozen=True, kw_only=True):
    """A health with its reason in words."""

    health: Health
    reason: str
    stated: bool = False
    """True if a human said so."""


class Signs(Record, frozen=True, kw_only=True):
    """Everything else that is known of an experiment on its day."""

    breached: Sequence[str] = ()
    """Guardrails that are broken, in words."""
    stale: str = ""
    """Why it is stale; empty where it is not."""
    overdue_leaves: int = 0
    blocked_leaves: int = 0
    """Open leaves that wait or are blocked."""
    ahead_leaves: int = 0
    """Open leaves that are scheduled after the day."""
    ahead_weight: float = 0.0
    """What these weigh, in mode `estimate`."""
    resting_leaves: int = 0
    """Open leaves that wait or are scheduled after the day."""
    heaviest: float = 1.0
    """Weight of the heaviest open leaf, in mode `estimate`."""


class WorkAhead(TypedDict):
    """Fields of `health.Signs`."""

    ahead_leaves: int
    ahead_weight: float
    resting_leaves: int
    heaviest: float


def work_ahead(tree: WorkTree, today: date) -> WorkAhead:
    """The open leaves that are scheduled after a day, those that rest until then, and the heaviest open one."""
    weights = tree.weights or (1.0,) * tree.progress.total
    ahead = resting = 0
    ahead_weight = heaviest = 0.0
    for (task, _, status), weight in zip(tree.leaf_tasks, weights, strict=True):
        if status is TaskStatus.DONE:
            continue
        heaviest = max(heaviest, weight)
        later = task.scheduled is not None and task.scheduled > today
        if later:
            ahead += 1
            ahead_weight += weight
        resting += later or status is TaskStatus.WAITING
    return WorkAhead(ahead_leaves=ahead, ahead_weight=ahead_weight, resting_leaves=resting, heaviest=heaviest)


def read_stated(
    page: PageFacts, parse_journal: Callable[[str], date | None], findings: list[Diagnostic]
) -> StatedHealth | None:
    """The `health::` of a page; **reports** W510 for one that is not understood, which then does not count."""
    value = page.properties.get(HEALTH_KEY, "").strip()
    if not value:
        return None
    match = _STATED.match(value)
    health = _WORDS.get(f"{match[1]} {match[2]}".lower()) if match else None
    rest = value[match.end() :].strip(" \t().") if match else ""
    day = read_date(rest, parse_journal) if rest else None
    if health is None or (rest and day is None):
        findings.append(
            Diagnostic(
                code="W510",
                severity=Severity.WARNING,
                path=page.path,
                line=page.property_lines.get(HEALTH_KEY, 1),
                message=f"health:: {value} is not understood and is ignored",
                hint=f"write one of {', '.join(_WORDS)}, then `on` and a date, as in `at risk on [[Mar 31st, 2026]]`",
            )
        )
        return None
    return StatedHealth(health=health, day=day, note=page.properties.get(NOTE_KEY, "").strip())


def old_health(
    page: PageFacts, stated: StatedHealth, *, today: date, start: date | None, due: date | None, last: date | None
) -> Diagnostic | None:
    """W518: an undated `health::` that the due date, or 30 days of activity since the start, have passed over."""
    if stated.day is not None:
        return None
    if due is not None and due < today:
        why = f"the due date {due.isoformat()} has passed since"
    elif start is not None and last is not None and (last - start).days >= OLD_DAYS:
        why = f"work has continued until {last.isoformat()}"
    else:
        return None
    return Diagnostic(
        code="W518",
        severity=Severity.INFO,
        path=page.path,
        line=page.property_lines.get(HEALTH_KEY, 1),
        message=f"health:: has no date: {stated.health} still applies, but {why}",
        hint="add its date, as in `at risk on [[Mar 31st, 2026]]`, which then applies for 14 days, or remove it",
    )


def judge(
    *,
    today: date,
    start: date | None,
    due: date | None,
    progress: Progress,
    stop: date | None = None,
    stated: StatedHealth | None = None,
    signs: Signs | None = None,
) -> Judgement:
    """The health of an experiment that is not decided, by the rules of spec: domain §6 in their order."""
    signs = signs or Signs()
    caps = _caps(progress, signs)
    if stated is not None and stated.holds(today):
        when = f" on {stated.day.isoformat()}" if stated.day else ""
        said = stated.note or f"stated{when} by hand"
        reason = f"{said}, but: {'; '.join(caps)}" if caps else said
        return Judgement(health=stated.health, reason=reason, stated=True)
    if due is None:
        return Judgement(health=Health.NO_TARGET, reason="no due date")
    if progress.total and progress.done == progress.total:
        return Judgement(health=Health.ON_TRACK, reason="all tasks are done")
    if due < today:
        done = "" if progress.percent is None else f", {progress.percent}% done"
        return Judgement(health=Health.OFF_TRACK, reason=f"due on {due.isoformat()}{done}")
    if start is None or due < start or not progress.total:
        missing = "no start date" if start is None else "no start date before it" if due < start else "no tasks"
        reason = f"due on {due.isoformat()}, but {missing} to measure a pace by"
        return Judgement(health=Health.NO_TARGET, reason=reason)
    if stop is not None and stop > today and signs.resting_leaves >= progress.open:
        return Judgement(health=Health.ON_TRACK, reason=f"collecting data until {stop.isoformat()}")
    found = _by_pace(today, start, due, progress, signs)
    if caps and found.health is Health.ON_TRACK:
        return Judgement(health=Health.AT_RISK, reason=f"{'; '.join(caps)}; otherwise {found.reason}")
    return found


def _by_pace(today: date, start: date, due: date, progress: Progress, signs: Signs) -> Judgement:
    """What is done against what could be, with one leaf of grace."""
    if today <= start:
        return Judgement(health=Health.ON_TRACK, reason=f"not started yet, due on {due.isoformat()}")
    whole, passed = (due - start).days, (today - start).days
    leaves = progress.total - signs.ahead_leaves
    if leaves <= 0:
        return Judgement(health=Health.ON_TRACK, reason="nothing due yet")
    if progress.mode == "count":
        done, possible, grace = float(progress.done), float(leaves), 1.0
    else:
        done, possible, grace = progress.done_weight, progress.total_weight - signs.ahead_weight, signs.heaviest
    of = "" if leaves == progress.total else f" of the {leaves} tasks that could be"
    percent = progress.percent if not of else int(100 * done / possible + _SLACK) if possible > 0 else 100
    reason = f"{percent}% done{of} after {100 * passed // whole}% of its time"
    ahead = (done + grace) * whole + _SLACK
    if ahead >= ON_TRACK_FROM * possible * passed:
        return Judgement(health=Health.ON_TRACK, reason=reason)
    if ahead < AT_RISK_FROM * possible * passed and _beyond_chance(progress.done, leaves, passed / whole):
        return Judgement(health=Health.OFF_TRACK, reason=reason)
    return Judgement(health=Health.AT_RISK, reason=reason)


def _beyond_chance(done: int, leaves: int, elapsed: float) -> bool:
    from graphkit.insight.statistics.small import binomial_cdf  # noqa: PLC0415 - only where work is late

    return binomial_cdf(done, leaves, elapsed) < BY_CHANCE


def _caps(progress: Progress, signs: Signs) -> list[str]:
    """What allows at risk at best, in words."""
    found = list(signs.breached)
    if signs.stale:
        found.append(signs.stale)
    if signs.overdue_leaves:
        found.append(
            "an open task is overdue" if signs.overdue_leaves == 1 else f"{signs.overdue_leaves} open tasks are overdue"
        )
    if progress.open and 2 * signs.blocked_leaves >= progress.open:
        found.append(f"{signs.blocked_leaves} of {progress.open} open tasks are blocked")
    return found
