"""Stamps and heads of a vault's files, column by column, kept in sheets. Knows no file and no SQLite.

Every command needs them, and most find all of them as they were: columns are read in a fifth of the time of records,
the stamps of a sheet are compared as bytes, and what has changed writes its own sheet anew and no other.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphkit.cache.seals import SEAL_SIZE, sealed, unsealed
from graphkit.facts.tails import NO_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.cache.packing import Packed

Stamp = tuple[int, int, int, int]
"""Size, mtime_ns, inode and ctime_ns of a file."""

Sheet = tuple[bytes, bytes, bytes, bytes]
"""Paths and stamps; heads; what pages state; what journals link: each sealed, for a number of files."""

JOURNAL: Final = 1
STATES: Final = 2
"""The page holds strategies, goals or what may be an observation."""
TASKS: Final = 4
"""The page holds tasks."""

SHEET = 256
"""Files in a sheet; another number is another schema."""


class Head(NamedTuple):
    """What of a page is needed to find it, and what is asked of many pages at once."""

    digest: bytes
    """Of the file."""
    seal: bytes = b""
    """Of its facts."""
    essence: bytes = b""
    """A digest of what of its facts counts."""
    marks: bytes = b""
    """What its bytes have in common with those of the same page after edits of no consequence (see `app.edits`)."""
    name: str | None = None
    """None: no page, a blank file."""
    title: str = ""
    flags: int = 0
    """The sum of `JOURNAL`, `STATES` and `TASKS`."""
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    stated: Packed | None = None
    """What the page states, where it is to be asked for."""
    linked: tuple[int, tuple[str, ...]] | None = None
    """Day of a journal and what it links."""


_NOTHING: Final = Head(b"")


class _Digests:
    """Digests of one size by row, in one piece; of zeros where there is none."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.whole = bytearray()

    def get(self, row: int) -> bytes:
        return bytes(self.whole[row * self.size : (row + 1) * self.size])

    def put(self, row: int, digest: bytes) -> None:
        self.whole[row * self.size : (row + 1) * self.size] = digest.ljust(self.size, b"\0")

    def move(self, rows: Iterable[int | None]) -> None:
        nothing = bytes(self.size)
        self.whole = bytearray(b"".join([nothing if row is None else self.get(row) for row in rows]))

    def part(self, first: int, stop: int) -> bytes:
        return bytes(self.whole[first * self.size : stop * self.size])


