"""Destructuring: patterns of names that take values apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.functions import get, items
from graphkit.query.query_values import MapValue, Sequence, from_form, print_value
from graphkit.query.transform.lazy import Lazy, sequence
from graphkit.query.transform.scope import CompileError
from graphkit.text.edn import List, Map
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.query.transform.scope import Environment, FormCompiler
    from graphkit.text.edn import Form

Binder = "Callable[[Environment, object], None]"


def pattern_names(form: Form) -> frozenset[str]:
    """The names that a pattern gives values to. Raises CompileError for what is no pattern."""
    value = form.value
    match value:
        case Symbol():
            return frozenset({value.name})
        case VectorForm():
            found: set[str] = set()
            for each in value.items:
                if each.value != Symbol("&") and not isinstance(each.value, Keyword):
                    found |= pattern_names(each)
            return frozenset(found)
        case Map():
            found = set()
            for key, held in value.entries:
                if isinstance(key.value, Keyword):
                    found |= _option_names(key.value, held)
                else:
                    found |= pattern_names(key)
            return frozenset(found)
    raise CompileError(f"{print_value(from_form(form))[:60]} cannot take a value", form.start)


def _option_names(option: Keyword, held: Form) -> set[str]:
    kind = option.name.rpartition("/")[2]
    if kind in {"keys", "strs", "syms"} and isinstance(held.value, VectorForm):
        return {_local(each) for each in held.value.items}
    return {held.value.name} if option.name == "as" and isinstance(held.value, Symbol) else set()


def _local(form: Form) -> str:
    if not isinstance(form.value, Symbol | Keyword):
        raise CompileError(f"{print_value(from_form(form))[:60]} is not a name", form.start)
    return form.value.name.rpartition("/")[2]


def bind_pattern(form: Form, compiler: FormCompiler, names: frozenset[str]) -> Callable[[Environment, object], None]:
    """A function that takes a value apart into an environment."""
    value = form.value
    match value:
        case Symbol():
            name = value.name

            def take(environment: Environment, held: object) -> None:
                environment[name] = held

            return take
        case VectorForm():
            return _sequential(value.items, compiler, names)
        case Map():
            return _associative(value, compiler, names)
    raise CompileError(f"{print_value(from_form(form))[:60]} cannot take a value", form.start)


def _sequential(
    forms: tuple[Form, ...], compiler: FormCompiler, names: frozenset[str]
) -> Callable[[Environment, object], None]:
    binders: list[Callable[[Environment, object], None]] = []
    rest: Callable[[Environment, object], None] | None = None
    whole: Callable[[Environment, object], None] | None = None
    index = 0
    while index < len(forms):
        each = forms[index]
        if each.value == Symbol("&") and index + 1 < len(forms):
            rest = bind_pattern(forms[index + 1], compiler, names)
            index += 1
        elif each.value == Keyword("as") and index + 1 < len(forms):
            whole = bind_pattern(forms[index + 1], compiler, names)
            index += 1
        else:
            binders.append(bind_pattern(each, compiler, names))
        index += 1

    def take(environment: Environment, held: object) -> None:
        given = tuple(sequence(held)) if isinstance(held, Lazy) else items(held)
        if given is None:
            raise TypeError(f"{print_value(held)[:60]} has no items")
        for place, binder in enumerate(binders):
            binder(environment, given[place] if place < len(given) else None)
        if rest is not None:
            rest(environment, Sequence(given[len(binders) :]) or None)
        if whole is not None:
            whole(environment, held)

    return take


def _associative(form: Map, compiler: FormCompiler, names: frozenset[str]) -> Callable[[Environment, object], None]:
    wishes: list[tuple[Callable[[Environment, object], None], object]] = []
    whole: Callable[[Environment, object], None] | None = None
    defaults: dict[str, Callable[[Environment], object]] = {}
    for key, held in form.entries:
        if key.value == Keyword("or") and isinstance(held.value, Map):
            for name, default in held.value.entries:
                defaults[_local(name)] = compiler.compile(default, names)
        elif key.value == Keyword("as"):
            whole = bind_pattern(held, compiler, names)
        elif isinstance(key.value, Keyword):
            wishes += _option(key.value, held, compiler, names)
        else:
            wishes.append((bind_pattern(key, compiler, names), from_form(held)))

    def take(environment: Environment, held: object) -> None:
        source = held
        if isinstance(held, Lazy) or (isinstance(held, tuple) and not isinstance(held, MapValue)):
            given = tuple(sequence(held))
            source = MapValue(zip(given[::2], given[1::2], strict=False))
        before = dict(environment)
        for binder, key in wishes:
            binder(environment, get(source, key))
        for name, default in defaults.items():
            if environment.get(name) is None:
                environment[name] = default(before)
        if whole is not None:
            whole(environment, held)

    return take


def _option(
    option: Keyword, held: Form, compiler: FormCompiler, names: frozenset[str]
) -> list[tuple[Callable[[Environment, object], None], object]]:
    space, _, kind = option.name.rpartition("/")
    if kind not in {"keys", "strs", "syms"} or not isinstance(held.value, VectorForm | List):
        raise CompileError(f":{option.name} is not a way to destructure a map", held.start)
    wishes: list[tuple[Callable[[Environment, object], None], object]] = []
    for each in held.value.items:
        local = _local(each)
        full = each.value.name if isinstance(each.value, Symbol | Keyword) else local
        if space and "/" not in full:
            full = f"{space}/{full}"
        key: object = Keyword(full) if kind == "keys" else local if kind == "strs" else Symbol(full)
        binder = bind_pattern(type(each)(Symbol(local), each.start, each.end), compiler, names)
        wishes.append((binder, key))
    return wishes
