"""The SCHEDULED and DEADLINE dates of a paragraph (spec: logseq-format §5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.dates import parse_timestamp
from graphkit.outline.inline.inline_scanner import scan_top
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.dates import Timestamp
    from graphkit.outline.inline.inline_scanner import Part

_HINT: Final = lazy_pattern(r"[<\[][-+\d]")
_KEYWORD: Final = lazy_pattern("(?:SCHEDULED|DEADLINE):")
_ONLY_STAMPS: Final = lazy_pattern(
    r"[ \t\f\x1a]*+(?:(?:SCHEDULED|DEADLINE):[ \t\f\x1a]++<[^<>\[\]\r\n]*+>[ \t\f\x1a\r\n]*+)++"
)
"""The usual paragraph with dates; what stands between `<` and `>` is for `parse_timestamp` to judge."""
_LINE_BREAK: Final = lazy_pattern(r"(?<! )  ++\r?\n|\r\n|[\r\n]")


def read_stamps(text: str, start: int, end: int) -> list[Timestamp] | None:
    """The timestamps of a paragraph whose first or second inline item is a date; None for any other paragraph.

    An item is a stretch of plain text, one construct, or a line break (spec: logseq-format §5.4).
    """
    if not _HINT.search(text, start, end):
        return None
    if _ONLY_STAMPS.fullmatch(text, start, end):
        found = [parse_timestamp(text, match.start(), end) for match in _KEYWORD.finditer(text, start, end)]
        if all(found):
            return [stamp for stamp in found if stamp is not None]
    paragraph = text[start:end]
    parts, _ = scan_top(paragraph, macros=True)
    if not _begins_with_date(paragraph, parts):
        return None
    found = [parse_timestamp(text, start + part.start, end) for part in parts if part.is_date]
    return [stamp for stamp in found if stamp is not None]


def _begins_with_date(paragraph: str, parts: list[Part]) -> bool:
    items = at = 0
    for part in parts:
        items += _count_items(paragraph[at : part.start])
        if items > 1:
            return False
        if part.is_date:
            return True
        items += 1
        at = part.end
    return False


def _count_items(plain: str) -> int:
    """How many items the text between two constructs is: its line breaks, and what stands between those."""
    if not plain:
        return 0
    breaks = _LINE_BREAK.findall(plain)
    return len(breaks) + sum(1 for piece in _LINE_BREAK.split(plain) if piece)
