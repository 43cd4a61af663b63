"""One whole process, measured: processor time, clock, peak memory, what it printed. Knows no tool and no vault."""

from __future__ import annotations

import json
import math
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
"""The repository: every process runs here, so that the drivers find their package in any environment."""
LAUNCH = Path(__file__).resolve().parent / "peers_drivers" / "launch.py"
CLOCK_FACTOR = 4
"""A process that waits instead of working is stopped after this many times the limit by the clock."""
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "GRAPHKIT_NO_INDEX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One finished process; with several runs, the medians of them."""

    cpu_s: float
    """User + system seconds of the process and of the children it waited for."""
    wall_s: float
    peak_mb: float
    """Resident memory in 10⁶ bytes."""
    peak_hidden: bool = False
    """Whether it may be less: every child begins with the memory of the process that started it."""
    over: bool = False
    """Whether it was stopped at the limit; the seconds are then those it had used by that time."""
    error: str = ""
    """The last line it wrote to stderr, where it failed."""
    output: str = ""
    runs: int = 1


def run(command: Sequence[str], *, limit_s: float, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run a command to its end, or until it has used `limit_s` seconds of processor time (whole ones, rounded up)."""
    variables = {key: value for key, value in os.environ.items() if key not in UNWANTED} | dict(environment or {})
    seconds = math.ceil(limit_s)
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        limits = (str(seconds), str(seconds * CLOCK_FACTOR))
        words = [sys.executable, "-I", "-S", str(LAUNCH), *limits, str(out), str(err), *command]
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=variables, cwd=ROOT) as launch:
            try:
                said = launch.communicate()[0]
            except BaseException:
                launch.terminate()
                raise
        used = json.loads(said)
        code = used["code"]
        # SIGXCPU says it all: on a busy machine the seconds reported can be fewer than those the limit counts.
        killed = code == -signal.SIGKILL and used["cpu_s"] >= seconds * 0.9
        over = used["stopped"] or code == -signal.SIGXCPU or killed
        return Outcome(
            cpu_s=used["cpu_s"],
            wall_s=used["wall_s"],
            peak_mb=used["peak"] * (1 if sys.platform == "darwin" else 1024) / 1e6,
            peak_hidden=used["peak"] <= used["floor"] * 1.05,
            over=over,
            error="" if code == 0 or over else _last_line(_text(err)) or f"exit code {code}",
            output=_text(out),
        )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


def median(outcomes: Sequence[Outcome]) -> Outcome:
    """The medians of several runs of one command, with what the last one printed."""
    return Outcome(
        cpu_s=statistics.median(outcome.cpu_s for outcome in outcomes),
        wall_s=statistics.median(outcome.wall_s for outcome in outcomes),
        peak_mb=statistics.median(outcome.peak_mb for outcome in outcomes),
        peak_hidden=any(outcome.peak_hidden for outcome in outcomes),
        over=any(outcome.over for outcome in outcomes),
        error=next((outcome.error for outcome in outcomes if outcome.error), ""),
        output=outcomes[-1].output,
        runs=len(outcomes),
    )
