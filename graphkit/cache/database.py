"""The SQLite file of a vault's cache: its tables, opening it, and the meaning of its errors.

Other packages keep their own tables in the same file through `transaction`. Every table is emptied together with
those of this module if the fingerprint changes, and the whole file is deleted if it is damaged, so a table
holds only what can be rebuilt. Digests of a vault's files show a package what has changed since it last wrote.
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
"""Number of this schema; a file with another number is deleted."""

PAGE_BYTES: Final = 16384
"""The size of an SQLite page. The facts of most experiments do not fit into the usual 4096 bytes and take a page
each, so that writing a vault of experiments takes four times the bytes and the time (measured)."""

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
"""Codes of errors that come from the environment and not from the contents of the file."""

Connection = sqlite3.Connection
FAILURES = (OSError, sqlite3.Error, UnicodeDecodeError)
"""The exceptions for a file that is not a cache or cannot be used; a message about a damaged name may not be text."""


class CacheUnusableError(Exception):
    """The cache cannot be used now; the message says why. `quiet`: not worth a message to the user."""

    def __init__(self, reason: str, *, quiet: bool = False) -> None:
        super().__init__(reason)
        self.quiet = quiet


def unusable(error: Exception, *, quiet: bool = False) -> CacheUnusableError:
    """The error to raise for one of FAILURES; quiet if another process is using the cache."""
    text = getattr(error, "strerror", None) or str(error)
    return CacheUnusableError(text, quiet=quiet or "locked" in text or "busy" in text)


def connect(path: Path) -> Connection:
    """The cache's file with its tables, created if it is missing.

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

    tables: `CREATE TABLE IF NOT EXISTS` statements; their names begin with the name of the package that keeps them.
    replacing: another fingerprint, whose rows are deleted. Raises CacheUnusableError: the caller continues without.
    """
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = read_value(connection, "fingerprint")
            if found != fingerprint:
                if found not in {None, replacing}:
                    raise CacheUnusableError("another program rebuilt it", quiet=True)
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
    """The value of the whole vault under this name; None if it is missing."""
    row = connection.execute("SELECT value FROM vault WHERE name = ?", (name,)).fetchone()
    return bytes(row[0]) if row is not None and isinstance(row[0], bytes) else None


def write_value(connection: Connection, name: str, value: bytes) -> None:
    """Store this value under the name, replacing the old one."""
    connection.execute("INSERT OR REPLACE INTO vault VALUES (?, ?)", (name, value))


def _empty(connection: Connection) -> None:
    """Delete every row of every table."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of this program's own tables


def _version(connection: Connection) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def _make(connection: Connection) -> None:
    """Create the tables, unless another process has done so meanwhile."""
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
    """True if an error means that the file is not a cache or is damaged, rather than temporarily unusable."""
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and (code is None or code & 0xFF not in _PASSING)


def may_be_gone(error: Exception) -> bool:
    """True if an error may mean that another process is deleting the file; on a bad disk it recurs."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def remove(path: Path) -> bool:
    """Delete the file and SQLite's files next to it; False if there was none. Raises OSError if that is refused."""
    if path.parent.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, "it is a link", str(path.parent))
    found = False
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")  # noqa: PTH108 - names that differ in what follows
            found = True
    return found
