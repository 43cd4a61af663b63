"""What is to hold of the measurements, and whether it does. It starts no process and reads no file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.peers_table import ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers_table import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Something that shall hold, and what was measured of it."""

    wanted: str
    measured: str
    met: bool | None
    """None where the measurement does not tell."""


TIMES_FASTER = {"LogseqMarkdownParser": 4, "logseq-python": 15, "mldoc": 20}
"""What the cold run shall be at 10,000 pages, in times faster than each."""
EXPONENT = 1.1
"""How the cold run may grow with the pages, from 10,000 to 100,000."""
PEAK_MB, PEAK_BYTES = 60, 8
"""Memory at 100,000 pages: a fixed part, and bytes a byte of text."""
WARM_S = 1.5
"""Processor seconds of `status` at 100,000 pages when nothing has changed."""


def exponent(small: Group, large: Group, tool: str, start_s: float) -> float | None:
    """How a tool's processor time grows with the number of pages: 1 is in proportion. start_s: its time for no page."""
    first, last = small.figure(tool), large.figure(tool)
    if first is None or last is None or first.cpu_s is None or last.cpu_s is None or first.over or last.over:
        return None
    if small.pages >= large.pages or first.cpu_s <= start_s or last.cpu_s <= start_s:
        return None
    return math.log((last.cpu_s - start_s) / (first.cpu_s - start_s)) / math.log(large.pages / small.pages)


def goals(groups: Sequence[Group], baseline: str, start_s: float) -> list[Goal]:
    """The goals that these measurements say something of."""
    said = []
    mixed = {group.pages: group for group in groups if group.kind == "mixed"}
    for group in groups:
        if group.kind in {"mixed", "experiments"} and group.pages == 10_000:
            said += _against_others(group, baseline)
    large = mixed.get(100_000)
    if large is None:
        return said
    small = mixed.get(10_000)
    growth = None if small is None else exponent(small, large, baseline, start_s)
    if growth is not None:
        said.append(
            Goal(
                wanted=f"mixed, from 10,000 to 100,000 pages: exponent ≤ {EXPONENT}",
                measured=f"{growth:.2f}",
                met=growth <= EXPONENT,
            )
        )
    cold, warm = large.figure(baseline), large.figure("warm")
    if cold is not None and not cold.over:
        most = PEAK_MB + PEAK_BYTES * large.size / 1e6
        said.append(
            Goal(
                wanted=f"{large.title}: cold peak ≤ {PEAK_MB} MB + {PEAK_BYTES} bytes a byte of text = {most:,.0f} MB",
                measured=f"{cold.peak_mb:,.0f} MB",
                met=cold.peak_mb <= most,
            )
        )
    if warm is not None and warm.cpu_s is not None and not warm.over:
        said.append(
            Goal(
                wanted=f"{large.title}: `status`, nothing changed, < {WARM_S} s of CPU",
                measured=f"{warm.cpu_s:.2f} s",
                met=warm.cpu_s < WARM_S,
            )
        )
    return said


def _against_others(group: Group, baseline: str) -> list[Goal]:
    said = []
    for tool, times in TIMES_FASTER.items():
        found = ratio(group, tool, baseline)
        if found is not None:
            met = True if found.times >= times else None if found.at_least else False
            wanted = f"{group.title}: cold at least {times} × faster than {tool}"
            measured = f"{'> ' if found.at_least else ''}{found.times:.2f} ×"
            said.append(Goal(wanted=wanted, measured=measured, met=met))
    return said
