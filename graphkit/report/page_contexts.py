"""The contexts of the report's templates: app records as they are, with charts and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.history_reports import BurnupReport, ForecastRow
    from graphkit.app.results.metric_reports import (
        GoalRow,
        InitiativeRow,
        MetricBrief,
        MetricDetail,
        StrategyRow,
    )
    from graphkit.app.results.readouts import ResultRow
    from graphkit.app.results.reports import ExperimentDetail, ExperimentRow, StatusReport
    from graphkit.app.results.task_row import TaskRow
    from graphkit.insight.experiments.programme import Programme
    from graphkit.insight.history.hit_rates import HitRate
    from graphkit.report.safe_text import Html
    from graphkit.text.diagnostics import Diagnostic


class Named(Record, frozen=True, kw_only=True):
    """A name with the address of what it names; the address is empty if the report has no page for it."""

    title: str
    href: str


class SiteContext(Record, frozen=True, kw_only=True):
    """The beginning and the end of every page."""

    vault: str
    """Name of the vault's folder."""
    as_of: date
    source: str
    """git or written: where the past comes from."""
    notes: tuple[str, ...]
    """What is missing in the history, or could not be read, one clause each."""
    shortened: bool
    """True if less than usual is shown, so that the file stays small."""
    filters: tuple[str, ...]
    """Filters of the report in words: `goal: Grow trial conversion`."""
    navigation: tuple[Named, ...]
    """The pages, experiments' own pages left out."""


class ExperimentCard(Record, frozen=True, kw_only=True):
    """An experiment in a list."""

    key: str
    """Key of its page; also begins the ids of its fragments."""
    href: str
    row: ExperimentRow
    """As in `status --json`."""
    forecast: ForecastRow | None
    """As in `forecast --json`; None once it is closed."""
    tone: str
    """on-track, at-risk, off-track, no-target or closed: the class for its colour."""
    health: str
    """The word for its health; the result once it is closed."""
    sign: str
    """The shape for the same."""
    bar: Html
    spark: Html
    """Of its burn-up; empty without a history."""
    primary: MetricBrief | None
    """The metric that it measures first."""
    primary_spark: Html
    target: str
    """Target of that metric, as people write it; may be empty."""
    guard: str


class CardGroup(Record, frozen=True, kw_only=True):
    """Experiments with the same urgency."""

    key: str
    title: str
    cards: tuple[ExperimentCard, ...]


class Tile(Record, frozen=True, kw_only=True):
    """A number at the top of the overview."""

    key: str
    number: str
    label: str
    tone: str


class OverviewContext(Record, frozen=True, kw_only=True):
    """The page `overview`."""

    status: StatusReport
    """As in `status --json`."""
    tiles: tuple[Tile, ...]
    decisions: tuple[ExperimentCard, ...]
    """Experiments that wait for a decision, in order of attention."""
    groups: tuple[CardGroup, ...]
    """All experiments by urgency; groups without one are left out."""
    goals: tuple[str, ...]
    """Values of the filter by goal, by title."""
    owners: tuple[str, ...]
    statuses: tuple[str, ...]
    healths: tuple[str, ...]
    timeline: Html
    burnup: BurnupReport
    """Of all experiments, by week."""
    burnup_chart: Html


class TaskNode(Record, frozen=True, kw_only=True):
    """A task with its subtasks."""

    row: TaskRow
    href: str
    """Opens it in Logseq."""
    children: tuple[TaskNode, ...]
    open: bool
    """True if its subtasks are shown unfolded."""


class MetricPanel(Record, frozen=True, kw_only=True):
    """A metric with its chart."""

    key: str
    href: str
    how: str
    """primary, guardrail …: why an experiment shows it; empty on the page of metrics."""
    detail: MetricDetail
    """As in `metrics NAME --json`."""
    chart: Html
    """Empty without values."""
    uses: tuple[Named, ...]
    """Experiments that measure it, mere mentions left out."""
    logseq: str
    """Opens its page in Logseq; empty without a page."""


class ResultPanel(Record, frozen=True, kw_only=True):
    """A result table, read out."""

    result: ResultRow
    """As in `readout --json`."""
    forest: Html
    bands: tuple[tuple[str, Html], ...]
    """Each variant that was looked at more than once, with a chart of its looks."""
    sample: tuple[tuple[str, float, int | None], ...]
    """Variant, units so far, and units planned or needed; None if no plan is known."""


