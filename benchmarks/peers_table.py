"""From measurements to tables: ratios, cells, notes. It starts no process and reads no file."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MARKERS = (
    "TODO",
    "DOING",
    "DONE",
    "NOW",
    "LATER",
    "WAITING",
    "WAIT",
    "CANCELED",
    "CANCELLED",
    "STARTED",
    "IN-PROGRESS",
)
NOTHING = "–"
"""What a tool cannot count, or what was not measured."""
ENOUGH = 0.9
"""A tool that reads a smaller share of the files gets no ratio: it did less work."""
HEADS = ("tool", "CPU s", "× graphkit", "clock s", "peak MB", "runs", "pages", "blocks", "tasks", "links")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a tool said of a vault; None where it cannot count something."""

    pages: int | None = None
    blocks: int | None = None
    tasks: Mapping[str, int] | None = None
    """By marker, the most frequent first."""
    links: int | None = None
    failed: int = 0
    """Pages that it gave up on."""
    error: str = ""
    """Why, for the first of them."""

    @classmethod
    def of_markers(cls, markers: Iterable[str]) -> Tally:
        """The tally of a tool that finds tasks only, from the marker of each."""
        return cls(tasks=_by_count(Counter(markers)))


def _by_count(tasks: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(tasks.items(), key=lambda item: (-item[1], item[0])))


def read_tally(output: str) -> Tally:
    """The tally that a driver prints as its last line. Raises ValueError, TypeError or KeyError where it is none."""
    document = json.loads((output.strip().splitlines() or [""])[-1])
    tasks = document["tasks"]
    return Tally(
        pages=document["pages"],
        blocks=document["blocks"],
        tasks=None if tasks is None else _by_count(tasks),
        links=document["links"],
        failed=document["failed"],
        error=document["error"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One tool on one vault."""

    tool: str
    """Its name."""
    title: str
    cpu_s: float | None = None
    """None where it was not run, or failed."""
    wall_s: float = 0
    peak_mb: float = 0
    peak_hidden: bool = False
    """Whether it may be less."""
    runs: int = 0
    over: bool = False
    """Stopped at the limit, which is `cpu_s` then."""
    tally: Tally | None = None
    note: str = ""
    """Why there is no figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All tools on one vault."""

    kind: str
    title: str
    pages: int
    size: int
    figures: Sequence[Figure] = field(default_factory=tuple)

    def figure(self, tool: str) -> Figure | None:
        """The measured figure of a tool; None where there is none."""
        return next((f for f in self.figures if f.tool == tool and f.cpu_s is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times the processor time of graphkit's cold `status` a tool takes."""

    times: float
    at_least: bool = False
    """The tool was stopped at the limit: it takes more."""

    def __str__(self) -> str:
        if self.times < 0.005:
            return "< 0.01"
        places = 2 if self.times < 1 else 1 if self.times < 99.5 else 0
        digits = f"{self.times:,.{places}f}"
        return f"> {digits}" if self.at_least else digits


def ratio(group: Group, tool: str, baseline: str) -> Ratio | None:
    """The ratio of a tool in a group; None where either is missing, or the tool read too few of the files."""
    figure, base = group.figure(tool), group.figure(baseline)
    if (
        figure is None
        or base is None
        or base.over
        or figure.cpu_s is None
        or not base.cpu_s
        or read_too_few(figure, group)
    ):
        return None
    return Ratio(times=figure.cpu_s / base.cpu_s, at_least=figure.over)


def read_too_few(figure: Figure, group: Group) -> bool:
    """Whether a tool says that it read less than it was given."""
    pages = None if figure.tally is None else figure.tally.pages
    return pages is not None and pages < ENOUGH * group.pages


def rows(group: Group, baseline: str) -> list[tuple[str, ...]]:
    """The cells of a group's table below `HEADS`."""
    return [_row(group, figure, baseline) for figure in group.figures]


def _row(group: Group, figure: Figure, baseline: str) -> tuple[str, ...]:
    tally = figure.tally or Tally()
    counts = (tally.pages, tally.blocks, None if tally.tasks is None else sum(tally.tasks.values()), tally.links)
    counted = tuple(NOTHING if count is None else f"{count:,}" for count in counts)
    if figure.cpu_s is None:
        return (figure.title, *(NOTHING,) * 5, *counted)
    times = ratio(group, figure.tool, baseline)
    peak = f"{'≤ ' if figure.peak_hidden else ''}{figure.peak_mb:,.0f}"
    measured = (_cpu(figure), str(times or NOTHING), _seconds(figure.wall_s), peak, str(figure.runs))
    return (figure.title, *measured, *counted)


def summary(groups: Sequence[Group]) -> list[tuple[str, ...]]:
    """Rows with the CPU seconds of each tool on each vault, a dash if a tool was not run or read too little of it."""
    titles = dict.fromkeys(figure.title for group in groups for figure in group.figures)
    figures = [
        {figure.title: figure for figure in group.figures if not read_too_few(figure, group)} for group in groups
    ]
    return [(title, *(_cpu(found.get(title)) for found in figures)) for title in titles]


def _cpu(figure: Figure | None) -> str:
    if figure is None or figure.cpu_s is None:
        return NOTHING
    return f"> {math.floor(figure.cpu_s)}" if figure.over else _seconds(figure.cpu_s)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 0.1 else f"{seconds:.2f}" if seconds < 10 else f"{seconds:,.1f}"


def notes(group: Group) -> list[str]:
    """What has to be said below a group's table: what is missing and why, who read less, who counts other tasks."""
    said = []
    for figure in group.figures:
        tally = figure.tally or Tally()
        if figure.note:
            said.append(f"{figure.title}: {figure.note}.")
        elif tally.failed:
            said.append(f"{figure.title} failed on {tally.failed:,} pages, first with “{tally.error}”.")
        if read_too_few(figure, group):
            said.append(f"{figure.title} read {tally.pages or 0:,} of {group.pages:,} files: no ratio.")
    return said + marker_notes(group)


def marker_notes(group: Group) -> list[str]:
    """Tasks by marker, one line for each set of counts with the tools that agree on it."""
    agreeing: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for figure in group.figures:
        if figure.tally is not None and figure.tally.tasks is not None:
            agreeing.setdefault(tuple(figure.tally.tasks.items()), []).append(figure.title)
    lines = []
    for tasks, titles in agreeing.items():
        counts = ", ".join(f"{marker} {count:,}" for marker, count in tasks) or "none"
        lines.append(f"Tasks by marker: {counts} ({'; '.join(titles)}).")
    return lines


def as_markdown(heads: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column to the left, the others to the right."""
    lines = [list(heads), ["---", *["---:"] * (len(heads) - 1)], *map(list, cells)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def as_columns(heads: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """The same for a terminal."""
    lines = [list(heads), *([cell.replace("`", "") for cell in line] for line in cells)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def replace_region(page: str, name: str, text: str) -> str:
    """A page with the text between its two comments `name: begin` and `name: end` replaced.

    Raises ValueError where the page does not hold both, in this order.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    first, last = page.find(begin), page.find(end)
    if first < 0 or last < first:
        raise ValueError(f"the page has no region {name}")
    return f"{page[: first + len(begin)]}\n\n{text.strip()}\n\n{page[last:]}"
