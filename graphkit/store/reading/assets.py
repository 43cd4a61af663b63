"""Files that a page of the vault names beside pages, such as a CSV: inside the vault only. Reads, never writes."""

from __future__ import annotations

import os
from pathlib import Path

from graphkit.store.reading.files import read_bytes, unreadable
from graphkit.text.diagnostics import Diagnostic, Severity


def read_asset(root: Path, page_path: str, written: str, *, most: int) -> tuple[str, bytes] | Diagnostic:
    """The vault-relative path and the bytes of the file that a page names, relative to the page's own folder.

    most: bytes; a larger file is refused. **Reports** W411 where the path leads outside the vault (also through a
    symbolic link) and where no file is there, whose line is the caller's to say; E113 where it cannot be read.
    """
    path = _inside(root, page_path, written)
    if path is None:
        return _refused(page_path, f"{written} lies outside the vault, so it is not read", "copy it into assets/")
    try:
        size = (Path(root) / path).stat().st_size
    except PermissionError as error:
        return unreadable(path, error.strerror or str(error))
    except (OSError, ValueError):
        return _refused(page_path, f"there is no file {written}", "correct the path; it starts at the page's folder")
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
