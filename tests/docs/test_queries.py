"""What docs/queries.md says that its commands print is what they print."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from golden_text import same_as_golden
from shared_material import ROOT

from graphkit.cli.main import run

if TYPE_CHECKING:
    import pytest

PAGE = ROOT / "docs" / "queries.md"
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    assert words[0] == "graphkit"
    run(["-g", str(ROOT / "sample_graph"), "--as-of", "2026-03-02", "--no-index", *words[1:]])
    return capsys.readouterr().out


def test_the_examples_print_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")

    def replayed(found: re.Match[str]) -> str:
        commands = [line for line in found[1].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{each}\n{printed(each[2:], capsys)}" for each in commands) + "```"

    assert text.count("$ graphkit") > 5
    assert os.linesep == "\n"
    assert same_as_golden(_CONSOLE.sub(replayed, text), PAGE)
