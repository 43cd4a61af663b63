"""Results of `metrics`, `strategies`, `goals` and `next`: frozen values, printed and encoded as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.task_row import TaskRow
    from graphkit.insight.work.progress import Progress
    from graphkit.text.diagnostics import Diagnostic


class MetricBrief(Record, frozen=True, kw_only=True):
    """One metric of an experiment, a goal or a strategy, short enough for one line."""

    name: str
    """Key of the metric."""
    title: str
    how: str
    """primary, guardrail, key-metric, linked or mention."""
    declared: bool
    value: float | None
    """Current value; shares as fractions, durations in seconds."""
    unit: str
    """Canonical unit."""
    text: str
    """The current value as people write it; may be empty."""
    day: date | None
    """Day of the last observation."""
    freshness: str
    """fresh, late or missing."""
    score: float | None
    """Share of the way from baseline to target, 0 to 1."""
    breached: bool
    """True if it breaches its own guard."""
    series: tuple[float, ...] = ()
    """The last values, oldest first, for a sparkline."""


class Use(Record, frozen=True, kw_only=True):
    """An experiment that measures a metric, or is tied to a strategy."""

    experiment: str
    """Title."""
    name: str
    """Its page's name."""
    how: str
    """For a metric as in MetricBrief; for a strategy tests, metric (it measures a key metric), or mention."""
    further: tuple[str, ...] = ()
    """Further ties to a strategy, in addition to `how`."""


class MetricRow(Record, frozen=True, kw_only=True):
    """One metric of `metrics`."""

    name: str
    title: str
    declared: bool
    path: str
    """Its page; empty if it has none."""
    unit: str
    direction: str | None
    value: float | None
    text: str
    day: date | None
    """Day of the last observation up to today."""
    baseline: float | None
    baseline_text: str
    baseline_day: date | None
    target: float | None
    target_text: str
    target_day: date | None
    score: float | None
    """Clipped to 0 to 1."""
    score_raw: float | None
    score_reason: str
    """Why there is no score; empty if there is one."""
    guard: str
    """As read; may be empty."""
    guard_holds: bool | None
    """False if the guard is breached by more than chance; None: no guard, or not known."""
    holds: bool | None
    """The verdict on a metric with `direction:: hold`."""
    freshness: str
    cadence_days: int
    observations: int
    owners: tuple[str, ...]
    experiments: tuple[Use, ...]
    strategies: tuple[str, ...]
    """Names of the strategies whose key metric it is."""
    series: tuple[float, ...]
    """The last values, oldest first."""
    diagnostics: int
    guard_needed: int | None = None
    """The sample size that would tell whether the guard is breached, where this value's is too small to tell."""


class MetricsReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit metrics`."""

    vault: str
    as_of: date
    metrics: tuple[MetricRow, ...]
    """Declared ones by title, then undeclared ones by title."""
    unread: tuple[Diagnostic, ...] = ()


class ObservationRow(Record, frozen=True, kw_only=True):
    """One observation of `metrics NAME`."""

    day: date
    value: float
    text: str
    """In the metric's unit, rounded."""
    written: str
    """As written."""
    n: float | None
    segment: str
    source: str
    kind: str
    """property, line, table or csv."""
    path: str
    line: int
    future: bool


class PointRow(Record, frozen=True, kw_only=True):
    """One value of a series: an observation, or the aggregate of a period."""

    day: date
    value: float
    text: str


class MetricDetail(Record, frozen=True, kw_only=True):
    """The result of `graphkit metrics NAME`."""

    vault: str
    as_of: date
    metric: MetricRow
    aliases: tuple[str, ...]
    source: str
    aggregate: str
    """`last per week`; empty if each day stands for itself."""
    scale: float
    """A stored value divided by this is one in the unit as written."""
    unit_text: str
    gap_days: int
    """More days than this between two points are a gap: twice the cadence, or the aggregate's period if longer."""
    points: tuple[PointRow, ...]
    observations: tuple[ObservationRow, ...]
    """By day, the newest first."""
    findings: tuple[Diagnostic, ...]
    unread: tuple[Diagnostic, ...] = ()


class CandidatePlace(Record, frozen=True, kw_only=True):
    """A place where prose names a candidate."""

    path: str
    line: int


class CandidateRow(Record, frozen=True, kw_only=True):
    """A name that may be a metric."""

    title: str
    alias: str
    count: int
    places: tuple[CandidatePlace, ...]
    page: str = ""
    """A page of this name that is not marked as a metric."""


class CandidatesReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit metrics --candidates`."""

    vault: str
    as_of: date
    candidates: tuple[CandidateRow, ...]
    """The most frequent first."""
    unread: tuple[Diagnostic, ...] = ()


class ExpectationRow(Record, frozen=True, kw_only=True):
    """One expected impact and the observed change."""

    expected: str
    """As written, with broken characters repaired."""
    low: float | None
    high: float | None
    unit: str
    direction: str | None
    subject: str
    metric: str | None
    """Title of the metric that it is compared with."""
    observed: float | None
    observed_text: str
    outcome: str | None
    """reached, on the way, no change, the other way; None if unknown."""


class InitiativeRow(Record, frozen=True, kw_only=True):
    """One initiative of a strategy page."""

    title: str
    text: str
    page: str
    path: str
    line: int


class StrategyRow(Record, frozen=True, kw_only=True):
    """One strategy of `strategies`."""

    name: str
    """Key: page and row."""
    title: str
    page: str
    path: str
    line: int
    description: str
    metrics: tuple[MetricBrief, ...]
    """Its key metrics in the order of the cell."""
    assumptions: tuple[str, ...]
    risks: tuple[str, ...]
    impact: str
    """The cell as written."""
    expectations: tuple[ExpectationRow, ...]
    experiments: tuple[Use, ...]
    """Experiments that test it, measure one of its key metrics, or mention it; each by its strongest tie."""


class StrategiesReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit strategies`."""

    vault: str
    as_of: date
    strategies: tuple[StrategyRow, ...]
    """In page order."""
    initiatives: tuple[InitiativeRow, ...]
    key_metrics: int
    """Different key metrics of these strategies."""
    declared: int
    """Those of them with a page of their own."""
    unread: tuple[Diagnostic, ...] = ()


class GoalExperiment(Record, frozen=True, kw_only=True):
    """One experiment of a goal."""

    name: str
    title: str
    path: str
    attention: str
    lifecycle: str
    result: str | None
    progress: Progress
    metrics: tuple[MetricBrief, ...]


class GoalRow(Record, frozen=True, kw_only=True):
    """One goal of `goals` with what is below it."""

    name: str
    title: str
    path: str
    """Its page; empty if it has none."""
    owners: tuple[str, ...]
    due: date | None
    serves: tuple[str, ...]
    """Goals that its own page names."""
    progress: Progress
    """Over the leaves of all its experiments, each once."""
    score: float | None
    """Mean score of its metrics, 0 to 1."""
    metrics: tuple[MetricBrief, ...]
    """The metrics of the score: those of its page, else those of its experiments without guardrails."""
    experiments: tuple[GoalExperiment, ...]


class GoalsReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit goals`."""

    vault: str
    as_of: date
    goals: tuple[GoalRow, ...]
    """Those with experiments first, by their most urgent experiment; then the others by title."""
    without_goal: tuple[GoalExperiment, ...]
    """Experiments that name none."""
    unread: tuple[Diagnostic, ...] = ()


class Decision(Record, frozen=True, kw_only=True):
    """An experiment that waits for somebody to decide."""

    title: str
    path: str
    attention: str
    reason: str
    owners: tuple[str, ...]
    due: date | None


class DueMetric(Record, frozen=True, kw_only=True):
    """A metric of running work whose next observation is due."""

    title: str
    path: str
    owners: tuple[str, ...]
    last: date | None
    freshness: str


class NextReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit next`."""

    vault: str
    as_of: date
    decisions: tuple[Decision, ...]
    tasks: tuple[TaskRow, ...]
    """Open leaves that are not blocked, most urgent first; all of them, before any limit."""
    metrics: tuple[DueMetric, ...]
    dormant: int = 0
    """The number of dormant tasks at the end, which are listed separately."""
    unread: tuple[Diagnostic, ...] = ()
