"""The record of one file of the vault: its stamp, the digest of its bytes, and the facts of its page."""

from __future__ import annotations

from collections import Counter

from graphkit.facts.page_facts import PageFacts  # noqa: TC001 - the fields' types are read when facts are unpacked
from graphkit.text.diagnostics import Diagnostic  # noqa: TC001
from graphkit.text.records import Record

Stamp = tuple[int, int, int, int]
"""Size, mtime_ns, inode and ctime_ns of a file."""

pages_from: Counter[str] = Counter()
"""The number of pages this process took from the `cache` and from `files`; for tests and benchmarks."""


class PageFile(Record, array_like=True):
    """The record of one file that may hold a page."""

    path: str
    stamp: Stamp | None
    """None if it may hide a change, so that the file is read again next time."""
    digest: bytes
    """Of the bytes; empty if they could not be read, or nobody needs it."""
    facts: PageFacts | None = None
    """None for a file without a page."""
    pending: int = -1
    """What is pending of the facts as the cache has them; -1 where it does not have the file like this."""
    inside_kept: bool = False
    """True if the cache has the inside of the page, too."""
    unread: Diagnostic | None = None
    """Why the file could not be read."""

    @property
    def is_kept(self) -> bool:
        """True if the cache is up to date for this file, or there is nothing to save."""
        if self.unread is not None:
            return True
        pending = 0 if self.facts is None else self.facts.pending
        return self.pending == pending or (self.inside_kept and self.pending >= 0)
