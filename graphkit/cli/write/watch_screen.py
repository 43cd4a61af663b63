"""The output of `watch`: one line per update, with the time of day only in a terminal."""

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
    """A view that prints each update: what was written to stdout, everything else to stderr."""

    def __init__(self, output: Output, *, once: bool = False) -> None:
        self._output = output
        self._once = once
        self.exits: list[Exit] = []
        """The exit status of `--once` after the updates so far."""

    def begin(self, watch: Watch) -> None:
        """Print what is watched, and how."""
        self._output.clear_progress()
        if watch.elsewhere:
            self._output.note(f"nothing is written on this machine: {watch.elsewhere}")
        if not self._once:
            polling = watch.polling
            how = f"; polling, because {polling}" if polling else ""
            self._output.note(f"watching {watch.vault.name}{how}; press Ctrl-C to stop")

    def show(self, update: Update) -> None:
        """Print one update."""
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
            output.note(f"{_count(len(update.entries), 'rollup')}, all up to date" if update.entries else _NOTHING)
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
        """Print that watching has stopped."""
        for path in sorted(watch.waiting) if self._once else ():
            self._output.note(f"{path} is out of date: somebody is editing it")
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
    "this vault has no rollups yet; run `graphkit rollup --create` to create pages, "
    "or add the property `graphkit:: status` to a block"
)


def _after(changed: Sequence[str], path: str) -> str:
    """The changes that caused the update, unless it was only the page itself."""
    if not changed or tuple(changed) == (path,):
        return ""
    if len(changed) > _NAMED:
        return f"  after {_count(len(changed), 'changed page')}"
    return f"  after {', '.join(changed)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
