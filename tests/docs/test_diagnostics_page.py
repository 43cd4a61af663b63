"""docs/diagnostics.md has the same four parts for each code, and its examples give the findings that they stand for."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.facts.diagnostic_codes import CODES

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 3, 2)
TEXT = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
SECTIONS = {section[:4]: section for section in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]}
PARTS = ("Example", "Why it matters", "How to fix")
_FENCE = re.compile(
    r"\*\*Example:\*\*\n\n(?P<sign>```|~~~~)(?P<kind>\w+)\n(?P<text>.*?)^(?P=sign)$", re.MULTILINE | re.DOTALL
)
_LINE = re.compile(r"\*\*Example:\*\* `(?P<text>[^`]+)`$", re.MULTILINE)
OTHERS = {
    "pages/Loyalty points.md": "page-type:: [[experiment]]\ngoal:: [[Stay longer]]\n",
    "pages/Retention rate.md": "page-type:: [[metric]]\nunit:: %\ncadence:: weekly\n",
    "pages/Retention strategies.md": (
        "page-type:: [[strategy]]\n\n- | Strategy | Key Metrics |\n  |--|--|\n  | Loyalty points | Retention rate |\n"
    ),
}


def example(code: str) -> tuple[str, str] | None:
    """Kind and text of an example that can be run; None for one that describes a situation."""
    if found := _FENCE.search(SECTIONS[code]):
        return found["kind"], found["text"]
    if found := _LINE.search(SECTIONS[code]):
        return "markdown", found["text"] + "\n"
    return None


RUNNABLE = {code: found for code in SECTIONS if (found := example(code))}


def vault(folder: Path, kind: str, text: str) -> Path:
    """A vault with the example; `clojure` is a configuration, `yaml` and `text` are pages of a Markdown folder."""
    pages = {"pages/Example.md": text}
    if kind in {"markdown", "clojure"}:
        config = text if kind == "clojure" else "{}"
        pages = {**OTHERS, "logseq/config.edn": config, **({} if kind == "clojure" else pages)}
    for name, content in pages.items():
        path = folder / ("Example.md" if kind in {"yaml", "text"} else name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_every_code_and_no_other_is_described() -> None:
    headings = re.findall(r"^### ([EW][0-9]{3}): (.*)$", TEXT, re.MULTILINE)
    assert headings == [(code, known.title) for code, known in CODES.items()]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_the_same_parts(code: str) -> None:
    first = SECTIONS[code].split("\n\n")[1]
    assert first.startswith(f"*{CODES[code].severity.value.capitalize()}.* ")
    assert re.findall(r"^\*\*([^*]+):\*\*", SECTIONS[code], re.MULTILINE) == list(PARTS)


@pytest.mark.parametrize("code", RUNNABLE)
def test_an_example_gives_the_finding(code: str, tmp_path: Path) -> None:
    loaded = load(vault(tmp_path, *RUNNABLE[code]), as_of=DAY)
    found = report_check(loaded, links=code == "W416").findings
    assert code in {finding.code for finding in found}


def test_most_examples_are_run() -> None:
    assert len(RUNNABLE) >= 70
