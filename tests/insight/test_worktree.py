"""Work trees of one page: spec: domain §3.1, §3.2, §3.5, §3.6, §3.8, and what the findings say."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from builders import Pages, is_experiment, page_of

from graphkit.insight.work.progress import Progress, count_leaves
from graphkit.insight.work.work_tree import WorkTree, build_work_tree
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.facts.page_facts import PageFacts


def tree_of(page: PageFacts, *others: PageFacts) -> WorkTree:
    return build_work_tree(page, Pages((page, *others)), is_experiment=is_experiment)


def progress_of(outline: str) -> Progress:
    return tree_of(page_of(outline)).progress


def drawn(tree: WorkTree) -> str:
    """A line a node: text, what it counts as, `*` for a leaf, progress, `->` for what is counted elsewhere."""
    return "\n".join(
        "  " * node.depth
        + f"{node.task.text} {node.status}{'*' if node.leaf else ''}"
        + (f" {node.progress.text}" if node.progress else "")
        + (" ->" if node.linked else "")
        for node in tree.nodes
    )


def codes(tree: WorkTree) -> list[tuple[str, str, int]]:
    return [(item.code, item.path.removeprefix("pages/").removesuffix(".md"), item.line) for item in tree.diagnostics]


def text(outline: str) -> str:
    return dedent(outline).strip("\n")


SEED = """
    # goal
      text
    # hypothesis
      text
    # work
      TODO [[Implement customer retention strategies]]
        TODO [[Identify retention goals]]
          text
        TODO [[Segment customers]]
        TODO [[Develop retention tactics]]
        TODO [[Implement tactics]]
        TODO [[Measure impact]]
        TODO [[Analyze results]]
        TODO [[Refine and iterate]]
        TODO [[Repeat the process]]
    # result
      text
