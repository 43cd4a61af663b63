from __future__ import annotations

import pytest
from page_facts import facts_of
from shared_material import SHARED, needs_shared

from graphkit.facts.page_facts import InitiativeFact, StrategyFact, Written
from graphkit.facts.page_source import Reading
from graphkit.facts.statements import MeasureWords
from graphkit.facts.strategy_tables import STRATEGY_COLUMNS


def test_a_row_is_read_with_the_place_of_every_part() -> None:
    page = (
        "- | **Strategy** | Description | **Key Metrics** | Assumptions | Risks & Mitigation | Expected Impact |\n"
        "  |--|--|--|--|--|--|\n"
        "  | **Care** | Be *there* | NPS; [[Retention rate]] | we know; they read | too much | 10–15% more |\n"
    )
    (strategy,) = facts_of(page).strategies
    assert strategy == StrategyFact(
        name=Written(text="Care", line=3, column=5),
        description=Written(text="Be *there*", line=3, column=16),
        key_metrics=(
            Written(text="NPS", line=3, column=29),
            Written(text="Retention rate", line=3, column=34),
        ),
        assumptions=(Written(text="we know", line=3, column=55), Written(text="they read", line=3, column=64)),
        risks=(Written(text="too much", line=3, column=76),),
        impact=Written(text="10–15% more", line=3, column=87),
    )


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("**A rate; B rate**", ["A rate", "B rate"]),
        ("A rate<br>B rate", ["A rate", "B rate"]),
        ("[[A rate]]; #B", ["A rate", "B"]),
        ("; ;", []),
        ("–; NPS; none", ["NPS"]),
        ("a \\| b", ["a | b"]),
        ("留存率；续费率", ["留存率", "续费率"]),
        ("الأول؛ الثاني", ["الأول", "الثاني"]),
        ("[churn](https://x.y/churn?a=1;b=2); [[a;b]]", ["churn", "a;b"]),
    ],
)
def test_key_metrics_are_split_and_stripped(cell: str, names: list[str]) -> None:
    (strategy,) = facts_of(f"| Strategy | Key Metrics |\n|--|--|\n| X | {cell} |\n").strategies
    assert [metric.text for metric in strategy.key_metrics] == names


@pytest.mark.parametrize("nothing", ["", "–", "—", "-", "--", "**–**", "n/a", "N/A", "None"])
def test_a_cell_that_says_nothing_is_empty(nothing: str) -> None:
    header = "| Strategy | Description | Key Metrics | Assumptions | Risks | Impact |\n|--|--|--|--|--|--|\n"
    (strategy,) = facts_of(f"{header}| X |{f' {nothing} |' * 5}\n| {nothing} | y | NPS | z | z | z |\n").strategies
    assert strategy == StrategyFact(name=Written(text="X", line=3, column=3))


def test_columns_stand_in_any_order_and_unknown_ones_are_passed_over() -> None:
    page = "| Owner | Key metrics: | Strategy |\n|--|--|--|\n| Ana | NPS | One |\n| Ben | CAC | |\n"
    assert [(item.name.text, item.key_metrics[0].text) for item in facts_of(page).strategies] == [("One", "NPS")]


@pytest.mark.parametrize(
    ("table", "line", "column"),
    [
        ("| Strategy | Key Metrics |\n|--|--|\n| One | NPS |\n| | CAC |\n", 4, 1),
        ("| Key Metrics | Strategy | Metrics |\n|--|--|--|\n| NPS | One | CAC |\n", 1, 28),
    ],
)
def test_what_of_a_table_is_not_read_is_said(table: str, line: int, column: int) -> None:
    facts = facts_of(table)
    assert [(item.name.text, [metric.text for metric in item.key_metrics]) for item in facts.strategies] == [
        ("One", ["NPS"])
    ]
    assert [(finding.code, finding.line, finding.column) for finding in facts.diagnostics] == [("W418", line, column)]


def test_a_row_of_nothing_but_dashes_is_no_finding() -> None:
    assert facts_of("| Strategy | Key Metrics |\n|--|--|\n| – | - |\n| | |\n").diagnostics == ()


def test_a_table_without_a_strategy_column_is_none() -> None:
    assert facts_of("Our strategy\n\n| Plan | Key Metrics |\n|--|--|\n| X | NPS |\n").strategies == ()


def test_further_headers_can_be_configured() -> None:
    words = MeasureWords(strategy_columns={**STRATEGY_COLUMNS, "vorhaben": "strategy", "kennzahlen": "key-metrics"})
    page = "| Vorhaben | Kennzahlen |\n|--|--|\n| Treue | NPS |\n"
    (strategy,) = facts_of(page, reading=Reading(measure_words=words)).strategies
    assert (strategy.name.text, strategy.key_metrics[0].text) == ("Treue", "NPS")


def test_generated_blocks_hold_no_strategy() -> None:
    page = "- graphkit:: status\n\t- | Strategy |\n\t  |--|\n\t  | X |\n"
    assert facts_of(page).strategies == ()


def test_initiatives_below_their_heading() -> None:
    page = (
        "page-type:: [[strategy]]\n\n"
        "- ### Initiatives of spring\n"
        "\t- **Feedback loops:** Ask [[everyone]].\n"
        "\t- **Plain**: text\n"
        "\t- **no colon** text\n"
        "\t- text\n"
        "- ### Other\n"
        "\t- **Not this:** one\n"
    )
    assert facts_of(page).initiatives == (
        InitiativeFact(label=Written(text="Feedback loops", line=4, column=6), text="Ask everyone."),
        InitiativeFact(label=Written(text="Plain", line=5, column=6), text="text"),
    )


@needs_shared
def test_the_seed_strategy_page() -> None:
    text = (SHARED / "seeds" / "001_070152b3e11abac2.txt").read_text(encoding="utf-8")
    facts = facts_of(text)
    assert [item.name.text for item in facts.strategies] == [
        "Enhanced Customer Service",
        "Loyalty Programs",
        "Personalized Experiences",
    ]
    assert [metric.text for item in facts.strategies for metric in item.key_metrics] == [
        "Customer satisfaction",
        "retention rate",
        "Enrollment rate",
        "repeat purchase metrics",
        "Engagement rates",
        "conversion rates",
    ]
    assert [item.label.text for item in facts.initiatives] == [
        "Customer Feedback Loops",
        "Data-Driven Personalization",
        "Retention Programs",
    ]
    assert [len(item.assumptions) for item in facts.strategies] == [2, 2, 2]
