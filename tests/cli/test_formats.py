"""The formats of reading commands: the same rows as tsv, csv, jsonl, Markdown and on a screen, with chosen fields."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest

from graphkit.cli.terminal.canvas import Surface, line_text
from graphkit.cli.terminal.formats import Rows, UnknownFieldError, cell_text, drawn, formatted, select

DAY = dt.date(2026, 3, 2)
ROWS = Rows(
    ("title", "due", "done", "share", "stale", "owners", "result"),
    [
        ("A | b\tc\nd", DAY, 3, 0.1, True, ("Ana", "Bo"), None),
        ("=HYPERLINK(1)", None, -2, -1.5, False, (), "won"),
        ('say "hi", 日本', DAY, 0, 2.0, None, ("@x",), "\u202eevil"),
    ],
)


def test_tsv_keeps_every_cell_to_its_line_and_column() -> None:
    assert list(formatted(ROWS, "tsv")) == [
        "title\tdue\tdone\tshare\tstale\towners\tresult",
        "A | b c d\t2026-03-02\t3\t0.1\tyes\tAna; Bo\t",
        "=HYPERLINK(1)\t\t-2\t-1.5\tno\t\twon",
        'say "hi", 日本\t2026-03-02\t0\t2\t\t@x\t\\u202eevil',
    ]


def test_csv_is_read_back_by_a_reader_and_runs_nothing_in_a_spreadsheet() -> None:
    read = list(csv.reader(io.StringIO("\r\n".join(formatted(ROWS, "csv")), newline="")))
    assert read[1] == ["A | b\tc\nd", "2026-03-02", "3", "0.1", "yes", "Ana; Bo", ""]
    assert read[2] == ["'=HYPERLINK(1)", "", "-2", "-1.5", "no", "", "won"]
    assert read[3][5] == "'@x"
    raw = list(csv.reader(io.StringIO("\r\n".join(formatted(ROWS, "csv", raw=True)), newline="")))
    assert raw[2][0] == "=HYPERLINK(1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_marked_as_text(start: str) -> None:
    line = list(formatted(Rows(("a",), [(f"{start}1",)]), "csv"))[1]
    assert next(csv.reader(io.StringIO(line, newline=""))) == [f"'{start}1"]


def test_jsonl_keeps_the_types() -> None:
    first, second, third = map(json.loads, formatted(ROWS, "jsonl"))
    assert first == {
        "title": "A | b\tc\nd", "due": "2026-03-02", "done": 3, "share": 0.1, "stale": True, "owners": ["Ana", "Bo"],
        "result": None,
    }  # fmt: skip
    assert (second["done"], second["stale"], second["owners"]) == (-2, False, [])
    assert third["result"] == "\u202eevil"
    assert "".join(formatted(ROWS, "jsonl", ascii_only=True)).isascii()
    assert json.loads(next(iter(formatted(Rows(("a",), [("caf\udce9",)]), "jsonl"))))["a"] == "caf\udce9"


def test_markdown_is_one_table() -> None:
    assert list(formatted(ROWS, "markdown"))[:3] == [
        "| title | due | done | share | stale | owners | result |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| A \\| b c d | 2026-03-02 | 3 | 0.1 | yes | Ana; Bo |  |",
    ]


def test_fields_are_chosen_in_the_order_given() -> None:
    chosen = list(formatted(select(ROWS, ("done", "title")), "tsv"))
    assert chosen[:2] == ["done\ttitle", "3\tA | b c d"]
    with pytest.raises(UnknownFieldError, match=r"no field 'ttile' here\. The fields are title, due"):
        select(ROWS, ("ttile",))


def test_a_table_on_a_screen_fits_it() -> None:
    text = "\n".join(map(line_text, drawn(ROWS, Surface(width=60))))
    assert text.splitlines()[0].split() == ["title", "due", "done", "share", "stale", "owners", "result"]
    assert all(len(line) <= 60 for line in text.splitlines())


def test_numbers_are_written_in_full_without_noise() -> None:
    numbers = (0.1 + 0.2, 1e16, 3.0, 1 / 3, 12)
    assert list(map(cell_text, numbers)) == ["0.3", "1e+16", "3", "0.333333333333333", "12"]
