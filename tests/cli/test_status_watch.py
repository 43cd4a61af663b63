"""`graphkit status --watch` on a pseudo-terminal: it draws, draws again after a save, and leaves a clean terminal."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.watching.follow import Follow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")

PAGE = "page-type:: [[experiment]]\n\n- ### #[[work]]\n\t- TODO one\n\t- TODO two\n"


def read_until(terminal: int, wanted: str) -> str:
    found = b""
    end = time.monotonic() + 30
    while wanted.encode() not in found:
        assert time.monotonic() < end, found
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                found += os.read(terminal, 65536)
            except OSError:  # Linux, when the other side is closed
                break
    return found.decode()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_stays_current_and_leaves_the_terminal_as_it_was(tmp_path: Path, number: int, code: int) -> None:
    page = tmp_path / "pages" / "Trial.md"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    here, there = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80", "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "graphkit.cli.main", "-g", str(tmp_path), "status", "--watch"],
        env=environment, stdout=there, stderr=there,
    )  # fmt: skip
    os.close(there)
    try:
        begun = read_until(here, "0/2")
        assert begun.startswith("\x1b[?1049h\x1b[?25l\x1b[H")
        page.write_text(PAGE.replace("TODO one", "DONE one"), encoding="utf-8")
        assert "\x1b[H" in read_until(here, "1/2")
        (tmp_path / "graphkit.toml").write_text("checkboxs = true\n", encoding="utf-8")
        assert "unknown key 'checkboxs'" in read_until(here, "1/2")
        (tmp_path / "graphkit.toml").unlink()
        assert "checkboxs" not in read_until(here, "1/2")
        process.send_signal(number)
        assert read_until(here, "\x1b[?1049l").endswith("\x1b[?25h\x1b[?1049l")
        assert process.wait(timeout=30) == code
    finally:
        process.kill()
        process.wait()
        os.close(here)


def test_a_vault_that_is_moved_away_ends_it(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "pages").mkdir(parents=True)
    feed = Feed(lambda: vault.rename(tmp_path / "elsewhere"))
    with pytest.raises(RequestError, match="is gone"):
        list(Follow(vault, {}, feed).sessions())


class Feed:
    """A feed in which something happens once, and no event comes."""

    polling = ""

    def __init__(self, action: Callable[[], object]) -> None:
        self.actions = [action]

    def take(self, timeout_s: float) -> list[str]:
        assert timeout_s <= 5
        self.actions.pop()()
        return []

    def wake(self) -> None: ...

    def poll(self, reason: str) -> None: ...
