"""The outputs of this tree beside those of an earlier revision: `GRAPHKIT_BEFORE=v0.1 pytest -m soak -n 0 FILE`.

`GRAPHKIT_BEFORE` names a git revision, which is checked out into a temporary work tree. Each command runs on every
vault once with either tree; what differs is listed by vault, command and stream, with the first line that differs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import pytest
from shared_material import CORPORA, ROOT, SEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE = os.environ.get("GRAPHKIT_BEFORE", "")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not BEFORE, reason="GRAPHKIT_BEFORE names no revision to compare with"),
]

PROGRAM = "from graphkit.cli.main import main; main()"
VIEWS = ("status", "tasks", "goals", "metrics", "strategies", "next", "check")
OF_AN_EXPERIMENT = ("status", "tree", "readout")
EXPERIMENTS = 3
"""Experiments of each vault that are looked at one by one."""
PLAIN = (
    ("export", "json"),
    ("export", "blocks"),
    ("rollup", "--dry-run"),
    ("rollup", "--create", "--dry-run"),
    ("fmt", "--dry-run"),
    ("new", "experiment", "A trial of its own", "--dry-run"),
)
WIDTHS = ("80", "160")
PROCESSES = 2


class Job(NamedTuple):
    """One command on one vault."""

    vault: Path
    words: tuple[str, ...]
    columns: str

    def __str__(self) -> str:
        return f"{self.vault.name}: {' '.join(self.words)} ({self.columns} columns)"


class Output(NamedTuple):
    """What a command printed, with the paths of its tree and home replaced, and its exit code."""

    code: int
    stdout: str
    stderr: str


def run(job: Job, tree: Path, home: Path) -> Output:
    """The output of a command of a tree, with no settings and no cache of the user."""
    places = {"HOME": home, "GRAPHKIT_CACHE_DIR": home / "cache", "GRAPHKIT_STATE_DIR": home / "state"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GRAPHKIT_")}
    environment = inherited | {name: str(place) for name, place in places.items()}
    environment |= {"PYTHONPATH": str(tree), "GRAPHKIT_NO_INDEX": "1", "COLUMNS": job.columns}
    command = [sys.executable, "-c", PROGRAM, "-g", str(job.vault), "--as-of", "2026-03-02", *job.words]
    done = subprocess.run(
        command, env=environment, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=300
    )

    def text(data: bytes) -> str:
        return data.decode("utf-8", "replace").replace(str(tree), "TREE").replace(str(home), "HOME")

    return Output(done.returncode, text(done.stdout), text(done.stderr))


def experiments(vault: Path, home: Path) -> list[str]:
    """Titles of the first experiments of a vault."""
    listed = run(Job(vault, ("status", "--all", "--json"), WIDTHS[0]), ROOT, home)
    return [each["title"] for each in json.loads(listed.stdout)["experiments"][:EXPERIMENTS]] if listed.stdout else []


def jobs(vaults: list[Path], home: Path) -> Iterator[Job]:
    """Every view as text in each width and as JSON, and the commands that have one form."""
    for vault in vaults:
        views: list[tuple[str, ...]] = [(view,) for view in VIEWS]
        views += [(view, title) for title in experiments(vault, home) for view in OF_AN_EXPERIMENT]
        for view in views:
            yield from (Job(vault, view, width) for width in WIDTHS)
            yield Job(vault, (*view, "--json"), WIDTHS[0])
        yield from (Job(vault, words, WIDTHS[0]) for words in PLAIN)


def first_difference(stream: str, before: str, after: str) -> str:
    """The first line in which two texts differ."""
    pairs = zip_longest(before.split("\n"), after.split("\n"))
    number, (old, new) = next((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return f"  {stream} line {number}\n    before {_cut(old)}\n    now    {_cut(new)}"


def _cut(line: str | None) -> str:
    return "(no such line)" if line is None else line[:200]


def compare(job: Job, before: Output, after: Output) -> str | None:
    """What differs between two outputs of a job; None where nothing does."""
    found = [] if before.code == after.code else [f"  exit code {before.code} before, {after.code} now"]
    found += [
        first_difference(stream, old, new)
        for stream, old, new in (
            ("stdout", before.stdout, after.stdout),
            ("stderr", before.stderr, after.stderr),
        )
        if old != new
    ]
    return "\n".join([str(job), *found]) if found else None


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Path]:
    """A work tree of the revision that `GRAPHKIT_BEFORE` names."""
    tree = tmp_path / "before"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", str(tree), BEFORE], check=True, capture_output=True)
    yield tree
    subprocess.run([*git, "remove", "--force", str(tree)], check=True, capture_output=True)


@pytest.fixture
def vaults(tmp_path: Path) -> list[Path]:
    """Copies of the sample graph and of the shared vaults, and the shared seeds as the pages of one vault."""
    found = [ROOT / "sample_graph"]
    if CORPORA.is_dir():
        found += sorted(path for path in CORPORA.iterdir() if path.is_dir())
    copies = [tmp_path / "vaults" / path.name for path in found]
    for source, target in zip(found, copies, strict=True):
        shutil.copytree(source, target, symlinks=True)
    seeds = sorted(SEEDS.glob("*.txt"))
    if seeds:
        pages = tmp_path / "vaults" / "seeds" / "pages"
        pages.mkdir(parents=True)
        for seed in seeds:
            shutil.copyfile(seed, pages / f"{seed.stem}.md")
        copies.append(pages.parent)
    return copies


def test_every_output_is_that_of_the_earlier_revision(earlier: Path, vaults: list[Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()

    def difference(job: Job) -> str | None:
        return compare(job, run(job, earlier, home), run(job, ROOT, home))

    with ThreadPoolExecutor(PROCESSES) as pool:
        found = [each for each in pool.map(difference, jobs(vaults, home)) if each is not None]
    assert not found, f"{len(found)} outputs differ\n" + "\n".join(found)
