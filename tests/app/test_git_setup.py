"""`git-setup` and the merge driver, in a real repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.writing.git_setup import ATTRIBUTES, IGNORED, driver_command, git_setup, merge_advice
from graphkit.app.writing.rollup import run_rollup
from graphkit.cli.main import run
from graphkit.outline.scanner import scan_page
from graphkit.views.merge import with_generated_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    run_rollup(load(root), environ)
    git(root, "commit", "-qam", f"{words} is done")


@needs_git
def test_lines_are_printed_then_added_below_those_of_people(vault: Path, environ: Mapping[str, str]) -> None:
    with pytest.raises(RequestError, match="git rev-parse failed"):
        git_setup(load(vault), environ)
    git(vault, "init", "-q")
    (vault / ".gitignore").write_bytes(b"mine/\nlogseq/bak/")
    report = git_setup(load(vault), environ)
    assert [part.missing for part in report.parts[:2]] == [ATTRIBUTES, IGNORED[1:]]
    assert not (vault / ".gitattributes").exists()
    assert git_setup(load(vault), environ, write=True).run is not None
    assert (vault / ".gitignore").read_text(encoding="utf-8").splitlines() == ["mine/", "logseq/bak/", *IGNORED[1:]]
    assert (vault / ".gitattributes").read_text(encoding="utf-8") == "*.md merge=graphkit\n"
    assert git(vault, "config", "merge.graphkit.driver").strip() == driver_command()
    again = git_setup(load(vault), environ, write=True)
    assert ([part.missing for part in again.parts], again.run, again.trouble) == ([(), (), ()], None, "")


@needs_git
def test_rollups_that_both_sides_renewed_do_not_conflict(vault: Path, environ: Mapping[str, str]) -> None:
    git(vault, "init", "-q", "-b", "main")
    git_setup(load(vault), environ, write=True)
    run_rollup(load(vault), environ)
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
    run_rollup(load(vault), environ)
    settled = board.read_text(encoding="utf-8")
    assert not run_rollup(load(vault), environ, dry_run=True).conflicts
    assert settled.count("[[Trial]]") == merged.count("[[Trial]]")


@needs_git
def test_words_of_people_still_conflict(vault: Path, environ: Mapping[str, str]) -> None:
    git(vault, "init", "-q", "-b", "main")
    git_setup(load(vault), environ, write=True)
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
    assert text.startswith("<<<<<<< ")
    assert "- ours" in text
    assert "- theirs" in text


@needs_git
@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        pytest.param(("c0ffee", "HEAD", "topic"), ("HEAD", "topic"), id="as git calls the three"),
        pytest.param(("%S", "%X", "%Y"), ("ours", "theirs"), id="git before 2.44 knows no labels"),
        pytest.param((), ("ours", "theirs"), id="a driver that was set up before"),
    ],
)
def test_a_conflict_is_labelled(labels: tuple[str, ...], shown: tuple[str, str], tmp_path: Path) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(f"- {name}\n", encoding="utf-8", newline="")
    files = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    assert run(["merge-driver", *files, "7", "page.md", *labels]) == 3
    assert (tmp_path / "ours").read_text(encoding="utf-8") == (
        f"<<<<<<< {shown[0]}\n- ours\n=======\n- theirs\n>>>>>>> {shown[1]}\n"
    )


@needs_git
def test_a_pages_own_rollup_tells_what_was_merged(vault: Path, environ: Mapping[str, str]) -> None:
    page = vault / "pages/Trial.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n- ### Progress\n  graphkit:: experiment", encoding="utf-8")
    git(vault, "init", "-q", "-b", "main")
    git_setup(load(vault), environ, write=True)
    run_rollup(load(vault), environ)
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "begin")
    git(vault, "checkout", "-qb", "other")
    tick(vault, "pages/Trial.md", "one", environ)
    git(vault, "checkout", "-q", "main")
    page.write_text(page.read_text(encoding="utf-8").replace("[[experiment]]", "experiment"), encoding="utf-8")
    tick(vault, "pages/Second.md", "three", environ)
    git(vault, "merge", "-q", "--no-edit", "other")
    merged = page.read_text(encoding="utf-8")
    assert "- DONE one" in merged
    assert merged.startswith("page-type:: experiment\n")
    run_rollup(load(vault), environ)
    assert page.read_text(encoding="utf-8") == merged


@needs_git
def test_without_graphkit_a_page_is_merged_as_text_and_git_setup_says_so(
    vault: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "/no/such %place/it's python"
    git(vault, "init", "-q", "-b", "main")
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("sys.executable", gone)
        report = git_setup(load(vault), environ, write=True)
    assert gone in report.trouble
    assert gone in merge_advice(vault)
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "begin")
    trial, board = vault / "pages/Trial.md", vault / "pages/Board.md"
    git(vault, "checkout", "-qb", "other")
    trial.write_text(trial.read_text(encoding="utf-8").replace("TODO one", "DONE one"), encoding="utf-8")
    board.write_text("- theirs\n", encoding="utf-8")
    git(vault, "commit", "-qam", "theirs")
    git(vault, "checkout", "-q", "main")
    trial.write_text(trial.read_text(encoding="utf-8").replace("[[experiment]]", "experiment"), encoding="utf-8")
    board.write_text("- ours\n", encoding="utf-8")
    git(vault, "commit", "-qam", "ours")
    git(vault, "merge", "-q", "--no-edit", "other", fails=True)
    assert "DONE one" in trial.read_text(encoding="utf-8")
    assert trial.read_text(encoding="utf-8").startswith("page-type:: experiment\n")
    assert board.read_text(encoding="utf-8") == "<<<<<<< ours\n- ours\n=======\n- theirs\n>>>>>>> theirs\n"


@needs_git
def test_a_clone_without_the_driver_is_told(vault: Path, environ: Mapping[str, str]) -> None:
    git(vault, "init", "-q")
    assert merge_advice(vault) == ""
    git_setup(load(vault), environ, write=True)
    assert merge_advice(vault) == ""
    git(vault, "config", "--unset", "merge.graphkit.driver")
    assert merge_advice(vault) == "this clone has no merge driver, so rollups conflict"


def test_edited_words_in_a_generated_block_are_kept(vault: Path, environ: Mapping[str, str]) -> None:
    run_rollup(load(vault), environ)
    ours = (vault / "pages/Board.md").read_text(encoding="utf-8")
    lines = ours.split("\n")
    lines[3] += " and a person's word"
    theirs = "\n".join(lines)
    assert with_generated_of(scan_page(theirs), scan_page(ours)) == theirs
    assert with_generated_of(scan_page(ours), scan_page(ours)) == ours


HOOKS_FILE = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
HOOKS = {hook["id"]: hook for hook in yaml.safe_load(HOOKS_FILE.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("pages/Trial.md", {"rollup", "check", "fmt"}),
        ("notes/assets/values.csv", {"rollup", "check"}),
        (".graphkit/templates/views/status.md.j2", {"rollup"}),
        ("graphkit.toml", {"rollup", "check", "fmt"}),
        ("notes/logseq/config.edn", {"rollup", "check", "fmt"}),
        ("assets/picture.png", set()),
        ("readme.md.txt", set()),
    ],
)
def test_what_a_commit_changes_decides_which_hooks_run(path: str, hooks: set[str]) -> None:
    assert {name for name in ("rollup", "check", "fmt") if re.search(HOOKS[f"graphkit-{name}"]["files"], path)} == hooks


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_every_hook_runs_in_a_vault_that_is_a_folder_of_the_repository(
    hook: str, vault: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(vault.parent)
    run_rollup(load(vault), environ)
    command, *arguments = HOOKS[hook]["entry"].split()
    assert (command, run([*arguments, "-g", vault.name])) == ("graphkit", 0)


def test_a_rollup_is_checked_for_the_day_of_its_commit(
    vault: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    (vault / "pages/Board.md").write_text("- ## Week\n  graphkit:: weekly", encoding="utf-8")
    assert run(["-g", str(vault), "--as-of", "2026-03-02", "rollup"]) == 0
    assert run(["-g", str(vault), "--as-of", "2026-03-02", "rollup", "--check"]) == 0
    assert run(["-g", str(vault), "--as-of", "2026-03-09", "rollup", "--check"]) == 1
