"""Names while a transform is compiled and while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from graphkit.query.errors import QueryError
from graphkit.query.query_values import MapValue, SetValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.query.errors import Budget
    from graphkit.text.edn import Form

Environment = dict[str, object]


STEP: Final = 12
"""What a step of a transform costs, measured in rows of a query that take as long."""
ITEMS: Final = 8
"""Items of a vector or list that are copied in the time of one row."""
KEYS: Final = 2
"""Keys of a map and members of a set that are copied in that time."""
CHARACTERS: Final = 64
"""Characters of a string that are gone through in the time of one row."""


class CompileError(QueryError):
    """A transform that cannot be compiled: a name that means nothing, a form of the wrong shape."""


class Machine:
    """Counts what a transform does."""

    __slots__ = ("budget", "depth")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.depth = 0

    def step(self, count: int = 1) -> None:
        """Count steps. Raises QueryError when none are left."""
        self.budget.spend(count * STEP, "the :result-transform")

    def copy(self, *values: object, times: int = 1) -> None:
        """Count what is copied: characters, and items, which may take so many times as long as a copy."""
        for value in values:
            if isinstance(value, str):
                steps = len(value) // CHARACTERS
            elif isinstance(value, tuple):
                steps = len(value) * times // ITEMS
            elif isinstance(value, MapValue | SetValue):
                steps = len(value) * times // KEYS
            else:
                continue
            self.budget.spend(steps, "the :result-transform")


class FormCompiler(Protocol):
    """Turns forms into functions of an environment; special forms and patterns call it for the forms inside them."""

    machine: Machine

    def compile(self, form: Form, names: frozenset[str]) -> Callable[[Environment], object]:
        """The function of a form. Raises CompileError."""

    def body(self, forms: Sequence[Form], names: frozenset[str]) -> Callable[[Environment], object]:
        """The function of several forms, which gives the value of the last one."""

    def function(
        self, parameters: Form, forms: Sequence[Form], names: frozenset[str], own: str | None
    ) -> Callable[[Environment], Callable[..., object]]:
        """Everything that makes the function of a `fn` form."""


class Recur(Exception):  # noqa: N818 - it is how a loop goes on, not an error
    """The values with which a loop or function starts again."""

    def __init__(self, values: tuple[object, ...]) -> None:
        super().__init__("recur outside of a loop")
        self.values = values


class Thrown(Exception):  # noqa: N818 - it is a value that a transform throws
    """Everything `throw` was given."""

    def __init__(self, value: object) -> None:
        super().__init__("thrown")
        self.value = value


THROWN = (
    Thrown, TypeError, ValueError, ArithmeticError, IndexError, KeyError, AttributeError, RecursionError,
)  # fmt: skip
"""What fails in a transform, beside limits."""
