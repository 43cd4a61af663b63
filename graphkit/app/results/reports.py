"""Results of the use cases: frozen values, printed by the command line and encoded by `--json`."""

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
    """When the open leaves of some work will be done, short enough for one line."""

    outcome: str
    """forecast, done, no tasks, not enough history, or no convergence."""
    source: str
    """git or written: the source of the past weeks."""
    p50: date | None
    """The first day by which all is done with a probability of 50 %."""
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
    """True if it is not given by `status::`."""
    attention: str
    """The word that gives its place in the order: one of `insight.experiments.ATTENTION`."""
    reason: str
    """The reason in words, e.g. `overdue since 2026-10-01 (due date)`; may be empty."""
    word: str
    """not started, in progress, blocked or done; `no tasks` without leaves."""
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
    """The metrics it measures, strongest link first: primary, guardrails, linked, mentioned."""
    health: str | None = None
    """on track, at risk, off track or no target; None once it is decided or archived."""
    health_reason: str = ""
    """The reason in words."""
    health_stated: bool = False
    """True if a person wrote it."""
    states: tuple[str, ...] = ()
    """Every word of attention that holds; `attention` is the first."""
    last_activity: date | None = None
    """The latest activity of the experiment, its tasks or its metrics recorded in the vault."""
    stale: bool = False
    """True if it is stale."""
    forecast: ForecastBrief | None = None
    """When its open tasks will be done, from what is written in the pages; None once it is closed or all is done."""


class StatusReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit status`."""

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
    """Other files of the vault, which graphkit does not read: (`Org files`, 3) …"""
    experiments_in_vault: int | None = None
    """How many there are before any filter; None without filters."""


class ExperimentDetail(Record, frozen=True, kw_only=True):
    """One experiment in full, as shown by `status NAME`."""

    experiment: ExperimentRow
    hypothesis: str
    """Text of its hypothesis sections, one line per block; may be empty."""
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
    """The call of its A/B results; None without a result table."""
    results: tuple[ResultRow, ...] = ()
    """Its A/B results, read out."""
    sections: tuple[tuple[str, str], ...] = ()
    """Title and text of its other sections in page order: all but goal, hypothesis, work, metrics and questions."""


class DetailReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit status NAME…`."""

    vault: str
    as_of: date
    experiments: tuple[ExperimentDetail, ...]
    """In the order requested."""
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
    """The result of `graphkit tree PAGE`."""

    vault: str
    as_of: date
    page: str
    path: str
    progress: Progress
    """Of the whole page, or of the scope where the page is an experiment."""
    rows: tuple[OutlineRow, ...]


class TaskReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit tasks`."""

    vault: str
    as_of: date
    tasks: tuple[TaskRow, ...]
    """By urgency; all of them, before any limit."""
    dormant: int = 0
    """The number of dormant tasks at the end, which are listed separately."""
    unread: tuple[Diagnostic, ...] = ()
    undated: int = 0
    """The number of done tasks excluded by a filter by date because they have no date of completion."""


class CheckReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit check`."""

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
    """The result of `graphkit doctor`: how graphkit sees a vault and this machine."""

    version: str
    """Of graphkit."""
    python: str
    platform: str
    encoding: str
    """Of standard output."""
    terminal: bool
    """True if standard output is a terminal."""
    color: bool
    width: int
    """The width for drawing, in columns."""
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
    """True if the vault lies in a git work tree."""
    pages: int
    """Pages that have a file, journals too."""
    journals: int
    experiments: int
    goals: int
    tasks: int
    blocks: int
    not_read: tuple[tuple[str, int], ...]
    """Other files of the vault, which graphkit does not read: (`Org files`, 3) …"""
    unread: tuple[Diagnostic, ...]
    """Files and folders that could not be read."""
    findings: tuple[Diagnostic, ...]
    """Other findings about configuration, files and names; `check` covers the pages as well."""
    seconds: float
    """The time it took to read the vault."""
    errors: int
    """The number of errors that `graphkit check` reports, like those of warnings and notes."""
    warnings: int
    notes: int
    suggestions: tuple[str, ...]
    """Advice, one sentence or line of configuration each."""
