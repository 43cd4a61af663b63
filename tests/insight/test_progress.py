"""The arithmetic of progress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.insight.work.progress import Progress, count_leaves


def test_without_leaves_there_is_no_percentage() -> None:
    nothing = Progress()
    assert (nothing.total, nothing.fraction, nothing.percent, nothing.word, nothing.text) == (
        0,
        None,
        None,
        "no tasks",
        "–",
    )


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (count_leaves(todo=8), (0, "not started", "[0/8]")),
        (count_leaves(todo=7, done=5), (41, "in progress", "[5/12]")),
        (count_leaves(todo=199, done=1), (1, "in progress", "[1/200]")),
        (count_leaves(todo=1, done=199), (99, "in progress", "[199/200]")),
        (count_leaves(todo=71, done=29), (29, "in progress", "[29/100]")),
        (count_leaves(doing=1, todo=1), (0, "in progress", "[0/2]")),
        (count_leaves(waiting=1, todo=1), (0, "not started", "[0/2]")),
        (count_leaves(waiting=2, done=2), (50, "blocked", "[2/4]")),
        (count_leaves(waiting=2), (0, "blocked", "[0/2]")),
        (count_leaves(waiting=1, todo=1, doing=1, blocked=2), (0, "blocked", "[0/3]")),
        (count_leaves(waiting=1, todo=1, doing=1, blocked=1), (0, "in progress", "[0/3]")),
        (count_leaves(done=3), (100, "done", "[3/3]")),
    ],
)
def test_percent_word_and_text_by_count(progress: Progress, expected: tuple[int, str, str]) -> None:
    assert (progress.percent, progress.word, progress.text) == expected


def test_estimates_show_their_percentage_where_it_differs() -> None:
    def hours(done: float, total: float) -> Progress:
        return Progress(todo=7, done=5, mode="estimate", unit="hours", done_weight=done, total_weight=total)

    assert hours(6, 12).text == "[5/12 · 50%]"
    assert hours(5, 12).text == "[5/12]"
    assert hours(0.1 + 0.2, 0.3 / 0.29).percent == 29
    assert hours(1e-9, 1e9).percent == 1
    assert hours(1e60, 1e60 + 1).percent == 99


leaves = st.integers(0, 300)


@given(leaves, leaves, leaves, leaves)
def test_bounds_by_count(todo: int, doing: int, waiting: int, done: int) -> None:
    progress = count_leaves(todo=todo, doing=doing, waiting=waiting, done=done)
    assert progress.total == progress.open + done
    if not progress.total:
        assert progress.percent is None
        return
    assert progress.fraction == done / progress.total
    assert progress.percent is not None
    assert 0 <= progress.percent <= 100
    assert (progress.percent == 100) == (progress.open == 0) == (progress.word == "done")
    assert (progress.percent == 0) == (done == 0)
    assert progress.text == f"[{done}/{progress.total}]"


weights = st.floats(min_value=1e-6, max_value=1e9)


@given(st.lists(weights, max_size=20), st.lists(weights, max_size=20))
def test_bounds_by_estimate(done: list[float], still_open: list[float]) -> None:
    progress = Progress(
        todo=len(still_open),
        done=len(done),
        mode="estimate",
        unit="hours",
        done_weight=sum(done),
        total_weight=sum(done + still_open),
    )
    if not done and not still_open:
        assert progress.percent is None
        return
    assert progress.fraction is not None
    assert progress.percent is not None
    assert 0 <= progress.fraction <= 1
    assert (progress.percent == 100) == (not still_open) == (progress.fraction == 1)
    assert (progress.percent == 0) == (not done)
