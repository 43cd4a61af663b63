from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_facts import PARSE_JOURNAL, facts_of

from graphkit.facts.catalog import MemoryCatalog
from graphkit.insight.metrics.metric_book import MetricBook
from graphkit.insight.metrics.metric_names import MetricNames, slug
from graphkit.insight.metrics.metric_text import value_text
from graphkit.insight.metrics.score import Freshness, NoScore, Score

if TYPE_CHECKING:
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.metrics.metric_reading import MetricReading

TODAY = date(2026, 3, 2)
METRIC = "page-type:: [[metric]]\n"


def book_of(*pages: PageFacts, today: date = TODAY) -> MetricBook:
    return MetricBook(
        MemoryCatalog.of(pages),
        metric_types={"metric"},
        naming_types={"experiment", "goal"},
        today=today,
        parse_journal=PARSE_JOURNAL,
        data=lambda page, facts: ((), ()),  # noqa: ARG005 - no files here
    )


def reading_of(properties: str, *values: tuple[str, str], more: str = "", today: date = TODAY) -> MetricReading:
    """The metric M with these page properties; values are pairs of an ISO day and a value in a journal of that day."""
    pages = [facts_of(METRIC + properties + more, "M")]
    for day, text in values:
        pages.append(facts_of(f"- #metric [[M]] {text}\n", day=date.fromisoformat(day)))
    book = book_of(*pages, today=today)
    return book.reading(book.metrics[0])


def codes(reading: MetricReading) -> list[str]:
    return [finding.code for finding in reading.diagnostics]


@pytest.mark.parametrize(
    ("properties", "value", "expected"),
    [
        ("unit:: %\nbaseline:: 38% on [[Jan 1st, 2026]]\ntarget:: 45% by [[Jun 30th, 2026]]\n", "41.2%", 0.457),
        ("unit:: %\nbaseline:: 6.0%\ntarget:: 4.0%\n", "5.1%", 0.45),
        ("unit:: h\nbaseline:: 9.5h\ntarget:: 4h\n", "5.4h", 0.745),
    ],
)
def test_golden_scores(properties: str, value: str, expected: float) -> None:
    reading = reading_of(properties, ("2026-03-02", value))
    assert isinstance(reading.score, Score)
    assert reading.score.raw == pytest.approx(expected, abs=5e-4)
    assert codes(reading) == []


def test_all_spellings_are_one_kind_of_fact() -> None:
    table = "\n- ### Observations\n\t- | date | value |\n\t  |--|--|\n\t  | 2026-01-01 | 38% |\n"
    pages = [
        facts_of(METRIC + "unit:: %\nalias:: keep rate\n" + table, "Retention rate (8 weeks)"),
        facts_of("- x\n  retention-rate:: 39%\n", day=date(2026, 1, 8)),
        facts_of("- x\n  keep-rate:: 156/400\n", day=date(2026, 1, 9)),
        facts_of("- #metric [[keep rate]] 40% (n=12) today\n", day=date(2026, 1, 10)),
        facts_of("page-type:: [[experiment]]\n\n- x\n  retention-rate:: 41\n  as-of:: 2026-01-11\n", "E"),
    ]
    book = book_of(*pages)
    reading = book.reading(book.metrics[0])
    assert [(item.day.day, round(item.value, 4), item.n, item.kind) for item in reading.observations] == [
        (1, 0.38, None, "table"),
        (8, 0.39, None, "property"),
        (9, 0.39, 400, "property"),
        (10, 0.4, 12, "line"),
        (11, 0.41, None, "property"),
    ]
    assert codes(reading) == ["W406"]


def test_a_line_without_a_value_is_a_link() -> None:
    reading = reading_of("", ("2026-03-01", ""), ("2026-03-02", "fell again"))
    assert (len(reading.links), reading.observations, codes(reading)) == (2, (), [])


