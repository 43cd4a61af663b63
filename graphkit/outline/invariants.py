"""Everything that holds for every outline, checked; for tests and for nobody's error handling."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline


def check_outline(outline: Outline) -> None:
    """Raise `AssertionError` unless spans tile the page and levels, parents and subtree ends fit together.

    Linear; the laws are those of `graphkit.outline.page_outline` and of spec: logseq-format §3.1, §3.2.
    """
    blocks, length = outline.blocks, len(outline.text)
    _check(bool(blocks) == bool(length), "blocks and text are empty together")
    at = 0
    path: list[int] = []
    for index, block in enumerate(blocks):
        _check(block.index == index, "indices count up")
        _check(block.start == at and block.start < block.end, f"block {index} starts where the one before it ends")
        _check(block.start <= block.text_start <= block.end, f"the content of block {index} lies inside it")
        _check(block.kind != "pre" or index == 0, "only the first block is a pre-block")
        _check(block.raw >= 1, f"block {index} has a raw level")
        while path and blocks[path[-1]].stop <= index:
            path.pop()
        _check(block.parent == (path[-1] if path else -1), f"block {index} stands below its parent")
        _check(block.level == len(path) + 1, f"the level of block {index} is its depth")
        _check(index < block.stop <= len(blocks), f"block {index} ends after itself")
        _check(not path or block.stop <= blocks[path[-1]].stop, f"block {index} ends within its parent")
        path.append(index)
        at = block.end
    _check(at == length, "the last block ends with the text")
    before = 0
    for start, end in outline.hidden:
        _check(before <= start < end <= length, "hidden regions are in order and apart")
        before = end


def _check(holds: bool, law: str) -> None:  # noqa: FBT001 - an assertion that ruff and -O leave alone
    if not holds:
        raise AssertionError(law)
