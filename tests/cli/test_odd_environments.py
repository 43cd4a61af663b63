"""Commands in environments that nobody plans for: closed streams, odd variables, few descriptors, no folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = ("status", "tasks", "next", "goals", "metrics", "strategies", "check", "log", "burnup", "doctor")
WRITING = (
    "rollup --dry-run", "task done 'Write the offer page' --dry-run", "metric log 'Churn rate' 5% --dry-run",
    "new experiment X --no-input --dry-run", "plan --baseline 10% --mde 10% --traffic 40/week", "forecast",
    "readout 'Onboarding quiz'",
)  # fmt: skip

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sample_graph", tmp_path / "vault"))


def shell(line: str, folder: Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a line of sh in a folder; `graphkit` is this checkout's."""
    program = f"graphkit() {{ '{sys.executable}' -m graphkit.cli.main \"$@\"; }}\n{line}"
    return subprocess.run(
        ["/bin/sh", "-c", program], cwd=folder, env={**os.environ, **(environment or {})}, capture_output=True,
        text=True, encoding="utf-8", errors="replace", check=False, timeout=120,
    )  # fmt: skip


def whole(done: subprocess.CompletedProcess[str]) -> str:
    text = done.stdout + done.stderr
    assert "internal error" not in text, text
    assert "Traceback" not in text, text
    return text


@posix_only
@pytest.mark.parametrize("command", ["status", "next", "check", "log"])
def test_streams_that_are_closed_or_full_do_not_change_the_exit_status(vault: Path, command: str) -> None:
    line = f"graphkit --as-of 2026-03-02 --no-index {command}"
    codes = {}
    for how in ("", "2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"):
        done = shell(f"{line} {how}", vault)
        whole(done)
        codes[how] = done.returncode
    assert set(codes.values()) <= {0, 1}
    assert len(set(codes.values())) == 1, codes


@posix_only
def test_a_closed_stream_never_becomes_a_page(vault: Path) -> None:
    """Whatever is opened first would otherwise get the number of the closed stream."""
    before = {path: path.read_bytes() for path in sorted(vault.rglob("*.md"))}
    done = shell("graphkit task done 'Write the offer pag' --debug <&- >&- 2>&-; graphkit check <&- 2>&- >&-", vault)
    assert done.returncode in {0, 1}
    assert {path: path.read_bytes() for path in sorted(vault.rglob("*.md"))} == before


@posix_only
def test_a_full_disk_behind_stdout_is_an_error(vault: Path) -> None:
    done = shell("graphkit --no-index status >/dev/full", vault)
    assert done.returncode == 2
    assert "No space left on device" in whole(done)


@posix_only
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("command", [*COMMANDS, *WRITING])
def test_the_first_and_the_last_day_of_the_calendar(vault: Path, command: str, day: str) -> None:
    done = shell(f"graphkit --as-of {day} --no-index {command}", vault)
    whole(done)
    assert done.returncode in {0, 1, 2}


@posix_only
@pytest.mark.parametrize("zone", ["", "Foo/Bar", ":", "UTC-99", "../../etc/passwd", "A" * 5000])
def test_odd_time_zones(vault: Path, zone: str) -> None:
    done = shell("graphkit --no-index status", vault, {"TZ": zone})
    whole(done)
    assert done.returncode == 0


@posix_only
@pytest.mark.parametrize("columns", ["0", "-5", "1", "19", "999999999", "9" * 20, "9" * 5000, "abc", "", "²"])
def test_absurd_widths(vault: Path, columns: str) -> None:
    done = shell("graphkit --no-index status --format screen --as-of 2026-03-02", vault, {"COLUMNS": columns})
    whole(done)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 1000


@posix_only
@pytest.mark.parametrize("command", ["status", "check", "tasks", "rollup", "doctor"])
def test_six_file_descriptors_are_enough_or_are_said_to_be_too_few(vault: Path, command: str) -> None:
    done = shell(f"ulimit -n 6 && graphkit --as-of 2026-03-02 {command}", vault)
    whole(done)
    assert done.returncode in {0, 1} or "open files" in done.stderr


@posix_only
def test_a_folder_that_has_been_deleted(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = shell("rmdir ../gone; graphkit status", tmp_path / "gone")
    assert done.returncode == 2
    assert "the current folder does not exist any more" in whole(done)
    (tmp_path / "gone").mkdir()
    done = shell(f"rmdir ../gone; graphkit -g '{vault}' status", tmp_path / "gone")
    whole(done)
    assert done.returncode == 0
