"""What each view's template is given: typed, frozen, documented values. Computes nothing and knows no template.

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
    """Open leaves that `blocked-by::` holds back; waiting ones are not in it."""
    percent: int | None
    """0 to 100; none without tasks."""
    cookie: str
    """`[5/12]`, with the percentage where estimates give another one; a dash without tasks."""
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
    """Why it stands where it stands in the order: overdue, blocked, running …"""
    reason: str
    """The reason in words, with absolute dates; empty where there is nothing to say."""
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
    """Title of the page it stands on."""
    experiment: str | None
    """Title of its experiment, where that page is one."""
    id: str | None
    """Its `id::`, where it has one; only then it can be referred to."""
    priority: str | None
    scheduled: date | None
    deadline: date | None
    overdue: bool
    slipped: bool
    """Not started, and scheduled for a day that is over."""
    blocked: bool
    progress: ProgressContext | None
    """Of what stands below it; none for a leaf."""


class MetricContext(Record, frozen=True, kw_only=True):
    """One metric; values are texts in its own unit, empty where there are none."""

    title: str
    how: str
    """primary, guardrail, key-metric, linked or mention: why it stands here; empty on its own page."""
    declared: bool
    """Whether it has a page of its own."""
    value: str
    """The current one."""
    day: date | None
    """Of the last observation."""
    unit: str
    direction: str
    """up, down or hold; empty where its page does not say."""
    baseline: str
    target: str
    target_day: date | None
    score: int | None
    """Percent of the way from baseline to target, 0 to 100."""
    bar: str
    """Ten signs, filled ones for the score; empty without one."""
    guard: str
    """The bound that it must keep: `>= 36%`."""
    breached: bool
    """Whether it breaks that bound."""
    freshness: str
    """fresh, late or missing, by its cadence."""
    owners: tuple[str, ...]


class ObservationContext(Record, frozen=True, kw_only=True):
    """One value of a metric."""

    day: date
    value: str
    """In the metric's unit, rounded."""
    n: str
    """How many units it was counted over; empty where nobody says."""
    segment: str
    source: str


class ExpectationContext(Record, frozen=True, kw_only=True):
    """One promise of a strategy, held against what is observed."""

    expected: str
    """As its table says it."""
    metric: str
    """Title of the metric that it is held against; empty where there is none."""
    observed: str
    """The change since the baseline, with its sign; empty where nobody can tell."""
    outcome: str
    """reached, on the way, no change or the other way; empty where nobody can tell."""


class StrategyContext(Record, frozen=True, kw_only=True):
    """One row of a strategy table."""

    title: str
    page: str
    """Title of the page with its table."""
    metrics: tuple[MetricContext, ...]
    """Its key metrics, in the order of the cell."""
    expectations: tuple[ExpectationContext, ...]
    experiments: tuple[ExperimentContext, ...]
    """Those that test it or measure one of its key metrics, what needs attention first."""


class ArmContext(Record, frozen=True, kw_only=True):
    """One variant of a result table; texts are empty where nothing can be computed."""

    variant: str
    control: bool
    n: str
    rate: str
    """The share that converted, or the mean."""
    lift: str
    """Relative to the control, with its sign: `+14.9%`; the difference in the metric's unit where there is none."""
    low: str
    high: str
    """Ends of the interval that decides; empty where one does not exist."""
    interval: str
    """The interval in words: `+1.3% to +30.3%`, `over +5,123.4%`; empty where there is none."""
    outcome: str
    """better, worse, different, no difference, too few, too few to look or not computed; of a guardrail safe, harmed,
    unclear, worse or no sign of harm."""
    chance: str
    """Chance to be better than the control: `98.5%`; empty before the end of the test."""
    risk: str
    """Relative loss to expect if it is taken and is worse: `0.04%`; empty before the end of the test."""
    words: str
    """What the numbers mean, or why there are none."""


class ResultContext(Record, frozen=True, kw_only=True):
    """One result table of an experiment."""

    metric: str
    """Title of the metric that it is about; empty where none is named."""
    role: str
    """primary, guardrail or secondary."""
    day: date | None
    """The day of the numbers, where the table is dated."""
    stop: date | None
    """The planned last day."""
    early: bool
    """Whether the test still runs; the intervals are then wider, so that looking early is allowed."""
    ratio: str
    """Of the test of the arms' sizes against the split: `p = 0.27`; empty where there is none."""
    mismatch: bool
    """Whether the arms' sizes do not fit the split, so that the result cannot be trusted."""
    words: tuple[str, ...]
    """What holds for the whole table: what is assumed of the sizes, why nothing can be compared; then warnings."""
    arms: tuple[ArmContext, ...]
    """The control among them, as in the table."""


