"""Managed regions in pages of every shape: only their children and `sum=` change, and nobody's words are lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from views.page_shapes import LINES, MANAGED

from graphkit.outline.content import content
from graphkit.outline.scanner import scan_page
from graphkit.views.find_regions import find_regions, read_words, write_value
from graphkit.views.page_plan import plan_new_page, plan_page
from graphkit.views.rendered_outline import checksum, read_generated

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline
    from graphkit.views.find_regions import Region
    from graphkit.views.page_plan import PagePlan
    from graphkit.views.rendered_outline import GeneratedBlock

ONE = "- 2 open\n- [[A]] [1/2]\n\t- x\n\t  more"
TWO = "- 3 open\n- [[B]] [0/1]\n- [[A]] [2/2]\n\t- | a | b |\n\t  |--|--|\n\t  | 1 | 2 |"


def outline(text: str) -> tuple[GeneratedBlock, ...]:
    return read_generated(text, scan_page)


def planned(page: str, text: str = ONE, *, force: bool = False, indentation: str = "\t") -> PagePlan:
    blocks = outline(text)

    def render(_region: Region) -> tuple[GeneratedBlock, ...]:
        return blocks

    return plan_page("pages/p.md", page.encode(), render, scan_page, indentation=indentation, force=force)


def rolled(page: str, text: str = ONE, *, force: bool = False, indentation: str = "\t") -> str:
    plan = planned(page, text, force=force, indentation=indentation).plan
    return page if plan is None else plan.apply(page.encode()).decode()


def states(page: str, text: str = ONE) -> list[str]:
    return [region.state for region in planned(page, text).regions]


SUM = checksum(outline(ONE))


def test_a_managed_block_gets_its_children_and_its_sum() -> None:
    page = "- before\n- ## Status\n  graphkit:: status limit=20\n- after\n"
    assert rolled(page) == (
        f"- before\n- ## Status\n  graphkit:: status limit=20 sum={SUM}\n\t- 2 open\n\t- [[A]] [1/2]\n\t\t- x\n"
        "\t\t  more\n- after\n"
    )


def test_a_second_time_there_is_nothing_to_do() -> None:
    page = rolled("- a\n  graphkit:: status\n- after")
    assert planned(page).plan is None
    assert states(page) == ["current"]


def test_renewing_replaces_the_children_and_nothing_else() -> None:
    page = rolled("- a\n  graphkit:: status\n\n\n- after  \n")
    renewed = rolled(page, TWO)
    assert renewed == (
        f"- a\n  graphkit:: status sum={checksum(outline(TWO))}\n\t- 3 open\n\t- [[B]] [0/1]\n\t- [[A]] [2/2]\n"
        "\t\t- | a | b |\n\t\t  |--|--|\n\t\t  | 1 | 2 |\n\n\n- after  \n"
    )
    assert rolled(renewed, ONE) == page


def test_a_page_with_crlf_keeps_crlf_and_a_page_with_blanks_its_blanks() -> None:
    assert rolled("- a\r\n  - b\r\n    graphkit:: status\r\n- c\r\n", "- x\n\t- y") == (
        f"- a\r\n  - b\r\n    graphkit:: status sum={checksum(outline('- x' + chr(10) + chr(9) + '- y'))}\r\n"
        "    - x\r\n      - y\r\n- c\r\n"
    )


@pytest.mark.parametrize("indentation", ["\t", "  ", "    "])
def test_a_page_that_shows_no_habit_gets_the_vaults(indentation: str) -> None:
    assert rolled("- a\n  graphkit:: status", "- x", indentation=indentation).endswith(f"\n{indentation}- x")


def logseq_saves(page: str) -> str:
    """As Logseq would write it: four blanks a level, a fold and an id in each generated block."""
    identity = "01234567-0123-0123-0123-01234567890"
    lines = []
    for number, line in enumerate(page.split("\n")):
        spaced = line.replace("\t", "    ")
        lines.append(spaced)
        if line.startswith("\t") and "- " in line:
            before = spaced[: len(spaced) - len(spaced.lstrip())]
            lines += (f"{before}  id:: {identity}{number % 10}", f"{before}  collapsed:: true")
    return "\n".join(lines)


def test_indentation_folds_and_ids_are_no_edit_and_are_kept() -> None:
    page = logseq_saves(rolled("- top\n- a\n  graphkit:: status\n- after"))
    assert states(page) == ["current"]
    renewed = rolled(page, TWO)
    assert renewed.count("id:: ") == 2  # the first line and [[A]] are still there, the block below [[A]] is another
    assert re.search(
        r"- \[\[A\]\] \[2/2\]\n {6}id:: 01234567-0123-0123-0123-01234567890\d\n {6}collapsed:: true", renewed
    )
    assert states(renewed, TWO) == ["current"]


@pytest.mark.parametrize(
    "moved",
    [
        "- top\n\t- a\n\t  graphkit:: status sum=SUM\n\t\t- 2 open\n\t\t- [[A]] [1/2]\n\t\t\t- x\n\t\t\t  more",
        (
            "- a\n  id:: 01234567-0123-0123-0123-012345678901\n  graphkit:: status sum=SUM\n  collapsed:: true\n"
            "\t- 2 open\n\t- [[A]] [1/2]\n\t\t- x\n\t\t  more\n- top"
        ),
    ],
)
def test_a_managed_block_that_was_moved_or_folded_is_current(moved: str) -> None:
    assert states(moved.replace("SUM", SUM)) == ["current"]


EDITS = [
    ("- x\n", "- x!\n"),
    ("- x\n", "- x\n\t\t- mine\n"),
    ("\t- 2 open\n", ""),
    ("\t- 2 open\n", "\t- [[A]] [1/2]\n\t- 2 open\n"),
    ("\t\t- x\n\t\t  more", "\t- x\n\t  more"),
    ("- x\n", "- TODO x\n"),
    ("more", "more words"),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_a_persons_edit_is_left_alone_and_shown(old: str, new: str) -> None:
    page = rolled("- a\n  graphkit:: status\n- after")
    edited = page.replace(old, new, 1)
    assert edited != page
    for text in (ONE, TWO):
        found = planned(edited, text)
        assert found.plan is None
        assert [region.state for region in found.regions] == ["edited"]
        assert found.regions[0].diff.startswith("@@ ")
    assert rolled(edited, ONE, force=True) == page


def test_the_diff_of_an_edit_shows_what_stands_there_against_what_would() -> None:
    page = rolled("- a\n  graphkit:: status").replace("- x\n", "- x, says Ana\n")
    assert (
        planned(page).regions[0].diff
        == "@@ -1,4 +1,4 @@\n - 2 open\n - [[A]] [1/2]\n-\t- x, says Ana\n+\t- x\n \t  more\n"
    )


def test_words_below_a_block_that_was_never_rendered_are_somebodys() -> None:
    page = "- a\n  graphkit:: status\n\t- my own notes\n"
    assert states(page) == ["edited"]
    assert rolled(page) == page


def test_an_empty_block_below_is_nobodys_words() -> None:
    assert (
        rolled("- a\n  graphkit:: status\n\t-\n- b", "- x")
        == f"- a\n  graphkit:: status sum={checksum(outline('- x'))}\n\t- x\n- b"
    )


def test_an_edit_that_makes_it_what_it_should_be_is_taken_as_it_is() -> None:
    page = rolled("- a\n  graphkit:: status")
    assert rolled(page.replace(f" sum={SUM}", " sum=k00000000")) == page


def test_a_managed_page_owns_its_blocks_and_not_its_head() -> None:
    page = "icon:: 🧪\ngraphkit:: status\nalias:: overview\n\nWhat this is.\n"
    made = rolled(page, "- x\n\t- y")
    total = checksum(outline("- x\n\t- y"))
    assert made == f"icon:: 🧪\ngraphkit:: status sum={total}\nalias:: overview\n\nWhat this is.\n\n- x\n\t- y\n"
    assert planned(made, "- x\n\t- y").plan is None
    assert rolled(made, "- z") == made.replace("- x\n\t- y", "- z").replace(total, checksum(outline("- z")))


def test_a_new_managed_page_is_written_as_logseq_writes_it() -> None:
    plan = plan_new_page(
        "pages/p.md", "graphkit:: status", outline("- x\n\t- y"), indentation="  ", reason="status rollup"
    )
    text = plan.apply(b"").decode()
    assert text == f"graphkit:: status sum={checksum(outline('- x' + chr(10) + chr(9) + '- y'))}\n\n- x\n  - y"
    assert planned(text, "- x\n\t- y").plan is None


def test_a_managed_block_in_generated_content_is_none() -> None:
    page = "graphkit:: status\n\n- a\n  graphkit:: tasks\n\t- b"
    assert [(region.view, region.whole_page) for region in find_regions(scan_page(page))] == [("status", True)]
    nested = "- a\n  graphkit:: status\n\t- b\n\t  graphkit:: tasks\n- c\n  graphkit:: weekly"
    assert [region.view for region in find_regions(scan_page(nested))] == ["status", "weekly"]


def test_a_rollup_that_would_close_an_open_fence_is_not_done() -> None:
    page = "- a\n  ```\n- b\n  graphkit:: status\n- c\n- d"
    fence = "- x\n  ```\n  code\n  ```"
    found = planned(page, fence)
    assert found.broken
    assert found.plan is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("status", ("status", {}, (), None)),
        ('Status goal="Improve customer retention" limit=20 sum=k3f2a9c41',
         ("status", {"goal": "Improve customer retention", "limit": "20"}, (), "k3f2a9c41")),
        ("goal goal=[[A b]]", ("goal", {"goal": "A b"}, (), None)),
        ('status goal="a \\"b\\" \\\\c"', ("status", {"goal": 'a "b" \\c'}, (), None)),
        ("status nonsense goal=a goal=b", ("status", {"goal": "a"}, ("nonsense", "goal=b"), None)),
        ('status goal="open', ("status", {}, ('goal="open',), None)),
        ("", ("", {}, (), None)),
    ],
)  # fmt: skip
def test_the_words_of_a_property(value: str, expected: tuple[str, dict[str, str], tuple[str, ...], str | None]) -> None:
    assert read_words(value)[:4] == expected


@given(st.text(alphabet='ab "\\[]=', max_size=12))
def test_a_written_value_reads_back(value: str) -> None:
    assume(value.strip())
    assert read_words(f"status goal={write_value(value)}")[1] == {"goal": value}


line_lists = st.lists(st.sampled_from(LINES), max_size=7).map("\n".join)
ends = st.sampled_from(["\n", "\r\n"])


@given(
    before=line_lists,
    managed=st.sampled_from(MANAGED),
    after=line_lists,
    eol=ends,
    final=st.sampled_from(["", "\n", "\n\n"]),
)
def test_whatever_the_page_around_only_the_children_and_the_sum_change(
    before: str, managed: str, after: str, eol: str, final: str
) -> None:
    page = ("\n".join(part for part in (before, managed, after) if part) + final).replace("\n", eol)
    for text in (ONE, TWO):
        old = scan_page(page)
        found = planned(page, text, force=True)
        if found.plan is None:
            assert found.broken or not find_regions(old) or found.regions
            return
        new_page = found.plan.apply(page.encode()).decode()
        new = scan_page(new_page)
        places = _allowed(page, old)
        for splice in found.plan.splices:
            assert any(start <= splice.start and splice.end <= end for start, end in places)
        assert _contents_outside(old) == _contents_outside(new)
        again = planned(new_page, text)
        assert again.plan is None
        assert all(region.state == "current" for region in again.regions)
        if eol == "\r\n" and "\r\n" in page:
            assert not re.search(r"(?<!\r)\n", new_page)
        page = new_page


def _allowed(page: str, tree: Outline) -> list[tuple[int, int]]:
    """Where a rollup may change the text: the sum or its place, the children or theirs."""
    places: list[tuple[int, int]] = []
    for region in find_regions(tree):
        places.append(region.sum_span or (region.value_end, region.value_end))
        if region.first < region.stop:
            places.append((tree.blocks[region.first].start, tree.blocks[region.stop - 1].end))
        else:
            block = tree.blocks[region.block]
            end = block.start + len(page[block.start : block.end].rstrip(" \t\r\n"))
            places.append((end, block.end))
    return places


def _contents_outside(tree: Outline) -> list[tuple[int, str]]:
    inside = {index for region in find_regions(tree) for index in range(region.first, region.stop)}
    return [
        (block.level, re.sub(r" ?sum=\w+", "", content(tree, block.index)).rstrip())
        for block in tree.blocks
        if block.index not in inside
    ]
