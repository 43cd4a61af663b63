from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from growth import assert_linear
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from graphkit.outline.scanner import scan_page
from graphkit.outline.tables import Table, read_tables, table_blocks

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline


def tables(page: str) -> list[Table]:
    outline = scan_page(page)
    found = [table for index in table_blocks(outline) for table in read_tables(outline, index)]
    for table in found:
        for row in (table.header, *table.rows):
            for cell in row.cells:
                assert page[cell.span.start : cell.span.end].replace("\\|", "|") == cell.text
    return found


def texts(page: str) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in (table.header, *table.rows)] for table in tables(page)]


PLAIN = [[["a", "b"], ["1", "2"]]]


@pytest.mark.parametrize(
    "page",
    [
        "| a | b |\n|--|--|\n| 1 | 2 |\n",
        "- | a | b |\n  |--|--|\n  | 1 | 2 |\n",
        "- parent\n\t- | a | b |\n\t  |:-|-:|\n\t  | 1 | 2 |",
        "## Heading\n| a | b |\n|---|---|\n| 1 | 2 |\ntext\n- block\n",
        "- ### Heading\n\t- words before\n\t  | a | b |\n\t  |--|--|\n\t  | 1 | 2 |\n",
        "key:: value\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- block\n",
        "- | a | b |\r\n  |--|--|\r\n  | 1 | 2 |\r\n- next\r\n",
        "a | b\n-- | --\n1 | 2\n",
        "-\n\t| a | b |\n\t|--|--|\n\t| 1 | 2 |\n",
        "\ufeff| a | b |\n|--|--|\n| 1 | 2 |",
    ],
)
def test_a_table_is_read_wherever_it_stands(page: str) -> None:
    assert texts(page) == PLAIN


def test_cells_keep_links_and_emphasis_and_other_scripts() -> None:
    page = "- | **名前** | [[قيمة]] |\n  |--|--|\n  | *x* and [[a/b]] | שלום 🚀 |\n"
    assert texts(page) == [[["**名前**", "[[قيمة]]"], ["*x* and [[a/b]]", "שלום 🚀"]]]


def test_an_escaped_pipe_belongs_to_its_cell() -> None:
    assert texts("| a \\| b | c |\n|--|--|\n| 1 | [[x\\|y]] |\n") == [[["a | b", "c"], ["1", "[[x|y]]"]]]


def test_ragged_rows_are_filled_and_their_surplus_is_counted() -> None:
    (table,) = tables("| a | b |\n|--|--|\n| 1 |\n| 1 | 2 | 3 | 4 |\n| 1 | 2 |\n")
    assert [([cell.text for cell in row.cells], row.surplus) for row in table.rows] == [
        (["1", ""], 0),
        (["1", "2"], 2),
        (["1", "2"], 0),
    ]


def test_a_table_ends_before_a_line_without_a_pipe() -> None:
    assert texts("| a \\| x | b |\n|--|--|\n| 1 | 2 |\nwords\n| 3 | 4 |\n") == [[["a | x", "b"], ["1", "2"]]]


@pytest.mark.parametrize(
    "page",
    [
        "- ```\n  | a | b |\n  |--|--|\n  | 1 | 2 |\n  ```\n",
        "| a | b |\n",
        "| a | b |\n|--|\n| 1 | 2 |\n",
        "|--|--|\n",
        "- --|--\n",
        "",
    ],
)
def test_what_is_no_table(page: str) -> None:
    assert texts(page) == []


def test_two_tables_in_one_block() -> None:
    page = "- | a |\n  |--|\n  | 1 |\n\n  words\n\n  | b |\n  |--|\n  | 2 |\n"
    assert texts(page) == [[["a"], ["1"]], [["b"], ["2"]]]


CELLS = st.text(st.sampled_from("ab1 -:*[]漢\t"), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_a_table_that_is_split_here_has_the_cells_that_the_library_finds(rows: list[list[str]]) -> None:
    columns = len(rows[0])
    lines = ["|" + "|".join(row) + "|" for row in rows]
    lines.insert(1, "|" + "--|" * columns)
    expected: list[list[str]] = []
    # Indented code is off, as in the product: a block's lines have no margin of their own.
    for token in MarkdownIt("zero").enable(["table", "fence", "heading"]).parse("\n".join(lines)):
        if token.type == "tr_open":
            expected.append([])
        elif token.type == "inline" and token.level >= 3:
            expected[-1].append(token.content.strip())
    found = texts("\n".join(lines) + "\n")
    assert found == ([expected] if expected else [])


def test_regular_tables_need_no_library() -> None:
    script = (
        "import sys\n"
        "from graphkit.outline.scanner import scan_page\n"
        "from graphkit.outline.tables import read_tables\n"
        "outline = scan_page('| a | b |\\n|--|--|\\n| 1 | 2 |\\n')\n"
        "assert len(read_tables(outline, 0)[0].rows) == 1\n"
        "assert 'markdown_it' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(("piece", "ending"), [("|-", ""), ("| a |\n", ""), ("|--|\n", ""), ("\\|", "\n|-|")])
def test_hostile_pages_take_linear_time(piece: str, ending: str) -> None:
    def read(outline: Outline) -> None:
        for index in table_blocks(outline):
            read_tables(outline, index)

    assert_linear(lambda size: scan_page(piece * (size // len(piece)) + ending), read, 800_000)
