"""One leaf of work through time: when it was added, started, done, opened again, put off or taken away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

State = Literal["todo", "doing", "waiting", "done", "gone"]
"""A status class, or `gone`: cancelled, taken away, or no leaf any more."""

OPEN: frozenset[State] = frozenset({"todo", "doing", "waiting"})


class Span(Record, frozen=True, array_like=True):
    """A state that a leaf was in from a day on, until the next span."""

    since: date | None
    """None where the leaf was there when its page was first seen, so that nobody knows since when."""
    state: State
    scheduled: date | None = None
    deadline: date | None = None


class Leaf(Record, frozen=True, kw_only=True, array_like=True):
    """A leaf with its spans, oldest first; there is at least one."""

    text: str
    """As it reads now, or read last."""
    path: str
    line: int
    spans: tuple[Span, ...]

    @property
    def state(self) -> State:
        """The newest state."""
        return self.spans[-1].state

    @property
    def undated(self) -> bool:
        """Done, and nobody knows when."""
        return self.state == "done" and self.completed() is None

    @property
    def added(self) -> date | None:
        """The day on which it came; None where it was there from the beginning."""
        return self.spans[0].since

    def until(self, day: date) -> Leaf | None:
        """Everything that was known of it at the end of a day; None where it did not exist."""
        spans = tuple(span for span in self.spans if span.since is None or span.since <= day)
        return Leaf(text=self.text, path=self.path, line=self.line, spans=spans) if spans else None

    def started(self) -> date | None:
        """The first day on which it was being done; None where that is unknown or never happened."""
        return next((span.since for span in self.spans if span.state == "doing"), None)

    def completed(self) -> date | None:
        """The day on which it was done, if it was not opened again; None where it is open, or undated.

        A leaf that was done and is gone since stays done on that day.
        """
        found: date | None = None
        before: State = "gone"
        for span in self.spans:
            if span.state == "done" and before != "done":
                found = span.since
            elif span.state in OPEN:
                found = None
            if span.state != "gone":
                before = span.state
        return found

    def reopened(self) -> Iterator[date]:
        """The days on which it was opened again."""
        before: State | None = None
        for span in self.spans:
            if span.state in OPEN and before == "done" and span.since is not None:
                yield span.since
            if span.state != "gone":
                before = span.state

    def slipped(self, until: date) -> Iterator[date]:
        """The days after a `SCHEDULED` day that passed while it had not been started, up to the day given."""
        for index, span in enumerate(self.spans):
            if span.state != "todo" or span.scheduled is None:
                continue
            day = span.scheduled + timedelta(days=1)
            after = self.spans[index + 1].since if index + 1 < len(self.spans) else None
            begun = span.since is None or span.since <= day
            if begun and day <= until and (after is None or day < after):
                yield day

    def postponed(self) -> Iterator[tuple[date, date, date]]:
        """Day, old and new date, for each time that `SCHEDULED` or the deadline was moved to a later date."""
        for index in range(1, len(self.spans)):
            old, new = self.spans[index - 1], self.spans[index]
            if new.since is None or new.state not in OPEN or old.state not in OPEN:
                continue
            for before, after in ((old.deadline, new.deadline), (old.scheduled, new.scheduled)):
                if before is not None and after is not None and after > before:
                    yield new.since, before, after
                    break

    def cycle_days(self) -> int | None:
        """Days from its first day of doing to its completion, both counted; None where one of them is unknown."""
        first, last = self.started(), self.completed()
        return (last - first).days + 1 if first is not None and last is not None and last >= first else None
