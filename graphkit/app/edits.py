"""Whether all that was edited since an answer was given is prose in notes: seen from bytes, without any reader.

What is kept for it of all pages is in pieces, so that only those are unpacked in which something differs.
"""

from __future__ import annotations

import marshal
import time

from graphkit.facts.tails import UNMARKED, same_mark
from graphkit.store.answers import keep_answer, read_answer
from graphkit.store.look import is_young, parts_of, pieces_of, slurp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graphkit.store.look import Folder

    Marked = tuple[tuple[int, int, int, int], bytes]
    """Stamp and mark of a page."""

KEY = b"pages"
"""What the marks of a vault's pages are kept under, in a folder of their own."""

FEW = 64
"""Pages; where more have changed, the index is to be brought up to date."""

_STAMPED = 5
"""As many values an entry has that is a page."""


def keep_marks(
    place: str, basis: Sequence[bytes], folders: Sequence[Folder], marks: Mapping[str, bytes], young: Collection[str]
) -> None:
    """Keep what later edits are held against. basis: digests of what the pages say now, and of how they are read.

    marks: of pages, by path (see `facts.tails`). young: pages whose stamps are not to be trusted.
    """
    beside = []
    stamps: list[tuple[str, Marked]] = []
    for prefix, entries in parts_of(folders):
        found = [marks.get(prefix + entry[0], UNMARKED) for entry in entries]
        beside.append(b"".join(found))
        stamps += [
            (prefix + entry[0], (entry[1:], mark))
            for entry, mark in zip(entries, found, strict=True)
            if len(entry) == 5 and prefix + entry[0] in young
        ]
    keep_answer(place, KEY, (tuple(basis), tuple(pieces_of(folders)), tuple(beside), tuple(stamps)))


def only_prose(root: str, place: str, basis: Sequence[bytes], pieces: Sequence[bytes]) -> tuple[bool, bool]:
    """Whether nothing but prose in notes differs between what was kept on this basis and what is seen now.

    pieces: of the vault's folders as they are. The second value: whether the stamps of what has changed are old enough
    to be trusted from now on.
    """
    kept = read_answer(place, KEY)
    if kept is None or kept[0] != tuple(basis) or len(kept[1]) != len(pieces):
        return False, False
    began = time.time_ns()
    changed = _changed(kept[1], kept[2], pieces)
    if changed is None:
        return False, False
    changed = {**dict(kept[3]), **changed}
    if len(changed) > FEW:
        return False, False
    for path, (_, mark) in changed.items():
        try:
            data = slurp(f"{root}/{path}")
        except OSError:
            return False, False
        if data is None or not same_mark(mark, data):
            return False, False
    return True, not any(is_young(stamp, began) for stamp, _ in changed.values())


def _changed(before: Sequence[bytes], marks: Sequence[bytes], pieces: Sequence[bytes]) -> dict[str, Marked] | None:
    """The pages whose stamps differ, with those they have now and their marks; None where something else differs."""
    size = len(UNMARKED)
    was, now = {}, {}
    for old, new, beside in zip(before, pieces, marks, strict=True):
        if old != new:
            prefix, entries = marshal.loads(old)  # noqa: S302 - under the seal of what was kept
            for number, entry in enumerate(entries):
                was[prefix + entry[0]] = entry, beside[size * number : size * (number + 1)]
            prefix, entries = marshal.loads(new)  # noqa: S302 - made a moment ago
            now.update({prefix + entry[0]: entry for entry in entries})
    if was.keys() != now.keys():
        return None
    differing = {path: entry for path, entry in now.items() if entry != was[path][0]}
    if any(len(entry) != _STAMPED or len(was[path][0]) != _STAMPED for path, entry in differing.items()):
        return None
    return {path: (entry[1:], was[path][1]) for path, entry in differing.items()}
