"""`explain` and `help`: every code and every page, from the documentation that comes with the program."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

from graphkit.app.documentation import explain, read_topic, topics
from graphkit.app.failures import RequestError
from graphkit.cli.look.explain_screen import codes_screen, explain_screen
from graphkit.cli.main import run
from graphkit.cli.terminal.canvas import ASCII, Surface, line_text, line_width
from graphkit.cli.terminal.documents import document_lines
from graphkit.facts.diagnostic_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.cli.terminal.canvas import Line


def flat(lines: Sequence[Line]) -> str:
    return " ".join(" ".join(map(line_text, lines)).split())


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_in_four_parts(code: str) -> None:
    found = explain(code.lower())
    assert (found.code, found.title, found.severity) == (code, CODES[code].title, CODES[code].severity)
    assert all(len(part) > 15 for part in (found.meaning, found.why, found.fix))
    assert found.example
    lines = explain_screen(found, Surface(width=60))
    assert all(line_width(line) <= 60 for line in lines)
    assert f"graphkit-ignore:: {code}" in flat(lines)


def test_all_codes_are_listed_by_family() -> None:
    text = flat(codes_screen(Surface(width=100)))
    assert [code for code in CODES if code not in text] == []
    assert re.findall(r"Files, text and structure|Queries", text) == ["Files, text and structure", "Queries"]


@pytest.mark.parametrize("name", topics())
@pytest.mark.parametrize("surface", [Surface(width=40), Surface(width=140, glyphs=ASCII, encoding="ascii")])
def test_every_page_of_the_documentation_fits_the_screen(name: str, surface: Surface) -> None:
    lines = document_lines(read_topic(name), surface)
    assert len(lines) > 5
    assert all(line_width(line) <= surface.width for line in lines)
    if surface.glyphs is ASCII:
        assert flat(lines).isascii()


def test_topics_are_the_pages_of_docs() -> None:
    assert list(topics()) == sorted(path.stem for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: explain("W30"), "similar codes are W3"),
        (lambda: explain(""), "lists all codes"),
        (lambda: read_topic("metrcs"), "did you mean 'metrics'?"),
        (lambda: read_topic("../README"), "the topics are"),
        (lambda: read_topic("decisions/edn"), "the topics are"),
    ],
)
def test_unknown_names_are_answered_with_near_ones(ask: object, words: str) -> None:
    with pytest.raises(RequestError) as caught:
        ask()  # type: ignore[operator]
    assert words in caught.value.hint


def test_help_is_that_of_the_command_or_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help", "graph", "rank"]) == 0
    assert capsys.readouterr().out.startswith("Usage: graphkit graph rank")
    assert run(["help", "fmt"]) == 0
    assert capsys.readouterr().out.startswith("Usage: graphkit fmt")
    assert run(["help", "forecast-what"]) == 2
    assert run(["help", "glossary"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert run(["help"]) == 0
    assert "\n  glossary\n" in capsys.readouterr().out


def test_an_explanation_as_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "W303", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "graphkit.explain/1"
    assert run(["explain", "--format", "jsonl"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CODES)
