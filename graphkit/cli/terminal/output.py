"""The one owner of stdout and stderr: colour, width and encoding are decided here, once. Knows no report.

The only module that imports rich, and only where there is colour or a picture to make.
"""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Self

from graphkit.cli.terminal.canvas import ASCII, UNICODE, Surface, line_text
from graphkit.cli.terminal.cells import harmless, harmless_lines
from graphkit.text.records import Record, field_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from graphkit.cli.terminal.canvas import Piece, Role

ColorChoice = Literal["auto", "always", "never"]

STYLES: Mapping[Role, str] = {
    "plain": "",
    "strong": "bold",
    "muted": "dim",
    "heading": "bold",
    "bad": "bold red",
    "warn": "yellow",
    "good": "green",
    "doing": "cyan",
    "waiting": "yellow",
    "open": "dim",
    "calm": "cyan",
    "place": "blue",
}
"""How a role looks. Only the terminal's own sixteen colours, so that they fit every theme."""

_KINDS: Mapping[str, Role] = {"error": "bad", "warning": "warn", "info": "calm"}

LEAST_WIDTH = 20
"""Cells below which a screen is not drawn any narrower."""

_DEFAULT_WIDTH = 80
_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_CLEAR_LINE = "\x1b[K"
_CLEAR_BELOW = "\x1b[J"
"""The other screen without a cursor and back, the upper left corner, the rest of a line, all below (ECMA-48, xterm)."""
_QUIET_SECONDS = 0.5
"""Long work is announced after half a second."""


class Decision(Record, frozen=True, kw_only=True):
    """What is written to a stream: a screen or tab-separated text, with or without colour."""

    screen: bool
    color: bool


def decide(choice: ColorChoice, environment: Mapping[str, str], *, terminal: bool) -> Decision:
    """Screen and colour from `--color`, then NO_COLOR, then FORCE_COLOR, then TERM and the stream.

    Forced colour brings the screen with it, also into a pipe (`| less -R`); without colour a terminal keeps its screen.
    NO_COLOR and FORCE_COLOR count where they are set to something; FORCE_COLOR=0 refuses colour. Source: no-color.org,
    force-color.org, and for the 0 the habit of Node's tools.
    """
    forced = environment.get("FORCE_COLOR", "")
    if choice == "always":
        return Decision(screen=True, color=True)
    if choice == "never" or environment.get("NO_COLOR") or forced.lower() in {"0", "false"}:
        return Decision(screen=terminal, color=False)
    if forced:
        return Decision(screen=True, color=True)
    return Decision(screen=terminal, color=terminal and environment.get("TERM") not in {"dumb", "unknown"})


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (ValueError, AttributeError):  # a stream that was closed, or closed before the start and so None
        return False


def _width(environment: Mapping[str, str], streams: Sequence[TextIO]) -> int:
    """Columns of the terminal: COLUMNS, else the first of the streams that is a terminal, else 80."""
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    for stream in streams:
        try:
            found = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError, AttributeError):
            continue
        if found > 0:
            return found
    return _DEFAULT_WIDTH


def _surface(stream: TextIO, columns: int) -> Surface:
    encoding = stream.encoding or "utf-8"
    signs = "".join(getattr(UNICODE, name) for name in field_names(UNICODE))
    try:
        signs.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Surface(width=columns, glyphs=ASCII, encoding=encoding if _known(encoding) else "ascii")
    return Surface(width=columns, encoding=encoding)


