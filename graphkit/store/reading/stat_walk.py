"""The file system's view of a vault's folders: names, kinds, stamps. Imports next to nothing.

This is most of the work of a command whose last output still holds, so every microsecond counts ten thousand times:
a folder is listed by its handle (a state is found by name alone then), and a page is one plain tuple.
"""

from __future__ import annotations

import gc
import marshal
import os
import stat
from operator import attrgetter

from graphkit.text.digests import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

Entry = tuple[str, int, int, int, int] | tuple[str, int] | tuple[str, int, str]
"""A file that may be a page: name, size, mtime_ns, inode, ctime_ns. Anything else: name and kind; with UNREADABLE the
reason."""

STAMPED: Final = 5
"""The number of values in the entry of a file that may be a page."""

Folder = tuple[str, "list[Entry]"]
"""A folder's path in the vault, with `/` at its end (the vault's own: empty), and its entries."""

FILE = 0
FOLDER = 1
LINK = 2
LINK_TO_FOLDER = 3
OTHER = 4
"""A pipe, a socket, a device."""
UNREADABLE = 5

PAGE_ENDS = (".md", ".markdown", ".org")
"""Names of files that may be pages, Org files or copies of one, which are examined further."""

READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""Never through a symbolic link, and never waiting for the other end of a pipe."""

YOUNG_NS = 2_000_000_000
"""A file that changed less than this before it was looked at is read again next time: FAT counts in steps of two
seconds, so another change may not show in its stamp."""

_BY_HANDLE = os.scandir in os.supports_fd
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_STAMP = attrgetter("st_size", "st_mtime_ns", "st_ino", "st_ctime_ns")


def stat_folder(root: str, path: str) -> list[Entry]:
    """The entries of one folder, in the order of the file system. Raises OSError if it cannot be listed.

    path: as in `Folder`.
    """
    place = f"{root}/{path[:-1]}" if path else root
    if not _BY_HANDLE:
        return _entries(place)
    handle = os.open(place, _FOLDER_FLAGS)
    try:
        return _entries(handle)
    finally:
        os.close(handle)


def _entries(folder: str | int) -> list[Entry]:
    found: list[Entry] = []
    add, stamp = found.append, _STAMP
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            try:
                if name.endswith(".md") and entry.is_file(follow_symlinks=False):
                    add((name, *stamp(entry.stat(follow_symlinks=False))))
                else:
                    add(_closer(entry))
            except FileNotFoundError:
                continue  # gone since the folder was listed
            except OSError as error:
                add((name, UNREADABLE, error.strerror or str(error)))
    return found


def _closer(entry: os.DirEntry[str]) -> Entry:
    name = entry.name
    if entry.is_file(follow_symlinks=False):
        return (name, *_STAMP(entry.stat(follow_symlinks=False))) if name.endswith(PAGE_ENDS) else (name, FILE)
    if entry.is_dir(follow_symlinks=False):
        return name, FOLDER
    if not entry.is_symlink():
        return name, OTHER
    try:
        return name, LINK_TO_FOLDER if entry.is_dir() else LINK
    except OSError:  # a link that leads back to itself leads nowhere
        return name, LINK


def stat_again(root: str, paths: Iterable[str]) -> list[Folder] | None:
    """The folders of these paths, as they are now; None if one of them cannot be listed."""
    was_enabled = gc.isenabled()
    gc.disable()  # ten thousand tuples, none of them garbage
    try:
        return [(path, stat_folder(root, path)) for path in paths]
    except OSError:
        return None
    finally:
        if was_enabled:
            gc.enable()


def digest_of_walk(folders: Iterable[Folder]) -> bytes:
    """A digest of everything that was seen."""
    whole = blake2b(digest_size=16)
    for folder in folders:
        whole.update(marshal.dumps(folder, 2))
    return whole.digest()


def is_young(stamp: tuple[int, int, int, int], began: int) -> bool:
    """True if a stamp may hide a change (size, mtime_ns, inode, ctime_ns).

    began: when the look began, before anything was read, in nanoseconds since 1970.
    """
    return max(stamp[1], stamp[3]) > began - YOUNG_NS


def slurp(path: str) -> bytes | None:
    """The bytes of a regular file, None if none is there. Raises OSError if it cannot be read."""
    try:
        handle = os.open(path, READ_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(path)
        parts = [data := os.read(handle, state.st_size + 1)]
        while data and len(data) != state.st_size:
            parts.append(data := os.read(handle, 1 << 20))
        return b"".join(parts)
    finally:
        os.close(handle)
