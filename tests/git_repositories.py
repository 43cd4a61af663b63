"""Git repositories for tests, built by `git fast-import`: every commit has its day, every id is the same each time."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
}


@dataclass(frozen=True)
class Step:
    """One commit: its author's day and zone, and files with their new text; None deletes one."""

    day: date
    files: Mapping[str, str | bytes | None]
    zone: str = "+0000"
    message: str = "Notes"
    hour: int = 12
    seconds: int | None = None
    """The author's time as seconds since 1970, in place of day and hour."""


def git(folder: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        check=False,
        errors="surrogateescape",
    )
    assert done.returncode == 0, f"git {arguments}: {done.stderr}"
    return done.stdout


def build(root: Path, steps: list[Step], *, prefix: str = "") -> Path:
    """A repository at root with these commits on `main`, checked out. prefix: a folder for all paths; the vault."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main", ".")
    stream = b"".join(_commit(number, step, prefix) for number, step in enumerate(steps, 1))
    subprocess.run(
        ["git", "-C", str(root), "fast-import", "--quiet"],
        env=ENVIRONMENT,
        input=stream,
        check=True,
        capture_output=True,
    )
    git(root, "reset", "-q", "--hard", "main")
    return root / prefix if prefix else root


def _commit(number: int, step: Step, prefix: str) -> bytes:
    seconds = step.seconds
    if seconds is None:
        sign = -1 if step.zone[0] == "-" else 1
        offset = sign * (int(step.zone[1:3]) * 3600 + int(step.zone[3:5]) * 60)
        seconds = int(datetime.combine(step.day, time(step.hour), UTC).timestamp()) - offset
    message = step.message.encode()
    lines = [
        b"commit refs/heads/main\n",
        b"mark :%d\n" % number,
        f"author Ana <ana@example.org> {seconds} {step.zone}\n".encode(),
        f"committer Ana <ana@example.org> {max(seconds, 0)} {step.zone}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
    ]
    if number > 1:
        lines.append(b"from :%d\n" % (number - 1))
    for path, text in step.files.items():
        name = _quoted(f"{prefix}/{path}" if prefix else path)
        if text is None:
            lines.append(b"D %s\n" % name)
        else:
            data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
            lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name, len(data), data))
    return b"".join(lines) + b"\n"


def _quoted(path: str) -> bytes:
    """A path as fast-import takes it, C-style quoted."""
    escaped = path.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return b'"%s"' % escaped.encode("utf-8", "surrogateescape")


@dataclass
class Draft:
    """A vault that is edited and committed step by step."""

    files: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    _committed: dict[str, str] = field(default_factory=dict)

    def commit(self, day: date, *, zone: str = "+0000", message: str = "Notes") -> None:
        """A commit of what has changed in `files` since the last one."""
        changed: dict[str, str | bytes | None] = {
            path: text for path, text in self.files.items() if self._committed.get(path) != text
        }
        changed |= dict.fromkeys(path for path in self._committed if path not in self.files)
        self.steps.append(Step(day, changed, zone=zone, message=message))
        self._committed = dict(self.files)
