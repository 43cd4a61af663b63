"""What a screen is drawn on: its width, its signs, the words for colours. Knows no stream and no report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.cli.terminal.cells import cut, harmless, width
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Role = Literal[
    "plain", "strong", "muted", "heading", "bad", "warn", "good", "doing", "waiting", "open", "calm", "place",
]  # fmt: skip
"""What a piece of text means; `output.STYLES` says how it looks. No meaning stands in a role alone."""

Piece = tuple[str, Role]
"""A text and its role."""

Line = tuple[Piece, ...]
"""One line of a screen, without its line end."""


class Glyphs(Record, frozen=True, kw_only=True):
    """The signs of a screen; each of one cell, but for the ellipsis and the arrow in ASCII."""

    ellipsis: str
    dot: str
    """Between facts in a row of facts."""
    dash: str
    """Where there is no value."""
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
    """A width in cells, the signs to draw with, and the encoding that everything must survive."""

    width: int = 80
    glyphs: Glyphs = UNICODE
    encoding: str = "utf-8"

    def show(self, text: str) -> str:
        r"""Text from the vault as it will appear: harmless, trimmed, `\u65e5` where the encoding has no sign for it."""
        text = harmless(text).strip()
        if self.glyphs is UNICODE or text.isascii():
            return text
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def say(self, text: str) -> str:
        """Text of the tool's own making, with ASCII punctuation where the signs are ASCII, else as `show`."""
        return self.show(text if self.glyphs is UNICODE else text.translate(_OWN_TEXT_IN_ASCII))

    def cut(self, text: str, cells: int) -> str:
        """The text in at most so many cells."""
        return cut(text, cells, self.glyphs.ellipsis)

    def cut_line(self, line: Sequence[Piece], cells: int) -> Line:
        """The line in at most so many cells; an ellipsis takes the role of the piece that it cuts."""
        if line_width(line) <= cells:
            return tuple(line)
        kept: list[Piece] = []
        room = cells
        for text, role in line:
            own = width(text)
            # One that fits is kept only if what follows it can at least end in an ellipsis.
            if own <= room - len(self.glyphs.ellipsis):
                kept.append((text, role))
                room -= own
                continue
            kept.append((cut(text + self.glyphs.ellipsis, room, self.glyphs.ellipsis), role))
            break
        return tuple(kept)

    def fit(self, lines: Iterable[Sequence[Piece]]) -> list[Line]:
        """The lines, none wider than the surface and none ending in blanks: what every screen ends with."""
        fitted: list[Line] = []
        for line in lines:
            pieces = list(self.cut_line(line, self.width))
            while pieces and pieces[-1][0] != (text := pieces[-1][0].rstrip(" ")):
                pieces[-1:] = [(text, pieces[-1][1])] if text else []
            fitted.append(tuple(pieces))
        return fitted

    def rule(self, title: str, number: int | None = None) -> Line:
        """A heading: its words, how many stand below it, and a line to the right margin."""
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
    """A line of one piece; no piece where there is no text."""
    return ((text, role),) if text else ()


def line_width(line: Sequence[Piece]) -> int:
    """Cells of a line."""
    return sum(width(text) for text, _ in line)


def line_text(line: Sequence[Piece]) -> str:
    """The line without its roles."""
    return "".join(text for text, _ in line)


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 page`, `12,345 pages`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
