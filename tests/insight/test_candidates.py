"""Candidates: the metrics that prose names before anyone makes a page for them."""

from __future__ import annotations

import pytest
from growth import assert_linear, repeated
from hypothesis import given
from hypothesis import strategies as st
from shared_material import SEEDS, needs_shared

from graphkit.insight.metrics.candidates import Candidate, CountedCandidate, count_candidates, find_candidates
from graphkit.text.span import Span


def named(text: str) -> list[str]:
    """Names of the candidates with their aliases, in order."""
    return [f"{item.name}|{item.alias}" if item.alias else item.name for item in find_candidates(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # lists
        ("metrics such as activation, trial retention, or load.", ["activation", "trial retention", "load"]),
        ("We use metrics like trial starts and demo requests to decide, then calls", ["trial start", "demo request"]),
        ("metrics (including the churn rate and Good Mood Score (GMS))", ["churn rate", "Good Mood Score|GMS"]),
        ("metrics like Net Promoter Score (NPS) or NPS", ["Net Promoter Score|NPS", "NPS"]),
        ("Metrics, such as: reach", ["reach"]),
        ("metrics like this one", []),
        ("metrics including\nnothing on this line", []),
        ("geometrics like circles", []),
        # measures
        ("The churn rate fell", ["churn rate"]),
        ("reducing churn rate or increasing customer lifetime value", ["churn rate", "customer lifetime value"]),
        ("leads to higher customer retention rates and calm", ["customer retention rate"]),
        ("our average monthly active trial conversion rate", ["active trial conversion rate"]),
        ("Track response time, not real time or time", ["response time"]),
        ("over time it saves time", []),
        ("NPS, nps, revenue and a rate", ["NPS", "revenue"]),
        ("a churn model and a value proposition, a revenue target", []),
        ("revenue dropped by 5", ["revenue"]),
        ("net revenue 41", ["net revenue"]),
        ("maximize ancillary revenue", ["ancillary revenue"]),
        ("publicly share the team's score", []),
        ("last month’s refund rate", ["refund rate"]),
        ("the monthly refund rate", ["monthly refund rate"]),
        ("Customer acquisition cost (CAC) and CAC", ["Customer acquisition cost|CAC", "CAC"]),
        ("win\nrate, win, rate, win/rate", []),
        ("`error rate` [[error rate]] #rate error rate", ["error rate"]),
        ("2024 rate", []),
        ("the Win-rate, real-time, low-cost and the trial-start rate", ["Win-rate", "trial-start rate"]),
        ("command N times, wash cuvette five times, four times or twenty times", []),
        ("count count, a rates rate", []),
        ("an x value and a p-value", []),
        ("so heißt der kleinste Index: Conversion Rate", ["Conversion Rate"]),
        ("释放 value 和 NPS", ["NPS"]),
        ("the formula $$cost = rate$$ of $error rate$", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_names_its_candidates(text: str, expected: list[str]) -> None:
    assert named(text) == expected


def test_a_candidate_has_its_place_and_its_kind() -> None:
    assert find_candidates("metrics such as reach; engagement rates (ER)") == [
        Candidate(name="reach", how="list", span=Span(16, 21)),
        Candidate(name="engagement rate", alias="ER", how="measure", span=Span(23, 39)),
    ]


def test_measures_and_stop_words_can_be_set() -> None:
    found = find_candidates(
        "hoher Umsatz und Marge", measures=frozenset({"umsatz"}), stop_words=frozenset({"hoher", "und"})
    )

    assert [candidate.name for candidate in found] == ["Umsatz"]
    found = find_candidates("neue Kunden", measures=frozenset({"kunden"}), stop_words=frozenset())
    assert [candidate.name for candidate in found] == ["neue Kunden"]
    found = find_candidates("our likes", measures=frozenset({"likes"}))
    assert [candidate.name for candidate in found] == ["like"]
    found = find_candidates("индекс роста", measures=frozenset({"роста"}))
    assert [candidate.name for candidate in found] == ["индекс роста"]


def test_spellings_of_one_name_and_its_alias_count_together() -> None:
    texts = {"a": "Win-rate and win rates. Net Promoter Score (NPS)", "b": "the win rate; NPS", "c": "churn"}
    sightings = [(page, candidate) for page, text in texts.items() for candidate in find_candidates(text)]

    assert count_candidates(sightings) == [
        CountedCandidate(name="win rate", alias="", places=("a", "a", "b")),
        CountedCandidate(name="Net Promoter Score", alias="NPS", places=("a", "b")),
        CountedCandidate(name="churn", alias="", places=("c",)),
    ]


@needs_shared
def test_the_seeds_name_their_metrics() -> None:
    sightings = [
        (path.name, candidate)
        for path in sorted(SEEDS.glob("*.txt"))
        for candidate in find_candidates(path.read_text(encoding="utf-8"))
    ]
    counted = {item.name.lower(): item for item in count_candidates(sightings)}

    expected = {
        "churn rate",
        "customer lifetime value",
        "customer retention rate",
        "repeat purchase rate",
        "net promoter score",
    }
    assert expected <= set(counted)
    assert (counted["net promoter score"].alias, counted["customer lifetime value"].alias) == ("NPS", "CLV")
    assert "nps" not in counted


@given(st.text(alphabet="rate churn metrics such as, (NPS) 's\n-", max_size=80) | st.text(max_size=80))
def test_every_candidate_is_the_text_at_its_place(text: str) -> None:
    for candidate in find_candidates(text):
        written = " ".join(text[candidate.span.start : candidate.span.end].split())
        assert candidate.name
        assert written.startswith(candidate.name)
        assert len(written) - len(candidate.name) <= 1


@pytest.mark.parametrize(
    "piece", ["rate ", "churn rate ", "metrics like a, ", "metrics like ", "a-", "(NPS", "NPS (NPS) ", " "]
)
def test_hostile_texts_are_read_in_linear_time(piece: str) -> None:
    assert_linear(repeated(piece), find_candidates, 300_000)
