"""Lossless conversion between a page's bytes and text."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Position

_LINE_END = lazy_pattern("\r\n|\n|\r")
_FEW = 16
_SHORT = 1 << 18
"""Above this many code points, a table of lines is cheaper than counting."""
BOM = "\ufeff"


def text_of(data: bytes) -> str:
    """The text of these bytes, those that are not UTF-8 as lone surrogates; never fails."""
    return data.decode("utf-8", "surrogateescape")


class SourceText:
    """One page's text; every byte that is not UTF-8 is kept as a lone surrogate (PEP 383).

    Line ends, a byte-order mark and a missing final newline stay in `text` as they are.
    """

    __slots__ = ("_asked", "_last", "_line_starts", "_no_cr", "text")

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self._asked = 0
        self._last = 0, 1
        """Where the line that was asked for last begins, and its number; most are asked for in their order."""
        self._line_starts: list[int] | None = None
        self._no_cr: bool | None = None

    @classmethod
    def decode(cls, data: bytes) -> SourceText:
        """The text of these bytes; never fails."""
        return cls(text_of(data))

    def encode(self) -> bytes:
        """Exactly the bytes that `decode` was given."""
        return self.text.encode("utf-8", "surrogateescape")

    @property
    def is_utf8(self) -> bool:
        """False if some byte of the file was not UTF-8."""
        try:
            self.text.encode("utf-8")
        except UnicodeEncodeError:
            return False
        return True

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first code point of each line; LF, CR LF and a lone CR end lines.

        spec: logseq-format §11.1.
        """
        if self._line_starts is None:
            self._line_starts = [0, *[match.end() for match in _LINE_END.finditer(self.text)]]
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset between 0 and the length of the text."""
        if self._line_starts is None and self._counts():
            text = self.text
            start = text.rfind("\n", 0, offset) + 1
            before, line = self._last if start >= self._last[0] else (0, 1)
            line += text.count("\n", before, start)
            self._last = start, line
            return Position(line, offset - start + 1)
        index = bisect_right(self.line_starts, offset) - 1
        return Position(index + 1, offset - self.line_starts[index] + 1)

    def _counts(self) -> bool:
        """True if counting in C is cheaper than a table of lines, as for the few places most pages are asked for."""
        self._asked += 1
        if self._no_cr is None:
            self._no_cr = "\r" not in self.text
        return self._no_cr and (self._asked <= _FEW or self._asked * len(self.text) <= _SHORT)
