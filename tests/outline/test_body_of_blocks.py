"""What one block says: marker, priority, dates, properties, prose (spec: logseq-format §4, §5, §6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outline.strategies import pages

from graphkit.outline.body import read_body
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Body


def body(text: str, index: int = 0) -> Body:
    return read_body(scan_page(text), index)


def prose(text: str, index: int = 0) -> list[str]:
    return [text[span.start : span.end] for span in body(text, index).prose]


@pytest.mark.parametrize(
    ("text", "heading", "marker", "priority", "title"),
    [
        ("- TODO x", None, "TODO", None, "x"),
        ("-  TODO  x ", None, "TODO", None, "x"),
        ("- ## DONE [#A] x", 2, "DONE", "A", "x"),
        ("## LATER x", 2, "LATER", None, "x"),
        ("- [#b] TODO x", None, None, "b", "TODO x"),
        ("- TODO", None, "TODO", None, ""),
        ("- TODO\n- b", None, None, None, "TODO"),
        ("- TODO: x", None, None, None, "TODO: x"),
        ("- TODO\tx", None, None, None, "TODO\tx"),
        ("- todo x", None, None, None, "todo x"),
        ("- TODO DONE x", None, "TODO", None, "DONE x"),
        ("- TODO x [#A]", None, "TODO", None, "x [#A]"),
        ("- [#é] x", None, None, None, "[#é] x"),
        ("- CANCELLED x", None, "CANCELLED", None, "x"),
        ("- #tag", None, None, None, "#tag"),
        ("- k:: v", None, None, None, ""),
        ("- TODO ```\n  x\n  ```", None, "TODO", None, ""),
    ],
)
def test_first_line(text: str, heading: int | None, marker: str | None, priority: str | None, title: str) -> None:
    read = body(text)
    assert (read.heading, read.marker, read.priority) == (heading, marker, priority)
    assert text[read.title.start : read.title.end] == title
    if read.marker_span:
        assert text[read.marker_span.start : read.marker_span.end] == marker


@pytest.mark.parametrize(
    ("lines", "scheduled", "deadline"),
    [
        ("SCHEDULED: <2024-01-05 Fri>", 20240105, None),
        ("DEADLINE: [2024-1-5 x 10:00 ++1w]", None, 20240105),
        ("SCHEDULED: <2024-01-05 Fri> DEADLINE: <2024-01-06 Sat>", 20240105, 20240106),
        ("SCHEDULED: <2024-01-05 Fri>\n  SCHEDULED: <2024-01-06 Sat>", 20240106, None),
        ("k:: v\n  SCHEDULED: <2024-01-05 Fri>\n  m:: w", 20240105, None),
        (":LOGBOOK:\n  x\n  :END:\n  SCHEDULED: <2024-01-05 Fri>", 20240105, None),
        ("foo SCHEDULED: <2024-01-05 Fri>", 20240105, None),
        ("foo #t SCHEDULED: <2024-01-05 Fri>", None, None),
        ("foo\n  SCHEDULED: <2024-01-05 Fri>", None, None),
        ("\n  SCHEDULED: <2024-01-05 Fri>", None, None),
        ("SCHEDULED: <2024-01-05>", None, None),
        ("SCHEDULED: <2024-01-05 Fri>--<2024-01-06 Sat>", None, None),
        ("CLOSED: <2024-01-05 Fri>", None, None),
        ("> SCHEDULED: <2024-01-05 Fri>", None, None),
        ("SCHEDULED: <2024-13-45 Fri>", 20241345, None),
    ],
)
def test_dates(lines: str, scheduled: int | None, deadline: int | None) -> None:
    read = body(f"- x\n  {lines}\n")
    assert (read.scheduled.journal_day if read.scheduled else None) == scheduled
    assert (read.deadline.journal_day if read.deadline else None) == deadline


def test_no_date_on_the_title_line() -> None:
    assert body("- x SCHEDULED: <2024-01-05 Fri>").scheduled is None


def test_properties_of_the_first_run_only() -> None:
    text = "- t\n  My_Key::  a b \n  id:: 1\n  k,m:: 2\n  #+foo: x\n  mid\n  late:: 3"
    read = body(text)
    assert [(prop.key, prop.raw_key, prop.value) for prop in read.properties] == [
        ("my-key", "My_Key", "a b"),
        ("id", "id", "1"),
        ("foo", "foo", "x"),
    ]
    assert read.invalid_properties == ("k,m",)
    first = read.properties[0]
    assert text[first.start : first.end] == "  My_Key::  a b "
    assert text[first.value_start :].startswith("a b ")
    assert prose(text) == ["t", "  mid"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("- k:: v", ["k"]),
        ("- TODO k:: v", ["k"]),
        ("- # H\n  k::", ["k"]),
        ("- a\n  :PROPERTIES:\n  :k: v\n  :END:\n  m:: w", ["k", "m"]),
        ("- a\n\n  k:: v", ["k"]),
        ("- a\n  > q\n  k:: v", []),
        ("- a\n  > q\n  id:: v", ["id"]),
        ("- a\n  * q\n  k:: v", []),
        ("- a\n  ```\n  k:: v\n  ```", []),
        ("- a k:: v", []),
        ("- a\n  k::v", []),
        ("- a\n  my key:: v", []),
        ("- a\n  x\n  k:: v", ["k"]),
    ],
)
def test_where_properties_are_read(text: str, keys: list[str]) -> None:
    assert [prop.key for prop in body(text).properties] == keys


@pytest.mark.parametrize(("value", "folded"), [("true", True), ("false", False), ("3", True), ("", True)])
def test_collapsed(value: str, folded: bool) -> None:
    assert body(f"- a\n  collapsed:: {value}").collapsed is folded
    assert body(f"collapsed:: {value}\n").collapsed is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n  b\n\n  c", ["a", "  b\n\n  c"]),
        ("- a\n  ```\n  no\n  ```\n  b", ["a", "  b"]),
        ("- a\n  #+BEGIN_QUERY\n  no\n  #+END_QUERY", ["a"]),
        ("- a\n  #+BEGIN_NOTE\n  yes\n  #+END_NOTE", ["a", "  yes"]),
        ("- a\n  $$no$$ yes", ["a", " yes"]),
        ("- a\n  <div>no</div>", ["a"]),
        ("- a\n  [//]: # no", ["a"]),
        ("- a\n  > b\n  c\n\n  d", ["a", "b\n  c", "  d"]),
        ("- a\n  > b\n  > ```\n  > no\n  > ```\n  > c", ["a", "b", "c"]),
        ("- a\n  * b\n    c\n  1. [ ] d", ["a", "b\n    c", "d"]),
        ("- a\n  | b | c |\n  |--|--|\n  | d |", ["a", " b ", " c ", " d "]),
        ("- a\n  SCHEDULED: <2024-01-05 Fri> no\n\n  no", ["a"]),
        ("- a\n  :LOGBOOK:\n  no\n  :END:", ["a"]),
        ("- a\n  [^1]: note", ["a", "note"]),
    ],
)
def test_prose(text: str, expected: list[str]) -> None:
    assert [part.strip() for part in prose(text)] == [part.strip() for part in expected]


def test_logbook_lines() -> None:
    text = "- a\n  :logbook:\n  CLOCK: [2024-01-05 Fri 10:00:00]\n  * State\n  :END:\n  b"
    assert [text[span.start : span.end] for span in body(text).logbook] == [
        "  CLOCK: [2024-01-05 Fri 10:00:00]",
        "  * State",
    ]


@pytest.mark.parametrize(
    ("text", "pairs", "title"),
    [
        ("title:: T\ntags:: a\n\n- x", [("title", "T"), ("tags", "a")], "T"),
        ("note\ntitle:: T\n- x", [("title", "T")], None),
        ("\ntitle:: T\n- x", [("title", "T")], None),
        ("title::\n- x", [("title", "")], ""),
        ("- title:: T", [], None),
        ("---\ntitle: T\ntags: a\n---\nk:: v\n- x", [("title", "T"), ("tags", "a")], "T"),
        ("---\ntitle: T\n- list\n---\nk:: v\n", [("k", "v")], None),
        ("alias:: a\n- x\n  #+foo: bar", [("foo", "bar")], None),
        ("- #+title: T", [("title", "T")], "T"),
        ("", [], None),
    ],
)
def test_header(text: str, pairs: list[tuple[str, str]], title: str | None) -> None:
    header = read_header(scan_page(text))
    assert [(prop.key, prop.value) for prop in header.properties] == pairs
    assert header.title == title


@given(pages)
def test_any_page_is_read(text: str) -> None:
    outline = scan_page(text)
    read_header(outline)
    for block in outline.blocks:
        read = read_body(outline, block.index)
        for start, end in (*read.prose, *read.logbook, read.title):
            assert block.start <= start <= end <= block.end
        if block.kind != "pre":
            for prop in (*read.properties, *read.directives):
                assert block.start <= prop.start <= prop.value_start <= prop.end <= block.end
                assert text[prop.value_start : prop.value_start + len(prop.value)] == prop.value


BELOW = st.sampled_from((
    "  :LOGBOOK:", "\t:LOGBOOK:", "  CLOCK: [2026-02-21 Sat 09:00:00]", "\tCLOCK: [2026-02-21 Sat 09:00:00]", "  :END:",
    "  :end: ", "  :END: a", "  a:: b", "", "  b", "- c", "  ```",
))  # fmt: skip


@given(
    st.sampled_from(("- TODO a", "- a  ", "- [[a]]", "- #a", "- #+a: b", "- ", "- > a")), st.lists(BELOW, max_size=7)
)
def test_clocks_below_a_title_are_read_as_any_other_drawer(title: str, below: list[str]) -> None:
    text = "\n".join((title, *below))
    outline = scan_page(text)
    other = scan_page(text.replace("LOGBOOK", "Logbook"))
    assert [read_body(outline, block.index) for block in outline.blocks] == [
        read_body(other, block.index) for block in other.blocks
    ]
