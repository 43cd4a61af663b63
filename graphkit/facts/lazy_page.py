"""Pages of which a part is read only when it is asked for: most pages of a vault are notes that no report looks into.

What a page is called and what it states is known from the start. The facts in `INSIDE` come on demand, from the page's
text or from the cache, and are the same as those of a page that was read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from graphkit.facts.block_finder import BlockFinder
from graphkit.facts.extract import may_measure, page_measures, telling_tags, titles_in
from graphkit.facts.generated_blocks import generated_content, may_be_managed
from graphkit.facts.page_facts import BlockId, PageFacts
from graphkit.facts.page_source import PageSource
from graphkit.facts.page_types import may_name_type
from graphkit.facts.property_values import read_names
from graphkit.facts.statements import NO_MEASURES
from graphkit.outline.scanner import scan_page
from graphkit.text.records import field_names, force_setattr
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from graphkit.facts.page_source import Reading
    from graphkit.facts.statements import Measures
    from graphkit.outline.properties import Property
    from graphkit.outline.tree import PageHeader
    from graphkit.vault.names import FileTitle

ReadInside = Callable[[str], Mapping[str, Any]]
"""Gives all facts of `INSIDE`, or only the one that is asked for where that is cheaper."""

INSIDE: Final = ("tasks", "questions", "ids", "block_count", "linked", "property_lines", "tags")
"""Facts that can be read later; all others are known from the start."""

BIT: Final[Mapping[str, int]] = {name: 1 << number for number, name in enumerate(INSIDE)}
"""The bit of each of them in `pending`."""

_SET: Final = {name: PageFacts.__dict__[name].__set__ for name in INSIDE}
_ID: Final = re.compile(r"::[\s\ufeff]+([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_NO_TYPES: Final = frozenset[str]()
_NOTHING: Final[Mapping[Any, Any]] = {}


class LazyPage(PageFacts, frozen=True, kw_only=True, array_like=True, eq=False):
    """The facts of one page, those of `INSIDE` read when they are first asked for; equal to the same facts, read."""

    pending: int = 0
    """The bits of the facts that are not read yet."""
    possible_ids: tuple[BlockId, ...] = ()
    """While `ids` is pending: every id that the page can have."""
    read: ReadInside | None = None

    @property
    def written_ids(self) -> Collection[BlockId]:
        """The ids, and further ones of which it is not known yet whether a block has them."""
        return self.possible_ids if self.pending & BIT["ids"] else self.ids

    def fill(self, name: str) -> None:
        """Read what is pending, or the fact of this name alone."""
        found = {} if self.read is None else self.read(name)
        for fact, value in found.items():
            _SET[fact](self, value)
        whole = not found or len(found) == len(INSIDE)
        force_setattr(self, "pending", 0 if whole else self.pending & ~BIT[name])
        if whole:
            force_setattr(self, "read", None)  # it may hold the page's bytes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PageFacts):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in field_names(PageFacts))

    __hash__ = None  # type: ignore[assignment]  # as that of every page: its mappings have none


def _on_demand(name: str) -> property:
    """A fact of `INSIDE`: its value, read before it is given where it is pending."""
    bit, get = BIT[name], PageFacts.__dict__[name].__get__

    def value(page: LazyPage) -> object:
        if page.pending & bit:
            page.fill(name)
        return get(page)

    return property(value)


for _name in INSIDE:
    setattr(LazyPage, _name, _on_demand(_name))


def _measures(
    path: str, named: FileTitle, header: PageHeader, text: str, types: frozenset[str], reading: Reading
) -> Measures:
    outline = scan_page(text)
    page = PageSource(
        path=path,
        title=named.title,
        journal_day=named.journal_day,
        source=SourceText(text),
        outline=outline,
        header=header,
    )
    return page_measures(page, types, BlockFinder(outline, header), generated_content(outline, header), reading)


def read_lazy_page(
    path: str, named: FileTitle, header: PageHeader, text: str, reading: Reading, inside: ReadInside
) -> LazyPage | None:
    """The facts of a page in a Logseq graph whose inside can wait; None for one that has to be read as a whole.

    As a whole is read what may be an experiment, goal, metric or strategy, may name a goal or a type in its text, or
    may hold generated content. inside: reads the facts of `INSIDE`.
    """
    holds_colons = "::" in text
    if may_be_managed(text) or (holds_colons and may_name_type(text, reading.type_properties)):
        return None
    day = named.journal_day
    tags = telling_tags(text)
    if "goal" in tags:
        return None
    said: Mapping[str, Property] = _NOTHING
    properties: Mapping[str, str] = _NOTHING
    types = _NO_TYPES
    pending = BIT["tasks"] | BIT["questions"] | BIT["block_count"]
    if header.properties:
        said = {prop.key: prop for prop in header.properties}
        if "tags" in said:
            pending |= BIT["tags"]
            if reading.types_by_tag:
                types = frozenset(map(str.lower, read_names(said["tags"].value)))
        if not reading.is_note(types) or "goal" in said or "goals" in said:
            return None
        properties = {key: prop.value for key, prop in said.items()}
        pending |= BIT["property_lines"]
    possible: tuple[str, ...] = ()
    if holds_colons and "id::" in text:
        possible = tuple(map(str.lower, _ID.findall(text)))
        pending |= BIT["ids"]
    if day is not None:
        pending |= BIT["linked"]
    measures = NO_MEASURES
    if may_measure(text, tags, reading, journal=day is not None):
        measures = _measures(path, named, header, text, types, reading)
    return LazyPage(
        path=path,
        title=named.title,
        name=named.name,
        journal_day=day,
        aliases=titles_in(said.get("alias")),
        types=types,
        properties=properties,
        property_lines=_NOTHING,
        ids=_NOTHING,
        strategies=measures.strategies,
        initiatives=measures.initiatives,
        sightings=measures.sightings,
        diagnostics=measures.findings,
        pending=pending,
        possible_ids=tuple(map(BlockId, possible)),
        read=inside,
    )