@pytest.mark.parametrize(
    ("properties", "values", "expected"),
    [
        ("unit:: %\n", [("2026-03-01", "3 days")], ["W403"]),
        ("unit:: %\n", [("2026-03-01", "10-12%")], ["W401"]),
        ("unit:: %\n", [("2026-03-01", "> 12%")], ["W401"]),
        ("unit:: %\n", [("2026-03-01", "41.2.3%")], ["W401"]),
        ("unit:: %\n", [("2026-03-03", "12%")], ["W405"]),
        ("unit:: users\n", [("2026-03-01", "1,234")], ["W407"]),
        ("unit:: users\n", [("2026-03-01", "3,5")], []),
        ("unit:: €\n", [("2026-03-01", "1.500,00 €")], []),
        ("unit:: %\nbaseline:: 38%\n", [("2026-03-01", "41"), ("2026-03-02", "0.41")], ["W406", "W406"]),
        ("unit:: %\nbaseline:: 0.6%\n", [("2026-03-01", "0.5")], ["W406"]),
        ("unit:: ‰\n", [("2026-03-01", "5")], []),
        ("unit:: %\nbaseline:: 0.38\ntarget:: 0.45\nguard:: >= 0.3\n", [], ["W406", "W406", "W406"]),
        ("unit:: %\nbaseline:: 38\n", [], ["W406"]),
        ("unit:: %\nguard:: >= 30%, <= 35%\n", [], ["W410"]),
        ("unit:: €\nbaseline:: €1.200\n", [("2026-03-01", "1.200")], ["W407", "W407"]),
        ("", [("2026-03-01", "1.234")], []),
        ("unit:: kg\n", [("2026-03-01", "12 lb")], ["W403"]),
        ("unit:: users\n", [("2026-03-01", "12 people")], ["W403"]),
        ("unit:: kg\nbaseline:: 12 lb\n", [], ["W403"]),
        ("unit:: %\n", [("2026-03-01", "38% → 41%")], ["W401"]),
        ("unit:: %\n", [("2026-03-01", "from 38% to 41%")], ["W401"]),
        ("unit:: %\n", [("2026-03-01", "41% (n=abc)")], ["W401"]),
        ("unit:: %\n", [("2026-03-01", "471/4100 (n=99)")], ["W401"]),
        ("unit:: %\n", [("2026-03-01", "41% on 2026-02-30")], ["W402"]),
        ("unit:: %\ncadence:: daily\n", [("2026-02-01", "41%"), ("2026-02-04", "42%")], ["W408"]),
        ("unit:: %\n", [("2025-02-01", "41%"), ("2026-02-04", "42%")], []),
        ("baseline:: 1% on 2026-02-01\ntarget:: 2% by 2026-01-01\n", [], ["W409"]),
        ("unit:: %\nbaseline:: 5 days\n", [], ["W403"]),
        ("unit:: %\nguard:: >= 36 users\n", [("2026-03-01", "30%")], ["W403"]),
        ("unit:: users\ntarget:: 200 people\n", [], ["W403"]),
        ("unit:: users\ntarget:: 200 users by 2026-06-30\n", [], []),
        ("unit:: users\ntarget:: 200 Jun 30th, 2026\n", [], []),
        ("direction:: sideways\n", [], ["W410"]),
        ("target:: soon\n", [], ["W410"]),
        ("target:: 4% by spring\n", [], ["W410"]),
        ("cadence:: now and then\n", [], ["W410"]),
        ("aggregate:: best of three\n", [], ["W410"]),
        ("direction:: down\nbaseline:: 4%\ntarget:: 5%\n", [], ["W413"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    properties: str, values: list[tuple[str, str]], expected: list[str]
) -> None:
    reading = reading_of(properties, *values)
    assert codes(reading) == expected
    assert all(finding.hint and finding.line for finding in reading.diagnostics)


@pytest.mark.parametrize(
    ("guard", "value", "limit", "kept", "expected"),
    [
        (">= 36", "30%", 0.36, False, ["W406"]),
        (">= 36", "40%", 0.36, True, ["W406"]),
        (">= 0.36", "40%", None, None, ["W406"]),
        ("<= 3", "2h", None, None, ["W403"]),
        (">= 100", "120 €", None, None, ["W403"]),
        (">= 36", "40", 36, True, []),
    ],
)
def test_a_guard_without_a_unit_is_never_left_unheld_in_silence(
    guard: str, value: str, limit: float | None, kept: bool | None, expected: list[str]
) -> None:
    reading = reading_of(f"guard:: {guard}\n", ("2026-03-01", value))
    found = reading.facts.guard
    assert (found and found.value, reading.guard, codes(reading)) == (limit, kept, expected)


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["3 weeks after launch we look again", "41%", "42%"], "%"),
        (["41%", "3 weeks after launch"], "s"),
        (["41%", "42"], "%"),
        (["12", "13", "3 weeks after launch"], ""),
    ],
)
def test_the_unit_that_no_page_says_is_that_of_most_values(values: list[str], unit: str) -> None:
    reading = reading_of(
        "", *((f"2026-03-0{day}", value) for day, value in enumerate(values, 1)), today=date(2026, 3, 9)
    )
    assert reading.unit == unit
    for finding in reading.diagnostics:
        if finding.code == "W403":
            assert finding.hint.startswith(
                "write `unit:: …` on the metric's page; its unit currently comes from journals/"
            )


