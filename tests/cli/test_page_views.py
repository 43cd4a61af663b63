from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from golden_text import same_as_golden
from hypothesis import given
from hypothesis import strategies as st
from sample_reports import AS_OF, CHECK, DETAIL, FINDINGS, RANK, TASK_REPORT, TREE, experiment, task

from graphkit.cli.look.check_screen import check_plain, check_screen, check_summary
from graphkit.cli.look.experiment_screen import detail_screen
from graphkit.cli.look.tasks_screen import TASK_COLUMNS, tasks_aside, tasks_plain, tasks_screen
from graphkit.cli.look.tree_screen import TREE_COLUMNS, tree_plain, tree_screen
from graphkit.cli.terminal.canvas import ASCII, Line, Surface, line_text, line_width
from graphkit.cli.terminal.formats import formatted
from graphkit.cli.terminal.small_tables import table_plain, table_screen
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable

SCREENS = Path(__file__).parent / "screens"

VIEWS: dict[str, Callable[[Surface], list[Line]]] = {
    "detail": lambda surface: detail_screen(DETAIL, surface),
    "tree": lambda surface: tree_screen(TREE, surface),
    "tasks": lambda surface: tasks_screen(TASK_REPORT, surface),
    "check": lambda surface: check_screen(CHECK, surface),
    "rank": lambda surface: table_screen(RANK, surface),
}


def text_of(lines: list[Line]) -> str:
    return "".join(line_text(line) + "\n" for line in lines)


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_screen_at_a_width(name: str, width: int) -> None:
    assert same_as_golden(text_of(VIEWS[name](Surface(width=width))), SCREENS / f"{name}_{width}.txt")


@pytest.mark.parametrize("name", VIEWS)
def test_the_screen_in_ascii(name: str) -> None:
    text = text_of(VIEWS[name](Surface(width=80, glyphs=ASCII, encoding="ascii")))
    assert text.isascii()
    assert same_as_golden(text, SCREENS / f"{name}_ascii.txt")


@pytest.mark.parametrize("name", VIEWS)
@given(width=st.integers(20, 220), ascii_only=st.booleans())
def test_no_line_is_wider_than_the_screen(name: str, width: int, ascii_only: bool) -> None:
    surface = Surface(width=width, glyphs=ASCII, encoding="ascii") if ascii_only else Surface(width=width)
    for line in VIEWS[name](surface):
        assert line_width(line) <= width
        assert line_text(line) == line_text(line).rstrip(" ")


@given(st.text(max_size=80), st.integers(0, 2000), st.integers(20, 120))
def test_no_text_and_no_depth_breaks_a_screen(text: str, depth: int, width: int) -> None:
    surface = Surface(width=width)
    row = task(text, depth=depth, path=f"{text}.md", page=text, flags=("blocked",))
    finding = Diagnostic(code="W1", severity=Severity.ERROR, path=f"{text}.md", message=text, hint=text)
    tree = replace(TREE, rows=tuple(replace(one, text=text, level=depth) for one in TREE.rows), page=text)
    detail = replace(
        DETAIL.experiments[0],
        experiment=experiment(text, questions=(text,), goals=(text,)),
        hypothesis=text,
        properties=((text, text),),
        tasks=(row,),
        findings=(finding,),
    )
    for lines in (
        tasks_screen(replace(TASK_REPORT, tasks=(row,)), surface),
        check_screen(replace(CHECK, findings=(finding,)), surface),
        tree_screen(tree, surface),
        detail_screen(replace(DETAIL, experiments=(detail,)), surface),
    ):
        for line in lines:
            assert line_width(line) <= width
            assert len(line_text(line).splitlines()) <= 1


def test_tasks_as_tab_separated_lines() -> None:
    header, first, *_ = formatted(tasks_plain(TASK_REPORT), "tsv")
    assert tuple(header.split("\t")) == TASK_COLUMNS
    assert dict(zip(TASK_COLUMNS, first.split("\t"), strict=True)) == {
        "task": "Get the numbers from billing",
        "marker": "WAITING",
        "status": "waiting",
        "priority": "A",
        "deadline": "2026-03-02",
        "scheduled": "",
        "flags": "overdue,blocked",
        "done": "",
        "total": "",
        "experiment": "Win-back calls",
        "page": "Win-back calls",
        "path": "pages/Win-back calls.md",
        "line": "16",
        "done_on": "",
        "last_activity": "",
    }


def test_tasks_beyond_the_limit_are_counted() -> None:
    many = replace(TASK_REPORT, tasks=tuple(task(f"t{index}") for index in range(130)))
    lines = [line_text(line) for line in tasks_screen(many, Surface())]
    assert " 30 more: graphkit tasks --all" in lines
    assert len(list(formatted(tasks_plain(many), "tsv"))) == 101
    assert tasks_aside(many) == ["30 more; use --all to show them"]
    assert tasks_aside(many, limit=None) == []
    assert len(list(formatted(tasks_plain(many, limit=None), "tsv"))) == 131


def test_no_tasks_is_said() -> None:
    assert text_of(tasks_screen(replace(TASK_REPORT, tasks=()), Surface())) == " No task matches.\n"


def test_an_outline_as_tab_separated_lines() -> None:
    header, *lines = formatted(tree_plain(TREE), "tsv")
    assert tuple(header.split("\t")) == TREE_COLUMNS
    assert lines[3:6] == [
        "13\t1\tsection\t\twork\twork\t\t",
        "14\t2\ttask\tDOING\tCall the first twenty teams\t\t3\t7",
        "15\t3\ttask\tDONE\tWrite the [[Call script]]\t\t\t",
    ]


def test_findings_are_lines_that_an_editor_can_jump_from() -> None:
    assert list(check_plain(CHECK)) == [
        f"pages/Win-back calls.md:14:3: W301 warning: {FINDINGS[0].message}\t{FINDINGS[0].hint}",
        "pages/Win-back calls.md:31:12: E201 error: no block has the id 6560ab12-0000-4000-8000-000000000000",
        "pages/日本.md:1:1: I502 info: the page has two page-type:: lines\tkeep one",
    ]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (CHECK.findings, "1 error, 1 warning and 1 note in 157 pages"),
        (CHECK.findings[:1] * 2, "2 warnings in 157 pages"),
        (CHECK.findings[:2], "1 error and 1 warning in 157 pages"),
        ((), "no findings in 157 pages"),
    ],
)
def test_the_summary_counts_by_severity(findings: tuple[Diagnostic, ...], expected: str) -> None:
    assert check_summary(replace(CHECK, findings=findings)) == expected


def test_small_tables_keep_all_digits_for_other_programs() -> None:
    assert list(formatted(table_plain(RANK), "tsv")) == [
        "rank\tnode\tkind\tscore",
        "1\tgoal:improve customer retention\tgoal\t0.12345678",
        "2\tpage:日本\tpage\t0.5",
        "3\tx\t\t2",
    ]


def test_an_empty_table_says_so() -> None:
    assert text_of(table_screen(replace(RANK, rows=()), Surface())).endswith("\n nothing\n")


def test_dates_of_tasks_stand_in_words() -> None:
    late = task("x", deadline=AS_OF.replace(day=1), flags=("overdue",))
    closed = task("y", status="done", marker="DONE", deadline=AS_OF.replace(day=1))
    text = text_of(tasks_screen(replace(TASK_REPORT, tasks=(late, closed)), Surface(width=120)))
    assert "overdue 2026-03-01  13d late  ○ TODO x" in text
    assert text.count("2026-03-01") == 1
