"""The transcript in docs/watch.md, run on a copy of the sample graph; GRAPHKIT_UPDATE_GOLDEN=1 writes it there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from golden_text import same_as_golden
from shared_material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "watch.md"
WATCH = "$ graphkit watch --quiet 1 &"
STATUS_LINE = "$ grep Repotting 'pages/Experiment status.md'"
STEPS = (
    ("$ graphkit rollup --create", 0),
    (WATCH, 2),
    ("$ graphkit new experiment 'Repotting reminder' --goal 'Improve customer retention' --owner Mei --no-input", 2),
    (STATUS_LINE, 0),
    ("$ graphkit task done 'Repotting reminder:10'", 3),
    (STATUS_LINE, 0),
    ("$ kill %1", 1),
)
"""What is typed, and how many lines `watch` says to it."""


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
def test_the_watch_page_shows_what_happens(tmp_path: Path) -> None:
    lines = list(transcript(tmp_path))
    text = PAGE.read_text(encoding="utf-8")
    shown = re.sub(
        r"(?<=<!-- transcript -->\n```console\n).*?(?=```\n)", lambda _: "\n".join(lines) + "\n", text, flags=re.DOTALL
    )
    assert same_as_golden(shown, PAGE)


def transcript(folder: Path) -> list[str]:
    root = folder / "sample_graph"
    shutil.copytree(ROOT / "sample_graph", root)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRAPHKIT_")} | {
        "GRAPHKIT_CACHE_DIR": str(folder / "cache"),
        "GRAPHKIT_STATE_DIR": str(folder / "state"),
        "GRAPHKIT_GRAPH": str(root),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "100",
    }
    graphkit = [sys.executable, "-m", "graphkit.cli.main", "--as-of", "2026-03-02"]
    lines: list[str] = []
    told = folder / "told.txt"
    seen = 0
    watch: subprocess.Popen[bytes] | None = None
    try:
        for command, expected in STEPS:
            lines.append(command)
            words = shlex.split(command)[1:]
            if command == WATCH:
                with told.open("wb") as stream:
                    watch = subprocess.Popen([*graphkit, *words[1:-1]], env=environment, stdout=stream, stderr=stream)
            elif words[0] == "kill":
                assert watch is not None
                watch.send_signal(signal.SIGTERM)
                assert watch.wait(timeout=30) == 0
            else:
                program = [*graphkit, *words[1:]] if words[0] == "graphkit" else words
                done = subprocess.run(
                    program, env=environment, cwd=root, check=True, encoding="utf-8",
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                )  # fmt: skip
                lines += done.stdout.splitlines()
            if watch is not None:
                new = wait_for(told, seen + expected)
                lines += new[seen:]
                seen = len(new)
    finally:
        if watch is not None:
            watch.kill()
            watch.wait()
    return lines


def wait_for(told: Path, number: int) -> list[str]:
    """The lines that `watch` has printed, once there are so many."""
    end = time.monotonic() + 30
    while len(lines := told.read_text(encoding="utf-8").splitlines()) < number:
        assert time.monotonic() < end, lines
        time.sleep(0.02)
    return lines
