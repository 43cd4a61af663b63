"""The protocol of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Job = TypeVar("Job")
Result = TypeVar("Result")


class JobFailure(Record, frozen=True):
    """A job without a result."""

    message: str
    """One line."""


def failure_of(error: BaseException) -> JobFailure:
    """The failure of a job whose function raised an exception."""
    return JobFailure(" ".join(f"{type(error).__name__}: {error}".split()))


class Engine(Protocol):
    """Runs a function over jobs, in other processes. The function and the jobs can be pickled."""

    workers: int
    """The number of jobs that it runs at the same time."""

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[tuple[int, Result | JobFailure]]:
        """The number of each job with its result, as soon as it is there, in any order.

        An exception of the function, or the end of its process, is a JobFailure of that job and of no other.
        """
