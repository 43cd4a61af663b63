"""How processor time grows with the size of an input: ratios within one run, so that they hold on any machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Input = TypeVar("Input")

FACTOR = 4
"""How much larger the large input is."""
SLACK = 3.0
"""A linear reader may take this many times its share; a quadratic one takes `FACTOR` times it."""
ATTEMPTS = 3
NOISE_S = 0.05
"""Seconds of processor time below which nothing is concluded."""


def cpu_seconds(run: Callable[[], object], *, rounds: int = 2) -> float:
    """Processor seconds of the fastest of some rounds."""
    return min(_once(run) for _ in range(rounds))


def _once(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def assert_linear(make: Callable[[int], Input], run: Callable[[Input], object], size: int) -> None:
    """Assert that `run` takes at most in proportion longer for an input `FACTOR` times as large.

    make: the input of a size. size: of the large input. A machine whose speed changes in the middle of a measurement
    is measured again: what is not linear fails every time.
    """
    small, large = make(size // FACTOR), make(size)
    for _ in range(ATTEMPTS):
        quick = cpu_seconds(lambda: run(small))
        slow = cpu_seconds(lambda: run(large), rounds=1)
        if slow < FACTOR * SLACK * quick + NOISE_S:
            return
    raise AssertionError(f"{FACTOR} times the input took {slow / quick:.1f} times as long")


def repeated(piece: str) -> Callable[[int], str]:
    """What makes a text of about so many characters out of one piece."""
    return lambda size: piece * (size // len(piece))