@pytest.mark.parametrize(
    ("value", "severities"),
    [
        ("2 experiments measure this", ["info"]),
        ("2026 plan is due", ["info"]),
        ("should reach 45% by June", ["info"]),
        ("target: 45% by June", ["info"]),
        ("was 38% last year", ["info"]),
        ("is 38%", []),
        ("24/7 support should help", []),
        ("12:30 meeting", []),
        ("~~41%~~", []),
        ("12 lb", ["warning"]),
        ("38% or 41%", ["warning"]),
    ],
)
def test_a_sentence_that_links_to_a_metric_is_no_fault(value: str, severities: list[str]) -> None:
    reading = reading_of("unit:: %\n", ("2026-03-01", value))
    assert [finding.severity for finding in reading.diagnostics] == severities
    assert bool(reading.observations) == (value == "is 38%")


def test_a_value_without_a_day() -> None:
    book = book_of(facts_of(METRIC, "M"), facts_of("- #metric [[M]] 41%\n", "Note"))
    reading = book.reading(book.metrics[0])
    assert (codes(reading), reading.observations) == (["W402"], ())


def test_equal_values_merge_and_of_different_ones_the_later_counts() -> None:
    day = date(2026, 3, 1)
    pages = (
        facts_of(METRIC, "M"),
        facts_of("- #metric [[M]] 41%\n- #metric [[M]] 41.0% (n=10)\n- #metric [[M]] 42%\n", day=day),
    )
    book = book_of(*pages)
    reading = book.reading(book.metrics[0])
    assert [(item.value, item.line) for item in reading.observations] == [(0.42, 3)]
    assert [(finding.code, finding.line) for finding in reading.diagnostics] == [("W404", 3)]
    assert "journals/2026_03_01.md:2" in reading.diagnostics[0].message


def test_segments_are_told_apart() -> None:
    day = date(2026, 3, 1)
    page = "- x\n  m:: 41%\n  segment:: new\n- y\n  m:: 42%\n"
    book = book_of(facts_of(METRIC, "M"), facts_of(page, day=day))
    reading = book.reading(book.metrics[0])
    assert [(item.segment, item.value) for item in reading.observations] == [("", 0.42), ("new", 0.41)]
    assert [point.value for point in reading.series] == [0.42]


def test_segments_without_the_whole_are_a_finding() -> None:
    page = "- x\n  m:: 41%\n  segment:: new\n- y\n  m:: 42%\n  segment:: old\n"
    book = book_of(facts_of(METRIC + "guard:: >= 50%\n", "M"), facts_of(page, day=date(2026, 3, 1)))
    reading = book.reading(book.metrics[0])
    assert (reading.current, reading.guard) == (None, NoScore.NO_VALUE)
    assert [(finding.code, finding.severity, finding.line) for finding in reading.diagnostics] == [("W419", "info", 5)]


def test_percentages_without_their_sign_are_reported_once_a_file_but_each_that_may_be_a_share() -> None:
    rows = "".join(
        f"  | 2026-01-0{day} | {value} |\n" for day, value in enumerate(("41", "0.4", "42", "0.5", "43%"), 1)
    )
    table = f"- ### Observations\n\t- | date | value |\n\t  |--|--|\n{rows.replace('  |', chr(9) + '  |')}"
    reading = reading_of("unit:: %\n\n", ("2026-03-01", "44"), more=table)
    found = [(item.path[:8], item.line, item.severity) for item in reading.diagnostics if item.code == "W406"]
    assert found == [
        ("journals", 1, "info"),
        ("pages/M.", 7, "info"),
        ("pages/M.", 8, "warning"),
        ("pages/M.", 10, "warning"),
    ]
    assert "and 1 more in this file" in reading.diagnostics[1].message


VALUES = [("2026-02-16", "1"), ("2026-02-18", "5"), ("2026-02-23", "3"), ("2026-03-02", "4")]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("last per week", [5, 3, 4]),
        ("mean per week", [3, 3, 4]),
        ("min per month", [1, 4]),
        ("max per month", [5, 4]),
        ("sum per month", [9]),
        ("sum per day", [1, 5, 3, 4]),
    ],
)
def test_aggregates(aggregate: str, expected: list[float]) -> None:
    reading = reading_of(f"aggregate:: {aggregate}\n", *VALUES)
    assert [point.value for point in reading.series] == expected


@pytest.mark.parametrize(
    ("day", "cadence", "expected"),
    [
        ("2026-02-23", "", Freshness.FRESH),
        ("2026-02-22", "", Freshness.LATE),
        ("2026-02-15", "", Freshness.MISSING),
        ("2026-02-15", "cadence:: monthly\n", Freshness.FRESH),
    ],
)
def test_freshness(day: str, cadence: str, expected: Freshness) -> None:
    assert reading_of(cadence, (day, "4")).freshness is expected


