"""Definition lists and what they hide; each expectation is what mldoc 1.5.7 makes of the page."""

from __future__ import annotations

import pytest

from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.scanner import scan_page


def blocks(text: str) -> list[str]:
    outline = scan_page(text)
    return [content(outline, block.index).rstrip("\n") for block in outline.blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\nterm\n: de\n- TODO b", ["a\nterm\n: de\n- TODO b"]),
        ("- a\n  term\n  : de\n\t- b\n- c", ["a\nterm\n: de\n- b\n- c"]),
        ("term\n: de\n- b", ["term\n: de\n- b"]),
        ("- a\none\ntwo\n: de\n- b", ["a\none\ntwo\n: de\n- b"]),
        ("- a\n---\n: de\n- b", ["a\n---\n: de\n- b"]),
        ("- a\n***\n: de\n- b", ["a\n***\n: de\n- b"]),
        ("- a\n[//]: # c\n: de\n- b", ["a\n[//]: # c\n: de\n- b"]),
        ("- a\n#tag\n: de\n- b", ["a\n#tag\n: de\n- b"]),
        ("- $$x$$ term\n: de\n- b", ["$$x$$ term\n: de\n- b"]),
        ("-\n: de\n: ef\n- b", [": de\n: ef\n- b"]),
        ("- a\nterm\n:\f\x1ade\n- b", ["a\nterm\n:\f\x1ade\n- b"]),
        ("- a\r\nterm\r\n: de\r\n- b\r\n\r\n- c", ["a\nterm\n: de\n- b", "c"]),
        ("- a\nterm\n: é\n- b", ["a\nterm\n: é\n- b"]),
        ("- a\nterm\n: - de\n- b", ["a\nterm\n: - de\n- b"]),
        ("- a\nterm\n: de\n\n\ntwo\n: ef\n- x", ["a\nterm\n: de\n\n\ntwo\n: ef\n- x"]),
    ],
)
def test_a_meaning_hides_what_follows(text: str, expected: list[str]) -> None:
    assert blocks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "- a\n: de\n- b",
        "- a\nterm\n: d\n- b",
        "- a\nterm\n:de\n- b",
        "- a\nterm\n:: de\n- b",
        "- a\nterm\n\n: de\n- b",
        "- a\nterm\n:  \n- b",
        "- a\nterm\n: # de\n- b",
        "- a\nterm\n:\xa0de\n- b",
        "- a\nterm \r: de\r- b",
        "- a\n* x\n: de\n- b",
        "- a\n> q\n: de\n- b",
        "- a\nk:: v\n: de\n- b",
        "- [#A] term\n: de\n- b",
    ],
)
def test_no_definition_list_opens(text: str) -> None:
    assert blocks(text)[-1] == "b"


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("term\n: de\n- b\n# H", "# H"),
        ("term\n: de\n- b\n\n- c", "c"),
        ("term\n: de\n- b\n#\n- c", "c"),
        ("term\n: de\nx\n- b", "b"),
        ("term\n: de\n-\n- b", "b"),
    ],
)
def test_a_meaning_ends_at_a_blank_line_a_number_sign_and_a_line_of_one_byte(text: str, last: str) -> None:
    assert blocks(text)[-1] == last


def test_text_in_a_list_is_read_and_its_properties_and_dates_are_not() -> None:
    text = "- a\nterm [[t]]\n: de [[d]]\nk:: v\nSCHEDULED: <2024-01-02 Tue>\n- b #x"
    outline = scan_page(text)
    body = read_body(outline, 0)
    assert (body.properties, body.scheduled) == ((), None)
    prose = " ".join(text[span.start : span.end] for span in body.prose)
    assert "[[t]]" in prose
    assert "[[d]]" in prose
    assert "- b #x" in prose
    assert [text[span.start : span.end] for span in outline.hidden] == [text[4:]]
