"""What is measured: graphkit in its ways, and each tool that people would use instead, with what it is made to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers_install import interpreter_of, npm_package, python_package
from benchmarks.peers_table import MARKERS, Tally, read_tally
from benchmarks.peers_vaults import GIT, Missing, commit, git_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from benchmarks.peers_install import Place, Version
    from benchmarks.peers_vaults import Vault

DRIVERS = "benchmarks.peers_drivers"
MLDOC = Path(__file__).resolve().parent / "peers_drivers" / "mldoc.js"
TASK_LINE = rf"^[ \t]*- ({'|'.join(MARKERS)})( |$)"
"""A line that looks like a task; ripgrep does not know whether it stands in code."""
DAY = "2026-03-02"
"""What graphkit takes for today."""
BASELINE = "status"
"""The tool that all ratios are to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A tool that can be measured."""

    version: str
    command: Callable[[Vault], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Vault], None] | None = None
    """Done once a vault, before anything of it is measured; may raise Missing."""
    primed: bool = False
    """Whether it is run before each measurement, because it keeps something for its next run."""
    patient: bool = False
    """Whether it is never stopped at the limit, and run in every round however long it takes."""
    tally: Callable[[str], Tally | None] = read_tally
    """What its output says of the vault; None where it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A row of the table."""

    name: str
    """On the command line."""
    title: str
    """In the table."""
    ready: Callable[[Place], Ready]
    """Raises Missing with the reason where the tool cannot be had."""


def choose(names: str | None) -> list[Tool]:
    """The tools of a list of names, in the order of the table; graphkit's cold `status` always, as all ratios need it.

    Raises ValueError with the known names where one is unknown.
    """
    known = [tool.name for tool in TOOLS]
    wanted = known if names is None else [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ValueError(f"no such tool: {', '.join(unknown)}; there are {', '.join(known)}")
    return [tool for tool in TOOLS if tool.name in {*wanted, BASELINE}]


def make_ready(tools: Iterable[Tool], place: Place) -> tuple[dict[str, Ready], dict[str, str]]:
    """The tools that can be measured, and of the others the reason why not; both by name."""
    ready: dict[str, Ready] = {}
    skipped: dict[str, str] = {}
    for tool in tools:
        try:
            ready[tool.name] = tool.ready(place)
        except Missing as reason:
            skipped[tool.name] = str(reason)
    return ready, skipped


def _first_line(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[0]


def status_command(root: Path, *options: str) -> list[str]:
    """`graphkit status` on a folder."""
    return [sys.executable, "-m", "graphkit.cli.main", "-g", str(root), "--as-of", DAY, *options, "status", "--json"]


def _python_version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _graphkit_version() -> str:
    from graphkit import __version__  # noqa: PLC0415 - read where it is needed

    return f"{__version__}, Python {_python_version()}"


def _pages_of_status(output: str) -> Tally:
    return Tally(pages=json.loads(output)["pages"])


def _status(_place: Place) -> Ready:
    return Ready(
        version=_graphkit_version(),
        command=lambda vault: status_command(vault.root, "--no-index"),
        patient=True,
        tally=_pages_of_status,
    )


def _warm(place: Place) -> Ready:
    return Ready(
        version=_graphkit_version(),
        command=lambda vault: status_command(vault.root),
        environment={"GRAPHKIT_CACHE_DIR": str(place.work / "cache")},
        primed=True,
        patient=True,
        tally=_pages_of_status,
    )


def _own(version: Callable[[], str], driver: str, *words: str) -> Callable[[Place], Ready]:
    return lambda _place: Ready(
        version=version(),
        command=lambda vault: [sys.executable, "-m", f"{DRIVERS}.{driver}", str(vault.root), *words],
    )


def _of_python(package: str, driver: str, least: Version = (3, 11)) -> Callable[[Place], Ready]:
    def ready(place: Place) -> Ready:
        installed = python_package(place, package, least)
        python = str(interpreter_of(installed.folder))
        return Ready(
            version=installed.version,
            command=lambda vault: [python, "-m", f"{DRIVERS}.{driver}", str(vault.root)],
        )

    return ready


def _mldoc(place: Place) -> Ready:
    node = shutil.which("node")
    if node is None:
        raise Missing("node is not on the path")
    installed = npm_package(place, "mldoc")
    return Ready(
        version=f"{installed.version}, Node {_first_line(node, '--version').removeprefix('v')}",
        command=lambda vault: [node, str(MLDOC), str(installed.folder), str(vault.root)],
    )


def _ripgrep(place: Place) -> Ready:
    program = shutil.which("rg")
    if program is None:
        packed = npm_package(place, "@vscode/ripgrep").folder.rglob("bin/rg")
        program = next((str(path) for path in sorted(packed) if os.access(path, os.X_OK)), None)
    if program is None:
        raise Missing("rg is not on the path, and the package has none for this system")
    search = [program, "--no-config", "--no-ignore", "-INo", "-r", "$1", "-g", "*.md", "-g", "!/logseq/", TASK_LINE]
    return Ready(
        version=_first_line(program, "--version").removeprefix("ripgrep ").partition(" ")[0],
        command=lambda vault: [*search, str(vault.root)],
        tally=lambda output: Tally.of_markers(output.split()),
    )


def _git(_place: Place) -> Ready:
    if shutil.which("git") is None:
        raise Missing("git is not on the path")
    return Ready(
        version=_first_line("git", "--version").removeprefix("git version "),
        command=lambda vault: [*git_command(vault), "status", "--short"],
        environment=GIT,
        prepare=commit,
        primed=True,
        tally=lambda _: None,
    )


TOOLS: tuple[Tool, ...] = (
    Tool(name=BASELINE, title="graphkit `status`, no index", ready=_status),
    Tool(name="warm", title="graphkit `status`, nothing changed", ready=_warm),
    Tool(name="load", title="graphkit `load`, counting", ready=_own(_graphkit_version, "graphkit_load")),
    Tool(name="links", title="the same with links", ready=_own(_graphkit_version, "graphkit_load", "links")),
    Tool(
        name="LogseqMarkdownParser",
        title="LogseqMarkdownParser",
        ready=_of_python("LogseqMarkdownParser", "logseq_markdown_parser"),
    ),
    Tool(name="logseq-python", title="logseq-python", ready=_of_python("logseq-python", "logseq_python")),
    Tool(
        name="logseq-matryca-parser",
        title="logseq-matryca-parser",
        ready=_of_python("logseq-matryca-parser", "matryca", (3, 12)),
    ),
    Tool(name="obsidiantools", title="obsidiantools", ready=_of_python("obsidiantools", "obsidian")),
    Tool(name="mldoc", title="mldoc", ready=_mldoc),
    Tool(name="rg", title="ripgrep, task lines", ready=_ripgrep),
    Tool(name="git", title="`git status`", ready=_git),
    Tool(name="read", title="Python, reading all bytes", ready=_own(_python_version, "read_bytes")),
)
"""In the order of the table."""
