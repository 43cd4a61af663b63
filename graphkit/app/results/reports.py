"""What the use cases give back: frozen values that the command line prints and `--json` encodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.metric_reports import MetricBrief
    from graphkit.app.results.readouts import CallRow, ResultRow
    from graphkit.app.results.task_row import TaskRow
    from graphkit.insight.work.progress import Progress
    from graphkit.text.diagnostics import Diagnostic


class ForecastBrief(Record, frozen=True, kw_only=True):
    """When the open leaves of some work will be done, as short as it fits into a line."""

    outcome: str
    """forecast, done, no tasks, not enough history, or no convergence."""
    source: str
    """git or written: where the past weeks are known from."""
    p50: date | None
    """The first day by which all is done with a probability of one half."""
    p85: date | None
    chance: float | None
    """The probability that all is done by the due date, 0 to 1; None without a due date or a forecast."""
    reason: str = ""
    """Why there is no forecast, in words."""


class ExperimentRow(Record, frozen=True, kw_only=True):
    """One experiment of `status`."""

    name: str
    title: str
    path: str
    lifecycle: str
    """draft, ready, running, stopped, awaiting decision, decided, archived."""
    lifecycle_derived: bool
    """True where no `status::` says so."""
    attention: str
    """Why it stands where it stands: one of `insight.experiments.ATTENTION`."""
    reason: str
    """The reason in words, e.g. `overdue since 2026-10-01 (due date)`; empty where there is nothing to say."""
    word: str
    """not started, in progress, blocked or done; `no tasks` where there are no leaves."""
    progress: Progress
    goals: tuple[str, ...]
    owners: tuple[str, ...]
    tags: tuple[str, ...]
    start: date | None
    due: date | None
    result: str | None
    questions: tuple[str, ...]
    diagnostics: int
    """Findings on its page."""
    strategies: tuple[str, ...] = ()
    """Titles of the strategies that it is tied to most closely: that it tests, else measures, else mentions."""
    metrics: tuple[MetricBrief, ...] = ()
    """What it measures, the strongest way first: primary, guardrails, linked, mentioned."""
    health: str | None = None
    """on track, at risk, off track or no target; None once it is decided or archived."""
    health_reason: str = ""
    """The reason in words."""
    health_stated: bool = False
    """Whether a human wrote it."""
    states: tuple[str, ...] = ()
    """Every word of attention that holds; `attention` is the first."""
    last_activity: date | None = None
    """The newest day on which the vault says that it, its tasks or its metrics were touched."""
    stale: bool = False
    """Whether it has gone quiet."""
    forecast: ForecastBrief | None = None
    """When its open tasks will be done, from what is written in the pages; None once it is closed or all is done."""


class StatusReport(Record, frozen=True, kw_only=True):
    """What `graphkit status` shows."""

    vault: str
    """Name of the vault's folder."""
    dialect: str
    as_of: date
    pages: int
    """Pages that have a file."""
    journals: int
    experiments: tuple[ExperimentRow, ...]
    """In order of attention; all of them, before any limit."""
    unread: tuple[Diagnostic, ...]
    """Files that could not be read."""
    errors: int
    warnings: int
    not_read: tuple[tuple[str, int], ...] = ()
    """What else the vault holds and graphkit does not read: (`Org files`, 3) …"""
    experiments_in_vault: int | None = None
    """How many there are before any filter; None where nothing was filtered."""


class ExperimentDetail(Record, frozen=True, kw_only=True):
    """One experiment with everything that `status NAME` shows of it."""

    experiment: ExperimentRow
    hypothesis: str
    """Text of its hypothesis sections, one line a block; empty where there is none."""
    properties: tuple[tuple[str, str], ...]
    """Page properties as written, in page order, by normalised key."""
    tasks: tuple[TaskRow, ...]
    """The work tree in page order, parents before children."""
    findings: tuple[Diagnostic, ...]
    """In page order."""
    seconds_spent: int = 0
    """Sum of the clocks of its tasks; of a running one at most 12 hours."""
    clocks_running: int = 0
    call: CallRow | None = None
    """What to do after its A/B results; None without a result table."""
    results: tuple[ResultRow, ...] = ()
    """Its A/B results, read out."""
    sections: tuple[tuple[str, str], ...] = ()
    """Title and text of its other sections in page order: all but goal, hypothesis, work, metrics and questions."""


