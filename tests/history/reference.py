"""A slow reference for histories: every commit is checked out, and `status --json` is asked there."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

from git_repositories import git

from graphkit.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

Counts = tuple[float, float, str, int, int, int]
"""Weight done, weight of the scope, unit, leaves done, leaves, leaves being done."""


def asked(root: Path, *arguments: str) -> dict[str, Any]:
    """The JSON document that a command prints for the vault at root."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["-g", str(root), *arguments, "--json"])
    assert code == 0, err.getvalue()
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def checked_out(repository: Path, work: Path, vault: str = "") -> list[tuple[str, str, dict[str, Counts]]]:
    """For each commit of the first-parent line, oldest first: its day, its id and the counts of each experiment."""
    git(repository, "worktree", "add", "-q", "--detach", str(work))
    latest = ""
    found = []
    for line in git(repository, "log", "--first-parent", "--reverse", "--format=%H %as").splitlines():
        commit, day = line.split()
        latest = max(latest, day)
        git(work, "checkout", "-q", "--detach", commit)
        document = asked(work / vault, "--no-index", "--as-of", latest, "status", "--all")
        found.append((latest, commit, {row["path"]: _counts(row["progress"]) for row in document["experiments"]}))
    return found


def _counts(progress: dict[str, Any]) -> Counts:
    return (
        progress["done_weight"],
        progress["total_weight"],
        progress["unit"],
        progress["done"],
        progress["total"],
        progress["doing"],
    )