def test_guards_and_hold() -> None:
    reading = reading_of("unit:: %\ndirection:: hold\nguard:: <= 2.5%\n", ("2026-03-01", "2.9%"))
    assert (reading.guard, reading.holds, reading.breached) == (False, False, True)
    levels = "unit:: %\ndirection:: hold\nbaseline:: 2%\ntarget:: 3%\n"
    held = reading_of(levels + "guard:: <= 2.5%\n", ("2026-03-01", "2.1%"))
    assert (held.holds, held.score) == (True, NoScore.HOLD)
    assert reading_of(levels, ("2026-03-01", "2.1%")).score is NoScore.NO_LIMIT


def test_a_value_of_the_future_is_listed_and_does_not_count() -> None:
    reading = reading_of("", ("2026-03-01", "4"), ("2026-03-09", "9"))
    assert ([item.value for item in reading.observations], reading.current and reading.current.value) == ([4, 9], 4)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Net Promoter Score (NPS)", "net-promoter-score"),
        ("Retention  rate, week 8", "retention-rate-week-8"),
        ("(NPS)", "nps"),
        ("留存率", "留存率"),
        ("!!", ""),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_names_are_resolved_by_title_then_alias_then_slug() -> None:
    pages = [
        facts_of(METRIC + "alias:: B, churn\n", "A"),
        facts_of(METRIC, "B"),
        facts_of(METRIC, "Repeat purchase rate"),
    ]
    names = MetricNames(pages)
    found = {name: names.resolve(name) for name in ("a", "B", "Churn", "repeat-purchase rate", "nothing")}
    titles = {name: metric.title if metric else None for name, metric in found.items()}
    assert titles == {
        "a": "A", "B": "B", "Churn": "A", "repeat-purchase rate": "Repeat purchase rate", "nothing": None,
    }  # fmt: skip
    assert names.name("nothing").declared is False
    assert names.resolve("Nothing") is not None


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(1, 1000))
def test_a_score_does_not_depend_on_the_unit(baseline: float, target: float, current: float) -> None:
    def score_in(unit: str, factor: float) -> object:
        levels = f"unit:: {unit}\nbaseline:: {baseline * factor:.6f}\ntarget:: {target * factor:.6f}\n"
        return reading_of(levels, ("2026-03-02", f"{current * factor:.6f}")).score

    one, other = score_in("s", 1), score_in("ms", 1000)
    if isinstance(one, Score) and isinstance(other, Score) and abs(target - baseline) > 1:
        assert one.raw == pytest.approx(other.raw, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.412, "%", "41.2%"),
        (0.1161242, "%", "11.6%"),
        (0.006, "%", "0.6%"),
        (24.7, "€", "€24.70"),
        (-23400.5, "EUR", "-€23,400"),
        (19440, "h", "5.4h"),
        (1200, "users", "1,200 users"),
        (34, "", "34"),
        (18_000, "hours", "5 hours"),
        (0.41, "percent", "41 percent"),
        (5, "point", "5 points"),
        (1, "point", "1 point"),
        (0.25, "", "0.25"),
    ],
)
def test_values_as_people_write_them(value: float, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


def test_a_mean_weighs_values_by_their_samples() -> None:
    page = "unit:: %\naggregate:: mean per week\n"
    reading = reading_of(page, ("2026-02-23", "10/20"), ("2026-02-24", "400/4000"))
    assert reading.current is not None
    assert reading.current.value == pytest.approx(410 / 4020)
    assert reading.current.n == 4020
    reading = reading_of(page, ("2026-02-23", "10/20"), ("2026-02-24", "10%"))
    assert reading.current is not None
    assert reading.current.value == pytest.approx(0.3)


def test_percentages_have_no_sum() -> None:
    reading = reading_of("unit:: %\naggregate:: sum per week\n", ("2026-02-16", "10%"), ("2026-02-17", "20%"))
    assert [point.value for point in reading.series] == [0.1, 0.2]
    assert codes(reading) == ["W420"]


@pytest.mark.parametrize(
    ("value", "guard", "breached", "needed"),
    [
        ("1.4% (n=500)", "<= 1%", False, 1675),
        ("2% (n=500)", "<= 1%", True, None),
        ("1.4%", "<= 1%", True, None),
        ("0.9% (n=500)", "<= 1%", False, None),
        ("30% (n=40)", ">= 36%", False, 174),
        ("30% (n=400)", ">= 36%", True, None),
        ("30% (n=400)", "36–40%", True, None),
    ],
)
def test_a_share_is_beyond_its_guard_by_more_than_chance(
    value: str, guard: str, breached: bool, needed: int | None
) -> None:
    reading = reading_of(f"unit:: %\nguard:: {guard}\n", ("2026-03-02", value))
    assert reading.breached is breached
    assert (reading.breach.needed if reading.breach else None) == needed
