"""Special forms, and macros that rewrite a form into others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.query.query_values import TRUE, MapValue, from_form, print_value, truthy
from graphkit.query.transform.binding import bind_pattern, pattern_names
from graphkit.query.transform.invoke import call
from graphkit.query.transform.lazy import Lazy, sequence
from graphkit.query.transform.scope import THROWN, CompileError, Recur, Thrown
from graphkit.query.transform.threading import THREADING
from graphkit.text.edn import Form, List
from graphkit.text.edn import Vector as VectorForm
from graphkit.text.edn_atoms import Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.query.transform.scope import Environment, FormCompiler

Code = "Callable[[Environment], object]"


def _parts(form: Form) -> tuple[Form, ...]:
    assert isinstance(form.value, List)  # noqa: S101 - special forms are lists by the way they are found
    return form.value.items


def _wrong(form: Form) -> CompileError:
    return CompileError(f"{print_value(from_form(form))[:80]} has the wrong shape", form.start)


def _bindings(form: Form, around: Form) -> tuple[Form, ...]:
    if not isinstance(form.value, VectorForm) or len(form.value.items) % 2:
        raise _wrong(around)
    return form.value.items


def _quote(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    del compiler, names
    parts = _parts(form)
    if len(parts) != 2:
        raise _wrong(form)
    value = from_form(parts[1])
    return lambda _environment: value


def _if(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if not 3 <= len(parts) <= 4:
        raise _wrong(form)
    test, then = (compiler.compile(each, names) for each in parts[1:3])
    other = compiler.compile(parts[3], names) if len(parts) == 4 else None

    def run(environment: Environment) -> object:
        if truthy(test(environment)):
            return then(environment)
        return None if other is None else other(environment)

    return run


def _do(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    return compiler.body(_parts(form)[1:], names)


def _let(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if len(parts) < 2:
        raise _wrong(form)
    steps: list[tuple[Callable[[Environment, object], None], Callable[[Environment], object]]] = []
    held = _bindings(parts[1], form)
    for pattern, value in zip(held[::2], held[1::2], strict=True):
        code = compiler.compile(value, names)
        names |= pattern_names(pattern)
        steps.append((bind_pattern(pattern, compiler, names), code))
    body = compiler.body(parts[2:], names)

    def run(environment: Environment) -> object:
        local = dict(environment)
        for binder, code in steps:
            binder(local, code(local))
        return body(local)

    return run


def _fn(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)[1:]
    own = None
    if parts and isinstance(parts[0].value, Symbol):
        own, parts = parts[0].value.name, parts[1:]
    if not parts:
        raise _wrong(form)
    if isinstance(parts[0].value, List):
        return _several(compiler, parts, names, own)
    return compiler.function(parts[0], parts[1:], names, own)


def _several(
    compiler: FormCompiler, parts: tuple[Form, ...], names: frozenset[str], own: str | None
) -> Callable[[Environment], object]:
    """A function with several lists of parameters."""
    made: list[tuple[int, bool, Callable[[Environment], Callable[..., object]]]] = []
    for part in parts:
        inner = _parts(part)
        if not inner or not isinstance(inner[0].value, VectorForm):
            raise _wrong(part)
        parameters = inner[0].value.items
        open_ended = any(each.value == Symbol("&") for each in parameters)
        size = len(parameters) - 2 if open_ended else len(parameters)
        made.append((size, open_ended, compiler.function(inner[0], inner[1:], names, own)))

    def make(environment: Environment) -> object:
        def run(*arguments: object) -> object:
            for size, open_ended, code in made:
                if len(arguments) == size or (open_ended and len(arguments) >= size):
                    local = {**environment, own: run} if own else environment
                    return code(local)(*arguments)
            raise TypeError(f"wrong number of arguments: {len(arguments)}")

        return run

    return make


def _letfn(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if len(parts) < 2 or not isinstance(parts[1].value, VectorForm):
        raise _wrong(form)
    functions = parts[1].value.items
    for each in functions:
        inner = _parts(each) if isinstance(each.value, List) else ()
        if len(inner) < 2 or not isinstance(inner[0].value, Symbol):
            raise _wrong(form)
        names |= {inner[0].value.name}
    made = [(_parts(each)[0].value.name, _fn(compiler, _as_fn(each), names)) for each in functions]  # type: ignore[union-attr]
    body = compiler.body(parts[2:], names)

    def run(environment: Environment) -> object:
        local = dict(environment)

        def late(name: str, code: Callable[[Environment], object]) -> Callable[..., object]:
            return lambda *arguments: call(code({**local, name: local[name]}), *arguments)

        for name, code in made:
            local[name] = late(name, code)
        return body(local)

    return run


def _as_fn(form: Form) -> Form:
    parts = _parts(form)
    return Form(List((Form(Symbol("fn"), form.start, form.start), *parts[1:])), form.start, form.end)


def _loop(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if len(parts) < 2:
        raise _wrong(form)
    held = _bindings(parts[1], form)
    steps: list[tuple[Callable[[Environment, object], None], Callable[[Environment], object]]] = []
    for pattern, value in zip(held[::2], held[1::2], strict=True):
        code = compiler.compile(value, names)
        names |= pattern_names(pattern)
        steps.append((bind_pattern(pattern, compiler, names), code))
    body = compiler.body(parts[2:], names)
    machine = compiler.machine

    def run(environment: Environment) -> object:
        local = dict(environment)
        for binder, code in steps:
            binder(local, code(local))
        while True:
            machine.step()
            try:
                return body(local)
            except Recur as again:
                if len(again.values) != len(steps):
                    raise TypeError("recur takes as many values as the loop has bindings") from None
                local = dict(local)
                for (binder, _), value in zip(steps, again.values, strict=True):
                    binder(local, value)

    return run


def _recur(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    values = [compiler.compile(each, names) for each in _parts(form)[1:]]

    def run(environment: Environment) -> object:
        raise Recur(tuple([value(environment) for value in values]))

    return run


def _and(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = [compiler.compile(each, names) for each in _parts(form)[1:]]

    def run(environment: Environment) -> object:
        result: object = TRUE
        for part in parts:
            result = part(environment)
            if not truthy(result):
                break
        return result

    return run


def _or(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = [compiler.compile(each, names) for each in _parts(form)[1:]]

    def run(environment: Environment) -> object:
        result: object = None
        for part in parts:
            result = part(environment)
            if truthy(result):
                break
        return result

    return run


def _case(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if len(parts) < 2:
        raise _wrong(form)
    tested, branches = compiler.compile(parts[1], names), parts[2:]
    table: dict[object, Callable[[Environment], object]] = {}
    for key, result in zip(branches[::2], branches[1::2], strict=False):
        keys = [from_form(each) for each in _parts(key)] if isinstance(key.value, List) else [from_form(key)]
        code = compiler.compile(result, names)
        for each in keys:
            table.setdefault(each, code)
    other = compiler.compile(branches[-1], names) if len(branches) % 2 else None

    def run(environment: Environment) -> object:
        value = tested(environment)
        code = table.get(value, other)
        if code is None:
            raise TypeError(f"no matching clause: {print_value(value)[:60]}")
        return code(environment)

    return run


def _for(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if len(parts) < 2:
        raise _wrong(form)
    held = _bindings(parts[1], form)
    steps: list[tuple[str, Callable[[Environment, object], None] | None, Callable[[Environment], object]]] = []
    for pattern, value in zip(held[::2], held[1::2], strict=True):
        if pattern.value == Keyword("let"):
            inner = _bindings(value, form)
            for name, given in zip(inner[::2], inner[1::2], strict=True):
                code = compiler.compile(given, names)
                names |= pattern_names(name)
                steps.append(("let", bind_pattern(name, compiler, names), code))
        elif isinstance(pattern.value, Keyword) and pattern.value.name in {"when", "while"}:
            steps.append((pattern.value.name, None, compiler.compile(value, names)))
        else:
            code = compiler.compile(value, names)
            names |= pattern_names(pattern)
            steps.append(("each", bind_pattern(pattern, compiler, names), code))
    body = compiler.body(parts[2:], names)
    machine = compiler.machine

    def generate(environment: Environment, index: int) -> Iterator[object]:
        machine.step()
        if index == len(steps):
            yield body(environment)
            return
        kind, binder, code = steps[index]
        if binder is None:
            if truthy(code(environment)):
                yield from generate(environment, index + 1)
            return
        values = sequence(code(environment)) if kind == "each" else (code(environment),)
        for value in values:
            local = dict(environment)
            binder(local, value)
            if index + 1 < len(steps) and steps[index + 1][0] == "while" and not truthy(steps[index + 1][2](local)):
                return
            yield from generate(local, index + 1)

    return lambda environment: Lazy(generate(environment, 0))


def _try(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)[1:]
    clauses = {head: part for part in parts if (head := _head(part)) in {"catch", "finally"}}
    body = compiler.body([part for part in parts if _head(part) not in {"catch", "finally"}], names)
    caught, last = clauses.get("catch"), clauses.get("finally")
    held = _parts(caught) if caught is not None else ()
    if caught is not None and (len(held) < 3 or not isinstance(held[2].value, Symbol)):
        raise _wrong(caught)
    name = held[2].value.name if held and isinstance(held[2].value, Symbol) else ""
    rescue = compiler.body(held[3:], names | {name}) if caught is not None else None
    closing = compiler.body(_parts(last)[1:], names) if last is not None else None

    def run(environment: Environment) -> object:
        try:
            return body(environment)
        except THROWN as error:
            if rescue is None:
                raise
            thrown = error.value if isinstance(error, Thrown) else MapValue({Keyword("message"): str(error)})
            return rescue({**environment, name: thrown})
        finally:
            if closing is not None:
                closing(environment)

    return run


def _throw(compiler: FormCompiler, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
    parts = _parts(form)
    if len(parts) != 2:
        raise _wrong(form)
    thrown = compiler.compile(parts[1], names)

    def run(environment: Environment) -> object:
        raise Thrown(thrown(environment))

    return run


def _head(form: Form) -> str | None:
    items = form.value.items if isinstance(form.value, List) else ()
    return items[0].value.name if items and isinstance(items[0].value, Symbol) else None


SPECIAL: Final = {
    "try": _try,
    "throw": _throw,
    "quote": _quote,
    "if": _if,
    "do": _do,
    "let": _let,
    "let*": _let,
    "fn": _fn,
    "fn*": _fn,
    "letfn": _letfn,
    "loop": _loop,
    "recur": _recur,
    "and": _and,
    "or": _or,
    "case": _case,
    "for": _for,
}
MACROS: Final = THREADING
