"""One page's facts as the bytes of a row and back: what is always read, and the inside, which is read on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date  # noqa: TC003 - the fields' types are read when facts are unpacked
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.msgpack import Decoder, Encoder

from graphkit.facts.lazy_page import BIT, INSIDE, LazyPage
from graphkit.facts.page_facts import BlockId, PageFacts, Question, Task  # noqa: TC001
from graphkit.text.records import Record, field_names, force_setattr

if TYPE_CHECKING:
    from graphkit.facts.lazy_page import ReadInside

Stamp = tuple[int, int, int, int]
"""Size, mtime_ns, inode and ctime_ns of a file."""

OUTSIDE: Final = tuple(name for name in field_names(PageFacts) if name not in INSIDE)


class Row(NamedTuple):
    """What is kept of one file."""

    stamp: bytes
    """Its stamp, `marshal`led; empty where that was too young to be trusted."""
    digest: bytes
    """Of its bytes."""
    outside: bytes
    """Facts that are always read; empty for a file that holds no page."""
    inside: bytes | None
    """The other facts; None where nobody has asked for them yet."""


class _Inside(Record, frozen=True, kw_only=True, array_like=True):
    """The facts of `lazy_page.INSIDE`."""

    tasks: tuple[Task, ...]
    questions: tuple[Question, ...]
    ids: Mapping[BlockId, int]
    block_count: int
    linked: frozenset[str]
    property_lines: Mapping[str, int]
    tags: tuple[str, ...]


_encode: Final = Encoder().encode
_page: Final = Decoder(LazyPage)
_inside: Final = Decoder(_Inside)
_ALWAYS: Final = BIT["block_count"]
"""Pending in a page into which nobody has looked, and in every page that comes from a row."""


def pack_page(facts: PageFacts) -> tuple[bytes, bytes | None]:
    """The outside and the inside of a page. Raises ValueError for text that no UTF-8 can say."""
    if unread := isinstance(facts, LazyPage) and facts.pending & _ALWAYS:
        pending = facts.pending  # type: ignore[attr-defined]  # a LazyPage
    else:
        pending = _ALWAYS
        for name in INSIDE:
            if name != "linked" and getattr(facts, name):
                pending |= BIT[name]
    linked = frozenset() if pending & BIT["linked"] else facts.linked
    page = LazyPage(
        **{name: getattr(facts, name) for name in OUTSIDE},
        linked=linked,
        pending=pending,
        possible_ids=tuple(facts.written_ids),
    )
    inside = None if unread else _encode(_Inside(**{name: getattr(facts, name) for name in INSIDE}))
    return _encode(page), inside


def unpack_page(outside: bytes, read: ReadInside) -> LazyPage:
    """The page, whose inside `read` gives. Raises ValueError for bytes that are no page's."""
    page = _page.decode(outside)
    force_setattr(page, "read", read)
    return page


def unpack_inside(inside: bytes) -> Mapping[str, Any]:
    """The facts of `lazy_page.INSIDE`. Raises ValueError for bytes that are none."""
    found = _inside.decode(inside)
    return {name: getattr(found, name) for name in INSIDE}
