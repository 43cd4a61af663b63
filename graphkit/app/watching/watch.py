"""`graphkit watch`: rollups on save, as a generator of updates that is fed with events and a clock. Prints nothing.

Changes are debounced until nobody has written for the quiet period. Half way through it the changed pages are read and
the rollup is planned, so that only the writing is left at its end. Its own writes are recognised by digest.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.app.opening import now
from graphkit.app.watching.debounce import Debouncer
from graphkit.app.watching.incremental import LiveVault
from graphkit.app.watching.own_writes import recent_writes
from graphkit.app.watching.root_guard import RootGuard
from graphkit.app.watching.watch_values import TICK_S, Clock, Update, WatchOptions
from graphkit.app.writing.apply_plans import Change, KeptError, require_writable, require_writer, write_changes
from graphkit.app.writing.rollup import plan_rollup
from graphkit.app.writing.template_lookup import VAULT_FOLDER, Templates
from graphkit.store.reading.files import VaultError
from graphkit.store.watching.file_events import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.vault import Vault
    from graphkit.app.watching.watch_values import ChangeFeed
    from graphkit.app.writing.apply_plans import WriteReport
    from graphkit.app.writing.rollup import RollupPlan
    from graphkit.text.diagnostics import Diagnostic
    from graphkit.text.edit import Plan

PATIENCE: Final = 6
"""Quiet periods after which a burst that does not end is processed anyway, except pages that still change."""
_LATE_S: Final = 10.0
"""Seconds after which an event would have come."""
_ROUNDING_S: Final = 0.01
_RETRY_S: Final = 30.0
"""After a batch that failed."""
_BUSY_WAIT_S: Final = 1.0
_ONCE_PATIENCE_S: Final = 60.0
"""How long `--once` waits for pages that somebody is writing, in seconds beyond the quiet period."""
_JOURNAL: Final = "it is today's journal"
_WRITING: Final = "somebody is writing it"
_VANISHED: Final = "E114"
"""A page was listed and then not there."""
_IN_PART: Final = "W612"
"""Nothing is written while a page cannot be read."""


class Watch:
    """A vault that is kept up to date."""

    def __init__(
        self,
        root: Path,
        environ: Mapping[str, str],
        feed: ChangeFeed,
        *,
        options: WatchOptions | None = None,
        clock: Clock | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read the vault. Raises RequestError if it cannot be read or is read-only."""
        self._root = root
        self._environ = environ
        self._feed = feed
        self._options = options or WatchOptions()
        self._clock = clock or Clock()
        self._debounce = Debouncer(self._options.quiet_s, self._options.quiet_s * PATIENCE)
        self._live = LiveVault(root, as_of=self._options.as_of, environment=environ, progress=progress)
        require_writable(self._live.vault)
        self.elsewhere = ""
        """Why this process only shows changes; empty if it writes."""
        self._renewed()
        self._guard = RootGuard(root)
        self._templates = Templates(root)
        self._prepared: RollupPlan | None = None
        self._changed: frozenset[str] = frozenset()
        self._dirty = True
        self._tried = -1
        since = dt.datetime.fromtimestamp(self._clock.wall() - self._options.quiet_s, tz=dt.UTC)
        self._own = recent_writes(root, environ, since)
        self._reported: frozenset[Diagnostic] = frozenset()
        self._reported_held: frozenset[tuple[str, str]] = frozenset()
        self._reported_shown: frozenset[tuple[str, str]] = frozenset()
        self._reported_problem = ""
        self.waiting: frozenset[str] = frozenset()
        """Pages that are not current, because somebody was writing when they were last tried."""
        self._heard = False
        self._note = ""
        self._stopped = False

    @property
    def vault(self) -> Vault:
        """The vault as it is known now."""
        return self._live.vault

    @property
    def polling(self) -> str:
        """Why the vault is polled; empty if the system reports changes."""
        return self._feed.polling

    @property
    def stopped(self) -> bool:
        """True if `stop` was called."""
        return self._stopped

    def stop(self) -> None:
        """End after the write in progress; may be called from a signal handler."""
        self._stopped = True
        self._feed.wake()

    def updates(self) -> Iterator[Update]:
        """Updates, one per batch, the first at once; ends after `stop`, with `once` when all is written.

        Raises RequestError if the vault is removed.
        """
        clock, debounce = self._clock, self._debounce
        began = clock.now()
        rescan_at = began + self._options.rescan_s
        first = True
        others: Sequence[str] = self._live.others
        try:
            while not self._stopped:
                update = self._batch(others, first=first)
                if update.pages:
                    others = ()
                if not update.silent:
                    yield update
                if self._options.once and (not self.waiting or clock.now() - began > self._patience_once):
                    return
                first = False
                while not self._stopped:
                    now = clock.now()
                    due = debounce.due_at
                    at = min(rescan_at, now + TICK_S) if due is None else min(due, rescan_at, now + TICK_S)
                    if self._tried != debounce.count and debounce.half_at is not None:
                        at = min(at, debounce.half_at)
                    self._hear(self._feed.take(at - now))
                    if self._stopped:
                        return
                    self._guard.check("graphkit watch")
                    now = clock.now()
                    if self._options.as_of is None and clock.day() != self.vault.today:
                        self._live.set_day(clock.day())
                        self._prepared, self._dirty = None, True
                        debounce.ask(now)
                    if now >= rescan_at:
                        rescan_at = now + self._options.rescan_s
                        others = self._rescan()
                    if (due := debounce.due_at) is not None and now >= due:
                        break
                    if self._tried != debounce.count and debounce.half_at is not None and now >= debounce.half_at:
                        self._prepare_quietly()
        finally:
            self._templates.close()

    @property
    def _patience_once(self) -> float:
        return self._options.quiet_s + _ONCE_PATIENCE_S

    def _hear(self, paths: Iterable[str]) -> None:
        """Note what others have changed; our own writes are known by their bytes."""
        now = self._clock.now()
        for path in dict.fromkeys(paths):
            self._heard = True
            if path not in self._debounce.pending and self._live.knows(path):
                continue
            self._debounce.note(path, now)
            self._prepared = None

    def _rescan(self) -> Sequence[str]:
        """Look at everything; the files beside pages. If changes were missed, events are not used any more."""
        try:
            changed = self._live.rescan()
        except (RequestError, VaultError):
            self._debounce.note(EVERYTHING, self._clock.now())  # the batch meets it as well, and reports it
            return ()
        self._renewed()
        self._renew_templates()
        if changed:
            self._changed |= changed
            self._prepared, self._dirty = None, True
        if missed := changed - self._debounce.pending:
            self._debounce.ask(self._clock.now())
            long_ago = self._clock.wall() - _LATE_S
            late = any(0 < self._live.changed_at(path) < long_ago for path in missed)
            if late and not self._heard and not self._feed.polling:
                self._feed.poll("changes came without an event")
                self._note = "changes came without an event, so graphkit polls the vault from now on"
        self._heard = False
        return self._live.others

    def _renew_templates(self) -> None:
        self._templates.close()
        self._templates = Templates(self._root)

    def _prepare_quietly(self) -> None:
        self._tried = self._debounce.count
        try:
            self._prepared = self._prepare()
        except Exception:  # noqa: BLE001 - the batch itself tries again, and reports it
            self._prepared = None

    def _prepare(self) -> RollupPlan | None:
        """Read what changed, and plan; None if nothing did."""
        pending = self._debounce.pending
        if any(path.startswith(f"{VAULT_FOLDER}/") for path in pending):
            self._renew_templates()
            self._dirty = True
        vault = self.vault
        changed = self._live.refresh(sorted(pending))
        if self.vault is not vault:
            self._renewed()
        self._changed |= changed
        self._dirty = self._dirty or bool(changed)
        if not self._dirty:
            return None
        return plan_rollup(self.vault, self._templates)

    def _renewed(self) -> None:
        """The vault was loaded again: update its day and its writer."""
        if self._options.as_of is None:
            self._live.set_day(self._clock.day())
        self.elsewhere = ""
        try:
            require_writer(self.vault, self._environ)
        except RequestError as error:
            self.elsewhere = error.message

    def _batch(self, others: Sequence[str], *, first: bool) -> Update:
        """Refresh, plan and apply; errors are part of the update."""
        at = dt.datetime.fromtimestamp(self._clock.wall(), now().tzinfo)
        note, self._note = self._note, ""
        try:
            prepared = self._prepared or self._prepare()
            self._prepared = None
            self._debounce.take(self._clock.now())
            if prepared is None:
                return Update(at=at, first=first, note=note)
            update = self._apply(prepared, others, at, first=first, note=note)
            self._reported_problem = ""
        except (RequestError, VaultError) as error:
            problem, remedy = error.message, error.hint if isinstance(error, RequestError) else error.remedy
        except Exception as error:
            if first:
                raise
            problem, remedy = f"{type(error).__name__}: {error}", "the next change is tried again"
        else:
            return update
        if first:
            raise RequestError(problem, remedy)
        self._prepared, self._dirty = None, True
        self._debounce.put_off(self._clock.now() + _RETRY_S)
        again = problem == self._reported_problem
        self._reported_problem = problem
        return Update(at=at, note=note, problem="" if again else problem, remedy=remedy)

    def _apply(self, plan: RollupPlan, others: Sequence[str], at: dt.datetime, *, first: bool, note: str) -> Update:
        """Write what may be written now, and report what has not been reported before."""
        changed, self._changed, self._dirty = self._changed, frozenset(), False
        changes, held = self._sorted_out(plan)
        findings = self._lasting(plan.findings)
        report = self._write(changes, others)
        if report is not None:
            findings += self._findings_of(report)
            self._after(report, held)
        self._dirty = self._dirty or bool(held)
        self.waiting = frozenset(page for page, reason in held.items() if reason != _JOURNAL)
        outdated = self._outdated(plan, changes)
        return Update(
            at=at,
            first=first,
            changed=tuple(sorted(changed)),
            entries=tuple(entry for entry in plan.entries if first or entry.path in outdated),
            pages=() if report is None else tuple(page for page in report.pages if page.outcome != "conflict"),
            held=self._newly_held(held),
            findings=self._new_findings(findings),
            unread=tuple(self.vault.unread) if first else (),
            shown_only=bool(self.elsewhere),
            note=note,
            run=None if report is None else report.run,
        )

    def _sorted_out(self, plan: RollupPlan) -> tuple[list[Change], dict[str, str]]:
        """The changes that may be written now, and the pages that have to wait, each with its reason."""
        changes: list[Change] = []
        held: dict[str, str] = {}
        for change in plan.changes:
            reason = self._outrun(change.plan) or self._held(change.plan.page)
            if reason:
                held[change.plan.page] = reason
            else:
                changes.append(Change(plan=change.plan, replan=_wait))
        return changes, held

    def _write(self, changes: Sequence[Change], others: Sequence[str]) -> WriteReport | None:
        """Write these changes and clear up what killed runs left; None if there is nothing to do, or not by us."""
        if self.elsewhere or not (changes or others):
            return None
        return write_changes(
            self._root, changes, command="watch", environ=self._environ, wait_s=_BUSY_WAIT_S, others=others
        )

    @staticmethod
    def _findings_of(report: WriteReport) -> list[Diagnostic]:
        """What writing met, without the conflicts: those pages are tried again."""
        waiting = {page.path for page in report.pages if page.outcome == "conflict"}
        return [finding for finding in report.findings if finding.code != "W608" or finding.path not in waiting]

    def _new_findings(self, findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        new = tuple(finding for finding in findings if finding not in self._reported)
        self._reported = frozenset(findings)
        return new

    def _newly_held(self, held: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        new = tuple(item for item in held.items() if item not in self._reported_held)
        self._reported_held = frozenset(held.items())
        return new

    def _outdated(self, plan: RollupPlan, changes: Sequence[Change]) -> set[str]:
        """Pages that are out of date; where another process writes, only those that have not been shown as such."""
        if not self.elsewhere:
            return {change.plan.page for change in plan.changes}
        shown = frozenset((change.plan.page, repr(change.plan.splices)) for change in changes)
        new = {page for page, _ in shown - self._reported_shown}
        self._reported_shown = shown
        return new

    def _lasting(self, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Findings without what a page says that is just being replaced, or gone: the next look tells which it was."""
        passing = {_VANISHED}
        if all(finding.code == _VANISHED for finding in self.vault.unread):
            passing.add(_IN_PART)
        return [finding for finding in dict.fromkeys(findings) if finding.code not in passing]

    def _held(self, page: str) -> str:
        """Why a page is not written now; empty if it may be (spec: writing §4)."""
        facts = self.vault.catalog.at_path(page)
        if facts is not None and facts.journal_day in {self.vault.today, self._clock.day()}:
            return _JOURNAL
        if self.elsewhere:
            return ""
        now, wall, quiet = self._clock.now(), self._clock.wall(), self._options.quiet_s
        again = self._debounce.quiet_at(page)
        if self._own.get(page) != self._live.digest_of(page):
            written = self._live.changed_at(page)
            if written <= wall:  # a file from the future says nothing
                again = max(again, now + written + quiet - wall)
        if again <= now + _ROUNDING_S:
            return ""
        self._debounce.ask(again)
        return _WRITING

    def _outrun(self, plan: Plan) -> str:
        """Why a plan is not carried out whose page was saved after the facts were read; empty if it was not.

        Written, it would say what was true before that save, and the save would pass for known with our own write.
        """
        if plan.digest == self._live.digest_of(plan.page):
            return ""
        self._debounce.note(plan.page, self._clock.now())
        return _WRITING

    def _after(self, report: WriteReport, held: dict[str, str]) -> None:
        """Read what was written, so that it is known; what could not be written for others is tried again."""
        vault = self.vault
        for path, written in report.digests:
            self._own[path] = written
            others = self._live.refresh([path])  # all that changed, where the page is gone again
            if self._live.digest_of(path) == written:
                others -= {path}
            for other in others:  # somebody was faster than this look
                self._debounce.note(other, self._clock.now())
            if others:
                self._changed |= others
                self._dirty = True
        if self.vault is not vault:
            self._renewed()
        for page in report.pages:
            if page.outcome == "conflict":
                held[page.path] = page.reason.removeprefix("it was not written, because ")
                self._debounce.note(page.path, self._clock.now())


def _wait(_data: bytes) -> Plan | None:
    raise KeptError(_WRITING)