"""


def test_golden_seed_experiment() -> None:
    tree = tree_of(page_of(SEED, experiment=True))
    assert tree.progress == count_leaves(todo=8)
    assert (len(tree.nodes), tree.progress.text, tree.progress.percent, tree.progress.word, tree.diagnostics) == (
        9,
        "[0/8]",
        0,
        "not started",
        (),
    )
    assert [node.depth for node in tree.nodes] == [0] + [1] * 8
    assert tree.nodes[0].children == tuple(range(1, 9))
    assert tree.nodes[0].progress == count_leaves(todo=8)


def test_a_page_without_tasks() -> None:
    tree = tree_of(page_of("just text"))
    assert (tree.nodes, tree.progress, tree.diagnostics) == ((), Progress(), ())


def test_rule_1_blocks_that_are_no_tasks_drop_out() -> None:
    tree = tree_of(page_of("TODO a\n  text\n    more\n      DOING b\n  DONE c\nWAITING d"))
    assert drawn(tree) == text("""
        a todo [1/2]
          b doing*
          c done*
        d waiting*
    """)
    assert tree.progress == count_leaves(doing=1, waiting=1, done=1)
    assert [node.task.text for node in tree.leaves] == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ("TODO a\nLATER b\n[ ] c", count_leaves(todo=3)),
        ("DOING a\nNOW b\nIN-PROGRESS c\nSTARTED d\n[/] e", count_leaves(doing=5)),
        ("WAITING a\nWAIT b\n[!] c", count_leaves(waiting=3)),
        ("DONE a\n[x] b\n[X] c", count_leaves(done=3)),
        ("CANCELED a\nCANCELLED b\n[-] c", Progress()),
    ],
)
def test_rule_2_every_marker_has_its_class(outline: str, expected: Progress) -> None:
    assert progress_of(outline) == expected


def test_rule_2_cancelled_tasks_leave_both_sides() -> None:
    assert progress_of("DONE a\nCANCELLED b\nTODO c") == count_leaves(todo=1, done=1)


def test_rule_2_a_parent_of_cancelled_tasks_is_a_leaf() -> None:
    tree = tree_of(page_of("TODO a\n  CANCELLED b\nDONE c\n  CANCELLED d"))
    assert drawn(tree) == text("""
        a todo*
          b cancelled
        c done*
          d cancelled
    """)
    assert (tree.progress, tree.diagnostics) == (count_leaves(todo=1, done=1), ())


def test_rule_6_a_cancelled_parent_takes_its_subtree_along() -> None:
    tree = tree_of(page_of("CANCELLED a\n  DONE b\n    TODO c\n  DOING d\nTODO e"))
    assert drawn(tree) == text("""
        a cancelled
          b cancelled
            c cancelled
          d cancelled
        e todo*
    """)
    assert (tree.progress, tree.diagnostics) == (count_leaves(todo=1), ())


def test_rule_6_open_leaves_below_a_done_parent_count_as_done_and_are_named() -> None:
    tree = tree_of(
        page_of("DONE ship it\n  TODO write\n    DOING proofread\n  CANCELLED print\n  DONE mail\n  WAITING post")
    )
    assert drawn(tree) == text("""
        ship it done [3/3]
          write done [1/1]
            proofread done*
          print cancelled
          mail done*
          post done*
    """)
    assert tree.progress == count_leaves(done=3)
    assert tree.diagnostics == (
        Diagnostic(
            code="W301",
            severity=Severity.WARNING,
            path="pages/Page.md",
            line=1,
            message="DONE, but “proofread”, “post” below it are open; they count as done",
            hint="close the open tasks below it, or reopen this task",
        ),
    )


def test_rule_6_the_nearest_done_parent_is_named_and_long_lists_are_cut() -> None:
    many = "\n".join(f"    TODO t{number}" for number in range(6))
    tree = tree_of(page_of(f"DONE a\n  DONE b\n{many}\n  TODO {'x' * 60}"))
    assert [(item.line, item.message) for item in tree.diagnostics] == [
        (1, f"DONE, but “{'x' * 39}…” below it is open; they count as done"),
        (2, "DONE, but “t0”, “t1”, “t2” and 3 more below it are open; they count as done"),
    ]


def test_rule_6_ready_to_close_is_said_of_the_topmost_open_parent() -> None:
    tree = tree_of(
        page_of("TODO a\n  DOING b\n    DONE c\n  DONE d\n    DONE e\nTODO f\n  DONE g\n  TODO h\n    [x] i")
    )
    assert tree.progress == count_leaves(done=4)
    assert tree.diagnostics == (
        Diagnostic(
            code="W303",
            severity=Severity.INFO,
            path="pages/Page.md",
            line=1,
            message="ready to close: all tasks below it are done",
            hint="mark it DONE",
        ),
        Diagnostic(
            code="W303",
            severity=Severity.INFO,
            path="pages/Page.md",
            line=6,
            message="ready to close: all tasks below it are done",
            hint="mark it DONE",
        ),
    )


def test_a_parent_is_blocked_when_all_its_open_leaves_are() -> None:
    page = page_of(
        "TODO a\n  WAITING b\n  TODO c {blocked-by:: [[Other]]}\n  DONE d\nTODO e\n  WAITING f\n  TODO g\n"
        "TODO h {blocked-by:: [[Finished]]}"
    )
    tree = tree_of(page, page_of("TODO x", "Other"), page_of("DONE x", "Finished"))
    assert [node.task.text for node in tree.nodes if node.blocked] == ["a", "b", "c", "f"]
    assert tree.progress == count_leaves(todo=3, waiting=2, done=1, blocked=1)


@pytest.mark.parametrize(
    ("outline", "expected", "found"),
    [
        ("TODO a\n# work\n  DONE b", count_leaves(done=1), []),
        ("# work\n  DONE b\nTODO c\n# work\n  TODO d\n    TODO e", count_leaves(todo=1, done=1), []),
        ("# work\n  DONE a\n  # work\n    TODO b\n  TODO c", count_leaves(todo=2, done=1), []),
        ("# other\n  DONE b\nTODO c", count_leaves(todo=1, done=1), []),
        ("# work\n  text\nTODO c\nCANCELLED d\nTODO e", Progress(), [("W308", "Page", 1)]),
        ("# work\n  text\nCANCELLED d", Progress(), []),
        ("CANCELLED a\n  # work\n    TODO b", Progress(), []),
        ("DONE a\n  text\n    # work\n      TODO b\n      DONE c", count_leaves(done=2), [("W301", "Page", 1)]),
        ("TODO a\n  # work\n    TODO b\n  TODO c", count_leaves(todo=1), []),
    ],
)
def test_rule_8_the_scope_of_an_experiment_is_its_work(
    outline: str, expected: Progress, found: list[tuple[str, str, int]]
) -> None:
    tree = tree_of(page_of(outline, experiment=True))
    assert (tree.progress, codes(tree)) == (expected, found)


def test_rule_8_other_pages_count_as_a_whole() -> None:
    assert progress_of("TODO a\n# work\n  DONE b") == count_leaves(todo=1, done=1)


def test_an_empty_work_section_is_reported_with_the_tasks_elsewhere() -> None:
    tree = tree_of(page_of("# work\nTODO a\nTODO b", experiment=True))
    assert tree.diagnostics == (
        Diagnostic(
            code="W308",
            severity=Severity.WARNING,
            path="pages/Page.md",
            line=1,
            message="there are no tasks below “work”; those elsewhere (lines 2, 3) do not count",
            hint="move the tasks below this heading, or remove the heading",
        ),
    )


ESTIMATE_CASES: Mapping[str, tuple[str, Mapping[str, str], Progress, list[tuple[str, str, int]]]] = {
    "half of the leaves is enough, the rest weighs the median": (
        "DONE a {estimate:: 2h}\nTODO b {effort:: 4h}\nTODO c\nDONE d",
        {},
        Progress(todo=2, done=2, mode="estimate", unit="hours", done_weight=5, total_weight=12),
        [],
    ),
    "less than half counts leaves": (
        "DONE a {estimate:: 2h}\nTODO b\nTODO c",
        {},
        count_leaves(todo=2, done=1),
        [],
    ),
    "cancelled leaves are not asked": (
        "DONE a {estimate:: 2h}\nTODO b\nCANCELLED c\nCANCELLED d {estimate:: what}",
        {},
        Progress(todo=1, done=1, mode="estimate", unit="hours", done_weight=2, total_weight=4),
        [],
    ),
    "the experiment can ask for estimates": (
        "DONE a {points:: 2}\nTODO b\nTODO c",
        {"progress": "estimate"},
        Progress(todo=2, done=1, mode="estimate", unit="points", done_weight=2, total_weight=6),
        [],
    ),
    "the experiment can ask for counts": (
        "DONE a {points:: 2}\nTODO b {points:: 8}\nTODO c {estimate:: 2h}",
        {"progress": " Count "},
        count_leaves(todo=2, done=1),
        [],
    ),
    "an override that is neither": (
        "DONE a {points:: 2}\nTODO b {points:: 8}",
        {"progress": "40%"},
        Progress(todo=1, done=1, mode="estimate", unit="points", done_weight=2, total_weight=10),
        [("W306", "Page", 1)],
    ),
    "nothing to go by": (
        "DONE a\nTODO b {estimate:: soon}",
        {"progress": "estimate"},
        count_leaves(todo=1, done=1),
        [("W307", "Page", 1), ("W305", "Page", 2)],
    ),
    "hours and points count leaves": (
        "DONE a {points:: 2}\nTODO b {estimate:: 8h}",
        {"progress": "estimate"},
        count_leaves(todo=1, done=1),
        [("W304", "Page", 2)],
    ),
    "a parent's estimate is shared where none is below": (
        "TODO p {estimate:: 1d}\n  DONE a\n  TODO q\n    TODO b\n    CANCELLED c\n    TODO d\n  TODO e",
        {},
        Progress(todo=3, done=1, mode="estimate", unit="hours", done_weight=2, total_weight=8),
        [],
    ),
    "a parent's estimate gives way to those below": (
        "TODO p {points:: 100}\n  DONE a {estimate:: 1h}\n  TODO q {estimate:: 6h}\n    TODO b\n    TODO c",
        {},
        Progress(todo=2, done=1, mode="estimate", unit="hours", done_weight=1, total_weight=7),
        [],
    ),
    "a cancelled estimate does not hide the parent's": (
        "TODO p {estimate:: 4h}\n  DONE a\n  CANCELLED b {estimate:: 9h}",
        {},
        Progress(done=1, mode="estimate", unit="hours", done_weight=4, total_weight=4),
        [("W303", "Page", 1)],
    ),
    "a range keeps its variance when it is shared": (
        "TODO p {estimate:: 1-3d}\n  DONE a\n  TODO b",
        {},
        Progress(todo=1, done=1, mode="estimate", unit="hours", done_weight=8, total_weight=16, total_deviation=8),
        [],
    ),
}


@pytest.mark.parametrize("case", ESTIMATE_CASES)
def test_rule_4_estimates(case: str) -> None:
    outline, properties, expected, found = ESTIMATE_CASES[case]
    tree = tree_of(page_of(outline, experiment=True, properties=properties))
    assert (tree.progress, codes(tree)) == (expected, found)


def test_rule_4_golden_ranges() -> None:
    progress = progress_of("\n".join(["TODO a {estimate:: 0.5-2}"] * 10))
    assert progress.total_weight == 12.5
    assert round(progress.total_deviation, 2) == 2.37


def test_rule_4_each_node_weighs_what_is_below_it() -> None:
    tree = tree_of(page_of("TODO p\n  DONE a {estimate:: 3h}\n  TODO b {estimate:: 1h}\nTODO c {estimate:: 6h}"))
    assert tree.nodes[0].progress == Progress(
        todo=1, done=1, mode="estimate", unit="hours", done_weight=3, total_weight=4
    )
    assert (tree.nodes[0].progress.text, tree.progress.text) == ("[1/2 · 75%]", "[1/3 · 30%]")


def test_rule_4_only_an_experiment_overrides() -> None:
    page = page_of("DONE a {points:: 2}\nTODO b {points:: 8}", properties={"progress": "count"})
    assert tree_of(page).progress.mode == "estimate"


def test_findings_about_estimates_say_where_and_what() -> None:
    tree = tree_of(page_of("DONE a {points:: 2}\nTODO b {estimate:: 8h}\nTODO c {estimate:: a while}"))
    assert tree.diagnostics == (
        Diagnostic(
            code="W304",
            severity=Severity.WARNING,
            path="pages/Page.md",
            line=2,
            message="this estimate is in hours, an earlier one (pages/Page.md:1) in points: "
            "all tasks of this work count the same",
            hint="use one unit for the whole work tree, or write `progress:: count` on the experiment",
        ),
        Diagnostic(
            code="W305",
            severity=Severity.WARNING,
            path="pages/Page.md",
            line=3,
            message="the estimate `estimate:: a while` cannot be read",
            hint="write hours (2h, 90m, 1.5d, 1 week), points (3), a size (S, M, L) or a range (1-3d), above zero",
        ),
    )


def test_a_tree_of_thousands_of_levels() -> None:
    tree = tree_of(page_of("\n".join("  " * level + "TODO a" for level in range(3000))))
    assert tree.progress == count_leaves(todo=1)
    assert tree.nodes[-1].depth == 2999
    assert tree.nodes[0].progress == count_leaves(todo=1)
