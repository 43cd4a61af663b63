"""The type that a page declares, including declarations in the wrong place."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from graphkit.facts.property_values import read_names
from graphkit.outline.body import read_body
from graphkit.outline.property_runs import is_simple_run, read_run
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from graphkit.outline.page_outline import Outline
    from graphkit.outline.properties import Property

_LINE = lazy_pattern(r"(?:\A|(?<=\n))[ \t]*+[^\s:]++:: [^\r\n]*")
_NOT_OF_PAGES = frozenset({"id", "collapsed", "alias", "aliases", "tags", "title"})
"""Keys that mean something else in a block, or decide about names, where only Logseq's own reading counts."""


class PageTypes(NamedTuple):
    """Everything a page says about its kind; by itself: nothing."""

    names: frozenset[str] = frozenset()
    """Types in lower case, of every line that names one."""
    repeated: tuple[Property, ...] = ()
    """Second and further lines of one key among the page properties; Logseq takes the last one only."""
    misplaced: tuple[Property, ...] = ()
    """Lines that name a type where Logseq reads a block's property, or none at all."""
    beside: tuple[Property, ...] = ()
    """Further properties of the block in which a misplaced line stands, to be read as the page's where it has none."""


def read_page_types(
    outline: Outline,
    header: Iterable[Property],
    *,
    keys: Collection[str],
    known: Collection[str],
    by_tag: bool,
    elsewhere: bool = True,
) -> PageTypes:
    """The types of a page: its properties of these keys (and `tags` with `by_tag`), and lines meant as such.

    Meant as a page's type is a line of such a key elsewhere in the pre-block, or in the first block behind it (Logseq
    makes a page property of the latter when it saves the page, spec: logseq-format §3.5); a key other than `page-type`
    only with a `known` type. Such lines are looked for only with `elsewhere`.
    """
    properties = tuple(header)
    written = [prop for prop in properties if prop.key in keys]
    seen: set[str] = set()
    repeated = []
    for prop in written:
        if prop.key in seen:
            repeated.append(prop)
        seen.add(prop.key)
    tagged = [prop for prop in properties if prop.key == "tags"][-1:] if by_tag else []
    misplaced: tuple[Property, ...] = ()
    beside: tuple[Property, ...] = ()
    if elsewhere:
        misplaced, beside = _misplaced(outline, properties, keys, known)
    names = frozenset(name.lower() for prop in (*written, *tagged, *misplaced) for name in read_names(prop.value))
    return PageTypes(names, tuple(repeated), misplaced, beside)


def _misplaced(
    outline: Outline, properties: Sequence[Property], keys: Collection[str], known: Collection[str]
) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
    text = outline.text
    blocks = outline.blocks
    if not may_name_type(text, keys) or _are_at_the_top(text, properties, keys):
        return (), ()
    read = {prop.start for prop in properties}
    found: list[Property] = []
    first = 0
    if blocks and blocks[0].kind == "pre":
        first = 1
        if outline.reader is not None or not is_simple_run(text, blocks[0].end):  # of such a run the header has all
            found = [prop for prop in _lines(outline) if prop.start not in read and _names_type(prop, keys, known)]
    if first < len(blocks) and "::" in text[blocks[first].start : blocks[first].end]:
        body = read_body(outline, first)
        own = [prop for prop in body.properties if _names_type(prop, keys, known)]
        if own and body.marker is None:
            typing = {prop.start for prop in own}
            rest = tuple(p for p in body.properties if p.start not in typing and p.key not in _NOT_OF_PAGES)
            return (*found, *own), rest
    return tuple(found), ()


def may_name_type(text: str, keys: Collection[str]) -> bool:
    """Cheap: most pages hold no line of any such key."""
    return "type::" in text or any(f"{key}::" in text for key in keys if not key.endswith("type"))


def _are_at_the_top(text: str, properties: Sequence[Property], keys: Collection[str]) -> bool:
    """Cheap: whether the lines that can name a type are all among the page properties, as on nearly every page."""
    if not all(key.endswith("type") for key in keys):
        return False
    written = [prop for prop in properties if prop.raw_key.endswith("type")]
    return text.count("type::") == len(written) and all(
        text.startswith("::", prop.start + len(prop.raw_key)) for prop in written
    )


def _lines(outline: Outline) -> Iterator[Property]:
    """Every line of the pre-block that looks like a property, code left out."""
    starts = [span.start for span in outline.hidden]
    for match in _LINE.finditer(outline.text, 0, outline.blocks[0].end):
        at = bisect_right(starts, match.start()) - 1
        if at < 0 or match.start() >= outline.hidden[at].end:
            yield from read_run(outline.text, *match.span())[0]


def _names_type(prop: Property, keys: Collection[str], known: Collection[str]) -> bool:
    return prop.key in keys and (
        prop.key == "page-type" or any(name.lower() in known for name in read_names(prop.value))
    )
