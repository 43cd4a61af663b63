"""The text in which Logseq itself would save a page that it has read.

Logseq writes whole pages again as soon as somebody edits one block (spec: logseq-format §3.7); a page in this form
makes no diff.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import read_body
from graphkit.outline.constructs import Regions
from graphkit.outline.content import content
from graphkit.outline.properties import JS_SPACE
from graphkit.outline.typed_values import is_heading
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphkit.outline.page_outline import Body, Outline

TAB: Final = "\t"
_HEADING: Final = lazy_pattern(r"[ \t\f\x1a]*+#++(?=[ \t\f\r\n]|\Z)")
_LINE: Final = lazy_pattern(r"[^\n]*\n?")
_UNTITLED: Final = frozenset({"html", "hiccup"})
"""Constructs that Logseq passes over where it looks for a block's properties."""
_UUID: Final = lazy_pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def saved_text(outline: Outline, *, unit: str = TAB, taken: Collection[str] = ()) -> str:
    """The page as Logseq would save it; linear (completed from the save cases of the conformance data).

    spec: logseq-format §3.7.

    unit: one level of indentation (`:export/bullet-indentation`). taken: ids, in lower case, of blocks on pages that
    are loaded before this one; a second block with such an id loses its `id::` line (spec: logseq-format §4.6).
    """
    pieces: list[str] = []
    seen = set(taken)
    for block in outline.blocks:
        index = block.index
        text = content(outline, index)
        body = read_body(outline, index) if "::" in text else None
        if body is not None:
            text = _without_taken_id(text, body, seen)
        if index == 0:
            if block.kind == "pre" or ":: " in text.partition("\n")[0]:
                pieces.append(text.strip(JS_SPACE) + "\n")
                continue
            if _HEADING.match(text) or (body is not None and is_heading(body.properties)):
                pieces.append((_folded(text) if body and body.collapsed else text).strip(JS_SPACE))
                continue
        if body is not None and body.collapsed:
            text = _folded(text)
        trimmed = text.strip(JS_SPACE)
        indent = unit * (block.level - 1)
        pieces.append(f"{indent}-{' ' if trimmed else ''}" + trimmed.replace("\n", f"\n{indent}  "))
    return "\n".join(pieces)


def block_identity(body: Body) -> str | None:
    """The well-formed id of a block in lower case; the last of its `id::` lines counts.

    spec: logseq-format §4.2, §4.6.
    """
    identity = None
    for prop in body.properties:
        if prop.key == "id":
            identity = prop.value
    return identity.lower() if identity and _UUID.fullmatch(identity) else None


def _without_taken_id(text: str, body: Body, seen: set[str]) -> str:
    """The content without its first line for an id that another block has; `seen` is extended."""
    identity = block_identity(body)
    if identity in seen:
        return re.sub(rf"^[ \t]*+(?i:id):: +(?i:{identity})[ \t]*(?:\n|\Z)", "", text, count=1, flags=re.MULTILINE)
    if identity:
        seen.add(identity)
    return text


def _folded(text: str) -> str:
    """The content of a folded block with `collapsed:: true` as Logseq puts it in (*adding a property*).

    spec: logseq-format §3.8.

    In place where properties follow the title directly; else once more below the title, or first if it has none.
    """
    regions = Regions(text)
    at = title_end = 0
    titled = False
    while at < len(text):
        region = regions.read(at)
        if region is None:
            line = _LINE.match(text, at)
            at = line.end() if line else len(text)
            if not titled and text[title_end:at].strip(JS_SPACE):
                titled, title_end = True, at
            elif not titled:
                title_end = at
        elif region.kind == "properties":
            return _with_folded_line(text)
        elif region.kind in _UNTITLED:
            at = region.end
        else:
            break
    if not titled:
        return f"collapsed:: true\n{text}"
    return f"{text[:title_end]}collapsed:: true\n{text[title_end:]}"


def _with_folded_line(text: str) -> str:
    """The content with `collapsed:: true` in its runs of property lines: in place, else at the end of each run.

    Logseq looks for lines here, not for properties: it passes over a line that is indented by two blanks, and the
    values of the others lose the white space around them.
    """
    lines: list[str] = []
    found = False
    for is_property, run in groupby(_LINE_END.split(text), key=_looks_like_property):
        for line in run:
            key, colons, value = line.partition(":: ") if is_property else (line, "", "")
            found = found or bool(colons and key == "collapsed")
            value = "true" if colons and key == "collapsed" else value.strip(JS_SPACE)
            lines.append(f"{key}:: {value}" if colons else line)
        if is_property and not found:
            lines.append("collapsed:: true")
    return "\n".join(lines).rstrip(JS_SPACE)


def _looks_like_property(line: str) -> bool:
    return _PROPERTY_LIKE.match(line) is not None


_LINE_END: Final = lazy_pattern(r"\r?\n")
_PROPERTY_LIKE: Final = lazy_pattern(r"\s?[^ ]+::")
