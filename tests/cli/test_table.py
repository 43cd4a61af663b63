from __future__ import annotations

from graphkit.cli.terminal.canvas import Line, Surface, line_text, said
from graphkit.cli.terminal.table import Column, table


def drawn(columns: list[Column], rows: list[list[str]], width: int, *, header: bool = False) -> list[str]:
    cells: list[list[Line]] = [[said(text) for text in row] for row in rows]
    return [line_text(line) for line in table(columns, cells, Surface(width=width), indent=1, header=header)]


def test_columns_take_the_room_of_their_widest_cell() -> None:
    columns = [Column(header="name"), Column(header="n", align="right"), Column(header="to")]
    assert drawn(columns, [["a", "1", "x"], ["日本", "100", ""], ["", "", "y"]], 40, header=True) == [
        " name    n  to",
        " a       1  x",
        " 日本  100",
        "            y",
    ]


def test_the_widest_column_that_may_shrinks_first() -> None:
    columns = [Column(least=5), Column(), Column(least=4)]
    assert drawn(columns, [["a long first cell", "fixed", "another"]], 26) == [" a long f…  fixed  another"]


def test_a_column_without_content_is_left_out() -> None:
    assert drawn([Column(header="a"), Column(header="b"), Column(header="c")], [["1", "", "3"]], 40, header=True) == [
        " a  c",
        " 1  3",
    ]


def test_no_line_is_wider_than_the_screen_even_where_no_column_may_shrink() -> None:
    assert drawn([Column(), Column()], [["aaaaaaaaaa", "bbbbbbbbbb"]], 15) == [" aaaaaaaaaa  b…"]


def test_no_line_ends_in_blanks() -> None:
    rows = [["a", "", ""], ["bbb", "c", "d"]]
    assert all(line == line.rstrip() for line in drawn([Column(), Column(align="right"), Column()], rows, 40))
