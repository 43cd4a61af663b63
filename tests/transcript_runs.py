"""Transcripts: commands and what they print, in files that are both the input and the approved output of a test.

A file has lines with `#` (words for the reader, and settings such as `# env: NO_COLOR=1`), then commands: a line
`$ graphkit …`, what it wrote to stdout, `[stderr]` and what it wrote there, and `[exit N]`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared_material import ROOT

import graphkit
from docs.sample_history import build_history
from graphkit.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

_SETTING = re.compile(r"# (env|terminal|encoding|unreadable|width|git): (.*)")
_COMMAND = re.compile(r"\$ graphkit(?: (.*))?")
_LEFT_OVER = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "PYTHONUTF8")


@dataclass
class Script:
    """The part of a transcript that people write."""

    head: list[str]
    commands: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    terminal: bool = False
    encoding: str = "utf-8"
    git: bool = False
    """Whether the vault comes with its history in git (docs/sample_history.py)."""
    unreadable: frozenset[str] = frozenset()
    """Ends of paths that the system refuses to open."""


def read_script(path: Path) -> Script:
    """The comments, settings and commands of a transcript."""
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("$ ")), len(lines))
    script = Script(head=lines[:first], commands=[line for line in lines if _COMMAND.fullmatch(line)])
    for setting in filter(None, map(_SETTING.fullmatch, script.head)):
        name, value = setting.groups()
        if name == "env":
            variable, _, text = value.partition("=")
            script.environment[variable] = text
        elif name == "terminal":
            script.terminal = value == "yes"
        elif name == "git":
            script.git = value == "yes"
        elif name == "encoding":
            script.encoding = value
        elif name == "unreadable":
            script.unreadable |= {value}
    return script


class _Stream(io.TextIOWrapper):
    """A stream that remembers its bytes and may pass for a terminal."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        self.bytes = io.BytesIO()
        self._terminal = terminal
        super().__init__(self.bytes, encoding=encoding, newline="\n", write_through=True)

    def isatty(self) -> bool:
        return self._terminal

    def text(self) -> str:
        self.flush()
        data = self.bytes.getvalue()
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode(self.encoding)


def replay(script: Script, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The whole transcript as it comes out now, run in this folder, beside a copy of the sample vault."""
    if script.git:
        build_history(folder / "sample_graph")
    else:
        shutil.copytree(ROOT / "sample_graph", folder / "sample_graph")
    lines = list(script.head)
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        for name in [*_LEFT_OVER, *(name for name in os.environ if name.startswith("GRAPHKIT_"))]:
            patch.delenv(name, raising=False)
        own = {f"XDG_{kind}_HOME": str(folder / ".own") for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
        for name, value in {"COLUMNS": "80", "TERM": "xterm", **own, **script.environment}.items():
            patch.setenv(name, value)
        _refuse(script.unreadable, patch)
        for command in script.commands:
            lines += _run(script, command, patch)
    return "\n".join(lines) + "\n"


def _run(script: Script, command: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    stdout = _Stream(script.encoding, terminal=script.terminal)
    stderr = _Stream(script.encoding, terminal=False)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        code = run(shlex.split(command)[2:])
    yield command
    yield from _lines(stdout.text())
    if stderr.text():
        yield "[stderr]"
        yield from _lines(stderr.text())
    yield f"[exit {code}]"
    yield ""


def _lines(text: str) -> list[str]:
    """Lines as they are shown, what differs between machines masked."""
    text = text.replace(graphkit.__version__, "VERSION").replace("\x1b", "␛")
    for pattern, shown in _MASKS:
        text = pattern.sub(shown, text)
    return text.removesuffix("\n").split("\n") if text else []


_MASKS = (
    (re.compile(r"(git[ \t]+)(?:a|no) work tree"), r"\1WORK TREE OR NOT"),
    (re.compile(r'("git": )(?:true|false)'), r"\1WORK TREE OR NOT"),
    (re.compile(r"(CPython|PyPy) [\w.+]+"), "PYTHON"),
    (re.compile(r"((?:platform|\"platform\":)[ \t]*\"?)[\w.+-]+"), r"\1PLATFORM"),
    (re.compile(r"(read in[ \t]+)[\d.]+ s"), r"\1SECONDS"),
    (re.compile(r"(\"seconds\": )[\d.]+"), r"\1SECONDS"),
    (re.compile(r"(warning: )/\S*/"), r"\1…/"),
    (re.compile(r"(folder[ \t]+|\"path\": \")/\S*/"), r"\1…/"),
)


def _refuse(paths: frozenset[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the system refuse to open what ends like this, as it does without the right; an administrator has it."""
    if not paths:
        return

    def refusing(really: Callable[..., object]) -> Callable[..., object]:
        def opened(path: object, *arguments: object, **options: object) -> object:
            if str(path).endswith(tuple(paths)):
                raise PermissionError(13, "Permission denied", str(path))
            return really(path, *arguments, **options)

        return opened

    for name in ("open", "scandir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
