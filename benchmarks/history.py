"""How long reading a history from git takes, beside git itself and the reader: ratios in one run.

    python benchmarks/history.py [--commits 2000] [--pages 3000]

Prints user + system time in seconds, and exits with 1 where a ratio is over its budget.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from benchmarks.generate import write_vault
from graphkit.app.cache_writing import save_facts
from graphkit.app.history.vault_history import read_history
from graphkit.app.load import load
from graphkit.app.opening import IndexPlace
from graphkit.app.page_reader import read_heads
from graphkit.store.git.blobs import read_blobs
from graphkit.store.git.commits import read_commits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.app.history.vault_history import VaultHistory

T = TypeVar("T")
TODAY = date(2026, 6, 1)
BUDGETS = {"cold": 2.0, "nothing new": 3.0}


def main() -> int:
    """Build a repository, measure, print; 1 where something is over its budget."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--commits", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=3000)
    arguments = parser.parse_args()
    gc.set_threshold(50_000)
    with tempfile.TemporaryDirectory(prefix="graphkit-history-") as folder:
        root = Path(folder, "vault")
        build(root, Path(folder, "source"), arguments.commits, arguments.pages)
        return measure(root, Path(folder, "cache", "index.sqlite"))


def measure(root: Path, place: Path) -> int:
    """Every figure, and whether one is over its budget."""
    head = run_git(root, "rev-parse", "main").strip()
    log_seconds, commits = timed(lambda: read_commits(root, head))
    versions = [(path, blob) for commit in commits for path, blob in commit.files if blob and path.endswith(".md")]
    blob_seconds, blobs = timed(lambda: list(read_blobs(root, (blob for _, blob in versions))))
    vault = load(root, as_of=TODAY)
    files = [(path, data or b"") for (path, _), (_, data) in zip(versions, blobs, strict=True)]
    batches = [files[start : start + 128] for start in range(0, len(files), 128)]
    read_seconds, _ = timed(lambda: [read_heads(batch, vault) for batch in batches])
    print(f"{len(commits):,} commits, {len(versions):,} blobs, {sum(len(data) for _, data in files) / 1e6:.1f} MB")
    print(
        f"git log --raw {log_seconds:.2f}   git cat-file {blob_seconds:.2f}   reading as many bytes {read_seconds:.2f}"
    )
    run_git(root, "reset", "-q", "--hard", "main~10")
    cold = history_seconds(root, place)
    nothing = min(history_seconds(root, place)[0] for _ in range(5))
    last = min(timed(lambda: run_git(root, "log", "-1"))[0] for _ in range(5))
    run_git(root, "reset", "-q", "--hard", head)
    new = history_seconds(root, place)
    ratios = {"cold": cold[0] / (log_seconds + blob_seconds + read_seconds), "nothing new": nothing / last}
    print(f"cold, cache written: {cold[0]:.2f}, ratio {ratios['cold']:.2f} of {BUDGETS['cold']:g}")
    budget = BUDGETS["nothing new"]
    print(f"nothing new: {nothing:.4f}, git log -1 {last:.4f}, ratio {ratios['nothing new']:.2f} of {budget:g}")
    print(f"ten new commits: {new[0]:.3f}, {new[1].blobs_read} blobs read")
    return int(any(ratios[name] > limit for name, limit in BUDGETS.items()))


def history_seconds(root: Path, place: Path) -> tuple[float, VaultHistory]:
    """The history, with its time; the work trees of today are made before, as `status` makes them anyway."""
    from graphkit.app.reading.experiments import experiments_of  # noqa: PLC0415 - beside its use

    vault = load(root, as_of=TODAY, index=IndexPlace(path=place))
    rollups = {item.page.path: (item.page, item.tree) for item in experiments_of(vault)}
    seconds, history = timed(lambda: read_history(vault, rollups))
    save_facts(vault)
    return seconds, history


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """User and system time of this process and of those that it waited for, in seconds; and what the work gives."""
    before = _seconds()
    found = work()
    return _seconds() - before, found


def _seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in both)


def run_git(root: Path, *arguments: str, data: bytes | None = None) -> str:
    """What git prints."""
    done = subprocess.run(["git", "-C", str(root), *arguments], input=data, capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def build(root: Path, source: Path, commits: int, pages: int) -> None:
    """A repository of so many commits: pages are added, tasks done and written, experiments most of all."""
    write_vault(source, pages=pages, kind="mixed", seed=1)
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    root.mkdir()
    run_git(root, "init", "-q", "-b", "main", ".")
    run_git(root, "fast-import", "--quiet", data=b"".join(stream(files, commits)))
    run_git(root, "gc", "-q")
    run_git(root, "reset", "-q", "--hard", "main")


def stream(files: dict[str, bytes], commits: int) -> Iterator[bytes]:
    """The commits for `git fast-import`."""
    chance = random.Random(2)
    names = sorted(files)
    there = {name: files[name] for name in names if name.startswith("logseq/") or names.index(name) % 2}
    coming = [name for name in names if name not in there]
    experiments = [name for name in names if b"[[experiment]]" in files[name]]
    changed = dict(there)
    for number in range(commits):
        if number:
            changed = {}
            for _ in range(chance.choice((3, 4, 5, 6, 6))):
                if coming and chance.random() < 0.16:
                    name = coming.pop()
                    changed[name] = files[name]
                    continue
                name = chance.choice(experiments if chance.random() < 0.4 else list(there))
                text = there.get(name, files[name])
                if b"TODO" in text and chance.random() < 0.7:
                    changed[name] = text.replace(b"TODO", b"DONE", 1)
                else:
                    changed[name] = text.rstrip(b"\n") + b"\n- TODO more %d\n" % number
            there.update(changed)
        moment = datetime.combine(date(2025, 1, 6) + timedelta(days=number // 4), time(12), UTC)
        stamp = f"Ana <ana@example.org> {int(moment.timestamp())} +0000"
        yield f"commit refs/heads/main\nmark :{number + 1}\nauthor {stamp}\ncommitter {stamp}\ndata 1\nx\n".encode()
        for name, data in changed.items():
            yield b'M 100644 inline "%s"\ndata %d\n%s\n' % (name.encode(), len(data), data)
        yield b"\n"


if __name__ == "__main__":
    sys.exit(main())
