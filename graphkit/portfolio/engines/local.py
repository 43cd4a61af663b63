"""The engine of one machine: a pool of processes."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Self

from graphkit.portfolio.engines.engine import JobFailure, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graphkit.portfolio.engines.engine import Job, Result

_KILLED = "the process that read it was killed, perhaps for lack of memory"


class LocalEngine:
    """A pool of processes, which begin with nothing of this one: threads and open stores are not copied."""

    def __init__(self, workers: int | None = None) -> None:
        """Workers: processes; None: one for each processor."""
        self.workers = workers or os.cpu_count() or 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to close: a pool lives as long as one `map`."""

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[tuple[int, Result | JobFailure]]:
        """As `Engine.map`. If a process is killed, what the pool had not finished is run again, one job a pool."""
        left = dict(enumerate(jobs))
        for number, result in self._run(function, left, self.workers):
            del left[number]
            yield number, result
        for number, job in left.items():
            found = dict(self._run(function, {number: job}, 1))
            yield number, found.get(number, JobFailure(_KILLED))

    def _run(
        self, function: Callable[[Job], Result], jobs: dict[int, Job], workers: int
    ) -> Iterator[tuple[int, Result | JobFailure]]:
        """The results of one pool; those that it lost when a process was killed are missing."""
        if not jobs:
            return
        pool = ProcessPoolExecutor(
            min(workers, len(jobs)), mp_context=get_context("spawn"), initializer=_prepare_worker
        )
        try:
            futures = {pool.submit(function, job): number for number, job in jobs.items()}
            for future in as_completed(futures):
                try:
                    result: Result | JobFailure = future.result()
                except BrokenProcessPool:
                    continue
                except Exception as error:  # noqa: BLE001 - whatever the function raises is its job's failure
                    result = failure_of(error)
                yield futures[future], result
        finally:
            pool.shutdown(cancel_futures=True)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(parent: int) -> None:
    wait([parent])
    os._exit(1)
