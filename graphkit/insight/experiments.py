"""One experiment: where it is in its life, what asks for attention and why (domain 6). Knows no clock and no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.property_values import read_date, read_names, read_word
from graphkit.facts.values import TaskStatus
from graphkit.insight.timestates import BLOCKED_BY, is_overdue, unfinished_blockers
from graphkit.outline.inline import plain_text
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from graphkit.facts.values import PageFacts
    from graphkit.insight.progress import Progress
    from graphkit.insight.timestates import Targets
    from graphkit.insight.worktree import WorkTree

ATTENTION = (
    "rollback due",
    "decision due",
    "guardrail breached",
    "off track",
    "overdue",
    "blocked",
    "stale",
    "at risk",
    "running",
    "stopped",
    "ready",
    "draft",
    "decided",
    "archived",
)
"""What `status` sorts by, first things first. Source: domain 6."""

LIFECYCLES = ("draft", "ready", "running", "stopped", "awaiting decision", "decided", "archived")
STATED_LIFECYCLES = frozenset(LIFECYCLES) - {"awaiting decision"}
RESULTS = frozenset({"won", "lost", "inconclusive", "dnf"})
DATE_PROPERTIES = ("start-date", "due", "end-date", "stop-date", "decided-on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment's page, its work tree and what they say together on a day."""

    page: PageFacts
    tree: WorkTree
    lifecycle: str
    lifecycle_derived: bool
    attention: str
    reason: str
    owners: tuple[str, ...]
    start: date | None
    due: date | None
    stop: date | None
    result: str | None
    diagnostics: tuple[Diagnostic, ...]
    """What is wrong with its properties; the work tree has its own."""

    @property
    def progress(self) -> Progress:
        """Progress over its scope."""
        return self.tree.progress

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What is wrong on its page: its properties and its work tree, in page order."""
        own = [finding for finding in (*self.diagnostics, *self.tree.diagnostics) if finding.path == self.page.path]
        return tuple(sorted(own, key=lambda finding: (finding.line, finding.column, finding.code)))

    @property
    def goals(self) -> tuple[str, ...]:
        """Titles of the goals it names, in page order."""
        return tuple(goal.title for goal in self.page.goals)


def read_experiment(
    page: PageFacts,
    tree: WorkTree,
    *,
    today: date,
    targets: Targets,
    parse_journal: Callable[[str], date | None],
) -> Experiment:
    """What an experiment's page and work tree say on a day.

    Reports W501 (a date that is none), W502 (an unknown `status::`), W503 (an unknown `result::`).
    """
    findings: list[Diagnostic] = []
    dates = {key: _date(page, key, parse_journal, findings) for key in DATE_PROPERTIES}
    due = dates["due"] or dates["end-date"]
    result = _one_of(page, "result", RESULTS, "W503", findings)
    stated = _one_of(page, "status", STATED_LIFECYCLES, "W502", findings)
    lifecycle = stated or _derived_lifecycle(tree.progress, result)
    attention, reason = _attention(page, tree, lifecycle, result, due, dates["stop-date"], today, targets)
    return Experiment(
        page=page,
        tree=tree,
        lifecycle=lifecycle,
        lifecycle_derived=stated is None,
        attention=attention,
        reason=reason,
        owners=read_names(page.properties.get("owner", "")),
        start=dates["start-date"],
        due=due,
        stop=dates["stop-date"],
        result=result,
        diagnostics=tuple(findings),
    )


def _date(
    page: PageFacts, key: str, parse_journal: Callable[[str], date | None], findings: list[Diagnostic]
) -> date | None:
    value = page.properties.get(key, "")
    if not value:
        return None
    day = read_date(value, parse_journal)
    if day is None:
        findings.append(
            Diagnostic(
                code="W501",
                severity=Severity.WARNING,
                path=page.path,
                line=page.property_lines.get(key, 1),
                message=f"{key}:: {value} is not a date",
                hint="write it as 2026-03-31 or [[Mar 31st, 2026]]",
            )
        )
    return day


def _one_of(
    page: PageFacts, key: str, allowed: frozenset[str], code: str, findings: list[Diagnostic]
) -> str | None:
    value = page.properties.get(key, "")
    if not value:
        return None
    word = read_word(value)
    if word in allowed:
        return word
    findings.append(
        Diagnostic(
            code=code,
            severity=Severity.WARNING,
            path=page.path,
            line=page.property_lines.get(key, 1),
            message=f"{key}:: {value} is none of the known words, and is left out of account",
            hint=f"write one of {', '.join(sorted(allowed))}",
        )
    )
    return None


def _derived_lifecycle(progress: Progress, result: str | None) -> str:
    if result is not None:
        return "decided"
    if progress.total and progress.done == progress.total:
        return "awaiting decision"
    if progress.done or progress.doing:
        return "running"
    return "draft"


def _attention(
    page: PageFacts,
    tree: WorkTree,
    lifecycle: str,
    result: str | None,
    due: date | None,
    stop: date | None,
    today: date,
    targets: Targets,
) -> tuple[str, str]:
    progress = tree.progress
    all_done = bool(progress.total) and progress.done == progress.total
    if lifecycle in {"decided", "archived"}:
        return lifecycle, f"result: {result}" if result else ""
    if result is None and all_done:
        return "decision due", "all tasks are done and there is no result"
    if result is None and stop is not None and stop < today:
        return "decision due", f"stopped on {stop.isoformat()} and there is no result"
    if due is not None and due < today and not all_done:
        return "overdue", f"due on {due.isoformat()}"
    late = [node.task for node in tree.leaves if is_overdue(node.task, today) and node.status is not TaskStatus.DONE]
    if late:
        first = min(late, key=lambda task: (task.deadline is None, task.deadline))
        assert first.deadline is not None  # noqa: S101 - is_overdue has looked
        others = f" and {len(late) - 1} more" if len(late) > 1 else ""
        return "overdue", f"deadline {first.deadline.isoformat()} of “{plain_text(first.text)}”{others}"
    blockers = unfinished_blockers(page.properties.get(BLOCKED_BY, ""), targets)
    if blockers:
        return "blocked", f"blocked by {', '.join(blockers)}"
    if progress.word == "blocked":
        return "blocked", "all open tasks are waiting"
    return ("running", "") if lifecycle == "awaiting decision" else (lifecycle, "")
