"""Why a query has no answer, and how much work one may take."""

from __future__ import annotations

from typing import Final

MAX_STEPS: Final = 6_000_000
"""Rows read, compared and joined, and calls of functions."""
MAX_ROWS: Final = 1_000_000
"""Rows of one intermediate result."""
MAX_TEXT: Final = 1_000_000
"""Characters of a string that a function makes."""
MAX_DEPTH: Final = 120
"""Nesting of clauses, forms and calls."""


class QueryError(Exception):
    """What Logseq fails on, or what goes beyond a limit; `offset` is in code points of the query's text."""

    def __init__(self, message: str, offset: int = 0, *, limit: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.limit = limit


class Budget:
    """The steps that a query has left."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def spend(self, steps: int, clause: str = "", offset: int = 0) -> None:
        """Count steps. Raises QueryError, which names the clause, when none are left."""
        self.steps -= steps
        if self.steps < 0:
            where = f" in {clause}" if clause else ""
            raise QueryError(f"the query takes more than {MAX_STEPS:,} steps{where}", offset, limit=True)


def expect_rows(count: int, clause: str, offset: int) -> None:
    """Raises QueryError when an intermediate result would have more than `MAX_ROWS` rows."""
    if count > MAX_ROWS:
        raise QueryError(f"{clause} gives more than {MAX_ROWS:,} rows", offset, limit=True)
