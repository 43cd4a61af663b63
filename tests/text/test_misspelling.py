from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.text.misspelling import NearTitles, edits_between, is_misspelling, meant_word

WORDS = st.text(alphabet="abc", max_size=7)


def plain_distance(one: str, other: str) -> int:
    """Optimal string alignment by its definition, over the whole table."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            steps = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                steps.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(steps)
    return table[len(one), len(other)]


@given(WORDS, WORDS, st.integers(1, 3))
def test_the_band_gives_the_distance_of_the_whole_table(one: str, other: str, most: int) -> None:
    distance = plain_distance(one, other)
    assert edits_between(one, other, most) == (distance if distance <= most else None)


@pytest.mark.parametrize(
    ("word", "known"),
    [("onwer", "owner"), ("deu", "due"), ("wrok", "work"), ("experiement", "experiment"), ("goals", "goal"),
     ("hypothesys", "hypothesis"), ("Strategies", "strategy"), ("Retenton rate", "Retention rate")],
)  # fmt: skip
def test_a_misspelt_word_is_near(word: str, known: str) -> None:
    assert is_misspelling(word, known)


@pytest.mark.parametrize(
    ("word", "known"),
    [("date", "data"), ("goat", "goal"), ("words", "work"), ("Q1 2025", "Q1 2026"), ("role", "row"), ("x", "n"),
     ("owner", "owner"), ("Test 1", "Test 2"), ("experience", "experiment")],
)  # fmt: skip
def test_another_word_is_not(word: str, known: str) -> None:
    assert not is_misspelling(word, known)


def test_the_nearest_word_is_meant() -> None:
    assert meant_word("statuss", ("status", "statutes")) == "status"
    assert meant_word("status", ("status", "statuss")) is None


@given(st.lists(st.text(alphabet="abcd ", min_size=1, max_size=12), max_size=8), st.text(alphabet="abcd ", max_size=12))
def test_a_title_that_is_found_is_near(titles: list[str], wanted: str) -> None:
    found = NearTitles(titles).meant(wanted)
    assert found is None or (found in titles and is_misspelling(wanted, found))


def test_a_title_is_found_by_a_part_that_was_spelt_right() -> None:
    titles = NearTitles(["Improve customer retention", "Retention rate", "Churn"])
    assert titles.meant("Improve custmer retention") == "Improve customer retention"
    assert titles.meant("Retenton rate") == "Retention rate"
    assert titles.meant("Nowhere") is None
