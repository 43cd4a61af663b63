"""A vault for a live screen: the vault again whenever something changed. Writes nothing, prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.app.watching.debounce import Debouncer
from graphkit.app.watching.incremental import LiveVault
from graphkit.app.watching.root_guard import RootGuard
from graphkit.app.watching.watch_values import RESCAN_S, TICK_S, Clock
from graphkit.store.reading.files import VaultError
from graphkit.store.watching.file_events import EVERYTHING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from graphkit.app.vault import Vault
    from graphkit.app.watching.watch_values import ChangeFeed

SETTLE_S: Final = 0.3
"""Seconds without a change before the screen is redrawn; short, because people wait for it."""
PATIENCE_S: Final = 2.0


class Follow:
    """A vault that is kept up to date."""

    def __init__(
        self,
        root: Path,
        environ: Mapping[str, str],
        feed: ChangeFeed,
        *,
        as_of: dt.date | None = None,
        clock: Clock | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read the vault. Raises RequestError if it cannot be read."""
        self._feed = feed
        self._as_of = as_of
        self._clock = clock or Clock()
        self._live = LiveVault(root, as_of=as_of, environment=environ, progress=progress)
        self._guard = RootGuard(root)
        self.trouble: RequestError | None = None
        """Why the vault cannot be read now, an error in its settings; the last good vault stays."""
        self._stopped = False
        self._redraw = False

    def stop(self) -> None:
        """End; may be called from a signal handler."""
        self._stopped = True
        self._feed.wake()

    def redraw(self) -> None:
        """Yield the vault once more, because the screen changed; may be called from a signal handler."""
        self._redraw = True
        self._feed.wake()

    def sessions(self) -> Iterator[Vault]:
        """The vault at once, and again whenever it or the day changed; ends after `stop`.

        Raises RequestError if the vault is removed.
        """
        clock, live = self._clock, self._live
        debounce = Debouncer(SETTLE_S, PATIENCE_S)
        rescan_at = clock.now() + RESCAN_S
        yield live.vault
        while not self._stopped:
            now = clock.now()
            due = debounce.due_at
            for path in dict.fromkeys(self._feed.take(min(TICK_S, (now + TICK_S if due is None else due) - now))):
                debounce.note(path, clock.now())
            if self._stopped:
                return
            self._guard.check("graphkit status --watch")
            now = clock.now()
            changed = self._redraw
            self._redraw = False
            due = debounce.due_at
            if now >= rescan_at:
                rescan_at = now + RESCAN_S
                debounce.note(EVERYTHING, now)
                due = now
            if due is not None and now >= due:
                changed = self._refresh(debounce, now) or changed
            if self._as_of is None and clock.day() != live.vault.today:
                live.set_day(clock.day())
                changed = True
            if changed:
                yield live.vault

    def _refresh(self, debounce: Debouncer, now: float) -> bool:
        """Read what changed; True if there is something new to show."""
        before = self.trouble
        try:
            changed = self._live.refresh(sorted(debounce.pending))
        except VaultError as error:
            raise RequestError(error.message, error.remedy) from error
        except RequestError as error:
            debounce.note(EVERYTHING, now)
            debounce.put_off(now + RESCAN_S)
            self.trouble = error
            return before is None or str(before) != str(error)
        debounce.take(now)
        self.trouble = None
        return bool(changed) or before is not None
