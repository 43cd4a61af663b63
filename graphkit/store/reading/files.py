"""The files of a vault on disk: finding, listing and reading them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.store.reading.stat_walk import (
    FILE,
    FOLDER,
    LINK_TO_FOLDER,
    OTHER,
    READ_FLAGS,
    STAMPED,
    UNREADABLE,
    stat_folder,
)
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import Record
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, page_like, skip_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphkit.store.reading.stat_walk import Entry, Folder


class VaultError(Exception):
    """A folder that cannot be used as a vault; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class FileEntry(NamedTuple):
    """One file that may be a page, as the walk found it."""

    path: str
    """Relative to the vault, with `/`, as the file system spells it (bytes that are no UTF-8 as lone surrogates)."""
    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int
    """When the file's state changed last; unlike `mtime_ns`, nobody can set it (on Windows: when it was made)."""


class Listing(Record, frozen=True, kw_only=True):
    """The contents of a vault's folder, unsorted: in the order of the file system."""

    files: tuple[FileEntry, ...]
    """Files by whose name they may be pages or Org files."""
    others: tuple[str, ...]
    """Relative paths of all other regular files outside of skipped folders."""
    top: frozenset[str]
    """Names directly in the vault's folder, hidden ones included."""
    diagnostics: tuple[Diagnostic, ...] = ()
    folders: tuple[Folder, ...] = ()
    """All entries as the file system reported them, in the order of the walk."""


def find_vault(start: Path) -> Path:
    """The nearest folder upwards from `start` with `logseq/config.edn` or `graphkit.toml`; otherwise `start`.

    Raises VaultError if `start` does not exist, is no folder or may not be entered.
    """
    root = check_vault(start)
    for folder in (root, *root.parents):
        if (folder / CONFIG_PATH).is_file() or (folder / SETTINGS_PATH).is_file():
            return folder
    return root


def check_vault(root: Path) -> Path:
    """The absolute path of a vault's folder. Raises VaultError if it is missing, no folder or may not be read."""
    try:
        absolute = root.absolute()
        mode = absolute.stat().st_mode
    except FileNotFoundError:
        raise VaultError(
            f"there is no folder {str(root)!r}", "give the folder of your graph with -g, or change to it first"
        ) from None
    except (OSError, ValueError) as error:
        raise VaultError(
            f"the folder {str(root)!r} cannot be used: {_reason(error)}", "give another one with -g"
        ) from None
    if not stat.S_ISDIR(mode):
        raise VaultError(f"{str(root)!r} is no folder", "give the folder of your graph, not a file in it")
    try:
        with os.scandir(absolute):
            pass
    except OSError as error:
        raise VaultError(
            f"the folder {str(root)!r} cannot be read: {_reason(error)}", "get permission to read and enter it"
        ) from None
    return absolute


def walk(root: Path, seen: Iterable[Folder] = ()) -> Listing:
    """All files below a vault's folder, except in folders that never hold pages.

    Symbolic links are not followed. Reports E110 (a folder that cannot be read), E111 (symbolic links to folders and
    pages), E112 (pages that are no regular files). Raises VaultError as `check_vault` does.
    seen: folders that were listed just now, which need not be listed again.
    """
    base = str(check_vault(root))
    known = dict(seen)
    folders: list[Folder] = []
    files: list[FileEntry] = []
    others: list[str] = []
    diagnostics: list[Diagnostic] = []
    pending = [""]
    as_file = FileEntry._make
    while pending:
        prefix = pending.pop()
        try:
            entries = known.pop(prefix, None)
            entries = stat_folder(base, prefix) if entries is None else entries
        except FileNotFoundError:
            continue
        except OSError as error:
            diagnostics.append(
                Diagnostic(
                    code="E110",
                    severity=Severity.ERROR,
                    path=prefix.rstrip("/") or ".",
                    message=f"the folder cannot be read: {_reason(error)}",
                    hint="everything below it is missing; check its permissions",
                )
            )
            continue
        folders.append((prefix, entries))
        files += [as_file((prefix + entry[0], *entry[1:])) for entry in entries if len(entry) == STAMPED]
        for entry in entries:
            if len(entry) != STAMPED:
                _sort_in(prefix + entry[0], entry, others, pending, diagnostics)
    diagnostics.sort(key=lambda finding: finding.path)
    return Listing(
        files=tuple(files),
        others=tuple(others),
        top=frozenset(entry[0] for entry in folders[0][1]) if folders else frozenset(),
        diagnostics=tuple(diagnostics),
        folders=tuple(folders),
    )


