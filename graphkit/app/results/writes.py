"""Results of writing commands: frozen values, printed by the command line and encoded by `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.text.diagnostics import Severity
from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date, datetime

    from graphkit.text.diagnostics import Diagnostic


class PageWrite(Record, frozen=True, kw_only=True):
    """The outcome for one page."""

    path: str
    outcome: str
    """written, unchanged, conflict, refused or failed."""
    reason: str = ""
    """One clause, printed after the path; empty if it was written or unchanged."""
    remedy: str = ""
    why: str = ""
    """The purpose of the change: `status rollup`."""


class WrittenPages:
    """The fields shared by all reports on a write."""

    __slots__ = ()
    pages: tuple[PageWrite, ...]

    @property
    def conflicts(self) -> bool:
        """True if another program or a person's edit prevented a write; exit status 3."""
        return self._any("conflict")

    @property
    def failures(self) -> bool:
        """True if a page was refused or could not be written; exit status 1."""
        return self._any("refused", "failed")

    def _any(self, *outcomes: str) -> bool:
        return any(page.outcome in outcomes for page in self.pages)


EntryState = Literal["current", "outdated", "created", "edited", "taken over", "refused"]
"""current: nothing to write; outdated: updated, or to be updated; created: a missing page; edited: a person's words
are in it, so it is left alone; taken over: the same with `--force`; refused: out of date, but blocked by a finding."""


class RollupEntry(Record, frozen=True, kw_only=True):
    """One managed block or page."""

    path: str
    line: int
    view: str
    state: EntryState
    diff: str = ""
    """For an edited region: its text (`-`) and what graphkit would write (`+`)."""


class RollupReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit rollup`."""

    vault: str
    as_of: date
    dry_run: bool
    """True if nothing was written because of `--dry-run` or `--check`."""
    entries: tuple[RollupEntry, ...]
    """By path and place."""
    pages: tuple[PageWrite, ...] = ()
    """The outcome for each page that had to be written; empty for a dry run."""
    diffs: tuple[str, ...] = ()
    """One unified diff for each page that was, or would be, written."""
    findings: tuple[Diagnostic, ...] = ()
    unread: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""

    @property
    def outdated(self) -> bool:
        """True if something was out of date, edited or refused."""
        return any(entry.state not in {"current", "edited"} for entry in self.entries)

    @property
    def conflicts(self) -> bool:
        """True if a person's edit or another program prevented a write; exit status 3."""
        return any(entry.state == "edited" for entry in self.entries) or self._any("conflict")

    @property
    def failures(self) -> bool:
        """True if something could not be rendered or written; exit status 1."""
        return self._any("refused", "failed") or any(
            finding.severity is not Severity.INFO and finding.code not in {"W601", "W608"} for finding in self.findings
        )


class RunRow(Record, frozen=True, kw_only=True):
    """One run in the list of those that can be undone."""

    run: int
    time: datetime | None
    """None if its record is damaged."""
    command: str
    pages: tuple[str, ...]
    undone: bool


class UndoList(Record, frozen=True, kw_only=True):
    """The result of `graphkit undo --list`, newest first."""

    runs: tuple[RunRow, ...]


class UndoOutcome(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit undo`, also with `--dry-run`."""

    run: RunRow
    pages: tuple[PageWrite, ...]
    """Newest write first."""
    diffs: tuple[str, ...] = ()
    """For a dry run: one unified diff per page, in the order of `pages`; empty if nothing would change."""
    findings: tuple[Diagnostic, ...] = ()
