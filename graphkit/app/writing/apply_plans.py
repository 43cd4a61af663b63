"""Apply plans to the disk: lock, leftovers, undo run, safe write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.opening import now
from graphkit.app.results.writes import PageWrite
from graphkit.facts.diagnostic_codes import CODES
from graphkit.store.places import places_for
from graphkit.store.reading.files import walk
from graphkit.store.writing.atomic_write import DeclinedError, apply_plan
from graphkit.store.writing.filesystem import DISK
from graphkit.store.writing.leftovers import Fate, recover
from graphkit.store.writing.lock import LockUnusableError, VaultBusyError, writing
from graphkit.store.writing.outcome import Outcome, WriteResult, conflict
from graphkit.store.writing.temporary_files import read_dot_name
from graphkit.store.writing.undo_store import UndoStore
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import Record
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.vault import Vault
    from graphkit.store.writing.filesystem import FileSystem
    from graphkit.store.writing.leftovers import Leftover
    from graphkit.text.edit import Plan

WAIT_S = 10.0
"""Seconds that a command waits for another graphkit that is writing into the vault."""


class KeptError(Exception):
    """Raised by a `replan` that must leave the page as it is now; becomes a conflict."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        """Reason: one clause, printed after the page's path."""
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def nothing_else(_data: bytes) -> Plan | None:
    """A `replan` for changes that make sense for one state of the page only."""
    raise KeptError("it changed meanwhile", "run the command again")


class Change(Record, frozen=True, kw_only=True):
    """One page's plan, and how to make it again if the page changes before it is written."""

    plan: Plan
    replan: Callable[[bytes], Plan | None] = nothing_else
    """The plan for these newer bytes, None if they are fine as they are. May raise KeptError."""


class WriteReport(Record, frozen=True, kw_only=True):
    """The result of a writing run."""

    pages: tuple[PageWrite, ...] = ()
    """In the order of the changes."""
    findings: tuple[Diagnostic, ...] = ()
    """W606 refused, W608 conflict or failure, W611 words of someone else that were kept outside the vault."""
    run: int | None = None
    """Number of the run, for `undo`; None if nothing was written."""
    digests: tuple[tuple[str, str], ...] = ()
    """Path, and digest of the new bytes, of each page that was written."""

    @property
    def written(self) -> tuple[str, ...]:
        """Paths of the pages that have new bytes."""
        return tuple(page.path for page in self.pages if page.outcome == Outcome.WRITTEN)

    @property
    def conflicts(self) -> bool:
        """True if someone else was writing to a page; exit status 3."""
        return any(page.outcome == Outcome.CONFLICT for page in self.pages)

    @property
    def failures(self) -> bool:
        """True if a page was refused or could not be written; exit status 1."""
        return any(page.outcome in {Outcome.REFUSED, Outcome.FAILED} for page in self.pages)


def require_writable(vault: Vault) -> None:
    """Raises RequestError for a vault in which nothing is ever written: a mirror of a Logseq database.

    spec: writing §1.
    """
    if vault.dialect is Dialect.MIRROR:
        raise RequestError(
            "this vault is a mirror that Logseq derives from its database; it is only read",
            "write in Logseq itself, or in a graph of Markdown files",
        )


def require_writer(vault: Vault, environ: Mapping[str, str]) -> None:
    """Raises RequestError if `writer` in graphkit.toml names another host than this one (spec: writing §4)."""
    import socket  # noqa: PLC0415 - only where a writer is named

    writer = vault.settings.writer
    if not writer or (writer == "ci" and environ.get("CI", "").lower() not in {"", "0", "false"}):
        return
    host = socket.gethostname()
    if writer.lower() in {host.lower(), host.lower().partition(".")[0]}:
        return
    raise RequestError(
        f"the rollups of this vault are written by “{writer}” (`writer` in graphkit.toml), and this is “{host}”",
        "use --dry-run or --check here, or set GRAPHKIT_WRITER to this host's name for once",
    )


