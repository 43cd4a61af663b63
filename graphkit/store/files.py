"""The files of a vault on disk: finding, listing and reading them. Knows nothing of what is in them; writes nothing."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import dataclass
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, page_like, skip_folder

if TYPE_CHECKING:
    from pathlib import Path

_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""Never through a symbolic link, and never waiting for the other end of a pipe."""


class VaultError(Exception):
    """The folder that was asked for cannot be used as a vault; `remedy` says what to do."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What lies in a vault's folder, sorted by nothing: in the order of the file system."""

    files: tuple[FileEntry, ...]
    """Files by whose name they may be pages or Org files."""
    others: tuple[str, ...]
    """Relative paths of all other regular files outside of skipped folders."""
    top: frozenset[str]
    """Names directly in the vault's folder, hidden ones included."""
    diagnostics: tuple[Diagnostic, ...] = ()


def find_vault(start: Path) -> Path:
    """The nearest folder upwards from `start` with `logseq/config.edn` or `graphkit.toml`; `start` where there is none.

    Raises VaultError if `start` does not exist, is no folder or may not be entered. Source: cli.md.
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
            f"there is no folder {str(root)!r}", "name the folder of your graph with -g, or go there first"
        ) from None
    except (OSError, ValueError) as error:
        raise VaultError(
            f"the folder {str(root)!r} cannot be used: {_reason(error)}", "name another one with -g"
        ) from None
    if not stat.S_ISDIR(mode):
        raise VaultError(f"{str(root)!r} is no folder", "name the folder of your graph, not a file in it")
    try:
        with os.scandir(absolute):
            pass
    except OSError as error:
        raise VaultError(
            f"the folder {str(root)!r} cannot be read: {_reason(error)}", "ask for the right to read and enter it"
        ) from None
    return absolute


def walk(root: Path) -> Listing:
    """All files below a vault's folder, except in folders that never hold pages.

    Symbolic links are not followed. Reports E110 (a folder that cannot be read), E111 (symbolic links to folders and
    pages), E112 (pages that are no regular files). Raises VaultError as `check_vault` does.
    """
    base = check_vault(root)
    files: list[FileEntry] = []
    others: list[str] = []
    top: list[str] = []
    diagnostics: list[Diagnostic] = []
    pending: list[tuple[str, str]] = [(str(base), "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = entry.name
                    path = prefix + name
                    if not prefix:
                        top.append(name)
                    try:
                        # The common case stands first and here, not in a function: most of a walk is this.
                        if name.endswith(".md") and entry.is_file(follow_symlinks=False):
                            state = entry.stat(follow_symlinks=False)
                            files.append(
                                FileEntry(path, state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns)
                            )
                        else:
                            _sort_in(entry, path, files, others, pending, diagnostics)
                    except FileNotFoundError:
                        continue  # gone since the folder was listed
                    except OSError as error:
                        diagnostics.append(_unreadable(path, error))
        except FileNotFoundError:
            continue
        except OSError as error:
            diagnostics.append(
                Diagnostic(
                    code="E110",
                    severity=Severity.ERROR,
                    path=prefix.rstrip("/") or ".",
                    message=f"the folder cannot be read: {_reason(error)}",
                    hint="what is below it is missing here; check its rights",
                )
            )
    diagnostics.sort(key=lambda finding: finding.path)
    return Listing(files=tuple(files), others=tuple(others), top=frozenset(top), diagnostics=tuple(diagnostics))


def _sort_in(
    entry: os.DirEntry[str],
    path: str,
    files: list[FileEntry],
    others: list[str],
    pending: list[tuple[str, str]],
    diagnostics: list[Diagnostic],
) -> None:
    if entry.is_file(follow_symlinks=False):
        if page_like(entry.name):
            state = entry.stat(follow_symlinks=False)
            files.append(FileEntry(path, state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns))
        else:
            others.append(path)
    elif entry.is_dir(follow_symlinks=False):
        if not skip_folder(path):
            pending.append((entry.path, path + "/"))
    elif entry.is_symlink():
        if entry.name.startswith(".#"):
            others.append(path)  # an editor's lock, a dangling link by design
        elif page_like(entry.name) or (not skip_folder(path) and _leads_to_folder(entry)):
            diagnostics.append(
                Diagnostic(
                    code="E111",
                    severity=Severity.INFO,
                    path=path,
                    message="this is a symbolic link; it is not followed, as in Logseq",
                    hint="put the files themselves into the vault",
                )
            )
    elif page_like(entry.name):
        diagnostics.append(_irregular(path))


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # one that leads back to itself leads nowhere
        return False


def read_bytes(root: Path | str, path: str) -> bytes | Diagnostic:
    """The bytes of one file of the vault, or why they cannot be had.

    Reports E113 (unreadable), E114 (gone since it was listed), E112 (no regular file). Never waits and never follows a
    symbolic link at the end of the path.
    """
    try:
        handle = os.open(f"{root}/{path}", _READ_FLAGS)
    except FileNotFoundError:
        return Diagnostic(
            code="E114",
            severity=Severity.INFO,
            path=path,
            message="the file vanished while the vault was read",
            hint="run the command again",
        )
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return _irregular(path)
        data = os.read(handle, state.st_size + 1)
        if len(data) == state.st_size:
            return data
        parts = [data]
        while data:
            data = os.read(handle, 1 << 20)
            parts.append(data)
        return b"".join(parts)
    except OSError as error:
        return _unreadable(path, error)
    finally:
        os.close(handle)


def _unreadable(path: str, error: Exception) -> Diagnostic:
    return Diagnostic(
        code="E113",
        severity=Severity.ERROR,
        path=path,
        message=f"the file cannot be read: {_reason(error)}",
        hint="check its rights; everything else is shown",
    )


def _irregular(path: str) -> Diagnostic:
    return Diagnostic(
        code="E112",
        severity=Severity.WARNING,
        path=path,
        message="this is no regular file (a pipe, socket, device or folder); it is not read",
        hint="take it out of the vault",
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
