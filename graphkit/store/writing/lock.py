"""One writer per vault: an advisory lock in the user's cache folder, and its holder."""

from __future__ import annotations

import json
import os
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from graphkit.store.user_folders import make_private_folder
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.store.places import Places

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"
WATCH_LOCK_NAME = "watch.lock"
WATCH_HOLDER_NAME = "watch.json"


class Holder(Record, frozen=True, kw_only=True):
    """Who is writing into a vault, if the note could be read."""

    pid: int
    host: str
    command: str


class VaultBusyError(Exception):
    """Another graphkit is writing into the vault; `holder` is None if it left no readable note."""

    def __init__(self, holder: Holder | None, does: str) -> None:
        who = "another process" if holder is None else f"`{holder.command}` (process {holder.pid} on {holder.host})"
        super().__init__(f"{who} {does}")
        self.holder = holder
        self.remedy = "wait until it is done, or stop it; only one graphkit can write into a vault at a time"


class LockUnusableError(Exception):
    """The lock cannot be taken at all, because its folder cannot be used."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(f"no lock can be created in {folder}: {error.strerror or error}")
        self.remedy = "make that folder writable, or set another one with GRAPHKIT_CACHE_DIR"


@contextmanager
def writing(places: Places, command: str, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the right to write into a vault for the length of a `with` block.

    wait_s: how long to wait for another holder, in seconds. The system gives the lock back when the process ends,
    however it ends. Raises VaultBusyError, and LockUnusableError where the cache folder cannot be written.
    """
    with _held(places, command, LOCK_NAME, HOLDER_NAME, wait_s):
        yield


@contextmanager
def watching(places: Places, command: str) -> Iterator[None]:
    """Be the one process that watches a vault, for the length of a `with` block; other commands may still write.

    Raises VaultBusyError, and LockUnusableError where the cache folder cannot be written.
    """
    with _held(places, command, WATCH_LOCK_NAME, WATCH_HOLDER_NAME, 0.0, does="is already watching this vault"):
        yield


@contextmanager
def _held(
    places: Places,
    command: str,
    lock_name: str,
    holder_name: str,
    wait_s: float,
    *,
    does: str = "is writing into this vault",
) -> Iterator[None]:
    import filelock  # noqa: PLC0415 - 15 ms that only writing pays

    folder = places.cache
    try:
        make_private_folder(str(folder))
        lock = filelock.FileLock(folder / lock_name, thread_local=False)
        lock.acquire(timeout=wait_s, poll_interval=0.02)
    except filelock.Timeout:
        raise VaultBusyError(read_holder(places, holder_name), does) from None
    except OSError as error:
        raise LockUnusableError(folder, error) from error
    note = folder / holder_name
    try:
        with suppress(OSError):  # a note for people; the lock holds without it
            _write_note(note, Holder(pid=os.getpid(), host=socket.gethostname(), command=command))
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


def read_holder(places: Places, name: str = HOLDER_NAME) -> Holder | None:
    """Who last noted that it holds the lock, which it may have released; None without a readable note."""
    try:
        note = json.loads((places.cache / name).read_text(encoding="utf-8"))
        return Holder(pid=int(note["pid"]), host=str(note["host"]), command=str(note["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_note(path: Path, holder: Holder) -> None:
    # Renamed into place, so that a reader never sees half a note.
    fresh = path.with_name(f"{path.name}.{holder.pid}")
    fresh.write_text(json.dumps({"pid": holder.pid, "host": holder.host, "command": holder.command}), encoding="utf-8")
    fresh.replace(path)
