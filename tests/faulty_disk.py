"""A disk on which any single call can fail, be the last before a crash, or be watched."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.store.writing.filesystem import FileSystem

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = frozenset(name for name in vars(FileSystem) if not name.startswith("_"))


class Crash(BaseException):
    """The process is dead: nothing after it happens, cleaning up included."""


class FaultyDisk(FileSystem):
    """Counts calls from 0; `error` is raised at call `fail_at`, a crash at `crash_at` and at every call after it."""

    def __init__(
        self,
        *,
        fail_at: int | None = None,
        error: int = 0,
        crash_at: int | None = None,
        kill_at: int | None = None,
        swaps: bool = True,
    ) -> None:
        self.calls: list[str] = []
        self.fail_at = fail_at
        self.error = error
        self.crash_at = crash_at
        self.kill_at = kill_at
        self.swaps = swaps
        self.before: dict[str, list[Callable[[], object]]] = {}
        """What other programs do right before a call of this name; each is done once, in order."""

    def exchange(self, one: str, other: str) -> bool:
        return self.swaps and super().exchange(one, other)

    def fsync(self, fd: int) -> None:
        """No test cuts the power."""

    def sync_folder(self, path: str) -> None:
        """The same."""

    def pause(self, seconds: float) -> None:
        """No test waits."""

    def __getattribute__(self, name: str) -> object:
        attribute = super().__getattribute__(name)
        if name not in STEPS:
            return attribute

        def step(*args: object, **kwargs: object) -> object:
            number = len(self.calls)
            self.calls.append(name)
            if self.crash_at is not None and number >= self.crash_at:
                raise Crash
            if number == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if number == self.fail_at:
                raise OSError(self.error, os.strerror(self.error))
            pending = self.before.get(name)
            if pending:
                pending.pop(0)()
            return attribute(*args, **kwargs)

        return step


@dataclass
class MemoryKeeper:
    """Keeps in memory what a write replaced."""

    kept: list[tuple[str, bytes | None, bytes | None]] = field(default_factory=list)
    settled: dict[int, bool] = field(default_factory=dict)
    rescued: list[tuple[str, bytes]] = field(default_factory=list)

    def keep(self, page: str, before: bytes | None, after: bytes | None) -> int:
        self.kept.append((page, before, after))
        return len(self.kept) - 1

    def settle(self, number: int, *, written: bool) -> None:
        self.settled[number] = written

    def rescue(self, page: str, data: bytes) -> str:
        self.rescued.append((page, data))
        return f"rescued/{len(self.rescued)}"
