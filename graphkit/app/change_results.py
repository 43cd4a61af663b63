"""What `metric log`, `metric import` and `check --fix` give back: frozen values, printed and encoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.text.records import dataclass

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.writeresults import PageWrite
    from graphkit.text.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """What `graphkit metric log` wrote."""

    metric: str
    """Title of the metric."""
    day: date
    value: float
    """In the metric's canonical unit: shares as fractions, durations in seconds."""
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
    """Whether the journal is made for it."""
    known: bool
    """Whether the vault had this very value already, so that nothing was to be written."""
    diff: str = ""
    pages: tuple[PageWrite, ...] = ()
    """Empty for a dry run, and where nothing had to be changed."""
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""

    @property
    def conflicts(self) -> bool:
        """Whether another program stood in the way; exit code 3."""
        return any(page.outcome == "conflict" for page in self.pages)

    @property
    def failures(self) -> bool:
        """Whether the page was refused or could not be written; exit code 1."""
        return any(page.outcome in {"refused", "failed"} for page in self.pages)


ImportState = Literal["new", "known", "replaced", "differs"]
"""new: added; known: the vault has this value; replaced: put in the place of another, because of `--replace`; differs:
the vault has another value of that day and segment, so that nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
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
    """`path:line` of the vault's own value, where it has one."""
    there: str = ""
    """That value as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """Why a row of the file cannot be read."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What `graphkit metric import` found and did."""

    metric: str
    file: str
    path: str
    """Where the observations go: the metric's page, or its CSV."""
    dry_run: bool
    rows: tuple[ImportRow, ...]
    """In the order of the file; those that say the same twice once."""
    problems: tuple[FileProblem, ...] = ()
    """Not empty: nothing was written."""
    diffs: tuple[str, ...] = ()
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""

    @property
    def conflicts(self) -> bool:
        """Whether another program stood in the way; exit code 3."""
        return any(page.outcome == "conflict" for page in self.pages)

    @property
    def failures(self) -> bool:
        """Whether the file could not be read, contradicts the vault, or a page was not written; exit code 1."""
        return (
            bool(self.problems)
            or any(row.state == "differs" for row in self.rows)
            or any(page.outcome in {"refused", "failed"} for page in self.pages)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FixReport:
    """What `graphkit check --fix` put right."""

    vault: str
    dry_run: bool
    fixed: tuple[Diagnostic, ...]
    """The findings that were, or would be, put right; by path, then place."""
    left: tuple[Diagnostic, ...]
    """All others that were selected."""
    page_count: int
    """Pages that were read."""
    diffs: tuple[str, ...] = ()
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    """What stood in the way of writing."""
    run: int | None = None
    """Number of the run, for `undo`."""

    @property
    def conflicts(self) -> bool:
        """Whether another program stood in the way; exit code 3."""
        return any(page.outcome == "conflict" for page in self.pages)

    @property
    def failures(self) -> bool:
        """Whether a page was refused or could not be written; exit code 1."""
        return any(page.outcome in {"refused", "failed"} for page in self.pages)
