"""The numbers in the cells of a result table: counts, shares, means; nothing is guessed (spec: domain §8).

`1,234` is 1234 as a count, and in doubt as a mean; `1.234` is in doubt as a count. A rate has a percent sign, in its
cell or its header.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.quantities.numbers import read_quantity
from graphkit.quantities.units import PERCENT
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.facts.results.result_headers import Column
    from graphkit.quantities.numbers import Number

_POINT: Final = re.compile(r"(?<![\d.,])\d{1,3}\.\d{3}(?![\d.,])")
_OF: Final = re.compile(r"(?<=\d)\s+(?:out of|von|sur|de|aus)\s+(?=\d)", re.IGNORECASE)
_SHARE_BEHIND: Final = re.compile(r"\(?\s*[≈~]?\d[\d.,]*\s*%\s*\)?")
_FRACTION_BEHIND: Final = re.compile(r"[(\[]?\s*(\d[\d., ]*/\s*\d[\d., ]*?)\s*[)\]]?")
_DECIMALS: Final = re.compile(r"[.,](\d+)")


class CellError(Exception):
    """A cell that cannot be read; the message completes “n “abc” …”."""


class Fraction(Record, frozen=True, kw_only=True):
    """A share as it was counted."""

    count: float
    n: float


class ArmNumbers(Record, frozen=True, kw_only=True):
    """The numbers of one arm."""

    n: float | None
    conversions: float | None = None
    rounding: float = 0.0
    """Conversions that the rounding of a written rate leaves open to each side."""
    mean: float | None = None
    sd: float | None = None
    se: float | None = None
    unit: str = ""
    """Of the mean, in its canonical name."""


def read_fraction(text: str) -> Fraction | None:
    """The share that a cell spells with its n: `400/4000`, `471 of 4100 (11.5%)`, `11.5% (471/4100)`."""
    text = _OF.sub("/", text)
    number = read_quantity(text)
    if number is None or number.unit != PERCENT or number.low is not None or number.approximate:
        return None
    rest = text[number.span.end :].strip()
    if number.count is None or number.n is None:
        inner = _FRACTION_BEHIND.fullmatch(rest)
        return read_fraction(inner[1]) if inner else None
    return Fraction(count=number.count, n=number.n) if not rest or _SHARE_BEHIND.fullmatch(rest) else None


def has_own_n(text: str) -> bool:
    """True for a share with its n in the same cell: a fraction, or `10% (n=4000)`."""
    number = read_quantity(text)
    return read_fraction(text) is not None or (number is not None and number.n is not None and is_percentage(text))


def is_percentage(text: str) -> bool:
    """True for a percentage, with its n behind it or not."""
    number = read_quantity(text)
    return number is not None and number.unit == PERCENT and not text[number.span.end :].strip()


def read_arm(texts: Mapping[Column, str], *, percent: bool = False) -> ArmNumbers:
    """The numbers of one arm from its cells. percent: the header of the rates has a percent sign.

    Raises CellError, with the kind and text of the first cell that cannot be read.
    """
    shares = texts.get("conversions") or texts.get("rate")
    fraction = read_fraction(shares) if shares else None
    if fraction is not None:
        if texts.get("n") and _count("n", texts["n"], texts) != fraction.n:
            raise CellError(f"n “{texts['n']}” differs from the n of “{shares}”")
        return ArmNumbers(n=fraction.n, conversions=fraction.count)
    n = _count("n", texts["n"], texts) if texts.get("n") else None
    if "conversions" in texts:
        return _converted(n, texts, percent=percent)
    if "rate" in texts:
        return _rated(n, texts["rate"], percent=percent)
    return _measured(n, texts)


def _converted(n: float | None, texts: Mapping[Column, str], *, percent: bool) -> ArmNumbers:
    conversions = _count("conversions", texts["conversions"], texts)
    if n is None:
        raise CellError(f"n “{texts.get('n', '')}” cannot be read")
    if texts.get("rate") and n > 0:
        share, half = _rate(texts["rate"], percent=percent)
        if abs(share - conversions / n) > 2.02 * half:
            raise CellError(f"rate “{texts['rate']}” is not {conversions:g} of {n:g}")
    return ArmNumbers(n=n, conversions=conversions)


def _rated(n: float | None, text: str, *, percent: bool) -> ArmNumbers:
    number = read_quantity(text)
    share, half = _rate(text, percent=percent)
    n = number.n if n is None and number is not None else n
    if n is None:
        raise CellError(f"rate “{text}” has no n")
    near = round(share * n)
    if abs(near - share * n) > 2.02 * half * n and n > 0:
        raise CellError(f"rate “{text}” is not a possible share of {n:g} units")
    return ArmNumbers(n=n, conversions=float(near), rounding=max(half * n - 0.5, 0.0))


def _rate(text: str, *, percent: bool) -> tuple[float, float]:
    """A rate as a share, and half of what its last digit stands for."""
    number = read_quantity(text)
    if number is None or number.low is not None or number.sign is not None or text[number.span.end :].strip():
        raise CellError(f"rate “{text}” cannot be read")
    if number.approximate:
        raise CellError(f"rate “{text}” is not an exact number")
    written = text[number.span.start : number.span.end]
    decimals = _DECIMALS.search(written)
    half = 0.5 * 0.01 * 10.0 ** -(len(decimals[1]) if decimals else 0)
    if number.unit == PERCENT:
        return number.value, half
    if number.unit or not percent:
        raise CellError(f"rate “{text}” may be a fraction or a percentage")
    return number.value / 100, half


def _measured(n: float | None, texts: Mapping[Column, str]) -> ArmNumbers:
    values: dict[Column, float] = {}
    unit = first = ""
    commas = any("," in texts.get(kind, "") for kind in _SPREADS)
    for kind in _SPREADS:
        if kind not in texts:
            continue
        number = _number(kind, texts[kind], counted=False, commas=commas)
        if values and number.unit != unit:
            raise CellError(f"{kind} “{texts[kind]}” is not in the unit of “{first}”")
        unit, first = number.unit, first or texts[kind]
        values[kind] = number.value
    if n is None and "se" not in values:
        raise CellError(f"n “{texts.get('n', '')}” cannot be read")
    return ArmNumbers(n=n, mean=values.get("mean"), sd=values.get("sd"), se=values.get("se"), unit=unit)


_SPREADS: Final[tuple[Column, ...]] = ("mean", "sd", "se")


def _count(kind: Column, text: str, texts: Mapping[Column, str]) -> float:
    commas = any("," in other for key, other in texts.items() if key != "n")
    return _number(kind, text, counted=True, commas=commas).value


def _number(kind: Column, text: str, *, counted: bool, commas: bool) -> Number:
    """The one number that a cell holds. commas: there are some in the row's values."""
    number = read_quantity(text)
    if number is None or number.low is not None or number.sign is not None or text[number.span.end :].strip():
        raise CellError(f"{kind} “{text}” cannot be read")
    if number.approximate:
        raise CellError(f"{kind} “{text}” is not an exact number")
    if number.ambiguous and not counted:
        raise CellError(f"{kind} “{text}” has a comma that may separate thousands or decimals")
    if (counted or commas) and _POINT.search(text) and not number.unit:
        raise CellError(f"{kind} “{text}” has a point that may separate thousands or decimals")
    if counted and (number.unit or number.signed or not number.value.is_integer()):
        raise CellError(f"{kind} “{text}” is not a whole number")
    return number


def impossible(numbers: ArmNumbers) -> str:
    """The kind of the number that cannot be right; empty where all can."""
    if numbers.n is not None and numbers.n <= 0:
        return "n"
    if numbers.conversions is not None and numbers.n is not None and numbers.conversions > numbers.n:
        return "conversions"
    return next((kind for kind in ("sd", "se") if (getattr(numbers, kind) or 0) < 0), "")
