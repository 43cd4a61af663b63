"""One amount at one place of a text: sign, digits, multiplier, unit. Ranges and shares are the business of `numbers`.

Which spelling of the separators means what is decided here; the table of the decisions is in `numbers`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from graphkit.quantities.units import CODES, MULTIPLES, SYMBOLS, UNITS, Unit, read_unit, singular
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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

_BROKEN_START = lazy_pattern(one_of(char for form in BROKEN for char in (form[0].lower(), form[0].upper())))


def may_be_broken(text: str, start: int = 0) -> bool:
    """True if a broken form can be behind `start`, in whatever case; false for nearly every text."""
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
_SEPARATORS = str.maketrans("", "", ",'’ \u2009\u202f\u00a0")


_PATTERN_OF_DIGITS = lazy_pattern(_DIGITS, re.VERBOSE)
_PER = lazy_pattern("/([A-Za-z]{1,24})(?![A-Za-zÀ-ɏ])")
_LETTERS = "À", "ɏ"
"""The first and the last letter beyond ASCII that a word goes on with."""


class _Words:
    """A fixed set of words, to be found at one place of a text: the longest that stands there."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(set(words), key=lambda word: (-len(word), word)):
            self._by_first.setdefault(word[0], []).append(word)

    def all_at(self, text: str, at: int) -> Iterator[str]:
        """The words with which the text goes on there, the longest first."""
        return (word for word in self._by_first.get(text[at : at + 1], ()) if text.startswith(word, at))

    def whole_at(self, text: str, at: int) -> str | None:
        """The longest of them behind which no letter follows."""
        for word in self._by_first.get(text[at : at + 1], ()):
            if text.startswith(word, at) and not _is_letter(text[at + len(word) : at + len(word) + 1]):
                return word
        return None


def _is_letter(char: str) -> bool:
    return (char.isascii() and char.isalpha()) or _LETTERS[0] <= char <= _LETTERS[1]


_TIMES = _Words(_POWERS)
_MONEY_TIMES = _Words(_MONEY_POWERS)
_MULTIPLES = _Words(MULTIPLES)


class AmountReader:
    """Reads amounts; with the broken forms of signs, or without them for texts that hold none, which is faster."""

    def __init__(self, *, broken: bool) -> None:
        symbols = spellings(SYMBOLS, broken=broken)
        self._signs = _Words(spellings(("+", *MINUS), broken=broken))
        self._currencies = _Words((*symbols, *CODES))
        self._units = _Words((*UNITS.keys() - MULTIPLES.keys(), *symbols))
        self._spaces = _Words((*_SPACES, *(_broken_forms("\u00a0") if broken else ())))

    def read(self, text: str, start: int, *, unit: str = "", money: bool = False) -> Amount | None:
        """The amount that begins exactly at `start`, or None.

        money: it ends a range that began with a currency (`$1–2m`). unit: the unit of a metric's page; its word is
        accepted behind the digits (`1200 users`) next to the known units.
        """
        for sign in (*self._signs.all_at(text, start), ""):
            at = start + len(sign)
            found = self._behind_currency(text, at, sign, unit) or self._from_digits(text, at, sign, unit, money=money)
            if found is not None:
                return found if found.end else None
        return None

    def _behind_currency(self, text: str, start: int, sign: str, unit: str) -> Amount | None:
        """An amount that begins with its currency, `$5m` or `€ -3`."""
        if text[start : start + 1].isdigit():  # no currency begins with a digit
            return None
        for before in self._currencies.all_at(text, start):
            behind = self._behind_space(text, start + len(before))
            for inner in (*self._signs.all_at(text, behind), ""):
                digits = _PATTERN_OF_DIGITS.match(text, behind + len(inner))
                if digits is not None:
                    if sign and inner:
                        return _NO_AMOUNT
                    return self._made(text, digits, sign or inner, unit, before=before, money=True)
        return None

    def _from_digits(self, text: str, start: int, sign: str, unit: str, *, money: bool) -> Amount | None:
        """An amount that begins with its digits."""
        digits = _PATTERN_OF_DIGITS.match(text, start)
        return None if digits is None else self._made(text, digits, sign, unit, before=None, money=money)

    def _made(
        self, text: str, digits: re.Match[str], sign: str, unit: str, *, before: str | None, money: bool
    ) -> Amount:
        times, end = self._multiplier(text, digits.end(), _MONEY_TIMES if money else _TIMES)
        written = before
        if not money:
            written, end = self._unit_word(text, end)
        read: Unit | None = None
        if written is not None:
            read = Unit(_MONEY[written], 1.0) if written in _MONEY else UNITS[written]
        per = _PER.match(text, end)
        end = per.end() if per else end
        own, own_end = _own_unit(text, digits.end(), unit) if unit and before is None else (None, end)
        if own is not None and (own_end > end or times):  # `2k users` in `k users`, `21 kg CO2` in `kg CO2`
            read, end, times = own, own_end, None
        elif per is not None:
            over = read_unit(f"/{per[1]}")
            read = Unit((read.name if read else "") + over.name, read.factor if read else 1.0)
        elif read is None and unit:
            read, end = _own_unit(text, end, unit)
        commas, dots, gaps = digits["commas"] or "", digits["dots"] or "", digits["gaps"] or ""
        return Amount(
            digits=_plain_digits(digits),
            sign="-" if BROKEN.get(sign, sign) in MINUS else sign,
            power=None if times is None else _MONEY_POWERS[times],
            unit=read,
            money=before is not None,
            bare=not sign and times is None and read is None,
            ambiguous=commas.count(",") == 1 and "." not in commas,
            decimal_comma=digits["comma"] is not None or "," in dots or "," in gaps,
            end=end,
        )

    def _behind_space(self, text: str, at: int) -> int:
        """Where the text goes on behind one space, if there is one."""
        for space_found in self._spaces.all_at(text, at):
            return at + len(space_found)
        return at

    def _multiplier(self, text: str, end: int, words: _Words) -> tuple[str | None, int]:
        """The multiplier behind the digits, and where it ends."""
        at = self._behind_space(text, end)
        word = words.whole_at(text, at)
        return (None, end) if word is None else (word, at + len(word))

    def _unit_word(self, text: str, end: int) -> tuple[str | None, int]:
        """The unit behind digits and multiplier, and where it ends."""
        word = _MULTIPLES.whole_at(text, end)
        if word is not None:
            return word, end + len(word)
        at = self._behind_space(text, end)
        word = self._units.whole_at(text, at)
        return (None, end) if word is None else (word, at + len(word))


_NO_AMOUNT = Amount("", "", None, None, money=False, bare=False, ambiguous=False, decimal_comma=False, end=0)
"""Stands for what begins as an amount does and is not one."""


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
