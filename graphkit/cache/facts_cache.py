"""The facts of a vault's pages, kept by the stamps of their files in one SQLite file.

The facts that every command needs of all pages are one value, read in one go. The inside of a page is its own row,
read on demand, and absent until first requested. A cached page is valid while its stamp is that of the
file; if only the stamp differs, and the bytes do not, its facts are valid. All of it can be rebuilt from the vault,
so any doubt means reading a page again, never an error: values and rows have checksums that no other fingerprint
produces, and are written in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping  # noqa: TC003 - the fields' types are read when facts are unpacked
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from msgspec.msgpack import Decoder, Encoder

from graphkit.cache import database
from graphkit.cache.page_file import PageFile
from graphkit.facts.page_facts import BIT, FACTS, INSIDE, BlockId, PageFacts, Question, Task
from graphkit.text.records import Record, force_setattr, replace
from graphkit.vault.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graphkit.cache.page_file import Stamp
    from graphkit.store.reading.files import Listing

    ReadPage = Callable[[str], PageFacts | None]

Layouts = tuple[Layout, Layout]
"""Stamps of the files that may be pages, and of all others."""

CACHE_NAME: Final = "index.sqlite"
"""The file in a vault's cache folder."""

_FEW: Final = 24
"""This many insides are read one by one; after that all are read in one go."""

_CHECKSUM_SIZE: Final = 4


class _Inside(Record, frozen=True, kw_only=True, array_like=True):
    """The facts of `page_facts.INSIDE`."""

    tasks: tuple[Task, ...]
    questions: tuple[Question, ...]
    ids: Mapping[BlockId, int]
    block_count: int
    linked: frozenset[str]
    property_lines: Mapping[str, int]
    tags: tuple[str, ...]


_OUTSIDE: Final = tuple(name for name in FACTS if name == "linked" or name not in INSIDE)
_encode: Final = Encoder(enc_hook=lambda _: None).encode  # what reads the inside is not kept
_decode_files: Final = Decoder(list[PageFile]).decode
_decode_layouts: Final = Decoder(tuple[bytes, Layouts]).decode
_decode_inside: Final = Decoder(_Inside).decode