def write_changes(
    root: Path,
    changes: Sequence[Change],
    *,
    command: str,
    environ: Mapping[str, str],
    fs: FileSystem = DISK,
    wait_s: float = WAIT_S,
    others: Sequence[str] | None = None,
) -> WriteReport:
    """Apply the changes in order, as one run that `undo` can take back.

    command: what was run, for `undo --list` and for whoever waits. A page that changed since its plan was made is
    planned once more from its new bytes; a second change is a conflict and nothing of it is lost (spec: writing §3).
    What a killed run left behind is cleaned up first, also if there are no changes. others: the files other than pages
    to search for it; None: all of the vault, which takes a walk.
    Raises RequestError if the lock cannot be used at all.
    """
    if not changes and not _left_behind(walk(root).others if others is None else others):
        return WriteReport()
    places = places_for(root, environ)
    keeper = UndoStore(places.undo, fs=fs).begin(time=now(), command=command)
    results: list[WriteResult] = []
    linked = [change.plan.page for change in changes if _names_of(root, change.plan) > 1]
    try:
        with writing(places, command, wait_s=wait_s):
            leftovers = recover(root, walk(root).others if others is None else others, keeper=keeper, fs=fs)
            for change in changes:
                results.append(apply_plan(root, change.plan, _declining(change.replan), keeper=keeper, fs=fs))  # noqa: PERF401 - a failure later must not lose the earlier results
    except VaultBusyError as busy:
        leftovers = ()
        results = [conflict(change.plan.page, f"it was not written, because {busy}", busy.remedy) for change in changes]
    except LockUnusableError as error:
        raise RequestError(str(error), error.remedy) from error
    return WriteReport(
        pages=tuple(
            PageWrite(
                path=result.page,
                outcome=result.outcome.value,
                reason=result.reason,
                remedy=result.remedy,
                why=change.plan.reason,
            )
            for change, result in zip(changes, results, strict=True)
        ),
        findings=(
            *_leftover_findings(leftovers),
            *(finding for result in results for finding in _findings(result)),
            *(
                _linked(result.page)
                for result in results
                if result.outcome is Outcome.WRITTEN and result.page in linked
            ),
        ),
        run=keeper.id if any(result.outcome is Outcome.WRITTEN for result in results) else None,
        digests=tuple((result.page, result.after or "") for result in results if result.outcome is Outcome.WRITTEN),
    )


def _names_of(root: Path, plan: Plan) -> int:
    """The number of names (hard links) of the file that a plan changes."""
    try:
        return (root / plan.page).lstat().st_nlink if plan.digest is not None else 1
    except (OSError, ValueError):
        return 1


def _linked(page: str) -> Diagnostic:
    return page_finding(
        "W613",
        page,
        "the file had other names (hard links), which keep the old text, because graphkit replaces a page in one step",
        "link them again if they are meant to follow",
    )


def _left_behind(others: Iterable[str]) -> bool:
    """True if a killed run left dot files of ours among these."""
    return any(read_dot_name(path.rpartition("/")[2]) is not None for path in others)


def _declining(replan: Callable[[bytes], Plan | None]) -> Callable[[bytes], Plan | None]:
    def declining(data: bytes) -> Plan | None:
        try:
            return replan(data)
        except KeptError as kept:
            raise DeclinedError(kept.reason, kept.remedy) from kept

    return declining


def page_finding(code: str, path: str, message: str, hint: str = "", *, line: int = 1) -> Diagnostic:
    """A finding on a page with the severity of its code."""
    return Diagnostic(code=code, severity=CODES[code].severity, path=path, line=line, message=message, hint=hint)


def result_findings(results: Iterable[WriteResult]) -> tuple[Diagnostic, ...]:
    """Findings for results that are neither written nor unchanged, and for words that were rescued."""
    return tuple(finding for result in results for finding in _findings(result))


def _findings(result: WriteResult) -> Iterable[Diagnostic]:
    if result.outcome in {Outcome.CONFLICT, Outcome.FAILED}:
        yield page_finding("W608", result.page, result.reason, result.remedy)
    elif result.outcome is Outcome.REFUSED:
        yield page_finding("W606", result.page, result.reason, result.remedy)
    for path in result.rescued:
        yield _rescued(result.page, path)


def _leftover_findings(leftovers: Iterable[Leftover]) -> Iterable[Diagnostic]:
    for leftover in leftovers:
        if leftover.fate is Fate.LEFT:
            yield page_finding(
                "W608",
                leftover.page or leftover.path,
                f"a run that was killed left {leftover.path}, which cannot be cleaned up yet",
                "run the command again when nobody is writing into the vault",
            )
        for path in leftover.rescued:
            yield _rescued(leftover.page or leftover.path, path)


def _rescued(page: str, path: str) -> Diagnostic:
    return page_finding(
        "W611",
        page,
        f"what another program wrote into it at the same moment is kept in {path}",
        "compare the two, and put into the page what is missing there",
    )
