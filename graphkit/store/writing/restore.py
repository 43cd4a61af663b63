"""Undo of runs for pages that nobody has changed since."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from graphkit.store.writing.atomic_write import DeclinedError, create_page, remove_page, write_page
from graphkit.store.writing.filesystem import DISK
from graphkit.store.writing.outcome import Outcome, WriteResult
from graphkit.store.writing.undo_store import KEPT_PER_PAGE, Entry, Run, UndoRun, UndoStore
from graphkit.text.edit import digest
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from graphkit.store.writing.filesystem import FileSystem


class UndoReport(Record, frozen=True, kw_only=True):
    """The outcome of undoing a run."""

    run: Run | None
    """None if there is no such run, or nothing is left to undo."""
    results: tuple[WriteResult, ...] = ()
    """One for each write of the run, newest first: written, unchanged (was already so), conflict, refused, failed."""


def list_runs(store: UndoStore) -> tuple[Run, ...]:
    """Runs that wrote something, newest first; a run is undone if a later run undid it and was not itself undone."""
    return tuple(run for run in _newest_first(store) if run.entries)


def undo_last(
    root: Path, store: UndoStore, *, time: datetime, run_id: int | None = None, fs: FileSystem = DISK
) -> UndoReport:
    """Undo the last run that is not undone yet, or the one named.

    A page gets its exact previous bytes only where it still holds what the run wrote, and a page that the run created
    goes only if it is unchanged; anything else is a conflict and stays. The run counts as undone when no conflict and
    no failure is left, so the command can be given again. What an undo replaces is kept as well: undoing the undo
    brings it back.
    """
    for run in _newest_first(store):
        if run.undone or (run.undoes is not None if run_id is None else run.id != run_id):
            continue
        undo = UndoRun(store, time=time, command=f"undo {run.id}", undoes=run.id)
        results = [
            result
            for entry in reversed(_merged(run.entries))
            if (result := _restore(root, store, undo, entry, fs)) is not None
        ]
        if not results and run_id is None:
            continue  # killed before it wrote anything
        if all(result.outcome in {Outcome.WRITTEN, Outcome.UNCHANGED} for result in results):
            with suppress(OSError):
                undo.complete()
        return UndoReport(run=run, results=tuple(results))
    return UndoReport(run=None)


def _merged(entries: tuple[Entry, ...]) -> list[Entry]:
    """Consecutive writes of one page merged, so that the page is restored in a single step."""
    merged: list[Entry] = []
    last: dict[str, int] = {}
    for entry in entries:
        index = last.get(entry.page)
        if index is not None and merged[index].settled and entry.settled and merged[index].after == entry.before:
            merged[index] = replace(merged[index], after=entry.after)
        else:
            last[entry.page] = len(merged)
            merged.append(entry)
    return merged


def _restore(root: Path, store: UndoStore, undo: UndoRun, entry: Entry, fs: FileSystem) -> WriteResult | None:
    """Undo one write; None if it turns out never to have happened."""
    before = store.kept(entry) if entry.before is not None else None
    if entry.before is not None and before is None:
        return _lost(entry, store)
    if entry.after is None:
        result = create_page(root, entry.page, before or b"", keeper=undo, fs=fs)
        return replace(result, outcome=Outcome.CONFLICT) if result.outcome is Outcome.REFUSED else result
    if before is None:
        result = remove_page(root, entry.page, entry.after, keeper=undo, fs=fs)
    else:
        kept = before

        def make_new(data: bytes) -> bytes | None:
            found = digest(data)
            if found == entry.before:
                return None
            if found != entry.after:
                raise DeclinedError(
                    "it was changed since that run wrote it",
                    f"its previous text is in {store.path(*entry.kept.split('/'))}",
                )
            return kept

        result = write_page(root, entry.page, make_new, keeper=undo, fs=fs)
    never_happened = not entry.settled and result.outcome in {Outcome.UNCHANGED, Outcome.CONFLICT}
    return None if never_happened else result


def _lost(entry: Entry, store: UndoStore) -> WriteResult:
    """The result for a page whose previous bytes are no longer in the store."""
    return WriteResult(
        page=entry.page,
        outcome=Outcome.FAILED,
        reason=f"its previous text is missing from the undo store, or damaged ({store.path(*entry.kept.split('/'))})",
        remedy=f"the newest {KEPT_PER_PAGE}states of a page are kept; look in the vault's own history",
    )


def _newest_first(store: UndoStore) -> Iterator[Run]:
    undone: set[int] = set()
    for run_id in reversed(store.run_ids()):
        run, complete = store.load(run_id)
        taken_back = run_id in undone
        if complete and run.undoes is not None and not taken_back:
            undone.add(run.undoes)
        yield replace(run, undone=taken_back)
