"""Files other than pages that a page of the vault names, such as a CSV: inside the vault only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from graphkit.store.reading.files import read_bytes, unreadable
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.digests import file_digest

MOST_BYTES: Final = 64 * 1024 * 1024
"""Larger files are not read: they would delay a report by minutes."""

Asset = tuple[str, bytes] | Diagnostic
"""The vault-relative path of a file and its bytes, or why it could not be read."""


class Assets:
    """A reader of files that pages name, which remembers the results: every output depends on them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.digests: dict[tuple[str, str], bytes] = {}
        """Of what reading gave, by page and name."""
        self.unread: list[Diagnostic] = []
        """E113 of files that cannot be read."""

    def read(self, page_path: str, written: str) -> Asset:
        """As `read_asset` does."""
        found = read_asset(self._root, page_path, written)
        self.digests[page_path, written] = _digest(found)
        if isinstance(found, Diagnostic) and found.code == "E113" and found not in self.unread:
            self.unread.append(found)
        return found


def asset_digest(root: Path, page_path: str, written: str) -> bytes:
    """The digest of what reading a file gives now."""
    return _digest(read_asset(root, page_path, written))


def _digest(found: Asset) -> bytes:
    return file_digest(repr(found).encode("utf-8", "replace") if isinstance(found, Diagnostic) else found[1])


def read_asset(root: Path, page_path: str, written: str, *, most: int = MOST_BYTES) -> Asset:
    """The vault-relative path and the bytes of the file that a page names, relative to the page's own folder.

    **Reports** W411 where the path leads outside the vault (also through a symbolic link), where no file is there, and
    for one of more than `most` bytes; its line is the caller's to say. E113 where it cannot be read.
    """
    path = _inside(root, page_path, written)
    if path is None:
        return _refused(page_path, f"{written} lies outside the vault, so it is not read", "copy it into assets/")
    try:
        size = (Path(root) / path).stat().st_size
    except PermissionError as error:
        return unreadable(path, error.strerror or str(error))
    except (OSError, ValueError):
        return _refused(page_path, f"there is no file {written}", "correct the path, relative to the page's folder")
    if size > most:
        return _refused(page_path, f"{written} is larger than {most // 2**20} MB, so it is not read", "shorten it")
    data = read_bytes(root, path)
    if isinstance(data, Diagnostic):
        return data if data.code == "E113" else _refused(page_path, f"{written}: {data.message}", data.hint)
    return path, data


def _inside(root: Path, page_path: str, written: str) -> str | None:
    if not written or "\0" in written or "\\" in written or Path(written).is_absolute() or "://" in written:
        return None
    relative = os.path.normpath(os.path.join(os.path.dirname(page_path), written)).replace(os.sep, "/")  # noqa: PTH118, PTH120 - vault paths are strings
    if relative.startswith(("../", "/")) or relative in {"..", "."}:
        return None
    base = os.path.realpath(root)
    real = os.path.realpath(os.path.join(base, relative))  # noqa: PTH118
    return relative if os.path.commonpath((base, real)) == base else None


def _refused(path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code="W411", severity=Severity.WARNING, path=path, message=message, hint=hint)
