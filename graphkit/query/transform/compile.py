"""Forms of Clojure to Python functions of an environment. What is no special form is a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.errors import QueryError
from graphkit.query.query_values import MapValue, Sequence, SetValue, Vector, from_form, print_value, truthy
from graphkit.query.transform.binding import bind_pattern, pattern_names
from graphkit.query.transform.invoke import call
from graphkit.query.transform.scope import CompileError, Machine, Recur
from graphkit.query.transform.special_forms import MACROS, SPECIAL
from graphkit.text.edn import List, Map, Set
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Sequence as SequenceType

    from graphkit.query.transform.scope import Environment
    from graphkit.text.edn import Form

Compiled = "Callable[[Environment], object]"
MAX_CALLS: Final = 150
"""Depth of calls."""
MAX_FORMS: Final = 120
"""Depth of forms."""


class Compiler:
    """Compiles forms, with the functions that they may call."""

    def __init__(self, functions: Mapping[str, object], machine: Machine) -> None:
        self._functions = functions
        self.machine = machine
        self._special = SPECIAL
        self._macros = MACROS
        self._depth = 0

    def compile(self, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
        """The function of a form. Raises CompileError."""
        self._depth += 1
        if self._depth > MAX_FORMS:
            raise CompileError(f"the transform is nested more than {MAX_FORMS} levels deep", form.start, limit=True)
        try:
            return self._compile(form, names)
        finally:
            self._depth -= 1

    def _compile(self, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
        value = form.value
        match value:
            case Symbol():
                return self._symbol(value.name, form, names)
            case List():
                return self._list(form, value.items, names)
            case VectorForm():
                parts = [self.compile(each, names) for each in value.items]
                return lambda environment: Vector([part(environment) for part in parts])
            case Set():
                parts = [self.compile(each, names) for each in value.items]
                return lambda environment: SetValue([part(environment) for part in parts])
            case Map():
                pairs = [(self.compile(key, names), self.compile(held, names)) for key, held in value.entries]
                return lambda environment: MapValue({key(environment): held(environment) for key, held in pairs})
        constant = from_form(form)
        return lambda _environment: constant

    def _symbol(self, name: str, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
        if name in names:
            return lambda environment: environment[name]
        if name in self._functions:
            held = self._functions[name]
            return lambda _environment: held
        raise CompileError(f"{name} is not defined in a :result-transform", form.start)

    def _list(self, form: Form, items: tuple[Form, ...], names: frozenset[str]) -> Callable[[Environment], object]:
        if not items:
            return lambda _environment: Sequence()
        head = items[0].value
        if isinstance(head, Symbol) and head.name not in names:
            if special := self._special.get(head.name):
                return special(self, form, names)
            if macro := self._macros.get(head.name):
                return self.compile(macro(form), names)
        parts = [self.compile(each, names) for each in items]
        function, arguments = parts[0], parts[1:]
        machine = self.machine

        def run(environment: Environment) -> object:
            machine.step()
            if machine.depth > MAX_CALLS:
                raise QueryError("the calls of the :result-transform are nested too deeply", form.start, limit=True)
            machine.depth += 1
            try:
                return call(function(environment), *[part(environment) for part in arguments])
            finally:
                machine.depth -= 1

        return run

    def body(self, forms: SequenceType[Form], names: frozenset[str]) -> Callable[[Environment], object]:
        """Several forms, the last of which gives the value."""
        parts = [self.compile(each, names) for each in forms]
        if len(parts) == 1:
            return parts[0]

        def run(environment: Environment) -> object:
            result: object = None
            for part in parts:
                result = part(environment)
            return result

        return run

    def function(
        self, parameters: Form, body: SequenceType[Form], names: frozenset[str], own: str | None = None
    ) -> Callable[[Environment], Callable[..., object]]:
        """`(fn [parameters] body)`, which can call itself by its own name."""
        held = parameters.value
        if not isinstance(held, VectorForm):
            raise CompileError("a function needs a vector of parameters", parameters.start)
        patterns, rest = split_rest(held.items, parameters)
        inner = names.union(*(pattern_names(each) for each in patterns), pattern_names(rest) if rest else ())
        inner = inner | {own} if own else inner
        binders = [bind_pattern(each, self, inner) for each in patterns]
        rest_binder = bind_pattern(rest, self, inner) if rest else None
        code = self.body(body, inner)
        size, machine = len(binders), self.machine

        def make(environment: Environment) -> Callable[..., object]:
            def run(*arguments: object) -> object:
                machine.step()
                while True:
                    if len(arguments) < size or (rest_binder is None and len(arguments) > size):
                        raise TypeError(f"wrong number of arguments: {len(arguments)}")
                    local = dict(environment)
                    if own:
                        local[own] = run
                    for binder, argument in zip(binders, arguments, strict=False):
                        binder(local, argument)
                    if rest_binder is not None:
                        rest_binder(local, Sequence(arguments[size:]) if len(arguments) > size else None)
                    try:
                        return code(local)
                    except Recur as again:
                        machine.step()
                        arguments = again.values

            return run

        return make


def split_rest(items: tuple[Form, ...], around: Form) -> tuple[tuple[Form, ...], Form | None]:
    """Patterns before `&`, and the one after it."""
    places = [index for index, each in enumerate(items) if each.value == Symbol("&")]
    if not places:
        return items, None
    if places[0] + 2 != len(items):
        raise CompileError(f"{print_value(from_form(around))[:60]}: one name must follow &", around.start)
    return items[: places[0]], items[-1]


def truth(code: Callable[[Environment], object], environment: Environment) -> bool:
    """True if a form's value counts as true."""
    return truthy(code(environment))
