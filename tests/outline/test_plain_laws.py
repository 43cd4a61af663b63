"""What holds for any text at all: blocks tile the page, reading never fails, time grows with the length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from growth import assert_linear, repeated
from hypothesis import given
from hypothesis import strategies as st

from graphkit.outline.body import read_body
from graphkit.outline.header import read_header
from graphkit.outline.markdown_dialect.list_items import scan_plain_page

PIECES = [
    "- ", "* ", "+ ", "1. ", "2) ", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "# ", "### ", "```", "~~~", "````",
    "$$", "<!--", "-->", "%%", ">", "> ", "a", "b c", "key:: v", "[k:: v]", "[ ] ", "[x] ", "[>] ", "TODO ", "---",
    "---\n", "===", "- - -", "[[p|l]]", "#t", " ^id", "\ufeff", "\0", ":LOGBOOK:", ":END:", "📅 2026-01-01", "⏫",
    "* k:: v", "* k::", "a: b\n", "a: [", "|x|", "`", "[t](u.md)", "((", "\udc80", "\x0b", "\u2028",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60)


@given(TEXTS, st.booleans(), st.booleans())
def test_blocks_tile_the_page_and_reading_is_total(text: str, front: bool, mirror: bool) -> None:
    text = f"---\n{text}" if front else text
    outline = scan_plain_page(text, mirror=mirror)
    blocks = outline.blocks
    assert "".join(text[block.start : block.end] for block in blocks) == text
    for index, block in enumerate(blocks):
        assert block.index == index
        assert block.start <= block.text_start <= block.end
        assert block.level == (1 if block.parent < 0 else blocks[block.parent].level + 1)
        assert block.parent < index < block.stop <= (len(blocks) if block.parent < 0 else blocks[block.parent].stop)
        body = read_body(outline, index)
        at = block.start
        for span in body.prose:
            assert at <= span.start < span.end <= block.end
            at = span.end
    assert all(before.end <= after.start for before, after in zip(outline.hidden, outline.hidden[1:], strict=False))
    read_header(outline)
    assert outline.reader is not None
    assert all(blocks[index].text_start <= at for index, _, at in outline.reader.task_marks(outline))
    assert all(finding.line >= 1 and finding.column >= 1 for finding in outline.reader.findings(outline))


def test_a_thousand_levels() -> None:
    depth = 1000
    page = "".join(f"{'  ' * level}- [ ] t{level}\n" for level in range(depth))
    outline = scan_plain_page(page)
    assert [block.level for block in outline.blocks] == list(range(1, depth + 1))


if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = [
    "[[", "*a ", "((", "#", "`", "[k:: ", "[a](", "[[a|", "📅 ", "🆔 a,", "\t", "- ", "_ ", "1. ", "^", "](", "a::",
    " ^a", "[k:: [[", "\n", "\r", "> ", "- a\n", "a\n=\n", "k:: v\n", "$$\n", "<!--", "```\n", "~~~\n- ```\n",
    "> ```\n", ">\n", "- a\n  ```\n  x\n", "* k::\n",
]  # fmt: skip


def _read(text: str) -> None:
    outline = scan_plain_page(text, mirror=True)
    for block in outline.blocks:
        body = read_body(outline, block.index)
        assert outline.reader is not None
        for span in body.prose:
            outline.reader.inline(text[span.start : span.end])
    read_header(outline)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear(piece: str) -> None:
    assert_linear(repeated(piece), _read, 60_000)


def _backquotes(separator: str) -> Callable[[int], str]:
    """A text of about so many characters with runs of backquotes, each longer than the one before."""
    return lambda size: "".join("`" * length + separator for length in range(3, int((2 * size) ** 0.5)))


@pytest.mark.parametrize(
    "make",
    [
        _backquotes(" "),
        _backquotes("\n"),
        lambda size: "---\n" + "[" * size + "\n---\n",
        lambda size: "---\n" + "- " * (size // 2) + "\n---\n",
        lambda size: "---\n" + "b: *a\n" * (size // 6) + "---\n",
        lambda size: "---\n" + "b: x\n" * (size // 5) + "---\n",
        lambda size: "---\na: &a [x, x]\n" + "b: [*a, *a]\n" * (size // 12) + "---\n",
    ],
)
def test_hostile_runs_and_headers_take_linear_time(make: Callable[[int], str]) -> None:
    assert_linear(make, _read, 200_000)
