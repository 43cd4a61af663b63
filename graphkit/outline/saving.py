"""The text in which Logseq itself would save a page that it has read, and what that would lose; knows no file.

Logseq writes whole pages anew as soon as a person edits one block (reference 3.7); a page in this form makes no diff.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.properties import JS_SPACE

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphkit.outline.tree import Outline

TAB: Final = "\t"
_HEADING: Final = re.compile(r"[ \t\f\x1a]*+#++(?=[ \t\f\r\n]|\Z)")
_ID_LINE: Final = re.compile(r"^(?i:id):: [^\n]*\n?", re.MULTILINE)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def saved_text(outline: Outline, *, unit: str = TAB, taken: Collection[str] = ()) -> str:
    """The page as Logseq would save it; linear (reference 3.7, and the save cases of the conformance data).

    unit: one level of indentation (`:export/bullet-indentation`). taken: ids, in lower case, that blocks of pages
    loaded earlier have; a second block with such an id loses its `id::` line (reference 4.6).
    """
    pieces: list[str] = []
    seen = set(taken)
    for block in outline.blocks:
        text = content(outline, block.index)
        if "id::" in text.lower():
            identity = block_identity(outline, block.index)
            if identity in seen:
                text = _ID_LINE.sub("", text, count=1)
            elif identity:
                seen.add(identity)
        trimmed = text.strip(JS_SPACE)
        if block.index == 0:
            if block.kind == "pre" or ":: " in text.partition("\n")[0]:
                pieces.append(trimmed + "\n")
                continue
            if _HEADING.match(text):
                pieces.append(trimmed)
                continue
        indent = unit * (block.level - 1)
        pieces.append(f"{indent}-{' ' if trimmed else ''}" + trimmed.replace("\n", f"\n{indent}  "))
    return "\n".join(pieces)


def block_identity(outline: Outline, index: int) -> str | None:
    """The well-formed id of a block in lower case; the last of its `id::` lines counts (reference 4.2, 4.6)."""
    identity = None
    for prop in read_body(outline, index).properties:
        if prop.key == "id":
            identity = prop.value
    return identity.lower() if identity and _UUID.fullmatch(identity) else None
