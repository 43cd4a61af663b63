"""Values back to forms, for what was rewritten before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.query_values import Boolean, MapValue, SetValue, Uuid, Vector
from graphkit.text.edn import Form, List, Map, Set, Tagged
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Keyword

if TYPE_CHECKING:
    from collections.abc import Callable


def form_of(value: object, offset: int = 0) -> Form:
    """The form of a value; all of it stands at one place."""
    if isinstance(value, Vector):
        return Form(VectorForm(tuple(form_of(each, offset) for each in value)), offset, offset)
    if isinstance(value, tuple):
        return Form(List(tuple(form_of(each, offset) for each in value)), offset, offset)
    if isinstance(value, SetValue):
        return Form(Set(tuple(form_of(each, offset) for each in value)), offset, offset)
    if isinstance(value, MapValue):
        entries = tuple((form_of(key, offset), form_of(each, offset)) for key, each in value.items())
        return Form(Map(entries), offset, offset)
    if isinstance(value, Boolean):
        return Form(bool(value), offset, offset)
    if isinstance(value, Uuid):
        return Form(Tagged("uuid", Form(value.text, offset, offset)), offset, offset)
    return Form(value, offset, offset)  # type: ignore[arg-type]


def rebuilt(form: Form, change: Callable[[Form], Form]) -> Form:
    """A form with every form in it changed, the innermost first."""
    value = form.value
    match value:
        case VectorForm():
            value = VectorForm(tuple(rebuilt(each, change) for each in value.items))
        case List():
            value = List(tuple(rebuilt(each, change) for each in value.items))
        case Set():
            value = Set(tuple(rebuilt(each, change) for each in value.items))
        case Map():
            value = Map(tuple((rebuilt(key, change), rebuilt(each, change)) for key, each in value.entries))
    return change(Form(value, form.start, form.end))


def map_entry(form: Form, key: str) -> Form | None:
    """The form of a keyword's value in a map."""
    if isinstance(form.value, Map):
        for name, held in form.value.entries:
            if isinstance(name.value, Keyword) and name.value.name == key:
                return held
    return None
