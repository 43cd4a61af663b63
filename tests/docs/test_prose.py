"""graphkit's prose keeps to plain words and one spelling (docs/glossary.md, tests/docs/prose_rules.toml)."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = tomllib.loads((ROOT / "tests" / "docs" / "prose_rules.toml").read_text(encoding="utf-8"))
AVOID = [(re.compile(pattern), advice) for pattern, advice in RULES["avoid"].items()]
SPELLING = [(re.compile(rf"\b{form}\b", re.IGNORECASE), british) for form, british in RULES["spelling"].items()]
OPENINGS = re.compile(r"(What|Whether) ")
"""How the docstring of a public thing does not begin, unless nothing plainer exists."""

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`|^### [EW][0-9]{3}:.*|\]\([^)\n]*\)|https?://\S+|<[a-z!/][^>]*>", re.MULTILINE)
_WORDS = re.compile(r"[A-Za-z]{2,}[ ,][A-Za-z ,]*[a-z]{2,}")
"""What a string literal holds if it is a sentence and not a key, a path or a pattern."""

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MODULES = sorted((ROOT / "graphkit").rglob("*.py"))


def prose_of_page(path: Path) -> Iterator[tuple[int, str]]:
    """Lines of a Markdown page with fences, code and titles of findings, which are the program's, blanked out."""
    text = path.read_text(encoding="utf-8")
    text = _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
    yield from ((number, _CODE.sub("", line)) for number, line in enumerate(text.splitlines(), 1))


def prose_of_module(path: Path) -> Iterator[tuple[int, str]]:
    """Comments, docstrings and sentences among the string literals of a module."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WORDS.search(node.value):
            yield node.lineno, _CODE.sub("", node.value)
    for number, line in enumerate(source.splitlines(), 1):
        if (found := re.search(r"(?:^|\s)# (.*)", line)) and "noqa" not in line:
            yield number, _CODE.sub("", found[1])


def faults(prose: Iterator[tuple[int, str]]) -> list[str]:
    """Each avoided word with its line. A word in capitals, such as CANCELED, is one of Logseq's own."""
    return [
        f"{number}: “{found[0]}”: {advice}"
        for number, text in prose
        for pattern, advice in (*AVOID, *SPELLING)
        if (found := pattern.search(text)) and not found[0].isupper()
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_are_in_plain_words(path: Path) -> None:
    assert not faults(prose_of_page(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_are_in_plain_words(path: Path) -> None:
    assert not faults(prose_of_module(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_docstrings_say_what_you_get(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    openings = [
        f"{node.lineno if hasattr(node, 'lineno') else 1}: {text.splitlines()[0]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not getattr(node, "name", "").startswith("_")
        and (text := ast.get_docstring(node))
        and OPENINGS.match(text)
    ]
    assert not openings
