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
    """Title of the page it stands on."""
    path: str
    line: int
    marker: str
    status: str
    """todo, doing, waiting, done or cancelled."""
    text: str
    """As a reader sees it: without brackets, hash and emphasis signs."""
    priority: str | None
    scheduled: date | None
    deadline: date | None
    depth: int
    """Depth in the task tree, 0 at the top; tasks that an expansion brought in are one below the expanding leaf."""
    experiment: str | None
    """Title of the experiment whose page it stands on."""
    progress: Progress | None
    """Rolled up over the leaves below; None for a leaf."""
    flags: tuple[str, ...]
    """overdue, slipped, blocked, stale, dormant: in that order, as far as they hold."""
    block_id: str | None = None
    """Its `id::`, where it has one."""
    done_on: date | None = None
    """The day on which it was done last, as far as the vault says so."""
    last_activity: date | None = None
    """The newest day on which the vault says that it was touched."""
