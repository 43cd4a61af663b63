"""Facts of past versions of pages, by path and blob, and the history made of them; both can be rebuilt from git."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.msgpack import Decoder, Encoder

from graphkit.cache import database
from graphkit.facts.page_facts import PageFacts

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphkit.cache.facts_cache import FactsCache
    from graphkit.text.records import Record

R = TypeVar("R", bound="Record")
Version = tuple[str, str]
"""A page's path and the id of its blob."""

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS history_page (path BLOB, blob TEXT, facts BLOB NOT NULL, checksum BLOB NOT NULL, "
    "PRIMARY KEY (path, blob)) WITHOUT ROWID"
)
_STATE: Final = "history"
_encode: Final = Encoder(enc_hook=lambda _: None).encode  # what reads the inside is not kept
_decode_page: Final = Decoder(PageFacts | None).decode


class HistoryCache:
    """A vault's history in its cache file; does nothing if the cache cannot be used."""

    def __init__(self, cache: FactsCache) -> None:
        self._cache = cache
        self._kept: dict[Version, tuple[bytes, bytes]] = {}
        self._new: dict[Version, PageFacts | None] = {}

    def read_state(self, kind: type[R]) -> R | None:
        """The record saved last; None if it is missing or of another kind."""
        with suppress(ValueError, database.CacheUnusableError), self._cache.transaction() as connection:
            kept = database.read_value(connection, _STATE)
            if kept is not None and self._cache.checksum(kept[4:]) == kept[:4]:
                return Decoder(kind).decode(kept[4:])
        return None

    def load(self) -> None:
        """Read all versions, for later look-ups."""
        with (
            suppress(UnicodeDecodeError, database.CacheUnusableError),
            self._cache.transaction((_TABLE,)) as connection,
        ):
            rows = connection.execute("SELECT path, blob, facts, checksum FROM history_page")
            self._kept = {(path.decode("utf-8", "surrogatepass"), blob): kept for path, blob, *kept in rows}

    def find(self, version: Version) -> tuple[PageFacts | None] | None:
        """The facts of a version (None: it has no page); nothing if they are not cached."""
        kept = self._kept.get(version)
        if kept is not None and self._cache.checksum(version[1].encode(), kept[0]) == kept[1]:
            with suppress(ValueError):
                return (_decode_page(kept[0]),)
        return None

    def put(self, version: Version, facts: PageFacts | None) -> None:
        """Keep the facts of a version with the next `save`."""
        self._new[version] = facts

    def save(self, state: Record, versions: Collection[Version] | None) -> None:
        """Save a record, and what was put. versions: all that exist, so that others are deleted; None: keep all."""
        with suppress(database.CacheUnusableError), self._cache.transaction((_TABLE,)) as connection:
            stale = () if versions is None else self._kept.keys() - set(versions)
            connection.executemany("DELETE FROM history_page WHERE path = ? AND blob = ?", map(_key, stale))
            for version, facts in self._new.items():
                with suppress(ValueError):  # text that UTF-8 cannot encode
                    data = _encode(facts)
                    row = (*_key(version), data, self._cache.checksum(version[1].encode(), data))
                    connection.execute("INSERT OR REPLACE INTO history_page VALUES (?, ?, ?, ?)", row)
            with suppress(ValueError):
                data = _encode(state)
                database.write_value(connection, _STATE, self._cache.checksum(data) + data)


def _key(version: Version) -> tuple[bytes, str]:
    return version[0].encode("utf-8", "surrogatepass"), version[1]
