"""The options that `burnup`, `forecast` and `log` share, and the parts that their screens have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.cells import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from graphkit.app.results.reports import ForecastBrief
    from graphkit.cli.terminal.canvas import Line, Role, Surface

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

_SHARED = (
    click.option("--goal", multiple=True, metavar="NAME", help="Only experiments for this goal."),
    click.option("--owner", multiple=True, metavar="NAME", help="Only experiments of this owner."),
    click.option("--written", is_flag=True, help="Ignore git, and use only the dates written in the pages."),
)


def history_options(function: Decorated) -> Decorated:
    """Add the options that choose experiments and the source of their history."""
    for option in reversed(_SHARED):
        function = option(function)
    return function


def source_words(source: str) -> str:
    """The source of a history, in words."""
    return "from git" if source == "git" else "as written in the pages"


def chance_role(chance: float) -> Role:
    """The role of a probability: bad below one quarter, a warning below one half."""
    return "bad" if chance < 0.25 else "warn" if chance < 0.5 else "good"


def dates_text(forecast: ForecastBrief, surface: Surface) -> str:
    """`2026-04-01 → 2026-04-20`: the dates at 50 and at 85 percent."""
    late = forecast.p85.isoformat() if forecast.p85 else "more than five years"
    return f"{forecast.p50.isoformat()} {surface.glyphs.toward} {late}" if forecast.p50 else ""


def notes_lines(notes: Iterable[str], surface: Surface) -> list[Line]:
    """The notes on what a history lacks, wrapped."""
    lines: list[Line] = []
    for note in notes:
        words = surface.say(f"{note[:1].upper()}{note[1:]}.")
        lines += [said(f" {line}", "warn") for line in wrap(words, max(surface.width - 2, 20))]
    return lines


def day_text(day: date | None) -> str:
    """A day as ISO 8601; empty for None."""
    return day.isoformat() if day is not None else ""
