"""Markdown of the documentation as lines of a screen."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.style import Style

    from graphkit.cli.terminal.canvas import Line, Piece, Role, Surface

_WIDEST = 100


def document_lines(markdown: str, surface: Surface) -> list[Line]:
    """The text laid out by rich, at most 100 columns wide, with our own roles instead of its colours."""
    from rich.console import Console  # noqa: PLC0415 - takes 70 ms, and only pages of documentation need it
    from rich.markdown import Markdown  # noqa: PLC0415

    # rich asks the stream for its encoding, and draws tables and bullets accordingly.
    stream = TextIOWrapper(BytesIO(), encoding=surface.encoding)
    console = Console(file=stream, width=max(min(surface.width, _WIDEST) - 2, 10), force_terminal=False)
    text = "\n".join(_said(line, surface) for line in markdown.split("\n"))
    page = Markdown(text, code_theme="ansi_dark", hyperlinks=False)
    lines: list[Line] = []
    for segments in console.render_lines(page, pad=False):
        pieces: list[Piece] = [(" ", "plain")]
        pieces += [(_said(segment.text, surface), _role(segment.style)) for segment in segments if segment.text]
        text, role = pieces[-1]
        pieces[-1] = (text.rstrip(), role)
        lines.append(tuple(pieces) if any(text.strip() for text, _ in pieces) else ())
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _said(text: str, surface: Surface) -> str:
    """As `Surface.say`, with the blanks around the text."""
    inner = text.strip()
    return text.replace(inner, surface.say(inner)) if inner else text


def _role(style: Style | None) -> Role:
    if style is None:
        return "plain"
    if style.bold or style.underline:
        return "strong"
    if style.dim:
        return "muted"
    return "calm" if style.color is not None else "plain"
