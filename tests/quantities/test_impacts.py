"""Expected impact: ranges with unit and subject where a cell has them, directions where not."""

from __future__ import annotations

import pytest
from growth import assert_linear, repeated
from hypothesis import given
from hypothesis import strategies as st

from graphkit.quantities.impacts import read_impact, read_impacts
from graphkit.text.span import Span

CELLS: dict[str, tuple[float | None, float | None, str, str | None, str]] = {
    "10–15% improvement in retention": (0.10, 0.15, "%", "up", "retention"),
    "10â€“15% improvement in retention": (0.10, 0.15, "%", "up", "retention"),
    "Increased CLV": (None, None, "", "up", "CLV"),
    "Increased CLV and recurring revenue": (None, None, "", "up", "CLV and recurring revenue"),
    "Enhanced customer satisfaction and loyalty": (None, None, "", "up", "customer satisfaction and loyalty"),
    "Reduced churn": (None, None, "", "down", "churn"),
    "significant improvement in the retention rate": (None, None, "", "up", "retention rate"),
    "Improve retention by 10–15%": (0.10, 0.15, "%", "up", "retention"),
    "Retention +10%": (0.10, 0.10, "%", "up", "Retention"),
    "+5pp NPS": (0.05, 0.05, "pp", "up", "NPS"),
    "-5% churn": (0.05, 0.05, "%", "down", "churn"),
    "-5 – -2% support cost": (0.02, 0.05, "%", "down", "support cost"),
    "≥10% reduction in waiting time": (0.10, 0.10, "%", "down", "waiting time"),
    "seat revenue uplift (1-2% per quarter)": (0.01, 0.02, "%", "up", "seat revenue"),
    "Raise basket value from $21/visit to $28/visit by 2027": (7, 7, "USD/visit", "up", "basket value"),
    "Churn falls from 15% to 10%": (0.05, 0.05, "pp", "down", "Churn"),
    "**10%** revenue growth": (0.10, 0.10, "%", "up", "revenue"),
    "Reduced [[Churn rate]] by 5 pp": (0.05, 0.05, "pp", "down", "Churn rate"),
    "NPS up 5 points": (5, 5, "point", "up", "NPS"),
    "up to 15% lower costs": (0.0, 0.15, "%", "down", "costs"),
    "10% increase": (0.10, 0.10, "%", "up", ""),
    "Improved retention by 2026": (None, None, "", "up", "retention"),
    "99.9% uptime": (0.999, 0.999, "%", None, "uptime"),
    "15-10% improvement in retention": (0.10, 0.15, "%", "up", "retention"),
    "-10--5% churn": (0.05, 0.10, "%", "down", "churn"),
    "Reduce churn from 15–10%": (0.05, 0.05, "pp", "down", "churn"),
    "Churn down from 5%": (None, None, "", "down", "Churn"),
    "10Ã¢â‚¬â€œ15% more retention": (0.10, 0.15, "%", "up", "retention"),
    "留存率提升10–15%": (0.10, 0.15, "%", None, "留存率提升"),
    "within 90 days: 10–15% improvement in retention": (0.10, 0.15, "%", "up", "retention"),
    "2–3 days less lead time": (172_800, 259_200, "s", "down", "lead time"),
    "Double revenue": (2, 2, "x", "up", "revenue"),
    "Halved churn": (0.5, 0.5, "x", "down", "churn"),
    "double digit growth": (None, None, "", "up", "double digit"),
    "[Higher retention](https://x.y/a;b=1?c=10%)": (None, None, "", "up", "retention"),
    "NPS of 50": (50, 50, "", None, "NPS"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_an_expected_impact_is_read(cell: str) -> None:
    impact = read_impact(cell)

    assert impact is not None
    assert (impact.low, impact.high, impact.unit, impact.direction, impact.subject) == CELLS[cell]


@pytest.mark.parametrize("cell", ["", "Nothing promised", "Phase 2 of 2026", "| |"])
def test_a_cell_without_quantity_or_direction_promises_nothing(cell: str) -> None:
    assert read_impact(cell) is None
    assert read_impacts(cell) == ()


def test_a_broken_dash_is_flagged_with_its_place_in_the_cell() -> None:
    impact = read_impact("  Higher NPS; 10â€“15% improvement in retention  ")

    assert impact is not None
    assert impact.number is not None
    assert (impact.text, impact.span) == ("10â€“15% improvement in retention", Span(14, 47))
    assert (impact.number.span, impact.number.broken_encoding) == (Span(14, 22), True)


def test_each_clause_is_an_impact_and_the_first_number_wins() -> None:
    cell = "Fewer tickets; 5% more orders<br>Lower cost. Then calm"

    assert [(impact.direction, impact.subject) for impact in read_impacts(cell)] == [
        ("down", "tickets"),
        ("up", "orders"),
        ("down", "cost"),
    ]
    impact = read_impact(cell)
    assert impact is not None
    assert impact.text == "5% more orders"


@pytest.mark.parametrize(
    ("cell", "promises"),
    [
        ("10–15% improvement in retention, 5% fewer chats", [("up", "retention"), ("down", "chats")]),
        ("10% more orders and 5% fewer chats", [("up", "orders"), ("down", "chats")]),
        ("Retention +10%, churn −5%", [("up", "Retention"), ("down", "churn")]),
        ("Fewer tickets, 5 more orders", [("down", "tickets"), ("up", "orders")]),
        ("Increase retention and CLV by 10%", [("up", "retention and CLV")]),
        ("Retention rises 10%, as does CLV", [("up", "Retention")]),
        ("between 10% and 15% more orders", [("up", "orders")]),
        ("more revenue (1% per quarter, 5% per year)", [("up", "revenue")]),
        ("更多订单10%；更多会员5%", [(None, "更多订单"), (None, "更多会员")]),
    ],
)
def test_what_one_clause_promises_together_and_what_apart(cell: str, promises: list[tuple[str | None, str]]) -> None:
    assert [(impact.direction, impact.subject) for impact in read_impacts(cell)] == promises


@pytest.mark.parametrize(
    ("cell", "improves"),
    [
        ("10% improvement in churn", True),
        ("Faster replies", True),
        ("10% more replies", False),
        ("-10% improvement in churn", False),
        ("improve response time from 6h to 4h", False),
    ],
)
def test_better_is_told_from_more(cell: str, improves: bool) -> None:
    impact = read_impact(cell)
    assert impact is not None
    assert impact.improves is improves


def test_the_parts_of_a_subject_are_named_one_by_one() -> None:
    impact = read_impact("Increased CLV, margin, and recurring revenue")

    assert impact is not None
    assert impact.subjects == ("CLV", "margin", "recurring revenue")


@given(st.text(alphabet="ab 5%–-+;.,()from to by increase\n", max_size=60) | st.text(max_size=60))
def test_any_cell_is_read_and_every_place_is_its_own(cell: str) -> None:
    for impact in read_impacts(cell):
        assert cell[impact.span.start : impact.span.end] == impact.text
        assert (impact.low is None) == (impact.high is None)
        assert impact.low is None or impact.high is None or impact.low <= impact.high


@pytest.mark.parametrize("piece", ["1 a ", "from 1 to ", "; ", ". ", "up ", "5% ", "é1 ", ", 5% up", "](", "(, "])
def test_hostile_cells_are_read_in_linear_time(piece: str) -> None:
    assert_linear(repeated(piece), read_impacts, 200_000)
