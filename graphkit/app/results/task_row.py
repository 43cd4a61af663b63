"""One task as every report shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.insight.work.progress import Progress


class TaskRow(Record, frozen=True, kw_only=True):
    """One task of the vault or of a work tree."""

    page: str
    """Title of its page."""
    path: str
    line: int
    marker: str
    status: str
    """todo, doing, waiting, done or cancelled."""
    text: str
    """Text in plain words: without brackets, hashes and emphasis."""
    priority: str | None
    scheduled: date | None
    deadline: date | None
    depth: int
    """Depth in the task tree, 0 at the top; tasks that an expansion brought in are one below the expanding leaf."""
    experiment: str | None
    """Title of the experiment whose page it is on."""
    progress: Progress | None
    """Rolled up over the leaves below; None for a leaf."""
    flags: tuple[str, ...]
    """overdue, slipped, blocked, stale, dormant: those that apply, in that order."""
    block_id: str | None = None
    """Its `id::`, if it has one."""
    done_on: date | None = None
    """The day on which it was last done, if the vault records it."""
    last_activity: date | None = None
    """The latest activity recorded in the vault."""
