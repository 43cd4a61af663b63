"""A rendered page template as the text of a new page, read back before anyone writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.outline.header import read_header
from graphkit.text.patterns import lazy_pattern
from graphkit.views.rendered_outline import ReadBackError, check_outline, read_blocks, write_outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.outline.page_outline import Outline

_PROPERTY = lazy_pattern(r"([^\s:]+)::(?: (.*))?")


def read_new_page(text: str, scan: Callable[[str], Outline], *, indentation: str) -> str:
    """The page as Logseq writes it: property lines, a blank line, the outline, no line end behind the last (3.7).

    text: a template's output: `key:: value` lines, then blocks with one tab a level. scan: the vault's reading of a
    page. indentation: what one level has in this vault's files. Raises ReadBackError for text that does not read back
    as the properties and blocks that were meant.
    """
    head, body, first = _parted(text)
    blocks = read_blocks(body, first)
    outline = write_outline(blocks, indent="", unit=indentation, eol="\n")
    page = "\n\n".join(part for part in ("\n".join(head), outline) if part)
    if head and not blocks:
        page += "\n"  # as Logseq ends a page that has properties and nothing else
    scanned = scan(page)
    has_head = bool(scanned.blocks) and scanned.blocks[0].kind == "pre"
    properties = read_header(scanned).properties if has_head else ()
    meant = [match.groups() for line in head if (match := _PROPERTY.fullmatch(line))]
    if [(prop.raw_key, prop.value) for prop in properties] != [(key, (value or "").strip()) for key, value in meant]:
        raise ReadBackError(1, head[0] if head else "", "the properties do not read back as they were meant")
    check_outline(scanned, blocks, offset=1 if head else 0, base_level=0, tasks=True)
    return page


def _parted(text: str) -> tuple[list[str], str, int]:
    """The property lines, the outline's text, and the line number at which that begins."""
    lines = text.split("\n")
    head: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.startswith("-"):
            return head, "\n".join(lines[number - 1 :]), number
        if not _PROPERTY.fullmatch(line):
            raise ReadBackError(number, line, "only `key:: value` lines are allowed before the first block")
        head.append(line.rstrip())
    return head, "", len(lines)
