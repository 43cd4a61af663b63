from __future__ import annotations

import copy

import pytest

from graphkit.text.records import Record, field, field_names, replace


class Point(Record, frozen=True, kw_only=True):
    """A place."""

    x: int
    y: int = 2
    extra: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.x + self.y


def test_records_are_values() -> None:
    made = Point(x=1)
    assert (made == Point(x=1), made == Point(x=2), made.total) == (True, False, 3)
    assert (replace(made, y=5), copy.deepcopy(made)) == (Point(x=1, y=5), made)
    assert made.extra is not Point(x=1).extra
    assert field_names(made) == field_names(Point) == ("x", "y", "extra")


def test_a_frozen_record_refuses_changes_and_other_names() -> None:
    made = Point(x=1)
    with pytest.raises(AttributeError):
        made.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        made.z = 2  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="x"):
        Point()  # type: ignore[call-arg]
