"""Git is read without running what a repository names, without writing to it, whatever its settings."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest
from git_repositories import Step, build, git

from graphkit.store.git import process
from graphkit.store.git.blobs import read_blobs
from graphkit.store.git.commits import find_repository, read_commits, resolve_revision
from graphkit.store.git.process import COMPARE_OPTIONS, GitError, git_command, git_environment, git_output

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 1, 5)
STEPS = [
    Step(DAY, {"pages/a.md": "- TODO a\n", "notes.txt": "x\n"}),
    Step(date(2026, 1, 6), {"pages/a.md": "- DONE a\n", "pages/b c.md": "- TODO b\n"}),
    Step(date(2026, 1, 7), {"pages/a.md": None, "pages/ä\n\t.md": "- DONE a\n"}),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return build(tmp_path / "vault", STEPS)


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path)


class Trap:
    """A program that leaves a file behind when somebody runs it."""

    def __init__(self, folder: Path) -> None:
        self.sprung = folder / "sprung"
        self.program = folder / "trap.sh"
        self.program.write_text(f"#!/bin/sh\necho run >> '{self.sprung}'\nexit 0\n")
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)

    def is_sprung(self) -> bool:
        if self.sprung.exists():
            self.sprung.unlink()
            return True
        return False


def read_everything(root: Path) -> list[tuple[str, bytes | None]]:
    commits = read_commits(root, find_repository(root).head)
    return list(read_blobs(root, [blob for commit in commits for _, blob in commit.files if blob]))


def plain_git(root: Path, *arguments: str) -> None:
    """Git as people run it: what a trap is made for."""
    subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False, timeout=30)


def test_no_signature_is_checked(root: Path, trap: Trap) -> None:
    tree = git(root, "rev-parse", "HEAD^{tree}").strip()
    signed = (
        f"tree {tree}\nparent {git(root, 'rev-parse', 'HEAD').strip()}\n"
        "author A <a@b> 1767700000 +0000\ncommitter A <a@b> 1767700000 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nsigned\n"
    )
    made = subprocess.run(
        ["git", "-C", str(root), "hash-object", "-t", "commit", "-w", "--stdin"],
        input=signed, capture_output=True, text=True, check=True,
    )  # fmt: skip
    git(root, "reset", "-q", "--hard", made.stdout.strip())
    git(root, "config", "gpg.program", str(trap.program))
    git(root, "config", "log.showSignature", "true")
    plain_git(root, "log", "-1")
    assert trap.is_sprung()
    read_everything(root)
    assert not trap.is_sprung()


@pytest.mark.parametrize("transport", ["ext", "file"])
@pytest.mark.parametrize("alone", ["GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL"])
def test_nothing_is_fetched_for_what_a_partial_clone_lacks(
    tmp_path: Path, root: Path, trap: Trap, transport: str, alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the two variables is enough; older versions of git know the second one only."""
    if alone == "GIT_NO_LAZY_FETCH" and "lazy" not in _lazy_fetch_words(root):
        pytest.skip("this git does not know GIT_NO_LAZY_FETCH")
    both = {"GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL"}
    monkeypatch.setattr(
        process, "_ENVIRONMENT", {k: v for k, v in process._ENVIRONMENT.items() if k not in both - {alone}}
    )
    blob = git(root, "rev-parse", "HEAD:pages/b c.md").strip()
    pack = next((root / ".git/objects/pack").glob("*.pack"), None)
    if pack is not None:
        data = pack.read_bytes()
        for file in pack.parent.iterdir():
            file.chmod(0o600)
            file.unlink()
        subprocess.run(["git", "-C", str(root), "unpack-objects", "-q"], input=data, check=True)
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    git(root, "config", "core.repositoryFormatVersion", "1")
    git(root, "config", "extensions.partialClone", "origin")
    git(root, "config", "remote.origin.promisor", "true")
    git(root, "config", "protocol.ext.allow", "always")
    git(root, "config", "remote.origin.url", f"ext::{trap.program}" if transport == "ext" else str(tmp_path))
    git(root, "config", "remote.origin.uploadpack", str(trap.program))
    plain_git(root, "cat-file", "-p", blob)
    assert trap.is_sprung()
    found = dict(read_everything(root))
    assert found[blob] is None
    assert not trap.is_sprung()


