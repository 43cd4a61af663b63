"""graphkit beside what people would use instead: one command, one table with ratios, all from one run.

    python benchmarks/peers.py [--sizes 1000,10000] [--kinds mixed,experiments,real] [--peers NAME,…] [--rounds 3]
                               [--limit-s 30] [--no-install] [--work DIR] [--markdown] [--write-docs]

Every figure is of a whole process that loads a vault and counts what it can: the median over the rounds, the rounds of
all tools interleaved; before, every tool runs once on a small vault, and the files are read once. A tool that takes
longer than 10 seconds by the clock runs once; one that has used `--limit-s` seconds of processor time is stopped.
Vaults and environments are kept in `--work`.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.peers_goals import exponent, goals
from benchmarks.peers_install import Place
from benchmarks.peers_measure import Measuring, say
from benchmarks.peers_run import ROOT, median, run
from benchmarks.peers_table import HEADS, as_columns, as_markdown, notes, replace_region, rows, summary
from benchmarks.peers_tools import BASELINE, choose, make_ready, status_command
from benchmarks.peers_vaults import KINDS, REAL, Missing, empty, generated, real

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.peers_table import Group
    from benchmarks.peers_tools import Ready, Tool
    from benchmarks.peers_vaults import Vault

SMALL = 20
"""Pages of the vault on which all tools run once before anything is measured."""
LARGE = 100_000
"""Pages from which on results go into the second region of the page."""
PAGE = ROOT / "docs" / "peers.md"


def main() -> None:
    """Measure, print, and write the page if asked."""
    options, tools, work = _options()
    ready, skipped = make_ready(tools, Place(work=work, install=not options.no_install))
    for name, reason in skipped.items():
        print(f"skipped: {name}: {reason}", file=sys.stderr)
    if BASELINE not in ready:
        raise SystemExit("graphkit itself cannot be run")
    measuring = Measuring(
        tools=[(tool.name, tool.title, ready[tool.name]) for tool in tools if tool.name in ready],
        rounds=options.rounds,
        limit_s=options.limit_s,
    )
    vaults, absent = _vaults(options, work)
    began, load, source = date.today(), os.getloadavg()[0], _source()  # noqa: DTZ011 - the day it is here
    start_s = median([run(status_command(empty(work), "--no-index"), limit_s=60) for _ in range(5)]).cpu_s
    measuring.warm_up(generated(work, "mixed", SMALL))
    groups = [measuring.group(vault) for vault in vaults]
    changed = ["graphkit's source was changed during the run: its figures are of several programs."]
    about = [
        f"{began:%d %B %Y}; {_machine()}; load {load:.1f} at the beginning.",
        _how(options.rounds, options.limit_s),
        f"Versions: {_versions(tools, ready)}.",
        *(f"Skipped: {name}: {reason}." for name, reason in {**skipped, **absent}.items()),
        *(changed if _source() != source else []),
    ]
    print(report(about, groups, start_s=start_s, markdown=options.markdown))
    if options.write_docs:
        region = "large" if max(vault.pages for vault in vaults) >= LARGE else "usual"
        text = report(about, groups, start_s=start_s, markdown=True)
        PAGE.write_text(replace_region(PAGE.read_text(encoding="utf-8"), region, text), encoding="utf-8")


def _options() -> tuple[argparse.Namespace, list[Tool], Path]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="1000,10000", help="pages of the generated vaults")
    parser.add_argument("--kinds", default=",".join(KINDS), help="mixed, experiments, real")
    parser.add_argument("--peers", metavar="NAME,…", help="only these tools, graphkit's cold status always")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit-s", type=float, default=30, help="processor seconds that one run may take")
    parser.add_argument("--no-install", action="store_true", help="skip what is not installed yet")
    parser.add_argument(
        "--corpora", type=Path, default=ROOT.parent / "shared" / "corpora", help="where the real ones are"
    )
    parser.add_argument("--work", type=Path, help="where vaults and environments are kept")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--write-docs", action="store_true", help=f"put the tables into docs/{PAGE.name} too")
    options = parser.parse_args()
    try:
        tools = choose(options.peers)
        options.sizes = sorted({int(size) for size in options.sizes.split(",")})
    except ValueError as error:
        parser.error(str(error))
    options.kinds = [kind for kind in options.kinds.split(",") if kind]
    if not set(options.kinds) <= set(KINDS) or options.rounds < 1 or options.sizes[0] < 1:
        parser.error(f"kinds are {', '.join(KINDS)}; rounds and sizes are at least 1")
    work = (options.work or _cache()).resolve()
    if work == ROOT or ROOT in work.parents:
        parser.error("--work lies in the repository: git and the tests would find it there")
    return options, tools, work


def _cache() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415 - not needed with --work

    return user_cache_path("graphkit-peers")


def _vaults(options: argparse.Namespace, work: Path) -> tuple[list[Vault], dict[str, str]]:
    """The vaults of the options, small ones first, and of those that are absent the reason."""
    found: list[Vault] = []
    absent: dict[str, str] = {}
    for name in REAL if "real" in options.kinds else ():
        try:
            found.append(real(work, options.corpora, name))
        except Missing as reason:
            absent[name] = str(reason)
    for pages in options.sizes:
        for kind in options.kinds:
            if kind != "real":
                say(f"writing {pages:,} pages, {kind}")
                found.append(generated(work, kind, pages))
    if not found:
        raise SystemExit(f"no vault to measure on; {'; '.join(absent.values())}")
    return found, absent


def report(about: Sequence[str], groups: Sequence[Group], *, start_s: float, markdown: bool) -> str:
    """All tables with what belongs to them, as Markdown or for a terminal.

    start_s: processor time of `status` without a page.
    """
    table, head = (as_markdown, "### {}\n") if markdown else (as_columns, "{}")
    bullet = "- " if markdown else "  "
    parts = ["\n".join(f"{bullet}{line}" for line in about)]
    reached = [] if markdown else goals(groups, BASELINE, start_s)
    if reached:
        cells = [(goal.wanted, goal.measured, {True: "yes", False: "no", None: "?"}[goal.met]) for goal in reached]
        parts += [head.format("Goals"), table(("wanted", "measured", "met"), cells)]
    if len(groups) > 1:
        parts += [head.format("CPU seconds by vault"), table(("tool", *[g.title for g in groups]), summary(groups))]
    for group in groups:
        parts.append(head.format(f"{group.title}: {group.pages:,} files, {group.size / 1e6:.1f} MB"))
        parts.append(table(HEADS, rows(group, BASELINE)))
        said = notes(group)
        if said:
            parts.append("\n".join(f"{bullet}{line}" for line in said))
    parts += _growth(groups, start_s)
    return "\n\n".join(part.rstrip("\n") for part in parts)


def _growth(groups: Sequence[Group], start_s: float) -> list[str]:
    """One line for each kind of generated vault of which there are two sizes."""
    lines = []
    for kind in ("mixed", "experiments"):
        sizes = sorted((group for group in groups if group.kind == kind), key=lambda group: group.pages)
        if len(sizes) > 1:
            found = exponent(sizes[0], sizes[-1], BASELINE, start_s)
            if found is not None:
                lines.append(
                    f"graphkit's cold `status` from {sizes[0].title}, to {sizes[-1].pages:,}: exponent {found:.2f} "
                    f"({start_s:.2f} s of start-up excluded)."
                )
    return lines


def _machine() -> str:
    """Processor, cores, memory, system."""
    about = Path("/proc/cpuinfo")
    named = about.read_text(encoding="utf-8") if about.exists() else ""
    models = [line.partition(":")[2].strip() for line in named.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def _source() -> str:
    """A digest of graphkit's source as it is now."""
    files = sorted((ROOT / "graphkit").rglob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _how(rounds: int, limit_s: float) -> str:
    many = "one round" if rounds == 1 else f"medians of {rounds} rounds"
    return f"CPU s: user + system seconds of the whole process, {many}; stopped at {limit_s:.0f} s."


def _versions(tools: Sequence[Tool], ready: Mapping[str, Ready]) -> str:
    named: dict[str, str] = {}
    for tool in tools:
        if tool.name in ready:
            name = "graphkit" if tool.title.startswith(("graphkit", "the same")) else tool.title.partition(",")[0]
            named.setdefault(name.replace("`git status`", "git"), ready[tool.name].version)
    return "; ".join(f"{name} {version}" for name, version in named.items())


if __name__ == "__main__":
    main()
