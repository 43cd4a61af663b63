"""`git-setup` and the merge driver, in a real repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.git_setup import ATTRIBUTES, IGNORED, git_setup
from graphkit.app.rollup import run_rollup
from graphkit.app.session import open_session
from graphkit.outline.scanner import scan_page
from graphkit.views.merging import with_generated_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DRIVER = f'"{sys.executable}" -m graphkit.cli.main merge-driver %O %A %B %L %P'
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    for path, text in {
        "logseq/config.edn": "{:preferred-workflow :todo}",
        "pages/Trial.md": "page-type:: [[experiment]]\n\n- ### Work\n\t- TODO one\n\t- TODO two",
        "pages/Second.md": "page-type:: [[experiment]]\n\n- ### Work\n\t- TODO three\n\t- TODO four",
        "pages/Board.md": "- words above\n- ## Status\n  graphkit:: status\n- words below",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    return root


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def git(root: Path, *arguments: str, fails: bool = False) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(root.parent)}
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(root), *arguments],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert fails or not done.returncode, done.stderr
    return done.stdout


def tick(root: Path, path: str, words: str, environ: Mapping[str, str]) -> None:
    page = root / path
    page.write_text(page.read_text(encoding="utf-8").replace(f"TODO {words}", f"DONE {words}"), encoding="utf-8")
    run_rollup(open_session(root), environ)
    git(root, "commit", "-qam", f"{words} is done")


@needs_git
def test_lines_are_printed_then_added_below_those_of_people(vault: Path, environ: Mapping[str, str]) -> None:
    with pytest.raises(RequestError, match="git rev-parse failed"):
        git_setup(open_session(vault), environ)
    git(vault, "init", "-q")
    (vault / ".gitignore").write_bytes(b"mine/\nlogseq/bak/")
    report = git_setup(open_session(vault), environ)
    assert [part.missing for part in report.parts[:2]] == [ATTRIBUTES, IGNORED[1:]]
    assert not (vault / ".gitattributes").exists()
    assert git_setup(open_session(vault), environ, write=True).run is not None
    assert (vault / ".gitignore").read_text(encoding="utf-8").splitlines() == ["mine/", "logseq/bak/", *IGNORED[1:]]
    assert (vault / ".gitattributes").read_text(encoding="utf-8") == "*.md merge=graphkit\n"
    assert git(vault, "config", "merge.graphkit.driver").strip() == "graphkit merge-driver %O %A %B %L %P"
    again = git_setup(open_session(vault), environ, write=True)
    assert ([part.missing for part in again.parts], again.run) == ([(), (), ()], None)


@needs_git
def test_rollups_that_both_sides_renewed_do_not_conflict(vault: Path, environ: Mapping[str, str]) -> None:
    git(vault, "init", "-q", "-b", "main")
    git_setup(open_session(vault), environ, write=True)
    git(vault, "config", "merge.graphkit.driver", DRIVER)
    run_rollup(open_session(vault), environ)
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "begin")
    git(vault, "checkout", "-qb", "other")
    board = vault / "pages/Board.md"
    board.write_text(board.read_text(encoding="utf-8").replace("words above", "their words above"), encoding="utf-8")
    tick(vault, "pages/Second.md", "three", environ)
    git(vault, "checkout", "-q", "main")
    tick(vault, "pages/Trial.md", "one", environ)
    git(vault, "merge", "-q", "--no-edit", "other")
    merged = board.read_text(encoding="utf-8")
    assert "<<<<<<<" not in merged
    assert merged.startswith("- their words above\n- ## Status\n  graphkit:: status sum=")
    assert merged.endswith("- words below")
    run_rollup(open_session(vault), environ)
    settled = board.read_text(encoding="utf-8")
    assert not run_rollup(open_session(vault), environ, dry_run=True).conflicts
    assert settled.count("[[Trial]]") == merged.count("[[Trial]]")


@needs_git
def test_words_of_people_still_conflict(vault: Path, environ: Mapping[str, str]) -> None:
    git(vault, "init", "-q", "-b", "main")
    git_setup(open_session(vault), environ, write=True)
    git(
        vault, "config", "merge.graphkit.driver", f'"{sys.executable}" -m graphkit.cli.main merge-driver %O %A %B %L %P'
    )
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "begin")
    board = vault / "pages/Board.md"
    git(vault, "checkout", "-qb", "other")
    board.write_text("- theirs\n", encoding="utf-8")
    git(vault, "commit", "-qam", "theirs")
    git(vault, "checkout", "-q", "main")
    board.write_text("- ours\n", encoding="utf-8")
    git(vault, "commit", "-qam", "ours")
    git(vault, "merge", "-q", "--no-edit", "other", fails=True)
    text = board.read_text(encoding="utf-8")
    assert "<<<<<<<" in text
    assert "- ours" in text
    assert "- theirs" in text


def test_edited_words_in_a_generated_block_are_kept(vault: Path, environ: Mapping[str, str]) -> None:
    run_rollup(open_session(vault), environ)
    ours = (vault / "pages/Board.md").read_text(encoding="utf-8")
    lines = ours.split("\n")
    lines[3] += " and a person's word"
    theirs = "\n".join(lines)
    assert with_generated_of(scan_page(theirs), scan_page(ours)) == theirs
    assert with_generated_of(scan_page(ours), scan_page(ours)) == ours
