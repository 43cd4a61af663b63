"""Rendered text as an outline: what it may hold, its normal form, its checksum, the identities it keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.outline.scanner import scan_page
from graphkit.views.rendered_outline import (
    GeneratedBlock,
    ReadBackError,
    checksum,
    keep_identities,
    normal_form,
    read_generated,
    read_present,
    subject_of,
    write_outline,
)


def blocks(text: str) -> tuple[GeneratedBlock, ...]:
    return read_generated(text, scan_page)


def test_tabs_and_continuation_lines_make_the_outline() -> None:
    assert normal_form(blocks("- a\n\n\t- b\n\t  more\n\n- | x |\n  |--|\n  | 1 |")) == (
        (1, ("a",)),
        (2, ("b", "more")),
        (1, ("| x |", "|--|", "| 1 |")),
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("hello", 1, "a line must be a block"),
        ("- a\n\t\t- b", 2, "more than one tab deeper"),
        ("- a\n    - b", 1, "does not read back"),
        ("- a\n\t  b", 2, "a line must be a block"),
        ("- TODO a", 1, "marker TODO"),
        ("- ### DONE a", 1, "marker DONE"),
        ("- a\n  SCHEDULED: <2026-01-01 Thu>", 1, "SCHEDULED"),
        ("- a\n  id:: 01234567-0123-0123-0123-012345678901", 1, "sets id::"),
        ("- a\n  graphkit:: status", 1, "sets graphkit::"),
        ("- #+title: x", 1, "#+key"),
        ("- a\n  ```\n- b\n  ```", 1, "does not read back"),
        ("- a\n  - b", 1, "does not read back"),
        ("- a\x0cb", 1, "control character"),
    ],
)
def test_what_a_page_would_read_otherwise_is_an_error(text: str, line: int, reason: str) -> None:
    with pytest.raises(ReadBackError, match=reason.replace("+", r"\+")) as caught:
        blocks(text)
    assert caught.value.line == line


def test_an_open_fence_in_one_block_swallows_no_other() -> None:
    with pytest.raises(ReadBackError):
        blocks("- a\n  ```\n- b\n- c\n  ```\n- d")


def test_the_checksum_begins_with_a_letter_and_sees_words_order_and_level() -> None:
    outlines = ["- a\n- b", "- b\n- a", "- a\n\t- b", "- a b", "- a\n  b", "- a"]
    sums = [checksum(blocks(text)) for text in outlines]
    assert len(set(sums)) == len(sums)
    assert all(total[0] == "k" and len(total) == 9 for total in sums)
    assert checksum(blocks("- a\n- b")) == "kca1995ae"


def test_indentation_folds_and_ids_are_no_change() -> None:
    logseq = (
        "- top\n    - a\n      collapsed:: true\n      id:: 01234567-0123-0123-0123-012345678901\n"
        "        - b  \n          more\n"
    )
    outline = scan_page(logseq)
    present = read_present(outline, range(1, 3), 1)
    assert normal_form(present) == normal_form(blocks("- a\n\t- b\n\t  more"))
    assert present[0].kept == ("collapsed:: true", "id:: 01234567-0123-0123-0123-012345678901")


def test_identities_follow_their_subject_through_new_numbers_and_a_new_order() -> None:
    one, two = "id:: 01234567-0123-0123-0123-012345678901", "id:: 01234567-0123-0123-0123-012345678902"
    present = (
        GeneratedBlock(level=1, lines=("2 experiments: 1 running",), kept=("collapsed:: true",)),
        GeneratedBlock(level=1, lines=("[[A]] [1/2] · running",), kept=(one,)),
        GeneratedBlock(level=1, lines=("[[B]] [1/3] · draft",), kept=(two,)),
        GeneratedBlock(level=2, lines=("[[A]] again",), kept=("collapsed:: true",)),
    )
    kept = keep_identities(
        blocks("- 3 experiments: 3 running\n- [[B]] [3/3] · done\n- [[C]]\n- [[A]] [2/2]\n\t- [[A]] more"), present
    )
    assert [block.kept for block in kept] == [("collapsed:: true",), (two,), (), (one,), ()]


def test_kept_properties_stand_below_the_title_and_above_a_table() -> None:
    written = write_outline(
        (
            GeneratedBlock(level=1, lines=("a", "more"), kept=("collapsed:: true",)),
            GeneratedBlock(level=2, lines=("| x |", "|--|"), kept=("id:: 1",)),
        ),
        indent="\t",
        unit="\t",
        eol="\r\n",
    )
    assert written == ("\t- a\r\n\t  collapsed:: true\r\n\t  more\r\n\t\t- id:: 1\r\n\t\t  | x |\r\n\t\t  |--|")


def test_the_subject_of_a_block_is_its_first_link_else_its_words() -> None:
    subjects = [
        subject_of(GeneratedBlock(level=1, lines=(line,)))
        for line in ("[[A]] [5/12] ▰▰▱", "12 open tasks, 3 overdue", "13 open tasks, 1 overdue", "Done: 5", "Done: 6")
    ]
    assert subjects == ["page:a", "text:open tasks, overdue", "text:open tasks, overdue", "text:done", "text:done"]


words = st.text("abc [5/12]·é😀", max_size=8).map(str.strip)
trees = st.lists(st.tuples(st.integers(1, 4), st.lists(words, min_size=1, max_size=2)), max_size=8)


@given(trees, st.sampled_from(["\t", "  ", "    "]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_reads_back_under_the_normal_form(
    tree: list[tuple[int, list[str]]], unit: str, eol: str
) -> None:
    level = 0
    made: list[GeneratedBlock] = []
    for wanted, lines in tree:
        level = min(wanted, level + 1)
        made.append(GeneratedBlock(level=level, lines=tuple(lines)))
    page = f"- top{eol}" + write_outline(made, indent=unit, unit=unit, eol=eol)
    outline = scan_page(page)
    assert normal_form(read_present(outline, range(1, len(outline.blocks)), 1)) == normal_form(made)
