"""One experiment: where it is in its life, what asks for attention and why.

spec: domain §6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.facts.property_values import read_names, read_word
from graphkit.insight.experiments.health import Health, Signs, judge, old_health, read_stated, work_ahead
from graphkit.insight.metrics.metric_text import number_text, value_text
from graphkit.insight.work.activity import silent_since
from graphkit.insight.work.time_states import BLOCKED_BY, CLOSED_LIFECYCLES, is_overdue, unfinished_blockers
from graphkit.outline.inline import plain_text
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.experiments.health import Judgement
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.insight.work.activity import Traces
    from graphkit.insight.work.progress import Progress
    from graphkit.insight.work.time_states import Targets
    from graphkit.insight.work.work_tree import WorkTree

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
"""What `status` sorts by, first things first (spec: domain §6)."""

LIFECYCLES = ("draft", "ready", "running", "stopped", "awaiting decision", "decided", "archived")
STATED_LIFECYCLES = frozenset(LIFECYCLES) - {"awaiting decision"}
BEGUN_LIFECYCLES = frozenset({"running", "stopped", "awaiting decision"})
"""Where a breached guardrail can be the experiment's doing."""
RESULTS = frozenset({"won", "lost", "inconclusive", "dnf"})
_RANK = {word: number for number, word in enumerate(ATTENTION)}
END_PROPERTIES = ("due", "end-date", "stop-date")
DATE_PROPERTIES = ("start-date", *END_PROPERTIES, "decided-on")


class Evidence(Record, frozen=True, kw_only=True):
    """The known facts about an experiment in addition to its page and its work."""

    traces: Traces
    guardrails: tuple[MetricReading, ...] = ()
    observed: tuple[MetricReading, ...] = ()
    """The metrics whose silence makes it stale: its primary ones, else those it names otherwise (no mere mentions)."""
    measured: tuple[MetricReading, ...] = ()
    """All metrics that it names, whose observations are its activity."""


