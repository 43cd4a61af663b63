"""A value that somebody states for a metric: whether it fits, and the text in which it reads back.

Stricter than the reader of notes, since there is a person to ask: what has two readings is refused, never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.quantities.measurements import doubtful_separator
from graphkit.quantities.numbers import in_unit, read_count, read_number, read_quantity, write_number
from graphkit.quantities.units import PERCENT, same_unit
from graphkit.quantities.value_context import is_change
from graphkit.text.records import Record

if TYPE_CHECKING:
    from graphkit.quantities.numbers import Number

_LONGEST_SHOWN: Final = 40


class StatedError(Exception):
    """A value cannot be taken; the message says why, the remedy what to write."""

    def __init__(self, message: str, remedy: str = "") -> None:
        """Message: one sentence, without a full stop."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class MetricUnit(Record, frozen=True, kw_only=True):
    """The unit of the metric that values are stated for."""

    title: str
    """Of the metric, for messages."""
    text: str
    """As its page writes it."""
    name: str
    """Canonical."""
    known: bool
    """False: neither its page nor a value says which, so that any will do."""
    declared: bool = True
    """True if its page says so; else only the values before do."""
    signed: bool = False
    """True if its levels have signs, as those of a growth have."""


class Stated(Record, frozen=True, kw_only=True):
    """A value that fits its metric."""

    text: str
    """As it is to be written, without `(n=…)`."""
    value: float
    """In the canonical unit of the metric."""
    unit: str
    n: float | None
    """Units that it was counted over."""

    @property
    def written(self) -> str:
        """The text with its `(n=…)`, where the text does not say it itself."""
        number = read_quantity(self.text)
        said = number.n if number is not None else None
        return self.text if self.n is None or said == self.n else f"{self.text} (n={count_text(self.n)})"


def count_text(n: float) -> str:
    """A number of units as it is written: without decimals where it is whole."""
    return f"{n:.0f}" if n.is_integer() else repr(n)


def read_stated(written: str, n: str, unit: MetricUnit, *, fractions: bool = False) -> Stated:
    """The value with its sample size, checked against the metric's unit.

    n: as written, empty for none. fractions: bare numbers of a percent metric are shares of 1 (0.41 is 41 %).
    Raises StatedError: no number, a range or a bound, another unit, a comma with two readings, a bare number that may
    be a share or a percent, a sample size that is not one or not the one in the value.
    """
    text = " ".join(written.split())
    shown = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    number = read_quantity(text, unit=unit.text)
    if number is None or text[number.span.end :].strip() or number.low is not None or number.sign not in {None, "="}:
        what = "is not a number" if number is None or text[number.span.end :].strip() else "is not one value"
        raise StatedError(f"“{shown}” {what}", f"write one number, such as {_example(unit)}")
    if is_change(number, unit.text) and not unit.signed:
        raise StatedError(f"“{shown}” is a change, not a level", f"write the new level, such as {_example(unit)}")
    if number.count is not None and not (unit.known and unit.name):
        raise StatedError(f"“{shown}” may be a share or a score", "give the metric's page a unit::, such as %")
    if number.broken_encoding:
        raise StatedError(f"“{shown}” has characters in a broken encoding", "type the number again")
    doubt = doubtful_separator(number, text, unit.name, unit.text)
    if doubt is not None:
        raise StatedError(
            f"the {doubt[0]} in “{shown}” may separate thousands or decimals",
            "use a decimal point, no thousands separators, and not exactly three decimals",
        )
    text = text[number.span.start : number.span.end].strip()
    stated_n = _sample(n, number)
    if unit.known and unit.name == PERCENT and not number.unit:
        return _percent(text, number.value, stated_n, unit, fractions=fractions)
    sized = in_unit(number, unit.text)
    if unit.known and sized.unit != unit.name and not same_unit(sized.unit, unit.name):
        raise StatedError(
            f"“{shown}” is not in the unit of “{unit.title}” ({unit.text or 'none'})",
            f"write it in that unit, such as {_example(unit)}, or log it under another metric",
        )
    return Stated(text=text, value=sized.value, unit=sized.unit, n=stated_n)


def _percent(text: str, value: float, n: float | None, unit: MetricUnit, *, fractions: bool) -> Stated:
    """A bare number of a percent metric, with the sign that it lacks."""
    if fractions:
        if abs(value) > 1:
            raise StatedError(f"“{text}” is not a fraction between -1 and 1", "write it with its percent sign")
        return Stated(text=write_number(value, PERCENT), value=value, unit=PERCENT, n=n)
    if not unit.declared:
        raise StatedError(
            f"earlier values of “{unit.title}” are percentages, but “{text}” has no percent sign",
            f"write {text}% if you mean that, or give the metric's page a unit::",
        )
    if 0 < abs(value) <= 1:
        raise StatedError(
            f"“{text}” may be a fraction or a percentage, and “{unit.title}” is in {unit.text or PERCENT}",
            f"write {write_number(value, PERCENT)} or {text}%",
        )
    with_sign = f"{text}%"
    number = read_number(with_sign)
    if number is None:  # `1.2k` takes no sign behind it
        raise StatedError(f"“{text}” is not a percentage", f"write it as {_example(unit)}")
    return Stated(text=with_sign, value=number.value, unit=PERCENT, n=n)


def _sample(written: str, number: Number) -> float | None:
    if not written.strip():
        return number.n
    read = read_count(written)
    if read is None:
        raise StatedError(f"the sample size “{written.strip()}” is not a whole number", "write it as 1200")
    if number.n is not None and number.n != read:
        raise StatedError(
            f"the value counts {count_text(number.n)} units, but the sample size is {count_text(read)}",
            "give the sample size once",
        )
    return read


def _example(unit: MetricUnit) -> str:
    if not unit.known or not unit.name:
        return "41.2"
    if unit.name == PERCENT:
        return "41.2%"
    return f"41.2{'' if len(unit.text) <= 2 else ' '}{unit.text}"
