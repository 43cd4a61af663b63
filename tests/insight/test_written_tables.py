"""Twenty tables of strategies, key results and priorities as people write them, and what is read of each."""

from __future__ import annotations

from datetime import date

import pytest
from page_facts import PARSE_JOURNAL, facts_of

from graphkit.facts.catalog import MemoryCatalog
from graphkit.insight.experiments.strategy_matrix import read_all_strategies
from graphkit.insight.metrics.metric_book import MetricBook
from graphkit.quantities.impacts import read_impact

TODAY = date(2026, 3, 9)
DECLARED = ("Retention rate", "Churn", "NPS", "Average order value")


def table(header: str, *rows: str) -> str:
    dashes = "|".join("--" for _ in header.split("|"))
    return "- " + "\n  ".join(f"| {line} |" for line in (header, dashes, *rows)) + "\n"


def read(text: str, page: str = "Plan", properties: str = "") -> tuple[MetricBook, tuple[object, ...], list[str]]:
    pages = [facts_of("page-type:: [[metric]]\nunit:: %\n", title) for title in DECLARED]
    plan = facts_of(f"{properties}\n\n{text}" if properties else text, page)
    pages.append(plan)
    book = MetricBook(
        MemoryCatalog.of(pages),
        metric_types={"metric"},
        naming_types={"experiment"},
        today=TODAY,
        parse_journal=PARSE_JOURNAL,
        data=lambda page, facts: ((), ()),  # noqa: ARG005 - no files here
    )
    strategies = read_all_strategies(MemoryCatalog.of(pages), book.names)
    shown = tuple(
        (item.title, tuple(metric.title for metric in item.metrics), item.fact.impact.text if item.fact.impact else "")
        for item in strategies
    )
    return book, shown, [finding.code for finding in plan.diagnostics]


STRATEGIES = [
    ("Strategy | Key Metrics | Expected Impact", "Points | Churn; NPS | 10% fewer", ("Churn", "NPS"), "10% fewer", []),
    ("Strategy | Key Metrics", "Points | Churn, NPS", ("Churn", "NPS"), "", []),
    ("Strategy | Key Metrics", "Points | Retention rate, churn and NPS", ("Retention rate", "Churn", "NPS"), "", []),
    ("Strategy | Key Metrics", "Points | Churn, delight", ("Churn, delight",), "", []),
    ("Strategy | Key Metrics", "Points | [[NPS]]", ("NPS",), "", []),
    ("Strategy | Key Metrics", "Points | [[NPS\\|score]]; [[Churn\\|losses]]", ("NPS", "Churn"), "", []),
    ("Strategy | Key Metrics | Owner", "Points | Churn | Ana", ("Churn",), "", ["W421"]),
    ("Strategy | Key Metrics | Impact | Confidence | Ease", "Points | Churn | 8 | 5 | 3", ("Churn",), "", ["W421"]),
    ("Strategy | Key Metrics | Impact", "Points | Churn | 8", ("Churn",), "", []),
    ("Strategy | Key Metrics | Impact | RICE", "Points | Churn | 3 | 420", ("Churn",), "", ["W421"]),
    ("Strategy | Key Metrics | Impact", "Points | Churn | 5% less churn", ("Churn",), "5% less churn", []),
    ("Strategy | Description", "Points | for regulars", (), "", []),
]  # fmt: skip


@pytest.mark.parametrize(("header", "row", "metrics", "impact", "codes"), STRATEGIES)
def test_a_strategy_table(header: str, row: str, metrics: tuple[str, ...], impact: str, codes: list[str]) -> None:
    _, shown, found = read(table(header, row))
    assert (shown, found) == ((("Points", metrics, impact),), codes)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Strategy | Trades | Net bps | Sharpe", "sma 24/168 | 120 | -4.4 | 0.2"),
        ("Strategy | Impact | Confidence | Ease", "Points | 8 | 5 | 3"),
        ("Strategy | Reach | Impact | Confidence | Effort", "Points | 400 | 2 | 80% | 3"),
        ("Idea | Potential | Importance | Ease | PIE", "Points | 8 | 5 | 3 | 5.3"),
        ("Strategy | CAGR | Max drawdown", "momentum | 12% | -31%"),
        ("Experiment | Hypothesis | Metric | Status | Result", "One tap | fewer drop out | Churn | done | won"),
    ],
)
def test_results_and_priorities_are_left_alone(header: str, row: str) -> None:
    book, shown, found = read(table(header, row))
    assert (shown, found) == ((), [])
    assert [metric.title for metric in book.metrics] == list(DECLARED)


OKRS = [
    ("Objective | Key result | Baseline | Target | Current", "Keep | Weekly users | 1000 | 1500 | 1200", 0.4, 1200),
    ("Objective | Key result | Baseline | Target | Current", "Keep | **Opt-outs** | 6% | 4% | 5.1%", 0.45, 0.051),
    ("KR | Start | Target | Now", "Retention rate | 38% | 45% | 41.2%", 0.457, 0.412),
    ("Key results | Target | Current", "[[Churn]] | 4% | 5%", None, 0.05),
    ("Schlüsselergebnis | Ausgangswert | Ziel | Aktuell", "Umsatz | 10k | 20k | 15k", 0.5, 15_000),
]


@pytest.mark.parametrize(("header", "row", "score", "current"), OKRS)
def test_a_table_of_key_results(header: str, row: str, score: float | None, current: float) -> None:
    book, shown, found = read(table(header, row), properties="as-of:: 2026-03-06")
    assert (shown, found) == ((), [])
    readings = [reading for reading in map(book.reading, book.metrics) if reading.observations]
    assert len(readings) == 1
    point = readings[0].current
    assert point is not None
    assert (point.value == pytest.approx(current), point.day) == (True, date(2026, 3, 6))
    raw = getattr(readings[0].score, "raw", None)
    assert raw == (None if score is None else pytest.approx(score, abs=5e-4))


def test_a_key_result_without_a_day_asks_for_one() -> None:
    book, _, _ = read(table("Key result | Target | Current", "Weekly users | 1500 | 1200"))
    metric = book.resolve("Weekly users")
    assert metric is not None
    reading = book.reading(metric)
    assert (reading.observations, [finding.code for finding in reading.diagnostics]) == ((), ["W402"])
    assert reading.facts.target is not None


@pytest.mark.parametrize(
    ("cell", "low", "high", "unit", "direction", "target"),
    [
        ("churn 6% → 4%", 0.02, 0.02, "pp", "down", False),
        ("retention from 38% to 45%", 0.07, 0.07, "pp", "up", False),
        ("retention to 45%", 0.45, 0.45, "%", None, True),
        ("reduce churn to 4%", 0.04, 0.04, "%", "down", True),
        ("CAC below $50", 50, 50, "USD", None, False),
        ("NPS > 3", 3, 3, "", None, False),
        ("up to 15% more orders", 0, 0.15, "%", "up", False),
        ("10–15% improvement in retention", 0.10, 0.15, "%", "up", False),
        ("increase orders by 3%, due to 2 changes", 0.03, 0.03, "%", "up", False),
    ],
)
def test_targets_and_changes_in_an_expected_impact(
    cell: str, low: float, high: float, unit: str, direction: str | None, target: bool
) -> None:
    impact = read_impact(cell)
    assert impact is not None
    assert impact.low == pytest.approx(low)
    assert impact.high == pytest.approx(high)
    assert (impact.unit, impact.direction, impact.target) == (unit, direction, target)
