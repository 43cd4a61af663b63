"""The tables of the index file and how one is opened. Knows SQLite, and nothing of what the index holds."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Final = 6
"""Number of this schema; a file with another one is thrown away."""

PAGE_BYTES: Final = 16384
"""Of a page of SQLite's: in its usual 4096 the facts of most experiments have no place, and take a page of their own
each, so that a vault of experiments needs four times the bytes and the time to be written (measured)."""

BUSY_S: Final = 2.0
"""How long to wait for another process that writes, in seconds."""

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS sheet (
        number INTEGER PRIMARY KEY, files BLOB NOT NULL, heads BLOB NOT NULL, stated BLOB NOT NULL, linked BLOB NOT NULL
    )""",
    "CREATE TABLE IF NOT EXISTS page (path BLOB PRIMARY KEY, digest BLOB NOT NULL, facts BLOB NOT NULL) WITHOUT ROWID",
)

_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_AUTH,
    }
)  # fmt: skip
"""Codes of errors that tell of the place and the moment, and not of what is in the file."""

# Names of the module for those who may not import sqlite3 themselves.
Connection = sqlite3.Connection
FAILURES = (OSError, sqlite3.Error, UnicodeDecodeError)
"""What a file that is no index, or cannot be used, makes happen: a message about a damaged name may be no text."""


def connect(path: Path) -> sqlite3.Connection:
    """The index file, made where it is absent, with its tables.

    Raises one of FAILURES where it cannot be used as it is or is no index.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        if _version(connection) != SCHEMA:
            _make(connection)
            path.chmod(0o600)
        # A lost commit costs a refresh, a damaged file is found by its seals: no need to wait for the disk.
        connection.execute("PRAGMA synchronous = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def _make(connection: sqlite3.Connection) -> None:
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
    """Whether an error means that the file is none of ours or broken, and not that it cannot be used just now."""
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and (code is None or code & 0xFF not in _PASSING)


def may_be_gone(error: Exception) -> bool:
    """Whether an error may mean that another process deletes the file just now; of a bad disk it comes again."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def remove(path: Path) -> None:
    """Delete an index with the files beside it. Raises OSError where that is refused."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")  # noqa: PTH108 - three names that differ in what follows