class FactsCache:
    """The pages in a cache file as of its opening."""

    def __init__(self, path: Path, fingerprint: bytes, read_page: ReadPage) -> None:
        """Use `open_cache`."""
        self.path = path
        self.fingerprint = fingerprint
        self._read_page = read_page
        self._files: dict[str, PageFile] = {}
        self._values: dict[str, bytes] = {}
        """The cached values of the whole vault."""
        self._new: dict[str, bytes] = {}
        """Their replacements."""
        self._before: bytes | None = None
        """The fingerprint found in the file."""
        self._asked = 0
        """The number of insides read."""
        self._insides: dict[str, tuple[bytes, bytes, bytes]] | None = None
        """Digest, inside and checksum by path; None while few are requested."""
        self._connection: database.Connection | None = database.connect(path)
        try:
            self._load(self._connection)
        except BaseException:
            self.close()
            raise

    def _load(self, connection: database.Connection) -> None:
        connection.execute("BEGIN")
        self._before = database.read_value(connection, "fingerprint")
        if self._before != self.fingerprint:
            return
        for name in ("pages", "layouts"):
            kept = database.read_value(connection, name)
            if kept is None:
                return
            data = kept[_CHECKSUM_SIZE:]
            if self.checksum(data) != kept[:_CHECKSUM_SIZE]:
                raise sqlite3.DatabaseError("the checksum is wrong")
            self._values[name] = data
        try:
            files = _decode_files(self._values.pop("pages"))
        except ValueError as error:
            raise sqlite3.DatabaseError(str(error)) from error
        read = self._read_inside
        for file in files:
            if file.facts is not None:
                force_setattr(file.facts, "read", read)
        self._files = {file.path: file for file in files}

    def layouts(self, listing: Listing, arrange: Callable[[], Layouts]) -> Layouts:
        """The layouts of a listing: from the cache if the names are the same, else from `arrange`."""
        names = _key("\0".join([*(entry[0] for entry in listing.files), "", *listing.others]))
        kept = self._values.get("layouts")
        if kept is not None:
            with suppress(ValueError):
                before, found = _decode_layouts(kept)
                if before == names:
                    return found
        found = arrange()
        with suppress(ValueError):
            self._new["layouts"] = _encode((names, found))
        return found

    def close(self) -> None:
        """Close the file. Insides requested from now on are read from the vault."""
        if self._connection is not None:
            with suppress(*database.FAILURES):
                self._connection.close()
            self._connection = None

    def find(self, path: str, stamp: Stamp) -> PageFile | None:
        """The file with its facts, if it has this stamp."""
        file = self._files.get(path)
        return file if file is not None and file.stamp == stamp else None

    def find_bytes(self, path: str, digest: bytes, stamp: Stamp | None) -> PageFile | None:
        """The file with its facts, if it has this digest; from now on with this stamp."""
        file = self._files.get(path)
        if file is None or file.digest != digest:
            return None
        return file if file.stamp == stamp else replace(file, stamp=stamp, pending=-1)

    def _read_inside(self, page: PageFacts, _: str) -> Mapping[str, Any]:
        with suppress(ValueError, *database.FAILURES):
            row = self._inside_row(page.path) if self._files[page.path].inside_kept else None
            if row is not None and all(isinstance(part, bytes) for part in row):  # else it is damaged
                digest, inside, checksum = row
                if digest == self._files[page.path].digest and self.checksum(digest, inside) == checksum:
                    found = _decode_inside(inside)
                    return {name: getattr(found, name) for name in INSIDE}
        self._files[page.path].inside_kept = False
        facts = self._read_page(page.path)
        return {} if facts is None else {name: getattr(facts, name) for name in INSIDE}

    def _inside_row(self, path: str) -> tuple[bytes, bytes, bytes] | None:
        self._asked += 1
        if self._insides is None and self._connection is not None:
            if self._asked <= _FEW:
                query = "SELECT digest, inside, checksum FROM page WHERE path = ?"
                row: tuple[bytes, bytes, bytes] | None = self._connection.execute(query, (_key(path),)).fetchone()
                return row
            rows = self._connection.execute("SELECT path, digest, inside, checksum FROM page")
            # A damaged row can have anything for its key. Its page is then read from the vault.
            self._insides = {key.decode("utf-8", "surrogatepass"): row for key, *row in rows if isinstance(key, bytes)}
        return None if self._insides is None else self._insides.get(path)

    def save(self, files: Mapping[str, PageFile]) -> None:
        """Save what is new, and close the file. files: all of the vault's.

        Raises CacheUnusableError if the file cannot be written.
        """
        self.close()
        kept = [file for file in files.values() if file.unread is None]
        new = {file.path for file in kept if not file.is_kept}
        gone = self._files.keys() - files.keys()
        if not new and not gone and not self._new and self._before == self.fingerprint:
            return
        outside = [_without_inside(file) for file in kept]
        try:
            data = _encode(outside)
        except ValueError:  # text that UTF-8 cannot encode: such a page is read every time
            outside = [file for file in outside if _can_be_kept(file)]
            new.intersection_update([file.path for file in outside])
            if not new and not gone and not self._new and self._before == self.fingerprint:
                return
            data = _encode(outside)
        rows = [row for path in new if (row := self._row(files[path])) is not None]
        stale = [(_key(path),) for path in (*gone, *(path for path in new if path in self._files))]
        with self.transaction() as connection:
            connection.executemany("DELETE FROM page WHERE path = ?", stale)
            connection.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)", rows)
            for name, value in (("pages", data), *self._new.items()):
                database.write_value(connection, name, self.checksum(value) + value)
            count = int(database.read_value(connection, "writes") or 0) + 1
            database.write_value(connection, "writes", str(count).encode())

    def _row(self, file: PageFile) -> tuple[bytes, bytes, bytes, bytes] | None:
        """The row with the inside of a page; None if nobody has read it."""
        facts = file.facts
        if facts is None or _is_unread(facts):
            return None
        try:
            inside = _encode(_Inside(**{name: getattr(facts, name) for name in INSIDE}))
        except ValueError:
            return None
        return _key(file.path), file.digest, inside, self.checksum(file.digest, inside)

    @contextmanager
    def transaction(self, tables: Sequence[str] = ()) -> Iterator[database.Connection]:
        """A connection within one transaction, for rows of this fingerprint: see `database.transaction`."""
        with database.transaction(self.path, self.fingerprint, tables, replacing=self._before) as connection:
            yield connection
        self._before = self.fingerprint

    def checksum(self, *parts: bytes) -> bytes:
        """A checksum that no other fingerprint gives."""
        found = crc32(self.fingerprint)
        for part in parts:
            found = crc32(part, found)
        return found.to_bytes(_CHECKSUM_SIZE, "little")


