"""The engine that a name means; only the one that is asked for is imported."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.portfolio.engines.engine import Engine


@contextmanager
def open_engine(name: str, *, address: str | None = None, workers: int | None = None) -> Iterator[Engine]:
    """The engine with this name for the length of a `with` block.

    address: of a Ray cluster; None: one is started on this machine. workers: None: as many as there are processors.
    Raises RequestError if the engine cannot be used.
    """
    if name == "local":
        if address is not None:
            raise RequestError("the engine `local` has no address", "use --engine ray with --address")
        from graphkit.portfolio.engines.local import LocalEngine  # noqa: PLC0415

        with LocalEngine(workers) as local:
            yield local
    else:
        from graphkit.portfolio.engines.ray import RayEngine  # noqa: PLC0415

        with RayEngine(address, workers) as ray:
            yield ray
