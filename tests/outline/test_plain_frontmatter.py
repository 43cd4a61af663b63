"""YAML front matter: values as written, lists as names, and what broken headers give."""

from __future__ import annotations

import pytest

from graphkit.facts.property_values import read_names
from graphkit.outline.header import read_header
from graphkit.outline.markdown_dialect.front_matter import LARGEST
from graphkit.outline.markdown_dialect.list_items import scan_plain_page


def header(text: str) -> dict[str, str]:
    return {prop.key: prop.value for prop in read_header(scan_plain_page(text)).properties}


def findings(text: str) -> list[tuple[str, int, int]]:
    outline = scan_plain_page(text)
    assert outline.reader is not None
    return [(finding.code, finding.line, finding.column) for finding in outline.reader.findings(outline)]


def test_values_stay_as_written() -> None:
    text = """---
title: "A: b"
due: 2026-01-05
public: yes
count: 007
empty:
none: ~
folded: >
  two
  lines
nested: {a: 1, b: [2]}
anchored: &x text
again: *x
Long Key: v
---
- block
"""
    assert header(text) == {
        "title": "A: b",
        "due": "2026-01-05",
        "public": "yes",
        "count": "007",
        "empty": "",
        "none": "",
        "folded": "two lines",
        "nested": "{a: 1, b: [2]}",
        "anchored": "text",
        "again": "text",
        "long-key": "v",
    }


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("[a, b c]", ("a", "b c")),
        ('["a, b", c]', ("a, b", "c")),
        ('["[[x|label]]", y]', ("x", "y")),
        ("\n  - a\n  - '#b'\n", ("a", "b")),
        ("[]", ()),
        ("a, b", ("a", "b")),
        ("[1, [2, 3]]", ("1", "(2, 3)")),
    ],
)
def test_lists_give_their_items(written: str, names: tuple[str, ...]) -> None:
    assert read_names(header(f"---\nkey: {written}\n---\n")["key"]) == names


def test_singular_and_plural_spellings_are_united() -> None:
    assert header("---\nalias: a\naliases: [b]\ntag: c\n---\n") == {"alias": "a, b", "tags": "c"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\na: b: c\n---\n", [("E160", 2, 5)]),
        ("---\na: [1\n---\n", [("E160", 3, 1)]),
        ("---\na:\n\tb: c\n---\n", [("E160", 3, 1)]),
        ("---\na: 1\nb: 2\na: 3\n---\n", [("E154", 4, 1)]),
        ("---\na: 1\n- text\n", [("E161", 1, 1)]),
        ("---\na: \x01\n---\n", [("E160", 2, 4)]),
        ("---\n" + "a: " + "x" * LARGEST + "\n---\n", [("E160", 2, 1)]),
        ("---\n- list\n---\n", []),
        ("---\njust text\n---\n", []),
        ("---\n---\n", []),
    ],
)
def test_findings(text: str, found: list[tuple[str, int, int]]) -> None:
    assert findings(text) == found


def test_the_last_of_two_values_counts() -> None:
    assert header("---\na: 1\na: 3\n---\n") == {"a": "3"}


def test_tags_of_python_construct_nothing() -> None:
    assert header("---\na: !!python/object/apply:os.system ['exit 1']\nb: !x y\n---\n") == {"a": "exit 1", "b": "y"}


def test_text_of_a_broken_header_is_kept_and_no_block() -> None:
    outline = scan_plain_page("---\na: b: c\n---\n- x\n")
    assert [block.kind for block in outline.blocks] == ["pre", "bullet"]
    assert header(outline.text) == {}


def test_bytes_that_are_no_utf8_do_not_stop_the_header() -> None:
    assert header("---\na: x\udc80y\nb: z\n---\n") == {"a": "x\ufffdy", "b": "z"}
