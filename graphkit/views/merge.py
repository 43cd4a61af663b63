"""Two versions of a page with equal generated outlines, so that only people's words are merged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphkit.outline.content import content
from graphkit.text.edit import Splice, apply_splices
from graphkit.views.find_regions import SUM_WORD, find_regions
from graphkit.views.rendered_outline import checksum, read_present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.page_outline import Outline
    from graphkit.views.find_regions import Region

_Key = tuple[object, ...]


def with_generated_of(other: Outline, ours: Outline) -> str:
    """The other version's text with the generated blocks of ours, `sum=` included.

    Only regions that both versions have at one depth, under one title with one view, and in which nobody has written:
    a person's words stay, and can conflict.
    """
    known = dict(_owned(ours))
    splices: list[Splice] = []
    for key, region in _owned(other):
        mine = known.get(key)
        if mine is not None and mine.sum is not None and region.sum_span is not None:
            splices.append(Splice(*region.sum_span, f"sum={mine.sum}"))
            start, end = _range(other, region)
            text = _children(ours, mine)
            if text and start and other.text[start - 1] != "\n":
                text = f"\n{text}"
            if text and start == end and start < len(other.text):
                text += "\n"
            splices.append(Splice(start, end, text))
    return apply_splices(other.text, splices)


def _owned(outline: Outline) -> Iterator[tuple[_Key, Region]]:
    """The regions without edits, by a key that is the same in every version."""
    seen: Counter[_Key] = Counter()
    for region in find_regions(outline):
        base = 0 if region.whole_page else outline.blocks[region.block].level
        present = read_present(outline, range(region.first, region.stop), base)
        title = "" if region.whole_page else SUM_WORD.sub("", content(outline, region.block).partition("\n")[0])
        raw = outline.blocks[region.block].raw
        key: _Key = (region.whole_page, raw, title, region.view, tuple(sorted(region.values.items())))
        seen[key] += 1
        if not present or region.sum == checksum(present):
            yield (*key, seen[key]), region


def _range(outline: Outline, region: Region) -> tuple[int, int]:
    """The place of the generated blocks, without line ends after the last one."""
    start = outline.blocks[region.first - 1].end
    if region.first == region.stop:
        return start, start
    end = outline.blocks[region.stop - 1].end
    return start, start + len(outline.text[start:end].rstrip("\r\n"))


def _children(outline: Outline, region: Region) -> str:
    start, end = _range(outline, region)
    return outline.text[start:end]
