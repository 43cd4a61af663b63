"""The units that metrics are written in: one canonical name and one factor each; nothing about texts around them.

A canonical unit is `""` for a bare number, `"%"` for shares (stored as fractions, spec: domain §7), `"pp"` for
differences of shares, `"s"` for durations (in seconds of elapsed time; the working days of estimates are another
matter, spec: domain §3), `"month"` for months and years, which have no fixed length in seconds, an ISO 4217 code for
money, `"byte"`, `"point"`, `"x"` for multiples, or the word of a page's `unit::` in lower case without a plural `s`.
`USD/pax` is a unit over another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

PERCENT = "%"
POINTS = "pp"
SECONDS = "s"
MONTHS = "month"


class Unit(NamedTuple):
    """A canonical unit, and the factor that brings a number written in it to the stored one (`%` → .01)."""

    name: str
    factor: float


SHARES: Mapping[str, Unit] = {
    "%": Unit(PERCENT, 0.01),
    "٪": Unit(PERCENT, 0.01),
    "percent": Unit(PERCENT, 0.01),
    "per cent": Unit(PERCENT, 0.01),
    "pct": Unit(PERCENT, 0.01),
    **dict.fromkeys(("Prozent", "prozent", "pour cent", "por ciento", "por cento"), Unit(PERCENT, 0.01)),
    "‰": Unit(PERCENT, 0.001),
    "pp": Unit(POINTS, 0.01),
    "ppt": Unit(POINTS, 0.01),
    "pps": Unit(POINTS, 0.01),
    "p.p.": Unit(POINTS, 0.01),
    "%-points": Unit(POINTS, 0.01),
    "percentage point": Unit(POINTS, 0.01),
    "percentage points": Unit(POINTS, 0.01),
    **dict.fromkeys(("Prozentpunkte", "points de pourcentage", "puntos porcentuales"), Unit(POINTS, 0.01)),
    **dict.fromkeys(("pontos percentuais", "个百分点", "百分点"), Unit(POINTS, 0.01)),
    "bps": Unit(POINTS, 0.0001),
    "basis point": Unit(POINTS, 0.0001),
    "basis points": Unit(POINTS, 0.0001),
}

_MINUTE, _HOUR, _DAY, _WEEK = 60.0, 3_600.0, 86_400.0, 604_800.0

DURATIONS: Mapping[str, Unit] = {
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), Unit(SECONDS, 1e-9)),
    **dict.fromkeys(("µs", "μs", "us", "microsecond", "microseconds"), Unit(SECONDS, 1e-6)),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), Unit(SECONDS, 1e-3)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), Unit(SECONDS, 1.0)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), Unit(SECONDS, _MINUTE)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), Unit(SECONDS, _HOUR)),
    **dict.fromkeys(("d", "day", "days"), Unit(SECONDS, _DAY)),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), Unit(SECONDS, _WEEK)),
    **dict.fromkeys(("mo", "mos", "month", "months"), Unit(MONTHS, 1.0)),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), Unit(MONTHS, 12.0)),
}

SIZES: Mapping[str, Unit] = {
    **dict.fromkeys(("byte", "bytes"), Unit("byte", 1.0)),
    **dict.fromkeys(("kB", "KB"), Unit("byte", 1e3)),
    "MB": Unit("byte", 1e6),
    "GB": Unit("byte", 1e9),
    "TB": Unit("byte", 1e12),
    "KiB": Unit("byte", 2.0**10),
    "MiB": Unit("byte", 2.0**20),
    "GiB": Unit("byte", 2.0**30),
    "TiB": Unit("byte", 2.0**40),
}

POINTS_OF_A_SCORE: Mapping[str, Unit] = dict.fromkeys(("point", "points", "pt", "pts"), Unit("point", 1.0))

MEASURES: Mapping[str, Unit] = {
    **{name: Unit(name, 1.0) for name in ("kg", "g", "mg", "oz", "km", "cm", "mm", "ft", "ml", "kWh", "°C", "°F")},
    **dict.fromkeys(("t", "ton", "tons", "tonne", "tonnes"), Unit("ton", 1.0)),
    **dict.fromkeys(("lb", "lbs"), Unit("lb", 1.0)),
    **dict.fromkeys(("mi", "mile", "miles"), Unit("mile", 1.0)),
    **dict.fromkeys(("l", "liter", "liters", "litre", "litres"), Unit("liter", 1.0)),
}
"""Of weight, length and the like: each a unit of its own, since nothing is converted (spec: domain §7)."""

MULTIPLES: Mapping[str, Unit] = {"x": Unit("x", 1.0), "×": Unit("x", 1.0)}

SYMBOLS: Mapping[str, str] = {
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "S$": "SGD",
    "R$": "BRL",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₫": "VND",
    "₪": "ILS",
    "₱": "PHP",
    "₦": "NGN",
    "฿": "THB",
    "zł": "PLN",
    "Kč": "CZK",
}
"""Currency signs. A sign that several currencies share means the most traded one: `$` is USD, `¥` is JPY."""

# fmt: off
CODES = frozenset({
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR",
    "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK",
    "NZD", "PEN", "PHP", "PKR", "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH",
    "USD", "VND", "ZAR",
})
# fmt: on
"""ISO 4217 codes that are read in capitals only; codes that are also English words are left out."""

MONEY_WORDS: Mapping[str, Unit] = {
    **dict.fromkeys(("dollar", "dollars"), Unit("USD", 1.0)),
    **dict.fromkeys(("euro", "euros"), Unit("EUR", 1.0)),
}
"""Words behind an amount; other currencies' words have other meanings too (`pounds`)."""

