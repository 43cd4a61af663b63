"""docs/portfolio.md: its first run, and what happens without the extras that it names."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs/portfolio.md"


@pytest.mark.engines
def test_the_first_run_works_as_it_is_written(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(r"<!-- first run -->\n```sh\n(.*?)```\n<!-- /first run -->", page, re.DOTALL)
    assert found is not None
    commands = found[1]
    assert len(commands.splitlines()) == 3
    for name, words in {"graphkit": "-m graphkit.cli.main", "python": ""}.items():
        tool = tmp_path / "tools" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        tool.chmod(0o755)
    (tmp_path / "benchmarks").symlink_to(ROOT / "benchmarks")
    done = subprocess.run(
        ["sh", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{tmp_path / 'tools'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "40 vaults" in done.stdout
    assert "vaults\t40" in done.stdout
    assert "decision due" in done.stdout


WITHOUT = """
import sys
for name in {missing!r}:
    sys.modules[name] = None
from graphkit.cli.main import run
sys.exit(run({words!r}))
"""


@pytest.mark.parametrize(
    "missing", [["arro3.core", "arro3"], ["duckdb"], ["obstore"], ["ray"]], ids=lambda names: names[0]
)
def test_a_command_names_the_extra_that_is_missing(missing: list[str], tmp_path: Path) -> None:
    words = {
        "arro3.core": ["portfolio", "build", "sample_graph", "-o", str(tmp_path / "ds")],
        "duckdb": ["portfolio", "status", "-d", str(tmp_path / "ds")],
        "obstore": ["portfolio", "build", "s3://bucket/x", "-o", str(tmp_path / "ds")],
        "ray": ["portfolio", "build", "sample_graph", "-o", str(tmp_path / "ds"), "--engine", "ray"],
    }[missing[0]]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing=missing, words=words)], cwd=ROOT, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert "pip install 'logseq-graphkit[portfolio" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert not (tmp_path / "ds").exists()
