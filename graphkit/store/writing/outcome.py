"""The outcome of a write as a value, and its message. Touches no file."""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.store.writing.writable import Refusal


class Outcome(StrEnum):
    """How a write ended. In all cases but `written` the page holds what people and other programs put there."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    """There was nothing to write: the same bytes, or none wanted."""
    CONFLICT = "conflict"
    """Someone else was writing; exit status 3."""
    REFUSED = "refused"
    """A rule forbids it."""
    FAILED = "failed"
    """The system did not let it happen."""


class WriteResult(Record, frozen=True, kw_only=True):
    """The outcome for one page."""

    page: str
    outcome: Outcome
    reason: str = ""
    """One clause, printed after the page's path; empty if it was written or unchanged."""
    remedy: str = ""
    before: str | None = None
    """Digest of the bytes that were replaced; None if there were none or none were read."""
    after: str | None = None
    """Digest of the bytes that stand there now because of this write; None if it was taken away or not written."""
    rescued: tuple[str, ...] = ()
    """Files in the undo store with words of someone else that could not be left in the vault."""


REMEDIES: Mapping[int, str] = {
    errno.ENOSPC: "free some space on that disk, then run the command again",
    errno.EDQUOT: "free some space within your quota, then run the command again",
    errno.EROFS: "the file system is mounted read-only: mount it for writing",
    errno.EACCES: "make this file and its folder writable",
    errno.EPERM: "make this file and its folder writable, and check for write protection",
    errno.EIO: "the disk reports an error: back up what you can and have it checked",
    errno.ENAMETOOLONG: "choose a shorter title",
    errno.EMFILE: "close some programs, then run the command again",
    errno.ENOENT: "check if the folder was moved, then run the command again",
}
"""What to do about a failure, by errno."""
_DEFAULT_REMEDY = "check the folder of the page, then run the command again"


def failed(page: str, error: OSError) -> WriteResult:
    """The result if the system did not allow the write."""
    where = f" ({error.filename})" if error.filename else ""
    return WriteResult(
        page=page,
        outcome=Outcome.FAILED,
        reason=f"it cannot be written: {error.strerror or error}{where}",
        remedy=REMEDIES.get(error.errno or 0, _DEFAULT_REMEDY),
    )


def unchanged(page: str) -> WriteResult:
    """There was nothing to write."""
    return WriteResult(page=page, outcome=Outcome.UNCHANGED)


def refused(page: str, refusal: Refusal) -> WriteResult:
    """A rule forbids it."""
    return WriteResult(page=page, outcome=Outcome.REFUSED, reason=refusal.reason, remedy=refusal.remedy)


def exists(page: str) -> WriteResult:
    """A new page's path is taken."""
    return WriteResult(
        page=page,
        outcome=Outcome.REFUSED,
        reason="it exists already and is not overwritten",
        remedy="choose another title, or edit that page",
    )


def conflict(page: str, reason: str, remedy: str, rescued: tuple[str, ...] = ()) -> WriteResult:
    """Someone else's words block the write."""
    return WriteResult(page=page, outcome=Outcome.CONFLICT, reason=reason, remedy=remedy, rescued=rescued)


def stranded(page: str, path: str) -> WriteResult:
    """Someone's words could be left only in a dot file."""
    return WriteResult(
        page=page,
        outcome=Outcome.FAILED,
        reason=f"another program wrote it meanwhile, and its text could be left only in {path}",
        remedy="copy that text where it belongs; the next run moves it to the undo store",
        rescued=(path,),
    )


def gone(page: str) -> WriteResult:
    """The page is not there."""
    return conflict(page, "it is gone: it was deleted or renamed, or is just being saved", "run the command again")


def busy(page: str, rescued: tuple[str, ...] = ()) -> WriteResult:
    """Someone else is writing it."""
    return conflict(
        page, "it is being changed by another program", "run the command again when nobody is editing the page", rescued
    )
