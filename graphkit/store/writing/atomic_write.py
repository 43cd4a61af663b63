"""Writing one page so that nobody loses a word (spec: writing §3).

Every failure is a value; only a bug in the program raises. The steps of one write, each of which may be the
last before a power cut: temporary file with the new bytes, previous bytes to the undo store, compare again, exchange,
verify the result. A crash leaves the old page or the new one and a dot file that `leftovers.recover` cleans up.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from graphkit.store.writing.filesystem import DISK, write_all, write_new
from graphkit.store.writing.outcome import (
    Outcome,
    WriteResult,
    busy,
    conflict,
    exists,
    failed,
    gone,
    refused,
    stranded,
    unchanged,
)
from graphkit.store.writing.temporary_files import dot_names
from graphkit.store.writing.writable import PagePlace, find_place, refuse_content, refuse_new_name
from graphkit.text.edit import digest
from graphkit.text.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.store.writing.filesystem import FileSystem
    from graphkit.text.edit import Plan

RECOMPUTE_PAUSE_S = 0.05
"""The pause before the one retry, so that a program which saves in several steps can finish."""


class Keeper(Protocol):
    """Where previous bytes go; `kept.UndoRun` is the real one. Every method may raise OSError."""

    def keep(self, page: str, before: bytes | None, after: bytes | None) -> int:
        """Keep `before`, ahead of the write; the number identifies this write to `settle`."""
        ...

    def settle(self, number: int, *, written: bool) -> None:
        """Note whether the write came about; an entry without such a note is judged by what the page holds."""
        ...

    def rescue(self, page: str, data: bytes) -> str:
        """Keep what someone else wrote; the path of the file that holds it now."""
        ...


class DeclinedError(Exception):
    """Raised by a `make_new` that must not touch the bytes it was given; the write ends as a conflict."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def write_page(
    root: Path, page: str, make_new: Callable[[bytes], bytes | None], *, keeper: Keeper, fs: FileSystem = DISK
) -> WriteResult:
    """Give an existing page the bytes that `make_new` makes of its present ones (None: leave it).

    page: path below `root`, with `/`. `make_new` is called once more if the page changes meanwhile; a second change
    is a conflict. It may raise DeclinedError. The vault's lock should be held. Mode, owner, group and extended
    attributes stay; a file that may not keep its owner is written only where its group or everyone may write it.
    """
    place = _checked(fs, root, page)
    if isinstance(place, WriteResult):
        return place
    if place.missing:
        return gone(page)
    rescued: tuple[str, ...] = ()
    result = gone(page)
    for attempt in range(2):
        if attempt:
            fs.pause(RECOMPUTE_PAUSE_S)
        try:
            result, final = _attempt(fs, place, make_new, keeper)
        except DeclinedError as declined:
            result, final = conflict(page, declined.reason, declined.remedy), True
        except OSError as error:
            result, final = failed(page, error), True
        rescued += result.rescued
        if final:
            break
    return replace(result, rescued=rescued)


def create_page(root: Path, page: str, data: bytes, *, keeper: Keeper, fs: FileSystem = DISK) -> WriteResult:
    """A new page with these bytes; an existing file is refused, however late it turns up, unless it holds just them.

    Missing folders on the way are made. The caller checks that no other page differs only by case or alias.
    """
    place = _checked(fs, root, page)
    if isinstance(place, WriteResult):
        return place
    if refusal := refuse_new_name(page):
        return refused(page, refusal)
    made: list[str] = []
    number: int | None = None
    written: bool | None = False  # None: only the page itself can tell
    temporary: str | None = None
    try:
        if not place.missing:
            with suppress(FileNotFoundError):
                return unchanged(page) if fs.read(place.path)[0] == data else exists(page)
        for folder in place.missing:
            with suppress(FileExistsError):
                fs.make_folder(folder)
                made.append(folder)
        name, _swap = dot_names(place.name, None, data, _token())
        temporary = _beside(place, name)
        write_new(fs, temporary, data, 0o666)
        number = keeper.keep(page, None, data)
        written = None
        fs.publish(temporary, place.path)
        written = True
    except FileExistsError:
        written = False
        return exists(page)
    except OSError as error:
        return failed(page, error)
    finally:
        if not written:
            _drop(fs, temporary)
            for folder in reversed(made):
                with suppress(OSError):
                    fs.remove_folder(folder)
        _settle(keeper, number, written=written)
    _sync(fs, place)
    return WriteResult(page=page, outcome=Outcome.WRITTEN, after=digest(data))


