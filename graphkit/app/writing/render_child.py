"""The child process that renders a vault's templates: limits first, then one request after the other."""

from __future__ import annotations

import json
import pickle
import sys
from typing import IO, Any

_LENGTH = 8


def main(memory_bytes: int, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Answer requests until the other side closes."""
    from graphkit.views import environment  # noqa: PLC0415 - loaded before memory is bounded

    environment.render("{{ 1 }}", {}, name="")
    _bound_memory(memory_bytes)
    _send(outgoing, b"ready")
    while len(head := incoming.read(_LENGTH)) == _LENGTH:
        # The request is from our own parent over a pipe that nobody else has.
        request = incoming.read(int.from_bytes(head, "big"))
        source, variables, name, seconds = pickle.loads(request)  # noqa: S301
        _bound_time(seconds)
        try:
            answer: dict[str, object] = {"text": environment.render(source, variables, name=name)}
        except environment.TemplateError as error:
            answer = {"line": error.line, "reason": error.reason}
        except MemoryError:
            answer = {"line": None, "reason": "it needs too much memory"}
        _send(outgoing, json.dumps(answer).encode("ascii"))


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_LENGTH, "big") + data)
    stream.flush()


def _bound_memory(memory_bytes: int) -> None:
    """As far as the system can: there are no such limits on Windows, and macOS does not keep this one."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    for name, amount in (("RLIMIT_AS", memory_bytes), ("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_NPROC", 0)):
        _lower(resource, name, amount)


def _bound_time(seconds: float) -> None:
    """Processor time from now on: the parent's clock is stricter, this holds when the parent is gone."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource, "RLIMIT_CPU", int(used.ru_utime + used.ru_stime + seconds) + 2, soft_only=True)


def _lower(resource: Any, name: str, amount: int, *, soft_only: bool = False) -> None:  # noqa: ANN401 - no such module on Windows
    limit = getattr(resource, name, None)
    if limit is None:
        return
    hard = resource.getrlimit(limit)[1]
    try:
        resource.setrlimit(limit, (amount, hard if soft_only else amount))
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
