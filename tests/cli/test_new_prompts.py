"""`graphkit new` on a terminal: a real one (a pty), to which a person's answers are typed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

END = "\x04"
"""Ctrl-D."""
COMMAND = [sys.executable, "-c", "from graphkit.cli.main import main; main()"]


def typed(root: Path, arguments: list[str], answers: list[str]) -> tuple[int, list[str]]:
    """The exit code, and the screen, of a run in which each answer is typed when a question has been asked."""
    terminal, other = pty.openpty()
    places = {"GRAPHKIT_CACHE_DIR": f"{root}.cache", "GRAPHKIT_STATE_DIR": f"{root}.state", "NO_COLOR": "1"}
    words = [*COMMAND, "-g", str(root), "--as-of", "2026-03-02", "new", *arguments]
    screen, at = b"", 0
    waiting = list(answers)
    with subprocess.Popen(words, stdin=other, stdout=other, stderr=other, env={**os.environ, **places}) as process:
        os.close(other)
        while piece := _read(terminal):
            screen += piece
            if screen[at:].endswith(b": "):
                os.write(terminal, (waiting.pop(0) if waiting else END).encode())
                at = len(screen)
    os.close(terminal)
    assert not waiting
    return process.returncode, screen.decode().replace("\r\n", "\n").split("\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that the other end is closed
        return b""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "logseq").mkdir(parents=True)
    (root / "pages").mkdir()
    (root / "pages" / "Ana.md").write_text("- x\n", encoding="utf-8")
    views = root / ".graphkit" / "templates" / "pages"
    views.mkdir(parents=True)
    (views / "goal.md.j2").write_text(
        "---\nvariables:\n  - {name: status, prompt: Where it is, type: choice, choices: [open, met], default: open}\n"
        "  - {name: due, prompt: Last day, type: date}\n  - {name: owner, prompt: Who, type: pages}\n---\n"
        "page-type:: [[goal]]\nstatus:: {{ status|prop_value }}\n"
        "{% if due %}\ndue:: {{ due.title|page_ref }}\n{% endif %}\nowner:: {{ owner|page_refs }}\n\n- {{ title }}\n",
        encoding="utf-8",
    )
    return root


def test_the_title_comes_first_and_each_bad_answer_is_asked_for_again(vault: Path) -> None:
    answers = ["ana\n", "Grow\n", "nonsense\n", "met\n", "2026-02-31\n", "2026-04-01\n", "Ana, Ruth\n"]
    code, screen = typed(vault, ["goal"], answers)
    assert screen == [
        "Title: ana",
        "Error: “ana” exists already (pages/Ana.md), and is not overwritten",
        "Title: Grow",
        "Where it is (open, met) [open]: nonsense",
        "Error: status: “nonsense” is not one of open, met",
        "Where it is (open, met) [open]: met",
        "Last day (2026-03-31, or today): 2026-02-31",
        "Error: due: “2026-02-31” is not a day; write it as 2026-03-31",
        "Last day (2026-03-31, or today): 2026-04-01",
        "Who (separated by commas): Ana, Ruth",
        "pages/Grow.md",
        "`graphkit undo` reverts it (run 1)",
        "",
    ]
    assert code == 0
    assert (vault / "pages" / "Grow.md").read_text(encoding="utf-8") == (
        "page-type:: [[goal]]\nstatus:: met\ndue:: [[Apr 1st, 2026]]\nowner:: [[Ana]], [[Ruth]]\n\n- Grow"
    )


def test_what_the_command_line_says_is_looked_at_before_anything_is_asked(vault: Path) -> None:
    code, screen = typed(vault, ["goal", "Ana"], [])
    assert (code, screen[0]) == (2, "error: “Ana” exists already (pages/Ana.md), and is not overwritten")
    code, screen = typed(vault, ["goal", "Grow", "--set", "due=soon"], [])
    assert (code, screen[0]) == (2, "error: due: “soon” is not a day; write it as 2026-03-31")


def test_what_does_not_fit_together_can_be_gone_through_again_without_typing_it_anew(vault: Path) -> None:
    first = ["\n", "%\n", "up\n", "about half\n", "60%\n", *["\n"] * 6]
    again = ["y\n", "\n", "\n", "\n", "50%\n", *["\n"] * 7]
    code, screen = typed(vault, ["metric", "Share"], [*first, *again])
    assert code == 0
    assert "error: baseline:: about half is not understood and is ignored" in screen
    assert "Target, such as 45% by 2026-06-30 [60%]: " in screen
    assert (vault / "pages" / "Share.md").read_text(encoding="utf-8") == (
        "page-type:: [[metric]]\nunit:: %\ndirection:: up\nbaseline:: 50%\ntarget:: 60%\ncadence:: weekly\n\n"
        "- ### Definition"
    )


def test_stopping_at_a_question_ends_the_line(vault: Path) -> None:
    assert typed(vault, ["goal"], [END]) == (130, ["Title: ", ""])