class Experiment(Record, frozen=True, kw_only=True):
    """An experiment's page, its work tree and what they say together on a day."""

    page: PageFacts
    tree: WorkTree
    lifecycle: str
    lifecycle_derived: bool
    states: tuple[tuple[str, str], ...]
    """Every word of attention that holds, with its reason; what comes first in ATTENTION first."""
    health: Judgement | None
    """None once it is decided or archived."""
    stale: str
    """Why it is stale; empty where it is not."""
    last_activity: date | None
    owners: tuple[str, ...]
    goals: tuple[str, ...]
    """Titles of the goals it names, in page order."""
    start: date | None
    due: date | None
    stop: date | None
    result: str | None
    diagnostics: tuple[Diagnostic, ...]
    """The problems with its properties; the work tree has its own."""

    @property
    def attention(self) -> str:
        """The first word of attention that holds."""
        return self.states[0][0]

    @property
    def reason(self) -> str:
        """Its reason in words."""
        return self.states[0][1]

    @property
    def progress(self) -> Progress:
        """Progress over its scope."""
        return self.tree.progress

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The problems on its page: its properties and its work tree, in page order."""
        own = [finding for finding in (*self.diagnostics, *self.tree.diagnostics) if finding.path == self.page.path]
        if len(own) < 2:
            return tuple(own)
        return tuple(sorted(own, key=lambda finding: (finding.line, finding.column, finding.code)))


def read_experiment(
    page: PageFacts,
    tree: WorkTree,
    *,
    today: date,
    targets: Targets,
    parse_journal: Callable[[str], date | None],
    evidence: Evidence,
) -> Experiment:
    """Everything an experiment's page, its work tree and its metrics say on a day.

    **Reports** W501 (a invalid date), W502 (an unknown `status::`), W503 (an unknown `result::`), W510 (a
    `health::` that is not understood), W515 (an end before the start), W518 (a stated health that has grown old).
    """
    findings: list[Diagnostic] = []
    dates = {key: _date(page, key, parse_journal, findings) for key in DATE_PROPERTIES}
    findings += _ends_before_start(page, dates)
    due = dates["due"] or dates["end-date"]
    result = _one_of(page, "result", RESULTS, "W503", findings)
    stated = _one_of(page, "status", STATED_LIFECYCLES, "W502", findings)
    lifecycle = stated or derived_lifecycle(tree.progress, result)
    closed = lifecycle in CLOSED_LIFECYCLES
    begun = lifecycle in BEGUN_LIFECYCLES
    breached = tuple(_breach(reading) for reading in evidence.guardrails if reading.breached) if begun else ()
    stale = "" if closed else _stale_reason(tree, lifecycle, dates["start-date"], evidence)
    late = () if closed else _late_leaves(tree, today)
    health = None
    said = read_stated(page, parse_journal, findings)
    if not closed:
        signs = Signs(
            breached=breached,
            stale=stale,
            overdue_leaves=len(late),
            blocked_leaves=tree.progress.waiting + tree.progress.blocked,
            **work_ahead(tree, today),
        )
        health = judge(
            today=today,
            start=dates["start-date"],
            due=due,
            stop=dates["stop-date"],
            progress=tree.progress,
            stated=said,
            signs=signs,
        )
    life = _Life(
        page=page,
        tree=tree,
        lifecycle=lifecycle,
        result=result,
        due=due,
        stop=dates["stop-date"],
        today=today,
        breached=breached,
        late=late,
        stale=stale,
        health=health,
    )
    last_activity = evidence.traces.of_page(page, tree.tasks, evidence.measured)
    if said is not None and not closed:
        old = old_health(page, said, today=today, start=dates["start-date"], due=due, last=last_activity)
        findings += [] if old is None else [old]
    return Experiment(
        page=page,
        tree=tree,
        lifecycle=lifecycle,
        lifecycle_derived=stated is None,
        states=_states(life, targets),
        health=health,
        stale=stale,
        last_activity=last_activity,
        owners=shown_titles(read_names(page.properties.get("owner", "")), targets),
        goals=shown_titles((goal.title for goal in page.goals), targets),
        start=dates["start-date"],
        due=due,
        stop=dates["stop-date"],
        result=result,
        diagnostics=tuple(findings),
    )


def shown_titles(names: Iterable[str], targets: Targets) -> tuple[str, ...]:
    """Everything names are shown as, each page once: its title, as aliases resolve to it; else as written.

    spec: domain §1.
    """
    found: dict[str, str] = {}
    for name in names:
        page = targets.page(name)
        own = targets.page(page.title) if page is not None else None
        title = page.title if page is not None and own is not None and own.path == page.path else name
        found.setdefault(page_name(title), title)
    return tuple(found.values())


def _breach(reading: MetricReading) -> str:
    current = reading.current
    value = f" at {value_text(current.value, reading.unit_text)}" if current else ""
    day = f" on {current.day.isoformat()}" if current else ""
    guard = f", guard {number_text(reading.facts.guard, reading.unit_text)}" if reading.facts.guard else ""
    return f"{reading.metric.title}{value}{day}{guard}"


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


def _ends_before_start(page: PageFacts, dates: Mapping[str, date | None]) -> Iterator[Diagnostic]:
    start = dates["start-date"]
    for key in END_PROPERTIES:
        day = dates[key]
        if start is not None and day is not None and day < start:
            yield Diagnostic(
                code="W515",
                severity=Severity.WARNING,
                path=page.path,
                line=page.property_lines.get(key, 1),
                message=f"{key}:: {day.isoformat()} is before the start on {start.isoformat()}, so there is no pace",
                hint=f"correct {key}:: or start-date::",
            )


def _one_of(page: PageFacts, key: str, allowed: frozenset[str], code: str, findings: list[Diagnostic]) -> str | None:
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
            message=f"{key}:: {value} is not a known word and is ignored",
            hint=f"write one of {', '.join(sorted(allowed))}",
        )
    )
    return None


def lifecycle_of(page: PageFacts, progress: Progress) -> str:
    """The lifecycle that a page states, else the one that its result and its progress show."""
    stated = _one_of(page, "status", STATED_LIFECYCLES, "W502", [])
    return stated or derived_lifecycle(progress, _one_of(page, "result", RESULTS, "W503", []))


def derived_lifecycle(progress: Progress, result: str | None) -> str:
    """The lifecycle that a result and progress show, where no `status::` states one."""
    if result is not None:
        return "decided"
    if progress.total and progress.done == progress.total:
        return "awaiting decision"
    if progress.done or progress.doing:
        return "running"
    return "draft"


class _Life(Record, frozen=True, kw_only=True):
    """What the rules of attention go by."""

    page: PageFacts
    tree: WorkTree
    lifecycle: str
    result: str | None
    due: date | None
    stop: date | None
    today: date
    breached: tuple[str, ...]
    late: Sequence[Task]
    """Its open leaves whose deadline has passed."""
    stale: str
    health: Judgement | None

    @property
    def all_done(self) -> bool:
        return bool(self.tree.progress.total) and self.tree.progress.done == self.tree.progress.total

    @property
    def stopped(self) -> bool:
        return self.stop is not None and self.stop < self.today


def _states(life: _Life, targets: Targets) -> tuple[tuple[str, str], ...]:
    """Every word of attention that holds with its reason, the first one first."""
    if life.lifecycle in CLOSED_LIFECYCLES:
        return ((life.lifecycle, f"result: {life.result}" if life.result else ""),)
    found: dict[str, str] = {}
    for state, reason in (
        *_decisions(life),
        *_late(life),
        *_hindered(life, targets),
        ("stale", life.stale),
    ):
        if reason:
            found.setdefault(state, reason)
    if life.health is not None and life.health.health in {Health.OFF_TRACK, Health.AT_RISK}:
        found[life.health.health.value] = life.health.reason
    found.setdefault("running" if life.lifecycle == "awaiting decision" else life.lifecycle, "")
    return tuple(sorted(found.items(), key=lambda state: _RANK[state[0]]))


def _decisions(life: _Life) -> Iterator[tuple[str, str]]:
    breached = "; ".join(life.breached)
    if life.stopped and life.stop is not None:
        if breached and life.result is None and not life.page.properties.get("decision", "").strip():
            yield "rollback due", f"{breached}, stopped on {life.stop.isoformat()}, but nothing is decided"
        if life.result is None and not life.all_done:
            yield "decision due", f"stopped on {life.stop.isoformat()}, but there is no result"
    if life.result is None and life.all_done:
        yield "decision due", "all tasks are done, but there is no result"
    yield "guardrail breached", breached


def _late(life: _Life) -> Iterator[tuple[str, str]]:
    if life.due is not None and life.due < life.today and not life.all_done:
        yield "overdue", f"due on {life.due.isoformat()}"
    late = life.late
    if late:
        first = min(late, key=lambda task: (task.deadline is None, task.deadline))
        assert first.deadline is not None  # noqa: S101 - is_overdue has looked
        others = f" and {len(late) - 1} more" if len(late) > 1 else ""
        yield "overdue", f"deadline {first.deadline.isoformat()} of “{plain_text(first.text)}”{others}"


def _late_leaves(tree: WorkTree, today: date) -> list[Task]:
    return [task for task, _, status in tree.leaf_tasks if is_overdue(task, today) and status is not TaskStatus.DONE]


def _hindered(life: _Life, targets: Targets) -> Iterator[tuple[str, str]]:
    blockers = unfinished_blockers(life.page.properties.get(BLOCKED_BY, ""), targets)
    if blockers:
        yield "blocked", f"blocked by {', '.join(blockers)}"
    if life.tree.progress.word == "blocked":
        yield "blocked", "all open tasks are waiting"


def _stale_reason(tree: WorkTree, lifecycle: str, start: date | None, evidence: Evidence) -> str:
    """Why an experiment has gone quiet, empty where it has not.

    A running one whose metrics all lack observations, or any whose work in progress is stale, every leaf of it.
    """
    traces = evidence.traces
    if lifecycle == "running" and evidence.observed:
        silent = [(reading, silent_since(reading, start=start, today=traces.today)) for reading in evidence.observed]
        if all(since is not None for _, since in silent):
            reading, since = silent[0]
            if reading.last is None:
                return f"no observation of {reading.metric.title} since the start on {since}"
            return f"no observation of {reading.metric.title} since {reading.last.isoformat()}"
    leaves = [leaf for leaf in tree.leaf_tasks if leaf[2] is TaskStatus.DOING or leaf[2] is TaskStatus.WAITING]
    if not leaves or not all(traces.is_stale(task, page) for task, page, _ in leaves):
        return ""
    task, page, status = max(leaves, key=lambda leaf: traces.of_task(leaf[0], leaf[1]) or traces.today)
    word = "no progress on" if status is TaskStatus.DOING else "still waiting:"
    return f"{word} “{plain_text(task.text)}” since {traces.of_task(task, page)}"
