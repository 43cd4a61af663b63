"""Facts as plain values and back: what `marshal` can store. Knows the types of facts, not where they go.

Equal facts give equal values: sets are sorted, days are ISO dates, words of a closed list are strings.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_type_hints

from msgspec import convert, defstruct, to_builtins
from msgspec.structs import astuple

from graphkit.facts.page_facts import PageFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphkit.text.records import Record

R = TypeVar("R", bound="Record")

Packed = tuple[Any, ...]
"""Nested tuples, lists and dictionaries of text, numbers and bytes."""

_FIELDS: Final = tuple(PageFacts.__dataclass_fields__)
_values = attrgetter(*_FIELDS)


def pack(records: Iterable[Record]) -> Packed:
    """Records as plain values."""
    return tuple(map(to_builtins, records))


def unpack(packed: Packed, record: type[R]) -> tuple[R, ...]:
    """The records that `pack` made these values of. Raises ValueError for anything else."""
    # One by one: msgspec keeps what it knows of a record, and works any other type out at every call.
    return tuple([convert(values, record) for values in packed])


def pack_page(facts: PageFacts) -> Packed:
    """The facts of a page as plain values."""
    plain: Packed = to_builtins(
        tuple(sorted(value) if isinstance(value, frozenset) else value for value in _values(facts))
    )
    return plain


def unpack_page(packed: Packed) -> PageFacts:
    """The facts that `pack_page` made these values of. Raises ValueError for anything else."""
    return convert(dict(zip(_FIELDS, packed, strict=True)), PageFacts)


STATED: Final = ("journal_day", "tags", "properties", "property_lines", "goals", "strategies", "sightings")
"""What many pages are asked for at once: whoever looks for goals, strategies and values needs nothing else of most."""


def stated(packed: Packed) -> Packed:
    """What of a packed page is in `STATED`."""
    found: Packed = _stated(packed)
    return found


class PartlyKnown(PageFacts):
    """The facts of one page of which some are fetched when the first of them is asked for; equal to the same, whole."""

    __slots__ = ("_fetch",)

    _fetch: Callable[[], PageFacts | None]

    def __getattr__(self, name: str) -> object:
        # Only what is not there comes here: slots that are still empty, and names of nothing.
        if name not in _FIELDS:
            raise AttributeError(name)
        whole = self._fetch()
        if whole is None:  # a file that is gone by now says nothing more
            return getattr(PageFacts(path=self.path, title=self.title, name=self.name), name)
        for field, value in zip(_FIELDS, _values(whole), strict=True):
            object.__setattr__(self, field, value)
        return getattr(whole, name)

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if isinstance(other, PageFacts) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as that of every page: its mappings have none


def partly_known(
    known: Mapping[str, object], stated: Packed | None, fetch: Callable[[], PageFacts | None]
) -> PartlyKnown:
    """A page of which these facts are known, and those of STATED where they are given. Raises ValueError for others.

    fetch: what gives all of its facts, or None where they cannot be had any more.
    """
    page = object.__new__(PartlyKnown)
    put = object.__setattr__
    for name, value in known.items():
        put(page, name, value)
    if stated is not None:
        for name, value in zip(STATED, astuple(convert(stated, _stated_row())), strict=True):
            put(page, name, value)
    put(page, "_fetch", fetch)
    return page


def essence(packed: Packed) -> Packed:
    """What of a packed page can change an answer: not how long it is, nor where its ids stand if it says nothing.

    A page without tasks, statements and sections counts by its names, types, properties and ids alone.
    """
    values = list(packed)
    values[_FIELDS.index("block_count")] = 0
    if not any(values[at] for at in _TELLING):
        values[_IDS] = tuple(values[_IDS])
    return tuple(values)


def outward(packed: Packed) -> Packed:
    """What of a packed page is known without its inside, beside what a journal links: what finds it, what it states."""
    values = list(packed)
    for at in _INSIDE:
        values[at] = None
    values[_IDS] = tuple(values[_IDS])
    return tuple(values)


def other_links(before: Packed, after: Packed) -> frozenset[str]:
    """What only one of two packed journals links, as written."""
    return frozenset(before[_LINKED]).symmetric_difference(after[_LINKED])


_INSIDE: Final = tuple(
    map(
        _FIELDS.index,
        ("tasks", "sections", "questions", "block_count", "managed", "initiatives", "linked", "diagnostics"),
    )
)
_LINKED: Final = _FIELDS.index("linked")
_IDS: Final = _FIELDS.index("ids")
_TELLING: Final = tuple(
    map(
        _FIELDS.index,
        ("tasks", "sections", "goals", "questions", "strategies", "initiatives", "sightings", "diagnostics"),
    )
)
_stated: Final = itemgetter(*map(_FIELDS.index, STATED))


@cache
def _stated_row() -> type[Record]:
    """A record of the facts in STATED: of a type of its own msgspec keeps what it knows."""
    types = get_type_hints(PageFacts)
    return defstruct("_StatedRow", [(name, types[name]) for name in STATED], array_like=True)
