"""The variables of each view's template: typed, frozen, documented values.

Every field is documented in docs/templates.md; a test compares the two, and a template's variables with these fields.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the fields' types are read at run time, by the documentation's test

from graphkit.text.records import Record, field_names


class ProgressContext(Record, frozen=True, kw_only=True):
    """Progress of a page, an experiment or a task's subtree, counted in leaves."""

    done: int
    total: int
    open: int
    todo: int
    doing: int
    waiting: int
    blocked: int
    """Open leaves that are blocked by `blocked-by::`; waiting ones are not included."""
    percent: int | None
    """0 to 100; None without tasks."""
    cookie: str
    """`[5/12]`, with a percentage if estimates give a different one; a dash without tasks."""
    bar: str
    """Ten signs, filled ones for what is done; empty without tasks."""
    word: str
    """no tasks, not started, in progress, blocked or done."""


class ExperimentContext(Record, frozen=True, kw_only=True):
    """One experiment."""

    title: str
    lifecycle: str
    """draft, ready, running, stopped, awaiting decision, decided or archived."""
    attention: str
    """The word that gives its place in the order: overdue, blocked, running …"""
    reason: str
    """The reason in words, with absolute dates; may be empty."""
    result: str
    """won, lost, inconclusive or dnf; empty without a result."""
    progress: ProgressContext
    owners: tuple[str, ...]
    goals: tuple[str, ...]
    strategies: tuple[str, ...]
    tags: tuple[str, ...]
    start: date | None
    due: date | None
    questions: tuple[str, ...]
    """Its open questions."""


class TaskContext(Record, frozen=True, kw_only=True):
    """One task."""

    text: str
    """Its first line as written, without marker and priority: use the filter `words`."""
    state: str
    """todo, doing, waiting, done or cancelled, as it counts."""
    sign: str
    """A sign for the state, so that no line begins with a marker: ○ ◐ ◌ ● ✕"""
    page: str
    """Title of its page."""
    experiment: str | None
    """Title of its experiment, if that page is one."""
    id: str | None
    """Its `id::`, if it has one; without it no reference is possible."""
    priority: str | None
    scheduled: date | None
    deadline: date | None
    overdue: bool
    slipped: bool
    """Not started, and scheduled for a day in the past."""
    blocked: bool
    progress: ProgressContext | None
    """Progress of its subtasks; None for a leaf."""


class MetricContext(Record, frozen=True, kw_only=True):
    """One metric; values are texts in its own unit, or empty."""

    title: str
    how: str
    """primary, guardrail, key-metric, linked or mention: why it is listed; empty on its own page."""
    declared: bool
    """True if it has its own page."""
    value: str
    """The current one."""
    day: date | None
    """Of the last observation."""
    unit: str
    direction: str
    """up, down or hold; empty if its page does not say."""
    baseline: str
    target: str
    target_day: date | None
    score: int | None
    """Percent of the way from baseline to target, 0 to 100."""
    bar: str
    """Ten signs, filled ones for the score; empty without one."""
    guard: str
    """Its limit: `>= 36%`."""
    breached: bool
    """True if it breaches that limit."""
    freshness: str
    """fresh, late or missing, according to its cadence."""
    owners: tuple[str, ...]


class ObservationContext(Record, frozen=True, kw_only=True):
    """One value of a metric."""

    day: date
    value: str
    """In the metric's unit, rounded."""
    n: str
    """The sample size; empty if it is not stated."""
    segment: str
    source: str


class ExpectationContext(Record, frozen=True, kw_only=True):
    """One expected impact of a strategy, compared with what is observed."""

    expected: str
    """As written in its table."""
    metric: str
    """Title of the metric that it is compared with; may be empty."""
    observed: str
    """The change since the baseline, with its sign; empty if unknown."""
    outcome: str
    """reached, on the way, no change or the other way; empty if unknown."""


class StrategyContext(Record, frozen=True, kw_only=True):
    """One row of a strategy table."""

    title: str
    page: str
    """Title of the page with its table."""
    metrics: tuple[MetricContext, ...]
    """Its key metrics, in the order of the cell."""
    expectations: tuple[ExpectationContext, ...]
    experiments: tuple[ExperimentContext, ...]
    """Those that test it or measure one of its key metrics, in order of attention."""


class ArmContext(Record, frozen=True, kw_only=True):
    """One variant of a result table; texts are empty if nothing can be computed."""

    variant: str
    control: bool
    n: str
    rate: str
    """The share that converted, or the mean."""
    lift: str
    """Change relative to the control, with its sign: `+14.9%`; otherwise the difference in the metric's unit."""
    low: str
    high: str
    """Ends of the deciding interval; empty if an end does not exist."""
    interval: str
    """The interval in words: `+1.3% to +30.3%`, `over +5,123.4%`; empty without an interval."""
    outcome: str
    """better, worse, different, no difference, too few, too few to look or not computed; of a guardrail safe, harmed,
    unclear, worse or no sign of harm."""
    chance: str
    """Chance to be better than the control: `98.5%`; empty before the end of the test."""
    risk: str
    """Expected relative loss if it is shipped and is worse: `0.04%`; empty before the end of the test."""
    words: str
    """The meaning of the numbers, or why they are missing."""


class ResultContext(Record, frozen=True, kw_only=True):
    """One result table of an experiment."""

    metric: str
    """Title of its metric; empty if it names no metric."""
    role: str
    """primary, guardrail or secondary."""
    day: date | None
    """The day of the numbers, if the table is dated."""
    stop: date | None
    """The planned last day."""
    early: bool
    """True if the test is still running; the intervals are then wider, so that early looks are valid."""
    ratio: str
    """Result of the sample ratio test: `p = 0.27`; empty without a test."""
    mismatch: bool
    """True if the arms' sizes do not match the split, so that the result cannot be trusted."""
    words: tuple[str, ...]
    """Notes on the whole table: assumptions about sizes, why nothing can be compared; then warnings."""
    arms: tuple[ArmContext, ...]
    """All variants, control included, as in the table."""