def _is_unread(facts: PageFacts) -> bool:
    return bool(facts.pending & BIT["block_count"])


def _without_inside(file: PageFile) -> PageFile:
    """The file as it is kept: the inside of its page is pending."""
    facts = file.facts
    pending = 0 if facts is None else facts.pending
    if file.pending == pending:
        return file
    if facts is None or _is_unread(facts):
        return replace(file, pending=pending)
    pending = BIT["block_count"]
    for name in INSIDE:
        if name != "linked" and getattr(facts, name):
            pending |= BIT[name]
    outside = {name: getattr(facts, name) for name in _OUTSIDE}
    page = PageFacts(**outside, pending=pending, possible_ids=tuple(facts.written_ids))
    return replace(file, facts=page, pending=pending, inside_kept=True)


def _can_be_kept(file: PageFile) -> bool:
    try:
        _encode(file)
    except ValueError:
        return False
    return True


def _key(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def open_cache(path: Path, fingerprint: bytes, read_page: ReadPage) -> FactsCache:
    """The cache in this file, rebuilt if the file is not a cache or is damaged. Raises CacheUnusableError.

    fingerprint: of everything but the pages that facts depend on. read_page: the facts of a file as it is now.
    """
    try:
        try:
            return FactsCache(path, fingerprint, read_page)
        except database.FAILURES as error:
            if database.is_damage(error):
                database.remove(path)
            elif not database.may_be_gone(error):
                raise
            return FactsCache(path, fingerprint, read_page)
    except database.FAILURES as error:
        raise database.unusable(error) from error


class CacheDescription(Record, frozen=True, kw_only=True):
    """The state of a cache file."""

    state: str
    """`ready`, `absent`, or `unusable: ` and why."""
    size: int = 0
    """Bytes of the file and of SQLite's files next to it."""
    pages: int = 0
    writes: int = 0
    young: int = 0
    """Pages that are read again next time, whatever their stamps."""


def describe_cache(path: Path) -> CacheDescription:
    """The state of this cache file, which is not changed."""
    if not path.exists():
        return CacheDescription(state="absent")
    try:
        with closing(database.connect(path)) as connection:
            kept = database.read_value(connection, "pages")
            writes = int(database.read_value(connection, "writes") or 0)
        files = None if kept is None else _decode_files(kept[_CHECKSUM_SIZE:])
    except (*database.FAILURES, ValueError) as error:
        return CacheDescription(state=f"unusable: {error}")
    if files is None:
        return CacheDescription(state="absent")
    size = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    return CacheDescription(
        state="ready",
        size=size,
        pages=sum(file.facts is not None for file in files),
        writes=writes,
        young=sum(file.stamp is None for file in files),
    )
