"""An environment of its own for every package, below the work folder, by its ordinary client: venv and pip, npm.

The newest that the registry gives is installed once and kept. What cannot be had is `Missing`, with the reason.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers_vaults import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

INSTALL_S = 900
"""Seconds that one installation may take."""

Version = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where environments lie, and whether one that is not there may be made."""

    work: Path
    install: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An installed package."""

    folder: Path
    """Its environment."""
    version: str


def suited_python(found: Iterable[tuple[str, Version]], least: Version) -> str | None:
    """The interpreter for a package: the first found if it is new enough, else the oldest that is; None without one.

    The first is the one that runs graphkit too; for the oldest most packages are built.
    """
    pythons = list(found)
    if pythons and pythons[0][1] >= least:
        return pythons[0][0]
    enough = [(version, path) for path, version in pythons if version >= least]
    return min(enough)[1] if enough else None


def _pythons() -> list[tuple[str, Version]]:
    """This interpreter, then those on the path and of pyenv that can make environments."""
    found: list[tuple[str, Version]] = [(sys.executable, sys.version_info[:2])]
    names = ["python3", *(f"python3.{minor}" for minor in range(11, 20))]
    candidates = [path for name in names if (path := shutil.which(name))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += [str(path) for path in sorted(pyenv.glob("3.*/bin/python"))]
    question = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    for path in dict.fromkeys(candidates):
        answer = subprocess.run([path, "-c", question], check=False, capture_output=True, text=True)
        if answer.returncode == 0:
            major, minor = answer.stdout.split()
            found.append((path, (int(major), int(minor))))
    return found


def reason_of(said: str) -> str:
    """The line of an installer's complaint that says most, without addresses."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(?i)(npm )?err(or)?\b", line)] or lines
    return re.sub(r"\w+://\S+", "…", telling[-1])[:160] if telling else "the installer failed without a word"


def _run(*steps: Sequence[str]) -> None:
    for words in steps:
        try:
            done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=INSTALL_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Missing(f"not installed: {type(error).__name__}") from error
        if done.returncode:
            raise Missing(f"not installed: {reason_of(done.stderr)}")


def _environment(place: Place, name: str, build: Callable[[Path], None]) -> Path:
    """A folder that `build` has filled completely, now or earlier."""
    folder = place.work / "env" / name
    mark = folder / "complete"
    if not mark.exists():
        if not place.install:
            raise Missing("not installed, and --no-install")
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        print(f"installing {name} …", file=sys.stderr)
        build(folder)
        mark.touch()
    return folder


def python_package(place: Place, package: str, least: Version) -> Package:
    """A package of the Python index in its own environment; its version says that of its Python too."""

    def build(folder: Path) -> None:
        running: Version = sys.version_info[:2]
        python = sys.executable if running >= least else suited_python(_pythons(), least)
        if python is None:
            raise Missing(f"needs Python {least[0]}.{least[1]}, and there is none")
        install = [str(interpreter_of(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([python, "-m", "venv", str(folder)], [*install, package])

    folder = _environment(place, package, build)
    question = f"import sys, importlib.metadata as m; print(m.version({package!r}), *sys.version_info[:3])"
    try:
        answer = subprocess.run(
            [str(interpreter_of(folder)), "-c", question], check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"its environment is broken; delete {folder.name} in the work folder") from error
    version, *numbers = answer.split()
    return Package(folder=folder, version=f"{version}, Python {'.'.join(numbers)}")


def interpreter_of(folder: Path) -> Path:
    """The Python of an environment."""
    return folder / "bin" / "python"


def npm_package(place: Place, package: str) -> Package:
    """A package of npm in a folder of its own."""

    def build(folder: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise Missing("npm is not on the path")
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        _run([npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", package])

    folder = _environment(place, package.replace("/", "-").lstrip("@"), build)
    about = json.loads((folder / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
    return Package(folder=folder, version=str(about["version"]))
