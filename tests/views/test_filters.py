"""No value of a vault can break out of its place in a page, whatever it is made of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.outline.body import read_body
from graphkit.outline.inline import read_inline
from graphkit.outline.scanner import scan_page
from graphkit.views.environment import render
from graphkit.views.filters import block_ref, cell, cell_ref, inline, page_ref, page_refs, prop_value, text, words
from graphkit.views.rendered_outline import read_generated

PIECES = [
    "]]", "[[", "#", "# ", "((", "))", "{{", "}}", "::", ":: ", "key:: v", "\n", "\r\n", "\r", "\t", "- ", "* ", "1. ",
    "TODO ", "DONE", "WAITING ", "[#A] ", "```", "~~~", "$$", "$", "`", "<div>", "</div>", "<!--", "-->", "\\", "|",
    "> ",
    "#+BEGIN_SRC", "#+title: x", ":LOGBOOK:", ":END:", "SCHEDULED: <2026-01-01 Thu>", "[2026-01-01 Thu]", "\\begin{x}",
    "[//]: # ", "[^1]: ", "---", "***", "[:div", "@@html: ", "{:a", "id:: 1", "a", "Z", "é", "漢", "😀", " ", "\u00a0",
    "\u2028", "\x00", "\x85", "\ufeff", "\udcff", "((01234567-0123-0123-0123-012345678901))", "[x](y)", "![x](y)", '"',
    "https://x.y/z", "**", "_", "^^", "==", "~~", "CLOCK:", "collapsed:: true", "5", ".",
]  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=30)

TEMPLATES = {
    "alone": "- {{ value }}",
    "inline": "- before {{ value|inline }} after",
    "words": "- {{ value|words }}",
    "link": "- {{ value|page_ref }}",
    "more": "- title\n  {{ value }}",
    "cell": "- | a | b |\n  |--|--|\n  | {{ value|cell }} | {{ value|cell_ref }} |",
    "property": "- title\n  key:: {{ value|prop_value }}",
    "block": '- {{ "01234567-0123-0123-0123-012345678901"|block_ref(value) }}',
}


@pytest.mark.parametrize("name", TEMPLATES)
@given(value=hostile)
def test_a_value_stays_in_its_place(name: str, value: str) -> None:
    page = render(f"- first\n{TEMPLATES[name]}\n- last", {"value": value}, name="test")
    blocks = read_generated(page, scan_page)
    assert [block.lines[0] for block in (blocks[0], blocks[-1])] == ["first", "last"]
    assert len(blocks) == 3
    outline = scan_page(page)
    body = read_body(outline, 1)
    assert (body.marker, body.priority, body.scheduled, body.deadline, body.directives) == (None, None, None, None, ())
    assert [prop.key for prop in body.properties] == (["key"] if name == "property" else [])
    allowed = {value} if name in {"link", "cell"} else set()
    pages = {
        reference.target
        for span in body.prose
        for reference in read_inline(page[span.start : span.end]).references
        if reference.kind in {"page", "tag", "embed"} and not reference.target.startswith(("http", "x]"))
    }
    labels = {target for target in pages if f"[{target}](" in page.replace("\\", "")}
    assert pages - labels <= allowed


@given(value=hostile)
def test_a_link_names_exactly_its_title_or_is_none(value: str) -> None:
    link = page_ref(value)
    references = read_inline(str(link)).references
    if link.startswith("[[") and not link.startswith("[[\\"):
        assert [(reference.kind, reference.target) for reference in references] == [("page", value)]


@given(value=hostile)
def test_a_property_value_reads_back_as_words(value: str) -> None:
    page = f"key:: {prop_value(value)}\nother:: 1\n\n- x"
    outline = scan_page(page)
    assert [prop.key for prop in read_body(outline, 0).properties] == ["key", "other"]


def test_ordinary_values_stay_as_they_are() -> None:
    plain = "Guided first plant (v2), 50% off; e-mail & more_or_less: a/b [5/12]"
    assert [str(filtered(plain)) for filtered in (text, inline, words, cell, prop_value)] == [plain] * 5
    assert str(page_ref("Research/Interviews")) == "[[Research/Interviews]]"
    assert str(page_refs(["A", "B c"])) == "[[A]], [[B c]]"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("TODO call", "TODO\u00a0call"),
        ("DONE", "“DONE”"),
        ("key:: value", "key:\\: value"),
        ("a [[b]] #c", "a \\[[b\\]] \\#c"),
        ("two\nlines", "two lines"),
        ("{{query x}}", "\\{\\{query x}}"),
        (None, ""),
        (date(2026, 3, 1), "2026-03-01"),
        (12, "12"),
    ],
)
def test_signs_that_begin_a_construct_are_escaped(value: object, expected: str) -> None:
    assert str(text(value)) == expected


@pytest.mark.parametrize("title", ["a]]b", "", " ", "a\nb", "[[x]]", "a\x00b"])
def test_a_title_that_cannot_be_linked_becomes_words(title: str) -> None:
    assert read_inline(str(page_ref(title))).references == ()


def test_a_table_cell_never_splits_and_never_is_empty() -> None:
    assert str(cell("a|b")) == "a∣b"
    assert str(cell("")) == "–"
    assert str(cell_ref("a|b")) == "a∣b"
    assert str(cell_ref("Page")) == "[[Page]]"


def test_a_block_reference_has_a_label_without_links() -> None:
    identity = "01234567-0123-0123-0123-012345678901"
    assert str(block_ref(identity)) == f"(({identity}))"
    assert str(block_ref(identity, "see [[Page]] now")) == f"[see Page now]((({identity})))"