class DetailReport(Record, frozen=True, kw_only=True):
    """What `graphkit status NAME…` shows."""

    vault: str
    as_of: date
    experiments: tuple[ExperimentDetail, ...]
    """In the order in which they were asked for."""
    unread: tuple[Diagnostic, ...] = ()


class OutlineRow(Record, frozen=True, kw_only=True):
    """One block of `tree`."""

    line: int
    level: int
    """Depth of the block, 1 at the top of the page."""
    kind: str
    """properties, section, task or block."""
    text: str
    """First line without bullet, heading signs, marker and priority; `key:: value` lines for properties."""
    section: str | None = None
    """Kind of the section that this block opens: goal, work, hypothesis …"""
    task: TaskRow | None = None


class TreeReport(Record, frozen=True, kw_only=True):
    """What `graphkit tree PAGE` shows."""

    vault: str
    as_of: date
    page: str
    path: str
    progress: Progress
    """Of the whole page, or of the scope where the page is an experiment."""
    rows: tuple[OutlineRow, ...]


class TaskReport(Record, frozen=True, kw_only=True):
    """What `graphkit tasks` shows."""

    vault: str
    as_of: date
    tasks: tuple[TaskRow, ...]
    """By urgency; all of them, before any limit."""
    dormant: int = 0
    """So many of the last ones are dormant, and listed apart."""
    unread: tuple[Diagnostic, ...] = ()
    undated: int = 0
    """Done tasks that a filter by date leaves out because nothing says when they were done."""


class CheckReport(Record, frozen=True, kw_only=True):
    """What `graphkit check` shows."""

    vault: str
    pages: int
    """Pages that were read."""
    findings: tuple[Diagnostic, ...]
    """By path, then place."""


class TableReport(Record, frozen=True, kw_only=True):
    """A small table whose columns are the answer's own: `graph stats`, `neighbors`, `path`, `rank`."""

    name: str
    """Names the schema: `graph-stats`."""
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


class DoctorReport(Record, frozen=True, kw_only=True):
    """What `graphkit doctor` shows: how graphkit sees a vault and this machine."""

    version: str
    """Of graphkit."""
    python: str
    platform: str
    encoding: str
    """Of standard output."""
    terminal: bool
    """Whether standard output is a terminal."""
    color: bool
    width: int
    """Columns that a screen is drawn for."""
    path: str
    """Absolute path of the vault."""
    dialect: str
    dialect_reason: str
    as_of: date
    config: str
    """State of `logseq/config.edn`: `read`, `absent`, `unreadable`, or `read with N findings`."""
    settings: str
    """State of `graphkit.toml`: `read` or `absent`."""
    file_name_format: str
    journal_title_format: str
    journal_file_format: str
    hidden: tuple[str, ...]
    """`:hidden` of the configuration and `ignore` of the settings."""
    git: bool
    """Whether the vault lies in a git work tree."""
    pages: int
    """Pages that have a file, journals too."""
    journals: int
    experiments: int
    goals: int
    tasks: int
    blocks: int
    not_read: tuple[tuple[str, int], ...]
    """What else the vault holds and graphkit does not read: (`Org files`, 3) …"""
    unread: tuple[Diagnostic, ...]
    """Files and folders that could not be read."""
    findings: tuple[Diagnostic, ...]
    """What else is wrong with configuration, files and names; `check` looks into the pages too."""
    seconds: float
    """How long reading the vault took."""
    suggestions: tuple[str, ...]
    """What would help, one sentence or line of configuration each."""
