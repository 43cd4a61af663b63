"""What a journal links: pages by name, blocks by id. A cheap fact, so that activity needs no second reading."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.outline.inline import read_inline
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from graphkit.outline.body import Body
    from graphkit.outline.tree import Outline

# One pattern a kind: each begins with a literal, which is ten times as fast to look for as any of three.
_PAGE: Final = re.compile(r"\[\[([^\[\]\r\n]++)\]\]")
_TAG: Final = re.compile(r"#(?<![^\s(,]#)([^\s#,!?'\":.;\[\]()]++)")
_BLOCK: Final = re.compile(r"\(\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)\)")
_GATES: Final = (("[[", _PAGE), ("#", _TAG), ("((", _BLOCK))
_KINDS: Final = frozenset({"page", "tag", "embed", "block", "embed_block"})


def journal_links(
    outline: Outline, generated: Container[int], *, managed: bool, body: Callable[[int], Body], at: Callable[[int], int]
) -> frozenset[str]:
    """The page titles and tags, as written, and the block ids that a journal links; `link_key` makes them comparable.

    managed: whether graphkit wrote anything into it; what it wrote does not count (domain 4), nor does code. Only a
    block with a code sign is read as Logseq reads it.
    """
    text = outline.text
    patterns = [pattern for gate, pattern in _GATES if gate in text]
    found: set[str] = set()
    if not managed and not outline.hidden and "`" not in text:
        for pattern in patterns:
            found.update(pattern.findall(text))
        return frozenset(found)
    hidden = [span.start for span in outline.hidden]
    ticks = "`" in text
    coded: dict[int, bool] = {}
    for pattern in patterns:
        for match in pattern.finditer(text):
            place = bisect_right(hidden, match.start()) - 1
            if place >= 0 and match.start() < outline.hidden[place].end:
                continue
            index = at(match.start()) if managed or ticks else 0
            if managed and index in generated:
                continue
            if ticks and index not in coded:
                coded[index] = "`" in text[outline.blocks[index].start : outline.blocks[index].end]
                if coded[index]:
                    found.update(_block_links(text, body(index)))
            if not (ticks and coded[index]):
                found.add(match[1])
    return frozenset(found)


def link_key(written: str) -> str:
    """A title or a block id as written, in a form that can be compared: `page_name`, which leaves ids as they are."""
    return page_name(written)


def _block_links(text: str, body: Body) -> Iterator[str]:
    written = [text[span.start : span.end] for span in body.prose]
    for part in (*written, *(prop.value for prop in body.properties)):
        for reference in read_inline(part).references:
            if reference.kind in _KINDS:
                yield reference.target
