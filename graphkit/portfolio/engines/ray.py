"""The engine of a cluster: tasks of Ray, which the extra `ray` brings. Ray schedules them and retries lost ones."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from graphkit.app.failures import RequestError
from graphkit.portfolio.engines.engine import JobFailure, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graphkit.portfolio.engines.engine import Job, Result

_RETRIES = 3
_AHEAD = 4
"""Tasks a worker that are submitted before results are waited for."""


class RayEngine:
    """A connection to a Ray cluster, or a Ray of this machine alone that ends with the block."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        """Address: as for `ray.init`; None: Ray is started on this machine. workers: processors that it may use there.

        Raises RequestError if Ray is not installed.
        """
        try:
            import ray  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise RequestError(
                "the engine `ray` needs Ray, which the extra `ray` brings",
                "install it: pip install 'logseq-graphkit[portfolio,ray]'",
            ) from error
        self._ray: Any = ray
        self._address = address
        self._wanted = workers
        self._started = False
        self.workers = 1

    def __enter__(self) -> Self:
        """Connect. Raises RequestError if there is no cluster at the address."""
        if not self._ray.is_initialized():
            options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
            if self._address is None:
                options |= {"address": "local", "include_dashboard": False, "num_cpus": self._wanted}
            else:
                options["address"] = self._address
            try:
                self._ray.init(**options)
            except (ConnectionError, RuntimeError, ValueError) as error:
                raise RequestError(
                    f"Ray cannot be used at {self._address or 'this machine'}: {str(error).splitlines()[0]}",
                    "check the address; `ray status` on the head node shows the cluster",
                ) from error
            self._started = True
        self.workers = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster; a Ray that was started here ends."""
        if self._started:
            self._ray.shutdown()

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[tuple[int, Result | JobFailure]]:
        """As `Engine.map`."""
        run = self._ray.remote(max_retries=_RETRIES, num_cpus=1)(function)
        waiting = iter(enumerate(jobs))
        running: dict[Any, int] = {}
        more = True
        while more or running:
            while more and len(running) < self.workers * _AHEAD:
                following = next(waiting, None)
                if following is None:
                    more = False
                    break
                number, job = following
                running[run.remote(job)] = number
            if not running:
                break
            for reference in self._ray.wait(list(running), num_returns=1)[0]:
                yield running.pop(reference), self._result(reference)

    def _result(self, reference: object) -> Any:  # noqa: ANN401 - the function's
        exceptions = self._ray.exceptions
        try:
            return self._ray.get(reference)
        except exceptions.RayTaskError as error:
            return failure_of(error.cause)
        except exceptions.RayError as error:
            return JobFailure(f"Ray could not run it: {str(error).splitlines()[0]}")
