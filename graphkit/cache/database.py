"""The SQLite file of a vault's cache: its tables, how it is opened, and which errors mean what.

Other rooms keep tables of their own in the same file, by way of `transaction`. Every table is emptied together with
those of this module when the fingerprint is another one, and the whole file is deleted when it is damaged, so a table
holds only what can be made again. What has changed since a room last wrote, the digests of a vault's files tell it.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from graphkit.store.user_folders import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SCHEMA: Final = 9
"""Number of this schema; a file with another one is thrown away."""

PAGE_BYTES: Final = 16384
"""Of a page of SQLite's. In its usual 4096 the facts of most experiments do not fit, and take a page of their own
each, so that a vault of experiments needs four times the bytes and the time to be written (measured)."""

BUSY_S: Final = 2.0
"""How long to wait for another process that writes, in seconds."""

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS vault (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS page (
        path BLOB PRIMARY KEY, digest BLOB NOT NULL, inside BLOB NOT NULL, checksum BLOB NOT NULL
    ) WITHOUT ROWID""",
)

_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_AUTH,
    }
)  # fmt: skip
"""Codes of errors that tell of the place and the moment, and not of what is in the file."""

Connection = sqlite3.Connection
FAILURES = (OSError, sqlite3.Error, UnicodeDecodeError)
"""What a file that is no cache, or cannot be used, raises; a message about a damaged name may not be text."""


class CacheUnusableError(Exception):
    """The cache cannot be used now; the message says why, and `quiet` that nobody needs to hear of it."""

    def __init__(self, reason: str, *, quiet: bool = False) -> None:
        super().__init__(reason)
        self.quiet = quiet


def unusable(error: Exception, *, quiet: bool = False) -> CacheUnusableError:
    """The error to raise for one of FAILURES. That another process is at work is not worth a word."""
    text = getattr(error, "strerror", None) or str(error)
    return CacheUnusableError(text, quiet=quiet or "locked" in text or "busy" in text)


def connect(path: Path) -> Connection:
    """The cache's file, made where it is absent, with its tables.

    Raises one of FAILURES where it cannot be used as it is or is no cache.
    """
    make_private_folder(str(path.parent))
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        if _version(connection) != SCHEMA:
            _make(connection)
            path.chmod(0o600)
        # A lost commit costs reading some pages again, and every row has a checksum: no need to wait for the disk.
        connection.execute("PRAGMA synchronous = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(
    path: Path, fingerprint: bytes, tables: Sequence[str] = (), *, replacing: bytes | None = None
) -> Iterator[Connection]:
    """A connection within one transaction, to read and write rows that belong to this fingerprint.

    tables: `CREATE TABLE IF NOT EXISTS` statements; their names begin with the name of the room that keeps them.
    replacing: another fingerprint, whose rows are deleted. Raises CacheUnusableError: the caller goes on without.
    """
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = read_value(connection, "fingerprint")
            if found != fingerprint:
                if found not in {None, replacing}:
                    raise CacheUnusableError("another program made it again", quiet=True)
                _empty(connection)
                write_value(connection, "fingerprint", fingerprint)
            for statement in tables:
                connection.execute(statement)
            yield connection
            connection.execute("COMMIT")
    except FAILURES as error:
        if is_damage(error):
            with suppress(OSError):
                remove(path)
        raise unusable(error, quiet=may_be_gone(error)) from error


def read_value(connection: Connection, name: str) -> bytes | None:
    """What belongs to the vault as a whole under this name; None if nothing does."""
    row = connection.execute("SELECT value FROM vault WHERE name = ?", (name,)).fetchone()
    return bytes(row[0]) if row is not None and isinstance(row[0], bytes) else None


def write_value(connection: Connection, name: str, value: bytes) -> None:
    """Put this value in place of what is kept under the name."""
    connection.execute("INSERT OR REPLACE INTO vault VALUES (?, ?)", (name, value))


def _empty(connection: Connection) -> None:
    """Delete every row of every table."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of this program's own tables


def _version(connection: Connection) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def _make(connection: Connection) -> None:
    """Make the tables, unless another process has done so by now."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    found = _version(connection)
    if found != SCHEMA:
        if found or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise sqlite3.DatabaseError(f"schema {found}, not {SCHEMA}")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.execute("COMMIT")


def is_damage(error: Exception) -> bool:
    """True if an error means that the file is none of ours or broken, and not that it cannot be used just now."""
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and (code is None or code & 0xFF not in _PASSING)


def may_be_gone(error: Exception) -> bool:
    """True if an error may mean that another process deletes the file just now; of a bad disk it comes again."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def remove(path: Path) -> bool:
    """Delete the file with those beside it; False if there was none. Raises OSError if that is refused."""
    if path.parent.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, "it is a link", str(path.parent))
    found = False
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")  # noqa: PTH108 - names that differ in what follows
            found = True
    return found