class ExperimentPageContext(Record, frozen=True, kw_only=True):
    """The page of one experiment."""

    card: ExperimentCard
    detail: ExperimentDetail
    """As in `status NAME --json`."""
    goals: tuple[Named, ...]
    hypothesis: Html
    tasks: tuple[TaskNode, ...]
    hidden_tasks: int
    """Tasks of its tree that are not shown because there are very many."""
    burnup: BurnupReport
    """As in `burnup NAME --json`."""
    burnup_chart: Html
    metrics: tuple[MetricPanel, ...]
    """Those with a chart: primary ones and guardrails first."""
    others: tuple[MetricBrief, ...]
    """Its other metrics, mere mentions left out."""
    results: tuple[ResultPanel, ...]
    sections: tuple[tuple[str, Html], ...]
    """Title and text of its other sections, in page order."""
    related: Html
    """Its goals, metrics and strategies as a small graph; empty without any."""
    logseq: str
    decided: date | None


class GoalNode(Record, frozen=True, kw_only=True):
    """A goal with the goals that serve it."""

    key: str
    row: GoalRow
    """As in `goals --json`."""
    bar: Html
    experiments: tuple[ExperimentCard, ...]
    children: tuple[GoalNode, ...]
    logseq: str


class GoalsContext(Record, frozen=True, kw_only=True):
    """The page `goals`."""

    goals: tuple[GoalNode, ...]
    """Goals that serve no other; the others are below them."""
    more: int
    """Goals that are not shown because there are very many."""
    without_goal: tuple[ExperimentCard, ...]


class MetricsContext(Record, frozen=True, kw_only=True):
    """The page `metrics`."""

    measured: tuple[MetricPanel, ...]
    """Metrics with a chart."""
    brief: tuple[MetricPanel, ...]
    """Further metrics with values, if there are very many."""
    silent: tuple[MetricPanel, ...]
    """Metrics without any."""
    more: int
    """Metrics that are not shown because there are very many."""


class StrategyPanel(Record, frozen=True, kw_only=True):
    """A strategy: what it expects, and what is observed."""

    key: str
    row: StrategyRow
    """As in `strategies --json`."""
    uses: tuple[Named, ...]
    logseq: str


class StrategiesContext(Record, frozen=True, kw_only=True):
    """The page `strategies`."""

    strategies: tuple[StrategyPanel, ...]
    initiatives: tuple[InitiativeRow, ...]
    more: int
    """Strategies and initiatives that are not shown because there are very many."""


class ProgrammeContext(Record, frozen=True, kw_only=True):
    """The page `programme`."""

    programme: Programme
    months_chart: Html
    started_chart: Html
    days_chart: Html
    """A histogram of the days from start to decision."""
    lifts_chart: Html
    """The lift of each decided experiment with a readout."""
    lifts: int
    expected: tuple[StrategyPanel, ...]
    """Strategies with an expected impact."""
    throughput_chart: Html
    progress_chart: Html
    """Work in progress by week."""
    hit_rates: tuple[HitRate, ...]
    """As in `forecast --json`."""


class GraphContext(Record, frozen=True, kw_only=True):
    """The page `graph`."""

    drawing: Html
    nodes: int
    edges: int
    hidden: int
    """Nodes that are not drawn because there are very many."""
    connections: tuple[tuple[Named, tuple[Named, ...]], ...]
    """Each experiment with what it is connected to, for readers of text."""


class FindingsContext(Record, frozen=True, kw_only=True):
    """The page `findings`."""

    findings: tuple[tuple[Diagnostic, str], ...]
    """Findings about the pages of the report, by path and place, each with the address that opens its page."""
    more: int


class DecisionRow(Record, frozen=True, kw_only=True):
    """One decision."""

    card: ExperimentCard
    day: date | None
    decision: str
    """The value of `decision::`; may be empty."""
    text: Html
    """Its section *Decision*."""
    learnings: Html
    call: str
    """What the readout recommends; empty without a result table."""
    days: int | None
    """From start to decision."""


class DecisionsContext(Record, frozen=True, kw_only=True):
    """The page `decisions`."""

    decisions: tuple[DecisionRow, ...]
    """The newest first, undated ones last."""
