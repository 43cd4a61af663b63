"""Blocks and nesting of a page (spec: logseq-format §3.1, §3.2, §3.4)."""

from __future__ import annotations

import pytest
from growth import assert_linear
from hypothesis import given
from outline.strategies import levels, pages

from graphkit.outline.invariants import check_outline
from graphkit.outline.scanner import scan_page
from graphkit.text.span import Span


def tree(text: str) -> list[tuple[str, int, str]]:
    outline = scan_page(text)
    check_outline(outline)
    return [
        (block.kind, block.level, text[block.text_start : block.end].rstrip("\n").split("\n")[0])
        for block in outline.blocks
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", [("pre", 1, "")]),
        ("note\n- a\n", [("pre", 1, "note"), ("bullet", 1, "a")]),
        ("- a\n\t- b\n\t\t- c\n- d", [("bullet", 1, "a"), ("bullet", 2, "b"), ("bullet", 3, "c"), ("bullet", 1, "d")]),
        ("- a\n   - b\n  - c\n - d", [("bullet", 1, "a"), ("bullet", 2, "b"), ("bullet", 2, "c"), ("bullet", 2, "d")]),
        ("- a\n\t- b\n  - c", [("bullet", 1, "a"), ("bullet", 2, "b"), ("bullet", 3, "c")]),
        ("- a\n\t- b\n  ## c", [("bullet", 1, "a"), ("bullet", 2, "b"), ("heading", 1, "## c")]),
        ("* a\n* b", [("pre", 1, "* a")]),
        ("-foo\n-- x\n-", [("pre", 1, "-foo"), ("bullet", 1, "")]),
        ("-# x", [("bullet", 1, "# x")]),
        ("- - x", [("bullet", 1, "- x")]),
        ("a\r- b\r\n- c", [("pre", 1, "a\r"), ("bullet", 1, "b\r"), ("bullet", 1, "c")]),
        ("\ufeff- a\n- b", [("pre", 1, "\ufeff- a"), ("bullet", 1, "b")]),
        ("---\na: b\n---\n- c", [("pre", 1, "---"), ("bullet", 1, "c")]),
    ],
)
def test_blocks_of_a_page(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    "inside",
    [
        "```\n- x\n# y\n```",
        "```\n- x\n~~~",
        "~~~ js\n- x\n````",
        "$$\n- x\n$$",
        "#+BEGIN_FOO\n- x\n  #+end_foo",
        ":LOGBOOK:\n- x\n:END:",
        "<div>\n- x\n</div>",
        "<div>\n<div>\n- x\n</div>\n- y\n</div>",
        "<!-- a\n- x\n-->",
        "\\begin{a}\n- x\n\\end{a}",
    ],
)
def test_constructs_that_swallow_bullets(inside: str) -> None:
    for text in (f"- a\n{inside}\n- z", f"- {inside}\n- z", f"{inside}\n- z"):
        outline = scan_page(text)
        check_outline(outline)
        assert [block.level for block in outline.blocks] == [1, 1]
        (span,) = outline.hidden
        assert text[span.start : span.end].strip() == inside


@pytest.mark.parametrize(
    "before",
    [
        "- ```",
        "- ~~~",
        "- $$",
        "- #+BEGIN_X",
        "- :LOGBOOK:",
        "- <div>",
        "- <foo>\n</foo>",
        "- <!--",
        "- a ```\n  b",
        "- > ```",
        "* a\n  ```",
    ],
)
def test_what_does_not_swallow(before: str) -> None:
    outline = scan_page(f"{before}\n- x\n")
    check_outline(outline)
    assert len(outline.blocks) == 2
    assert outline.hidden == ()


def test_a_fence_left_open_closes_at_the_next_fence_line() -> None:
    text = "- a\n  ```\n- b\n- c\n  ```\n- d"
    outline = scan_page(text)
    assert [text[block.start : block.start + 3] for block in outline.blocks] == ["- a", "- d"]
    assert outline.hidden == (Span(4, 24),)


def test_one_hash_ends_a_quote_and_two_do_not() -> None:
    assert tree("> q\n  ## h\n- a") == [("pre", 1, "> q"), ("bullet", 1, "a")]
    assert tree("> q\n  # h\n- a") == [("pre", 1, "> q"), ("heading", 1, "# h"), ("bullet", 1, "a")]


@given(pages)
def test_any_text_is_tiled_by_its_blocks(text: str) -> None:
    outline = scan_page(text)
    check_outline(outline)
    assert "".join(text[block.start : block.end] for block in outline.blocks) == text


@given(levels)
def test_nesting_follows_the_stack_rule(indents: list[int]) -> None:
    outline = scan_page("\n".join(" " * indent + "- x" for indent in indents))
    check_outline(outline)
    stack: list[tuple[int, int]] = []
    expected = []
    for index, indent in enumerate(indents):
        raw = indent + 1
        place = next((at for at, entry in enumerate(stack) if entry[0] >= raw), len(stack))
        kept = stack[place][0] if place < len(stack) else raw
        expected.append(stack[place - 1][1] if place else -1)
        stack[place:] = [(kept, index)]
    assert [block.parent for block in outline.blocks] == expected


def test_a_thousand_levels() -> None:
    outline = scan_page("\n".join("\t" * depth + "- x" for depth in range(1000)))
    check_outline(outline)
    assert outline.blocks[-1].level == 1000
    assert outline.blocks[998].stop == 1000
    assert list(outline.children(-1)) == [0]


@pytest.mark.parametrize(
    "piece", ["[[", "#", "`", "- ", "> ", "$$", "$$\n", "<b>\n", ":a:\n", "[:a \n", "#+BEGIN_x\n", "| a\n"], ids=repr
)
def test_scanning_stays_linear_on_hostile_pages(piece: str) -> None:
    def scan(text: str) -> None:
        assert scan_page(text).blocks[-1].end == len(text)

    assert_linear(lambda size: "- a\n" + piece * (size // len(piece)), scan, 1_000_000)


def test_a_line_of_ten_million_characters() -> None:
    text = "- " + "a" * 10_000_000
    assert_linear(lambda size: text[:size], scan_page, len(text))
    outline = scan_page(text)
    assert [(block.start, block.text_start, block.end) for block in outline.blocks] == [(0, 2, len(text))]
