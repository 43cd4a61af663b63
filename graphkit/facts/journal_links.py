"""What a journal links: pages by name, blocks by id. A cheap fact, so that activity needs no second reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.inline import read_inline
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from graphkit.outline.body import Body
    from graphkit.outline.tree import Outline

_LINK: Final = re.compile(
    r"\[\[([^\[\]\r\n]++)\]\]"
    r"|\(\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)\)"
    r"|#(?<![^\s(,]#)([^\s#,!?'\":.;\[\]()]++)"
)
_KINDS: Final = frozenset({"page", "tag", "embed", "block", "embed_block"})


def journal_links(
    outline: Outline, generated: Container[int], *, managed: bool, body: Callable[[int], Body], at: Callable[[int], int]
) -> frozenset[str]:
    """Names of the pages (as `page_name` gives them) and ids of the blocks (lower case) that a journal links.

    managed: whether graphkit wrote anything into it; what it wrote does not count (domain 4). Where there is neither
    that nor code, one search of the text is enough; else every block with a link is read.
    """
    text = outline.text
    if "[[" not in text and "#" not in text and "((" not in text:
        return frozenset()
    if not managed and not outline.hidden and "`" not in text:
        return frozenset(_key(*match) for match in _LINK.findall(text))
    found: set[str] = set()
    last = -1
    for match in _LINK.finditer(text):
        index = at(match.start())
        if index != last and index >= 0 and index not in generated:
            found.update(_block_links(text, body(index)))
        last = index
    return frozenset(found)


def _key(page: str, block: str, tag: str) -> str:
    return block.lower() if block else page_name(page or tag)


def _block_links(text: str, body: Body) -> Iterator[str]:
    written = [text[span.start : span.end] for span in body.prose]
    for part in (*written, *(prop.value for prop in body.properties)):
        for reference in read_inline(part).references:
            if reference.kind in _KINDS:
                is_block = reference.kind in {"block", "embed_block"}
                yield reference.target.lower() if is_block else page_name(reference.target)