class TaskGroup(Record, frozen=True, kw_only=True):
    """Tasks of one page."""

    page: str
    is_experiment: bool
    tasks: tuple[TaskContext, ...]


class AttentionCount(Record, frozen=True, kw_only=True):
    """How many experiments ask for this kind of attention."""

    attention: str
    number: int


class StatusContext(Record, frozen=True, kw_only=True):
    """The view `status`."""

    experiments: tuple[ExperimentContext, ...]
    """Those that are shown, what needs attention first."""
    total: int
    """All that the parameters keep, shown or not."""
    more: int
    """Those that are not shown, because of `limit=`."""
    counts: tuple[AttentionCount, ...]
    """Of all that the parameters keep, in the order of attention."""


class GoalContext(Record, frozen=True, kw_only=True):
    """The view `goal`."""

    goal: str
    """Its title, as its page writes it where there is one."""
    here: bool
    """Whether the view stands on the goal's own page, which needs no link to itself."""
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
    """The first day by which all is done with a probability of one half."""
    p85: date | None
    """The same with 85 %; none where that takes more than five years."""
    percent: int | None
    """The probability in percent that all is done by the due date; none without one."""


class ExperimentViewContext(Record, frozen=True, kw_only=True):
    """The view `experiment`."""

    experiment: ExperimentContext
    forecast: ForecastContext | None
    """None where too little is known, nothing is open, or the experiment is closed."""
    tasks: tuple[TaskContext, ...]
    """The tasks at the top of its work tree, cancelled ones left out; of a single one those below it."""
    more: int
    overdue: tuple[TaskContext, ...]
    """Every overdue task of the tree, the earliest deadline first."""
    blocked: tuple[TaskContext, ...]
    """Every blocked leaf of the tree, in page order."""
    metrics: tuple[MetricContext, ...]
    """What it measures, the strongest way first: primary, guardrails, linked, mentioned."""


class QueryItem(Record, frozen=True, kw_only=True):
    """A result of a query: a block or a page."""

    page: str
    """Title of the page."""
    text: str
    """The block's first line as a reader sees it; empty for a page."""
    sign: str
    """One sign for a task's state; empty for what is no task."""
    id: str | None
    """The block's `id::`, where it has one."""


class QueryContext(Record, frozen=True, kw_only=True):
    """The view `query`."""

    form: str
    """list, table or count."""
    items: tuple[QueryItem, ...]
    columns: tuple[str, ...]
    """Of a query whose rows are values; empty where it finds blocks and pages."""
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
    """Begun in this week and not done in it."""
    started_total: int
    slipped: tuple[TaskGroup, ...]
    """Scheduled for this week and not begun, or due in it, and still open after that day."""
    slipped_total: int
    undated: int
    """Done tasks of which nothing in the vault says when; they stand in no week."""
    more: int
    """Tasks that are not shown, because of `limit=`."""


class MetricViewContext(Record, frozen=True, kw_only=True):
    """The view `metric`."""

    metric: MetricContext
    here: bool
    """Whether the view stands on the metric's own page, which needs no link to itself."""
    observations: tuple[ObservationContext, ...]
    """Those up to today, the newest first."""
    more: int
    """Observations that are not shown, because of `limit=`."""
    experiments: tuple[ExperimentContext, ...]
    """Those that measure it, what needs attention first."""
    strategies: tuple[str, ...]
    """Names of the strategies whose key metric it is."""


class StrategyViewContext(Record, frozen=True, kw_only=True):
    """The view `strategy`."""

    strategies: tuple[StrategyContext, ...]
    """In the order of their pages and tables."""
    total: int
    more: int
    """Those that are not shown, because of `limit=`."""
    here: bool
    """Whether all of them stand on the view's own page."""


class ReadoutContext(Record, frozen=True, kw_only=True):
    """The view `readout`."""

    experiment: str
    """Title."""
    here: bool
    """Whether the view stands on the experiment's own page."""
    call: str
    """What to do, in one sentence; empty without a result table."""
    decision: str
    """ship, do not ship, keep running, no difference worth having or cannot be told."""
    reasons: tuple[str, ...]
    """Further reasons for the call, which do not stand below the results."""
    results: tuple[ResultContext, ...]
    """One for each result table, in page order."""


Context = Record
"""What a view's template can be given."""


def variables(context: Context) -> dict[str, object]:
    """The variables of a template: the fields of its context by name."""
    return {name: getattr(context, name) for name in field_names(context)}
