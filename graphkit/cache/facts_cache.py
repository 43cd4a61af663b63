"""The facts of a vault's pages, kept by the stamps of their files in one SQLite file.

Everything in it can be made again from the vault, so any doubt leads to reading again and never to an error: rows have
checksums that no other fingerprint gives, all are read in one transaction, and written in another that fails as a whole.
A row counts while its stamp is that of the file; where only the stamp differs, and the bytes do not, its facts count.
"""

from __future__ import annotations

import marshal
import sqlite3
from collections import Counter
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from graphkit.cache import database
from graphkit.cache.database import CacheUnusableError
from graphkit.cache.page_rows import Row, pack_page, unpack_inside, unpack_page
from graphkit.facts.lazy_page import INSIDE, LazyPage
from graphkit.text.digests import blake2b
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from graphkit.cache.page_rows import Stamp
    from graphkit.facts.lazy_page import ReadInside
    from graphkit.facts.page_facts import PageFacts
    from graphkit.text.diagnostics import Diagnostic

    ReadPage = Callable[[str], PageFacts | None]

CACHE_NAME = "index.sqlite"
"""The file in a vault's cache folder."""

pages_from: Counter[str] = Counter()
"""How many pages this process took from `rows` and from `files`; for tests and benchmarks."""


class PageFile:
    """What is known of one file of the vault that may hold a page."""

    __slots__ = ("digest", "facts", "pending", "row", "saved", "stamp", "unread")

    def __init__(
        self,
        stamp: Stamp | None,
        digest: bytes,
        facts: PageFacts | None,
        *,
        unread: Diagnostic | None = None,
        row: Row | None = None,
        saved: bool = False,
    ) -> None:
        self.stamp = stamp
        """None where a change may not show in it, so that the file is read again next time."""
        self.digest = digest
        """Of the bytes; empty where they could not be read, or nobody needs it."""
        self.facts = facts
        """None for a file that holds no page."""
        self.unread = unread
        """Why the file could not be read."""
        self.row = row
        """The row that the facts came from; None where they were read from the file."""
        self.saved = saved
        """Whether the row is in the cache with this stamp."""
        self.pending = _pending(facts)
        """Which facts were not read when they came from the row."""


def _pending(facts: PageFacts | None) -> int:
    return facts.pending if isinstance(facts, LazyPage) else 0


