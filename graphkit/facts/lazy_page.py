"""Pages whose head tells what they are, so that the inside of their blocks is read only when it is asked for.

Most pages of a vault are notes: a status report never looks into them, but for values and strategies that some state.
What else such a page says is read when one of the facts in `INSIDE` is asked for, by the same extraction as ever.
"""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import repeat
from operator import call
from typing import TYPE_CHECKING, Any, Final

from graphkit.facts.block_finder import BlockFinder
from graphkit.facts.extract import may_measure, page_measures, telling_tags, titles_in
from graphkit.facts.generated_blocks import generated_content, may_be_managed
from graphkit.facts.page_facts import PageFacts
from graphkit.facts.page_source import PageSource
from graphkit.facts.page_types import may_name_type
from graphkit.facts.property_values import read_names
from graphkit.facts.statements import NO_MEASURES
from graphkit.outline.scanner import scan_page
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from graphkit.facts.page_facts import BlockId
    from graphkit.facts.page_source import Reading
    from graphkit.facts.statements import Measures
    from graphkit.outline.properties import Property
    from graphkit.outline.tree import PageHeader
    from graphkit.vault.names import FileTitle

    ReadInside = Callable[[str], Mapping[str, object]]

INSIDE: Final = ("tasks", "questions", "ids", "block_count", "linked", "property_lines", "tags")
"""What is read later; everything else is known from the start."""

_ID: Final = re.compile(r"::[\s\ufeff]+([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")


_NONE: Final = frozenset[str]()
_NOTHING: Final[Mapping[Any, Any]] = {}


class ClosedPage(PageFacts):
    """The facts of one page, those of its inside read when the first of them is asked for; equal to the same, read."""

    __slots__ = ("_open", "written_ids")

    written_ids: Collection[BlockId]
    _open: ReadInside | None

    def __getattr__(self, name: str) -> object:
        # Only what is not there comes here: slots that are still empty, and names of nothing.
        if name == "written_ids":
            return self.ids
        if name not in INSIDE or self._open is None:
            raise AttributeError(name)
        found = self._open(name)
        for fact, value in found.items():
            object.__setattr__(self, fact, value)
        if len(found) == len(INSIDE):
            object.__setattr__(self, "_open", None)
        return found[name]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PageFacts):
            return NotImplemented
        return all(getattr(self, fact.name) == getattr(other, fact.name) for fact in fields(PageFacts))

    __hash__ = None  # type: ignore[assignment]  # as that of every page: its mappings have none


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


def _slots(*names: str, of: type = PageFacts) -> tuple[Callable[[object, object], None], ...]:
    """What sets these fields of a frozen page: for ten thousand of them its constructor takes four times as long."""
    return tuple(of.__dict__[name].__set__ for name in names)


# fmt: off
_SAID: Final = _slots(
    "path", "title", "name", "journal_day", "aliases", "types", "properties", "sections", "goals", "managed",
    "strategies", "initiatives", "sightings", "diagnostics",
)
# fmt: on
(_set_linked, _set_ids, _set_lines, _set_tags) = _slots("linked", "ids", "property_lines", "tags")
(_set_open, _set_written) = _slots("_open", "written_ids", of=ClosedPage)


def closed_page(
    path: str, named: FileTitle, header: PageHeader, text: str, reading: Reading, inside: ReadInside
) -> ClosedPage | None:
    """The facts of a page in a Logseq graph whose inside can wait; None for one that has to be read as a whole.

    As a whole is read what may be an experiment, goal, metric or strategy, may name a goal or a type in its text, or
    may hold generated content. inside: what reads the facts of `INSIDE`, given the one that is asked for; it may give
    that one alone.
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
    types = _NONE
    if header.properties:
        said = {prop.key: prop for prop in header.properties}
        if reading.types_by_tag and "tags" in said:
            types = frozenset(map(str.lower, read_names(said["tags"].value)))
        if not reading.is_note(types) or "goal" in said or "goals" in said:
            return None
        properties = {key: prop.value for key, prop in said.items()}
    states = may_measure(text, tags, reading, journal=day is not None)
    page = ClosedPage.__new__(ClosedPage)
    known = (
        path,
        named.title,
        named.name,
        day,
        titles_in(said.get("alias")),
        types,
        properties,
        (),
        (),
        False,
        *(_measures(path, named, header, text, types, reading) if states else NO_MEASURES),
    )
    any(map(call, _SAID, repeat(page), known))  # puts each value in its slot; that gives None
    _set_open(page, inside)
    if day is None:
        _set_linked(page, _NONE)
    if not said:
        _set_lines(page, _NOTHING)
    if "tags" not in said:
        _set_tags(page, ())
    if holds_colons and "id::" in text:
        _set_written(page, tuple(map(str.lower, _ID.findall(text))))
    else:
        _set_ids(page, _NOTHING)
        _set_written(page, ())
    return page
