"""Macros: a form written shorter, back to the form that it stands for."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from graphkit.query.query_values import from_form, print_value
from graphkit.query.transform.scope import CompileError
from graphkit.text.edn import Form, List
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

_numbers = count()


def _parts(form: Form, least: int) -> tuple[Form, ...]:
    items = form.value.items if isinstance(form.value, List) else ()
    if len(items) < least:
        raise CompileError(f"{print_value(from_form(form))[:80]} has the wrong shape", form.start)
    return items


def _symbol(name: str, at: Form) -> Form:
    return Form(Symbol(name), at.start, at.start)


def _list(at: Form, *parts: Form) -> Form:
    return Form(List(parts), at.start, at.end)


def _named(at: Form) -> Form:
    return _symbol(f"value__{next(_numbers) % 1_000_000}", at)


def _let(at: Form, name: Form, value: Form, body: Form) -> Form:
    return _list(at, _symbol("let", at), Form(VectorForm((name, value)), at.start, at.end), body)


def _threaded(value: Form, step: Form, *, last: bool) -> Form:
    if not isinstance(step.value, List):
        return _list(step, step, value)
    items = step.value.items
    if not items:
        raise CompileError("() cannot be called", step.start)
    return _list(step, *items, value) if last else _list(step, items[0], value, *items[1:])


def _thread(form: Form, *, last: bool) -> Form:
    parts = _parts(form, 2)
    value = parts[1]
    for step in parts[2:]:
        value = _threaded(value, step, last=last)
    return value


def _thread_some(form: Form, *, last: bool) -> Form:
    parts = _parts(form, 2)
    value = parts[1]
    if len(parts) == 2:
        return value
    name = _named(form)
    rest = _list(form, parts[0], _threaded(name, parts[2], last=last), *parts[3:])
    nil = Form(None, form.start, form.start)
    test = _list(form, _symbol("nil?", form), name)
    return _let(form, name, value, _list(form, _symbol("if", form), test, nil, rest))


def _thread_if(form: Form, *, last: bool) -> Form:
    parts = _parts(form, 2)
    if len(parts) % 2:
        raise CompileError("cond-> takes pairs of a test and a form", form.start)
    if len(parts) == 2:
        return parts[1]
    name = _named(form)
    step = _list(form, _symbol("if", form), parts[2], _threaded(name, parts[3], last=last), name)
    return _let(form, name, parts[1], _list(form, parts[0], step, *parts[4:]))


def _as(form: Form) -> Form:
    parts = _parts(form, 3)
    value, name = parts[1], parts[2]
    if len(parts) == 3:
        return value
    rest = _list(form, parts[0], parts[3], name, *parts[4:])
    return _let(form, name, value, rest if len(parts) > 4 else parts[3])


def _cond(form: Form) -> Form:
    parts = _parts(form, 1)[1:]
    if len(parts) % 2:
        raise CompileError("cond takes pairs of a test and a result", form.start)
    result = Form(None, form.start, form.start)
    for test, value in zip(reversed(parts[::2]), reversed(parts[1::2]), strict=True):
        result = _list(form, _symbol("if", form), test, value, result)
    return result


def _condp(form: Form) -> Form:
    parts = _parts(form, 3)
    predicate, tested, rest = parts[1], _named(form), parts[3:]
    result = rest[-1] if len(rest) % 2 else _list(form, _symbol("no-matching-clause", form))
    pairs = rest[: len(rest) - len(rest) % 2]
    for test, value in zip(reversed(pairs[::2]), reversed(pairs[1::2]), strict=True):
        result = _list(form, _symbol("if", form), _list(form, predicate, test, tested), value, result)
    return _let(form, tested, parts[2], result)


def _when(form: Form, *, negated: bool) -> Form:
    parts = _parts(form, 2)
    test = _list(form, _symbol("not", form), parts[1]) if negated else parts[1]
    return _list(form, _symbol("if", form), test, _list(form, _symbol("do", form), *parts[2:]))


def _if_not(form: Form) -> Form:
    parts = _parts(form, 3)
    return _list(form, _symbol("if", form), _list(form, _symbol("not", form), parts[1]), *parts[2:])


def _if_let(form: Form, *, some: bool, when: bool) -> Form:
    parts = _parts(form, 3)
    held = parts[1].value.items if isinstance(parts[1].value, VectorForm) else ()
    if len(held) != 2:
        raise CompileError(f"{print_value(from_form(form))[:80]} takes one name and one value", form.start)
    name = _named(form)
    test = _list(form, _symbol("some?", form), name) if some else name
    body = _list(form, _symbol("do", form), *parts[2:]) if when else parts[2]
    other = parts[3:4] if not when else ()
    return _let(form, name, held[1], _list(form, _symbol("if", form), test, _let(form, held[0], name, body), *other))


def _comment(form: Form) -> Form:
    return Form(None, form.start, form.end)


def _doseq(form: Form) -> Form:
    parts = _parts(form, 2)
    loop = _list(form, _symbol("for", form), *parts[1:])
    return _list(form, _symbol("do", form), _list(form, _symbol("count", form), loop), Form(None, form.start, form.end))


THREADING: Final[dict[str, Callable[[Form], Form]]] = {
    "->": lambda form: _thread(form, last=False),
    "->>": lambda form: _thread(form, last=True),
    "some->": lambda form: _thread_some(form, last=False),
    "some->>": lambda form: _thread_some(form, last=True),
    "cond->": lambda form: _thread_if(form, last=False),
    "cond->>": lambda form: _thread_if(form, last=True),
    "as->": _as,
    "cond": _cond,
    "condp": _condp,
    "when": lambda form: _when(form, negated=False),
    "when-not": lambda form: _when(form, negated=True),
    "if-not": _if_not,
    "if-let": lambda form: _if_let(form, some=False, when=False),
    "if-some": lambda form: _if_let(form, some=True, when=False),
    "when-let": lambda form: _if_let(form, some=False, when=True),
    "when-some": lambda form: _if_let(form, some=True, when=True),
    "comment": _comment,
    "doseq": _doseq,
}
