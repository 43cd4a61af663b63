"""The surface that a screen is drawn on: its width, its glyphs, and the roles of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.cli.terminal.cells import cut, harmless, width
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Role = Literal[
    "plain", "strong", "muted", "heading", "bad", "warn", "good", "doing", "waiting", "open", "calm", "place",
]  # fmt: skip
"""The meaning of a piece of text. `output.STYLES` maps it to a style. No meaning is expressed by a role alone."""

Piece = tuple[str, Role]
"""A text and its role."""

Line = tuple[Piece, ...]
"""One line of a screen, without its line end."""


class Glyphs(Record, frozen=True, kw_only=True):
    """The glyphs of a screen, one cell each, except for the ellipsis and the arrow in ASCII."""

    ellipsis: str
    dot: str
    """The separator between facts in a row."""
    dash: str
    """The placeholder for a missing value."""
    rule: str
    done: str
    doing: str
    waiting: str
    open: str
    bar_left: str
    bar_right: str
    alarm: str
    decide: str
    watch: str
    running: str
    stopped: str
    ready: str
    draft: str
    closed: str
    shelved: str
    todo_mark: str
    doing_mark: str
    waiting_mark: str
    done_mark: str
    cancelled_mark: str
    bullet: str
    toward: str


UNICODE = Glyphs(
    ellipsis="…",
    dot="·",
    dash="–",
    rule="─",
    done="█",
    doing="▓",
    waiting="▒",
    open="░",
    bar_left="",
    bar_right="",
    alarm="▲",
    decide="◆",
    watch="△",
    running="●",
    stopped="■",
    ready="○",
    draft="◌",
    closed="✓",
    shelved="×",
    todo_mark="○",
    doing_mark="◐",
    waiting_mark="◇",
    done_mark="✓",
    cancelled_mark="×",
    bullet="•",
    toward="→",
)

ASCII = Glyphs(
    ellipsis="...",
    dot="|",
    dash="-",
    rule="-",
    done="#",
    doing=">",
    waiting="?",
    open="-",
    bar_left="[",
    bar_right="]",
    alarm="!",
    decide="?",
    watch="*",
    running=">",
    stopped="=",
    ready="o",
    draft=".",
    closed="+",
    shelved="x",
    todo_mark="o",
    doing_mark=">",
    waiting_mark="?",
    done_mark="+",
    cancelled_mark="x",
    bullet="*",
    toward="->",
)

_OWN_TEXT_IN_ASCII: Mapping[int, str] = str.maketrans(
    {"…": "...", "·": "-", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'"}
)


class Surface(Record, frozen=True, kw_only=True):
    """A width in cells, the glyphs to draw with, and the encoding of the output."""

    width: int = 80
    glyphs: Glyphs = UNICODE
    encoding: str = "utf-8"

    def show(self, text: str) -> str:
        r"""Text from the vault as it will appear: escaped, trimmed, `\u65e5` for characters that the encoding lacks."""
        text = harmless(text).strip()
        if self.glyphs is UNICODE or text.isascii():
            return text
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def say(self, text: str) -> str:
        """Text of graphkit's own, with ASCII punctuation if the glyphs are ASCII; else as `show`."""
        return self.show(text if self.glyphs is UNICODE else text.translate(_OWN_TEXT_IN_ASCII))

    def cut(self, text: str, cells: int) -> str:
        """The text, cut to at most this many cells."""
        return cut(text, cells, self.glyphs.ellipsis)

    def cut_line(self, line: Sequence[Piece], cells: int) -> Line:
        """The line, cut to at most this many cells. The ellipsis has the role of the piece that it cuts."""
        if line_width(line) <= cells:
            return tuple(line)
        kept: list[Piece] = []
        room = cells
        for text, role in line:
            own = width(text)
            # Keep a piece that fits only if there is room for an ellipsis after it.
            if own <= room - len(self.glyphs.ellipsis):
                kept.append((text, role))
                room -= own
                continue
            kept.append((cut(text + self.glyphs.ellipsis, room, self.glyphs.ellipsis), role))
            break
        return tuple(kept)

    def fit(self, lines: Iterable[Sequence[Piece]]) -> list[Line]:
        """The lines, cut to the width of the surface and without trailing spaces. Every screen returns this."""
        fitted: list[Line] = []
        for line in lines:
            pieces = list(self.cut_line(line, self.width))
            while pieces and pieces[-1][0] != (text := pieces[-1][0].rstrip(" ")):
                pieces[-1:] = [(text, pieces[-1][1])] if text else []
            fitted.append(tuple(pieces))
        return fitted

    def rule(self, title: str, number: int | None = None) -> Line:
        """A heading: its text, the number of rows below it, and a rule to the right margin."""
        words = self.cut(self.show(title), self.width - 12)
        head: Line = ((" ", "plain"), (words, "heading"), (f" {number:,} " if number is not None else " ", "muted"))
        return (*head, *said(self.glyphs.rule * (self.width - 1 - line_width(head)), "open"))

    def join(self, parts: Iterable[Sequence[Piece]]) -> Line:
        """The non-empty parts with a dot between them."""
        out: list[Piece] = []
        for part in parts:
            if part:
                if out:
                    out.append((f" {self.glyphs.dot} ", "muted"))
                out.extend(part)
        return tuple(out)


def said(text: str, role: Role = "plain") -> Line:
    """A line of one piece; empty if there is no text."""
    return ((text, role),) if text else ()


def line_width(line: Sequence[Piece]) -> int:
    """The width of a line in cells."""
    return sum(width(text) for text, _ in line)


def line_text(line: Sequence[Piece]) -> str:
    """The text of a line without roles."""
    return "".join(text for text, _ in line)


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 page`, `12,345 pages`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
