"""`graphkit git-setup`: what a vault in git needs, and whether the merge driver of its repository works."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.results.edits import GitPart, GitReport
from graphkit.app.writing.apply_plans import Change, WriteReport, write_changes
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.edit import Plan, Splice, digest
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.app.vault import Vault

ATTRIBUTES = ("*.md merge=graphkit",)
"""Lines for `.gitattributes`: pages are merged by graphkit's driver."""
IGNORED = ("logseq/bak/", "logseq/.recycle/", "logseq/version-files/", ".graphkit-*.tmp", ".graphkit-*.swap")
"""Lines for `.gitignore`: Logseq's own copies, and what a killed run of graphkit may leave.

spec: logseq-format §1.1.
"""
DRIVER = "merge.graphkit.driver"
NAME = "merge.graphkit.name"

_TRIAL = "- s\n  graphkit:: status sum=k{}\n"
"""A page that each side has changed in graphkit's word only: a conflict for git, and none for the driver."""


def driver_command() -> str:
    """The driver of this graphkit as a shell command for git, which need not find `graphkit` on the PATH.

    Where this Python or graphkit is gone, or fails, pages are merged as text: a driver that merely failed would leave
    our version alone, and the other person's words would be lost with the next commit.
    """
    # -P: a folder `graphkit` or a `click.py` in the repository is not ours to run.
    python = shlex.quote(sys.executable or "python3").replace("%", "%%")
    return (
        f"{python} -P -m graphkit.cli.main merge-driver %O %A %B %L %P %S %X %Y; "
        "merged=$?; case $merged in 0|3) exit $merged;; esac; "
        "echo 'graphkit cannot merge' %P', so it is merged as text' >&2; "
        "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    )


def _settings() -> dict[str, str]:
    """Settings of the repository, which git does not share: everyone runs `git-setup --write` once."""
    return {NAME: "people's words merged, rollups rendered again", DRIVER: driver_command()}


def git_setup(vault: Vault, environ: Mapping[str, str], *, write: bool = False) -> GitReport:
    """The lines that this vault's repository lacks; with `write` they are added below existing ones.

    Raises RequestError if the vault is in no git repository, or git cannot be run.
    """
    root = vault.root.resolve()
    _git(root, "rev-parse", "--show-toplevel")
    parts: list[GitPart] = []
    changes: list[Change] = []
    for name, lines in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        data = read_bytes(vault.root, name) if (root / name).exists() else None
        if isinstance(data, Diagnostic):
            raise RequestError(f"{name}: {data.message}", data.hint)
        missing = _missing(data, lines)
        parts.append(GitPart(place=name, missing=missing))
        if missing:
            changes.append(Change(plan=_addition(name, data, missing)))
    settings = {
        key: value
        for key, value in _settings().items()
        if _git(root, "config", "--local", "--get", key, fails=True) != value
    }
    parts.append(GitPart(place="git config", missing=tuple(f"{key} = {value}" for key, value in settings.items())))
    written = WriteReport()
    if write:
        written = write_changes(vault.root, changes, command="git-setup", environ=environ)
        for key, value in settings.items():
            _git(root, "config", "--local", key, value)
    return GitReport(
        parts=tuple(parts),
        wrote=write,
        trouble="" if settings and not write else _driver_trouble(root),
        pages=written.pages,
        findings=written.findings,
        run=written.run,
    )


def merge_advice(root: Path) -> str:
    """The steps until pages of this vault are merged as its `.gitattributes` ask; empty if they are."""
    try:
        if not _git(root, "check-attr", "merge", "--", "pages/page.md").endswith(": graphkit"):
            return ""
        if not _git(root, "config", "--get", DRIVER, fails=True):
            return "this clone has no merge driver, so rollups conflict"
        trouble = _driver_trouble(root)
    except RequestError:
        return ""
    return f"the merge driver of this clone does not work: {trouble}" if trouble else ""


def _driver_trouble(root: Path) -> str:
    """Why the registered driver does not merge, found by letting it merge; empty if it does."""
    command = _git(root, "config", "--get", DRIVER, fails=True)
    with tempfile.TemporaryDirectory(prefix="graphkit-merge-") as folder:
        for number, name in enumerate(("base", "ours", "theirs")):
            Path(folder, name).write_text(_TRIAL.format(number), encoding="utf-8", newline="")
        values = {"%O": "base", "%A": "ours", "%B": "theirs", "%L": "7", "%P": "page.md", "%%": "%"}
        for sign, value in values.items():
            command = command.replace(sign, value)
        done = _run(Path(folder), "-c", f"alias.graphkit-trial=!{command}", "graphkit-trial")
        merged = Path(folder, "ours").read_text(encoding="utf-8", errors="replace")
    if not done.returncode and merged == _TRIAL.format(1):
        return ""
    return done.stderr.strip().partition("\n")[0] or f"it ended with exit status {done.returncode}"


def _missing(data: bytes | None, lines: Sequence[str]) -> tuple[str, ...]:
    present = {" ".join(line.split()) for line in (data or b"").decode("utf-8", "replace").splitlines()}
    return tuple(line for line in lines if line not in present)


def _addition(name: str, data: bytes | None, missing: Sequence[str]) -> Plan:
    text = SourceText.decode(data or b"").text
    lead = "\n" if text and not text.endswith("\n") else ""
    return Plan(
        page=name,
        digest=None if data is None else digest(data),
        splices=(Splice(len(text), len(text), lead + "".join(f"{line}\n" for line in missing)),),
        reason="git-setup",
    )


def _git(folder: Path, *arguments: str, fails: bool = False) -> str:
    done = _run(folder, *arguments)
    if done.returncode and not fails:
        raise RequestError(
            f"git {arguments[0]} failed: {done.stderr.strip().partition(chr(10))[0]}",
            "the vault must lie in a git repository: run `git init` in its folder first",
        )
    return done.stdout.strip()


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - arguments of this module's own
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git that people use
            capture_output=True, check=False, text=True, errors="replace", timeout=60,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise RequestError(f"git cannot be run: {error}", "install git, or leave this vault without it") from error