class _Few:
    """Values of some of the rows, each sheet of them opened when it is asked for. Damaged ones are missing."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self._opened: dict[int, dict[int, Any]] = {}

    def sheet(self, number: int) -> dict[int, Any]:
        """The values of a sheet by row."""
        found = self._opened.get(number)
        if found is None:
            found = self._opened[number] = (unsealed(self.kept[number]) if number < len(self.kept) else None) or {}
        return found

    def get(self, row: int) -> Any:  # noqa: ANN401
        """The value of a row; None where it has none."""
        return self.sheet(row // SHEET).get(row)

    def put(self, row: int, value: object) -> None:
        values = self.sheet(row // SHEET)
        values.pop(row, None)
        if value is not None:
            values[row] = value

    def move(self, rows: Sequence[int | None]) -> None:
        moved: dict[int, dict[int, Any]] = {}
        for now, row in enumerate(rows):
            value = None if row is None else self.get(row)
            if value is not None:
                moved.setdefault(now // SHEET, {})[now] = value
        self.kept = []
        self._opened = moved

    def write(self, number: int) -> bytes:
        """The sealed values of a sheet."""
        return sealed(self.sheet(number))


class Heads:
    """The heads of a vault's files by row; a file that is no page, or was never read, has no digest."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.digests = _Digests(16)
        self.seals = _Digests(SEAL_SIZE)
        self.essences = _Digests(SEAL_SIZE)
        self.marks = _Digests(len(NO_MARKS))
        self.names: list[str | None] = []
        self.titles: list[str] = []
        self.flags = bytearray()
        self.aliases: dict[int, tuple[str, ...]] = {}
        self.types: dict[int, tuple[str, ...]] = {}
        self.ids: dict[int, tuple[str, ...]] = {}
        """These three of those rows only that have any."""
        self.stated = _Few()
        self.linked = _Few()
        self.sheet_seals: list[bytes] = []
        self.gone: set[str] = set()
        """Paths that have no page any more."""
        self._stamped: list[tuple[Stamp, ...]] = []
        """The stamps of each sheet."""
        self._touched: set[int] = set()

    @classmethod
    def read(cls, sheets: Iterable[Sheet], seals: Sequence[bytes]) -> Heads | None:
        """The heads in these sheets; None where they are not those of these seals."""
        heads = cls()
        for sheet in sheets:
            files, body, stated, linked = sheet
            if not all(isinstance(part, bytes) for part in sheet):
                return None
            opened, columns = unsealed(files), unsealed(body)
            if opened is None or columns is None:
                return None
            paths, stamps = opened
            heads.paths += paths
            heads._stamped.append(stamps)
            heads.sheet_seals.append(_seal(sheet))
            heads._take(columns)
            heads.stated.kept.append(stated)
            heads.linked.kept.append(linked)
        return heads if heads.sheet_seals == list(seals) else None

    def _take(self, columns: tuple[Any, ...]) -> None:
        digests, seals, essences, marks, names, titles, flags, aliases, types, ids = columns
        self.digests.whole += digests
        self.seals.whole += seals
        self.essences.whole += essences
        self.marks.whole += marks
        self.names += names
        self.titles += titles
        self.flags += flags
        self.aliases.update(aliases)
        self.types.update(types)
        self.ids.update(ids)

    def is_known(self, row: int) -> bool:
        """Whether this file was read."""
        return self.names[row] is not None or any(self.digests.get(row))

    @property
    def differ(self) -> bool:
        """Whether anything is to be written."""
        return bool(self._touched or self.gone)

    def bring_to(self, paths: list[str], stamps: Sequence[Stamp]) -> list[int]:
        """Make these the rows; those of them whose stamps are others than they were, or that are new."""
        before = self._stamped
        self._stamped = [tuple(stamps[at : at + SHEET]) for at in range(0, len(stamps), SHEET)]
        if paths != self.paths:
            known = list(chain.from_iterable(before))
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
                pairs = enumerate(zip(old, now, strict=True), number * SHEET)
                found += [row for row, (was, is_) in pairs if was != is_]
        return found

    def _move(self, paths: list[str]) -> list[int | None]:
        """Give each file its new row; the old ones."""
        places = {path: row for row, path in enumerate(self.paths)}
        rows = [places.get(path) for path in paths]
        self.gone.update(places.keys() - set(paths))
        for digests in (self.digests, self.seals, self.essences, self.marks):
            digests.move(rows)
        self.names = [None if row is None else self.names[row] for row in rows]
        self.titles = ["" if row is None else self.titles[row] for row in rows]
        self.flags = bytearray(0 if row is None else self.flags[row] for row in rows)
        self.aliases, self.types, self.ids = (
            {row: few[old] for row, old in enumerate(rows) if old in few}
            for few in (self.aliases, self.types, self.ids)
        )
        self.stated.move(rows)
        self.linked.move(rows)
        self.paths = paths
        self._touched.update(range(len(self._stamped)))
        self.sheet_seals = [b""] * len(self._stamped)
        return rows

    def put(self, row: int, head: Head | None) -> None:
        """Put a head into a row; None: the file has none."""
        head = head or _NOTHING
        self.digests.put(row, head.digest)
        self.seals.put(row, head.seal)
        self.essences.put(row, head.essence)
        self.marks.put(row, head.marks)
        self.names[row] = head.name
        self.titles[row] = head.title
        self.flags[row] = head.flags
        for few, values in ((self.aliases, head.aliases), (self.types, head.types), (self.ids, head.ids)):
            few.pop(row, None)
            if values:
                few[row] = values
        self.stated.put(row, head.stated)
        self.linked.put(row, head.linked)
        if head.name is None:
            self.gone.add(self.paths[row])
        self._touched.add(row // SHEET)

    def of_types(self, wanted: Iterable[str]) -> list[int]:
        """Rows of pages of one of these types, in order."""
        wanted = frozenset(wanted)
        return sorted(row for row, types in self.types.items() if not wanted.isdisjoint(types))

    def touched(self) -> dict[int, Sheet]:
        """The sheets that are others than they were, by number."""
        return {number: self._write(number) for number in sorted(self._touched)}

    def _write(self, number: int) -> Sheet:
        first, stop = number * SHEET, (number + 1) * SHEET
        few = (
            {row: column[row] for row in range(first, stop) if row in column}
            for column in (self.aliases, self.types, self.ids)
        )
        heads = (
            *(digests.part(first, stop) for digests in (self.digests, self.seals, self.essences, self.marks)),
            self.names[first:stop],
            self.titles[first:stop],
            bytes(self.flags[first:stop]),
            *few,
        )
        files = (self.paths[first:stop], self._stamped[number])
        sheet = (sealed(files), sealed(heads), self.stated.write(number), self.linked.write(number))
        self.sheet_seals[number] = _seal(sheet)
        return sheet


def _seal(sheet: Sheet) -> bytes:
    """The seals of its parts, so that no part of another time passes for one of these."""
    return b"".join([part[:SEAL_SIZE] for part in sheet])


def stale_paths(files: Sequence[object], seals: Sequence[bytes], stamps: Mapping[str, Stamp]) -> set[str] | None:
    """Files whose stamps are others than in these first parts of sheets.

    None where the files are others, or the sheets not those of these seals.
    """
    found: set[str] = set()
    count = 0
    if len(files) != len(seals):
        return None
    for part, seal in zip(files, seals, strict=True):
        opened = unsealed(part)
        if opened is None or not isinstance(part, bytes) or part[:SEAL_SIZE] != seal[:SEAL_SIZE]:
            return None
        paths, before = opened
        now = tuple(map(stamps.get, paths))
        if now != before:
            if None in now:
                return None
            found.update(path for path, was, is_ in zip(paths, before, now, strict=True) if was != is_)
        count += len(paths)
    return found if count == len(stamps) else None
