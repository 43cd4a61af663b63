"""`graphkit index`: show, rebuild or delete the index of a vault."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from graphkit.app.cache_writing import save_facts
from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.opening import IndexPlace
from graphkit.app.results.reports import TableReport
from graphkit.cache.database import remove
from graphkit.cache.facts_cache import describe_cache
from graphkit.cache.last_output import drop_outputs, output_sizes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

COLUMNS = ("what", "value")


def report_index(place: IndexPlace) -> TableReport:
    """The path, size and contents of the index."""
    found, outputs = describe_cache(place.path), output_sizes(str(place.path.parent))
    rows: list[tuple[str | int | float | None, ...]] = [("file", str(place.path)), ("state", found.state)]
    if found.state == "ready":
        rows += [
            ("bytes", found.size),
            ("pages", found.pages),
            ("refreshes", found.writes),
            ("read again next time", found.young),
        ]
    rows += [("outputs", len(outputs)), ("bytes of outputs", sum(outputs))] if outputs else []
    return TableReport(name="index-info", title="The index of this vault", columns=COLUMNS, rows=tuple(rows))


def rebuild_index(
    root: Path,
    place: IndexPlace,
    *,
    as_of: dt.date | None = None,
    environment: Mapping[str, str],
    progress: Callable[[int, int], None] | None = None,
) -> TableReport:
    """Delete the index, read the vault, and save what was read, even for a small vault. Raises RequestError."""
    forget_index(place)
    vault = load(root, as_of=as_of, environment=environment, progress=progress, index=IndexPlace(path=place.path))
    trouble = vault.loaded.cache_trouble or save_facts(vault)
    if trouble is not None:
        raise RequestError(
            f"the index cannot be created: {trouble}",
            "set another folder with GRAPHKIT_CACHE_DIR, or use --no-index",
        )
    return report_index(place)


def forget_index(place: IndexPlace) -> bool:
    """Delete the cache; False if there was no index. Raises RequestError if that fails."""
    try:
        drop_outputs(str(place.path.parent))
        found = remove(place.path)
        with suppress(OSError):
            place.path.parent.rmdir()  # a writer's lock may be there
    except OSError as error:
        raise RequestError(
            f"the index cannot be deleted: {error.strerror or error}",
            f"look at {error.filename or place.path}, or set another folder with GRAPHKIT_CACHE_DIR",
        ) from error
    return found
