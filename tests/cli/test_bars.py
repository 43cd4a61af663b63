from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_reports import count

from graphkit.cli.terminal.bars import apportion, bar, legend, percentage, tally
from graphkit.cli.terminal.canvas import ASCII, Surface, line_text, line_width
from graphkit.insight.work.progress import Progress

UNICODE_SURFACE = Surface()
ASCII_SURFACE = Surface(glyphs=ASCII, encoding="ascii")

counts = st.integers(0, 500)
progresses = st.builds(count, counts, counts, counts, counts)


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (count(todo=4, doing=2, waiting=1, done=5), "█████▓▓▒░░░░"),
        (count(done=3), "████████████"),
        (count(todo=8), "░░░░░░░░░░░░"),
        (count(todo=999, done=1), "█░░░░░░░░░░░"),
        (count(todo=1, done=999), "███████████░"),
        (count(todo=997, doing=1, waiting=1, done=1), "█▓▒░░░░░░░░░"),
        (count(), ""),
    ],
)
def test_the_bar_shows_done_doing_waiting_and_open(progress: Progress, expected: str) -> None:
    assert line_text(bar(progress, 12, UNICODE_SURFACE)) == expected


def test_the_bar_is_bracketed_in_ascii_and_as_wide_as_asked() -> None:
    assert line_text(bar(count(4, 2, 1, 5), 14, ASCII_SURFACE)) == "[#####>>?----]"


def test_in_estimate_mode_the_done_part_is_the_share_of_the_weights() -> None:
    progress = Progress(todo=2, done=2, mode="estimate", unit="hours", done_weight=30.0, total_weight=40.0)
    assert line_text(bar(progress, 12, UNICODE_SURFACE)) == "█████████░░░"


def test_leaves_of_no_weight_can_still_be_seen() -> None:
    progress = Progress(todo=1, done=1, mode="estimate", unit="hours", done_weight=8.0, total_weight=8.0)
    assert line_text(bar(progress, 8, UNICODE_SURFACE)) == "███████░"


@given(progresses, st.integers(4, 60))
def test_a_bar_has_its_width_and_is_full_only_when_all_is_done(progress: Progress, cells: int) -> None:
    line = bar(progress, cells, UNICODE_SURFACE)
    text = line_text(line)
    if not progress.total:
        assert line == ()
        return
    assert line_width(line) == cells
    assert (set(text) == {"█"}) is (progress.done == progress.total)
    assert ("█" in text) is (progress.done > 0)
    assert [role for _, role in line] == [
        role
        for role, number in (
            ("good", progress.done),
            ("doing", progress.doing),
            ("waiting", progress.waiting),
            ("open", progress.todo),
        )
        if number
    ]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6), st.integers(0, 100))
def test_apportioned_cells_add_up(weights: list[float], cells: int) -> None:
    shares = apportion(weights, cells)
    assert min(shares) >= 0
    assert sum(shares) == (cells if sum(weights) > 0 else 0)


@pytest.mark.parametrize(
    ("progress", "expected"),
    [(count(todo=7, done=5), "[5/12] 41%"), (count(done=2), "[2/2] 100%"), (count(todo=300, done=1), "[1/301] 1%")],
)
def test_the_count_and_the_percentage(progress: Progress, expected: str) -> None:
    assert f"{line_text(tally(progress, UNICODE_SURFACE))} {line_text(percentage(progress))}" == expected


def test_no_tasks_is_a_dash_and_never_zero() -> None:
    assert line_text(tally(count(), UNICODE_SURFACE)) == "–"
    assert line_text(tally(count(), ASCII_SURFACE)) == "-"
    assert percentage(count()) == ()


def test_the_legend_names_each_segment() -> None:
    assert line_text(legend(UNICODE_SURFACE)) == "█ done  ▓ doing  ▒ waiting  ░ open"
    assert line_text(legend(ASCII_SURFACE)) == "# done  > doing  ? waiting  - open"
