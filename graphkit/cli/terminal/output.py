"""The only owner of stdout and stderr. Colour, width and encoding are decided here, once.

rich is imported only for colour or pictures.
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
"""The style of each role. Only the terminal's own sixteen colours are used, so that they fit every theme."""

_KINDS: Mapping[str, Role] = {"error": "bad", "warning": "warn", "info": "calm"}

LEAST_WIDTH = 20
"""The minimum width of a screen, in cells."""

MOST_WIDTH = 1000
"""The maximum width of a screen, in cells, whatever the terminal or COLUMNS say."""

_DEFAULT_WIDTH = 80
_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_CLEAR_LINE = "\x1b[K"
_CLEAR_BELOW = "\x1b[J"
"""Enter and leave the alternate screen, go to the top left, erase the rest of a line, erase below (ECMA-48, xterm)."""
_QUIET_SECONDS = 0.5
"""Progress is shown after half a second."""


class Layout(Record, frozen=True, kw_only=True):
    """How a reading command prints its result."""

    form: str | None = None
    """One of the formats; None: a screen in a terminal, else tsv."""
    fields: tuple[str, ...] = ()
    """Only these columns; none: all."""
    raw: bool = False
    """True to write formulas to CSV as they are."""


def colored(choice: ColorChoice, environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Decide on colour by `--color`, then NO_COLOR, then FORCE_COLOR, then TERM and the stream.

    NO_COLOR and FORCE_COLOR are ignored if empty; FORCE_COLOR=0 turns colour off. Source: https://no-color.org,
    https://force-color.org, and for the 0 the convention of Node's tools.
    """
    forced = environment.get("FORCE_COLOR", "")
    if choice == "always":
        return True
    if choice == "never" or environment.get("NO_COLOR") or forced.lower() in {"0", "false"}:
        return False
    return bool(forced) or (terminal and environment.get("TERM") not in {"dumb", "unknown"})


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (ValueError, AttributeError):  # the stream is closed, or None if it was closed before the start
        return False


def _width(environment: Mapping[str, str], streams: Sequence[TextIO]) -> int:
    """The width of the terminal: COLUMNS, else that of the first stream that is a terminal, else 80."""
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and len(columns) < 10 and int(columns) > 0:
        return min(int(columns), MOST_WIDTH)
    for stream in streams:
        try:
            found = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError, AttributeError):
            continue
        if found > 0:
            return min(found, MOST_WIDTH)
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
    """The output of a command: data to stdout, everything else to stderr."""

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        *,
        environment: Mapping[str, str],
        color: ColorChoice = "auto",
        width: int | None = None,
        said: list[tuple[int, str]] | None = None,
        layout: Layout = Layout(),  # noqa: B008 - a frozen record
    ) -> None:
        """Width: in columns; None: that of the terminal. said: records what is written, with 1 for stdout."""
        self._said = said
        self._stdout = stdout
        self._stderr = stderr
        self.terminal = _is_terminal(stdout)
        self.encoding = stdout.encoding or "utf-8"
        self.layout = layout
        self.screen = self.terminal if layout.form is None else layout.form in {"screen", "text"}
        """True if reports are drawn as screens; False if they are data for another program."""
        self.color = layout.form != "text" and colored(color, environment, terminal=self.terminal)
        self._fixed_width = width
        columns = width or _width(environment, (stdout, stderr, sys.__stdin__ or stdout))
        self.surface = _surface(stdout, max(columns, LEAST_WIDTH))
        self._stderr_terminal = _is_terminal(stderr)
        self._stderr_color = colored(color, environment, terminal=self._stderr_terminal)
        self._codes: dict[str, tuple[str, str]] = {}
        self._ticker_shown = False

    @classmethod
    def of_process(
        cls,
        *,
        color: ColorChoice = "auto",
        width: int | None = None,
        said: list[tuple[int, str]] | None = None,
        layout: Layout = Layout(),  # noqa: B008 - a frozen record
    ) -> Output:
        """The output of this process, from its streams and environment."""
        return cls(sys.stdout, sys.stderr, environment=os.environ, color=color, width=width, said=said, layout=layout)

    @property
    def ascii_json(self) -> bool:
        """True if JSON must be escaped to ASCII because the encoding of stdout is not a Unicode one."""
        return not (self._stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")

    def lines(self, lines: Iterable[Sequence[Piece]]) -> None:
        """Write the lines of a screen to stdout."""
        if self.color:
            self._write(self._stdout, "".join([self._paint(line) + "\n" for line in lines]))
        else:
            self._write(self._stdout, "".join([harmless(line_text(line)) + "\n" for line in lines]))

    def text(self, chunks: Iterable[str]) -> None:
        """Write lines of plain text to stdout, each as soon as it is there."""
        batch: list[str] = []
        for chunk in chunks:
            batch.append(harmless_lines(chunk) if self.terminal else chunk)
            if len(batch) == 1000:
                self._write(self._stdout, "\n".join(batch) + "\n")
                batch.clear()
        if batch:
            self._write(self._stdout, "\n".join(batch) + "\n")

    def document(self, text: str) -> None:
        """Write the content of a file to stdout, in UTF-8 and with its own line ends, whatever the terminal's encoding.

        Bytes that were not UTF-8 become U+FFFD, since readers of a document expect valid UTF-8.
        """
        if self.terminal:
            text = harmless_lines(text)
        data = re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8")
        self._stdout.flush()
        buffer = getattr(self._stdout, "buffer", None)
        if buffer is None:  # a text-only stream, such as that of a notebook
            self._write(self._stdout, text)
        else:
            buffer.write(data)
            buffer.flush()

    def flush(self) -> None:
        """Flush stdout and stderr."""
        self._stdout.flush()

    @contextmanager
    def whole_screen(self) -> Iterator[Callable[[Sequence[Sequence[Piece]]], None]]:
        """Use the terminal's alternate screen during a `with` block. Call the yielded function with the lines to show.

        The previous content is restored however the block ends. Lines that do not fit into the window are replaced by
        a note on the last line. Nothing is drawn if nothing has changed.
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
        """Adopt the current width of the terminal."""
        if self._fixed_width is None:
            columns = _width(os.environ, (self._stdout, self._stderr))
            self.surface = _surface(self._stdout, max(columns, LEAST_WIDTH))

    def _height(self) -> int:
        try:
            return max(os.get_terminal_size(self._stdout.fileno()).lines or 24, 3)
        except (OSError, ValueError):
            return 24

    def note(self, text: str) -> None:
        """Write a note to stderr."""
        self.clear_progress()
        self._write(self._stderr, harmless_lines(text) + "\n")

    def problem(self, kind: str, message: str, hint: str = "") -> None:
        """Write `error: message` (or `warning`, `info`) and the hint below it to stderr."""
        head: Piece = (f"{kind}:", _KINDS[kind])
        self.clear_progress()
        label = self._paint((head,)) if self._stderr_color else head[0]
        self._write(self._stderr, f"{label} {harmless_lines(message)}\n")
        if hint:
            self._write(self._stderr, f"  {harmless_lines(hint)}\n")

    def progress(self, label: str, *, total: int) -> Ticker:
        """Start a progress line on stderr. It is drawn after half a second, and only in a terminal."""
        return Ticker(self, label, total)

    def clear_progress(self) -> None:
        """Erase the progress line if one is drawn."""
        if self._ticker_shown:
            self._stderr.write("\r" + " " * (self.surface.width - 1) + "\r")
            self._stderr.flush()
            self._ticker_shown = False

    def draw_progress(self, label: str, done: int, total: int) -> None:
        """Redraw the progress line; nothing happens if stderr is not a terminal."""
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
        """Escape characters that the stream's encoding lacks with backslashes, so that no name can stop a report."""
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            text = text.encode(encoding, "backslashreplace").decode(encoding)
            stream.write(text)
        except OSError:
            # A note that nobody can read (stderr is closed or full) does not make the result on stdout wrong.
            if stream is not self._stderr or stream is self._stdout:
                raise
        if self._said is not None:
            self._said.append((1 if stream is self._stdout else 2, text))


class Ticker:
    """The progress of one long operation. As a context manager, it erases its line at the end."""

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
        """Report that this many are done. Redraws at most ten times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.1
            self._output.draw_progress(self._label, done, self._total)


def _codes(style: str) -> tuple[str, str]:
    """The escape sequences before and after text in this style."""
    if not style:
        return "", ""
    from rich.color import ColorSystem  # noqa: PLC0415 - takes 20 ms, and plain output does not need it
    from rich.style import Style  # noqa: PLC0415

    before, after = Style.parse(style).render("\0", color_system=ColorSystem.STANDARD).split("\0")
    return before, after


def picture(lines: Iterable[Sequence[Piece]], *, title: str, width: int, name: str) -> str:
    """The lines as an SVG of a terminal window. Its ids are made from `name`, so that equal lines give equal files."""
    from io import StringIO  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415 - takes 70 ms, only for pictures
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
"""Our own SVG frame. rich's loads its fonts from another host, which readers of a README did not ask for."""
