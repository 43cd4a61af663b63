from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from golden_text import same_as_golden
from hypothesis import given
from hypothesis import strategies as st
from sample_reports import AS_OF, EMPTY, EXPERIMENTS, STATUS, UNREADABLE, count, experiment

from graphkit.cli.look.attention import BANDS, LOOKS
from graphkit.cli.look.status_screen import (
    LIMIT,
    PLAIN_COLUMNS,
    Grouping,
    group_keys,
    status_aside,
    status_plain,
    status_screen,
)
from graphkit.cli.terminal.canvas import ASCII, Surface, line_text, line_width
from graphkit.cli.terminal.formats import formatted
from graphkit.insight.experiments.experiment import ATTENTION
from graphkit.text.records import replace

if TYPE_CHECKING:
    from graphkit.app.results.reports import ExperimentRow, StatusReport

SCREENS = Path(__file__).parent / "screens"


def screen(
    surface: Surface, report: StatusReport = STATUS, *, by: Grouping | None = None, limit: int | None = LIMIT
) -> list[str]:
    return [line_text(line) for line in status_screen(report, surface, by=by, limit=limit)]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_screen_at_a_width(width: int) -> None:
    assert same_as_golden("\n".join(screen(Surface(width=width))) + "\n", SCREENS / f"status_{width}.txt")


@pytest.mark.parametrize("by", ["goal", "owner", "strategy"])
def test_the_screen_in_groups(by: Grouping) -> None:
    assert same_as_golden("\n".join(screen(Surface(width=100), by=by)) + "\n", SCREENS / f"status_by_{by}.txt")


def test_the_screen_in_ascii() -> None:
    text = "\n".join(screen(Surface(width=80, glyphs=ASCII, encoding="ascii"))) + "\n"
    assert text.isascii()
    assert same_as_golden(text, SCREENS / "status_ascii.txt")


titles = st.text(min_size=1, max_size=80) | st.sampled_from(["日本語" * 20, "🚀" * 30, "\x1b[31mred", "a\tb\nc"])
rows = st.builds(
    lambda number, title, reason, word, counts, day, names: experiment(
        title,
        path=f"pages/{number}.md",
        reason=reason,
        attention=word,
        progress=count(*counts),
        due=None if day is None else AS_OF + timedelta(days=day),
        goals=tuple(names),
        owners=tuple(names[:1]),
        questions=tuple(names),
    ),
    st.integers(),
    titles,
    st.text(max_size=60),
    st.sampled_from(ATTENTION),
    st.tuples(*[st.integers(0, 2000)] * 4),
    st.none() | st.integers(-4000, 4000),
    st.lists(titles, max_size=3),
)


@given(
    st.lists(rows, max_size=5, unique_by=lambda row: row.path),
    st.integers(20, 230),
    st.booleans(),
    st.sampled_from([None, "goal", "owner"]),
)
def test_no_line_is_wider_than_the_screen_whatever_the_vault_holds(
    experiments: list[ExperimentRow], width: int, ascii_only: bool, by: Grouping | None
) -> None:
    surface = Surface(width=width, glyphs=ASCII, encoding="ascii") if ascii_only else Surface(width=width)
    report = replace(STATUS, experiments=tuple(experiments))
    for line in status_screen(report, surface, by=by):
        text = line_text(line)
        assert line_width(line) <= width
        assert text == text.rstrip(" ")
        assert text.isascii() or not ascii_only
        assert not any(ord(char) < 32 for char in text)


def test_every_word_of_attention_has_its_look_in_the_order_of_the_bands() -> None:
    assert tuple(LOOKS) == ATTENTION
    bands = [LOOKS[word].band for word in ATTENTION]
    assert bands == sorted(bands)
    assert set(bands) == set(range(len(BANDS)))


def test_an_overdue_date_is_marked_by_a_sign_and_never_only_by_colour_or_distance() -> None:
    lines = screen(Surface(width=120))
    assert any("2026-03-01! 13d late" in line for line in lines)
    assert any("2026-03-01!" in line for line in screen(Surface(width=60)))


