"""The blocks of tutorial and notebook, run as a reader would; GRAPHKIT_UPDATE_GOLDEN=1 writes what they print."""

from __future__ import annotations

import code
import contextlib
import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from golden_text import same_as_golden
from shared_material import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = ("tutorial.md", "notebook.md")
_BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_console(block: str, tools: Path) -> Iterator[str]:
    """Each `$ command` with what it prints, errors included."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GRAPHKIT_")}
    environment |= {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1", "COLUMNS": "80"}
    for command in [line for line in block.splitlines() if line.startswith("$ ")]:
        yield command
        done = subprocess.run(
            ["sh", "-c", command[2:]], cwd=ROOT, env=environment, text=True, encoding="utf-8", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        yield from done.stdout.splitlines()


def run_python(block: str, console: code.InteractiveConsole) -> Iterator[str]:
    """Each `>>>` statement with what it prints."""
    statements: list[list[str]] = []
    for line in block.splitlines():
        if line.startswith(">>> "):
            statements.append([line])
        elif line.startswith("..."):
            statements[-1].append(line)
    for statement in statements:
        yield from statement
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            for line in statement:
                console.push(line[4:])
            if len(statement) > 1:
                console.push("")
        yield from printed.getvalue().splitlines()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_is_printed(name: str, tmp_path: Path) -> None:
    page = ROOT / "docs" / name
    tool = tmp_path / "graphkit"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m graphkit.cli.main "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    console = code.InteractiveConsole({"__name__": "__tutorial__"})

    def replayed(found: re.Match[str]) -> str:
        kind, block = found.groups()
        lines = run_console(block, tmp_path) if kind == "console" else run_python(block, console)
        return "\n".join([f"```{kind}", *lines, "```"])

    with contextlib.chdir(ROOT):
        text = _BLOCK.sub(replayed, page.read_text(encoding="utf-8"))
    assert same_as_golden(text, page)
    assert "Traceback" not in text
    assert "Error" not in text.replace("RequestError", "")
