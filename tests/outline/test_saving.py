"""The form in which Logseq saves a page: every save case, its fixed point, and what it would lose."""

from __future__ import annotations

import pytest
from conformance_data import read_lines
from hypothesis import given
from outline.strategies import pages
from shared_material import CORPORA, SHARED, needs_shared

from graphkit.outline.content import content
from graphkit.outline.properties import JS_SPACE
from graphkit.outline.saving.fixed_point import saved_form
from graphkit.outline.saving.serialiser import saved_text
from graphkit.outline.scanner import scan_page
from graphkit.text.source import SourceText

CASES = SHARED / "conformance" / "saves.jsonl.gz"


def save(text: str, **options: object) -> str:
    return saved_text(scan_page(text), **options)  # type: ignore[arg-type]


def losses(text: str, **options: object) -> list[tuple[int, str]]:
    form = saved_form(scan_page(text), **options)  # type: ignore[arg-type]
    return [(SourceText(text).position(loss.offset).line, loss.what) for loss in form.losses]


@needs_shared
def test_every_save_case_is_equal() -> None:
    cases = list(read_lines(CASES))
    wrong = [case["name"] for case in cases if save(case["text"]) != case["saved"]]
    assert (len(cases) >= 400, wrong) == (True, [])


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        pytest.param("", "", id="an empty page"),
        pytest.param("- a\n- b\n", "- a\n- b", id="no line end at the end"),
        pytest.param("- a\r\n  b\r\n", "- a\n  b", id="LF only"),
        pytest.param("type:: x\n- a", "type:: x\n\n- a", id="a blank line below page properties"),
        pytest.param("just text", "just text\n", id="a page without blocks ends with a line end"),
        pytest.param("- type:: x\n- a", "type:: x\n\n- a", id="properties as first block lose their bullet"),
        pytest.param("- # T\n- # U", "# T\n- # U", id="the first block as heading has no bullet"),
        pytest.param("- a\n# U", "- a\n- # U", id="a later heading gains one"),
        pytest.param("x\n# T", "x\n\n- # T", id="so does one below text"),
        pytest.param("- a\n    - b\n\n\n    - c", "- a\n\t- b\n\t- c", id="tabs, no blank lines between blocks"),
        pytest.param("- a\n\n  b  \n  c  \n", "- a\n  \n  b  \n  c", id="blank lines inside carry the indentation"),
        pytest.param("-\n- \n  x", "-\n- x", id="empty blocks"),
        pytest.param("- a\n  collapsed:: x\n\t- b", "- a\n  collapsed:: true\n\t- b", id="folded is true"),
        pytest.param("- a\n  collapsed:: false", "- a\n  collapsed:: false", id="unfolded stays"),
        pytest.param(
            "- b\n- a\n  ```\n  x\n  ```\n  collapsed:: true",
            "- b\n- a\n  collapsed:: true\n  ```\n  x\n  ```\n  collapsed:: true",
            id="folded once more below the title",
        ),
        pytest.param(
            "- a\n  :PROPERTIES:\n  :my_key: v\n  :END:", "- a\n  my-key:: v", id="a drawer of properties as lines"
        ),
    ],
)
def test_saving(text: str, saved: str) -> None:
    assert save(text) == saved


def test_the_unit_is_the_vaults() -> None:
    assert save("- a\n\t- b\n\t  c", unit="  ") == "- a\n  - b\n    c"


def test_an_id_that_another_page_has_is_dropped() -> None:
    identity = "65f1c0de-0000-4000-8000-000000000001"
    assert save(f"- a\n  id:: {identity}\n  k:: v", taken={identity}) == "- a\n  k:: v"


@given(pages)
def test_a_form_is_its_own_form_and_keeps_every_word(text: str) -> None:
    form = saved_form(scan_page(text))
    if not form.losses:
        again = scan_page(form.text)
        assert saved_text(again) == form.text
        assert words(text) == words(form.text)


def words(text: str) -> str:
    outline = scan_page(text)
    lines = [line for block in outline.blocks for line in content(outline, block.index).split("\n")]
    return "".join(line for line in lines if "collapsed::" not in line).translate(dict.fromkeys(map(ord, JS_SPACE)))


IDENTITY = "65f1c0de-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a\n\n\n- b\r\n", [], id="nothing"),
        pytest.param("- collapsed:: yes\n- type:: x", [], id="nor by folding"),
        pytest.param(
            f"- x\n- a\n  id:: {IDENTITY}\n- b\n  id:: {IDENTITY}",
            [(4, "the block “b” would lose its id, which another block already has")],
            id="an id",
        ),
        pytest.param(
            "# T\n      code\n- b",
            [(1, "lines of the block “# T” would lose their indentation")],
            id="indentation below a first heading",
        ),
        pytest.param(
            "- TODO see a:: b\n- c",
            [(1, "the block “TODO see a:: b” would lose its marker TODO")],
            id="the marker of a first block that reads like properties",
        ),
        pytest.param(
            "- a\n  $$\n  - b\n  $$ - c",
            [],
            id="nothing that is swallowed as before",
        ),
    ],
)
def test_what_would_be_lost(text: str, expected: list[tuple[int, str]]) -> None:
    assert losses(text) == expected


@needs_shared
def test_pages_of_real_graphs_have_a_form_and_most_are_in_it() -> None:
    total = formed = refused = 0
    for name in ("digital-garden", "ladder-zh", "logseq-docs", "tu-bs-german", "uniinfo-notes", "zettel"):
        for path in sorted((CORPORA / name).rglob("*.md")):
            text = SourceText.decode(path.read_bytes()).text
            form = saved_form(scan_page(text))
            total += 1
            formed += form.text == text
            refused += bool(form.losses)
            if not form.losses:
                assert saved_text(scan_page(form.text)) == form.text, path
    assert total > 3000
    assert formed > total * 0.9
    assert refused < total * 0.01


@pytest.mark.parametrize("unit", ["# ", "- a:: b\n", "collapsed:: true\n", "- ```\n", "- collapsed:: x\n", "\t- a\n"])
def test_a_large_page_takes_no_more_than_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert saved_form(scan_page(text)).text
