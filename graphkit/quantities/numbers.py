"""Numbers as people write them in notes: one quantity in a text. What it measures, it does not know.

Read (spec: domain §7): signs (`-`, U+2212, an en dash), `k M B` and their words, `%`, `pp`, currency before or after,
durations (`1h 30m`), `471/4100` and `471 of 4100` (a share with its n), `(n=1200)` behind a value, ranges with any
dash, `to` or `between … and`, `~`, comparison signs and their words, a `+` behind it (at least), digits of any script.

Decided where a spelling has two readings:

- `1,234` is 1234 and flagged `ambiguous`: one comma before exactly three digits and nothing else to go by.
  `1,234,567`, `1,234.5` and `12,34,567` have separators of thousands, `1.234.567` and `1.234,5` too.
- `3,5` is 3.5 and flagged `decimal_comma`, as is every comma before another number of digits, and `0,234`.
- `1.234` is a decimal number. `1 234`, `1'234` and `1’234` are thousands.
- `m` is minutes, but millions behind a currency sign (`$5m`); `M` is millions always; `B` is billions, `MB` bytes.
- A falling pair is no range (`15-10`) unless it has a unit (`15-10%`) or both are negative; `..` is a dash too.
- What looks like part of a date, a clock time, a version or a word (`2026-01-01`, `10:30`, `1.2.3`, `7-day`) is
  skipped.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Literal

from graphkit.quantities.amounts import (
    BROKEN,
    DASHES,
    Amount,
    AmountReader,
    may_be_broken,
    one_of,
    size,
    space,
    spellings,
)
from graphkit.quantities.units import CODES, PERCENT, POINTS, SECONDS, SYMBOLS, read_unit
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace
from graphkit.text.scripts import UNSPACED, is_plain
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

Sign = Literal[">=", "<=", ">", "<", "="]
"""How a value is compared (`>= 36%`)."""


class Number(Record, frozen=True, kw_only=True):
    """One quantity: a value or a range, in the stored size of its canonical unit (`41.2%` is .412, `250ms` is .25)."""

    value: float
    """The value; of a range its middle."""
    unit: str = ""
    """Canonical unit (see `units`), empty for a bare number."""
    n: float | None = None
    """Units that the value was counted over: the 4100 of `471/4100`, the 1200 of `41.2% (n=1200)`."""
    count: float | None = None
    """The 471 of `471/4100`."""
    low: float | None = None
    high: float | None = None
    """Ends of a range, both or none; `low` is never above `high`."""
    sign: Sign | None = None
    signed: bool = False
    """True if `+` or `-` was written."""
    approximate: bool = False
    ambiguous: bool = False
    """Written with one comma before three digits and read as thousands."""
    decimal_comma: bool = False
    broken_encoding: bool = False
    """Some sign was encoded twice (`10â€“15%`); it is read as meant, and never rewritten unasked."""
    span: Span
    """What was consumed of the text given."""


_SIGNS: Mapping[str, Sign] = {
    **dict.fromkeys(("≥", ">=", "=>", "⩾", "at least", "min.", "minimum"), ">="),
    **dict.fromkeys(("≤", "<=", "=<", "⩽", "at most", "up to", "max.", "maximum"), "<="),
    **dict.fromkeys((">", "＞", "more than", "over", "above"), ">"),
    **dict.fromkeys(("<", "＜", "less than", "fewer than", "under", "below"), "<"),
    "=": "=",
}
_ABOUT = frozenset(("≈", "~", "∼", "about", "around", "approximately", "approx.", "approx", "ca.", "circa"))
_BETWEEN = "between"
_LEADS = (*_SIGNS, *_ABOUT, _BETWEEN)
_MEANT = {form.lower(): BROKEN.get(form, form) for form in spellings(_LEADS)}
_DASHES = (*DASHES, "--", "---", "~", "～", "〜", "..", "...", "…")
_BLANKS = lazy_pattern(r"\s*")
_DIGITS = lazy_pattern(r"[0-9][0-9.,]*")
_COUNT = lazy_pattern(r"[0-9]{1,15}|[1-9][0-9]{0,2}(?:[.,][0-9]{3}){1,4}")
_LONGEST_LEAD = 60
"""More code points than words, signs and a currency before the digits can take."""
_PLUS = lazy_pattern(r"\+(?![0-9A-Za-z])")
_WHOLE_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_OTHER_DIGITS = {
    **{base + digit: str(digit) for base in (0x0660, 0x06F0, 0x0966, 0xFF10) for digit in range(10)},
    **{ord(other): sign for other, sign in zip("％﹪٫٬．，＋－＄／＝￥", "%%.,.,+-$/=¥", strict=True)},
    **dict.fromkeys((0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF), " "),
}
"""Digits and signs of other scripts, and marks without width, one code point each, so that spans stay right."""


def read_quantity(text: str, *, unit: str = "") -> Number | None:
    """The quantity that the text begins with, white space skipped: a value, a share or a range; else None.

    unit: the unit of a metric's page, so that `1200 users` is read as a whole. A bare number stays bare, see `in_unit`.
    The rest of the text is behind `span.end`.
    """
    plain = _plain(text)
    opened = _BLANKS.match(plain)
    return _reader(broken=may_be_broken(plain)).read(plain, opened.end() if opened else 0, unit)


def find_quantity(text: str, *, unit: str = "", start: int = 0) -> Number | None:
    """The first quantity at or after `start` that does not begin inside a word or another number.

    Looks at a hundred runs of digits and then gives up, so that no text takes long.
    """
    plain = _plain(text)
    reader = _reader(broken=may_be_broken(plain, start))
    opening = reader.plain_opening if is_plain(plain) else reader.opening
    place = start
    for digits in islice(_DIGITS.finditer(plain, start), 100):
        place = max(place, digits.start() - _LONGEST_LEAD)
        for match in opening.finditer(plain, place, digits.start() + 1):
            number = reader.read(plain, match.start(), unit)
            if number is not None:
                return number
        place = digits.end()
    return None


def read_number(text: str, *, unit: str = "") -> Number | None:
    """The one value that is the whole text (white space around it aside), or None; a range is not one."""
    number = _whole(text, unit)
    return None if number is None or number.low is not None else number


def read_range(text: str, *, unit: str = "") -> Number | None:
    """The range that is the whole text (white space around it aside), or None; a single value is not one."""
    number = _whole(text, unit)
    return None if number is None or number.low is None else number


def read_count(text: str) -> float | None:
    """A number of units that were counted, as the whole text, or None: no unit, no decimals, not below 0.

    `1.200` and `1,200` are 1200 both, since nothing is counted in thousandths.
    """
    text = _plain(text).strip()
    if _COUNT.fullmatch(text):
        return float(text.replace(".", "").replace(",", ""))
    number = read_number(text)
    if number is None or number.unit or number.sign is not None or number.value < 0 or not number.value.is_integer():
        return None
    return number.value


def split_quantity(text: str, *, unit: str = "") -> tuple[Number, str] | None:
    """The quantity that the text begins with, and the rest of it, trimmed (`38% on [[Jan 1st, 2026]]`)."""
    number = read_quantity(text, unit=unit)
    return None if number is None else (number, text[number.span.end :].strip())


def in_unit(number: Number, unit: str) -> Number:
    """A bare number taken to be written in a unit (`250` in `ms` is .25 s); any other number unchanged.

    Whether 41 in `%` is meant as 41 % or as a mistake is the caller's question: it is read as 41 %.
    """
    if number.unit:
        return number
    name, factor = read_unit(unit)
    divisor = round(1 / factor)

    def sized(value: float) -> float:
        return value / divisor if divisor > 1 else value * factor

    return replace(
        number,
        value=sized(number.value),
        unit=name,
        low=None if number.low is None else sized(number.low),
        high=None if number.high is None else sized(number.high),
    )


def read_split(text: str) -> tuple[float, ...] | None:
    """The shares of a planned split (`50/50`, `90:10`, `1/1/2`), adding up to 1; None where it is no split."""
    numbers = [read_number(part) for part in re.split("[/:]", _plain(text))]
    values = [number.value for number in numbers if number is not None and number.value > 0]
    if len(values) < 2 or len(values) < len(numbers):
        return None
    return tuple(value / sum(values) for value in values)


def write_number(value: float, unit: str = "") -> str:
    """A stored value in its canonical unit as people write it; `read_number` gives the same value and unit back.

    Holds for sizes from 1e-9 to 1e15. Durations take the largest unit of which they are a whole multiple.
    """
    if unit in {PERCENT, POINTS}:
        return f"{Decimal(repr(value)).scaleb(2).normalize():f}{unit}"
    if unit == SECONDS:
        for name, factor in _WHOLE_UNITS:
            if value and value % factor == 0:
                return f"{value / factor:.0f}{name}"
    digits = f"{Decimal(repr(value)).normalize():f}"
    tight = unit in {"x", SECONDS} or unit.startswith("/")
    return digits + unit if tight else f"{digits} {unit}".rstrip()


def _plain(text: str) -> str:
    return text if text.isascii() else text.translate(_OTHER_DIGITS)


class _Reader:
    """Reads quantities; with the broken forms of signs, or without them for texts that hold none, which is faster."""

    def __init__(self, *, broken: bool) -> None:
        gap = space(broken=broken)
        few, some = f"{gap}{{0,4}}", f"{gap}{{1,4}}"
        lead = one_of(spellings(_LEADS, broken=broken))
        dash = one_of(spellings(_DASHES, broken=broken))
        money = one_of((*spellings(SYMBOLS, broken=broken), *CODES))
        self._amount = AmountReader(broken=broken).read
        self._broken = lazy_pattern(one_of(BROKEN)) if broken else None
        self._lead = lazy_pattern(f"({lead})(?<![A-Za-z](?=[A-Za-z])){few}", re.IGNORECASE)
        self._dash = lazy_pattern(f"{few}(?:{dash}){few}|{some}to{some}", re.IGNORECASE)
        self._and = lazy_pattern(f"{some}and{some}", re.IGNORECASE)
        self._of = lazy_pattern(f"{gap}?/{gap}?|{some}(?:out{some}of|of|von|sur|de){some}", re.IGNORECASE)
        self._n = lazy_pattern(rf"{few}\({few}n{few}[=:]{few}([0-9][^()\r\n]{{0,60}})\)", re.IGNORECASE)
        self._gap = lazy_pattern(f"{gap}?(?=[0-9])")
        self._opening = rf"(?:{lead}|[-+−–]|{money}|\.?[0-9])"
        self._stop = lazy_pattern(rf"(?![0-9A-Za-z_À-ɏ]|[.,:/'’%][0-9]|(?:{dash})[0-9]|[-‐‑/\\][A-Za-z])")

    @cached_property
    def plain_opening(self) -> re.Pattern[str]:
        """How a quantity begins in a plain text, see `is_plain`."""
        return re.compile(rf"(?<![.,])(?<!\w){self._opening}", re.IGNORECASE)

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """How it begins in any text."""
        return re.compile(rf"(?<![.,万萬亿億])(?-i:(?<![^\W{UNSPACED}])){self._opening}", re.IGNORECASE)

    def read(self, plain: str, start: int, unit: str) -> Number | None:
        """The quantity that begins exactly at `start`."""
        place = start
        sign: Sign | None = None
        approximate = between = False
        for _ in range(3):
            lead = self._lead.match(plain, place)
            if lead is None:
                break
            word = _MEANT.get(lead[1].lower())
            if word is None:  # `mınımum` is matched for its letters, but is no word of these
                break
            if word == _BETWEEN:
                between = True
            elif word in _ABOUT:
                approximate = True
            else:
                sign = _SIGNS[word]
            place = lead.end()
        first = self._amount(plain, place, unit=unit)
        if first is None:
            return None
        readings = [self._range(plain, first, unit, between=between)]
        if not between:
            readings = [self._share(plain, first, unit), *readings, self._duration(plain, first), _single(first)]
        for number in readings:
            closed = None if number is None else self._close(plain, number)
            if closed is not None:
                return replace(
                    closed,
                    sign=sign or closed.sign,
                    approximate=approximate,
                    broken_encoding=self._broken is not None
                    and self._broken.search(plain, start, closed.span.end) is not None,
                    span=Span(start, closed.span.end),
                )
        return None

    def _share(self, text: str, first: Amount, unit: str) -> Number | None:
        """`471/4100`: two whole numbers without sign or unit, the first at most the second."""
        match = self._of.match(text, first.end) if first.bare else None
        second = self._amount(text, match.end(), unit=unit) if match else None
        if second is None or not second.bare:
            return None
        count, n = size(first), size(second)
        if not (count.is_integer() and n.is_integer() and 0 <= count <= n and n > 0):
            return None
        return Number(value=count / n, unit=PERCENT, n=n, count=count, span=Span(0, second.end))

    def _range(self, text: str, first: Amount, unit: str, *, between: bool) -> Number | None:
        match = (self._and if between else self._dash).match(text, first.end)
        if match is None:
            return None
        minus = first.sign == "-" and match[0] == "--"  # `-10--5%` is -10% to -5%, but `10--15%` is 10% to 15%
        second = self._amount(text, match.end() - minus, unit=unit, money=first.money)
        if second is None:
            return None
        read = second.unit or first.unit
        if first.unit and second.unit and first.unit.name != second.unit.name:
            return None
        # `10–15k` is 10k–15k, but `500–1.5k` would fall and is taken as it stands
        low, high = size(first, power=second.power, unit=read), size(second, unit=read)
        if low > high and first.power is None:
            low = size(first, unit=read)
        dashed = not match[0].strip().isalpha()  # `from 15% to 10%` is no range
        if (read is not None and dashed) or (low < 0 and high < 0):
            low, high = min(low, high), max(low, high)
        if low > high:
            return None
        return _finite(
            Number(
                value=(low + high) / 2,
                unit=read.name if read else "",
                low=low,
                high=high,
                signed=bool(first.sign),
                ambiguous=first.ambiguous or second.ambiguous,
                decimal_comma=first.decimal_comma or second.decimal_comma,
                span=Span(0, second.end),
            )
        )

    def _duration(self, text: str, first: Amount) -> Number | None:
        """`1h 30m`: durations in falling units, each part behind the first a smaller one."""
        total, last, end = 0.0, first, first.end
        sign = first.sign
        parts = 1
        while last.unit is not None and last.unit.name == SECONDS:
            total += size(last._replace(sign=""))
            gap = self._gap.match(text, end)
            following = self._amount(text, gap.end()) if gap else None
            if (
                following is None
                or following.unit is None
                or following.unit.name != SECONDS
                or following.unit.factor >= last.unit.factor
            ):
                break
            last, end, parts = following, following.end, parts + 1
        if parts == 1:
            return None
        value = math.copysign(total, -1.0) if sign == "-" else total
        return _finite(Number(value=value, unit=SECONDS, signed=bool(sign), span=Span(0, end)))

    def _close(self, text: str, number: Number) -> Number | None:
        """The number with its `+` and `(n=…)`, or None where a word or a longer figure goes on behind it."""
        end, sign, n = number.span.end, number.sign, number.n
        if (plus := _PLUS.match(text, end)) is not None and number.low is None:
            end, sign = plus.end(), ">="
        if self._stop.match(text, end) is None:
            return None
        if n is None and (match := self._n.match(text, end)) is not None:
            n = read_count(match[1])
            end = end if n is None else match.end()
        return replace(number, sign=sign, n=n, span=Span(0, end))


@cache
def _reader(*, broken: bool) -> _Reader:
    return _Reader(broken=broken)


def _whole(text: str, unit: str) -> Number | None:
    number = read_quantity(text, unit=unit)
    return None if number is None or text[number.span.end :].strip() else number


def _single(amount: Amount) -> Number | None:
    return _finite(
        Number(
            value=size(amount),
            unit=amount.unit.name if amount.unit else "",
            signed=bool(amount.sign),
            ambiguous=amount.ambiguous,
            decimal_comma=amount.decimal_comma,
            span=Span(0, amount.end),
        )
    )


def _finite(number: Number) -> Number | None:
    return number if math.isfinite(number.value) else None