class FactsCache:
    """The rows of one cache file as they were when it was opened; nothing stays open."""

    def __init__(self, path: Path, fingerprint: bytes, read_page: ReadPage) -> None:
        """Use `open_cache`."""
        self.path = path
        self.fingerprint = fingerprint
        self._read_page = read_page
        self._rows: dict[str, Row] = {}
        self._before: bytes | None = None
        """The fingerprint that the file had."""
        self._load()

    def _load(self) -> None:
        with closing(database.connect(self.path)) as connection:
            connection.execute("BEGIN")
            self._before = database.read_value(connection, "fingerprint")
            if self._before != self.fingerprint:
                return
            rows = connection.execute("SELECT path, stamp, digest, outside, inside, checksum FROM page").fetchall()
        fingerprint = self.fingerprint
        for path, *row, checksum in rows:
            if _checksum(fingerprint, path, row) != checksum:
                raise sqlite3.DatabaseError("a row is damaged")
            self._rows[path.decode("utf-8", "surrogatepass")] = Row(*row)

    def find(self, path: str, stamp: Stamp) -> PageFile | None:
        """The file with its facts, where its stamp is that of its row."""
        row = self._rows.get(path)
        if row is None or row.stamp != _packed_stamp(stamp):
            return None
        return self._file(path, row, stamp)

    def find_bytes(self, path: str, digest: bytes, stamp: Stamp | None) -> PageFile | None:
        """The file with its facts, where its bytes are those of its row. stamp: as in `PageFile`."""
        row = self._rows.get(path)
        return self._file(path, row, stamp) if row is not None and row.digest == digest else None

    def _file(self, path: str, row: Row, stamp: Stamp | None) -> PageFile | None:
        facts: PageFacts | None = None
        if row.outside:
            try:
                facts = unpack_page(row.outside, self._inside_of(path, row.inside))
            except ValueError:
                return None
        return PageFile(stamp, row.digest, facts, row=row, saved=row.stamp == _packed_stamp(stamp))

    def _inside_of(self, path: str, inside: bytes | None) -> ReadInside:
        def read(_: str) -> Mapping[str, Any]:
            if inside is not None:
                with suppress(ValueError):
                    return unpack_inside(inside)
            facts = self._read_page(path)
            return {} if facts is None else {name: getattr(facts, name) for name in INSIDE}

        return read

    def save(self, files: Mapping[str, PageFile]) -> None:
        """Keep what is new. files: all of the vault's. Raises CacheUnusableError where the file does not take it."""
        rows = [row for path, file in files.items() if not _is_kept(file) and (row := self._packed(path, file))]
        gone = [(_key(path),) for path in self._rows if path not in files or files[path].unread is not None]
        if not rows and not gone and self._before == self.fingerprint:
            return
        with self.transaction() as connection:
            connection.executemany("DELETE FROM page WHERE path = ?", gone)
            connection.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)", rows)
            count = int(database.read_value(connection, "writes") or 0) + 1
            database.write_value(connection, "writes", str(count).encode())

    def _packed(self, path: str, file: PageFile) -> tuple[bytes | None, ...] | None:
        row, facts = file.row, file.facts
        if row is not None and file.pending == _pending(facts):
            outside, inside = row.outside, row.inside
        elif facts is None:
            outside, inside = b"", None
        else:
            try:
                outside, inside = pack_page(facts)
            except ValueError:
                return None  # text that no UTF-8 can say is read again every time
        key, row = _key(path), Row(_packed_stamp(file.stamp), file.digest, outside, inside)
        return (key, *row, _checksum(self.fingerprint, key, row))

    @contextmanager
    def transaction(self, tables: Sequence[str] = ()) -> Iterator[database.Connection]:
        """A connection within one transaction, for rows of this fingerprint: see `database.transaction`."""
        with database.transaction(self.path, self.fingerprint, tables, replacing=self._before) as connection:
            yield connection
        self._before = self.fingerprint


def _is_kept(file: PageFile) -> bool:
    """Whether the cache's row says all that is known, or the file says nothing."""
    if file.unread is not None:
        return True
    return file.saved and file.row is not None and (file.row.inside is not None or file.pending == _pending(file.facts))


def _packed_stamp(stamp: Stamp | None) -> bytes:
    return b"" if stamp is None else marshal.dumps(stamp, 2)


def _key(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _checksum(fingerprint: bytes, path: bytes, row: Sequence[bytes | None]) -> bytes:
    return blake2b(marshal.dumps((path, *row), 2), digest_size=8, key=fingerprint).digest()


def open_cache(path: Path, fingerprint: bytes, read_page: ReadPage) -> FactsCache:
    """The cache in this file, made anew where it is none or damaged. Raises CacheUnusableError.

    fingerprint: of everything that facts depend on beside the pages. read_page: the facts of a file as it is now.
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
    """What lies in the place of a cache file."""

    state: str
    """`ready`, `absent`, or `unusable: ` and why."""
    size: int = 0
    """Bytes, of the file and of those beside it."""
    pages: int = 0
    writes: int = 0
    young: int = 0
    """Pages that are read again next time, whatever their stamps."""


def describe_cache(path: Path) -> CacheDescription:
    """What lies in this place; changes nothing."""
    if not path.exists():
        return CacheDescription(state="absent")
    try:
        with closing(database.connect(path)) as connection:
            fingerprint = database.read_value(connection, "fingerprint")
            writes = int(database.read_value(connection, "writes") or 0)
            pages, young = connection.execute(
                "SELECT count(nullif(outside, x'')), count(nullif(stamp <> x'', 1)) FROM page"
            ).fetchone()
    except (*database.FAILURES, ValueError) as error:
        return CacheDescription(state=f"unusable: {error}")
    if fingerprint is None:
        return CacheDescription(state="absent")
    size = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    return CacheDescription(state="ready", size=size, pages=pages, writes=writes, young=young)


__all__ = ["CACHE_NAME", "CacheDescription", "CacheUnusableError", "FactsCache", "PageFile", "describe_cache", "open_cache"]
