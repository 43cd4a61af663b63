"""What graphkit wrote itself is found at once, and is none of a page's input."""

from __future__ import annotations

import pytest
from growth import assert_linear
from page_facts import facts_of

from graphkit.facts.generated_blocks import generated_content
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page


def generated(text: str) -> list[int]:
    outline = scan_page(text)
    content = generated_content(outline, read_header(outline))
    return [block.index for block in outline.blocks if block.index in content]


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("- a\n- b\n", []),
        ("- a\n- b\n  graphkit:: status\n\t- c\n\t\t- d\n- e\n", [2, 3]),
        ("- a\n  GraphKit:: status\n\t- b\n\t  graphkit:: tasks\n\t\t- c\n- d\n  graphkit:: goal\n\t- e\n", [1, 2, 4]),
        ("- a\n  GraphKit:: status\n\t- b\n- c\n", [1]),
        ("- a\n  graphkit:: status\n- b\n", []),
        ("graphkit:: status\n\n- a\n\t- b\n", [0, 1, 2]),
    ],
    ids=["none", "below a block", "the outermost counts", "in any case", "nothing there yet", "a whole page"],
)
def test_which_blocks_are_generated(text: str, indices: list[int]) -> None:
    assert generated(text) == indices


@pytest.mark.parametrize(
    ("text", "managed"),
    [("- a\n", False), ("- a\n  graphkit:: status\n", True), ("graphkit:: status\n\n- a\n", True)],
)
def test_a_page_is_managed_before_anything_is_rendered(text: str, managed: bool) -> None:
    assert facts_of(text).managed is managed


def test_a_block_full_of_the_word_is_read_once() -> None:
    def read(text: str) -> None:
        assert generated(text) == []

    assert_linear(lambda size: "- " + "graphkit: " * size, read, 50_000)
