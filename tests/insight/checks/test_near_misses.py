"""What was nearly written in the vault's words is named, with what was meant; ordinary notes are not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from graphkit.app.load import load
from graphkit.app.reading.check import report_check

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CODES = {"E125", "E143", "W519", "W520", "W521", "W507", "W514", "W505"}
EXPERIMENT = "page-type:: [[experiment]]\n"


def found(folder: Path, pages: Mapping[str, str]) -> list[str]:
    """`path:line code` of the findings about near misses."""
    for name, text in {"logseq/config.edn": "{}", **pages}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    report = report_check(load(folder, as_of=dt.date(2026, 3, 2)))
    return [f"{finding.path}:{finding.line} {finding.code}" for finding in report.findings if finding.code in CODES]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("page-type:: [[experiement]]\n", 1), ("tags:: experiments\n", 1), ("Page-Type:: Experiments\n", 1),
        ("page-type：： [[experiment]]\n", 1), ("page-type： experiment\n", 1), ("page type:: [[experiment]]\n", 1),
        ("pagetype:: [[experiment]]\n", 1), ("Page-Type :: [[experiment]]\n", 1), ("pgae-type:: experiment\n", 1),
        ("page-type:: [[metrics]]\n", 1), ("page-type:: [[stratgy]]\n", 1), ("- a\n- page-type:: [[experiment]]\n", 2),
        ("# Title\n\npage-type: experiment\n", 3), ("title:: x\n---\npage-type: experiment\n---\n", 3),
        ("---\npage-type: experiment\ntags:\n  - a\n---\n\n- x\n", 2),
        ("- intro\n- alias:: [[W]]\n  page-type:: [[experiment]]\n", 3),
    ],
)  # fmt: skip
def test_a_type_line_that_does_not_count_is_named(tmp_path: Path, text: str, line: int) -> None:
    assert found(tmp_path, {"pages/P.md": text}) == [f"pages/P.md:{line} W519"]


@pytest.mark.parametrize(
    "text",
    [
        "page-type:: [[note]]\n", "tags:: goals, strategies\n", "type:: [[book]]\n", "Type: of thing\n",
        "- x\n- ```\n  page-type: experiment\n  ```\n", "- a template\n  template:: new\n\t- page-type:: experiment\n",
        "- `page-type:: [[experiment]]`\n", "tags:: experience\n", "- Strategy: grow\n",
        "type: a long sentence, of, many\n",
        "- type of: experiment\n", "- page-type:: {{type}}\n",
    ],
)  # fmt: skip
def test_other_lines_are_not(tmp_path: Path, text: str) -> None:
    assert not [entry for entry in found(tmp_path, {"pages/P.md": text}) if entry.endswith("W519")]


def test_keys_headings_and_links_are_named(tmp_path: Path) -> None:
    pages = {
        "pages/Retention rate.md": "page-type:: [[metric]]\n",
        "pages/Improve customer retention.md": "page-type:: [[goal]]\nalias:: Keep customers\n",
        "pages/S.md": "page-type:: [[strategy]]\n\n- | Strategy | Key Metrics |\n  |--|--|\n  | Loyalty | NPS |\n",
        "pages/X.md": (
            f"{EXPERIMENT}onwer:: [[Ana]]\ndeu:: [[2026-04-01]]\nprimary:: [[Retenton rate]]\n"
            "goal:: [[Improve custmer retention]]\nstrategy:: [[Nowhere]]\n\n"
            "- ## Wrok\n\t- TODO a\n- ## 2. 🚀 Hypothesys\n"
        ),
        "pages/Y.md": (
            f"{EXPERIMENT}date:: 1\nsize:: 2\nprimary:: [[Retention rate]]\ngoal:: [[Keep customers]]\n"
            "strategy:: [[Loyalty]]\nowner:: [[Ana]]\n\n- ## Background\n"
        ),
    }
    assert found(tmp_path, pages) == [
        "pages/X.md:2 W520", "pages/X.md:3 W520", "pages/X.md:4 W521", "pages/X.md:5 W521", "pages/X.md:6 W521",
        "pages/X.md:8 W507", "pages/X.md:10 W507",
    ]  # fmt: skip


SWALLOWED = {
    "tag": "- <time> is a tag\n- TODO b\n- x </time>\n",
    "drawer": "- DOING a\n  :LOGBOOK:\n- TODO b\n- DONE c\n  :LOGBOOK:\n  :END:\n",
    "formula": "- $$ x\n- TODO b\n- $$\n",
    "fence": "- ```\n- TODO b\n  ```\n",
    "nested fence": "- a\n\t- ```\n\t- TODO b\n\t  ```\n",
}
SHOWN = {
    "code": "- ```\n  - TODO b\n  ```\n",
    "notes": "- ```markdown\n- TODO b\n  ```\n",
    "code at the top": "```\n- TODO b\n```\n",
    "tag": "- <b>x</b>\n- TODO b\n",
    "comment": "- a\n  <!--\n  - TODO b\n  -->\n",
}


@pytest.mark.parametrize("text", SWALLOWED.values(), ids=SWALLOWED)
def test_swallowed_tasks_are_named(tmp_path: Path, text: str) -> None:
    assert [entry[-4:] for entry in found(tmp_path, {"pages/P.md": text})] == ["E143"]


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_tasks_that_are_shown_on_purpose_are_not(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"pages/P.md": text}) == []


def test_copies_are_named_if_the_pages_agree(tmp_path: Path) -> None:
    work = "\n- ### Work\n\t- TODO a\n\t- TODO b\n"
    pages = {
        "pages/O.md": EXPERIMENT + work, "pages/O 2.md": EXPERIMENT + work, "pages/O(1)(2).md": EXPERIMENT,
        "pages/O - Copy.md": EXPERIMENT, "pages/O.conflict-3.md": work, "pages/O 副本.md": work,
        "journals/2026_03_01.md": "- TODO c\n", "journals/2026_03_01 2.md": "- TODO d\n",
        "pages/Test.md": EXPERIMENT + work, "pages/Test 2.md": f"{EXPERIMENT}\n- ### Work\n\t- TODO other\n",
        "pages/Chapter.md": "- x\n", "pages/Chapter 2.md": "- y\n", "pages/Lone 2.md": work,
        "pages/Model (3).md": "- z\n",
    }  # fmt: skip
    assert {entry[:-7] for entry in found(tmp_path, pages) if entry.endswith("E125")} == {
        "pages/O 2.md", "pages/O(1)(2).md", "pages/O - Copy.md", "pages/O.conflict-3.md", "pages/O 副本.md",
        "journals/2026_03_01 2.md",
    }  # fmt: skip
