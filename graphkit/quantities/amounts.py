"""One amount at one place of a text: sign, digits, multiplier, unit. Ranges and shares are the business of `numbers`.

Which spelling of the separators means what is decided here; the table of the decisions is in `numbers`.
"""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from graphkit.quantities.units import CODES, MULTIPLES, SYMBOLS, UNITS, Unit, read_unit, singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DASHES = ("-", "‐", "‑", "‒", "–", "—", "―", "−")
"""What stands between the ends of a range; `~` too, see `numbers`."""

MINUS = ("-", "−", "–")


class Amount(NamedTuple):
    """Digits with what belongs to them, before it is known whether a range gives them a multiplier or a unit."""

    digits: str
    """In the spelling of Python's floats, without a sign."""
    sign: str
    """`""`, `"+"` or `"-"`."""
    power: int | None
    """Power of ten of the multiplier, None where none was written."""
    unit: Unit | None
    """None where none was written."""
    money: bool
    """Written behind a currency, where `m` means millions."""
    bare: bool
    """Nothing but digits: neither sign, multiplier nor unit."""
    ambiguous: bool
    decimal_comma: bool
    end: int


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _windows_character(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _encoded_again(sign: str) -> frozenset[str]:
    """What a sign looks like when its UTF-8 bytes are taken for Windows-1252 or Latin-1, also with straight quotes."""
    windows = "".join(_windows_character(byte) for byte in sign.encode())
    return frozenset((windows, sign.encode().decode("latin-1"), windows.replace("“", '"').replace("”", '"')))


def _broken_forms(sign: str) -> frozenset[str]:
    """What a sign looks like after one such mistake, or two."""
    once = _encoded_again(sign)
    return once.union(*map(_encoded_again, once))


BROKEN: Mapping[str, str] = {
    form: sign for sign in (*DASHES[1:], "≥", "≤", "≈", "€", "£", "¥", "\u00a0") for form in _broken_forms(sign)
}
"""Signs that were encoded twice or three times, and what was meant."""

_BROKEN_START = re.compile(one_of(char for form in BROKEN for char in (form[0].lower(), form[0].upper())))


def may_be_broken(text: str, start: int = 0) -> bool:
    """Whether a broken form can stand behind `start`, in whatever case; false for nearly every text."""
    return not text.isascii() and _BROKEN_START.search(text, start) is not None


def spellings(signs: Iterable[str], *, broken: bool = True) -> tuple[str, ...]:
    """The signs, and their broken forms where these are asked for."""
    kept = tuple(signs)
    return (*kept, *(form for form, sign in BROKEN.items() if sign in kept)) if broken else kept


def space(*, broken: bool) -> str:
    """A pattern for one space as it stands in numbers."""
    return f"(?:[{_SPACES}]|{one_of(_broken_forms(chr(0xA0)))})" if broken else f"[{_SPACES}]"


_POWERS: Mapping[str, int] = {
    **dict.fromkeys(("k", "K", "thousand", "Thousand", "Tsd.", "Tsd", "千"), 3),
    **dict.fromkeys(("M", "mn", "mio", "Mio.", "Mio", "million", "Million", "millions", "Millionen", "millones"), 6),
    **dict.fromkeys(("millón", "milhões", "milhão", "百万"), 6),
    **dict.fromkeys(("B", "bn", "billion", "Billion", "billions", "Mrd.", "Mrd", "Milliarden", "milliards", "Md"), 9),
    **dict.fromkeys(("万", "萬"), 4),
    **dict.fromkeys(("亿", "億"), 8),
    **dict.fromkeys(("lakh", "lakhs", "lac", "Lakh"), 5),
    **dict.fromkeys(("Cr", "cr", "crore", "crores", "Crore"), 7),
}
_MONEY_POWERS: Mapping[str, int] = {**_POWERS, "m": 6, "b": 9, "mm": 6, "MM": 6}
_POWER_OF_FACTOR: Mapping[float, int] = {float(f"1e{power}"): power for power in range(-9, 13)}

_SPACES = " \u2009\u202f\u00a0"
_MONEY = {form: SYMBOLS[BROKEN.get(form, form)] for form in spellings(SYMBOLS)} | {code: code for code in sorted(CODES)}

# Each run of digits is limited, so that no text makes a number slow or infinite; a longer run is no number.
_DIGITS = r"""
(?P<digits>
    (?P<commas> (?!0)[0-9]{1,3} (?:,[0-9]{3}){1,12} (?![0-9]|,[0-9]) (?:\.[0-9]{1,40})? )
  | (?P<lakhs> (?!0)[0-9]{1,2} (?:,[0-9]{2}){1,12} ,[0-9]{3} (?![0-9]|,[0-9]) (?:\.[0-9]{1,40})? )
  | (?P<dots> [0-9]{1,3} (?: (?:\.[0-9]{3}){2,12} (?![0-9]|\.[0-9]) (?:,[0-9]{1,40})?
                           | \.[0-9]{3},[0-9]{1,40} ) )
  | (?P<gaps> (?!0)[0-9]{1,3} (?P<gap>[ '’\u2009\u202f\u00a0]) [0-9]{3} (?:(?P=gap)[0-9]{3}){0,12}
                (?![0-9]|(?P=gap)[0-9]) (?:[.,][0-9]{1,40})? )
  | (?P<comma> [0-9]{1,40},[0-9]{1,40} )
  | (?P<plain> (?:[0-9]{1,40}(?:\.[0-9]{1,40})?|\.[0-9]{1,40}) (?:[eE][+-]?[0-9]{1,3}(?![0-9A-Za-z]))? )
)(?![0-9])
"""
_NO_LETTER = "(?![A-Za-zÀ-ɏ])"
_PER = rf"(?:/(?P<per>[A-Za-z]{{1,24}}){_NO_LETTER})?"
_SEPARATORS = str.maketrans("", "", ",'’ \u2009\u202f\u00a0")


class AmountReader:
    """Reads amounts; with the broken forms of signs, or without them for texts that hold none, which is faster."""

    def __init__(self, *, broken: bool) -> None:
        self._sign = one_of(spellings(("+", *MINUS), broken=broken))
        self._symbols = spellings(SYMBOLS, broken=broken)
        self._space = space(broken=broken)

    def _digits(self, powers: Iterable[str]) -> str:
        return rf"{_DIGITS}(?:{self._space}?(?P<times>{one_of(powers)}){_NO_LETTER})?"

    @cached_property
    def _money(self) -> re.Pattern[str]:
        before = rf"(?P<before>{one_of((*self._symbols, *CODES))}){self._space}?(?P<inner>{self._sign})?"
        return re.compile(f"(?P<sign>{self._sign})?{before}{self._digits(_MONEY_POWERS)}{_PER}", re.VERBOSE)

    @cached_property
    def _money_end(self) -> re.Pattern[str]:
        return re.compile(f"(?P<sign>{self._sign})?{self._digits(_MONEY_POWERS)}{_PER}", re.VERBOSE)

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        units = one_of((*UNITS.keys() - MULTIPLES.keys(), *self._symbols))
        return re.compile(
            f"(?P<sign>{self._sign})?{self._digits(_POWERS)}"
            f"(?:(?P<multiple>{one_of(MULTIPLES)}){_NO_LETTER}|{self._space}?(?P<unit>{units}){_NO_LETTER})?{_PER}",
            re.VERBOSE,
        )

    def read(self, text: str, start: int, *, unit: str = "", money: bool = False) -> Amount | None:
        """The amount that begins exactly at `start`, or None.

        money: it ends a range that began with a currency (`$1–2m`). unit: the unit of a metric's page; its word is
        accepted behind the digits (`1200 users`) beside the known units.
        """
        # No currency begins with a digit.
        match = None if text[start : start + 1].isdigit() else self._money.match(text, start)
        match = match or (self._money_end if money else self._plain).match(text, start)
        if match is None:
            return None
        found = match.groupdict()
        before = found.get("before")
        written = found.get("multiple") or found.get("unit") or before
        read: Unit | None = None
        if written is not None:
            read = Unit(_MONEY[written], 1.0) if written in _MONEY else UNITS[written]
        end = match.end()
        times = found["times"]
        own, own_end = _own_unit(text, match.end("digits"), unit) if unit and before is None else (None, end)
        if own is not None and (own_end > end or times):  # `2k users` in `k users`, `21 kg CO2` in `kg CO2`
            read, end, times = own, own_end, None
        elif found["per"] is not None:
            over = read_unit(f"/{found['per']}")
            read = Unit((read.name if read else "") + over.name, read.factor if read else 1.0)
        elif read is None and unit:
            read, end = _own_unit(text, end, unit)
        sign = found["sign"] or found.get("inner") or ""
        if found["sign"] and found.get("inner"):
            return None
        return Amount(
            digits=_plain_digits(match),
            sign="-" if BROKEN.get(sign, sign) in MINUS else sign,
            power=None if times is None else _MONEY_POWERS[times],
            unit=read,
            money=before is not None,
            bare=not sign and times is None and read is None,
            ambiguous=(found["commas"] or "").count(",") == 1 and "." not in (found["commas"] or ""),
            decimal_comma=found["comma"] is not None or "," in (found["dots"] or "") or "," in (found["gaps"] or ""),
            end=end,
        )


def _own_unit(text: str, end: int, unit: str) -> tuple[Unit | None, int]:
    """The unit of a metric's page where its word stands at `end`, behind one space or none, with a plural s or not."""
    word = singular(unit)
    start = end + 1 if text[end : end + 1] == " " else end
    stop = start + len(word)
    if not word or text[start:stop].lower() != word:
        return None, end
    if text[stop : stop + 1] in {"s", "S"}:
        stop += 1
    return (None, end) if text[stop : stop + 1].isalnum() else (read_unit(unit), stop)


def _plain_digits(match: re.Match[str]) -> str:
    """The digits with a point for the decimals and nothing for the thousands."""
    digits = match["commas"] or match["lakhs"]
    if digits is not None:
        return digits.replace(",", "")
    if match["dots"] is not None:
        return match["dots"].replace(".", "").replace(",", ".")
    if match["gaps"] is not None:
        head, comma, tail = match["gaps"].partition(",")
        return head.translate(_SEPARATORS) + comma.replace(",", ".") + tail
    if match["comma"] is not None:
        return match["comma"].replace(",", ".")
    return match["plain"]


def size(amount: Amount, *, power: int | None = None, unit: Unit | None = None) -> float:
    """The stored value, with a multiplier and unit for amounts that have none of their own; rounded once.

    Powers of ten move the decimal point in the digits, because 41.2 · .01 is not the float nearest to .412.
    """
    written = amount.unit or unit
    factor = written.factor if written else 1.0
    shift = amount.power if amount.power is not None else power or 0
    if factor in _POWER_OF_FACTOR:
        shift += _POWER_OF_FACTOR[factor]
        factor = 1.0
    digits, _, own = amount.digits.lower().partition("e")
    value = float(f"{digits}e{int(own or 0) + shift}") * factor
    return math.copysign(value, -1.0) if amount.sign == "-" and value else value
