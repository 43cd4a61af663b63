"""The rows of a file that `metric import` takes: each with its day and its value, or an error. Writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.results.metric_edits import FileProblem
from graphkit.facts.observation_files import RowsError, column_words, read_csv_rows, read_json_rows
from graphkit.insight.metrics.stated_value import Stated, StatedError, count_text, read_stated
from graphkit.quantities.column_formats import (
    DayOrder,
    Decimal,
    day_order,
    decimal_sign,
    read_day,
    two_days,
    with_point,
)
from graphkit.quantities.measurements import doubtful_separator, splits_thousands
from graphkit.quantities.numbers import read_quantity
from graphkit.quantities.written_dates import read_date
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from graphkit.facts.observation_files import FileRow
    from graphkit.facts.observations import Field
    from graphkit.insight.metrics.stated_value import MetricUnit

    Key = tuple[date, str]
    """The key of a value: the day and the segment in lower case."""


class Spelling(Record, frozen=True, kw_only=True):
    """The format of the file; None and empty: detect it from its columns."""

    date_column: str = ""
    value_column: str = ""
    order: DayOrder | None = None
    """Of days that end in the year."""
    decimal: Decimal | None = None
    """What stands before the decimals of a CSV file."""
    fractions: bool = False
    """True if bare numbers of a percent metric are shares of 1."""


class Row(Record, frozen=True, kw_only=True):
    """One value of the file."""

    line: int
    day: date
    stated: Stated
    segment: str
    source: str

    @property
    def key(self) -> Key:
        """The key that no other row may have with another value."""
        return self.day, self.segment.lower()

    @property
    def fields(self) -> Mapping[Field, str]:
        """The row's text for a table or a CSV in the vault."""
        return {
            "date": self.day.isoformat(),
            "value": self.stated.text,
            "n": "" if self.stated.n is None else count_text(self.stated.n),
            "segment": self.segment,
            "source": self.source,
        }


_LARGEST = 50_000_000
"""Bytes of a file that are imported."""


def read_rows(
    file: Path,
    spelling: Spelling,
    unit: MetricUnit,
    *,
    today: date,
    parse_journal: Callable[[str], date | None],
    is_wanted: Callable[[str], bool],
) -> tuple[list[Row], list[FileProblem]]:
    """The rows of a CSV or JSON file, the same ones once, and what is wrong with it.

    is_wanted: whether a name in a column `metric` means the metric that is imported. Raises RequestError for a file
    that cannot be opened.
    """
    words = column_words(date=spelling.date_column, value=spelling.value_column)
    try:
        with file.open("rb") as opened:  # which may be a pipe, or a device without an end
            data = opened.read(_LARGEST + 1)
    except OSError as error:
        raise RequestError(f"{file} cannot be read: {error.strerror}", "check its path and its permissions") from error
    is_json = file.suffix.lower() == ".json"
    if is_json and spelling.decimal is not None:
        raise RequestError("numbers in JSON have a decimal point", "omit --decimal")
    written: list[FileRow] = []
    problems: list[FileProblem] = []
    try:  # the rows before a fault are kept
        written += (read_json_rows if is_json else read_csv_rows)(data, words)
    except RowsError as error:
        problems.append(FileProblem(line=error.line, message=error.message, whole=True))
    reader = _Reader(spelling, written, unit, today, parse_journal, decimals=not is_json)
    rows: dict[Key, Row] = {}
    for item in written:
        try:
            if item.metric and not is_wanted(item.metric):
                raise StatedError(  # noqa: TRY301 - one place turns it into a problem of its line
                    f"the row is of “{item.metric}”, another metric",
                    "split the file by metric, or make this name an alias of the metric that you import",
                )
            row = reader.row(item)
        except StatedError as error:
            remedy = f"; {error.remedy}" if error.remedy else ""
            problems.append(FileProblem(line=item.line, message=f"{error.message}{remedy}"))
            continue
        before = rows.setdefault(row.key, row)
        if (before.stated.value, before.stated.n) != (row.stated.value, row.stated.n):
            said = f"{row.stated.written} is another value of {row.day.isoformat()} than that of line {before.line}"
            problems.append(FileProblem(line=row.line, message=said))
    return list(rows.values()), sorted(problems, key=lambda problem: problem.line)


class _Reader:
    """Reads rows in the spelling that is asked for, else in the one that the columns show."""

    def __init__(
        self,
        spelling: Spelling,
        rows: list[FileRow],
        unit: MetricUnit,
        today: date,
        parse_journal: Callable[[str], date | None],
        *,
        decimals: bool,
    ) -> None:
        self._unit = unit
        self._today = today
        self._parse = parse_journal
        self._fractions = spelling.fractions
        self._order = spelling.order or day_order(row.fields.get("date", "") for row in rows)
        self._decimal = spelling.decimal
        self._decimals = decimals
        if decimals and self._decimal is None:
            self._decimal = decimal_sign(row.fields.get("value", "") for row in rows)

    def row(self, written: FileRow) -> Row:
        """One row with its day and its value. Raises StatedError."""
        fields = written.fields
        if written.problem:
            raise StatedError(f"the row {written.problem}")
        day = self._day(fields.get("date", ""))
        if not fields.get("value", ""):
            raise StatedError(f"the row of {day.isoformat()} has no value")
        value = with_point(fields.get("value", ""), self._decimal)
        number = read_quantity(value, unit=self._unit.text)
        doubt = None if number is None else doubtful_separator(number, value, self._unit.name)
        sign = doubt[0] if doubt else "point" if self._decimals and splits_thousands(value) else ""
        if sign and self._decimal is None:
            raise StatedError(
                f"the {sign} in “{value}” may separate thousands or decimals",
                "give the decimal separator with --decimal comma or --decimal point",
            )
        stated = read_stated(value, fields.get("n", ""), self._unit, fractions=self._fractions)
        segment, source = (" ".join(fields.get(field, "").split()) for field in ("segment", "source"))
        return Row(line=written.line, day=day, stated=stated, segment=segment, source=source)

    def _day(self, text: str) -> date:
        day = read_day(text, self._order) or read_date(text, self._parse)
        if day is None and two_days(text):
            raise StatedError(f"“{text}” is ambiguous", "give the order with --date-order dmy or --date-order mdy")
        if day is None:
            raise StatedError(f"“{text}” is not a day" if text else "the row has no day", "write it as 2026-03-31")
        if day > self._today:
            raise StatedError(f"{day.isoformat()} is in the future")
        return day
