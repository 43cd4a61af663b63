"""Text from a vault is shown, never obeyed: no command sends a control sequence of the vault's to a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "X\x1b]52;c;aGk=\x07\x9b31m\u202ey"
COMMANDS = [
    ["status"], ["status", "--color", "never"], ["tree", "Hostile"], ["tasks"], ["check"],
    ["check", "--format", "github"],
    ["check", "--format", "json"], ["goals"], ["metrics"], ["strategies"], ["next"], ["export", "blocks"],
    ["graph", "stats"], ["doctor"], ["fmt", "Hostile"], ["fmt", "--check"], ["readout", HOSTILE], ["tree", HOSTILE],
    ["report"],
    ["task", "done", HOSTILE], ["task", "done", "a", "--dry-run"], ["rollup", "--dry-run"], ["query", f"[[{HOSTILE}]]"],
]  # fmt: skip
_OWN = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")
_OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def on_a_terminal(folder: Path, arguments: list[str]) -> bytes:
    """All that a command writes to a terminal, from both streams."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from graphkit.cli.main import main; main()", *arguments, "--no-index"],
        cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TERM": "xterm", "COLUMNS": "300"},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            data = os.read(ours, 65536)
        except OSError:
            break
        if not data:
            break
        written += data
    process.wait(10)
    os.close(ours)
    return written


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    pages = {
        "logseq/config.edn": "{}",
        "pages/Hostile.md": (
            f"page-type:: [[experiment]]\ntitle:: Hostile\ngoal:: [[{HOSTILE}]]\nowner:: {HOSTILE}\n"
            f"status:: {HOSTILE}\n"
            f"on{HOSTILE}wer:: a\nprimary:: [[{HOSTILE}]]\n\n- ## Work\n\t- TODO a {HOSTILE}\n\t  due:: {HOSTILE}\n"
            f"\t- <b> {HOSTILE}\n- #metric [[{HOSTILE}]] {HOSTILE}\n- [[{HOSTILE}]]\n- {{{{{HOSTILE}}}}}\n"
        ),
        "pages/S.md": (
            f"page-type:: [[strategy]]\n\n- | Strategy | Key Metrics |\n  |--|--|\n  | {HOSTILE} | {HOSTILE} | c |\n"
        ),
        "pages/M.md": f"title:: {HOSTILE}\npage-type:: [[metric]]\nunit:: {HOSTILE}\n",
    }
    for name, text in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=lambda arguments: " ".join(arguments).encode("unicode_escape").decode()
)
def test_no_command_lets_a_terminal_obey_the_vault(vault: Path, arguments: list[str]) -> None:
    written = on_a_terminal(vault, arguments)
    assert written
    assert not _OBEYED.search(_OWN.sub(b"", written).decode("utf-8", "replace")), written
