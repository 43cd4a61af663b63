"""Open the one watch of a vault, with the feed of its changes, for the length of a `with` block."""

from __future__ import annotations

from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.watching.follow import Follow
from graphkit.app.watching.watch import Watch
from graphkit.app.watching.watch_values import QUIET_S, WatchOptions
from graphkit.store.places import places_for
from graphkit.store.watching.file_events import POLL_S, Feed
from graphkit.store.writing.lock import LockUnusableError, VaultBusyError, watching

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


@contextmanager
def open_watch(
    root: Path,
    environ: Mapping[str, str],
    *,
    quiet_s: float = QUIET_S,
    once: bool = False,
    poll: bool = False,
    as_of: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Watch]:
    """A watch that is ready to begin; changes count from before its first reading.

    once: it ends when everything is current. Raises RequestError if another process watches the vault already (with
    `once` that does not matter), where it cannot be read, and where nothing is ever written into it.
    """
    try:
        with (
            nullcontext() if once else watching(places_for(root, environ), "graphkit watch"),
            closing(Feed(root, poll_s=POLL_S if poll else None)) as feed,
        ):
            options = WatchOptions(quiet_s=quiet_s, once=once, as_of=as_of)
            yield Watch(root, environ, feed, options=options, progress=progress)
    except VaultBusyError as busy:
        raise RequestError(str(busy), "leave it running, or stop it first") from busy
    except LockUnusableError as error:
        raise RequestError(str(error), error.remedy) from error


@contextmanager
def open_follow(
    root: Path,
    environ: Mapping[str, str],
    *,
    as_of: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Follow]:
    """A vault that is kept up to date for a screen. Raises RequestError if it cannot be read."""
    with closing(Feed(root)) as feed:
        yield Follow(root, environ, feed, as_of=as_of, progress=progress)
