"""Numbers as people write them: every accepted format, what is refused, and that written numbers read back the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from growth import assert_linear, repeated
from hypothesis import given
from hypothesis import strategies as st

from graphkit.quantities.numbers import (
    Number,
    find_quantity,
    in_unit,
    read_number,
    read_quantity,
    read_range,
    read_split,
    split_quantity,
    write_number,
)
from graphkit.quantities.units import UNITS, read_unit, same_unit
from graphkit.text.records import field_names
from graphkit.text.span import Span


def said(number: Number | None) -> dict[str, object] | None:
    """What differs from a plain bare value, without the span."""
    if number is None:
        return None
    plain = Number(value=0, span=Span(0, 0))
    values = {name: getattr(number, name) for name in field_names(Number) if name != "span"}
    return {name: value for name, value in values.items() if name == "value" or value != getattr(plain, name)}


SINGLE: dict[str, dict[str, object]] = {
    "41.2%": {"value": 0.412, "unit": "%"},
    "41.2 %": {"value": 0.412, "unit": "%"},
    "\u22123.5%": {"value": -0.035, "unit": "%", "signed": True},
    "–3.5%": {"value": -0.035, "unit": "%", "signed": True},
    "+5pp": {"value": 0.05, "unit": "pp", "signed": True},
    "2 percentage points": {"value": 0.02, "unit": "pp"},
    "30 bps": {"value": 0.003, "unit": "pp"},
    "41.2 pct": {"value": 0.412, "unit": "%"},
    "5 dollars": {"value": 5, "unit": "USD"},
    "12 lbs": {"value": 12, "unit": "lb"},
    "12kg": {"value": 12, "unit": "kg"},
    "1,234.5": {"value": 1234.5},
    "1,234,567": {"value": 1_234_567},
    "12,34,567": {"value": 1_234_567},
    "1 234": {"value": 1234},
    "1\u202f234\u202f567": {"value": 1_234_567},
    "1'234": {"value": 1234},
    "1’234.5": {"value": 1234.5},
    "1,234": {"value": 1234, "ambiguous": True},
    "1.234": {"value": 1.234},
    "1.234.567": {"value": 1_234_567},
    "1.234,5": {"value": 1234.5, "decimal_comma": True},
    "1 234,5": {"value": 1234.5, "decimal_comma": True},
    "3,5": {"value": 3.5, "decimal_comma": True},
    "0,234": {"value": 0.234, "decimal_comma": True},
    "1234,567": {"value": 1234.567, "decimal_comma": True},
    ".5": {"value": 0.5},
    "1e-6": {"value": 1e-6},
    "12k": {"value": 12_000},
    "1.1M": {"value": 1_100_000},
    "2 million": {"value": 2_000_000},
    "3B": {"value": 3e9},
    "3万": {"value": 30_000},
    "$28": {"value": 28, "unit": "USD"},
    "-$5": {"value": -5, "unit": "USD", "signed": True},
    "$-5": {"value": -5, "unit": "USD", "signed": True},
    "$5m": {"value": 5_000_000, "unit": "USD"},
    "1 234,50 €": {"value": 1234.5, "unit": "EUR", "decimal_comma": True},
    "EUR 5k": {"value": 5000, "unit": "EUR"},
    "5k CHF": {"value": 5000, "unit": "CHF"},
    "$21/pax": {"value": 21, "unit": "USD/pax"},
    "120/mo": {"value": 120, "unit": "/month"},
    "3d": {"value": 259_200, "unit": "s"},
    "1h 30m": {"value": 5400, "unit": "s"},
    "1h30m": {"value": 5400, "unit": "s"},
    "1 week 2 days": {"value": 777_600, "unit": "s"},
    "-1h 30m": {"value": -5400, "unit": "s", "signed": True},
    "90 s": {"value": 90, "unit": "s"},
    "250ms": {"value": 0.25, "unit": "s"},
    "2 years": {"value": 24, "unit": "month"},
    "10 MB": {"value": 10_000_000, "unit": "byte"},
    "2.5x": {"value": 2.5, "unit": "x"},
    "471/4100": {"value": 471 / 4100, "unit": "%", "n": 4100, "count": 471},
    "471 / 4,100": {"value": 471 / 4100, "unit": "%", "n": 4100, "count": 471},
    "471 of 4100": {"value": 471 / 4100, "unit": "%", "n": 4100, "count": 471},
    "41.2% (n=1200)": {"value": 0.412, "unit": "%", "n": 1200},
    "41.2% (n=1.2k)": {"value": 0.412, "unit": "%", "n": 1200},
    "41.2%(n = 1,200)": {"value": 0.412, "unit": "%", "n": 1200},
    "~41%": {"value": 0.41, "unit": "%", "approximate": True},
    "about 5k": {"value": 5000, "approximate": True},
    ">= 36%": {"value": 0.36, "unit": "%", "sign": ">="},
    "≤36%": {"value": 0.36, "unit": "%", "sign": "<="},
    "< 200ms": {"value": 0.2, "unit": "s", "sign": "<"},
    "at least ~5": {"value": 5, "sign": ">=", "approximate": True},
    "110+": {"value": 110, "sign": ">="},
    "90%+": {"value": 0.9, "unit": "%", "sign": ">="},
    "٤١٫٥٪": {"value": 0.415, "unit": "%"},
    "４１％": {"value": 0.41, "unit": "%"},
    "\u200e41%": {"value": 0.41, "unit": "%"},
    "â‚¬5": {"value": 5, "unit": "EUR", "broken_encoding": True},
    "â‰¥36%": {"value": 0.36, "unit": "%", "sign": ">=", "broken_encoding": True},
    "Ã¢â€°Â¥36%": {"value": 0.36, "unit": "%", "sign": ">=", "broken_encoding": True},
    "Ã¢â€°Ë†36%": {"value": 0.36, "unit": "%", "approximate": True, "broken_encoding": True},
    "âˆ’3": {"value": -3, "signed": True, "broken_encoding": True},
    "0": {"value": 0},
}

RANGES: dict[str, dict[str, object]] = {
    "10–15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10%–15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10 - 15 %": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10—15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10‑15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10−15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10--15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10~15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10 to 15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "between 10 and 15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10â€“15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15, "broken_encoding": True},
    "10â€”15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15, "broken_encoding": True},
    "10â\x80\x9315%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15, "broken_encoding": True},
    '10â€"15%': {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15, "broken_encoding": True},
    "10Ã¢â‚¬â€œ15%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15, "broken_encoding": True},
    "15-10%": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15},
    "10..15": {"value": 12.5, "low": 10, "high": 15},
    "-10--5": {"value": -7.5, "low": -10, "high": -5, "signed": True},
    "~10–15k": {"value": 12_500, "low": 10_000, "high": 15_000, "approximate": True},
    "500k–1M": {"value": 750_000, "low": 500_000, "high": 1_000_000},
    "500–1.5k": {"value": 1000, "low": 500, "high": 1500},
    "$1–2m": {"value": 1_500_000, "unit": "USD", "low": 1_000_000, "high": 2_000_000},
    "1-3d": {"value": 172_800, "unit": "s", "low": 86_400, "high": 259_200},
    "30m–2h": {"value": 4500, "unit": "s", "low": 1800, "high": 7200},
    "-5–3": {"value": -1, "low": -5, "high": 3, "signed": True},
    "-2–-5%": {"value": -0.035, "unit": "%", "low": -0.05, "high": -0.02, "signed": True},
    "10–15% (n=40)": {"value": 0.125, "unit": "%", "low": 0.1, "high": 0.15, "n": 40},
}

REFUSED = (
    """
