"""Everything each section of a page says by itself, without the sections inside it.

spec: domain §1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.dialects import shown_text
from graphkit.facts.generated_blocks import managed_blocks
from graphkit.outline.body import read_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.facts.page_facts import Section, SectionKind
    from graphkit.outline.page_outline import Outline
    from graphkit.text.span import Span


def section_parts(
    outline: Outline,
    sections: Sequence[Section],
    *,
    told: tuple[SectionKind, ...],
    whole: tuple[SectionKind, ...] = (),
    without: Iterable[range] = (),
    tables: Sequence[Span] = (),
) -> tuple[tuple[str, str], ...]:
    """Title and text of each section in page order: one line a block, a table's rows each on its own.

    told: kinds that are told elsewhere; their own text is left out, sections inside them are not. whole: kinds that
    are told elsewhere with all that is inside. without: blocks that are told elsewhere (tasks), which do not count
    where they are a section's heading. tables: parts of the text that are told elsewhere. What graphkit generated is
    left out. A section that only holds other sections, such blocks or such a part does not count; one that says
    nothing at all is in it with an empty text.
    """
    blocks = len(outline.blocks)
    by_first = {section.first: number for number, section in enumerate(sections)}
    skip_until: dict[int, int] = {index: outline.blocks[index].stop for index in managed_blocks(outline)}
    for found in without:
        if found.start not in by_first:
            skip_until[found.start] = max(found.stop, skip_until.get(found.start, 0))
    texts: list[list[str]] = [[] for _ in sections]
    holds: set[int] = set()
    inside: set[int] = set()
    open_: list[int] = []
    skipped = 0
    for index in range(blocks):
        while open_ and sections[open_[-1]].stop <= index:
            open_.pop()
        number = by_first.get(index)
        if number is not None:
            if open_:
                holds.add(open_[-1])
                if open_[-1] in inside or sections[open_[-1]].kind in whole:
                    inside.add(number)
            open_.append(number)
        if not open_:
            continue
        skipped = max(skipped, skip_until.get(index, 0))
        if index < skipped:
            holds.add(open_[-1])
            continue
        block = outline.blocks[index]
        if any(block.start <= table.start < block.end for table in tables):
            holds.add(open_[-1])
        section = sections[open_[-1]]
        if open_[-1] not in inside and section.kind not in told and section.kind not in whole:
            texts[open_[-1]] += _block_lines(outline, index, tables, heading=number is not None)
    return tuple(
        (section.title, "\n".join(texts[number]))
        for number, section in enumerate(sections)
        if number not in inside
        and section.kind not in told
        and section.kind not in whole
        and (texts[number] or number not in holds)
    )


def _block_lines(outline: Outline, index: int, tables: Sequence[Span], *, heading: bool) -> list[str]:
    body = read_body(outline, index)
    lines: list[str] = []
    end = 0
    for span in body.prose[1:] if heading else body.prose:
        if any(table.start <= span.start < table.end for table in tables):
            continue
        shown = " ".join(shown_text(outline, outline.text[span.start : span.end]).split())
        if not shown:
            continue
        between = outline.text[end : span.start] if lines else "\n|"
        end = span.end
        if "|" not in between:
            lines[-1] += f" {shown}"
        elif "\n" in between or "\r" in between:  # a table's next row; its cells are spans of their own
            lines.append(shown)
        else:
            lines[-1] += f" | {shown}"
    if body.marker and lines and not heading:
        lines[0] = f"{body.marker} {lines[0]}"
    return lines
