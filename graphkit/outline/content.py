"""A block's text as Logseq keeps it, without bullet and indentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.properties import JS_SPACE
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline

_LINES: Final = lazy_pattern(r"\r?\n")
_OPENING: Final = ":PROPERTIES:"
_CLOSING: Final = ":END:"
_RENAMED: Final = {"custom-id": "id", "id": "id", "last-modified-at": "updated-at"}


def content(outline: Outline, index: int) -> str:
    """The content of a block exactly as Logseq stores it (spec: logseq-format §3.3, §11.1).

    Line ends become LF, indentation up to two characters after the bullet's is removed, a `:PROPERTIES:` drawer
    becomes `key:: value` lines.
    """
    block = outline.blocks[index]
    text = outline.text
    if block.kind == "pre":
        return text[: block.end].removeprefix("\ufeff")
    start = block.text_start
    if "\x1a" in text[block.start : start]:
        start = block.start + text[block.start : start].index("\x1a")  # to Logseq no white space, so the bullet is text
    raw = text[start : block.end]
    if "\n" not in raw:
        return raw
    result = _unindent(raw, block.raw + 1)
    return _without_drawer(result) if ":PROPERTIES:" in result else result


def _unindent(raw: str, width: int) -> str:
    """The lines without the block's indentation: `width` white-space characters, or all where there are fewer."""
    lines = _LINES.split(raw)
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return "\n".join(
        (lines[0], *(line.lstrip(JS_SPACE) if line[:width].strip(JS_SPACE) else line[width:] for line in lines[1:]))
    )


def _without_drawer(text: str) -> str:
    """The content with the lines of its first properties drawer as `key:: value` lines.

    spec: logseq-format §3.3, §4.2.
    """
    lines = text.split("\n")
    if _OPENING not in lines or _CLOSING not in lines:
        return text
    start, end = lines.index(_OPENING), lines.index(_CLOSING)
    if end < start:
        return text
    return "\n".join((*lines[:start], *map(_property_line, lines[start + 1 : end]), *lines[end + 1 :]))


def _property_line(line: str) -> str:
    key, colon, value = line[1:].partition(":")
    if not colon:
        return line
    key = key.replace("_", "-")
    key = _RENAMED.get(key.lower(), key)
    return f"{key}:: {value.strip(JS_SPACE)}"
