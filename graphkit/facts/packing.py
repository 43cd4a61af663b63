"""Facts as plain values and back: what `marshal` can store. Knows the types of facts, not where they go.

Equal facts give equal values: sets are sorted, days are ISO dates, words of a closed list are strings.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import convert, to_builtins

from graphkit.facts.values import PageFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def essence(packed: Packed) -> Packed:
    """What of a packed page can change `status` and `tasks`: not how long it is, nor where it states nothing.

    A page without tasks, statements and sections counts by its names, types, properties and ids alone.
    """
    values = list(packed)
    values[_FIELDS.index("block_count")] = 0
    if not any(values[at] for at in _TELLING):
        for at in _PLACING:
            values[at] = tuple(values[at])
    return tuple(values)


_TELLING: Final = tuple(
    map(
        _FIELDS.index,
        ("tasks", "sections", "goals", "questions", "strategies", "initiatives", "sightings", "diagnostics"),
    )
)
_PLACING: Final = tuple(map(_FIELDS.index, ("ids", "property_lines")))
