"""Expansion through `[[Page]]` and `((id))`: spec: domain §3.3, alone and with cancelled and closed tasks."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from builders import Pages, is_experiment, page_of

from graphkit.insight.work.progress import Progress, count_leaves
from graphkit.insight.work.work_tree import WorkTree, build_work_tree
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from graphkit.facts.page_facts import PageFacts


def tree_of(page: PageFacts, *others: PageFacts) -> WorkTree:
    return build_work_tree(page, Pages((page, *others)), is_experiment=is_experiment)


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


def test_a_leaf_counts_the_leaves_of_its_page() -> None:
    tree = tree_of(
        page_of("TODO a\n  TODO [[B]]\n  DONE c"),
        page_of("TODO b1\n  DONE b2\n  CANCELLED b3\n  DOING b4\nDONE b5", "B"),
    )
    assert drawn(tree) == text("""
        a todo [3/4]
          [[B]] todo [2/3]
            b1 todo [1/2]
              b2 done*
              b3 cancelled
              b4 doing*
            b5 done*
          c done*
    """)
    assert [node.path for node in tree.nodes[1:3]] == ["pages/Page.md", "pages/B.md"]
    assert (tree.progress, tree.diagnostics) == (count_leaves(doing=1, done=3), ())


def test_a_parent_does_not_expand() -> None:
    tree = tree_of(page_of("TODO [[B]]\n  DONE a"), page_of("TODO b", "B"))
    assert tree.progress == count_leaves(done=1)


def test_a_parent_of_cancelled_tasks_expands() -> None:
    tree = tree_of(page_of("TODO [[B]]\n  CANCELLED a"), page_of("TODO b\nDONE c", "B"))
    assert drawn(tree) == text("""
        [[B]] todo [1/2]
          b todo*
          c done*
          a cancelled
    """)


@pytest.mark.parametrize("target", ["text", "", "CANCELLED b\n  TODO c", "TODO [[B]]", "TODO [[C]]\nTODO [[B]]"])
def test_a_target_without_a_leaf_leaves_an_ordinary_leaf(target: str) -> None:
    tree = tree_of(page_of("DOING [[B]]\nDONE a"), page_of(target, "B"), page_of("TODO [[B]]", "C"))
    assert drawn(tree) == "[[B]] doing*\na done*"


@pytest.mark.parametrize("name", ["[[Nowhere]]", "((nowhere))", "((text))", "((cancelled))", "((below))"])
def test_a_target_that_is_no_live_task_leaves_an_ordinary_leaf(name: str) -> None:
    other = page_of("text {id:: text}\n  TODO b\nCANCELLED c {id:: cancelled}\n  TODO d {id:: below}", "B")
    tree = tree_of(page_of(f"TODO {name}"), other)
    assert (drawn(tree), tree.diagnostics) == (f"{name} todo*", ())


def test_a_block_reference_counts_the_task_and_what_is_below_it() -> None:
    other = page_of("TODO a\n  DOING b {id:: b}\n    DONE c\n    TODO d\n  TODO e", "B")
    tree = tree_of(page_of("TODO ((b))"), other)
    assert drawn(tree) == text("""
        ((b)) todo [1/2]
          b doing [1/2]
            c done*
            d todo*
    """)


def test_a_block_reference_chain_ends_at_the_last_task() -> None:
    tree = tree_of(page_of("TODO ((b))"), page_of("TODO ((c)) {id:: b}", "B"), page_of("DONE c {id:: c}", "C"))
    assert tree.progress == count_leaves(done=1)
    assert codes(tree) == [("W303", "Page", 1)]


def test_expansion_into_an_experiment_takes_its_work() -> None:
    experiment = page_of("TODO question\n# work\n  DONE a\n  TODO b\n# result\n  TODO publish", "E", experiment=True)
    assert tree_of(page_of("TODO [[E]]"), experiment).progress == count_leaves(todo=1, done=1)


def test_expansion_into_an_experiment_without_work_is_an_ordinary_leaf() -> None:
    experiment = page_of("TODO question\n# work\n  text", "E", experiment=True)
    assert drawn(tree_of(page_of("WAITING [[E]]"), experiment)) == "[[E]] waiting*"


def test_a_cancelled_leaf_expands_to_nothing() -> None:
    other = page_of("TODO b", "B")
    assert tree_of(page_of("CANCELLED [[B]]\nDONE a"), other).progress == count_leaves(done=1)
    assert tree_of(page_of("CANCELLED [[B]]\nDONE [[B]]"), other).progress == count_leaves(done=1)


def test_a_done_leaf_closes_what_it_expands_to() -> None:
    tree = tree_of(page_of("DONE [[B]]\nTODO a"), page_of("TODO [[C]]\nDONE b", "B"), page_of("WAITING c", "C"))
    assert drawn(tree) == text("""
        [[B]] done [2/2]
          [[C]] done [1/1]
            c done*
          b done*
        a todo*
    """)
    assert [(item.code, item.path, item.line, item.message) for item in tree.diagnostics] == [
        ("W301", "pages/Page.md", 1, "DONE, but “c” below it is open; they count as done")
    ]


@pytest.mark.parametrize("outline", ["TODO [[B]]\nDONE ((b))", "DONE ((b))\nTODO [[B]]"])
def test_one_closed_way_closes_a_task_in_any_order(outline: str) -> None:
    other = page_of("TODO p\n  TODO a {id:: b}\n    TODO a1\n    DOING a2\n  TODO c", "B")
    tree = tree_of(page_of(outline), other)
    assert tree.progress == count_leaves(todo=1, done=2)
    assert [(item.code, item.message) for item in tree.diagnostics if item.code == "W301"] == [
        ("W301", "DONE, but “a1”, “a2” below it are open; they count as done")
    ]


def test_a_task_counts_once_at_its_place_on_the_own_page() -> None:
    tree = tree_of(
        page_of("TODO ((b))\nTODO p\n  DONE a\n  TODO b {id:: b}\nTODO [[C]]\nTODO [[C]]"), page_of("DOING c", "C")
    )
    assert drawn(tree) == text("""
        ((b)) todo ->
        p todo [1/2]
          a done*
          b todo*
        [[C]] todo [0/1]
          c doing*
        [[C]] todo ->
    """)
    assert (tree.progress, tree.diagnostics) == (count_leaves(todo=1, doing=1, done=1), ())


def test_a_page_that_comes_after_one_of_its_tasks_counts_the_rest() -> None:
    other = page_of("TODO p\n  DONE a {id:: a}\n  TODO b\nTODO q\n  DOING c {id:: c}", "B")
    tree = tree_of(page_of("TODO ((a))\nTODO ((c))\nTODO [[B]]"), other)
    assert drawn(tree) == text("""
        ((a)) todo [1/1]
          a done*
        ((c)) todo [0/1]
          c doing*
        [[B]] todo [0/1]
          p todo [0/1] ->
            b todo*
          q todo ->
    """)
    assert tree.progress == count_leaves(todo=1, doing=1, done=1)


def test_what_stands_above_a_target_holds_for_it() -> None:
    closed = page_of("DONE p\n  text\n    TODO a {id:: a}", "B")
    tree = tree_of(page_of("TODO ((a))"), closed)
    assert tree.progress == count_leaves(done=1)
    assert codes(tree) == [("W301", "B", 1), ("W303", "Page", 1)]


def test_a_diamond_counts_the_shared_page_once() -> None:
    pages = [
        page_of("TODO [[A]]\nTODO [[B]]"),
        page_of("DONE a\nTODO [[C]]", "A"),
        page_of("TODO [[C]]", "B"),
        page_of("DONE c\nTODO d", "C"),
    ]
    tree = tree_of(*pages)
    assert (tree.progress, tree.diagnostics) == (count_leaves(todo=1, done=2), ())


def test_a_leaf_that_names_its_own_page_adds_nothing() -> None:
    tree = tree_of(page_of("TODO a\nTODO [[Page]]\nDONE b"))
    assert drawn(tree) == "a todo*\n[[Page]] todo ->\nb done*"
    assert tree.diagnostics == (
        Diagnostic(
            code="W302",
            severity=Severity.WARNING,
            path="pages/Page.md",
            line=2,
            message="“[[Page]]” leads back to this task; each task in the cycle counts once",
            hint="remove one of the references in the cycle",
        ),
    )


@pytest.mark.parametrize("outline", ["TODO [[Page]]", "TODO a\n  TODO [[Page]]", "TODO a {id:: a}\n  TODO ((a))"])
def test_a_circle_without_another_leaf_is_one_leaf(outline: str) -> None:
    tree = tree_of(page_of(outline))
    assert tree.progress == count_leaves(todo=1)
    assert [code for code, _, _ in codes(tree)] == ["W302"]


def test_a_block_reference_to_a_task_above_is_a_circle() -> None:
    tree = tree_of(page_of("TODO a {id:: a}\n  DONE b\n  TODO ((a))"))
    assert (tree.progress, codes(tree)) == (count_leaves(done=1), [("W303", "Page", 1), ("W302", "Page", 3)])


def test_two_pages_that_name_each_other() -> None:
    one, two = page_of("TODO [[B]]\nDONE a", "A"), page_of("TODO [[A]]\nTODO b", "B")
    for page in (one, two):
        tree = tree_of(page, one, two)
        assert tree.progress == count_leaves(todo=1, done=1)
        assert codes(tree) == [("W302", "A", 1), ("W302", "B", 1)]


def test_a_page_in_a_circle_beside_an_expansion_that_is_none() -> None:
    tree = tree_of(page_of("TODO [[B]]\nTODO x"), page_of("TODO [[Page]]\nTODO [[C]]", "B"), page_of("DONE c", "C"))
    assert tree.progress == count_leaves(todo=1, done=1)
    assert [place for place in codes(tree) if place[0] == "W302"] == [("W302", "B", 1), ("W302", "Page", 1)]


def test_estimates_come_along() -> None:
    tree = tree_of(
        page_of("TODO [[B]] {estimate:: 8h}\nTODO [[C]] {estimate:: 8h}", experiment=True),
        page_of("DONE b1\nTODO b2", "B"),
        page_of("DONE c1 {estimate:: 1h}\nTODO c2 {estimate:: 2h}", "C"),
    )
    assert tree.progress == Progress(todo=2, done=2, mode="estimate", unit="hours", done_weight=5, total_weight=11)


def test_a_chain_of_thousands_of_pages() -> None:
    pages = [page_of(f"TODO [[P{number + 1}]]\nDONE a", f"P{number}") for number in range(3000)]
    tree = tree_of(*pages)
    assert tree.progress == count_leaves(todo=1, done=3000)
    assert max(node.depth for node in tree.nodes) == 2999


def test_a_diamond_of_two_to_the_thousand_ways() -> None:
    pages = [
        page
        for number in range(1000)
        for page in (
            page_of(f"TODO [[L{number}]]\nTODO [[R{number}]]", f"D{number}"),
            page_of(f"TODO [[D{number + 1}]]", f"L{number}"),
            page_of(f"TODO [[D{number + 1}]]", f"R{number}"),
        )
    ]
    tree = tree_of(*pages, page_of("DONE end", "D1000"))
    assert (tree.progress, len(tree.nodes)) == (count_leaves(done=1), 4001)
