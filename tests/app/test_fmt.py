"""`fmt` on a vault: which pages it names, what it writes, what it refuses, and that it can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.writing.fmt import report_form, write_form
from graphkit.app.writing.undo import undo_run
from graphkit.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ID = "65f1c0de-0000-4000-8000-000000000001"
PAGES = {
    "logseq/config.edn": "{:export/bullet-indentation :two-spaces}",
    "pages/Formed.md": "- a\n  - b",
    "pages/Other.md": "- a\r\n\t- b ж\r\n",
    "pages/Lossy.md": "# T\n      code\n- b\n",
    "pages/First.md": f"- x\n  id:: {ID}",
    "pages/Second.md": f"- y\n  id:: {ID}",
    "pages/Merge.md": "- a\n<<<<<<< HEAD\n- b\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    for path, text in PAGES.items():
        target = tmp_path / "vault" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    (tmp_path / "vault/pages/Latin.md").write_bytes(b"- caf\xe9\n")
    return tmp_path / "vault"


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_every_page_is_judged_and_nothing_is_written(vault: Path) -> None:
    before = contents(vault)
    report = report_form(load(vault), (), every=True)
    assert {row.path: (row.state, row.losses) for row in report.rows} == {
        "pages/First.md": ("formed", ()),
        "pages/Formed.md": ("formed", ()),
        "pages/Latin.md": ("refused", ("it holds bytes that are not UTF-8",)),
        "pages/Lossy.md": ("refused", ("1: lines of the block “# T” would lose their indentation",)),
        "pages/Merge.md": ("refused", ("it holds merge conflict markers (<<<<<<<)",)),
        "pages/Other.md": ("other", ()),
        "pages/Second.md": ("refused", ("1: the block “y” would lose its id, which another block already has",)),
    }
    assert [(finding.path, finding.code, finding.line) for finding in report.findings] == [
        ("pages/Latin.md", "W606", 1),
        ("pages/Lossy.md", "W620", 1),
        ("pages/Merge.md", "W606", 1),
        ("pages/Second.md", "W620", 1),
    ]
    assert contents(vault) == before


def test_only_pages_that_lose_nothing_are_written_and_undo_brings_the_bytes_back(
    vault: Path, environ: Mapping[str, str]
) -> None:
    before = contents(vault)
    session = load(vault)
    report = write_form(session, report_form(session, (), every=True), environ)
    assert [(page.path, page.outcome) for page in report.pages] == [("pages/Other.md", "written")]
    assert contents(vault) == {**before, "pages/Other.md": "- a\n  - b ж".encode()}
    undo_run(vault, environ)
    assert contents(vault) == before


def test_a_second_run_writes_nothing(vault: Path, environ: Mapping[str, str]) -> None:
    session = load(vault)
    write_form(session, report_form(session, ["Other"]), environ)
    after = {path: path.stat().st_mtime_ns for path in vault.rglob("*.md")}
    session = load(vault)
    report = write_form(session, report_form(session, ["Other", "Formed", "pages/Other.md"]), environ)
    assert [row.state for row in report.rows] == ["formed", "formed"]
    assert report.pages == ()
    assert {path: path.stat().st_mtime_ns for path in vault.rglob("*.md")} == after


def test_a_page_that_changes_meanwhile_is_formed_from_its_newer_words(vault: Path, environ: Mapping[str, str]) -> None:
    session = load(vault)
    report = report_form(session, ["Other"])
    (vault / "pages/Other.md").write_bytes(b"- a\n\n\n- new words\n")
    write_form(session, report, environ)
    assert (vault / "pages/Other.md").read_bytes() == b"- a\n- new words"


def test_other_dialects_and_unknown_names_are_refused(vault: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="names no page"):
        report_form(load(vault), ["Nothing"])
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/note.md").write_text("- a\n", encoding="utf-8")
    with pytest.raises(RequestError, match="is not a Logseq graph"):
        report_form(load(tmp_path / "plain"), (), every=True)


def test_the_form_is_printed_byte_by_byte(vault: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["-g", str(vault), "fmt", "other"]) == 0
    assert capfdbinary.readouterr().out == "- a\n  - b ж".encode()


def test_check_names_the_pages_and_exits_with_1(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-g", str(vault), "fmt", "--check", "Formed"]) == 0
    assert capsys.readouterr().out == "state\tpath\n"
    assert run(["-g", str(vault), "fmt", "--check", "Formed", "Other"]) == 1
    assert capsys.readouterr().out == "state\tpath\nwould change\tpages/Other.md\n"
    assert run(["-g", str(vault), "fmt", "--diff", "Other"]) == 0
    assert capsys.readouterr().out == (
        "--- a/pages/Other.md\n+++ b/pages/Other.md\n@@ -1,2 +1,2 @@\n"
        "-- a\r\n-\t- b ж\r\n+- a\n+  - b ж\n\\ No newline at end of file\n"
    )
    assert run(["-g", str(vault), "fmt", "--check", "./pages/Other.md", str(vault / "pages/Formed.md")]) == 1
    assert capsys.readouterr().out == "state\tpath\nwould change\tpages/Other.md\n"
    assert run(["-g", str(vault), "fmt"]) == 2
    assert run(["-g", str(vault), "fmt", "--check", "--write", "Other"]) == 2


def test_of_a_refused_page_nothing_is_printed_but_why(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-g", str(vault), "fmt", "Lossy"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("warning: pages/Lossy.md:1: W620 ")
    assert run(["-g", str(vault), "fmt", "Lossy", "Formed"]) == 1
    assert capsys.readouterr().out == "==> pages/Formed.md <==\n- a\n  - b"
    assert run(["-g", str(vault), "fmt", "--check", "Lossy"]) == 1
    assert capsys.readouterr().err.endswith("0 pages formatted as Logseq saves them, 1 page skipped\n")


def test_a_byte_order_mark_that_hides_the_first_block_is_named(vault: Path) -> None:
    (vault / "pages/Formed.md").write_bytes("\ufeff- a\n- b".encode())
    report = report_form(load(vault), ["Formed"])
    assert report.rows[0].losses == (
        "1: the byte-order mark before the first line keeps Logseq from reading that line as a block",
    )
    assert report.findings[0].hint == "save the page as UTF-8 without a byte-order mark"