_CURRENCIES: Mapping[str, Unit] = {
    **MONEY_WORDS,
    **{sign: Unit(code, 1.0) for sign, code in SYMBOLS.items()},
    **{code: Unit(code, 1.0) for code in sorted(CODES)},
}

UNITS: Mapping[str, Unit] = {
    **SHARES, **DURATIONS, **SIZES, **POINTS_OF_A_SCORE, **MEASURES, **MULTIPLES, **_CURRENCIES,
}  # fmt: skip
"""Every spelling that a number may be followed by."""

_ANY_CASE: Mapping[str, Unit] = {name.lower(): unit for name, unit in UNITS.items() if len(name) > 1}

_BARE = frozenset({"", "-", "–", "#", "count", "number", "none", "1"})
"""Values of `unit::` that mean a plain number."""

_SINGULAR = {name + "s": name for name in ("second", "minute", "hour", "day", "week", "month", "year")}
_DENOMINATORS: Mapping[str, str] = {
    **_SINGULAR,
    **dict.fromkeys(("s", "sec"), "second"),
    "min": "minute",
    **dict.fromkeys(("h", "hr"), "hour"),
    "d": "day",
    **dict.fromkeys(("w", "wk"), "week"),
    "mo": "month",
    **dict.fromkeys(("y", "yr"), "year"),
}


def read_unit(text: str) -> Unit:
    """The unit that a `unit::` value or the word after a number stands for; any other word is a unit of its own.

    `€/mo` gives `EUR/month`: the part before the slash is read, the part behind it only named.
    """
    written = text.strip()
    exact = UNITS.get(written)
    if exact is not None:
        return exact
    above, slash, below = written.partition("/")
    if slash and below.strip():
        unit = read_unit(above)
        word = singular(below)
        return Unit(f"{unit.name}/{_DENOMINATORS.get(word, word)}", unit.factor)
    word = written.lower()
    if word in _BARE:
        return Unit("", 1.0)
    if len(word) == 1:  # `M` is no minute
        return Unit(written, 1.0)
    stem = singular(written)
    return _ANY_CASE.get(word) or _ANY_CASE.get(stem) or Unit(stem, 1.0)


def singular(text: str) -> str:
    """A word in lower case without a plural s (`pax` and `class` keep theirs)."""
    word = " ".join(text.lower().split())
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", " s")) else word


def same_unit(one: str, other: str) -> bool:
    """True if two units, as written or canonical, measure the same thing (`ms` and `days` do, `%` and `pp` do not)."""
    return read_unit(one).name == read_unit(other).name
