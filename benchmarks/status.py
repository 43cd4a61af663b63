"""Time and memory of a cold `graphkit status` against plain reading, an import, and markdown-it-py, in one run.

    python benchmarks/status.py [--sizes 1000,10000,50000] [--kinds mixed,experiments] [--rounds 5]

Every figure is the median over the rounds of user + system seconds of a whole process (CPU time: other work on the
machine disturbs it least), the rounds of all commands interleaved. Vaults are made by `generate.py` with a fixed seed.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generate import write_vault

WORK = Path(__file__).resolve().parent / ".work"

READ_LINES = """
import os, sys
count = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".md"):
            with open(os.path.join(folder, name), encoding="utf-8") as page:
                count += len(page.read().splitlines())
print(count)
"""

MARKDOWN_IT = """
import os, sys
from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark").enable("table")
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".md"):
            with open(os.path.join(folder, name), encoding="utf-8") as page:
                parser.parse(page.read())
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process."""

    seconds: float
    peak_mb: float


def run(command: list[str]) -> Run:
    """User + system seconds and peak resident memory of a command that must succeed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command} failed")
    process.returncode = 0
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def measure(commands: dict[str, list[str]], rounds: int) -> dict[str, Run]:
    """The median of each command over interleaved rounds, after one that is thrown away."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            result = run(command)
            if number:
                found[name].append(result)
    return {
        name: Run(statistics.median(r.seconds for r in runs), statistics.median(r.peak_mb for r in runs))
        for name, runs in found.items()
    }


def vault(kind: str, pages: int) -> tuple[Path, int]:
    """A generated vault and its size in bytes; made once."""
    root = WORK / f"{kind}-{pages}"
    if not root.exists():
        write_vault(root, pages=pages, kind=kind, seed=1)
    size = sum(page.stat().st_size for page in root.rglob("*.md"))
    return root, size


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--sizes", default="1000,10000,50000")
    options.add_argument("--kinds", default="mixed,experiments")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--markdown-it", type=int, default=10000, help="largest vault that markdown-it-py parses")
    chosen = options.parse_args()
    python = sys.executable
    graphkit = [python, "-m", "graphkit.cli.main"]
    start = measure(
        {"import click": [python, "-c", "import click"], "--version": [*graphkit, "--version"]}, chosen.rounds * 3
    )
    click, version = start["import click"].seconds, start["--version"].seconds
    print(f"python {sys.version.split()[0]}, {chosen.rounds} rounds, CPU seconds of whole processes, medians")
    print(f"import click {click:.3f}   --version {version:.3f} = {version / click:.2f} x import click\n")
    heads = (("MB", 7), ("read", 8), ("status", 8), ("x read", 8), ("x click", 9), ("x md-it", 9), ("peak MB", 9))
    print(f"{'vault':<20}" + "".join(f"{name:>{width}}" for name, width in heads) + f"{'limit':>7}")
    for kind in chosen.kinds.split(","):
        points: list[tuple[int, float]] = []
        for pages in map(int, chosen.sizes.split(",")):
            root, size = vault(kind, pages)
            commands = {
                "read": [python, "-c", READ_LINES, str(root)],
                "status": [*graphkit, "-g", str(root), "--as-of", "2026-03-02", "--no-index", "status", "--json"],
                "bare": [python, "-c", "pass"],
                "empty": [
                    *graphkit,
                    "-g",
                    str(root / "logseq"),
                    "--as-of",
                    "2026-03-02",
                    "--no-index",
                    "status",
                    "--json",
                ],
            }
            if pages <= chosen.markdown_it:
                commands["markdown-it"] = [python, "-c", MARKDOWN_IT, str(root)]
            found = measure(commands, chosen.rounds)
            read = found["read"].seconds - found["bare"].seconds
            status = found["status"].seconds - found["empty"].seconds
            points.append((pages, status))
            parsed = found["markdown-it"].seconds if "markdown-it" in found else None
            by_markdown = f"{parsed / found['status'].seconds:.1f}" if parsed else "-"
            print(
                f"{kind + ' ' + format(pages, ','):<20}{size / 1e6:>7.1f}{read:>8.2f}{status:>8.2f}"
                f"{status / read:>8.1f}{found['status'].seconds / click:>9.1f}{by_markdown:>9}"
                f"{found['status'].peak_mb:>9.0f}{60 + 8 * size / 1e6:>7.0f}"
            )
        if len(points) > 1:
            (small, first), (large, last) = points[0], points[-1]
            exponent = math.log(last / first) / math.log(large / small)
            print(f"{kind}: growth exponent {exponent:.2f} from {small:,} to {large:,} pages")
    print("\nread: every file read and split into lines. status (without the index) and read: start-up taken off.")
    print("x md-it: how much longer markdown-it-py takes for the same files. limit: 60 MB + 8 bytes a byte of text.")
    print(
        f"children of this process used at most {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3:,.0f} MB"
    )


if __name__ == "__main__":
    main()