def remove_page(root: Path, page: str, expected: str, *, keeper: Keeper, fs: FileSystem = DISK) -> WriteResult:
    """Delete a page that an undone run created, if it still holds the bytes with this digest (spec: writing §1)."""
    place = _checked(fs, root, page)
    if isinstance(place, WriteResult):
        return place
    number: int | None = None
    written: bool | None = False  # None: only the page itself can tell
    try:
        try:
            before, _state = fs.read(place.path)
        except FileNotFoundError:
            return unchanged(page)
        if digest(before) != expected:
            return conflict(page, "it was changed since it was created", "delete it yourself if nobody needs it")
        swap = _beside(place, dot_names(place.name, before, None, _token())[1])
        number = keeper.keep(page, before, None)
        written = None
        fs.replace(place.path, swap)
        written = _is_final(fs, swap, before)
        if not written:
            return _returned(fs, place, swap, keeper)
    except FileNotFoundError:
        return gone(page)
    except OSError as error:
        return failed(page, error)
    finally:
        _settle(keeper, number, written=written)
    _drop(fs, swap)
    _sync(fs, place)
    return WriteResult(page=page, outcome=Outcome.WRITTEN, before=expected)


def _returned(fs: FileSystem, place: PagePlace, swap: str, keeper: Keeper) -> WriteResult:
    """Put back a page that must not be deleted after all, or rescue its words."""
    try:
        fs.publish(swap, place.path)
    except OSError:
        try:
            return busy(place.page, _rescue(fs, place.page, swap, keeper))
        except OSError:
            return stranded(place.page, swap)
    return busy(place.page)


def apply_plan(
    root: Path, plan: Plan, replan: Callable[[bytes], Plan | None], *, keeper: Keeper, fs: FileSystem = DISK
) -> WriteResult:
    """Carry out a plan; `replan` is asked where the page is no longer what the plan was made from (None: leave it)."""
    if plan.digest is None:
        return create_page(root, plan.page, plan.apply(b""), keeper=keeper, fs=fs)

    def make_new(data: bytes) -> bytes | None:
        if digest(data) == plan.digest:
            return plan.apply(data)
        fresh = replan(data)
        return None if fresh is None else fresh.apply(data)

    return write_page(root, plan.page, make_new, keeper=keeper, fs=fs)


def _attempt(
    fs: FileSystem, place: PagePlace, make_new: Callable[[bytes], bytes | None], keeper: Keeper
) -> tuple[WriteResult, bool]:
    """One attempt, and whether its result is final; False: the page changed meanwhile, so try once more."""
    page = place.page
    try:
        before, state = fs.read(place.path)
    except FileNotFoundError:
        return gone(page), False
    if refusal := refuse_content(before):
        return refused(page, refusal), True
    after = make_new(before)
    if after is None or after == before:
        return unchanged(page), True
    if not fs.may_write(place.path):
        if not _is_there(fs, place.path):
            return gone(page), False
        return failed(page, PermissionError(errno.EACCES, "the file is read-only")), True
    temporary, swap = (_beside(place, name) for name in dot_names(place.name, before, after, _token()))
    number: int | None = None
    written: bool | None = False  # None: only the page itself can tell
    ready: str | None = temporary
    try:
        _write_like(fs, temporary, after, place.path, state)
        number = keeper.keep(page, before, after)
        fs.replace(temporary, swap)
        ready = swap
        try:
            if not _is_final(fs, place.path, before):
                return busy(page), False
            written = None
            displaced = _trade(fs, swap, place.path)
        except FileNotFoundError:
            return gone(page), False
        ready = None  # from here on the dot file may hold someone's words
        written = displaced is None or _is_final(fs, displaced, before)
        if displaced is not None and not written:
            return _given_way(fs, place, displaced, after, keeper)
    finally:
        _drop(fs, ready, None if ready == temporary else after)
        _settle(keeper, number, written=written)
    _drop(fs, displaced)
    _sync(fs, place)
    return WriteResult(page=page, outcome=Outcome.WRITTEN, before=digest(before), after=digest(after)), True


def _given_way(
    fs: FileSystem, place: PagePlace, displaced: str, after: bytes, keeper: Keeper
) -> tuple[WriteResult, bool]:
    """Someone wrote between our look and the exchange: their words come first."""
    rescued, left = put_back(fs, place, displaced, after, keeper)
    if left is None:
        return busy(place.page, rescued), False
    return stranded(place.page, left), True


