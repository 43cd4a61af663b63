"""The values of watching: options, a feed of changes, a clock, updates."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol

from graphkit.app.opening import today
from graphkit.text.records import Record

if TYPE_CHECKING:
    import datetime as dt

    from graphkit.app.results.writes import PageWrite, RollupEntry
    from graphkit.text.diagnostics import Diagnostic

QUIET_S: Final = 5.0
"""Logseq saves every second while a person types (spec: writing §4)."""
RESCAN_S: Final = 300.0
"""The interval in seconds between checks of all files, for events that were lost."""
TICK_S: Final = 5.0
"""The longest time in seconds before a missing vault or a new day is noticed."""


class ChangeFeed(Protocol):
    """Where changed paths come from; `store.watcher.Feed` is the real one."""

    polling: str

    def take(self, timeout_s: float) -> list[str]:
        """The paths that changed; waits for the first."""

    def wake(self) -> None:
        """End a `take` that waits."""

    def poll(self, reason: str) -> None:
        """Give up events."""


class Clock:
    """The time it is."""

    def now(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, as files have them."""
        return time.time()

    def day(self) -> dt.date:
        """The day it is here."""
        return today()


class WatchOptions(Record, frozen=True, kw_only=True):
    """How to watch."""

    quiet_s: float = QUIET_S
    rescan_s: float = RESCAN_S
    once: bool = False
    as_of: dt.date | None = None


class Update(Record, frozen=True, kw_only=True):
    """The result of one batch of changes."""

    at: dt.datetime
    first: bool = False
    changed: tuple[str, ...] = ()
    """Paths whose bytes others have changed."""
    entries: tuple[RollupEntry, ...] = ()
    """The rollups that were out of date, those of held pages too; and, of the first update, all others."""
    pages: tuple[PageWrite, ...] = ()
    """The outcome for each page that was to be written."""
    held: tuple[tuple[str, str], ...] = ()
    """Pages that are not written now, each with the reason."""
    findings: tuple[Diagnostic, ...] = ()
    """Findings that were not reported before."""
    unread: tuple[Diagnostic, ...] = ()
    """Of the first update: what could not be read."""
    shown_only: bool = False
    """True if nothing was written because another host writes; the entries are what it would be."""
    note: str = ""
    """Something else that happened."""
    problem: str = ""
    """Why this batch failed."""
    remedy: str = ""
    run: int | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """Pages with new bytes."""
        return tuple(page.path for page in self.pages if page.outcome == "written")

    @property
    def silent(self) -> bool:
        """True if there is nothing to report."""
        shown = self.shown_only and self.entries
        return not (self.first or self.pages or self.held or self.findings or self.note or self.problem or shown)
