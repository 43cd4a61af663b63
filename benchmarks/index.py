"""CPU time of `graphkit status` with the index: warm, after one page changed, building it, and without; in one run.

    python benchmarks/index.py [--pages 10000] [--kind mixed] [--rounds 5]

Every figure is the median over the rounds of user + system time of a whole process, the rounds of all commands
interleaved; the ratios are to `python -c "import click"` and to `git status` on the same vault in the same run. The
vault is made by `generate.py`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.status import run, vault

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_S = 2.2
"""Longer than a file stays so young that its stamp alone is not trusted."""


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--pages", type=int, default=10000)
    options.add_argument("--kind", default="mixed")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRAPHKIT_CACHE_DIR"] = f"{folder}/cache"
        os.environ.pop("GRAPHKIT_NO_INDEX", None)
        root = Path(folder) / "vault"
        shutil.copytree(vault(chosen.kind, chosen.pages)[0], root)
        _measure(root, chosen.rounds)


def _measure(root: Path, rounds: int) -> None:
    python = sys.executable
    graphkit = [python, "-m", "graphkit.cli.main", "-g", str(root), "--as-of", "2026-03-02"]
    status = [*graphkit, "status", "--json"]
    found: dict[str, list[float]] = {}

    def note(name: str, command: list[str]) -> None:
        found.setdefault(name, []).append(run(command).seconds)

    notes = [page for page in sorted((root / "pages").glob("*.md")) if b"type:: " not in page.read_bytes()]
    experiments = [page for page in sorted((root / "pages").glob("*.md")) if b"[[experiment]]" in page.read_bytes()]
    for number in range(rounds):
        run([*graphkit, "index", "drop"])
        note("status, index made on the way", status)
        time.sleep(QUIET_S)
        for _ in range(2):
            run(status)
        note("import click", [python, "-c", "import click"])
        note("status --no-index", [*status, "--no-index"])
        note("status, nothing changed", status)
        for words in (["tasks", "--json"], ["goals", "--json"], ["metrics", "--json"]):
            command = [*graphkit, *words]
            note(f"{words[0]}, from the index", command)
            note(f"{words[0]}, nothing changed", command)
        for name, pages, edit in (
            ("status, prose added to a note", notes, _add_block),
            ("status, a task added to a note", notes, _add_task),
            ("status, a note changed at its head", notes, _change_first_block),
            ("status, one experiment changed", experiments, _add_block),
        ):
            edit(pages[number % len(pages)], f"more {number}")
            note(name, status)
            time.sleep(QUIET_S)
            for _ in range(2):
                run(status)
        note("git status", _git(root))
    click, git = (statistics.median(found[name]) for name in ("import click", "git status"))
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, {rounds} rounds, medians of CPU time")
    print(f"{'':<34}{'ms':>8}{'x import click':>16}{'x git status':>14}")
    for name, seconds in found.items():
        middle = statistics.median(seconds)
        print(f"{name:<34}{middle * 1e3:>8.0f}{middle / click:>16.1f}{middle / git:>14.1f}")


def _add_block(page: Path, words: str) -> None:
    with page.open("a", encoding="utf-8") as file:
        file.write(f"\n- {words}")


def _add_task(page: Path, words: str) -> None:
    _add_block(page, f"TODO {words}")


def _change_first_block(page: Path, words: str) -> None:
    page.write_text(page.read_text(encoding="utf-8").replace("- ", f"- {words} ", 1), encoding="utf-8")


def _git(root: Path) -> list[str]:
    """`git status` on the vault, whose files are all known to git."""
    git = ["git", "-C", str(root)]
    quiet: Callable[[list[str]], object] = lambda words: subprocess.run(words, check=True, capture_output=True)  # noqa: E731
    if not (root / ".git").is_dir():
        quiet([*git, "init"])
    quiet([*git, "add", "-A"])
    return [*git, "status", "--short"]


if __name__ == "__main__":
    main()