class TaskGroup(Record, frozen=True, kw_only=True):
    """Tasks of one page."""

    page: str
    is_experiment: bool
    tasks: tuple[TaskContext, ...]


class AttentionCount(Record, frozen=True, kw_only=True):
    """The number of experiments with this attention."""

    attention: str
    number: int


class StatusContext(Record, frozen=True, kw_only=True):
    """The view `status`."""

    experiments: tuple[ExperimentContext, ...]
    """Those shown, in order of attention."""
    total: int
    """The number of matches, shown or not."""
    more: int
    """The number not shown because of `limit=`."""
    counts: tuple[AttentionCount, ...]
    """Of all matches, in order of attention."""


class GoalContext(Record, frozen=True, kw_only=True):
    """The view `goal`."""

    goal: str
    """Its title, as written by its page if it has one."""
    here: bool
    """True if the view is on the goal's own page, which needs no link to itself."""
    due: date | None
    owners: tuple[str, ...]
    progress: ProgressContext
    """Over all its experiments, each task once."""
    experiments: tuple[ExperimentContext, ...]
    total: int
    more: int


class ForecastContext(Record, frozen=True, kw_only=True):
    """When the open tasks of an experiment will be done, from the dates written in the pages."""

    day: date
    """The Monday as of which it is made, so that it changes once a week."""
    p50: date
    """The first day by which all is done with a probability of 50 %."""
    p85: date | None
    """The same with 85 %; none if that takes more than five years."""
    percent: int | None
    """The probability in percent that all is done by the due date; None without one."""


class ExperimentViewContext(Record, frozen=True, kw_only=True):
    """The view `experiment`."""

    experiment: ExperimentContext
    forecast: ForecastContext | None
    """None if too little is known, nothing is open, or the experiment is closed."""
    tasks: tuple[TaskContext, ...]
    """The top tasks of its work tree without cancelled ones; if there is only one, its subtasks."""
    more: int
    overdue: tuple[TaskContext, ...]
    """Every overdue task of the tree, the earliest deadline first."""
    blocked: tuple[TaskContext, ...]
    """Every blocked leaf of the tree, in page order."""
    metrics: tuple[MetricContext, ...]
    """The metrics it measures, strongest link first: primary, guardrails, linked, mentioned."""


class QueryItem(Record, frozen=True, kw_only=True):
    """A result of a query: a block or a page."""

    page: str
    """Title of the page."""
    text: str
    """The block's first line as a reader sees it; empty for a page."""
    sign: str
    """A sign for a task's state; empty for other blocks."""
    id: str | None
    """The block's `id::`, if it has one."""


class QueryContext(Record, frozen=True, kw_only=True):
    """The view `query`."""

    form: str
    """list, table or count."""
    items: tuple[QueryItem, ...]
    columns: tuple[str, ...]
    """Headers if the rows are values; empty if the query finds blocks and pages."""
    rows: tuple[tuple[str, ...], ...]
    total: int
    more: int


class TasksContext(Record, frozen=True, kw_only=True):
    """The view `tasks`."""

    groups: tuple[TaskGroup, ...]
    """The most urgent tasks by page; pages in the order of their most urgent task."""
    total: int
    more: int
    overdue: int
    blocked: int


class WeeklyContext(Record, frozen=True, kw_only=True):
    """The view `weekly`."""

    week: str
    """`2026-W10`."""
    first: date
    """Its Monday."""
    last: date
    """Its Sunday."""
    done: tuple[TaskGroup, ...]
    """Done in this week, by page."""
    done_total: int
    started: tuple[TaskGroup, ...]
    """Started in this week and not done in it."""
    started_total: int
    slipped: tuple[TaskGroup, ...]
    """Scheduled for this week and not started, or due in it, and still open after that day."""
    slipped_total: int
    undated: int
    """Done tasks without a date of completion in the vault; they appear in no week."""
    more: int
    """The number of tasks not shown because of `limit=`."""


class MetricViewContext(Record, frozen=True, kw_only=True):
    """The view `metric`."""

    metric: MetricContext
    here: bool
    """True if the view is on the metric's own page, which needs no link to itself."""
    observations: tuple[ObservationContext, ...]
    """Observations up to today, newest first."""
    more: int
    """The number of observations not shown because of `limit=`."""
    experiments: tuple[ExperimentContext, ...]
    """Experiments that measure it, in order of attention."""
    strategies: tuple[str, ...]
    """Names of the strategies whose key metric it is."""


class StrategyViewContext(Record, frozen=True, kw_only=True):
    """The view `strategy`."""

    strategies: tuple[StrategyContext, ...]
    """In the order of their pages and tables."""
    total: int
    more: int
    """The number not shown because of `limit=`."""
    here: bool
    """True if all of them are on the view's own page."""


class ReadoutContext(Record, frozen=True, kw_only=True):
    """The view `readout`."""

    experiment: str
    """Title."""
    here: bool
    """True if the view is on the experiment's own page."""
    call: str
    """The recommendation in one sentence; empty without a result table."""
    decision: str
    """ship, do not ship, keep running, no difference worth having or cannot be told."""
    reasons: tuple[str, ...]
    """Further reasons for the call that are not given below the results."""
    results: tuple[ResultContext, ...]
    """One for each result table, in page order."""


Context = Record
"""What a view's template can be given."""


def variables(context: Context) -> dict[str, object]:
    """The variables of a template: the fields of its context by name."""
    return {name: getattr(context, name) for name in field_names(context)}
