"""From a saved page to the rollup on disk under `graphkit watch`, beyond the quiet period; idle CPU and memory.

    python benchmarks/watch.py [--pages 10000] [--rounds 40] [--quiet 2] [--idle 20]

A mixed vault with the three rollup pages is watched by a real process. Each round saves one experiment's page with
another owner; the time counts from the end of that save until the rollup page holds other bytes, less the quiet period.
Beside it stands what this disk takes for as many fsyncs as such an update makes, because that is most of it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generate import write_vault


def cpu_and_memory(pid: int) -> tuple[float, float]:
    """User + system seconds so far, and resident memory in MB. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / ticks, int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def wait_until_other(page: Path, before: bytes, limit_s: float) -> float:
    """The moment at which the page holds other bytes."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if page.read_bytes() != before:
            return time.monotonic()
        time.sleep(0.001)
    raise SystemExit("the rollup never came")


def fsync_ms(folder: Path, rounds: int) -> float:
    """Median milliseconds of one small file written and synced here."""
    found = []
    for number in range(rounds):
        began = time.monotonic()
        with (folder / f"probe{number}").open("wb") as stream:
            stream.write(b"x" * 4096)
            stream.flush()
            os.fsync(stream.fileno())
        found.append((time.monotonic() - began) * 1000)
    return statistics.median(found)


def reassigned(text: str) -> str:
    """The page with another owner, which its row on the rollup page names."""
    old = text[text.index("owner:: ") :].partition("\n")[0]
    return text.replace(old, "owner:: Ana" if old != "owner:: Ana" else "owner:: Bo", 1)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--pages", type=int, default=10000)
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--quiet", type=float, default=2.0)
    options.add_argument("--idle", type=float, default=20.0)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="graphkit-watch-"))
    try:
        measure(folder, chosen.pages, chosen.rounds, chosen.quiet, chosen.idle)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, pages: int, rounds: int, quiet: float, idle: float) -> None:
    """All figures for one vault."""
    root = folder / "vault"
    write_vault(root, pages=pages, kind="mixed", seed=1)
    environment = os.environ | {
        "GRAPHKIT_CACHE_DIR": str(folder / "cache"),
        "GRAPHKIT_STATE_DIR": str(folder / "state"),
    }
    graphkit = [sys.executable, "-m", "graphkit.cli.main", "-g", str(root), "--as-of", "2026-03-02"]
    subprocess.run([*graphkit, "rollup", "--create"], env=environment, check=True, stdout=subprocess.DEVNULL)
    board = root / "pages" / "Experiment status.md"
    shown = board.read_text(encoding="utf-8")
    experiments = [
        page
        for page in (root / "pages").glob("*.md")
        if f"[[{page.stem}]]" in shown and "owner:: " in page.read_text(encoding="utf-8")
    ]
    watch = subprocess.Popen(
        [*graphkit, "watch", "--quiet", str(quiet)], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        if watch.stderr is None or b"watching" not in watch.stderr.readline():
            raise SystemExit("the watch did not begin")
        time.sleep(quiet + 3)
        times = []
        for number in range(rounds):
            page = experiments[number % len(experiments)]
            before = board.read_bytes()
            page.write_text(reassigned(page.read_text(encoding="utf-8")), encoding="utf-8")
            saved = time.monotonic()
            times.append((wait_until_other(board, before, quiet + 30) - saved - quiet) * 1000)
            time.sleep(0.5)
        cpu, memory = cpu_and_memory(watch.pid)
        time.sleep(idle)
        idle_cpu = cpu_and_memory(watch.pid)[0] - cpu
    finally:
        watch.send_signal(signal.SIGTERM)
        watch.wait(timeout=30)
    times.sort()
    p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
    print(f"{pages} pages, quiet {quiet} s, {rounds} updates")
    print(f"beyond the quiet period, ms: median {statistics.median(times):.0f}, p95 {p95:.0f}, most {times[-1]:.0f}")
    print(f"one small file written and synced here, ms: {fsync_ms(folder, 20):.1f}")
    print(f"idle: {idle_cpu / idle * 100:.2f} % of a processor; memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
