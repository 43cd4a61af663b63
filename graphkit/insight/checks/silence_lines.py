"""The `graphkit-ignore::` lines of one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.page_facts import Silence
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline
    from graphkit.text.source import SourceText

SILENCE_KEY: Final = "graphkit-ignore::"
_LINE: Final = lazy_pattern(r"(?m)^[ \t]*+(?:-[ \t]++)?graphkit-ignore:: ([^\r\n]*)")


def read_silences(source: SourceText, outline: Outline) -> tuple[Silence, ...]:
    """The silences of a page: of the whole page if written among its properties, else of a block and its children."""
    found: list[Silence] = []
    for match in _LINE.finditer(source.text):
        at = match.start(1)
        if any(span.start <= at < span.end for span in outline.hidden) and at >= outline.blocks[0].end:
            continue
        first, last = _covered(source, outline, at)
        line = source.position(at).line
        codes = (code.strip("`[]#").upper() for code in match[1].replace(",", " ").split())
        found.extend(Silence(code=code, line=line, first=first, last=last) for code in codes)
    return tuple(found)


def _covered(source: SourceText, outline: Outline, at: int) -> tuple[int, int | None]:
    blocks = outline.blocks
    index = max((block.index for block in blocks if block.start <= at), default=0)
    block = blocks[index]
    if block.kind == "pre":
        return 1, None
    end = blocks[block.stop - 1].end
    return source.position(block.start).line, source.position(max(end - 1, block.start)).line