15..10|15~10|15% to 10%
-|%|n/a|abc|2026-01-01|01.02.2026|3/4/2026|10:30|1.2.3|192.168.0.1|1,2,3|15-10|10%-15pp|7-day average|5abc|3rd|24/7|5/0
1e999|99999999999999999999999999999999999999999|-$-5|5 users|Q3|x5|between 5|41%of|a 5|#5|5_000|1h 2h
mınımum 5|leſs than 5
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("text", SINGLE)
def test_a_single_value_is_read(text: str) -> None:
    assert said(read_number(f" {text}\n")) == SINGLE[text]
    assert read_range(text) is None


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_read(text: str) -> None:
    assert said(read_range(f" {text} ")) == RANGES[text]
    assert read_number(text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert (read_number(text), read_range(text)) == (None, None)


@pytest.mark.parametrize("text", [*SINGLE, *RANGES])
def test_a_leading_quantity_consumes_exactly_itself(text: str) -> None:
    number = read_quantity(f"\t {text} after the fix")

    assert number is not None
    assert number.span == Span(2, 2 + len(text)) if text[0] != "\u200e" else number.span.end == 2 + len(text)
    assert split_quantity(f"{text} on [[Jan 1st, 2026]]") == (read_quantity(text), "on [[Jan 1st, 2026]]")


def test_a_full_stop_or_a_dash_behind_a_number_is_not_part_of_it() -> None:
    assert split_quantity("41%. Then") == (Number(value=0.41, unit="%", span=Span(0, 3)), ". Then")
    assert split_quantity("41% – better") == (Number(value=0.41, unit="%", span=Span(0, 3)), "– better")


def test_the_unit_of_the_page_is_read_as_part_of_the_number() -> None:
    assert said(read_number("1200 Users", unit="users")) == {"value": 1200, "unit": "user"}
    assert said(read_range("3–5 users", unit="users")) == {"value": 4, "unit": "user", "low": 3, "high": 5}
    assert said(read_number("1 user", unit="users")) == {"value": 1, "unit": "user"}
    assert read_number("1200 userland", unit="user") is None


def test_a_bare_number_is_taken_in_a_unit_and_others_keep_theirs() -> None:
    bare, own = read_range("250–500"), read_number("3d")

    assert bare is not None
    assert own is not None
    assert said(in_unit(bare, "ms")) == {"value": 0.375, "unit": "s", "low": 0.25, "high": 0.5}
    assert in_unit(own, "ms") == own


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Improve retention by 10–15% soon", Span(21, 27)),
        ("now (≥ 36%)", Span(5, 10)),
        ("x2 and v1.2.3, then about $5m", Span(20, 29)),
        ("留存率提升10–15%", Span(5, 11)),
        ("継続率を10%改善", Span(4, 7)),
        ("3万5000", None),
        ("nothing in Q3", None),
    ],
)
def test_the_first_quantity_in_a_text_is_found(text: str, expected: Span | None) -> None:
    number = find_quantity(text)

    assert (None if number is None else number.span) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50/50", (0.5, 0.5)),
        ("90:10", (0.9, 0.1)),
        ("1/1/2", (0.25, 0.25, 0.5)),
        ("50% / 50%", (0.5, 0.5)),
        ("100/0", None),
        ("half", None),
        ("50", None),
    ],
)
def test_a_split_is_read_as_shares(text: str, expected: tuple[float, ...] | None) -> None:
    assert read_split(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ms", "days", True),
        ("%", "percent", True),
        ("%", "pp", False),
        ("$", "usd", True),
        ("€/mo", "EUR/month", True),
        ("Users", "user", True),
        ("count", "", True),
        ("days", "months", False),
        ("USD", "EUR", False),
    ],
)
def test_units_are_the_same_where_they_measure_the_same(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.412, "%", "41.2%"),
        (-0.05, "pp", "-5pp"),
        (259_200, "s", "3d"),
        (5400, "s", "90min"),
        (0.25, "s", "0.25s"),
        (28, "USD/pax", "28 USD/pax"),
        (1200, "user", "1200 user"),
        (1200, "", "1200"),
    ],
)
def test_a_value_is_written_in_its_unit(value: float, unit: str, text: str) -> None:
    assert write_number(value, unit) == text


