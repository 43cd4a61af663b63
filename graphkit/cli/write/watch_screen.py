"""What `watch` prints: a calm line an update, the time of day on a terminal only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.exits import Exit
from graphkit.cli.vault_command import findings_noted
from graphkit.text.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.watching.watch import Watch
    from graphkit.app.watching.watch_values import Update
    from graphkit.cli.terminal.canvas import Line
    from graphkit.cli.terminal.output import Output

_NAMED = 3


class WatchView:
    """Update after update, to stdout what was written and to stderr everything else."""

    def __init__(self, output: Output, *, once: bool = False) -> None:
        self._output = output
        self._once = once
        self.exits: list[Exit] = []
        """What the updates so far mean for the exit status of `--once`."""

    def begin(self, watch: Watch) -> None:
        """Say what is watched, and how."""
        self._output.clear_progress()
        if watch.elsewhere:
            self._output.note(f"nothing is written here: {watch.elsewhere}")
        if not self._once:
            polling = watch.polling
            how = f"; looking every few seconds, because {polling}" if polling else ""
            self._output.note(f"watching {watch.session.name}{how}; Ctrl-C ends it")

    def show(self, update: Update) -> None:
        """One update."""
        output = self._output
        written = set(update.written)
        views: dict[str, list[str]] = {}
        for entry in update.entries:
            if entry.state in {"outdated", "taken over"}:
                views.setdefault(entry.path, []).append(entry.view)
        for path, names in views.items():
            if path in written or update.shown_only:
                word = "out of date" if update.shown_only else "updated"
                self._line(update, word, ", ".join(dict.fromkeys(names)), path, _after(update.changed, path))
        if update.first and not views and not self._once and not update.problem:
            output.note(f"{_count(len(update.entries), 'rollup')}, all current" if update.entries else _NOTHING)
        for path, reason in update.held:
            output.note(f"{self._time(update)}{path} waits: {reason}")
        for page in update.pages:
            if page.outcome in {"refused", "failed"}:
                self.exits.append(Exit.FINDINGS)
        findings = (*update.unread, *update.findings)
        findings_noted(output, findings)
        self.exits += (
            Exit.CONFLICT if finding.code in {"W601", "W608"} else Exit.FINDINGS
            for finding in findings
            if finding.severity is not Severity.INFO
        )
        if update.unread:
            self.exits.append(Exit.PARTIAL)
        if update.note:
            output.note(f"{self._time(update)}{update.note}")
        if update.problem:
            output.problem("error", update.problem, update.remedy)

    def end(self, watch: Watch, *, interrupted: bool) -> None:
        """Say that it is over."""
        for path in sorted(watch.waiting) if self._once else ():
            self._output.note(f"{path} is not current: somebody is writing it")
        if not self._once:
            self._output.note("stopped" if interrupted or watch.stopped else "done")

    def _line(self, update: Update, word: str, views: str, path: str, after: str) -> None:
        if not self._output.screen:
            self._output.text([f"{word}\t{views}\t{path}"])
            return
        line: Line = (
            (self._time(update), "muted"),
            (f"{word:<9}", "good" if word == "updated" else "warn"),
            (f"{views:<11} ", "plain"),
            (path, "place"),
            (after, "muted"),
        )
        self._output.lines([line])

    def _time(self, update: Update) -> str:
        return f"{update.at:%H:%M:%S}  " if self._output.screen else ""


_NOTHING = (
    "nothing in this vault is managed yet: `graphkit rollup --create` makes pages, "
    "`graphkit:: status` below a block makes it one"
)


def _after(changed: Sequence[str], path: str) -> str:
    """After which changes, where that is not the page itself alone."""
    if not changed or tuple(changed) == (path,):
        return ""
    if len(changed) > _NAMED:
        return f"  after {_count(len(changed), 'changed page')}"
    return f"  after {', '.join(changed)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
