"""The database that queries run on."""

from __future__ import annotations

import sqlite3


def open_in_memory() -> sqlite3.Connection:
    """An empty database that is gone with the process."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection
