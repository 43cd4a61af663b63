"""Templates rendered in a sandbox. The only module that uses Jinja.

The sandbox keeps a template from files, from Python's internals and from changing what it is given; it bounds neither
time nor memory, which is why a vault's own templates are rendered in a child process by `app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphkit.views.filters import FILTERS, Safe, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_RENDERED = 2_000_000
"""The most code points that a template may render; Logseq takes minutes to open a page of that size."""


class TemplateError(Exception):
    """A template cannot be read or rendered: which one, on which line, and why."""

    def __init__(self, template: str, line: int | None, reason: str) -> None:
        """`template`: its path, as shown to people. `line`: 1-based; None if unknown."""
        super().__init__(f"{template}{f':{line}' if line else ''}: {reason}")
        self.template = template
        self.line = line
        self.reason = reason


def render(source: str, context: Mapping[str, object], *, name: str) -> str:
    """The rendered template, without trailing blanks and without blank lines at its ends.

    Every value is escaped unless a filter has done so. Raises TemplateError for syntax, for a variable that
    is missing, for whatever the template does wrong, and for more than `MAX_RENDERED` code points.
    """
    import jinja2  # noqa: PLC0415 - only where something is rendered

    pieces: list[str] = []
    length = 0
    try:
        template = _environment().from_string(source)
        for piece in template.generate(**context):
            length += len(piece)
            if length > MAX_RENDERED:
                raise TemplateError(  # noqa: TRY301 - the count is this loop's
                    name, None, f"it renders more than {MAX_RENDERED:,} characters"
                )
            pieces.append(piece)
    except TemplateError:
        raise
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(name, error.lineno, error.message or "syntax error") from error
    except jinja2.UndefinedError as error:
        raise TemplateError(name, _line(error), f"{error.message or error} (there is no such variable)") from error
    except jinja2.exceptions.SecurityError as error:
        raise TemplateError(name, _line(error), f"the sandbox does not allow this: {error}") from error
    except MemoryError as error:
        raise TemplateError(name, None, "it needs too much memory") from error
    except RecursionError as error:
        raise TemplateError(name, None, "it calls itself endlessly") from error
    except Exception as error:
        # A template is its author's program: report whatever it raises to the author.
        raise TemplateError(name, _line(error), f"{type(error).__name__}: {error}") from error
    return "".join(pieces).strip("\r\n")


def _environment() -> ImmutableSandboxedEnvironment:
    import jinja2  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    class Environment(ImmutableSandboxedEnvironment):
        """The sandbox, with nothing behind an underscore."""

        # The output of a macro or a set block consists of text that is safe already.
        concat = staticmethod(lambda pieces: Safe("".join(pieces)))

        def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
            return not attr.startswith("_") and super().is_safe_attribute(obj, attr, value)

    environment = Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        loader=jinja2.DictLoader({}),
    )
    kept = {name: environment.filters[name] for name in JINJA_FILTERS}
    environment.filters.clear()
    environment.filters.update(kept)
    environment.filters.update(FILTERS)
    for unwanted in ("lipsum", "cycler", "joiner"):
        del environment.globals[unwanted]
    return environment


JINJA_FILTERS = (
    "abs", "batch", "capitalize", "count", "default", "d", "dictsort", "first", "groupby", "int", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select",
    "selectattr", "slice", "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper",
)  # fmt: skip
"""Jinja's own filters that are useful in a page; those for HTML are not."""


def _finalize(value: Any) -> str:  # noqa: ANN401 - a template's value is anything
    if value is None:
        return ""
    import jinja2  # noqa: PLC0415

    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises: the variable is missing
    return value if isinstance(value, Safe) else text(value)


def _line(error: BaseException) -> int | None:
    """The template's line where an error came up: Jinja rewrites tracebacks so that they name it."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in {"<template>", "<unknown>"}:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
