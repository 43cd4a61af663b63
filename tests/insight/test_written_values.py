"""Two hundred ways in which people write a metric's value, each with what is read or the finding that asks.

A value is `expected` as stored (percentages as fractions); a text in its place names the code of the finding, and no
observation may come of it. `day` is the journal's, 2026-03-06, a Friday in week 10, unless the value says another.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest
from page_facts import PARSE_JOURNAL, facts_of

from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.observations import read_csv
from graphkit.insight.metrics.metric_book import MetricBook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.facts.page_facts import Sighting
    from graphkit.insight.metrics.metric_reading import MetricReading

FRIDAY = date(2026, 3, 6)
TODAY = date(2026, 3, 9)


class Way(NamedTuple):
    unit: str
    text: str
    expected: float | str
    n: float | None = None
    day: date = FRIDAY


def reading_of(title: str, page: str, *journals: str, rows: Sequence[Sighting] = ()) -> MetricReading:
    pages = [facts_of(f"page-type:: [[metric]]\n{page}", title)]
    pages += [facts_of(text, day=FRIDAY) for text in journals]
    book = MetricBook(
        MemoryCatalog.of(pages),
        metric_types={"metric"},
        naming_types={"experiment"},
        today=TODAY,
        parse_journal=PARSE_JOURNAL,
        data=lambda page, facts: (rows, ()),  # noqa: ARG005 - the same rows for every file
    )
    return book.reading(book.metrics[0])


def check(reading: MetricReading, way: Way) -> None:
    found = [(item.value, item.n, item.day) for item in reading.observations]
    codes = {finding.code for finding in reading.diagnostics}
    if isinstance(way.expected, str):
        assert (found, way.expected in codes) == ([], True), (way, codes)
    else:
        value, n, day = found[0] if len(found) == 1 else (None, None, None)
        assert (value == pytest.approx(way.expected), n, day) == (True, way.n, way.day), (way, codes)
        assert not codes & {"W401", "W402", "W403"}


MARCH_1 = date(2026, 3, 1)
THURSDAY = date(2026, 3, 5)

LINES = [
    # plain
    Way("%", "41.2%", 0.412),
    Way("%", "41.2 %", 0.412),
    Way("%", "= 41.2%", 0.412),
    Way("%", "is 41.2%", 0.412),
    Way("%", "**41.2%**", 0.412),
    Way("%", "==41.2%==", 0.412),
    Way("%", "`41.2%`", 0.412),
    Way("%", "~41%", 0.41),
    Way("%", "about 41%", 0.41),
    Way("%", "41", 0.41),
    Way("%", "0%", 0.0),
    Way("%", "100%", 1.0),
    Way("%", "41.2 percent", 0.412),
    Way("%", "41 pct", 0.41),
    Way("%", "４１％", 0.41),
    Way("€", "€1.2M", 1_200_000),
    Way("€", "1 200 000 €", 1_200_000),
    Way("$", "$12,500", 12_500),
    Way("$", "$1.5k", 1_500),
    Way("ms", "250ms", 0.25),
    Way("h", "1h 30m", 5_400),
    Way("users", "1200 users", 1_200),
    Way("users", "1,200", 1_200),
    Way("users", "1,200,300 users", 1_200_300),
    Way("users", "1 200 users", 1_200),
    Way("users", "12k", 12_000),
    Way("", "8.4", 8.4),
    Way("", "-12", -12),
    Way("$", "-$500", -500),
    Way("", "12,5", 12.5),
    Way("kg", "12.5 kg", 12.5),
    # fractions and samples
    Way("%", "471/4100", 471 / 4100, 4100),
    Way("%", "471 of 4100", 471 / 4100, 4100),
    Way("%", "471 out of 4100", 471 / 4100, 4100),
    Way("%", "471 out of 4,100", 471 / 4100, 4100),
    Way("%", "8/10", 0.8, 10),
    Way("%", "11.5% (471/4100)", 0.115, 4100),
    Way("%", "11.5% (471 of 4100)", 0.115, 4100),
    Way("%", "471/4100 (11.5%)", 471 / 4100, 4100),
    Way("%", "471/4100 = 11.5%", 471 / 4100, 4100),
    Way("%", "21.5% (471/4100)", "W401"),
    Way("%", "471/4100, 38% churned", "W401"),
    Way("", "8/10", "W401"),
    Way("", "471/4100", "W401"),
    Way("", "8/10 (80%)", 0.8, 10),
    Way("points", "8/10", "W403"),
    Way("%", "41.2% (n=1200)", 0.412, 1200),
    Way("%", "41.2% (n = 1,200)", 0.412, 1200),
    Way("%", "41.2%, n=1200", 0.412, 1200),
    Way("%", "41.2% after the fix (n=1200)", 0.412, 1200),
    # tolerances, comparisons, asides
    Way("%", "41% (±2pp)", 0.41),
    Way("%", "41% ± 2%", 0.41),
    Way("%", "41% +/- 2 pp", 0.41),
    Way("%", "41% (was 38%)", 0.41),
    Way("%", "41%, was 38%", 0.41),
    Way("%", "41% (prev. 38%)", 0.41),
    Way("%", "41% vs 38% last week", 0.41),
    Way("%", "41% vs. 38%", 0.41),
    Way("%", "41% up from 38%", 0.41),
    Way("%", "41%, up from 38%", 0.41),
    Way("%", "41% (+3pp)", 0.41),
    Way("%", "41% (+3% vs last week)", 0.41),
    Way("%", "41% (target 45%)", 0.41),
    Way("%", "41%, 3% more than before", 0.41),
    Way("%", "(41.2%)", 0.412),
    Way("%", "(41.2%) after the fix", 0.412),
    Way("%", "41% (estimate)", 0.41),
    Way("%", "41% (source: Stripe)", 0.41),
    Way("$", "($500)", "W401"),
    Way("", "(500)", "W401"),
    # signs before the value
    Way("%", "— 41.2%", 0.412),
    Way("%", "✅ 41.2%", 0.412),
    Way("%", "⚠️ 41.2%", 0.412),
    Way("%", "🟢 41.2% today", 0.412),
    Way("%", "W10 41.2%", 0.412),
    Way("%", "W10: 41.2%", 0.412),
    Way("%", "W9: 41.2%", 0.412),
    Way("%", "KW 10: 41,2 %", 0.412),
    Way("%", "W31 41.2%", "W402"),
    Way("%", "🎯 45%", "W401"),
    Way("%", "▲ 3%", "W401"),
    Way("%", "📉 3%", "W401"),
    # changes
    Way("%", "+3%", "W401"),
    Way("%", "+3 pp", "W401"),
    Way("%", "-3%", "W401"),
    Way("%", "−3 pp", "W401"),
    Way("%", "down 2 pp", "W401"),
    Way("%", "up 3%", "W401"),
    Way("%", "up by 3%", "W401"),
    Way("%", "increased by 3%", "W401"),
    Way("%", "fell 3%", "W401"),
    Way("%", "3% up", "W401"),
    Way("%", "3% more", "W401"),
    Way("%", "3% higher than last week", "W401"),
    Way("users", "+120 users", "W401"),
    Way("users", "-120", "W401"),
    Way("users", "120 more", "W401"),
    Way("pp", "+3 pp", 0.03),
    Way("", "+12", "W401"),
    # several values, parts
    Way("%", "41.2% iOS / 38% Android", "W401"),
    Way("%", "41.2% and 38%", "W401"),
    Way("%", "38% → 41%", "W401"),
    Way("%", "38% to 41%", "W401"),
    Way("%", "38–41%", "W401"),
    Way("%", ">= 41%", "W401"),
    Way("%", "up to 41%", "W401"),
    Way("%", "41.2% iOS", "W401"),
    Way("%", "41.2% on iOS", "W401"),
    Way("%", "41.2% (iOS)", "W401"),
    Way("%", "41.2% (mobile)", "W401"),
    Way("%", "41.2%, iOS", "W401"),
    Way("%", "41.2% – Android only", "W401"),
    Way("%", "41.2% in Germany", "W401"),
    Way("%", "41.2% for new users", "W401"),
    Way("%", "41.2% among trial accounts", "W401"),
    Way("%", "41.2% without bots", "W401"),
    Way("%", "41.2% with the new page", "W401"),
    Way("%", "41.2% from mobile", "W401"),
    Way("%", "41.2% in total", 0.412),
    Way("%", "41.2% on average", 0.412),
    Way("%", "41.2% for all users", 0.412),
    Way("%", "41.2% overall", 0.412),
    Way("%", "41.2% after the onboarding fix", 0.412),
    Way("%", "41.2%, the best so far", 0.412),
    Way("%", "41.2% this week", 0.412),
    Way("%", "41.2% because of the holidays", 0.412),
    Way("%", "41.2% retention after the fix", 0.412),
    Way("users", "12 users churned", "W401"),
    Way("", "12 users churned", "W403"),
    Way("", "12 users", 12),
    Way("", "12 users today", 12),
    Way("users", "12 users, best day yet", 12),
    Way("users", "12 people", "W403"),
    Way("%", "12 users", "W403"),
    Way("€", "$12", "W403"),
    # spellings that are not read, or have two readings
    Way("users", "10^6", "W401"),
    Way("", "10^6", "W401"),
    Way("", "2×10^6", "W401"),
    Way("", "2 * 10**6", "W401"),
    Way("", "1e6", 1_000_000),
    Way("%", "0.41", "W406"),
    Way("%", ".41", "W406"),
    Way("%", "1", "W406"),
    Way("users", "1.234", "W407"),
    Way("orders", "12.345 orders", "W407"),
    Way("€", "1.234 €", "W407"),
    Way("s", "1.234 s", 1.234),
    Way("", "1.234.567", 1_234_567),
    Way("%", "forty percent", "link"),
    Way("%", "n/a", "link"),
    # multiples
    Way("", "3 lakh", 300_000),
    Way("₹", "₹3 lakh", 300_000),
    Way("₹", "₹2.5 Cr", 25_000_000),
    Way("", "2 crore", 20_000_000),
    Way("", "5万", 50_000),
    Way("", "1.2亿", 120_000_000),
    Way("", "3 million", 3_000_000),
    # days
    Way("%", "41% on [[Mar 1st, 2026]]", 0.41, None, MARCH_1),
    Way("%", "41% (2026-03-01)", 0.41, None, MARCH_1),
    Way("%", "41% (Mar 1)", 0.41, None, MARCH_1),
    Way("%", "41% (March 1st)", 0.41, None, MARCH_1),
    Way("%", "41% on 1 March", 0.41, None, MARCH_1),
    Way("%", "41% (1 Mar 2026)", 0.41, None, MARCH_1),
    Way("%", "41% (01.03.2026)", 0.41, None, MARCH_1),
    Way("%", "41% as of 2026/03/01", 0.41, None, MARCH_1),
    Way("%", "41% yesterday", 0.41, None, THURSDAY),
    Way("%", "41% (today)", 0.41),
    Way("%", "41% (03/04)", "W402"),
    Way("%", "41% last week", "W402"),
    Way("%", "41% (last month)", "W402"),
    Way("%", "41% in March", "W402"),
    Way("%", "41% for Q1", "W402"),
    Way("%", "41% in week 8", "W402"),
    Way("%", "41% on Monday", "W402"),
    # what somebody wants, and sentences
    Way("%", "45% by June", "W401"),
    Way("%", "45% target", "W401"),
    Way("%", "was 38%", "W401"),
    Way("%", "~~38%~~ 41%", 0.41),
    Way("%", "24/7 support", "link"),
    Way("s", "1:45", "W401"),
    Way("s", "12:30 meeting", "link"),
]  # fmt: skip

OTHER_LANGUAGES = [
    Way("%", "41,2 % nach dem Umbau", 0.412),
    Way("%", "41,2 Prozent", 0.412),
    Way("%", "471 von 4100", 471 / 4100, 4100),
    Way("%", "41 % (vorher 38 %)", 0.41),
    Way("%", "41 % bei Neukunden", "W401"),
    Way("%", "41 % gestern", 0.41, None, THURSDAY),
    Way("%", "41 % letzte Woche", "W402"),
    Way("", "3 Mio.", 3_000_000),
    Way("€", "2,5 Mrd. €", 2_500_000_000),
    Way("Bestellungen", "1.234", "W407"),
    Way("%", "41,2 % après la refonte", 0.412),
    Way("%", "41 pour cent", 0.41),
    Way("%", "471 sur 4100", 471 / 4100, 4100),
    Way("%", "41 % chez les nouveaux", "W401"),
    Way("%", "41 % hier", 0.41, None, THURSDAY),
    Way("%", "41,2 % después del cambio", 0.412),
    Way("%", "41 por ciento", 0.41),
    Way("%", "471 de 4100", 471 / 4100, 4100),
    Way("%", "41 % en México", "W401"),
    Way("%", "41,2% depois da mudança", 0.412),
    Way("%", "41 por cento", 0.41),
    Way("%", "41% ontem", 0.41, None, THURSDAY),
    Way("%", "41.2%，改版后", 0.412),
    Way("%", "41% 昨天", 0.41, None, THURSDAY),
    Way("%", "41%（3月1日）", 0.41, None, MARCH_1),
    Way("%", "上升3%", "W401"),
    Way("", "3万", 30_000),
]


@pytest.mark.parametrize("way", [*LINES, *OTHER_LANGUAGES], ids=lambda way: f"{way.text} [{way.unit}]")
def test_a_line(way: Way) -> None:
    reading = reading_of(
        "Retention", f"unit:: {way.unit}\n" if way.unit else "", f"- #metric [[Retention]] {way.text}\n"
    )
    if way.expected == "link":
        assert (reading.observations, len(reading.links)) == ((), 1)
    else:
        check(reading, way)


PROPERTIES = [
    Way("%", "41.2%", 0.412),
    Way("%", "41.2% (was 38%)", 0.412),
    Way("%", "41.2% (±2pp)", 0.412),
    Way("%", "41.2% (n=1200)", 0.412, 1200),
    Way("%", "11.5% (471/4100)", 0.115, 4100),
    Way("%", "471 out of 4100", 471 / 4100, 4100),
    Way("%", "41,2 %", 0.412),
    Way("%", "41% (Mar 1)", 0.41, None, MARCH_1),
    Way("%", "+3%", "W401"),
    Way("%", "41.2% on iOS", "W401"),
    Way("%", "41% / 38%", "W401"),
    Way("%", "0.41", "W406"),
    Way("%", "about forty", "W401"),
    Way("%", "41% last week", "W402"),
    Way("", "10^6", "W401"),
    Way("", "8/10", "W401"),
    Way("", "3 lakh", 300_000),
    Way("users", "1.234", "W407"),
]


@pytest.mark.parametrize("way", PROPERTIES, ids=lambda way: f"{way.text} [{way.unit}]")
def test_a_property(way: Way) -> None:
    page = f"unit:: {way.unit}\n" if way.unit else ""
    check(reading_of("Retention", page, f"- note\n  retention:: {way.text}\n"), way)


CELLS = [
    ("date | value", "2026-03-06 | 41.2%", Way("%", "", 0.412)),
    ("date | value", "2026/03/06 | 41.2%", Way("%", "", 0.412)),
    ("date | value", "20260306 | 41.2%", Way("%", "", 0.412)),
    ("date | value", "06.03.2026 | 41,2 %", Way("%", "", 0.412)),
    ("date | value", "[[Mar 6th, 2026]] | 41.2%", Way("%", "", 0.412)),
    ("date | value", "Mar 6th, 2026 | 41.2%", Way("%", "", 0.412)),
    ("date | value", "6 March 2026 | 41.2%", Way("%", "", 0.412)),
    ("date | retention", "2026-03-06 | 41.2%", Way("%", "", 0.412)),
    ("date | **Retention**", "2026-03-06 | 41.2%", Way("%", "", 0.412)),
    ("Datum | Wert", "06.03.2026 | 41,2 %", Way("%", "", 0.412)),
    ("fecha | valor", "2026-03-06 | 41,2 %", Way("%", "", 0.412)),
    ("日期 | 数值", "2026-03-06 | 41.2%", Way("%", "", 0.412)),
    ("date | value | n", "2026-03-06 | 41.2% | 1,200", Way("%", "", 0.412, 1200)),
    ("date | value", "2026-03-06 | 471/4100", Way("%", "", 471 / 4100, 4100)),
    ("date | value", "03/04/2026 | 41.2%", Way("%", "", "W402")),
    ("date | value", "soon | 41.2%", Way("%", "", "W402")),
    ("date | value", "2026-03-06 | +3%", Way("%", "", "W401")),
    ("date | value", "2026-03-06 | 0.41", Way("%", "", "W406")),
    ("date | value", "2026-03-06 | 41% iOS", Way("%", "", "W401")),
]


@pytest.mark.parametrize(("header", "row", "way"), CELLS)
def test_a_table_under_any_heading(header: str, row: str, way: Way) -> None:
    dashes = " | ".join("---" for _ in header.split("|"))
    table = f"unit:: %\n\n- ## History\n\t- | {header} |\n\t  | {dashes} |\n\t  | {row} |\n"
    check(reading_of("Retention", table), way)


@pytest.mark.parametrize(("header", "row", "way"), CELLS)
def test_a_file(header: str, row: str, way: Way) -> None:
    lines = (";".join(f'"{cell.strip()}"' for cell in line.split(" | ")) for line in (header.replace("*", ""), row))
    rows, wrong = read_csv("\n".join(lines).encode(), "assets/r.csv", "Retention")
    assert wrong == []
    check(reading_of("Retention", "unit:: %\ndata:: ../assets/r.csv\n", rows=rows), way)


def test_a_column_tells_which_comma_its_cells_have() -> None:
    rows, _ = read_csv(b"date;value\n2026-03-01;41,2\n2026-03-02;1.234\n", "assets/r.csv", "R")
    reading = reading_of("R", "unit:: kg\ndata:: ../assets/r.csv\n", rows=rows)
    assert [item.value for item in reading.observations] == [41.2, 1234]


def test_days_of_a_column_tell_whether_the_month_stands_in_front() -> None:
    rows, _ = read_csv(b"date,value\n03/04/2026,41%\n02/27/2026,40%\n", "assets/r.csv", "R")
    reading = reading_of("R", "unit:: %\ndata:: ../assets/r.csv\n", rows=rows)
    assert [item.day for item in reading.observations] == [date(2026, 2, 27), date(2026, 3, 4)]


def test_the_list_is_long_enough() -> None:
    assert len(LINES) + len(OTHER_LANGUAGES) + len(PROPERTIES) + 2 * len(CELLS) >= 200
