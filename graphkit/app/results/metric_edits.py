"""Results of `metric log` and `metric import`: frozen values, printed and encoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.app.results.writes import WrittenPages
from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.writes import PageWrite
    from graphkit.text.diagnostics import Diagnostic


class LogReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit metric log`."""

    metric: str
    """Title of the metric."""
    day: date
    value: float
    """Value in the metric's canonical unit: shares as fractions, durations in seconds."""
    unit: str
    n: float | None
    segment: str
    text: str
    """The block as it was, or would be, written."""
    path: str
    """Of the journal."""
    line: int
    """Of the block, there already or new."""
    created: bool
    """True if the journal is created for it."""
    known: bool
    """True if the vault had this value already, so that nothing was written."""
    diff: str = ""
    pages: tuple[PageWrite, ...] = ()
    """Empty for a dry run, and if nothing had to be changed."""
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""


ImportState = Literal["new", "known", "replaced", "differs"]
"""new: added; known: the vault has this value; replaced: written over another, because of `--replace`; differs:
the vault has another value of that day and segment, so that nothing is written."""


class ImportRow(Record, frozen=True, kw_only=True):
    """One row of the file."""

    line: int
    """Where it begins in the file."""
    state: ImportState
    day: date
    value: float
    text: str
    """As it is, or would be, written."""
    n: float | None
    segment: str
    source: str
    place: str = ""
    """`path:line` of the vault's own value, if it has one."""
    there: str = ""
    """That value as written."""


class FileProblem(Record, frozen=True, kw_only=True):
    """Why a row of the file cannot be read."""

    line: int
    message: str
    whole: bool = False
    """True if nothing from this line on can be read."""


class ImportReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit metric import`."""

    metric: str
    file: str
    path: str
    """The target of the observations: the metric's page, or its CSV."""
    dry_run: bool
    rows: tuple[ImportRow, ...]
    """In the order of the file; duplicates once."""
    problems: tuple[FileProblem, ...] = ()
    """Not empty: nothing was written."""
    diffs: tuple[str, ...] = ()
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""

    @property
    def failures(self) -> bool:
        """True if the file could not be read, contradicts the vault, or a page was not written; exit status 1."""
        return bool(self.problems) or any(row.state == "differs" for row in self.rows) or self._any("refused", "failed")