# Laws

decimals = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
stored = st.floats(min_value=1e-9, max_value=1e15) | st.just(0.0) | st.floats(min_value=-1e15, max_value=-1e-9)


@given(stored, st.sampled_from(["", "%", "pp", "s", "x", "month", "byte", "point", "USD", "EUR/month", "user", "/day"]))
def test_a_written_number_reads_back_the_same(value: float, unit: str) -> None:
    number = read_number(write_number(value, unit), unit=unit if unit == "user" else "")

    assert number is not None
    assert (number.value, number.unit) == (value, unit)


SEPARATORS = [(",", "."), ("'", "."), ("’", "."), (" ", "."), (" ", ","), ("\u202f", ","), (".", ",")]


@given(
    st.integers(10**6, 10**12),
    st.integers(1, 99),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["", "-", "+", "\u2212"]),
    st.sampled_from([("", 0), ("k", 3), ("M", 6), ("B", 9)]),
    st.sampled_from(
        [("", "", 0, ""), ("", "%", -2, "%"), ("", " pp", -2, "pp"), ("$", "", 0, "USD"), ("", " EUR", 0, "EUR")]
    ),
)
def test_every_grouping_sign_multiplier_and_unit_reads_back(
    whole: int,
    cents: int,
    separators: tuple[str, str],
    sign: str,
    multiplier: tuple[str, int],
    unit: tuple[str, str, int, str],
) -> None:
    thousands, point = separators
    before, after, power, name = unit
    grouped = f"{whole:,}".replace(",", thousands)
    text = f"{sign}{before}{grouped}{point}{cents:02}{multiplier[0]}{after}"
    expected = Decimal(f"{whole}.{cents:02}").scaleb(multiplier[1] + power) * (-1 if sign in {"-", "\u2212"} else 1)

    number = read_number(text)

    assert number is not None, text
    assert (number.value, number.unit, number.signed) == (float(expected), name, bool(sign))
    assert number.decimal_comma is (point == ",")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_reads_back(count: int, more: int) -> None:
    n = count + more
    assert said(read_number(f"{count}/{n}")) == {"value": count / n, "unit": "%", "n": n, "count": count}


