"""Results of commands that change single pages: frozen values, printed by the command line and encoded by `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.app.results.writes import WrittenPages
from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.writes import PageWrite
    from graphkit.insight.work.progress import Progress
    from graphkit.text.diagnostics import Diagnostic

FormState = Literal["formed", "other", "refused"]
"""formed: the page is as Logseq would save it; other: it is not; refused: it is not, and would lose something."""


class FormRow(Record, frozen=True, kw_only=True):
    """One page against the form in which Logseq would save it."""

    path: str
    state: FormState
    losses: tuple[str, ...] = ()
    """What formatting would lose, with its line: `3: the block “x” would lose its id`; or why the page is not read."""
    text: str = ""
    """The formatted page; the page as it is if refused."""
    diff: str = ""
    """The diff to the formatted page, also of a refused one; empty if they are the same."""


class FormReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit fmt`."""

    vault: str
    rows: tuple[FormRow, ...]
    """In the order in which the pages were asked for; by path for `--all`."""
    pages: tuple[PageWrite, ...] = ()
    """The outcome for each page that had to be written; empty without `--write`."""
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""

    @property
    def differs(self) -> bool:
        """True if the next keystroke in Logseq would rewrite one of the pages."""
        return any(row.state != "formed" for row in self.rows)

    @property
    def failures(self) -> bool:
        """True if a page was refused or could not be written; exit status 1."""
        return any(row.state == "refused" for row in self.rows) or self._any("refused", "failed")


class ProgressChange(Record, frozen=True, kw_only=True):
    """The progress of an experiment before and after a task was changed."""

    title: str
    before: Progress
    after: Progress


class ReadyTask(Record, frozen=True, kw_only=True):
    """A task that was blocked and can be started now."""

    text: str
    """In plain words."""
    path: str
    line: int


class MarkReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit task`."""

    path: str
    line: int
    text: str
    """The task in plain words."""
    before: str
    """Its marker or box; may be empty."""
    after: str
    """The same as before if it could not be written."""
    said: tuple[str, ...] = ()
    """Further effects, as clauses: `the clock was stopped after 01:30:00`."""
    diff: str = ""
    moved: tuple[ProgressChange, ...] = ()
    """Experiments whose progress has changed; empty for a dry run."""
    ready: tuple[ReadyTask, ...] = ()
    """Tasks that are not blocked any more; empty for a dry run."""
    pages: tuple[PageWrite, ...] = ()
    """Empty for a dry run, and if nothing had to be changed."""
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None


class CreateReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit new`."""

    kind: str
    title: str
    path: str
    text: str
    """The whole page."""
    notes: tuple[str, ...] = ()
    """Notes, as sentences."""
    as_of: date
    pages: tuple[PageWrite, ...] = ()
    """Empty for a dry run."""
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None


class InitReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit init`."""

    path: str
    exists: bool
    """True if the settings existed; they are then left unchanged."""
    text: str
    """The commented settings."""
    additions: tuple[str, ...] = ()
    """Lines that Logseq's `config.edn` lacks."""
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None


class GitPart(Record, frozen=True, kw_only=True):
    """A file or setting of a repository, and the lines that it lacks."""

    place: str
    """`.gitattributes`, `.gitignore` or `git config`."""
    missing: tuple[str, ...]


class GitReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit git-setup`."""

    parts: tuple[GitPart, ...]
    wrote: bool
    trouble: str = ""
    """Why the merge driver does not work; empty if it does, or is not set up yet."""
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None


class FixReport(WrittenPages, Record, frozen=True, kw_only=True):
    """The result of `graphkit check --fix`."""

    vault: str
    dry_run: bool
    fixed: tuple[Diagnostic, ...]
    """The findings that were, or would be, fixed; by path, then place."""
    left: tuple[Diagnostic, ...]
    """All others that were selected."""
    page_count: int
    """Pages that were read."""
    diffs: tuple[str, ...] = ()
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    """Findings that prevented writing."""
    run: int | None = None
    """Number of the run, for `undo`."""
