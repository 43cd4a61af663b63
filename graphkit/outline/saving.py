"""The text in which Logseq itself would save a page that it has read; knows no file, and writes nothing.

Logseq writes whole pages anew as soon as a person edits one block (reference 3.7); a page in this form makes no diff.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.properties import JS_SPACE, typed_value

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphkit.outline.body import Body
    from graphkit.outline.tree import Outline

TAB: Final = "\t"
_HEADING: Final = re.compile(r"[ \t\f\x1a]*+#++(?=[ \t\f\r\n]|\Z)")
_COLLAPSED_LINE: Final = re.compile(r"^([ \t]*+(?i:collapsed):: )(?!true[ \t]*$)[^\n]*$", re.MULTILINE)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def saved_text(outline: Outline, *, unit: str = TAB, taken: Collection[str] = ()) -> str:
    """The page as Logseq would save it; linear (reference 3.7, completed from the save cases of the conformance data).

    unit: one level of indentation (`:export/bullet-indentation`). taken: ids, in lower case, of blocks on pages that
    are loaded before this one; a second block with such an id loses its `id::` line (reference 4.6).
    """
    pieces: list[str] = []
    seen = set(taken)
    for block in outline.blocks:
        index = block.index
        text = content(outline, index)
        body = read_body(outline, index) if "::" in text else None
        if body is not None:
            text = _as_kept(text, body, seen)
        trimmed = text.strip(JS_SPACE)
        if index == 0:
            if block.kind == "pre" or ":: " in text.partition("\n")[0]:
                pieces.append(trimmed + "\n")
                continue
            if _HEADING.match(text) or (body is not None and _is_heading(body)):
                pieces.append(trimmed)
                continue
        indent = unit * (block.level - 1)
        pieces.append(f"{indent}-{' ' if trimmed else ''}" + trimmed.replace("\n", f"\n{indent}  "))
    return "\n".join(pieces)


def block_identity(body: Body) -> str | None:
    """The well-formed id of a block in lower case; the last of its `id::` lines counts (reference 4.2, 4.6)."""
    identity = None
    for prop in body.properties:
        if prop.key == "id":
            identity = prop.value
    return identity.lower() if identity and _UUID.fullmatch(identity) else None


def _as_kept(text: str, body: Body, seen: set[str]) -> str:
    """The content as it is after loading: a taken id dropped (`seen` is extended), folded as `true`."""
    identity = block_identity(body)
    if identity in seen:
        text = re.sub(rf"^[ \t]*+(?i:id):: +(?i:{identity})[ \t]*(?:\n|\Z)", "", text, count=1, flags=re.MULTILINE)
    elif identity:
        seen.add(identity)
    return _COLLAPSED_LINE.sub(r"\1true", text) if body.collapsed else text


def _is_heading(body: Body) -> bool:
    """Whether `heading::` makes the block one (reference 3.6)."""
    value: object = False
    for prop in body.properties:
        if prop.key == "heading":
            value = typed_value(prop)
    return value is not False
