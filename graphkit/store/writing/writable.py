"""Which pages may be written: rules on paths and bytes (spec: writing §1, §3)."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from graphkit.text.edit import has_conflict_markers
from graphkit.text.records import Record
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.store.writing.filesystem import FileSystem

FOREIGN_FOLDERS = {
    "logseq": "the folder logseq/ belongs to Logseq",
    "mirror": "the folder mirror/ is derived by Logseq 2 and would be overwritten",
}
"""Folders at the top of a vault that are never written, and why (spec: writing §1)."""

DEVICE_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{digit}" for digit in "123456789"), *(f"lpt{digit}" for digit in "123456789")}
)
"""Names that Windows keeps for devices, with any extension; a file so named breaks a vault that is shared with it."""


class Refusal(Record, frozen=True, kw_only=True):
    """Why something is not written, and what to do about it."""

    reason: str
    remedy: str


class PagePlace(Record, frozen=True, kw_only=True):
    """A page's path after all checks: below the vault, through real folders."""

    page: str
    path: str
    folder: str
    name: str
    missing: tuple[str, ...]
    """Folders above the page that do not exist, topmost first."""


def refuse_content(data: bytes) -> Refusal | None:
    """Why a page with these bytes is read-only: it is not UTF-8, or a merge left its markers in it."""
    source = SourceText.decode(data)
    if not source.is_utf8:
        return Refusal(reason="it holds bytes that are not UTF-8", remedy="save the page as UTF-8, then try again")
    if has_conflict_markers(source.text):
        return Refusal(
            reason="it holds merge conflict markers (<<<<<<<)",
            remedy="resolve the conflict in the page, then try again",
        )
    return None


OWN_FOLDER = ".graphkit"
"""The only hidden folder that is written into: graphkit's own."""


def refuse_path(page: str) -> Refusal | None:
    """Why no page at this vault-relative path is written, judged by the path alone."""
    parts = page.split("/")
    if any(part in {"", ".", ".."} for part in parts) or (os.sep != "/" and (os.sep in page or ":" in page)):
        return Refusal(reason="its path leads out of the vault", remedy="give a page below the vault's folder")
    top = parts[0].rstrip(" .").casefold()
    if len(parts) > 1 and top in FOREIGN_FOLDERS:
        return Refusal(reason=FOREIGN_FOLDERS[top], remedy="keep pages in pages/ or journals/")
    if parts[:-1] != [OWN_FOLDER] and any(part.startswith(".") for part in parts[:-1]):
        return Refusal(reason="it lies in a hidden folder", remedy="keep pages in pages/ or journals/")
    try:
        possible = b"\0" not in os.fsencode(page)
    except UnicodeEncodeError:
        possible = False
    if not possible:
        return Refusal(reason="its name cannot be the name of a file", remedy="choose another title")
    return None


def refuse_new_name(page: str) -> Refusal | None:
    """Why no new page gets this path: its name is a device on Windows or holds control characters."""
    name = page.rpartition("/")[2]
    if name.partition(".")[0].rstrip().casefold() in DEVICE_NAMES:
        return Refusal(reason="its name is a device name on Windows", remedy="choose another title")
    if any(ord(character) < 0x20 for character in name):
        return Refusal(reason="its name holds control characters", remedy="choose another title")
    return None


def find_place(fs: FileSystem, root: Path, page: str) -> PagePlace | Refusal:
    """The page's place, once every folder on the way has been checked.

    Raises OSError if a folder cannot be examined.
    """
    if refusal := refuse_path(page):
        return refusal
    folder = os.path.realpath(root)
    *folders, name = page.split("/")
    missing: list[str] = []
    for part in folders:
        folder = os.path.join(folder, part)  # noqa: PTH118 - paths are strings here
        if missing:
            missing.append(folder)
            continue
        try:
            mode = fs.lstat(folder).st_mode
        except FileNotFoundError:
            missing.append(folder)
            continue
        if stat.S_ISLNK(mode):
            return _symbolic_link(f"the folder {part!r} on its path")
        if not stat.S_ISDIR(mode):
            return Refusal(reason=f"{part!r} on its path is not a folder", remedy="rename or move that file")
    path = os.path.join(folder, name)  # noqa: PTH118 - paths are strings here
    try:
        mode = stat.S_IFREG if missing else fs.lstat(path).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISLNK(mode):
        return _symbolic_link("it")
    if not stat.S_ISREG(mode):
        return Refusal(reason="it is not a regular file", remedy="take it out of the vault")
    return PagePlace(page=page, path=path, folder=folder, name=name, missing=tuple(missing))


def _symbolic_link(what: str) -> Refusal:
    return Refusal(
        reason=f"{what} is a symbolic link, which is not followed (as in Logseq)",
        remedy="put the files themselves into the vault",
    )
