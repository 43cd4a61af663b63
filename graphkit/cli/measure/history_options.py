"""Options that `burnup`, `forecast` and `log` share, and the pieces that their screens have in common."""

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
    click.option("--written", is_flag=True, help="Leave git alone: only what the pages themselves say of the past."),
)


def history_options(function: Decorated) -> Decorated:
    """Add the options that choose experiments and the source of their history."""
    for option in reversed(_SHARED):
        function = option(function)
    return function


def source_words(source: str) -> str:
    """Where a history comes from, in words."""
    return "from git" if source == "git" else "as written in the pages"


def chance_role(chance: float) -> Role:
    """How a probability looks: below one quarter bad, below one half a warning."""
    return "bad" if chance < 0.25 else "warn" if chance < 0.5 else "good"


def dates_text(forecast: ForecastBrief, surface: Surface) -> str:
    """`2026-04-01 → 2026-04-20`: the dates at one half and at 85 percent."""
    late = forecast.p85.isoformat() if forecast.p85 else "later than five years"
    return f"{forecast.p50.isoformat()} {surface.glyphs.toward} {late}" if forecast.p50 else ""


def notes_lines(notes: Iterable[str], surface: Surface) -> list[Line]:
    """The gaps of a history in words, wrapped."""
    lines: list[Line] = []
    for note in notes:
        words = surface.say(f"{note[:1].upper()}{note[1:]}.")
        lines += [said(f" {line}", "warn") for line in wrap(words, max(surface.width - 2, 20))]
    return lines


def day_text(day: date | None) -> str:
    """A day as ISO 8601, empty for none."""
    return day.isoformat() if day is not None else ""
