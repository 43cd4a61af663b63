"""CSV that a spreadsheet reads as data: text that it would run as a formula is marked as text."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets take for the start of a formula."""


def harmless_cell(value: object) -> object:
    """The cell, with a leading `'` if it is a text that a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN) else value


def csv_line(cells: Iterable[object], *, raw: bool = False) -> str:
    """One line of CSV (RFC 4180) without its line end. raw: leave formulas as they are."""
    line = StringIO()
    # The writer quotes a cell with a line end only if its own line ends have that character.
    csv.writer(line, lineterminator="\r\n").writerow(cells if raw else map(harmless_cell, cells))
    return line.getvalue()[:-2]
