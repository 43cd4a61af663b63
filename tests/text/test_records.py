from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field

import pytest

from graphkit.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place."""

    x: int
    y: int = 2
    names: tuple[str, ...] = ()
    extra: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class Never:
    a: int
    b: str = "b"


@dataclass(slots=True)
class Open:
    a: int
    b: int = 1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A place."""

    x: int
    y: int = 2
    names: tuple[str, ...] = ()
    extra: list[int] = field(default_factory=list)


def test_a_record_is_made_compared_shown_and_replaced_as_a_dataclass_is() -> None:
    made, other = Point(x=1), Standard(x=1)
    assert repr(made) == repr(other).replace("Standard", "Point")
    assert (made == Point(x=1), made == Point(x=2), made.total) == (True, False, 3)
    assert dataclasses.replace(made, y=5) == Point(x=1, y=5)
    assert dataclasses.asdict(made) == dataclasses.asdict(other)
    assert made.extra is not Point(x=1).extra
    assert [(f.name, f.kw_only) for f in dataclasses.fields(made)] == [
        (f.name, f.kw_only) for f in dataclasses.fields(other)
    ]


def test_a_frozen_record_refuses_changes_and_has_no_dict() -> None:
    made = Point(x=1)
    with pytest.raises(FrozenInstanceError):
        made.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.x
    assert not hasattr(made, "__dict__")
    assert Point.__doc__ == "A place."


def test_a_wrong_call_is_a_type_error_the_first_time_too() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Fresh:
        a: int

    with pytest.raises(TypeError, match="required keyword-only argument: 'a'"):
        Fresh()  # type: ignore[call-arg]
    assert Fresh(a=1).a == 1


def test_fields_are_known_before_there_is_a_value() -> None:
    assert [(item.name, item.default) for item in dataclasses.fields(Never)] == [
        ("a", dataclasses.MISSING),
        ("b", "b"),
    ]
    assert dataclasses.is_dataclass(Never)
    assert Never(1).b == "b"


def test_records_hash_by_value_and_survive_copies() -> None:
    assert len({Never(1), Never(1), Never(2)}) == 2
    assert pickle.loads(pickle.dumps(Point(x=3, names=("a",)))) == Point(x=3, names=("a",))  # noqa: S301 - own bytes
    assert copy.deepcopy(Point(x=3)) == Point(x=3)


def test_a_record_that_is_not_frozen_can_be_changed() -> None:
    made = Open(1)
    made.b = 7
    assert (made, made == Open(1, 7)) == (Open(a=1, b=7), True)


def test_a_record_below_another_type_is_the_standard_librarys() -> None:
    @dataclass(frozen=True, slots=True)
    class Below(Never):
        c: int = 3

    assert Below(1) == Below(1, "b", 3)
