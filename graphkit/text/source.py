"""Bytes of a page to text and back, without losing one of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from graphkit.text.span import Position

_LINE_END = re.compile("\r\n|\n|\r")
BOM = "\ufeff"


@dataclass(frozen=True)
class SourceText:
    """One page's text; every byte that is not UTF-8 is kept as a lone surrogate (PEP 383).

    Line ends, a byte-order mark and a missing final newline stay in `text` as they are.
    """

    text: str

    @classmethod
    def decode(cls, data: bytes) -> SourceText:
        """The text of these bytes; never fails."""
        return cls(data.decode("utf-8", "surrogateescape"))

    def encode(self) -> bytes:
        """Exactly the bytes that `decode` was given."""
        return self.text.encode("utf-8", "surrogateescape")

    @property
    def has_bom(self) -> bool:
        """Whether the page starts with U+FEFF."""
        return self.text.startswith(BOM)

    @cached_property
    def is_utf8(self) -> bool:
        """False where some byte of the file was not UTF-8."""
        try:
            self.text.encode("utf-8")
        except UnicodeEncodeError:
            return False
        return True

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first code point of each line; LF, CR LF and a lone CR end lines (reference 11.1)."""
        return (0, *(match.end() for match in _LINE_END.finditer(self.text)))

    def position(self, offset: int) -> Position:
        """Line and column of an offset between 0 and the length of the text."""
        index = bisect_right(self.line_starts, offset) - 1
        return Position(index + 1, offset - self.line_starts[index] + 1)

    def utf16_column(self, offset: int) -> int:
        """Zero-based column in UTF-16 units, as editors' protocols count."""
        start = self.line_starts[bisect_right(self.line_starts, offset) - 1]
        return len(self.text[start:offset].encode("utf-16-le", "surrogatepass")) // 2
