"""Stamps and heads of a vault's files, column by column, kept in sheets. Knows no file and no SQLite.

Every command needs them, and most find all of them as they were: columns are read in a fifth of the time of records,
the stamps of a sheet are compared as bytes, and what has changed writes its own sheet anew and no other.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphkit.store.seals import SEAL_SIZE, from_plain, plain, sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Stamp = tuple[int, int, int, int]
"""Size, mtime_ns, inode and ctime_ns of a file."""

JOURNAL: Final = 1
STATES: Final = 2
"""The page holds strategies, goals or what may be an observation."""

SHEET = 256
"""Files in a sheet; another number is another schema."""


class Head(NamedTuple):
    """What of a page is needed to find it."""

    digest: bytes
    """Of the file."""
    seal: bytes = b""
    """Of its facts."""
    essence: bytes = b""
    """A digest of what of its facts counts."""
    name: str | None = None
    """None: no page, a blank file."""
    title: str = ""
    marks: int = 0
    """The sum of `JOURNAL` and `STATES`."""
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


_NOTHING: Final = Head(b"")


class Heads:
    """The heads of a vault's files by row; a file that is no page, or was never read, has an empty digest."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.digests: list[bytes] = []
        self.seals: list[bytes] = []
        self.essences: list[bytes] = []
        self.names: list[str | None] = []
        self.titles: list[str] = []
        self.marks: list[int] = []
        self.aliases: dict[int, tuple[str, ...]] = {}
        self.types: dict[int, tuple[str, ...]] = {}
        self.ids: dict[int, tuple[str, ...]] = {}
        """These three of those rows only that have any."""
        self.sheet_seals: list[bytes] = []
        self.gone: set[str] = set()
        """Paths that have no page any more."""
        self._stamped: list[bytes] = []
        """The stamps of each sheet."""
        self._touched: set[int] = set()

    @classmethod
    def read(cls, sheets: Iterable[object], seals: Sequence[bytes]) -> Heads | None:
        """The heads in these sheets; None where they are not those of these seals."""
        heads = cls()
        for sheet in sheets:
            opened = unsealed(sheet)
            if opened is None or not isinstance(sheet, bytes):
                return None
            paths, stamped, body = opened
            *columns, aliases, types, ids = from_plain(body)
            heads.paths += paths
            heads._stamped.append(stamped)
            heads.sheet_seals.append(sheet[:SEAL_SIZE])
            for column, more in zip(heads._columns(), columns, strict=True):
                column.extend(more)
            heads.aliases.update(aliases)
            heads.types.update(types)
            heads.ids.update(ids)
        return heads if heads.sheet_seals == list(seals) else None

    def _columns(self) -> tuple[list[Any], ...]:
        return self.digests, self.seals, self.essences, self.names, self.titles, self.marks

    @property
    def differ(self) -> bool:
        """Whether anything is to be written."""
        return bool(self._touched or self.gone)

    def bring_to(self, paths: list[str], stamps: Sequence[Stamp]) -> list[int]:
        """Make these the rows; those of them whose stamps are others than they were, or that are new."""
        before = self._stamped
        self._stamped = [plain(stamps[at : at + SHEET]) for at in range(0, len(stamps), SHEET)]
        if paths != self.paths:
            known = list(chain.from_iterable(map(from_plain, before)))
            rows = self._move(paths)
            return [
                row
                for row, (old, stamp) in enumerate(zip(rows, stamps, strict=True))
                if old is None or known[old] != stamp
            ]
        found = []
        for number, (old, now) in enumerate(zip(before, self._stamped, strict=True)):
            if old != now:
                self._touched.add(number)
                pairs = zip(from_plain(old), from_plain(now), strict=True)
                found += [row for row, (was, is_) in enumerate(pairs, number * SHEET) if was != is_]
        return found

    def _move(self, paths: list[str]) -> list[int | None]:
        """Give each file its new row; the old ones."""
        places = {path: row for row, path in enumerate(self.paths)}
        rows = [places.get(path) for path in paths]
        self.gone.update(places.keys() - set(paths))
        for column, nothing in zip(self._columns(), _NOTHING, strict=False):
            column[:] = [nothing if row is None else column[row] for row in rows]
        for few in (self.aliases, self.types, self.ids):
            moved = {row: few[old] for row, old in enumerate(rows) if old in few}
            few.clear()
            few.update(moved)
        self.paths = paths
        self._touched.update(range(len(self._stamped)))
        self.sheet_seals = [b""] * len(self._stamped)
        return rows

    def put(self, row: int, head: Head | None) -> None:
        """Put a head into a row; None: the file has none."""
        head = head or _NOTHING
        for column, value in zip(self._columns(), head, strict=False):
            column[row] = value
        for few, values in ((self.aliases, head.aliases), (self.types, head.types), (self.ids, head.ids)):
            few.pop(row, None)
            if values:
                few[row] = values
        if head.name is None:
            self.gone.add(self.paths[row])
        self._touched.add(row // SHEET)

    def of_types(self, wanted: Iterable[str]) -> list[int]:
        """Rows of pages of one of these types, in order."""
        wanted = frozenset(wanted)
        return sorted(row for row, types in self.types.items() if not wanted.isdisjoint(types))

    def touched(self) -> dict[int, bytes]:
        """The sheets that are others than they were, sealed, by number."""
        found = {}
        for number in sorted(self._touched):
            first, stop = number * SHEET, (number + 1) * SHEET
            few = (
                {row: values for row, values in column.items() if first <= row < stop}
                for column in (self.aliases, self.types, self.ids)
            )
            body = plain((*(column[first:stop] for column in self._columns()), *few))
            found[number] = sealed((self.paths[first:stop], self._stamped[number], body))
            self.sheet_seals[number] = found[number][:SEAL_SIZE]
        return found


def stale_paths(sheets: Sequence[object], seals: Sequence[bytes], stamps: Mapping[str, Stamp]) -> set[str] | None:
    """Files whose stamps are others than in these sheets.

    None where the files are others, or the sheets not those of these seals.
    """
    found: set[str] = set()
    count = 0
    if len(sheets) != len(seals):
        return None
    for sheet, seal in zip(sheets, seals, strict=True):
        opened = unsealed(sheet)
        if opened is None or not isinstance(sheet, bytes) or sheet[:SEAL_SIZE] != seal:
            return None
        paths, stamped, _ = opened
        now = [stamps.get(path) for path in paths]
        if None in now:
            return None
        if plain(now) != stamped:
            found.update(path for path, was, is_ in zip(paths, from_plain(stamped), now, strict=True) if was != is_)
        count += len(paths)
    return found if count == len(stamps) else None
