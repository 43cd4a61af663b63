"""Facts of a page as plain tuples and back: what `marshal` can store. Knows the types of facts, and no place to put them.

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


class _Form:
    """How one type of record is packed: as the values of its fields, some of them converted."""

    def __init__(self, record: type[Any], **converted: tuple[Callable[[Any], Any], Callable[[Any], Any]]) -> None:
        names: tuple[str, ...] = record.__slots__
        self._new = record.__new__
        self._record = record
        self._values = attrgetter(*names)
        self._setters = [record.__dict__[name].__set__ for name in names]
        self._into = [(names.index(name), there) for name, (there, _) in converted.items()]
        self._back = [(names.index(name), back) for name, (_, back) in converted.items()]

    def pack(self, value: Any) -> Packed:  # noqa: ANN401 - any record of its type
        values = list(self._values(value))
        for at, convert in self._into:
            if values[at] is not None:
                values[at] = convert(values[at])
        return tuple(values)

    def unpack(self, packed: Packed) -> Any:  # noqa: ANN401
        values = list(packed)
        for at, convert in self._back:
            if values[at] is not None:
                values[at] = convert(values[at])
        made = self._new(self._record)
        # The slots themselves: the constructor of a frozen record takes four times as long.
        for put, value in zip(self._setters, values, strict=True):
            put(made, value)
        return made


def _many(form: _Form) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    def there(items: tuple[Any, ...]) -> Packed:
        return tuple(map(form.pack, items))

    def back(items: Packed) -> tuple[Any, ...]:
        return tuple(map(form.unpack, items))

    return there, back


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


_DAY: Final = (date.toordinal, cache(_day))
_MAPPING: Final = (dict, dict)
_SET: Final = (lambda items: tuple(sorted(items)), frozenset)


@cache
def _page_form() -> _Form:
    written = _Form(Written)
    one, many = (written.pack, written.unpack), _many(written)
    return _Form(
        PageFacts,
        journal_day=_DAY,
        types=_SET,
        properties=_MAPPING,
        property_lines=_MAPPING,
        ids=_MAPPING,
        tasks=_many(
            _Form(
                Task,
                status=(str, TaskStatus),
                scheduled=_DAY,
                deadline=_DAY,
                properties=_MAPPING,
            )
        ),
        sections=_many(_Form(Section)),
        goals=_many(_Form(GoalLink)),
        questions=_many(_Form(Question)),
        strategies=_many(
            _Form(
                StrategyFact, name=one, description=one, impact=one, key_metrics=many, assumptions=many, risks=many
            )
        ),
        initiatives=_many(_Form(InitiativeFact, label=one)),
        sightings=_many(_Form(Sighting, day=_DAY)),
        diagnostics=_many(_Form(Diagnostic, severity=(str, Severity))),
    )


def pack_page(facts: PageFacts) -> Packed:
    """The facts of a page as nested tuples of text, numbers and dictionaries."""
    return _page_form().pack(facts)


def unpack_page(packed: Packed) -> PageFacts:
    """The facts that `pack_page` made these tuples of. Raises ValueError or TypeError for anything else."""
    facts: PageFacts = _page_form().unpack(packed)
    return facts


def shape() -> str:
    """The fields of all types of facts, so that what is stored with others is never read as these."""
    records = (
        PageFacts, Task, Section, GoalLink, Question, StrategyFact, InitiativeFact, Sighting, Written, Diagnostic
    )  # fmt: skip
    return ";".join(f"{record.__name__}:{','.join(record.__slots__)}" for record in records)  # type: ignore[attr-defined]
