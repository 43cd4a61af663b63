"""Facts of a page as plain tuples and back: what `marshal` can store. Knows the types of facts, not where they go.

Equal facts give equal tuples: sets are sorted, days are ordinal numbers, words of a closed list are strings.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from graphkit.facts.values import (
    GoalLink,
    InitiativeFact,
    PageFacts,
    Question,
    Section,
    Sighting,
    StrategyFact,
    Task,
    TaskStatus,
    Written,
)
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

Packed = tuple[Any, ...]
"""The values of a record's fields in their order, all of them plain."""


Conversion = tuple["Callable[[Any], Any]", "Callable[[Any], Any]"]
"""From a field's value to a plain one, and back; None stays None."""


class Form:
    """How one type of record is packed: as the values of its fields, some of them converted."""

    def __init__(self, record: type[Any], **converted: Conversion) -> None:
        names = _names(record)
        self._record = record
        self._values = attrgetter(*names)
        self._setters = [record.__dict__[name].__set__ for name in names]
        self._into = [(names.index(name), there) for name, (there, _) in converted.items()]
        self._back = [(names.index(name), back) for name, (_, back) in converted.items()]

    def pack(self, value: Any) -> Packed:  # noqa: ANN401 - any record of its type
        """The record's values."""
        values = list(self._values(value))
        for at, convert in self._into:
            if values[at] is not None:
                values[at] = convert(values[at])
        return tuple(values)

    def unpack(self, packed: Packed) -> Any:  # noqa: ANN401
        """The record of these values."""
        values = list(packed)
        for at, convert in self._back:
            if values[at] is not None:
                values[at] = convert(values[at])
        made = object.__new__(self._record)
        # The slots themselves: the constructor of a frozen record takes four times as long.
        for put, value in zip(self._setters, values, strict=True):
            put(made, value)
        return made


def _names(record: type[Any]) -> tuple[str, ...]:
    """The names of a record's fields in their order; asking for its `fields` would make its methods be written."""
    names: tuple[str, ...] = record.__dict__["__slots__"]
    return names


def one(form: Form) -> Conversion:
    """For a field that holds a record of this form."""
    return form.pack, form.unpack


def many(form: Form) -> Conversion:
    """For a field that holds a tuple of records of this form."""

    def there(items: tuple[Any, ...]) -> Packed:
        return tuple(map(form.pack, items))

    def back(items: Packed) -> tuple[Any, ...]:
        return tuple(map(form.unpack, items))

    return there, back


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


DAY: Final[Conversion] = (date.toordinal, cache(_day))
_MAPPING: Final[Conversion] = (dict, dict)
_SET: Final[Conversion] = (lambda items: tuple(sorted(items)), frozenset)


@cache
def _page_form() -> Form:
    written = Form(Written)
    word, words = one(written), many(written)
    return Form(
        PageFacts,
        journal_day=DAY,
        types=_SET,
        properties=_MAPPING,
        property_lines=_MAPPING,
        ids=_MAPPING,
        tasks=many(
            Form(
                Task,
                status=(str, TaskStatus),
                scheduled=DAY,
                deadline=DAY,
                properties=_MAPPING,
            )
        ),
        sections=many(Form(Section)),
        goals=many(Form(GoalLink)),
        questions=many(Form(Question)),
        strategies=many(
            Form(
                StrategyFact,
                name=word,
                description=word,
                impact=word,
                key_metrics=words,
                assumptions=words,
                risks=words,
            )
        ),
        initiatives=many(Form(InitiativeFact, label=word)),
        sightings=many(Form(Sighting, day=DAY)),
        linked=_SET,
        diagnostics=many(finding_form()),
    )


@cache
def finding_form() -> Form:
    """How a finding is packed."""
    return Form(Diagnostic, severity=(str, Severity))


def pack_page(facts: PageFacts) -> Packed:
    """The facts of a page as nested tuples of text, numbers and dictionaries."""
    return _page_form().pack(facts)


def essence(packed: Packed) -> Packed:
    """What of a packed page can change `status` and `tasks`: not how long it is, nor where it states nothing.

    A page without tasks, statements and sections counts by its names, types, properties and ids alone.
    """
    values = list(packed)
    values[_names(PageFacts).index("block_count")] = 0
    if not any(values[at] for at in _telling()):
        for at in _placing():
            values[at] = tuple(values[at])
    return tuple(values)


@cache
def _telling() -> tuple[int, ...]:
    told = ("tasks", "sections", "goals", "questions", "strategies", "initiatives", "sightings", "diagnostics")
    return tuple(map(_names(PageFacts).index, told))


@cache
def _placing() -> tuple[int, ...]:
    return tuple(map(_names(PageFacts).index, ("ids", "property_lines")))


def unpack_page(packed: Packed) -> PageFacts:
    """The facts that `pack_page` made these tuples of. Raises ValueError or TypeError for anything else."""
    facts: PageFacts = _page_form().unpack(packed)
    return facts
