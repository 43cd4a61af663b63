"""Debounce: when a burst of changes is over."""

from __future__ import annotations


class Debouncer:
    """Changed paths waiting for a quiet period; all times in seconds of one clock."""

    def __init__(self, quiet_s: float, patience_s: float) -> None:
        """The longest wait: after this time a burst that does not end is processed anyway."""
        self._quiet = quiet_s
        self._patience = patience_s
        self._first: float | None = None
        self._last = 0.0
        self._asked: float | None = None
        self._pending: dict[str, float] = {}
        self._times: dict[str, float] = {}
        self.count = 0
        """How many changes were noted so far."""

    def note(self, path: str, now: float) -> None:
        """Somebody else has changed this path."""
        self.count += 1
        self._first = now if self._first is None else self._first
        self._last = now
        self._pending[path] = now
        self._times[path] = now

    def ask(self, at: float) -> None:
        """Make the burst due at this time, whatever changes."""
        self._asked = at if self._asked is None else min(at, self._asked)

    @property
    def pending(self) -> frozenset[str]:
        """Paths that were noted since the last `take`."""
        return frozenset(self._pending)

    @property
    def due_at(self) -> float | None:
        """The time at which the burst is over; None if nothing is waiting."""
        times = [] if self._asked is None else [self._asked]
        if self._first is not None:
            times.append(min(self._last + self._quiet, self._first + self._patience))
        return min(times, default=None)

    @property
    def half_at(self) -> float | None:
        """The time at which half of the quiet period is over: early enough to prepare, but not at every save."""
        return None if self._first is None else self._last + self._quiet / 2

    def take(self, now: float) -> frozenset[str]:
        """End the burst and return its paths."""
        taken = self.pending
        self._pending.clear()
        self._first = None
        self._asked = None
        self._times = {path: at for path, at in self._times.items() if now - at < self._quiet}
        return taken

    def put_off(self, until: float) -> None:
        """Process the burst at that time; further changes restart it."""
        self._first = None
        self._asked = until

    def quiet_at(self, path: str) -> float:
        """The time at which this path has been unchanged for the quiet period."""
        at = self._times.get(path)
        return float("-inf") if at is None else at + self._quiet
