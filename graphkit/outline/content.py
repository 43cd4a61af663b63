"""A block's text as Logseq keeps it, without bullet and indentation; knows no meaning of that text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.regions import PROPERTIES_DRAWER

if TYPE_CHECKING:
    from graphkit.outline.tree import Outline

JS_SPACE: Final = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""The characters that Logseq strips as white space: JavaScript's, wider than its parser's (reference 11.1)."""
_LINES: Final = re.compile(r"\r?\n")


def content(outline: Outline, index: int) -> str:
    """The content of a block exactly as Logseq stores it (reference 3.3, 11.1).

    Line ends become LF, indentation up to two characters after the bullet's is removed, a `:PROPERTIES:` drawer
    becomes `key:: value` lines.
    """
    block = outline.blocks[index]
    text = outline.text
    if block.kind == "pre":
        raw = text[: block.end]
        return raw[1:] if raw.startswith("\ufeff") else raw
    raw = text[block.text_start : block.end]
    if "\n" not in raw:
        result = raw
    else:
        result = _unindent(raw, block.raw + 1)
    return result


def _unindent(raw: str, width: int) -> str:
    lines = _LINES.split(raw)
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return "\n".join(
        (lines[0], *(line[width:] if not line[:width].strip(JS_SPACE) else line.lstrip(JS_SPACE) for line in lines[1:]))
    )
