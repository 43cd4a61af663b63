"""Pages with `report:: private`, and what hangs on them, are in no report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from report_sites import DAY, small_vault

from graphkit.app.load import load
from graphkit.report.document import one_file
from graphkit.report.private_pages import without_private
from graphkit.report.report_records import gather
from graphkit.report.site import Site

if TYPE_CHECKING:
    from pathlib import Path

PUBLIC = """page-type:: [[experiment]]
owner:: [[Ana]]
status:: running
start-date:: 2026-02-01
due:: 2026-03-20
primary:: [[Open rate]]
guardrails:: [[Hidden rate]]

- ## Goal
	- #goal [[Open goal]]
	- #goal [[Hidden goal]]
- ## Hypothesis
	- Something like [[Hidden project]].
- ## Work
	- DONE One
	- TODO [[Hidden project]]
"""
HIDDEN_PROJECT = """page-type:: [[experiment]]
report:: private
owner:: [[Ana]]
result:: lost
decided-on:: 2026-02-10
stauts:: running

- ## Goal
	- #goal [[Open goal]]
- ## Work
	- TODO Secret task
	- DONE Secret success
"""
HIDDEN_RATE = (
    "page-type:: [[metric]]\nreport:: [[private]]\nunit:: %\nguard:: <= 1%\n\n- Hidden rate: 7.77% on 2026-02-20\n"
)
HIDDEN_GOAL = "page-type:: [[goal]]\nreport:: private\nalias:: Code word\n"
PAGES = {
    "Open project": PUBLIC, "Hidden project": HIDDEN_PROJECT, "Hidden rate": HIDDEN_RATE, "Hidden goal": HIDDEN_GOAL,
    "Open rate": "page-type:: [[metric]]\nunit:: %\n\n- Open rate: 41% on 2026-02-20\n",
}  # fmt: skip


@pytest.mark.parametrize("word", ["Secret", "Hidden goal", "Hidden rate", "7.77", "stauts", "Code word"])
def test_nothing_of_a_private_page_is_shown(word: str, tmp_path: Path) -> None:
    report = one_file(Site(gather(small_vault(tmp_path, PAGES))))
    assert word not in report.partition("<body>")[2].partition("<script>")[0]
    assert "Open project" in report


def test_a_link_to_a_private_page_does_not_say_its_name(tmp_path: Path) -> None:
    report = one_file(Site(gather(small_vault(tmp_path, PAGES))))
    assert "(private)" in report
    assert "Hidden project" not in report


def test_counts_leave_private_pages_out(tmp_path: Path) -> None:
    records = gather(small_vault(tmp_path, PAGES))
    assert [row.title for row in records.status.experiments] == ["Open project"]
    assert [goal.title for goal in records.goals.goals] == ["Open goal"]
    assert records.goals.goals[0].experiments[0].title == "Open project"
    assert (records.programme.lost, records.programme.won) == (0, 0)


def test_a_vault_without_private_pages_is_the_same_vault(tmp_path: Path) -> None:
    small_vault(tmp_path, {"A": "report:: weekly\n\n- text\n"})
    vault = load(tmp_path, as_of=DAY)
    assert without_private(vault).vault is vault
