"""The content of a block as Logseq stores it (spec: logseq-format §3.3, §11.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from outline.strategies import pages

from graphkit.outline.content import content
from graphkit.outline.scanner import scan_page


def contents(text: str) -> list[str]:
    outline = scan_page(text)
    return [content(outline, index) for index in range(len(outline.blocks))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-  x", [" x"]),
        ("-\n", [""]),
        ("-\n  x", ["  x"]),
        ("- \n  x", ["\nx"]),
        ("- a\n    deep\n flush\nzero\n\n  end\n\n- b", ["a\n  deep\nflush\nzero\n\nend", "b"]),
        ("- a\r\n  b\r\n- c", ["a\nb", "c"]),
        ("note\n\n- a", ["note\n\n", "a"]),
        ("\ufeffnote\n", ["note\n"]),
        ("\t# h\n\t\ttext", ["# h\ntext"]),
        ("- x\n  :PROPERTIES:\n  :a_b:  v \n  :custom_id: 1\n  :last-modified-at: 2\n  :END:\n  t",
         ["x\na-b:: v\nid:: 1\nupdated-at:: 2\nt"]),
        ("- x\n  :END:\n  :PROPERTIES:", ["x\n:END:\n:PROPERTIES:"]),
    ],
)  # fmt: skip
def test_content(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


@given(pages)
def test_content_lines_come_from_the_page(text: str) -> None:
    for stored in contents(text):
        if ":PROPERTIES:" not in text:
            assert all(line in text for line in stored.split("\n"))
