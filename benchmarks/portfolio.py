"""Measures `portfolio`: vaults per minute and core of each engine, growth, a run without changes, when Ray pays.

`python benchmarks/portfolio.py --vaults 300` prints a report; `--make DIR` only writes generated teams, for a first
look. Processor time is that of this process and its children; of Ray, whose workers are no children, wall time counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generate import write_vault
from graphkit.portfolio.build import build_dataset
from graphkit.portfolio.engines.choice import open_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = dt.date(2026, 3, 2)
SETTLING = 2.5
"""Seconds until files no longer count as written just now."""


def write_teams(root: Path, number: int, least: int, most: int) -> list[tuple[Path, int]]:
    """Generated vaults `team-000` … and their numbers of pages."""
    chosen = random.Random(11)
    teams = []
    for index in range(number):
        pages = chosen.randint(least, most)
        place = root / f"team-{index:03}"
        write_vault(place, pages=pages, seed=index)
        teams.append((place, pages))
    return teams


def spent() -> float:
    """Processor time of this process and of its children that have ended, in seconds."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def built(teams: Sequence[tuple[Path, int]], place: Path, engine: str, workers: int) -> tuple[float, float, float]:
    """Wall time without the start of the engine, processor time, and the time that the start took."""
    began, before = time.perf_counter(), spent()
    with open_engine(engine, workers=workers) as runner:
        ready = time.perf_counter()
        build_dataset([str(team) for team, _ in teams], str(place), runner, DAY, place.parent)
        done = time.perf_counter()
    return done - ready, spent() - before, ready - began


def unchanged(root: Path, place: Path) -> float:
    """Processor time of a command that finds nothing to read."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "graphkit.cli.main", "--as-of", DAY.isoformat(), "portfolio", "build",
         f"{root}/*", "-o", str(place)],
        check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout.startswith("table\t"):
        raise RuntimeError(done.stdout)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(root: Path, arguments: argparse.Namespace) -> None:
    """Print the report."""
    number, workers = arguments.vaults, arguments.workers
    teams = write_teams(root / "teams", number, arguments.least, arguments.most)
    pages = sum(count for _, count in teams)
    tenth = teams[: number // 10]
    print(f"{number} vaults of {arguments.least} to {arguments.most} pages, {pages:,} pages, {workers} workers")
    time.sleep(SETTLING)
    times = {}
    for engine in arguments.engines:
        wall, cpu, start = built(teams, root / engine, engine, workers)
        times[engine] = (wall, start)
        rate = 60 * number / wall
        own = f", {cpu:.1f} s of CPU ({1000 * cpu / pages:.2f} ms a page)" if engine == "local" else ""
        print(
            f"{engine}: {wall:.1f} s after a start of {start:.1f} s{own}; {rate:,.0f} vaults a minute, "
            f"{rate / workers:,.0f} a core; {pages / wall / workers:,.0f} pages a second and core"
        )
    _, small, _ = built(tenth, root / "tenth", "local", 1)
    _, large, _ = built(teams, root / "whole", "local", 1)
    ratio = pages / sum(count for _, count in tenth)
    print(
        f"growth: {len(tenth)} vaults {small:.1f} s, {number} vaults {large:.1f} s of CPU, "
        f"exponent {math.log(large / small) / math.log(ratio):.3f}"
    )
    print(f"no change: {unchanged(root / 'teams', root / 'whole'):.2f} s of CPU")
    size = sum(path.stat().st_size for path in (root / "whole").rglob("*") if path.is_file())
    source = sum(path.stat().st_size for path in (root / "teams").rglob("*") if path.is_file())
    print(
        f"size: {size / 1e6:.1f} MB of dataset for {source / 1e6:.1f} MB of vaults, {size / number:,.0f} bytes a vault"
    )
    if "ray" in times and "local" in times:
        break_even(number, workers, times)


def break_even(number: int, workers: int, times: dict[str, tuple[float, float]]) -> None:
    """From how many vaults a cluster is faster than this machine, by the measured start and time a vault and core."""
    (local, _), (ray, start) = times["local"], times["ray"]
    one_local, one_ray = local * workers / number, ray * workers / number
    for cores in (2 * workers, 4 * workers, 16 * workers, 64 * workers):
        gain = one_local / workers - one_ray / cores
        print(
            f"break-even: Ray on {cores} cores is faster than {workers} cores here from {start / gain:,.0f} vaults"
            if gain > 0
            else f"break-even: Ray on {cores} cores is never faster than {workers} cores here"
        )


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description="Measure portfolio builds on generated teams.")
    parser.add_argument("--vaults", type=int, default=300, metavar="N")
    parser.add_argument("--least", type=int, default=10, metavar="PAGES")
    parser.add_argument("--most", type=int, default=300, metavar="PAGES")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--engines", nargs="+", choices=["local", "ray"], default=["local", "ray"])
    parser.add_argument("--make", type=Path, metavar="DIR", help="only write the teams into this folder")
    arguments = parser.parse_args()
    if arguments.make is not None:
        teams = write_teams(arguments.make, arguments.vaults, arguments.least, arguments.most)
        print(f"{len(teams)} vaults, {sum(pages for _, pages in teams):,} pages in {arguments.make}")
        return
    with tempfile.TemporaryDirectory(prefix="graphkit-portfolio-") as folder:
        measure(Path(folder), arguments)


if __name__ == "__main__":
    main()
