"""`graphkit index`: what is kept of a vault for the next command, made anew, or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.opening import IndexPlace
from graphkit.app.results.reports import TableReport
from graphkit.app.session import open_session
from graphkit.cache.answers import answer_sizes, drop_answers
from graphkit.cache.index import describe_index, drop_index
from graphkit.store.user_folders import ANSWERS_NAME, MARKS_NAME

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

COLUMNS = ("what", "value")


def report_index(place: IndexPlace) -> TableReport:
    """Where the index lies, how large it is, and what it holds."""
    found, kept, marks = describe_index(place.path), *map(answer_sizes, _folders_beside(place.path))
    rows: list[tuple[str | int | float | None, ...]] = [("file", str(place.path)), ("state", found.state)]
    if found.state == "ready":
        rows += [
            ("bytes", found.size),
            ("pages", found.pages),
            ("refreshes", found.generation),
            ("read again next time", found.young),
        ]
    rows += [("answers", len(kept)), ("bytes of answers", sum(kept))] if kept else []
    rows += [("bytes of marks", sum(marks))] if marks else []
    return TableReport(name="index-info", title="The index of this vault", columns=COLUMNS, rows=tuple(rows))


def rebuild_index(
    root: Path,
    place: IndexPlace,
    *,
    as_of: dt.date | None = None,
    environment: Mapping[str, str],
    progress: Callable[[int, int], None] | None = None,
) -> TableReport:
    """Throw the index away, read the vault, and keep what was read, however small it is. Raises RequestError."""
    forget_index(place)
    session = open_session(
        root, as_of=as_of, environment=environment, progress=progress, index=IndexPlace(path=place.path)
    )
    if session.index_trouble is not None:
        raise RequestError(
            f"the index cannot be made: {session.index_trouble}",
            "name another folder with GRAPHKIT_CACHE_DIR, or read without one: --no-index",
        )
    return report_index(place)


def forget_index(place: IndexPlace) -> bool:
    """Delete all that is kept; False where there was no index. Raises RequestError where that is refused."""
    try:
        for folder in _folders_beside(place.path):
            drop_answers(folder)
        return drop_index(place.path)
    except OSError as error:
        raise RequestError(
            f"the index cannot be deleted: {error.strerror or error}",
            f"look at {error.filename or place.path}, or name another folder with GRAPHKIT_CACHE_DIR",
        ) from error


def _folders_beside(index: Path) -> tuple[str, str]:
    """Where the answers and the marks of pages lie that are kept beside an index."""
    return str(index.with_name(ANSWERS_NAME)), str(index.with_name(MARKS_NAME))
