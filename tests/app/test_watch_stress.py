"""`graphkit watch` beside a process that writes into the same pages: no word is lost, and the rollups are right."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graphkit.app.load import load
from graphkit.app.writing.rollup import plan_rollup
from graphkit.app.writing.template_lookup import Templates

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

EDITOR = Path(__file__).with_name("watch_editor.py")
TASKS = "".join(f"\t- TODO part {number}\n" for number in range(12))
FILES = {
    "logseq/config.edn": "{}",
    "pages/Build it.md": "page-type:: [[experiment]]\n\n- ### Progress\n  graphkit:: experiment\n"
    f"- ### #[[work]]\n{TASKS}",
    "pages/Board.md": "- ## Status\n  graphkit:: status\n- ## Tasks\n  graphkit:: tasks\n- notes\n",
    "pages/Notes.md": "- notes\n",
}


def run_beside(folder: Path, seconds: float, pause: float, quiet: float, seed: int) -> dict[str, int]:
    """Watch and edit for so many seconds; how many words were written, and how many of them had to be rescued."""
    root = folder / "vault"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRAPHKIT_")} | {
        "GRAPHKIT_CACHE_DIR": str(folder / "cache"),
        "GRAPHKIT_STATE_DIR": str(folder / "state"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "graphkit.cli.main", "-g", str(root), "--as-of", "2026-03-02"]
    told = folder / "told.txt"
    with told.open("w") as stream:
        watch = subprocess.Popen(
            [*command, "watch", "--quiet", str(quiet)], env=environment, stdout=stream, stderr=stream
        )
        try:
            wait_for(told, "watching vault")
            arguments = map(str, (root, folder / "log", seconds, pause, seed))
            subprocess.run([sys.executable, str(EDITOR), *arguments], check=True, timeout=seconds + 60)
            wait_until_current(root)
        finally:
            watch.send_signal(signal.SIGTERM)
            code = watch.wait(timeout=30)
    assert code == 0
    output = told.read_text()
    assert "error" not in output
    assert subprocess.run([*command, "rollup", "--check"], env=environment, check=False).returncode == 0
    assert [path.name for path in (root / "pages").iterdir() if path.name.startswith(".")] == []
    pages = {path.name: path.read_text(encoding="utf-8") for path in (root / "pages").glob("*.md")}
    named = re.findall(r"W611 .* is kept in (\S.*)$", output, re.MULTILINE)
    rescued = "".join(Path(path).read_text(encoding="utf-8", errors="replace") for path in named)
    words = [line.split(" ", 1) for line in (folder / "log").read_text().splitlines()]
    elsewhere = 0
    for word, place in words:
        page = place.rpartition(" ")[0]
        if f"- {word}\n" not in pages[page] + "\n":
            assert f"- {word}" in rescued, f"{word} of {place} is lost"
            elsewhere += 1
    return {"words": len(words), "rescued": elsewhere, "updates": output.count("updated\t")}


def wait_for(file: Path, text: str) -> None:
    end = time.monotonic() + 30
    while text not in file.read_text():
        assert time.monotonic() < end, file.read_text()
        time.sleep(0.02)


def wait_until_current(root: Path) -> None:
    """Until no rollup of the vault is out of date."""
    end = time.monotonic() + 30
    while True:
        vault = load(root, as_of=dt.date(2026, 3, 2))
        with Templates(root) as templates:
            plan = plan_rollup(vault, templates)
        if not plan.changes:
            return
        assert time.monotonic() < end, [change.plan for change in plan.changes]
        time.sleep(0.1)


def test_every_word_stays_while_others_write(tmp_path: Path) -> None:
    found = run_beside(tmp_path, seconds=4, pause=0.02, quiet=0.05, seed=1)
    assert found["words"] > 20
    assert found["updates"] > 1


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("pause", "quiet"), [(0.02, 0.0), (0.02, 0.05), (0.2, 0.5)])
def test_every_word_stays_for_minutes(tmp_path: Path, pause: float, quiet: float) -> None:
    found = run_beside(tmp_path, seconds=120, pause=pause, quiet=quiet, seed=2)
    print(f"\npause {pause} s, quiet {quiet} s: {found}")  # noqa: T201 - the soak's result
    assert found["words"] > 300
    assert found["updates"] > 10
