"""Pages whose inside can wait: their facts but those of `page_facts.INSIDE`, from a header and a few searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphkit.facts.block_finder import BlockFinder
from graphkit.facts.extract import may_measure, page_measures, telling_tags
from graphkit.facts.generated_blocks import generated_content, may_be_managed
from graphkit.facts.page_facts import BIT, BlockId, PageFacts
from graphkit.facts.page_source import PageSource
from graphkit.facts.page_types import may_name_type
from graphkit.facts.property_values import read_names
from graphkit.facts.statements import NO_MEASURES
from graphkit.outline.scanner import scan_page
from graphkit.outline.typed_values import listed_titles
from graphkit.text.patterns import lazy_pattern
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.facts.page_facts import ReadInside
    from graphkit.facts.page_source import Reading
    from graphkit.facts.statements import Measures
    from graphkit.outline.page_outline import PageHeader
    from graphkit.outline.properties import Property
    from graphkit.vault.names import FileTitle

_ID: Final = lazy_pattern(r"::[\s\ufeff]+([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_NO_TYPES: Final = frozenset[str]()
_NOTHING: Final[Mapping[Any, Any]] = {}


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
) -> PageFacts | None:
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
    return PageFacts(
        path=path,
        title=named.title,
        name=named.name,
        journal_day=day,
        aliases=listed_titles(said["alias"]) if "alias" in said else (),
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
