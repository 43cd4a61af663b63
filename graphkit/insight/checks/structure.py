"""Where the outline that Logseq reads is not the one that was drawn: headings and code fences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import SHOWN_TEXT, excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic

_INDENTED_HEADING: Final = lazy_pattern(r"\n[ \t]++(#++)[ \t]")


def nested_headings(page: PageReading) -> Iterator[Diagnostic]:
    """E140: an indented heading without a bullet, which becomes a block at the top level.

    spec: logseq-format §3.1, §3.2.
    """
    first_bullet: int | None = None
    for match in page.lines(_INDENTED_HEADING):
        if not page.starts_block(match.start()):
            continue
        blocks = page.outline.blocks
        if first_bullet is None:
            first_bullet = next((block.index for block in blocks if block.kind == "bullet"), len(blocks))
        index = page.block_at(match.start())
        if blocks[index].kind == "heading" and first_bullet < index:
            start = match.start(1) - 1
            yield page.finding(
                "E140",
                start,
                "this heading has no bullet, so it jumps out of its block to the top level: "
                f"“{excerpt(page.rest_of_line(start))}”",
                "write `- ` before the `#`",
            )


_FENCE_LINE: Final = lazy_pattern(r"\n[ \t\f\x1a]*+(-[ \t]++(?:#++[ \t]++)?)?(```|~~~)([^\r\n]*+)")
_BULLET_INSIDE: Final = lazy_pattern(r"\n([ \t]*+)-[ \t]")
_FENCED_BULLET: Final = lazy_pattern(r"\n[ \t]*+-[ \t]++(?:```|~~~)")
_LAST_LINE: Final = lazy_pattern(r"[ \t\f\x1a]*+(?:```|~~~)[`~]*+[ \t]*+([A-Za-z][^\s`]*+)?")


def open_fences(page: PageReading) -> Iterator[Diagnostic]:
    """E141: a line of code signs that no later one closes; Logseq takes it and what follows for ordinary text.

    Lines inside other constructs (quotes, list items) are paired as they are meant: one behind a bullet opens only.
    """
    if "```" not in page.text and "~~~" not in page.text:
        return
    opened: int | None = None
    for match in page.lines(_FENCE_LINE):
        start = match.start(2) - 1
        if match[2] in match[3] or page.is_hidden(start):
            continue
        opened = start if opened is None or match[1] else None
    if opened is not None:
        signs = page.text[opened : opened + 3]
        yield page.finding(
            "E141",
            opened,
            "this code is never closed: Logseq reads it as ordinary text, and bullets below it as blocks",
            f"write {signs} on its own line where the code ends",
        )


def swallowing_fences(page: PageReading) -> Iterator[Diagnostic]:
    """E142: code that ends where other code seems to begin, with bullets in between that are no blocks.

    spec: logseq-format §11 row 75.
    """
    text = page.text
    if "```" not in text and "~~~" not in text:
        return
    for span in page.outline.hidden:
        if text[span.start : span.end].lstrip()[:3] not in {"```", "~~~"}:
            continue
        inside = text[span.start : span.end].rstrip()
        last = inside.rfind("\n")
        closer = _LAST_LINE.match(inside, last + 1) if last > 0 else None
        if closer is None:
            continue
        bullets = sum(1 for _ in _BULLET_INSIDE.finditer(inside))
        reopened = closer[1] is not None or _FENCED_BULLET.search(inside)
        if not bullets or not reopened or SHOWN_TEXT.match(inside.lstrip()):
            continue
        start = span.start + len(inside) - len(inside.lstrip())
        number = "a line that looks like a block is" if bullets == 1 else f"{bullets:,} lines that look like blocks are"
        line = page.source.position(span.start + last + 1).line
        yield page.finding(
            "E142",
            start,
            f"this code continues to line {line}, and {number} part of it",
            "if the code ends earlier, close it there",
        )


RULES: Final = (
    Rule(("E140",), nested_headings),
    Rule(("E141",), open_fences),
    Rule(("E142",), swallowing_fences),
)
"""The rules of this module."""
