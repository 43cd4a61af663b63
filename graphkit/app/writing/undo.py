"""`graphkit undo`: list the last runs, and undo one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.opening import now
from graphkit.app.results.writes import PageWrite, RunRow, UndoList, UndoOutcome
from graphkit.app.writing.apply_plans import WAIT_S, result_findings
from graphkit.store.places import places_for
from graphkit.store.reading.files import read_bytes, walk
from graphkit.store.writing.leftovers import recover
from graphkit.store.writing.lock import LockUnusableError, VaultBusyError, writing
from graphkit.store.writing.restore import list_runs, undo_last
from graphkit.store.writing.undo_store import UndoStore
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.diff import printable, unified_diff
from graphkit.text.edit import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.store.writing.undo_store import Entry, Run


def report_runs(root: Path, environ: Mapping[str, str]) -> UndoList:
    """Every run that wrote something and is still kept."""
    return UndoList(runs=tuple(map(_row, list_runs(UndoStore(places_for(root, environ).undo)))))


def preview_undo(root: Path, environ: Mapping[str, str], run_id: int | None = None) -> UndoOutcome:
    """The effect of undoing the last run, or the one given; writes nothing. Raises RequestError without such a run."""
    store = UndoStore(places_for(root, environ).undo)
    runs = list_runs(store)
    if run_id is None:
        found = next((run for run in runs if not run.undone and run.undoes is None), None)
    else:
        found = next((run for run in runs if run.id == run_id and not run.undone), None)
    run = _required(found, run_id)
    pages: list[PageWrite] = []
    diffs: list[str] = []
    for path in reversed(run.pages):
        page, diff = _preview(root, store, [entry for entry in run.entries if entry.page == path])
        pages.append(page)
        diffs.append(diff)
    return UndoOutcome(run=_row(run), pages=tuple(pages), diffs=tuple(diffs))


def undo_run(
    root: Path, environ: Mapping[str, str], run_id: int | None = None, *, wait_s: float = WAIT_S
) -> UndoOutcome:
    """Undo the last run, or the one given, for pages that nobody has changed since.

    Raises RequestError if there is no such run, and where another graphkit is writing.
    """
    places = places_for(root, environ)
    store = UndoStore(places.undo)
    try:
        with writing(places, "undo", wait_s=wait_s):
            recover(root, walk(root).others, keeper=store.begin(time=now(), command="recover"))
            report = undo_last(root, store, time=now(), run_id=run_id)
    except VaultBusyError as busy:
        raise RequestError(f"nothing was undone, because {busy}", busy.remedy) from busy
    except LockUnusableError as error:
        raise RequestError(str(error), error.remedy) from error
    run = _required(report.run, run_id)
    return UndoOutcome(
        run=_row(run),
        pages=tuple(
            PageWrite(
                path=result.page,
                outcome=result.outcome.value,
                reason=result.reason,
                remedy=result.remedy,
                why=f"undo of {run.command}",
            )
            for result in report.results
        ),
        findings=result_findings(report.results),
    )


def _required(run: Run | None, run_id: int | None) -> Run:
    if run is not None:
        return run
    if run_id is None:
        raise RequestError("there is nothing to undo in this vault", "`graphkit undo --list` shows every run")
    raise RequestError(
        f"there is no run {run_id} that could be undone", "`graphkit undo --list` shows every run and its number"
    )


def _row(run: Run) -> RunRow:
    return RunRow(run=run.id, time=run.time, command=run.command, pages=run.pages, undone=run.undone)


def _preview(root: Path, store: UndoStore, entries: list[Entry]) -> tuple[PageWrite, str]:
    first, last = entries[0], entries[-1]
    data = read_bytes(root, first.page)
    present = None if isinstance(data, Diagnostic) else data
    found = None if present is None else digest(present)
    if found == first.before:
        return PageWrite(path=first.page, outcome="unchanged"), ""
    if found != last.after:
        return PageWrite(path=first.page, outcome="conflict", reason="it was changed since that run wrote it"), ""
    before = store.kept(first) if first.before is not None else None
    if first.before is not None and before is None:
        return PageWrite(path=first.page, outcome="failed", reason="what it held before is no longer kept"), ""
    return PageWrite(path=first.page, outcome="written"), printable(
        unified_diff(first.page, _decoded(present), _decoded(before))
    )


def _decoded(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "surrogateescape")
