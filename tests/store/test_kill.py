"""A real process is killed while it writes: each page is the old or the new one, and the next run cleans up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from faulty_disk import FaultyDisk

from graphkit.store.writing.atomic_write import create_page, write_page
from graphkit.store.writing.leftovers import Fate, recover
from graphkit.store.writing.outcome import Outcome
from graphkit.store.writing.restore import undo_last
from graphkit.store.writing.undo_store import UndoStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")

HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGES = ("pages/a.md", "pages/b.md", "journals/2026_03_02.md")
CREATED = "pages/created.md"


def body(number: int) -> bytes:
    """A page that names its version in every line, so that a mixture of two shows."""
    return b"".join(b"- version %d line %d\n" % (number, line) for line in range(400))


def version(data: bytes) -> int:
    """The version of a whole page; -1 for anything else."""
    match = re.match(rb"- version (\d+) line 0\n", data)
    number = int(match[1]) if match else -1
    return number if data == body(number) else -1


def make_vault(folder: Path) -> Path:
    root = folder / "vault"
    for page in PAGES:
        (root / page).parent.mkdir(parents=True, exist_ok=True)
        (root / page).write_bytes(body(0))
    return root


def store_of(folder: Path) -> UndoStore:
    return UndoStore(folder / "state")


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def write_version(folder: Path, number: int, disk: FaultyDisk) -> None:
    """One run that gives every page this version."""
    run = UndoStore(folder / "state", fs=disk).begin(time=NOW, command=f"version {number}")
    for page in PAGES:
        result = write_page(folder / "vault", page, lambda _data: body(number), keeper=run, fs=disk)
        assert result.outcome is Outcome.WRITTEN


def check_and_clean(folder: Path) -> list[int]:
    """The pages' versions after a kill: whole pages, nothing missing, and no dot file once the next run has begun."""
    root = folder / "vault"
    left = [name for name in files(root) if name not in PAGES and name != CREATED]
    assert len(left) <= 1
    run = store_of(folder).begin(time=NOW, command="next")
    assert {leftover.fate for leftover in recover(root, files(root), keeper=run)} <= {Fate.DROPPED}
    assert store_of(folder).rescued() == ()
    assert [name for name in files(root) if name != CREATED] == sorted(PAGES)
    versions = [version((root / page).read_bytes()) for page in PAGES]
    assert -1 not in versions
    return versions


def run_child(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), *arguments],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE.parent.parent)))},
    )


def test_a_kill_at_every_single_call_leaves_whole_pages_and_can_be_undone(tmp_path: Path) -> None:
    with run_child("steps", str(tmp_path)) as child:
        assert child.stdout is not None
        killed = [int(line) for line in child.stdout]
    assert child.returncode == 0
    assert killed == list(range(len(killed)))
    assert len(killed) > 60
    seen = set()
    for number in killed:
        folder = tmp_path / str(number)
        versions = check_and_clean(folder)
        seen.add(tuple(versions))
        for _run in ("new", "version 1"):
            undo_last(folder / "vault", store_of(folder), time=NOW)
        assert {version((folder / "vault" / page).read_bytes()) for page in PAGES} == {0}
        assert not (folder / "vault" / CREATED).exists()
    assert seen == {(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)}


def random_kills(folder: Path, kills: int, seed: int) -> int:
    """How often a process was killed between two pages of a run or in one, of so many kills at random moments.

    Each round begins with a run of its own, so that no undo reaches back beyond the states of a page that are kept.
    """
    random = Random(seed)  # noqa: S311 - repeatable moments
    make_vault(folder)
    between = 0
    start = 1
    for _ in range(kills):
        write_version(folder, start, FaultyDisk())
        with run_child("forever", str(folder), str(start + 1)) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(timeout=random.uniform(0.0, 0.06))
            child.kill()
        versions = check_and_clean(folder)
        between += len(set(versions)) > 1
        assert len(set(versions)) <= 2
        start = max(versions) + 1
        report = undo_last(folder / "vault", store_of(folder), time=NOW)
        assert {result.outcome for result in report.results} <= {Outcome.WRITTEN, Outcome.UNCHANGED}
        (undone,) = {version((folder / "vault" / page).read_bytes()) for page in PAGES}
        assert undone == min(versions) if len(set(versions)) > 1 else undone <= versions[0]
    return between


def test_kills_at_random_moments_leave_whole_pages(tmp_path: Path) -> None:
    assert random_kills(tmp_path, kills=8, seed=1) <= 8


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_hundreds_of_kills_at_random_moments_leave_whole_pages(tmp_path: Path) -> None:
    between = random_kills(tmp_path, kills=500, seed=2)
    print(f"\n500 kills, {between} of them in the middle of a run; no page lost, torn or left in a dot file")  # noqa: T201
    assert between > 50


def child_of_every_step(folder: Path) -> None:
    """For each call of a run, a vault and a process that is killed at it; its number is printed."""
    for number in range(1000):
        here = folder / str(number)
        root = make_vault(here)
        pid = os.fork()
        if pid == 0:
            disk = FaultyDisk(kill_at=number)
            write_version(here, 1, disk)
            run = UndoStore(here / "state", fs=disk).begin(time=NOW, command="new")
            create_page(root, CREATED, b"- created", keeper=run, fs=disk)
            os._exit(0)
        _pid, status = os.waitpid(pid, 0)
        if not os.WIFSIGNALED(status):
            return
        print(number, flush=True)  # noqa: T201 - for the test


def child_that_writes(folder: Path, number: int) -> None:
    """Version after version until the kill."""
    print("ready", flush=True)  # noqa: T201 - for the test
    while True:
        write_version(folder, number, FaultyDisk())
        number += 1


if __name__ == "__main__":
    if sys.argv[1] == "steps":
        child_of_every_step(Path(sys.argv[2]))
    else:
        child_that_writes(Path(sys.argv[2]), int(sys.argv[3]))