def put_back(
    fs: FileSystem, place: PagePlace, swap: str, after: bytes, keeper: Keeper
) -> tuple[tuple[str, ...], str | None]:
    """Put back what a write displaced, and remove our own bytes.

    Where the page was saved again meanwhile, the newer text stays and the displaced one is rescued. Returns the files
    that hold rescued words, and the dot file where not even that was possible.
    """
    try:
        for _ in range(2):
            if not fs.exchange(swap, place.path):
                if fs.read(place.path)[0] == after:
                    fs.replace(swap, place.path)
                    return (), None
                break
            if _is_final(fs, swap, after):
                _drop(fs, swap)
                return (), None
    except OSError:
        pass  # the page is gone or cannot be reached: what stands in the dot file is rescued
    try:
        return _rescue(fs, place.page, swap, keeper), None
    except FileNotFoundError:
        return (), None
    except OSError:
        return (), swap


def _rescue(fs: FileSystem, page: str, swap: str, keeper: Keeper) -> tuple[str, ...]:
    open_elsewhere = fs.is_being_written(swap)
    data, _state = fs.read(swap)
    where = keeper.rescue(page, data)
    if not open_elsewhere:  # else the next run looks at what was written into it
        _drop(fs, swap)
    return (where,)


def _trade(fs: FileSystem, swap: str, path: str) -> str | None:
    """Put the new bytes in place; the path of what was displaced, None if the system cannot keep hold of it."""
    if fs.exchange(swap, path):
        return swap
    spare: str | None = f"{swap[: -len('00000000.swap')]}{_token()}.swap"
    try:
        fs.link(path, spare or "")
    except FileNotFoundError:
        raise
    except OSError:
        spare = None
    try:
        fs.replace(swap, path)
    except OSError:
        _drop(fs, spare)
        raise
    return spare


def _is_final(fs: FileSystem, path: str, expected: bytes) -> bool:
    """True if the file holds just these bytes and no program has it open to change them."""
    try:
        return not fs.is_being_written(path) and fs.read(path)[0] == expected
    except OSError:
        return False


def _is_there(fs: FileSystem, path: str) -> bool:
    try:
        fs.lstat(path)
    except FileNotFoundError:
        return False
    return True


def _write_like(fs: FileSystem, path: str, data: bytes, model: str, state: os.stat_result) -> None:
    """A new file with these bytes on the disk, and with the rights of another; where that fails, none."""
    fd = fs.create(path, 0o600)
    try:
        try:
            write_all(fs, fd, data)
            own = fs.fstat(fd)
            if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
                _keep_owner(fs, fd, state)
            fs.chmod(fd, stat.S_IMODE(state.st_mode))
            fs.copy_attributes(model, fd)
            fs.fsync(fd)
        finally:
            fs.close(fd)
    except OSError:
        _drop(fs, path)
        raise


def _keep_owner(fs: FileSystem, fd: int, state: os.stat_result) -> None:
    try:
        fs.chown(fd, state.st_uid, state.st_gid)
    except PermissionError:
        # A shared folder: the owner may change as long as the others' way to the page stays open.
        if not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise
        fs.chown(fd, -1, state.st_gid)


def _drop(fs: FileSystem, path: str | None, expected: bytes | None = None) -> None:
    """Take one of our dot files away if it can be done; `expected`: only if it holds these bytes."""
    if path is None:
        return
    with suppress(OSError):
        if expected is None or fs.read(path)[0] == expected:
            fs.unlink(path)


def _sync(fs: FileSystem, place: PagePlace) -> None:
    # Some network file systems refuse to sync a folder; the page itself is on the disk already.
    with suppress(OSError):
        for folder in (*place.missing, place.folder):
            fs.sync_folder(folder)
        if place.missing:
            fs.sync_folder(place.missing[0].rpartition(os.sep)[0])


def _settle(keeper: Keeper, number: int | None, *, written: bool | None) -> None:
    if number is not None and written is not None:
        with suppress(OSError):
            keeper.settle(number, written=written)


def _token() -> str:
    return os.urandom(4).hex()


def _beside(place: PagePlace, name: str) -> str:
    return f"{place.path[: -len(place.name)]}{name}"


def _checked(fs: FileSystem, root: Path, page: str) -> PagePlace | WriteResult:
    try:
        place = find_place(fs, root, page)
    except OSError as error:
        return failed(page, error)
    return place if isinstance(place, PagePlace) else refused(page, place)
