"""Files that a command writes outside the notes: never a page of the vault, and whole or not at all."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.vault.layout import SETTINGS_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphkit.app.vault import Vault

_GUARDED_SUFFIXES = frozenset({".md", ".markdown", ".org"})
_GUARDED_FOLDERS = frozenset({"logseq", "mirror", "whiteboards"})


def guard(vault: Vault, target: Path, what: str) -> None:
    """Raise RequestError if the target is a page or a configuration file of the vault. what: what would be written."""
    root, place = vault.root.resolve(), target.resolve()
    if not place.is_relative_to(root):
        return
    inside = place.relative_to(root)
    if (
        place.suffix.lower() in _GUARDED_SUFFIXES
        or inside.parts[:1] == (SETTINGS_PATH,)
        or not _GUARDED_FOLDERS.isdisjoint(inside.parts[:1])
    ):
        raise RequestError(f"{target} belongs to the vault; {what} never overwrites it", "name another file with -o")


def make_folder(folder: Path) -> None:
    """Create a folder with its parents if it does not exist. Raises RequestError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(
            f"cannot create the folder {folder}: {error.strerror}", "name another one with -o"
        ) from error


def write_file(target: Path, parts: Iterable[str]) -> None:
    """Write the whole document, or keep the previous content on failure. Devices and pipes are written directly.

    Raises RequestError if it cannot be written.
    """
    special = target.exists() and not target.is_file()
    real = target if special else target.resolve()
    part_file = real if special else real.with_name(f"{real.name}.{os.getpid()}.part")
    try:
        try:
            with part_file.open("wb") as file:
                file.writelines(part.encode("utf-8", "surrogateescape") for part in parts)
            if not special:
                if real.exists():
                    shutil.copymode(real, part_file)
                part_file.replace(real)
        except BaseException:
            if not special:
                part_file.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RequestError(f"cannot write {target}: {error.strerror}", "name another file with -o") from error
