"""Places in a decoded page: half-open spans and line/column positions."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points in the decoded text of one page."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people and editors name it: 1-based line, 1-based column in code points."""

    line: int
    column: int
