"""Results of `graphkit query`."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - a field of a record

from graphkit.text.records import Record, field


class QueryRow(Record, frozen=True, kw_only=True):
    """One result, for readers."""

    kind: str
    """`block`, `page` or `value`."""
    page: str | None = None
    """Title of the page."""
    path: str | None = None
    """File of the page; None without a file."""
    line: int | None = None
    breadcrumb: tuple[str, ...] = ()
    """First lines of the blocks above, the outermost first."""
    text: str = ""
    """The block's first line without its properties, the page's title, or the value."""
    marker: str | None = None
    id: str | None = None
    """The block's `id::`, where it has one."""


class PlanStep(Record, frozen=True, kw_only=True):
    """One clause as it ran."""

    clause: str
    rows: int
    depth: int = 0


class QueryAnswer(Record, frozen=True, kw_only=True):
    """The answer to one query."""

    query: str
    title: str = ""
    page: str | None = None
    """Page that holds the query; None if it was given."""
    path: str | None = None
    line: int | None = None
    error: str | None = None
    """Why the query failed, with line and column."""
    raw: list[object] = field(default_factory=list)
    shown: list[object] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    results: tuple[QueryRow, ...] = ()
    """The results, for readers."""
    has_table: bool = False
    """True if the rows hold more than entities, so that they are shown as a table."""


class QueryReport(Record, frozen=True, kw_only=True):
    """The answers to one or several queries."""

    vault: str
    as_of: dt.date
    answers: tuple[QueryAnswer, ...]
