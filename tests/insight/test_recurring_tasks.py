"""Repeated tasks in a work tree: they never end, and count on neither side (spec: domain §3.2)."""

from __future__ import annotations

from datetime import date

import pytest
from builders import Pages, is_experiment
from page_facts import facts_of

from graphkit.insight.experiments.health import work_ahead
from graphkit.insight.work.work_tree import WorkTree, build_work_tree

REPEATED = "\n  SCHEDULED: <2026-03-02 Mon .+1w>"


def tree_of(text: str, **others: str) -> WorkTree:
    page = facts_of(text, "Page")
    return build_work_tree(
        page, Pages([page, *(facts_of(other, title) for title, other in others.items())]), is_experiment=is_experiment
    )


@pytest.mark.parametrize(
    ("text", "cookie", "recurring", "codes"),
    [
        (f"- TODO report{REPEATED}\n- DONE a\n- TODO b\n", "[1/2]", 1, []),
        (f"- TODO report{REPEATED}\n", "–", 1, []),
        (f"- DOING report{REPEATED}\n- DONE a\n", "[1/1]", 1, []),
        (f"- CANCELED report{REPEATED}\n- DONE a\n", "[1/1]", 0, []),
        ("- TODO parent\n\t- DONE a\n\t- TODO report\n\t  DEADLINE: <2026-03-02 Mon ++1d>\n", "[1/1]", 1, ["W303"]),
        ("- TODO parent\n\t- TODO report\n\t  DEADLINE: <2026-03-02 Mon ++1d>\n", "–", 1, []),
    ],
)
def test_a_repeated_task_counts_on_neither_side(text: str, cookie: str, recurring: int, codes: list[str]) -> None:
    tree = tree_of(text)
    assert (tree.progress.text, tree.progress.recurring) == (cookie, recurring)
    assert [finding.code for finding in tree.diagnostics] == codes


def test_a_page_of_repeated_tasks_that_is_linked_is_not_ready_to_close() -> None:
    tree = tree_of("- TODO [[Other]]\n- DONE a\n", Other=f"- TODO report{REPEATED}\n")
    assert [finding.code for finding in tree.diagnostics] == []
    assert tree.progress.done == 1


def test_work_that_is_scheduled_ahead_and_its_weights() -> None:
    tree = tree_of(
        "- TODO a\n  SCHEDULED: <2026-03-09 Mon>\n  estimate:: 5h\n- WAITING b\n  estimate:: 2h\n"
        "- TODO c\n  SCHEDULED: <2026-03-02 Mon>\n  estimate:: 3h\n- DONE d\n  estimate:: 8h\n"
    )
    assert work_ahead(tree, date(2026, 3, 2)) == {
        "ahead_leaves": 1,
        "ahead_weight": 5,
        "resting_leaves": 2,
        "heaviest": 5,
    }
