"""Running of a `:result-transform` on a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.compare import UncomparableError
from graphkit.query.errors import QueryError
from graphkit.query.transform.compile import Compiler
from graphkit.query.transform.invoke import call
from graphkit.query.transform.lazy import realised
from graphkit.query.transform.library import library
from graphkit.query.transform.scope import THROWN, CompileError, Machine, Recur

if TYPE_CHECKING:
    from graphkit.query.errors import Budget
    from graphkit.text.edn import Form

FAILURES = (*THROWN, Recur)


class Transformed:
    """Everything a transform gave, and why it gave nothing where it failed."""

    __slots__ = ("trouble", "value")

    def __init__(self, value: object, trouble: str | None = None) -> None:
        self.value = value
        self.trouble = trouble


def transform(form: Form, result: object, budget: Budget) -> Transformed:
    """The result as the transform changes it.

    As in Logseq: a transform that cannot be compiled gives nil, one that fails leaves the result as it is. What fails
    only when its sequences are made is an error. Raises QueryError for that, and where a limit is passed.
    """
    machine = Machine(budget)
    try:
        function = Compiler(library(machine), machine).compile(form, frozenset())({})
    except CompileError as error:
        if error.limit:
            raise
        return Transformed(None, error.message)
    except FAILURES as error:
        return Transformed(None, str(error))
    try:
        changed = call(function, result)
    except UncomparableError as error:
        return Transformed(result, str(error))
    except QueryError as error:
        if error.limit:
            raise
        return Transformed(result, error.message)
    except FAILURES as error:
        return Transformed(result, str(error))
    try:
        return Transformed(realised(changed))
    except FAILURES as error:
        raise QueryError(f"the :result-transform fails: {error}", form.start) from None
