"""`dataclass` as the standard library has it, its methods written when the first value is made. Knows no value.

A start of the program defines over a hundred record types and uses a third of them; the methods of one cost half a
millisecond to generate (measured: 60 of 150 ms of start-up). To a type checker this *is* `dataclasses.dataclass`.
"""

from __future__ import annotations

import dataclasses
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - the one name that this module is for
else:

    def dataclass(cls=None, /, **options):  # noqa: ANN001, ANN003, ANN201 - typed by the import above
        """The class as a dataclass; equal in behaviour to that of the standard library."""
        if cls is None:
            return lambda decorated: _deferred(decorated, options)
        return _deferred(cls, options)


_lock = RLock()


def _deferred(cls: type[Any], options: dict[str, Any]) -> type[Any]:
    """The class with its slots and a constructor that first generates the real one.

    Anything beyond slots, freezing, keywords and order, and any inheritance, is left to the standard library at once.
    """
    space = cls.__dict__
    hints: dict[str, Any] = space.get("__annotations__", {})
    plain = cls.__bases__ == (object,) and all(type(hint) is str and "ClassVar" not in hint for hint in hints.values())
    if not plain or not options.get("slots") or not options.keys() <= {"frozen", "slots", "kw_only", "eq", "order"}:
        return dataclasses.dataclass(**options)(cls)
    defaults = {name: space[name] for name in hints if name in space}
    body = {name: value for name, value in space.items() if name not in defaults}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    body["__slots__"] = tuple(hints)
    body["__qualname__"] = cls.__qualname__
    made: type[Any] = type(cls.__name__, (), body)
    _Deferral(made, defaults, {key: value for key, value in options.items() if key != "slots"})
    return made


class _Deferral:
    """What stands in a record type for its methods until the first of them is asked for."""

    def __init__(self, record: type[Any], defaults: dict[str, Any], options: dict[str, Any]) -> None:
        self._record = record
        self._defaults = defaults
        self._options = options
        own = record.__dict__

        def construct(instance: object, *values: object, **named: object) -> None:
            self.finish()
            record.__init__(instance, *values, **named)

        def save(instance: object) -> list[object]:
            return [getattr(instance, name) for name in record.__slots__]

        def restore(instance: object, state: list[object]) -> None:
            self.finish()
            for name, value in zip(record.__slots__, state, strict=True):
                object.__setattr__(instance, name, value)

        self._stubs: dict[str, object] = {"__init__": construct, "__dataclass_fields__": self}
        for name, stub in self._stubs.items():
            setattr(record, name, stub)
        if options.get("frozen") and "__getstate__" not in own:
            copied = {"__getstate__": save, "__setstate__": restore}
            for name, method in copied.items():
                setattr(record, name, method)

    def __get__(self, instance: object, owner: type[Any]) -> object:
        """The fields, for `dataclasses.fields` and its like on a type of which there is no value yet."""
        self.finish()
        return self._record.__dict__["__dataclass_fields__"]

    def finish(self) -> None:
        """Let the standard library write the methods; slots keep their places beside the defaults."""
        record = self._record
        with _lock:
            if record.__dict__["__dataclass_fields__"] is not self:
                return
            places = {name: record.__dict__[name] for name in self._defaults}
            for name in self._stubs:
                delattr(record, name)
            for name, default in self._defaults.items():
                setattr(record, name, default)
            dataclasses.dataclass(**self._options)(record)
            for name, place in places.items():
                setattr(record, name, place)
