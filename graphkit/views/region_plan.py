"""One managed region: whether it is current, out of date or edited by a person, and the splices that update it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.text.diff import unified_diff
from graphkit.text.edit import Splice
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.views.rendered_outline import (
    checksum,
    keep_identities,
    normal_form,
    read_present,
    write_outline,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.outline.page_outline import Outline
    from graphkit.views.find_regions import Region
    from graphkit.views.rendered_outline import GeneratedBlock

State = Literal["current", "outdated", "edited"]
"""current: nothing to write; outdated: graphkit's own text, to be renewed; edited: a person's words are in it."""

_EOL = lazy_pattern(r"\r\n|\n|\r")
_TAIL = lazy_pattern(r"[ \t\r\n]*\Z")


class RegionPlan(Record, frozen=True, kw_only=True):
    """The plan for one region."""

    state: State
    splices: tuple[Splice, ...] = ()
    """Empty for a current region, and for an edited one unless it is taken over by force."""
    diff: str = ""
    """For an edited region: its outline and the rendered one, indented by tabs."""


def plan_region(
    outline: Outline, region: Region, blocks: Sequence[GeneratedBlock], *, indentation: str, force: bool = False
) -> RegionPlan:
    """Compare the contents of a region with the rendered outline, both in normal form.

    indentation: the vault's own, for pages that show none. A region without words is graphkit's whatever its `sum=`
    says: there is nothing in it that could be lost.
    """
    base = 0 if region.whole_page else outline.blocks[region.block].level
    present = read_present(outline, range(region.first, region.stop), base)
    new_sum = checksum(blocks)
    if normal_form(present) == normal_form(blocks):
        current: tuple[Splice, ...] = () if region.sum == new_sum else (_sum_splice(region, new_sum),)
        return RegionPlan(state="outdated" if current else "current", splices=current)
    owned = region.sum == checksum(present) or not normal_form(present)
    if not owned and not force:
        return RegionPlan(state="edited", diff=_diff(present, blocks))
    merged = keep_identities(blocks, present)
    splices = _apart(_sum_splice(region, new_sum), _children_splice(outline, region, merged, indentation))
    if owned:
        return RegionPlan(state="outdated", splices=splices)
    return RegionPlan(state="edited", splices=splices, diff=_diff(present, blocks))


def _apart(mark: Splice, children: Splice) -> tuple[Splice, ...]:
    """The two splices, as one where both are insertions behind the property, the block's last line."""
    if mark.start == mark.end == children.start == children.end:
        return (Splice(mark.start, mark.end, mark.text + children.text),)
    return (mark, children)


def _diff(present: Sequence[GeneratedBlock], blocks: Sequence[GeneratedBlock]) -> str:
    before, after = (
        write_outline(outline, indent="", unit="\t", eol="\n") + "\n" if outline else ""
        for outline in (_bare(present), _bare(blocks))
    )
    diff = unified_diff("x", before, after)
    return diff.partition("\n")[2].partition("\n")[2]


def _bare(blocks: Sequence[GeneratedBlock]) -> list[GeneratedBlock]:
    """The outline without ids and folds, which are not edits and only noise in a diff."""
    from graphkit.text.records import replace  # noqa: PLC0415 - only where there is something to show

    return [replace(block, kept=()) for block in blocks]


def _sum_splice(region: Region, value: str) -> Splice:
    if region.sum_span is not None:
        return Splice(region.sum_span.start, region.sum_span.end, f"sum={value}")
    return Splice(region.value_end, region.value_end, f" sum={value}")


def _children_splice(outline: Outline, region: Region, blocks: Sequence[GeneratedBlock], indentation: str) -> Splice:
    text = outline.text
    eol = line_end(text, outline.blocks[region.block].start)
    indent, unit = _indentation(outline, region, indentation)
    written = write_outline(blocks, indent=indent, unit=unit, eol=eol)
    if region.first < region.stop:
        start = outline.blocks[region.first].start
        # Blank lines behind the last block stand between it and what follows; they are not the region's.
        end = content_end(text, start, outline.blocks[region.stop - 1].end)
        if not written:
            start = content_end(text, outline.blocks[region.block].start, start)
        return Splice(start, end, written)
    end = content_end(text, outline.blocks[region.block].start, outline.blocks[region.block].end)
    gap = eol * (2 if region.whole_page else 1)
    return Splice(end, end, gap + written if written else "")


def content_end(text: str, start: int, end: int) -> int:
    """The end of the last non-blank line between two offsets, including its trailing blanks."""
    last = len(text[start:end].rstrip(" \t\r\n")) + start
    match = _EOL.search(text, last, end)
    return match.start() if match else end


def line_end(text: str, near: int = 0) -> str:
    """The line end that is used at a place of a page: that of the line there, else the page's first, else LF."""
    match = _EOL.search(text, near) or _EOL.search(text)
    return match[0] if match else "\n"


def _indentation(outline: Outline, region: Region, default: str) -> tuple[str, str]:
    """White space before the region's first level, and what each further level adds.

    As the managed block's own indentation shows it, else the blocks that stand there now, else the page's first nested
    block, else the vault's setting.
    """
    text, blocks = outline.text, outline.blocks
    block = blocks[region.block]
    if region.whole_page:
        return "", _unit_of_nested(outline, range(region.first, region.stop)) or default
    own = _white(outline, region.block)
    unit = _step(outline, region.block)
    if not unit and region.first < region.stop:
        unit = _step(outline, region.first)
    unit = unit or _unit_of_nested(outline, range(len(blocks))) or default
    if not unit.strip(" ") and len(unit) > 8:
        unit = default  # someone's hanging indent, which cannot be repeated as a step
    indent = own + unit
    # The block can be deeper than it is indented (spec: logseq-format §3.2, last case): its children must outdo its
    # siblings.
    siblings = [blocks[index].raw for index in outline.children(block.parent) if index <= region.block]
    while len(indent) + 1 <= max(siblings):
        indent += unit
    assert text[block.start : block.start + len(own)] == own or block.kind != "bullet"  # noqa: S101
    return indent, unit


def page_step(outline: Outline, default: str) -> str:
    """One level of indentation on a page: that of its first nested block, else the default."""
    return _unit_of_nested(outline, range(len(outline.blocks))) or default


def _unit_of_nested(outline: Outline, indices: range) -> str:
    return next((unit for index in indices if (unit := _step(outline, index))), "")


def _step(outline: Outline, index: int) -> str:
    """What a block's indentation adds to its parent's; empty if it adds none or another kind of white space."""
    block = outline.blocks[index]
    if block.parent < 0:
        return ""
    own, above = _white(outline, index), _white(outline, block.parent)
    return own[len(above) :] if own.startswith(above) else ""


def _white(outline: Outline, index: int) -> str:
    block = outline.blocks[index]
    return outline.text[block.start : block.start + block.raw - 1] if block.kind == "bullet" else ""