def _lazy_fetch_words(root: Path) -> str:
    git(root, "config", "extensions.partialClone", "none")
    git(root, "config", "core.repositoryFormatVersion", "1")
    git(root, "config", "remote.none.promisor", "true")
    done = subprocess.run(
        ["git", "-C", str(root), "cat-file", "-p", "1" * 40],
        env={**git_environment(os.environ), "GIT_NO_LAZY_FETCH": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    git(root, "config", "--remove-section", "remote.none")
    return done.stderr


def test_no_monitor_of_the_file_system_is_asked(root: Path, trap: Trap) -> None:
    git(root, "config", "core.fsmonitor", str(trap.program))
    plain_git(root, "status")
    assert trap.is_sprung()
    git_output(root, "status")
    assert not trap.is_sprung()


def test_no_hook_runs(root: Path, trap: Trap) -> None:
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(trap.program.read_bytes())
    hook.chmod(0o700)
    git(root, "config", "user.name", "A")
    git(root, "config", "user.email", "a@b")
    plain_git(root, "commit", "-q", "--allow-empty", "-m", "x")
    assert trap.is_sprung()
    git_output(root, "commit", "-q", "--allow-empty", "-m", "x")
    assert not trap.is_sprung()


@pytest.mark.parametrize("setting", ["textconv", "command"])
def test_no_program_compares_or_converts_files(root: Path, trap: Trap, setting: str) -> None:
    (root / ".gitattributes").write_text("*.md diff=trap\n")
    git(root, "config", f"diff.trap.{setting}", str(trap.program))
    plain_git(root, "diff", "HEAD~1", "HEAD")
    assert trap.is_sprung()
    git_output(root, "diff", *COMPARE_OPTIONS, "HEAD~1", "HEAD")
    assert not trap.is_sprung()


def test_no_pager_runs_on_a_terminal(root: Path, trap: Trap) -> None:
    def on_terminal(command: list[str]) -> None:
        ours, theirs = pty.openpty()
        with subprocess.Popen(command, stdout=theirs, env=git_environment(os.environ)) as running:
            os.close(theirs)
            while True:
                try:
                    if not os.read(ours, 1 << 16):
                        break
                except OSError:
                    break
            running.wait(timeout=30)
        os.close(ours)

    git(root, "config", "core.pager", str(trap.program))
    on_terminal(["git", "-C", str(root), "log"])
    assert trap.is_sprung()
    on_terminal(git_command(root, "log"))
    assert not trap.is_sprung()


def test_the_index_is_not_refreshed(root: Path) -> None:
    index = root / ".git/index"
    before = index.read_bytes()
    os.utime(root / "notes.txt", (1, 1))
    git_output(root, "status")
    assert index.read_bytes() == before
    plain_git(root, "status")
    assert index.read_bytes() != before


def test_reading_changes_no_file_of_the_repository(root: Path) -> None:
    def files() -> dict[Path, tuple[int, bytes]]:
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes()) for path in root.rglob("*") if path.is_file()
        }  # fmt: skip

    before = files()
    read_everything(root)
    assert files() == before


def test_variables_of_the_environment_do_not_lead_elsewhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: Trap
) -> None:
    other = build(tmp_path / "other", [Step(DAY, {"pages/z.md": "- z\n"})])
    expected = read_everything(root)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(trap.program))
    assert read_everything(root) == expected
    git_output(root, "status")
    assert not trap.is_sprung()


@pytest.mark.parametrize("revision", ["--since=2020-01-01", "--all", "nonsense", "HEAD:pages", "-1", ""])
def test_a_revision_is_never_an_option(root: Path, revision: str) -> None:
    with pytest.raises(GitError, match="does not know the commit"):
        resolve_revision(root, revision)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("log.showRoot", "false"), ("log.follow", "true"), ("diff.renames", "copies"), ("diff.orderFile", "/no/such"),
        ("log.diffMerges", "off"), ("core.quotePath", "false"), ("format.pretty", "%B"), ("color.ui", "always"),
        ("log.date", "relative"), ("core.abbrev", "4"), ("diff.relative", "true"), ("log.decorate", "full"),
        ("log.mailmap", "true"), ("log.abbrevCommit", "true"), ("diff.ignoreSubmodules", "all"),
        ("core.commentChar", ":"), ("diff.noPrefix", "true"), ("i18n.logOutputEncoding", "UTF-16"),
    ],
)  # fmt: skip
def test_settings_of_the_repository_change_nothing(root: Path, key: str, value: str) -> None:
    expected = read_commits(root, find_repository(root).head)
    git(root, "config", key, value)
    assert read_commits(root, find_repository(root).head) == expected
    assert len(expected) == len(STEPS)


def test_commits_hold_the_files_that_they_changed(root: Path) -> None:
    first, second, third = read_commits(root, find_repository(root).head)
    assert first.parent == ""
    assert (second.parent, third.parent) == (first.id, second.id)
    assert [commit.authored for commit in (first, second, third)] == [step.day for step in STEPS]
    assert {path for path, _ in first.files} == {"pages/a.md", "notes.txt"}
    assert {path for path, blob in second.files if blob} == {"pages/a.md", "pages/b c.md"}
    assert dict(third.files)["pages/a.md"] is None
    assert dict(read_everything(root))[dict(third.files)["pages/ä\n\t.md"] or ""] == b"- DONE a\n"