def _known(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


class Output:
    """Where a command writes: data to stdout, everything else to stderr."""

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        *,
        environment: Mapping[str, str],
        color: ColorChoice = "auto",
        width: int | None = None,
        said: list[tuple[int, str]] | None = None,
    ) -> None:
        """Width: columns to draw for; None: the terminal's. said: takes what is written, 1 on stdout."""
        self._said = said
        self._stdout = stdout
        self._stderr = stderr
        self.terminal = _is_terminal(stdout)
        self.encoding = stdout.encoding or "utf-8"
        decision = decide(color, environment, terminal=self.terminal)
        self.screen = decision.screen
        """True where a report is drawn; False where it is tab-separated text for another program."""
        self.color = decision.color
        self._fixed_width = width
        columns = width or _width(environment, (stdout, stderr, sys.__stdin__ or stdout))
        self.surface = _surface(stdout, max(columns, LEAST_WIDTH))
        self._stderr_terminal = _is_terminal(stderr)
        self._stderr_color = decide(color, environment, terminal=self._stderr_terminal).color
        self._codes: dict[str, tuple[str, str]] = {}
        self._ticker_shown = False

    @classmethod
    def of_process(
        cls, *, color: ColorChoice = "auto", width: int | None = None, said: list[tuple[int, str]] | None = None
    ) -> Output:
        """The output of this process, with its streams and its environment."""
        return cls(sys.stdout, sys.stderr, environment=os.environ, color=color, width=width, said=said)

    @property
    def ascii_json(self) -> bool:
        """True where a JSON document must be written in ASCII, because stdout's encoding is not a Unicode one."""
        return not (self._stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")

    def lines(self, lines: Iterable[Sequence[Piece]]) -> None:
        """A screen's lines to stdout."""
        if self.color:
            self._write(self._stdout, "".join([self._paint(line) + "\n" for line in lines]))
        else:
            self._write(self._stdout, "".join([harmless(line_text(line)) + "\n" for line in lines]))

    def text(self, chunks: Iterable[str]) -> None:
        """Lines of plain text to stdout; each gets its line end. Nothing is held back until the last one."""
        batch: list[str] = []
        for chunk in chunks:
            batch.append(harmless_lines(chunk) if self.terminal else chunk)
            if len(batch) == 1000:
                self._write(self._stdout, "\n".join(batch) + "\n")
                batch.clear()
        if batch:
            self._write(self._stdout, "\n".join(batch) + "\n")

    def document(self, text: str) -> None:
        """A file's content to stdout: UTF-8 and its own line ends, whatever the terminal speaks.

        A byte that was not UTF-8 becomes U+FFFD: what reads a document expects UTF-8 throughout.
        """
        if self.terminal:
            text = harmless_lines(text)
        data = re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8")
        self._stdout.flush()
        buffer = getattr(self._stdout, "buffer", None)
        if buffer is None:  # a stream of text only, such as a notebook's
            self._write(self._stdout, text)
        else:
            buffer.write(data)
            buffer.flush()

    def flush(self) -> None:
        """Let go of what was written so far, for whoever reads along."""
        self._stdout.flush()

    @contextmanager
    def whole_screen(self) -> Iterator[Callable[[Sequence[Sequence[Piece]]], None]]:
        """The terminal's other screen, for the length of a `with` block: call what it gives with the lines to show.

        What was there before stands there again afterwards, however the block ends. Lines beyond the window are left
        out, with a word on the last line; nothing is drawn where nothing has changed.
        """
        shown = ""

        def draw(lines: Sequence[Sequence[Piece]]) -> None:
            nonlocal shown
            height = self._height()
            fits = list(lines)
            if len(fits) >= height:
                rest = len(fits) - (height - 2)
                fits = [*fits[: height - 2], ((f"{rest} more lines; a larger window shows them", "muted"),)]
            painted = [self._paint(line) if self.color else harmless(line_text(line)) for line in fits]
            text = _HOME + "".join(f"{line}{_CLEAR_LINE}\n" for line in painted) + _CLEAR_BELOW
            if text != shown:
                shown = text
                self._write(self._stdout, text)
                self._stdout.flush()

        self.clear_progress()
        self._write(self._stdout, _ENTER)
        self._stdout.flush()
        try:
            yield draw
        finally:
            self._write(self._stdout, _LEAVE)
            self._stdout.flush()

    def fit_window(self) -> None:
        """Draw for the terminal's width as it is now."""
        if self._fixed_width is None:
            columns = _width(os.environ, (self._stdout, self._stderr))
            self.surface = _surface(self._stdout, max(columns, LEAST_WIDTH))

    def _height(self) -> int:
        try:
            return max(os.get_terminal_size(self._stdout.fileno()).lines or 24, 3)
        except (OSError, ValueError):
            return 24

    def note(self, text: str) -> None:
        """A line for the person in front, on stderr."""
        self.clear_progress()
        self._write(self._stderr, harmless_lines(text) + "\n")

    def problem(self, kind: str, message: str, hint: str = "") -> None:
        """`error: message` (or `warning`, `info`), and below it what to do, on stderr."""
        head: Piece = (f"{kind}:", _KINDS[kind])
        self.clear_progress()
        label = self._paint((head,)) if self._stderr_color else head[0]
        self._write(self._stderr, f"{label} {harmless_lines(message)}\n")
        if hint:
            self._write(self._stderr, f"  {harmless_lines(hint)}\n")

    def progress(self, label: str, *, total: int) -> Ticker:
        """A line on stderr that follows long work; drawn after half a second, on a terminal only."""
        return Ticker(self, label, total)

    def clear_progress(self) -> None:
        """Take the progress line away, if one is drawn."""
        if self._ticker_shown:
            self._stderr.write("\r" + " " * (self.surface.width - 1) + "\r")
            self._stderr.flush()
            self._ticker_shown = False

    def draw_progress(self, label: str, done: int, total: int) -> None:
        """Draw the progress line over itself; nothing where stderr is no terminal."""
        if not self._stderr_terminal:
            return
        room = min(30, self.surface.width // 3)
        filled = done * room // total if total else 0
        glyphs = _surface(self._stderr, self.surface.width).glyphs
        line = f"{harmless(label)} {glyphs.done * filled}{glyphs.open * (room - filled)} {done:,}/{total:,}"
        self._stderr.write("\r" + line[: self.surface.width - 1])
        self._stderr.flush()
        self._ticker_shown = True

    def _paint(self, line: Sequence[Piece]) -> str:
        out = []
        for raw, role in line:
            text = harmless(raw)
            codes = self._codes.get(role)
            if codes is None:
                codes = self._codes[role] = _codes(STYLES[role])
            out.append(f"{codes[0]}{text}{codes[1]}" if text.strip(" ") else text)
        return "".join(out)

    def _write(self, stream: TextIO, text: str) -> None:
        """Write what the stream's encoding cannot say as backslash escapes; a name must never stop a report."""
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            text = text.encode(encoding, "backslashreplace").decode(encoding)
            stream.write(text)
        if self._said is not None:
            self._said.append((1 if stream is self._stdout else 2, text))


class Ticker:
    """Follows one piece of long work; a context manager that takes its line away at the end."""

    def __init__(self, output: Output, label: str, total: int) -> None:
        self._output = output
        self._label = label
        self._total = total
        self._next = time.monotonic() + _QUIET_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._output.clear_progress()

    def __call__(self, done: int) -> None:
        """So many are done now; draws at most ten times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.1
            self._output.draw_progress(self._label, done, self._total)


def _codes(style: str) -> tuple[str, str]:
    """What a terminal wants to read before and after text of this style."""
    if not style:
        return "", ""
    from rich.color import ColorSystem  # noqa: PLC0415 - 20 ms that plain output does not pay
    from rich.style import Style  # noqa: PLC0415

    before, after = Style.parse(style).render("\0", color_system=ColorSystem.STANDARD).split("\0")
    return before, after


def picture(lines: Iterable[Sequence[Piece]], *, title: str, width: int, name: str) -> str:
    """The lines as an SVG of a terminal window; `name` makes its ids, so that equal lines give an equal file."""
    from io import StringIO  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415 - 70 ms, for pictures only
    from rich.text import Text  # noqa: PLC0415

    console = Console(
        record=True, width=width, file=StringIO(), force_terminal=True, color_system="standard", legacy_windows=False
    )
    for line in lines:
        text = Text.assemble(*((piece, STYLES[role]) for piece, role in line))
        console.print(text, no_wrap=True, overflow="ignore", crop=False)
    return console.export_svg(title=title, unique_id=name, code_format=_SVG)


_SVG = """\
<svg class="rich-terminal" xml:space="preserve" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: "Fira Code", "JetBrains Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""A page of our own: rich's loads its fonts from another host, which a README's reader did not ask for."""