def test_a_closed_or_finished_experiment_is_never_late() -> None:
    closed = experiment("Old", lifecycle="decided", attention="decided", result="lost", due=date(2025, 1, 1))
    finished = experiment("Done", attention="decision due", progress=count(done=3), due=date(2025, 1, 1))
    text = "\n".join(screen(Surface(width=120), replace(STATUS, experiments=(closed, finished))))
    assert "2025-01-01" in text
    assert "late" not in text
    assert "2025-01-01!" not in text


def test_rows_beyond_the_limit_are_counted() -> None:
    many = replace(
        STATUS, experiments=tuple(experiment(f"Number {index}", path=f"pages/{index}.md") for index in range(1250))
    )
    lines = screen(Surface(width=80), many)
    assert sum("Number " in line for line in lines) == 100
    assert " 1,150 more: graphkit status --all" in lines
    assert sum("Number " in line for line in screen(Surface(width=80), many, limit=None)) == 1250
    assert len(list(formatted(status_plain(many), "tsv"))) == 101
    assert status_aside(many)[0] == "1,150 more; use --all to show them"
    assert len(list(formatted(status_plain(many, limit=None), "tsv"))) == 1251


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (EMPTY, "This vault has no pages yet."),
        (replace(EMPTY, pages=3), "No experiments yet."),
        (replace(EMPTY, pages=30, experiments_in_vault=12), "No experiment matches. The vault has 12."),
    ],
)
def test_nothing_to_show_says_why(report: StatusReport, expected: str) -> None:
    assert f" {expected}" in screen(Surface(width=80), report)
    assert status_aside(report)[0] == expected


def test_filtered_reports_say_how_many_there_are() -> None:
    report = replace(STATUS, experiments=EXPERIMENTS[:2], experiments_in_vault=15)
    assert screen(Surface(width=80), report)[1] == " 2 of 15 experiments · 96 pages · 61 journals"


def test_an_experiment_stands_in_each_of_its_groups_once() -> None:
    row = experiment("x", goals=("A", "B", "a"))
    assert group_keys(row, "goal") == {"a": "A", "b": "B"}
    assert group_keys(row, "owner") == {}


def test_the_tab_separated_form_has_one_line_for_each_experiment() -> None:
    header, *lines = formatted(status_plain(STATUS), "tsv")
    assert tuple(header.split("\t")) == PLAIN_COLUMNS
    assert [line.split("\t")[0] for line in lines] == [row.title for row in EXPERIMENTS]
    assert {len(line.split("\t")) for line in lines} == {len(PLAIN_COLUMNS)}
    assert dict(zip(PLAIN_COLUMNS, lines[3].split("\t"), strict=True)) == {
        "experiment": "Win-back calls for teams that went quiet after their first quarter with us",
        "attention": "overdue",
        "lifecycle": "running",
        "derived": "yes",
        "done": "5",
        "total": "12",
        "percent": "41",
        "doing": "2",
        "waiting": "1",
        "due": "2026-03-01",
        "owner": "Ana",
        "goals": "Improve customer retention; Learn why teams leave",
        "result": "",
        "questions": "2",
        "findings": "1",
        "path": "pages/Win-back calls for teams that went quiet after their first quarter with us.md",
        "reason": "due on 2026-03-01",
        "word": "in progress",
        "health": "",
        "health_reason": "",
        "last_activity": "",
        "stale": "no",
        "p50": "",
        "p85": "",
        "chance": "",
    }
    assert lines[11].split("\t")[4:7] == ["0", "0", ""]


def test_what_could_not_be_read_is_said_beside_the_tab_separated_form() -> None:
    assert status_aside(STATUS) == ["could not be read: pages/Locked.md: no permission to read this file"]
    many = replace(STATUS, unread=(UNREADABLE,) * 7)
    assert status_aside(many)[-1] == "and 2 other files: graphkit check"
    assert " and 2 other files: graphkit check" in screen(Surface(width=80), many)
