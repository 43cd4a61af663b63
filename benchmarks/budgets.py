"""The budgets of time and memory, measured in one run and printed as one table.

    python benchmarks/budgets.py [--rounds 5] [--largest 100000]

Every figure is a ratio of medians of user + system time of whole processes, the rounds of all commands interleaved:
to `import click` for what a person waits for, to reading every file and splitting it into lines for what grows with the
vault (start-up taken off both). `nothing changed` replays the last output; one page changed reads that page and works
everything else out from the cache. Vaults are made by `generate.py` with a fixed seed.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.status import READ_LINES, run, vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.status import Run

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
GRAPHKIT = [PYTHON, "-m", "graphkit.cli.main"]
CLICK = [PYTHON, "-c", "import click"]
BARE = [PYTHON, "-c", "pass"]
QUIET_S = 2.2
"""Longer than a file stays so young that its stamp alone is not trusted."""


@dataclass(slots=True)
class Medians:
    """Processes that were run, by what they stand for."""

    runs: dict[str, list[Run]] = field(default_factory=dict)

    def note(self, name: str, command: Sequence[str]) -> None:
        """Run a command for this name."""
        self.runs.setdefault(name, []).append(run(list(command)))

    def seconds(self, name: str) -> float:
        """The median of its user + system time."""
        return statistics.median(run.seconds for run in self.runs[name])

    def ratio(self, name: str, other: str) -> float:
        """The median of one to that of another."""
        return self.seconds(name) / self.seconds(other)

    def by_reading(self, name: str, read: str) -> float:
        """The median to that of reading, both without the start of Python."""
        bare = self.seconds("bare")
        return (self.seconds(name) - bare) / (self.seconds(read) - bare)


def status(root: Path, *options: str) -> list[str]:
    """The command that is measured."""
    return [*GRAPHKIT, "-g", str(root), "--as-of", "2026-03-02", *options, "status", "--json"]


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A copy of a vault, with a cache folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRAPHKIT_CACHE_DIR"] = f"{folder}/cache"
        shutil.copytree(root, f"{folder}/vault")
        yield Path(folder, "vault")


def pages(root: Path, *, experiments: bool) -> list[Path]:
    """Its experiments, or its notes."""
    sign, found = (b"[[experiment]]", []) if experiments else (b"type:: ", [])
    for page in sorted((root / "pages").glob("*.md")):
        if (sign in page.read_bytes()) == experiments:
            found.append(page)
    return found


def measure_small(medians: Medians, one: Path) -> None:
    """Start-up: vaults of a few pages."""
    medians.note("click", CLICK)
    medians.note("bare", BARE)
    medians.note("sample", status(ROOT / "sample_graph"))
    medians.note("one experiment", status(one))


def measure_changes(medians: Medians, root: Path, number: int) -> None:
    """Nothing changed, one page changed, nothing kept."""
    subprocess.run([*GRAPHKIT, "-g", str(root), "index", "drop"], check=True, capture_output=True)
    medians.note("made", status(root))
    medians.note("read", [PYTHON, "-c", READ_LINES, str(root)])
    medians.note("cold", status(root, "--no-index"))
    medians.note("report", [*status(root, "--no-index")[:-2], "report", "-o", os.devnull])
    time.sleep(QUIET_S)
    run(status(root))
    medians.note("same", status(root))
    for name, experiments in (("experiment", True), ("note", False)):
        found = pages(root, experiments=experiments)
        with found[number % len(found)].open("a", encoding="utf-8") as file:
            file.write(f"\n- more {number}")
        medians.note(name, status(root))
        time.sleep(QUIET_S)
        run(status(root))


def measure_large(medians: Medians, root: Path) -> None:
    """Growth, memory, and the last output of a large vault."""
    medians.note("large cold", status(root, "--no-index"))
    run(status(root))
    time.sleep(QUIET_S)
    run(status(root))
    medians.note("large same", status(root))


def table(medians: Medians, largest: int) -> list[tuple[str, str, str]]:
    """The rows: what, measured, budget."""
    rows = [
        ("`status` on `sample_graph` ÷ `import click`", f"{medians.ratio('sample', 'click'):.1f}", "3.0"),
        ("`status`, one experiment ÷ `import click`", f"{medians.ratio('one experiment', 'click'):.1f}", "2.5"),
        ("10,000 mixed, nothing changed ÷ `import click`", f"{medians.ratio('same', 'click'):.1f}", "2"),
        ("one experiment changed ÷ `import click`", f"{medians.ratio('experiment', 'click'):.1f}", "7"),
        ("one note changed ÷ `import click`", f"{medians.ratio('note', 'click'):.1f}", "6"),
        ("cold, 10,000 mixed ÷ reading and splitting", f"{medians.by_reading('cold', 'read'):.1f}", "6"),
        (
            "cold, 10,000 all experiments ÷ reading and splitting",
            f"{medians.by_reading('experiments cold', 'experiments read'):.1f}",
            "20",
        ),
        ("`report`, 10,000 mixed ÷ cold `status`", f"{medians.ratio('report', 'cold'):.1f}", "2"),
        ("index made on the way ÷ cold", f"{medians.ratio('made', 'cold'):.2f}", "1.5"),
    ]
    if largest:
        bare = medians.seconds("bare")
        growth = (medians.seconds("large cold") - bare) / (medians.seconds("cold") - bare)
        peak = max(run.peak_mb for run in medians.runs["large cold"])
        rows += [
            (f"{largest:,} mixed: exponent", f"{math.log(growth) / math.log(largest / 10000):.2f}", "1.1"),
            (f"{largest:,} mixed: peak memory", f"{peak:.0f} MB", "400 MB"),
            (f"{largest:,} mixed: nothing changed", f"{medians.seconds('large same'):.2f} s", "1.5 s"),
        ]
    return rows


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--largest", type=int, default=100000, help="pages of the large vault; 0: none")
    chosen = options.parse_args()
    os.environ.pop("GRAPHKIT_NO_INDEX", None)
    os.chdir(ROOT)
    subprocess.run([PYTHON, "-m", "compileall", "-q", "graphkit"], check=True)
    medians = Medians()
    with copied(vault("experiments", 10000)[0]) as root:
        for _ in range(chosen.rounds):
            medians.note("experiments read", [PYTHON, "-c", READ_LINES, str(root)])
            medians.note("experiments cold", status(root, "--no-index"))
    with tempfile.TemporaryDirectory() as folder, copied(vault("mixed", 10000)[0]) as root:
        one = Path(folder, "pages")
        one.mkdir()
        (one / "Test.md").write_text("type:: experiment\n\n- ## Work\n\t- TODO one\n\t- DONE two\n", encoding="utf-8")
        measure_small(Medians(), Path(folder))
        for number in range(chosen.rounds):
            measure_small(medians, Path(folder))
            measure_changes(medians, root, number)
    if chosen.largest:
        with copied(vault("mixed", chosen.largest)[0]) as root:
            for _ in range(max(1, chosen.rounds // 3)):
                measure_large(medians, root)
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, {chosen.rounds} rounds")
    print(f"`import click` {medians.seconds('click') * 1e3:.0f} ms\n")
    print("| | measured | budget |\n|---|---|---|")
    for what, measured, budget in table(medians, chosen.largest):
        print(f"| {what} | {measured} | {budget} |")


if __name__ == "__main__":
    main()
