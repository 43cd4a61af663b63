"""Versions of files from a git repository, by `git cat-file --batch`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from graphkit.store.git.process import GitError, git_process

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import IO

_ASKED_AT_ONCE: Final = 256
"""Ids that are written before answers are read: they fit into a pipe, so that neither side waits for the other."""
_MOST_RESTARTS: Final = 20
"""Blobs at which git may stop before reading is given up."""


class _StoppedError(GitError):
    """Git ended instead of answering; older versions do so when they are not allowed to fetch what a clone lacks."""


def read_blobs(folder: Path, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """The bytes of blobs in the order requested; None for one that this clone does not have.

    Raises GitError.
    """
    wanted = iter(ids)
    batch = list(islice(wanted, _ASKED_AT_ONCE))
    restarts = 0
    while batch:
        answered = 0
        try:
            with git_process(folder, "cat-file", "--batch", feed=True) as (output, questions):
                assert questions is not None  # noqa: S101 - fed
                while batch:
                    questions.write("".join(f"{identity}\n" for identity in batch).encode())
                    questions.flush()
                    for identity in batch:
                        data = _answer(output)
                        answered += 1
                        yield identity, data
                    batch, answered = list(islice(wanted, _ASKED_AT_ONCE)), 0
        except _StoppedError:
            restarts += 1
            if restarts > _MOST_RESTARTS:
                raise
            yield batch[answered], None
            batch = batch[answered + 1 :] or list(islice(wanted, _ASKED_AT_ONCE))


def _answer(output: IO[bytes]) -> bytes | None:
    header = output.readline()
    if not header:
        raise _StoppedError("git stopped in the middle of reading versions of files")
    parts = header.split()
    if len(parts) != 3 or not parts[2].isdigit():
        return None  # `ID missing`
    size = int(parts[2])
    data = output.read(size)
    if len(data) != size or output.read(1) != b"\n":
        raise GitError("git stopped in the middle of a version of a file")
    return data if parts[1] == b"blob" else None
