"""Whether no edit since an answer was given is of consequence to it: seen from bytes, without any reader of pages.

A note has two marks (see `facts.tails`). Where it has the first one still, nothing has changed but prose; where it has
the second one, nothing but prose and tasks, and these count where an answer has looked into the page only.

What is kept of all pages is in pieces, so that only those are unpacked in which something differs.
"""

from __future__ import annotations

import time

from graphkit.cache.pieces import Pieces, keep_pieces
from graphkit.facts.tails import NO_MARKS, is_the_same, is_the_same_beside_tasks
from graphkit.store.reading.stat_walk import STAMPED, is_young, parts_of, slurp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphkit.store.reading.stat_walk import Entry, Folder

    Marked = tuple[tuple[int, int, int, int], bytes]
    """Stamp and marks of a page."""

    Piece = tuple[str, list[Entry], bytes]
    """Some entries of a folder, with their marks one behind the other."""

NAME = "pages"
"""The file in which the marks of a vault's pages are kept, in a folder of their own."""

FEW = 64
"""Pages; where more have changed, the index is to be brought up to date."""


def keep_marks(
    place: str,
    basis: Sequence[bytes],
    folders: Sequence[Folder],
    digests: Sequence[bytes],
    marks: Mapping[str, bytes],
    young: Collection[str],
) -> None:
    """Keep what later edits are held against. basis: digests of what the pages say now, and of how they are read.

    folders, digests: what was seen, and `digests_of` it. marks: both of each page, by path. young: pages whose stamps
    are not to be trusted.
    """
    pieces = [
        (prefix, entries, b"".join([marks.get(prefix + entry[0], NO_MARKS) for entry in entries]))
        for prefix, entries in parts_of(folders)
    ]
    known = _by_path(pieces) if young else {}
    doubtful = {path: (known[path][0][1:], known[path][1]) for path in young if path in known}
    keep_pieces(f"{place}/{NAME}", (tuple(basis), digests, doubtful), pieces)


def still_holds(
    root: str,
    place: str,
    basis: Sequence[bytes],
    touched: Collection[str] | None,
    folders: Sequence[Folder],
    digests: Sequence[bytes],
) -> tuple[bool, bool]:
    """Whether nothing of consequence differs between what was kept on this basis and what is seen now.

    touched: pages whose tasks count, by path; None: all. folders, digests: what is seen. The second value: whether the
    stamps of what has changed are old enough to be trusted from now on; then later edits are held against what is seen
    now.
    """
    began = time.time_ns()
    place = f"{place}/{NAME}"
    try:
        with Pieces(place) as kept:
            known, before, doubtful = kept.head
            if known != tuple(basis) or len(before) != len(digests):
                return False, False
            parts = list(parts_of(folders))
            differing = {number for number, digest in enumerate(digests) if digest != before[number]}
            was = _by_path(map(kept.read, differing))
            changed = _changed(was, map(parts.__getitem__, differing))
            if changed is None:
                return False, False
            changed = {**doubtful, **changed}
            if len(changed) > FEW:
                return False, False
            other_tasks = _with_other_tasks(root, changed, touched)
            if other_tasks is None:
                return False, False
            settled = not any(is_young(stamp, began) for stamp, _ in changed.values())
            if settled and (differing or doubtful != other_tasks):
                pieces = [
                    (prefix, entries, b"".join([was[prefix + entry[0]][1] for entry in entries]))
                    if number in differing
                    else kept.read(number)
                    for number, (prefix, entries) in enumerate(parts)
                ]
                # Other answers may have looked into these pages: for them they are to be looked at again.
                keep_pieces(place, (known, digests, other_tasks), pieces)
    except (OSError, ValueError):
        return False, False
    return True, settled


def _with_other_tasks(
    root: str, changed: Mapping[str, Marked], touched: Collection[str] | None
) -> dict[str, Marked] | None:
    """Those of the changed pages whose tasks may be others; None where one says something else. Raises OSError."""
    found: dict[str, Marked] = {}
    for path, page in changed.items():
        data, marks = slurp(f"{root}/{path}"), page[1]
        if data is None:
            return None
        if not is_the_same(marks, data):
            if touched is None or path in touched or not is_the_same_beside_tasks(marks, data):
                return None
            found[path] = page
    return found


def _by_path(pieces: Iterable[Piece]) -> dict[str, tuple[Entry, bytes]]:
    """The entries of pieces with their marks."""
    size = len(NO_MARKS)
    return {
        prefix + entry[0]: (entry, marks[size * number : size * (number + 1)])
        for prefix, entries, marks in pieces
        for number, entry in enumerate(entries)
    }


def _changed(was: Mapping[str, tuple[Entry, bytes]], parts: Iterable[Folder]) -> dict[str, Marked] | None:
    """The pages whose stamps differ, with those they have now and their marks; None where something else differs."""
    now = {prefix + entry[0]: entry for prefix, entries in parts for entry in entries}
    if was.keys() != now.keys():
        return None
    changed: dict[str, Marked] = {}
    for path, entry in now.items():
        before, marks = was[path]
        if entry != before:
            if len(entry) != STAMPED or len(before) != STAMPED:
                return None
            changed[path] = entry[1:], marks
    return changed
