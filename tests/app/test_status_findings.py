"""`status` says what is wrong on an experiment's page as `check` does, and stops where it is told to."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import TYPE_CHECKING

import pytest

from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import report_details, report_status
from graphkit.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 3, 2)
PAGE = "page-type:: [[experiment]]\n\n- ### Work\n\t-TODO a\n\t- DONE b\n-TODO d\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "pages").mkdir(parents=True)
    (root / "logseq").mkdir()
    (root / "pages" / "E.md").write_text(PAGE, encoding="utf-8")
    return root


def test_a_page_counts_the_findings_that_check_names(vault: Path) -> None:
    session = load(vault, as_of=DAY)
    checked = [finding for finding in report_check(session).findings if finding.path == "pages/E.md"]
    assert "W314" in {finding.code for finding in checked}
    (row,) = report_status(session, Filters()).experiments
    (detail,) = report_details(session, ["E"]).experiments
    assert row.diagnostics == detail.experiment.diagnostics == len(checked)
    assert list(detail.findings) == checked


def test_fail_on_error_looks_at_every_page(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--fail-on", "error"]
    assert run(words) == 0
    (vault / "pages" / "note.md").write_bytes(b"- a\xff\n")
    assert run(words) == 1
    capsys.readouterr()


def test_bytes_that_are_no_utf8_still_give_json(vault: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (vault / "pages" / "note.md").write_bytes(b"- TODO a\xff\xfe b\n")
    assert run(["-g", str(vault), "tasks", "--json"]) == 0
    document = json.loads(capfdbinary.readouterr().out.decode("utf-8"))
    assert "a\udcff\udcfe b" in {task["text"] for task in document["tasks"]}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_a_link_to_itself_is_no_reason_to_call_the_vault_unreadable(vault: Path) -> None:
    (vault / "loop").symlink_to("loop")
    assert load(vault, as_of=DAY).unread == ()


def test_a_configuration_that_is_no_file_is_said(vault: Path) -> None:
    (vault / "logseq" / "config.edn").mkdir()
    session = load(vault, as_of=DAY)
    assert [finding.code for finding in session.loaded.findings] == ["E112"]
