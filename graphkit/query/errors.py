"""Why a query has no answer, and how much work one may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_STEPS: Final = 6_000_000
"""Rows read, compared and joined, and calls of functions."""
MAX_ROWS: Final = 1_000_000
"""Rows of one intermediate result."""
MAX_TEXT: Final = 1_000_000
"""Characters of a string that a function makes."""
MATCHING_SECONDS: Final = 1.0
MAX_DEPTH: Final = 120
"""Nesting of clauses, forms and calls."""


class QueryError(Exception):
    """Everything Logseq fails on, or what goes beyond a limit; `offset` is in code points of the query's text."""

    def __init__(self, message: str, offset: int = 0, *, limit: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.limit = limit


def _stopped() -> float:
    return 0.0


class Budget:
    """The steps that a query has left, and the seconds that its regular expressions have.

    clock: seconds from some moment on; without one, each single match is limited alone.
    """

    __slots__ = ("_clock", "seconds", "steps")

    def __init__(self, steps: int = MAX_STEPS, clock: Callable[[], float] = _stopped) -> None:
        self.steps = steps
        self.seconds = MATCHING_SECONDS
        self._clock = clock

    def matching(self, match: Callable[..., object], *arguments: object) -> object:
        """The result of a match by a regular expression. Raises QueryError when all matches together take too long."""
        start = self._clock()
        result = match(*arguments)
        self.seconds -= self._clock() - start
        self.spend(20)
        if self.seconds < 0:
            raise QueryError(f"regular expressions take more than {MATCHING_SECONDS} s", limit=True)
        return result

    def spend(self, steps: int, clause: str = "", offset: int = 0) -> None:
        """Count steps. Raises QueryError, which names the clause, when none are left."""
        self.steps -= steps
        if self.steps < 0:
            where = f" in {clause}" if clause else ""
            raise QueryError(f"the query takes more than {MAX_STEPS:,} steps{where}", offset, limit=True)


def expect_rows(count: int, clause: str, offset: int) -> None:
    """Raises QueryError when an intermediate result would have more than `MAX_ROWS` rows."""
    if count > MAX_ROWS:
        raise QueryError(f"{clause} returns more than {MAX_ROWS:,} rows", offset, limit=True)
