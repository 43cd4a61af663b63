"""The screens on the pages about readouts and plans, as they are drawn; GRAPHKIT_UPDATE_GOLDEN=1 writes them there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest
from golden_text import same_as_golden
from shared_material import ROOT

_BLOCK = re.compile(r"^```console\n\$ (graphkit [^\n]*)\n.*?^```$", re.MULTILINE | re.DOTALL)


def drawn(command: str) -> str:
    """The screen of a command, without colour."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GRAPHKIT_")}
    environment |= {"PYTHONUTF8": "1", "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-m", "graphkit.cli.main", *shlex.split(command)[1:], "--no-index", "--format", "screen"],
        cwd=ROOT, env=environment, text=True, encoding="utf-8", check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("name", ["readout.md", "plan.md"])
def test_the_screens_are_as_drawn(name: str) -> None:
    page = ROOT / "docs" / name
    text = page.read_text(encoding="utf-8")
    current = _BLOCK.sub(lambda found: f"```console\n$ {found[1]}\n{drawn(found[1])}```", text)
    assert same_as_golden(current, page)
    assert len(_BLOCK.findall(text)) >= 2