def test_a_vault_in_a_sub_folder_sees_its_own_files_only(tmp_path: Path) -> None:
    vault = build(tmp_path / "all", STEPS, prefix="notes/vault")
    (vault.parent / "other.md").write_text("- other\n")
    git(tmp_path / "all", "add", "-A")
    git(tmp_path / "all", "commit", "-q", "-m", "other")
    commits = read_commits(vault, find_repository(vault).head)
    assert find_repository(vault).prefix == "notes/vault/"
    assert [len(commit.files) for commit in commits] == [2, 2, 2, 0]
    assert "pages/a.md" in dict(commits[0].files)


def test_of_a_merge_the_first_parent_counts(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "side", "HEAD~1")
    (root / "pages/side.md").write_text("- TODO side\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "side")
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side")
    commits = read_commits(root, find_repository(root).head)
    assert len(commits) == len(STEPS) + 1
    assert [path for path, _ in commits[-1].files] == ["pages/side.md"]


def test_only_new_commits_are_read_again(root: Path) -> None:
    whole = read_commits(root, find_repository(root).head)
    assert read_commits(root, whole[-1].id, whole[0].id) == whole[1:]
    assert read_commits(root, whole[-1].id, whole[-1].id) == []


def test_of_a_line_that_was_rebased_all_is_read_again(root: Path) -> None:
    old = find_repository(root).head
    git(root, "commit", "-q", "--amend", "-m", "other words")
    commits = read_commits(root, find_repository(root).head, old)
    assert len(commits) == len(STEPS)
    git(root, "reset", "-q", "--hard", "HEAD~1")
    assert len(read_commits(root, find_repository(root).head, old)) == len(STEPS) - 1


def test_links_and_submodules_are_no_files(root: Path) -> None:
    (root / "pages/link.md").symlink_to("b c.md")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(root, "add", "pages/link.md")
    git(root, "commit", "-q", "-m", "links")
    last = read_commits(root, find_repository(root).head)[-1]
    assert dict(last.files) == {"pages/link.md": None, "module": None}
    assert last.submodules == ("module",)


@pytest.mark.parametrize(("seconds", "zone"), [(-1, "+0000"), (253402300800, "+0000"), (10**17, "+0000"), (0, "+9999")])
def test_a_date_that_is_none_is_no_error(tmp_path: Path, seconds: int, zone: str) -> None:
    root = build(tmp_path / "vault", STEPS[:1])
    tree = git(root, "rev-parse", "HEAD^{tree}").strip()
    text = f"tree {tree}\nauthor A <a@b> {seconds} {zone}\ncommitter A <a@b> {seconds} {zone}\n\nx\n"
    made = subprocess.run(
        ["git", "-C", str(root), "hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    commits = read_commits(root, made.stdout.strip())
    assert len(commits) == 1
    assert commits[0].authored is None or commits[0].authored.year < 10000


def test_worktrees_and_shallow_clones_are_repositories(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert read_commits(tmp_path / "tree", find_repository(tmp_path / "tree").head)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(tmp_path / "shallow"))
    clone = find_repository(tmp_path / "shallow")
    assert clone.shallow
    commits = read_commits(tmp_path / "shallow", clone.head)
    assert [commit.parent for commit in commits] == [""]
    assert len(commits[0].files) == 3


def test_what_is_missing_is_said(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        find_repository(tmp_path)
    git(tmp_path, "clone", "-q", "--bare", str(root), str(tmp_path / "bare"))
    with pytest.raises(GitError, match="bare"):
        find_repository(tmp_path / "bare")
    git(tmp_path, "init", "-q", str(tmp_path / "empty"))
    assert not find_repository(tmp_path / "empty").head
    with monkeypatch.context() as patch:
        patch.setattr(process, "_ENVIRONMENT", {**process._ENVIRONMENT, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
        with pytest.raises(GitError, match="dubious ownership"):
            find_repository(root)
    monkeypatch.setattr(process, "PROGRAM", "no-such-git")
    with pytest.raises(GitError, match="cannot be run"):
        find_repository(root)


def test_a_broken_repository_is_an_error_in_one_line(root: Path) -> None:
    head = find_repository(root).head
    for file in (root / ".git/objects").rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"broken")
    with pytest.raises(GitError) as caught:
        read_commits(root, head)
    assert "\n" not in str(caught.value)
