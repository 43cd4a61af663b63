"""The order in which tools are run on a vault, and when one is not run again. Knows how no tool is installed."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.peers_run import median, run
from benchmarks.peers_table import Figure, Group
from benchmarks.peers_vaults import Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers_run import Outcome
    from benchmarks.peers_tools import Ready
    from benchmarks.peers_vaults import Vault

ONCE_S = 10
"""Seconds by the clock from which on a tool runs once on a vault."""
PATIENCE_S = 900
"""Processor seconds after which graphkit's own `status` is stopped, as nothing can be compared without it."""


@dataclass(slots=True, kw_only=True)
class _Series:
    """The runs of one tool on one vault."""

    name: str
    title: str
    ready: Ready
    outcomes: list[Outcome] = field(default_factory=list)
    closed: bool = False
    """Whether it is not run again."""
    note: str = ""
    """Why it has no figure."""


@dataclass(slots=True, kw_only=True)
class Measuring:
    """One run of everything."""

    tools: Sequence[tuple[str, str, Ready]]
    """Name, title, and how to run it, in the order of the table."""
    rounds: int
    """At least 1."""
    limit_s: float
    """Processor seconds that one run may take."""
    too_slow: dict[tuple[str, str], str] = field(default_factory=dict)
    """By tool and kind of generated vault the title of the one at which it was stopped; larger ones are left out."""

    def warm_up(self, vault: Vault) -> None:
        """Run every tool once and forget it, so that none compiles itself while it is measured."""
        for name, title, ready in self.tools:
            one = self._begin(_Series(name=name, title=title, ready=ready), vault)
            if not one.closed:
                say(f"warming up, {name}")
                self._run(one, vault)

    def group(self, vault: Vault) -> Group:
        """All tools on one vault. Of one kind the small vaults must come first."""
        say(f"{vault.title}: reading once")
        run([sys.executable, "-m", "benchmarks.peers_drivers.read_bytes", str(vault.root)], limit_s=PATIENCE_S)
        series = [self._begin(_Series(name=name, title=title, ready=ready), vault) for name, title, ready in self.tools]
        for number in range(1, self.rounds + 1):
            for one in series:
                if not one.closed:
                    say(f"{vault.title}: round {number} of {self.rounds}, {one.name}")
                    self._round(one, vault)
        say("")
        figures = [_figure(one) for one in series]
        return Group(kind=vault.kind, title=vault.title, pages=vault.pages, size=vault.size, figures=figures)

    def _begin(self, one: _Series, vault: Vault) -> _Series:
        slow = self.too_slow.get((one.name, vault.kind))
        if slow is not None:
            return _closed(one, f"not run, as it was stopped at {slow}")
        try:
            if one.ready.prepare is not None:
                one.ready.prepare(vault)
        except Missing as reason:
            return _closed(one, str(reason))
        return one

    def _run(self, one: _Series, vault: Vault) -> Outcome:
        limit_s = PATIENCE_S if one.ready.patient else self.limit_s
        return run(one.ready.command(vault), limit_s=limit_s, environment=one.ready.environment)

    def _round(self, one: _Series, vault: Vault) -> None:
        if one.ready.primed:
            self._run(one, vault)
        outcome = self._run(one, vault)
        if outcome.error:
            say(f"{one.name}: {outcome.error}\n")
            _closed(one, f"failed ({outcome.error.partition(':')[0][:60]})")
            return
        one.closed = outcome.over or (outcome.wall_s >= ONCE_S and not one.ready.patient)
        one.outcomes.append(outcome)
        if outcome.over and vault.kind != "real":
            self.too_slow[one.name, vault.kind] = vault.title


def _closed(one: _Series, note: str) -> _Series:
    one.closed, one.note = True, note
    return one


def _figure(one: _Series) -> Figure:
    if one.note or not one.outcomes:
        return Figure(tool=one.name, title=one.title, note=one.note)
    middle = median(one.outcomes)
    try:
        tally = None if middle.over else one.ready.tally(middle.output)
    except (ValueError, TypeError, KeyError):
        return Figure(tool=one.name, title=one.title, note="printed something else than its counts")
    return Figure(
        tool=one.name,
        title=one.title,
        cpu_s=middle.cpu_s,
        wall_s=middle.wall_s,
        peak_mb=middle.peak_mb,
        peak_hidden=middle.peak_hidden,
        runs=middle.runs,
        over=middle.over,
        tally=tally,
    )


def say(line: str) -> None:
    """Replace the line of progress on stderr."""
    print(f"\r\033[K{line}" if sys.stderr.isatty() or line.endswith("\n") else "", end="", file=sys.stderr, flush=True)
