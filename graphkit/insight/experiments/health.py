"""Whether an experiment will make it, with the reason in words. Knows no page but its `health::` line.

spec: domain §6.

Decided where the specification is silent (spec: domain §6):

- What a human wrote wins over a breached guardrail too: they know; attention still names the guardrail.
- With a due date but no start before it, or without tasks, there is no pace: health is judged as without a due date.
- The forecast of spec: domain §5 is not part of this; the pace stands for it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.progress import Progress

HEALTH_KEY: Final = "health"
NOTE_KEY: Final = "health-note"
WINS_DAYS: Final = 14
"""So long a dated word of a human wins (spec: domain §6)."""
ON_TRACK_FROM: Final = 0.95
AT_RISK_FROM: Final = 0.75
"""Progress ÷ elapsed share of the time, at least (spec: domain §6)."""
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
    """What a human wrote in `health::`."""

    health: Health
    day: date | None
    """The day from which it holds; None: until it is changed."""
    note: str = ""

    def holds(self, today: date) -> bool:
        """Whether it still wins."""
        return self.day is None or (today - self.day).days <= WINS_DAYS


class Judgement(Record, frozen=True, kw_only=True):
    """A health with its reason in words."""

    health: Health
    reason: str
    stated: bool = False
    """Whether a human said so."""


class Signs(Record, frozen=True, kw_only=True):
    """What else is known of an experiment on its day."""

    breached: Sequence[str] = ()
    """Guardrails that are broken, in words."""
    stale: str = ""
    """Why it is stale; empty where it is not."""
    overdue_leaves: int = 0
    blocked_leaves: int = 0
    """Open leaves that wait or are blocked."""


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
                message=f"health:: {value} is not understood, and is left out of account",
                hint=f"write one of {', '.join(_WORDS)}, then `on` and a date, as in `at risk on [[Mar 31st, 2026]]`",
            )
        )
        return None
    return StatedHealth(health=health, day=day, note=page.properties.get(NOTE_KEY, "").strip())


def judge(
    *,
    today: date,
    start: date | None,
    due: date | None,
    progress: Progress,
    stated: StatedHealth | None = None,
    signs: Signs | None = None,
) -> Judgement:
    """The health of an experiment that is not decided, by the rules of spec: domain §6 in their order."""
    if stated is not None and stated.holds(today):
        when = f" on {stated.day.isoformat()}" if stated.day else ""
        return Judgement(health=stated.health, reason=stated.note or f"stated{when} by hand", stated=True)
    signs = signs or Signs()
    found = _by_time(today, start, due, progress) or _without_pace(due, start, progress, signs)
    if signs.breached and found.health in {Health.ON_TRACK, Health.NO_TARGET}:
        return Judgement(health=Health.AT_RISK, reason=f"{'; '.join(signs.breached)}; else {found.reason}")
    return found


def _by_time(today: date, start: date | None, due: date | None, progress: Progress) -> Judgement | None:
    """By due date and pace; None where there is no pace to go by."""
    if due is None:
        return None
    fraction = progress.fraction
    if fraction is not None and progress.done == progress.total:
        return Judgement(health=Health.ON_TRACK, reason="all tasks are done")
    percent = progress.percent
    if due < today:
        done = "" if percent is None else f", {percent}% done"
        return Judgement(health=Health.OFF_TRACK, reason=f"due on {due.isoformat()}{done}")
    if start is None or due < start or fraction is None or percent is None:
        return None
    if today <= start:
        return Judgement(health=Health.ON_TRACK, reason=f"none of its time has passed, due on {due.isoformat()}")
    whole, passed = (due - start).days, (today - start).days
    reason = f"{percent}% done after {100 * passed // whole}% of its time"
    pace = fraction * whole + _SLACK
    if pace >= ON_TRACK_FROM * passed:
        return Judgement(health=Health.ON_TRACK, reason=reason)
    if pace >= AT_RISK_FROM * passed:
        return Judgement(health=Health.AT_RISK, reason=reason)
    return Judgement(health=Health.OFF_TRACK, reason=reason)


def _without_pace(due: date | None, start: date | None, progress: Progress, signs: Signs) -> Judgement:
    risks: list[str] = []
    if signs.stale:
        risks.append(signs.stale)
    if signs.overdue_leaves:
        risks.append(
            "an open task is overdue" if signs.overdue_leaves == 1 else f"{signs.overdue_leaves} open tasks are overdue"
        )
    if progress.open and 2 * signs.blocked_leaves >= progress.open:
        risks.append(f"{signs.blocked_leaves} of {progress.open} open tasks blocked")
    if risks:
        return Judgement(health=Health.AT_RISK, reason="; ".join(risks))
    if due is None:
        return Judgement(health=Health.NO_TARGET, reason="no due date")
    missing = "no start date" if start is None else "no start before it" if due < start else "no tasks"
    return Judgement(health=Health.NO_TARGET, reason=f"due on {due.isoformat()}, but {missing} to measure a pace by")
