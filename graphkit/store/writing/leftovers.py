"""Recover the dot files that a killed run left next to its pages: identify each, and put its words back."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

from graphkit.store.writing.atomic_write import put_back
from graphkit.store.writing.filesystem import DISK
from graphkit.store.writing.temporary_files import read_dot_name
from graphkit.store.writing.writable import PagePlace, find_place
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphkit.store.writing.atomic_write import Keeper
    from graphkit.store.writing.filesystem import FileSystem
    from graphkit.store.writing.temporary_files import DotFile


class Fate(StrEnum):
    """The outcome for a leftover."""

    DROPPED = "dropped"
    """It held nothing that does not exist elsewhere."""
    PUT_BACK = "put back"
    """It held someone's text, which is back in its page."""
    RESCUED = "rescued"
    """It held someone's text, which is in the undo store now, because its page has changed since."""
    LEFT = "left"
    """A program still writes into it, or it could not be dealt with; the next run tries again."""


class Leftover(Record, frozen=True, kw_only=True):
    """One dot file of a killed run."""

    path: str
    """Below the vault, with `/`."""
    page: str | None
    """The page it belongs to, if that is still there."""
    fate: Fate
    rescued: tuple[str, ...] = ()
    """Files in the undo store, or the dot file itself, that hold someone's words."""


def recover(root: Path, paths: Iterable[str], *, keeper: Keeper, fs: FileSystem = DISK) -> tuple[Leftover, ...]:
    """Clean up what killed runs left among these vault-relative paths (`Listing.others` of a walk has them).

    To be called by whoever holds the vault's lock, before writing. Other files than our own dot files are passed over.
    """
    found: list[Leftover] = []
    for path in paths:
        folder, slash, name = path.rpartition("/")
        if (dot := read_dot_name(name)) is None:
            continue
        try:
            found.append(_settle(fs, root, folder + slash, name, dot, keeper))
        except FileNotFoundError:
            continue
        except OSError:
            found.append(Leftover(path=path, page=None, fate=Fate.LEFT))
    return tuple(found)


def _settle(fs: FileSystem, root: Path, folder: str, name: str, dot: DotFile, keeper: Keeper) -> Leftover:
    path = folder + name
    place = find_place(fs, root, path)
    if not isinstance(place, PagePlace):
        return Leftover(path=path, page=None, fate=Fate.LEFT)
    if not dot.may_be_displaced:
        fs.unlink(place.path)
        return Leftover(path=path, page=None, fate=Fate.DROPPED)
    page_name = next((other for other in fs.names(place.folder) if dot.belongs_to(other)), None)
    page = None if page_name is None else folder + page_name
    if fs.is_being_written(place.path):
        return Leftover(path=path, page=page, fate=Fate.LEFT)
    data, _state = fs.read(place.path)
    if dot.holds_after(data) or dot.holds_before(data):
        fs.unlink(place.path)
        return Leftover(path=path, page=page, fate=Fate.DROPPED)
    target = None if page is None else find_place(fs, root, page)
    if page is not None and isinstance(target, PagePlace):
        with suppress(OSError):
            present, _state = fs.read(target.path)
            if present == data:
                fs.unlink(place.path)
                return Leftover(path=path, page=page, fate=Fate.DROPPED)
            if dot.holds_after(present):
                rescued, left = put_back(fs, target, place.path, present, keeper)
                if left is not None:
                    return Leftover(path=path, page=page, fate=Fate.LEFT, rescued=(left,))
                return Leftover(path=path, page=page, fate=Fate.RESCUED if rescued else Fate.PUT_BACK, rescued=rescued)
    where = keeper.rescue(page or path, data)
    fs.unlink(place.path)
    return Leftover(path=path, page=page, fate=Fate.RESCUED, rescued=(where,))