@given(
    decimals,
    decimals,
    st.sampled_from(["-", "–", "—", "‑", " – ", " to ", "â€“", "~"]),
    st.sampled_from(["", "%", "ms", " USD"]),
)
def test_a_range_reads_back_its_ends(one: Decimal, other: Decimal, dash: str, unit: str) -> None:
    low, high = sorted((one, other))
    number = read_range(f"{low:f}{dash}{high:f}{unit}")
    single = [read_number(f"{end:f}{unit}") for end in (low, high)]

    assert number is not None
    assert [number.low, number.high] == [None if end is None else end.value for end in single]
    assert number.broken_encoding is (dash == "â€“")


@given(st.lists(st.integers(1, 23), min_size=4, max_size=4))
def test_a_duration_reads_back_the_sum_of_its_parts(parts: list[int]) -> None:
    days, hours, minutes, seconds = parts
    number = read_number(f"{days}d {hours}h{minutes}m {seconds}s")

    assert said(number) == {"value": ((days * 24 + hours) * 60 + minutes) * 60 + seconds, "unit": "s"}


@given(st.text(alphabet="0123456789.,-–%kM$€/ (n=)hmd~<>+ato\u00a0'â€“٣", max_size=30) | st.text(max_size=30))
def test_any_text_is_read_without_an_exception_and_within_its_length(text: str) -> None:
    for number in (read_quantity(text), find_quantity(text)):
        if number is not None:
            assert 0 <= number.span.start < number.span.end <= len(text)
            assert (number.low is None) == (number.high is None)
            assert number.low is None or number.high is None or number.low <= number.value <= number.high


PIECES = (
    *("1", "23", "4.5", "1,234", "1 234", "0", "%", " ", "k", "M", "$", "€", "US$", "eur", "-", "–", "−", "—", " to "),
    *("between ", " and ", "at least ", "about ", "≥", "≤", "<", "~", "≈", " of ", "/", "(n=", ")", "h", "30m", "ms"),
    *("\u00a0", "中", "万", "ก", "é", "ı", "x", "_", "+", "..", "users"),
)


@given(
    st.lists(st.sampled_from(PIECES)).map("".join) | st.text(max_size=30),
    st.sampled_from(["", "%", "users"]),
)
def test_a_number_is_the_same_whether_or_not_something_behind_it_may_be_a_broken_sign(text: str, unit: str) -> None:
    assert read_quantity(f"{text}\nâ", unit=unit) == read_quantity(f"{text}\n", unit=unit)
    assert find_quantity(f"{text}\nâ", unit=unit) == find_quantity(f"{text}\n", unit=unit)


@given(st.sampled_from(sorted(UNITS)) | st.text(max_size=12))
def test_a_canonical_unit_stands_for_itself(text: str) -> None:
    name = read_unit(text).name
    assert read_unit(name).name == name


@pytest.mark.parametrize(
    "piece", ["1", "1,234", "~", "- ", " ", "1 234 ", "$", "5–", "1h ", "1/", "(n=", "â€", "at least "]
)
def test_hostile_texts_are_read_in_linear_time(piece: str) -> None:
    def read(text: str) -> None:
        read_quantity(text)
        find_quantity(text)

    assert_linear(repeated(piece), read, 2_000_000)