def _sort_in(path: str, entry: Entry, others: list[str], pending: list[str], diagnostics: list[Diagnostic]) -> None:
    name, kind = entry[0], entry[1]
    if kind == FILE:
        others.append(path)
    elif kind == FOLDER:
        if not skip_folder(path):
            pending.append(path + "/")
    elif kind == UNREADABLE:
        diagnostics.append(unreadable(path, str(entry[-1])))
    elif kind == OTHER:
        if page_like(name):
            diagnostics.append(_irregular(path))
    elif name.startswith(".#"):
        others.append(path)  # an editor's lock, a dangling link by design
    elif page_like(name) or (kind == LINK_TO_FOLDER and not skip_folder(path)):
        diagnostics.append(
            Diagnostic(
                code="E111",
                severity=Severity.INFO,
                path=path,
                message="this is a symbolic link, which graphkit, like Logseq, does not follow",
                hint="put the files themselves into the vault",
            )
        )


LARGEST_FILE: Final = 64_000_000
"""Bytes of a file that are read, so that one page never takes more than 1 GB of memory."""
MOST_LINES: Final = 1_000_000
"""Lines of a file that are read; every one of them can be a block."""
_UNCOUNTED: Final = MOST_LINES
_SMALLER: Final = "split it, or leave it out with `ignore` in graphkit.toml; everything else is shown"


def read_bytes(root: Path | str, path: str) -> bytes | Diagnostic:
    """The bytes of one file of the vault, or why they cannot be read.

    Reports E113 (unreadable, or larger than `LARGEST_FILE` and `MOST_LINES` allow), E114 (gone since it was listed),
    E112 (no regular file). Never waits and never follows a symbolic link at the end of the path.
    """
    try:
        handle = os.open(f"{root}/{path}", READ_FLAGS)
    except FileNotFoundError:
        return Diagnostic(
            code="E114",
            severity=Severity.INFO,
            path=path,
            message="the file vanished while the vault was read",
            hint="run the command again",
        )
    except (OSError, ValueError) as error:
        return unreadable(path, _reason(error))
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return _irregular(path)
        if state.st_size > LARGEST_FILE:
            return unreadable(path, _size_reason(state.st_size), _SMALLER)
        data = os.read(handle, state.st_size + 1)
        if len(data) != state.st_size:
            parts = [data]
            while data and sum(map(len, parts)) <= LARGEST_FILE:
                data = os.read(handle, 1 << 20)
                parts.append(data)
            data = b"".join(parts)
        if len(data) > _UNCOUNTED and data.count(b"\n") + data.count(b"\r") > MOST_LINES:
            return unreadable(path, f"it has more than {MOST_LINES:,} lines", _SMALLER)
        return data if len(data) <= LARGEST_FILE else unreadable(path, _size_reason(len(data)), _SMALLER)
    except OSError as error:
        return unreadable(path, _reason(error))
    finally:
        os.close(handle)


_AHEAD = 128
_AHEAD_BYTES = 1 << 22


def read_batches(root: Path | str, paths: Iterable[str]) -> Iterator[list[tuple[str, bytes | Diagnostic]]]:
    """Many files in order, some at a time, each with what `read_bytes` gives of it.

    Read in one go the system needs a half to a third of the time for a file, as what it needs for it has not been
    displaced by what is done with the one before (measured).
    """
    ahead: list[tuple[str, bytes | Diagnostic]] = []
    size = 0
    for path in paths:
        data = read_bytes(root, path)
        ahead.append((path, data))
        size += 0 if isinstance(data, Diagnostic) else len(data)
        if len(ahead) == _AHEAD or size > _AHEAD_BYTES:
            yield ahead
            ahead, size = [], 0
    if ahead:
        yield ahead


def _size_reason(size: int) -> str:
    return f"it has {size / 1e6:,.0f} MB, more than the {LARGEST_FILE / 1e6:,.0f} MB that graphkit reads"


def unreadable(path: str, reason: str, hint: str = "check its permissions; everything else is shown") -> Diagnostic:
    """E113 for a file; reason: what the system says, or which limit the file exceeds."""
    return Diagnostic(
        code="E113",
        severity=Severity.ERROR,
        path=path,
        message=f"the file cannot be read: {reason}",
        hint=hint,
    )


def _irregular(path: str) -> Diagnostic:
    return Diagnostic(
        code="E112",
        severity=Severity.WARNING,
        path=path,
        message="this is not a regular file but a pipe, socket, device or folder, so it is not read",
        hint="move it out of the vault",
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
