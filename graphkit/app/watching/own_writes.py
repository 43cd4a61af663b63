"""Recent writes of graphkit itself, so that they are not taken for a person's edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.store.places import places_for
from graphkit.store.writing.undo_store import UndoStore

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path


def recent_writes(root: Path, environ: Mapping[str, str], since: dt.datetime) -> dict[str, str]:
    """Digests of the bytes that runs since then left, by page, which may have changed since."""
    store = UndoStore(places_for(root, environ).undo)
    found: dict[str, str] = {}
    for run_id in reversed(store.run_ids()):
        run, _complete = store.load(run_id)
        if run.time is not None and run.time < since:
            break
        for entry in reversed(run.entries):
            if entry.after is not None:
                found.setdefault(entry.page, entry.after)
    return found
