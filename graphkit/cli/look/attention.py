"""Attention, lifecycle, dates and owners of an experiment as styled parts of a line.

spec: domain §6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from graphkit.app.results.reports import ExperimentRow
    from graphkit.cli.terminal.canvas import Line, Piece, Role, Surface

BANDS = ("Needs you", "Keep an eye on", "Running", "Not running", "Closed")
"""Headings of the status screen, in order. Every word of attention belongs to one."""


class Look(Record, frozen=True, kw_only=True):
    """The style of one word of attention."""

    band: int
    """Index in BANDS."""
    glyph: str
    """A field of `Glyphs`."""
    role: Role


LOOKS: Mapping[str, Look] = {
    "rollback due": Look(band=0, glyph="alarm", role="bad"),
    "decision due": Look(band=0, glyph="decide", role="warn"),
    "guardrail breached": Look(band=0, glyph="alarm", role="bad"),
    "off track": Look(band=0, glyph="alarm", role="bad"),
    "overdue": Look(band=0, glyph="alarm", role="bad"),
    "blocked": Look(band=1, glyph="watch", role="warn"),
    "stale": Look(band=1, glyph="watch", role="warn"),
    "at risk": Look(band=1, glyph="watch", role="warn"),
    "running": Look(band=2, glyph="running", role="calm"),
    "stopped": Look(band=3, glyph="stopped", role="muted"),
    "ready": Look(band=3, glyph="ready", role="muted"),
    "draft": Look(band=3, glyph="draft", role="muted"),
    "decided": Look(band=4, glyph="closed", role="good"),
    "archived": Look(band=4, glyph="shelved", role="muted"),
}

RESULT_ROLES: Mapping[str, Role] = {"won": "good", "lost": "warn", "inconclusive": "plain", "dnf": "muted"}

SOON_DAYS = 7
"""A due date at most this many days ahead is shown as near."""

_UNKNOWN = Look(band=2, glyph="bullet", role="plain")
_CLOSED = 4


def look(attention: str) -> Look:
    """The style of this word. An unknown word is shown like a running experiment."""
    return LOOKS.get(attention, _UNKNOWN)


def is_closed(row: ExperimentRow) -> bool:
    """True if the experiment is decided or archived, so that nothing is late any more."""
    return look(row.attention).band == _CLOSED


def mark(row: ExperimentRow, surface: Surface) -> Line:
    """The symbol before the name."""
    found = look(row.attention)
    return ((getattr(surface.glyphs, found.glyph), found.role),)


def name(row: ExperimentRow, surface: Surface) -> Line:
    """The title, in a style that depends on its attention; a dash if the title is blank."""
    return ((surface.show(row.title).strip() or surface.glyphs.dash, "muted" if is_closed(row) else "strong"),)


def state(row: ExperimentRow, surface: Surface) -> Line:
    """The lifecycle, with the result if it is closed; `~running` if it is derived from the tasks.

    An experiment that has not started says so.
    """
    word: Piece = (f"~{row.lifecycle}" if row.lifecycle_derived else row.lifecycle, "muted")
    if row.result is None or not is_closed(row):
        if row.word == "not started" and row.lifecycle in {"draft", "ready"}:
            return word, (", not started", "muted")
        return (word,)
    return word, (": ", "muted"), (surface.show(row.result), RESULT_ROLES.get(row.result, "plain"))


def why(row: ExperimentRow, surface: Surface) -> Line:
    """The attention and its reason; empty if the lifecycle already says it."""
    if row.result is not None and is_closed(row):
        return ()
    reason = surface.say(row.reason)
    if row.attention == row.lifecycle:
        return ((reason, "plain"),) if reason else ()
    word: Piece = (row.attention, look(row.attention).role)
    if not reason:
        return (word,)
    if reason.lower().startswith(row.attention):
        return word, (reason[len(row.attention) :], "plain")
    return word, (f": {reason}", "plain")


def days_from(day: date, today: date) -> str:
    """`13d late`, `today`, `in 6d`."""
    days = (day - today).days
    if not days:
        return "today"
    return f"in {days:,}d" if days > 0 else f"{-days:,}d late"


def due(row: ExperimentRow, today: date, *, relative: bool) -> Line:
    """The due date: `2026-03-01!` if it has passed, followed by `13d late` if there is room."""
    day = row.due
    if day is None:
        return ()
    text = day.isoformat()
    finished = row.progress.fraction is not None and row.progress.done == row.progress.total
    if is_closed(row) or finished:
        return ((text, "muted"),)
    days = (day - today).days
    role: Role = "bad" if days < 0 else "warn" if days <= SOON_DAYS else "plain"
    sign = "!" if days < 0 else " "
    if relative:
        return (text + sign, role), (f" {days_from(day, today)}", role if role != "plain" else "muted")
    return ((text + sign.rstrip(), role),)


def owners(row: ExperimentRow, surface: Surface) -> Line:
    """The owner."""
    text = surface.show(", ".join(row.owners))
    return ((text, "plain"),) if text else ()


def goals(row: ExperimentRow, surface: Surface, *, sign: bool = False) -> Line:
    """The goals; with an arrow before them if there is no column heading."""
    text = surface.show("; ".join(row.goals))
    return ((f"{surface.glyphs.toward} {text}" if sign else text, "muted"),) if text else ()


def since(row: ExperimentRow) -> Line:
    """The start date."""
    return ((row.start.isoformat(), "muted"),) if row.start else ()


HEALTH_ROLES: Mapping[str, Role] = {"on track": "good", "at risk": "warn", "off track": "bad", "no target": "muted"}


def health(row: ExperimentRow) -> Line:
    """The health; with a star if a person set it."""
    if row.health is None:
        return ()
    return ((f"{row.health}{'*' if row.health_stated else ''}", HEALTH_ROLES.get(row.health, "plain")),)


def tags(row: ExperimentRow, surface: Surface) -> Line:
    """The tags."""
    text = surface.show(" ".join(f"#{tag}" for tag in row.tags))
    return ((text, "muted"),) if text else ()


def questions(row: ExperimentRow) -> Line:
    """The number of open questions on the page."""
    number = len(row.questions)
    return ((f"{number} open question{'' if number == 1 else 's'}", "warn"),) if number else ()


def findings(row: ExperimentRow) -> Line:
    """The number of findings on the page."""
    number = row.diagnostics
    return ((f"{number} finding{'' if number == 1 else 's'}", "waiting"),) if number else ()


def forecast(row: ExperimentRow, surface: Surface) -> Line:
    """The forecast dates at 50 and 85 percent, and the probability of being done by the due date."""
    found = row.forecast
    if found is None or found.p50 is None:
        return ()
    late = found.p85.isoformat() if found.p85 is not None else "later"
    words: Line = ((f"done {found.p50.isoformat()} {surface.glyphs.toward} {late}", "muted"),)
    if found.chance is None:
        return words
    role: Role = "bad" if found.chance < 0.25 else "warn" if found.chance < 0.5 else "good"
    return (*words, (", ", "muted"), (f"{percent_of(found.chance)} by due", role))


def percent_of(chance: float) -> str:
    """A probability in percent; never 0 or 100 unless it is certain."""
    if 0 < chance < 0.01:
        return "<1%"
    if 0.99 < chance < 1:
        return ">99%"
    return f"{100 * chance:.0f}%"
