"""What was read of a vault, kept in one SQLite file: heads, facts and what texts said. Knows no page's text.

Everything in it can be had again from the vault, so whatever is wrong with it makes it empty, never an error: each
value is sealed with a digest, all are read in one transaction, and written in another that fails as a whole.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

from graphkit.cache import index_schema as schema
from graphkit.cache.index_heads import Heads, stale_paths
from graphkit.cache.packing import essence, pack_page, stated, unpack_page
from graphkit.cache.seals import SEAL_SIZE, sealed, unsealed
from graphkit.text.digests import blake2b
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from graphkit.cache.index_heads import Sheet, Stamp
    from graphkit.cache.packing import Packed
    from graphkit.facts.page_facts import PageFacts


class IndexUnusableError(Exception):
    """The index cannot be used now; the message says why, and `quiet` that nobody needs to hear of it."""

    def __init__(self, reason: str, *, quiet: bool = False) -> None:
        super().__init__(reason)
        self.quiet = quiet


class IndexState(Record, frozen=True, kw_only=True):
    """What the index knew of the vault when it was opened."""

    generation: int
    """Counts the refreshes."""
    scene: bytes = b""
    """Digest of what else the vault is read by; empty: not known."""
    pages: bytes = b""
    """Digest of everything that the pages say."""
    young: frozenset[str]
    """Files that had changed so shortly before that another change may not show in their stamps."""
    heads: Heads
    """Of all files that may be pages."""


class Refresh(Record, frozen=True, kw_only=True):
    """What one look at the vault changes."""

    state: IndexState
    """The new one; its generation is one more than that it was made from."""
    facts: Mapping[str, tuple[bytes, bytes]]
    """Digests and sealed facts of new and changed pages, by path."""


class Index:
    """One open index file, as it was when it was opened."""

    def __init__(self, path: Path, connection: schema.Connection, fingerprint: bytes) -> None:
        """Use `open_index`."""
        self.path = path
        self.fingerprint = fingerprint
        self._connection = connection
        # Not `__del__`: in a cycle of garbage the connection may be finalised before its owner.
        finalize(self, connection.close).atexit = False
        self._parts: dict[str, Any] = {}
        connection.execute("BEGIN")
        self.valid = self._read("fingerprint") == fingerprint
        """Whether what it holds was made under the same conditions; else it counts as empty."""

    def close(self) -> None:
        """Let go of the file. Nothing more can be read."""
        with suppress(*schema.FAILURES):
            self._connection.close()

    def part(self, name: str) -> Any:  # noqa: ANN401 - whatever was kept
        """What was kept under a name; None where nothing was, or nothing that can be read."""
        return self._read(name) if self.valid else None

    def state(self) -> IndexState:
        """What was known of the vault; an empty state where nothing was."""
        generation = self._read("generation")
        generation = generation if isinstance(generation, int) else 0
        look = self.part("look")
        heads = None if look is None else Heads.read(_sheets(self._connection), look[3])
        if heads is None:
            return IndexState(generation=generation, young=frozenset(), heads=Heads())
        scene, pages, young, _ = look
        return IndexState(generation=generation, scene=scene, pages=pages, young=frozenset(young), heads=heads)

    def facts(self, path: str, seal: bytes) -> PageFacts | None:
        """The facts of one page; None where they are missing or not those of this seal."""
        try:
            row = self._connection.execute("SELECT facts FROM page WHERE path = ?", (_key(path),)).fetchone()
        except schema.FAILURES:
            return None
        return None if row is None else open_facts(row[0], seal)

    def all_facts(self) -> Iterator[tuple[str, bytes]]:
        """The sealed facts of all pages; ends early where the file is damaged."""
        with suppress(*schema.FAILURES):
            for path, sealed in self._connection.execute("SELECT path, facts FROM page"):
                yield bytes(path).decode("utf-8", "surrogatepass"), sealed

    def write(self, refresh: Refresh, *, anew: bool) -> bool:
        """Keep what a refresh found, in one transaction; False where another process has written in between.

        anew: nothing of what the index held is to stay. Raises IndexUnusableError where it cannot be written.
        """
        state, heads = refresh.state, refresh.state.heads
        sheets = heads.touched()
        parts = {
            "fingerprint": self.fingerprint,
            "generation": state.generation,
            "look": (state.scene, state.pages, tuple(sorted(state.young)), heads.sheet_seals),
        }
        try:
            other = schema.connect(self.path)
        except schema.FAILURES as error:
            raise unusable(error) from error
        try:
            other.execute("BEGIN IMMEDIATE")
            found = unsealed(_value(other, "generation"))
            if found is not None and found != state.generation - 1:
                other.execute("ROLLBACK")
                return False
            if anew:
                for table in ("part", "page", "sheet"):
                    other.execute(f"DELETE FROM {table}")  # noqa: S608 - one of three words
            other.execute("DELETE FROM sheet WHERE number >= ?", (len(heads.sheet_seals),))
            other.executemany(
                "INSERT OR REPLACE INTO sheet VALUES (?, ?, ?, ?, ?)",
                [(number, *sheet) for number, sheet in sheets.items()],
            )
            other.executemany("DELETE FROM page WHERE path = ?", [(_key(path),) for path in heads.gone])
            other.executemany(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?)",
                [(_key(path), digest, facts) for path, (digest, facts) in sorted(refresh.facts.items())],
            )
            other.executemany(
                "INSERT OR REPLACE INTO part VALUES (?, ?)", [(name, sealed(value)) for name, value in parts.items()]
            )
            other.execute("COMMIT")
        except schema.FAILURES as error:
            if schema.is_damage(error):
                with suppress(OSError):
                    schema.remove(self.path)
            raise unusable(error, quiet=schema.may_be_gone(error)) from error
        finally:
            other.close()
        return True

    def keep(self, name: str, value: object) -> None:
        """Keep plain values under a name. Where the file does not take them they will be worked out again."""
        kept = sealed(value)
        with suppress(*schema.FAILURES):
            other = schema.connect(self.path)
            try:
                other.execute("BEGIN IMMEDIATE")
                if unsealed(_value(other, "fingerprint")) == self.fingerprint:
                    other.execute("INSERT OR REPLACE INTO part VALUES (?, ?)", (name, kept))
                other.execute("COMMIT")
            finally:
                other.close()

    def _read(self, name: str) -> Any:  # noqa: ANN401
        if name not in self._parts:
            self._parts[name] = unsealed(_value(self._connection, name))
        return self._parts[name]


def open_index(path: Path, fingerprint: bytes) -> tuple[Index, IndexState]:
    """The index in this file and what it knows; made anew where it is none or damaged. Raises IndexUnusableError."""
    try:
        try:
            return _opened(path, fingerprint)
        except schema.FAILURES as error:
            if schema.is_damage(error):
                schema.remove(path)
            elif not schema.may_be_gone(error):
                raise
            return _opened(path, fingerprint)
    except schema.FAILURES as error:
        raise unusable(error) from error


def _opened(path: Path, fingerprint: bytes) -> tuple[Index, IndexState]:
    index = Index(path, schema.connect(path), fingerprint)
    try:
        return index, index.state()
    except BaseException:
        index.close()
        raise


class KnownPage(Record, frozen=True):
    """What is kept of one page."""

    digest: bytes
    """Of its file."""
    facts: Packed


def pages_before(
    path: Path, fingerprint: bytes, state: bytes, stamps: Mapping[str, Stamp], *, most: int
) -> dict[str, KnownPage] | None:
    """What is known of the pages whose stamps are others than these, or not to be trusted.

    None where the index is of another fingerprint or state, where it does not know one of these pages, and where there
    are more of them than `most`. Raises IndexUnusableError.
    """
    try:
        connection = schema.connect(path)
        try:
            connection.execute("BEGIN")
            if unsealed(_value(connection, "fingerprint")) != fingerprint:
                return None
            look = unsealed(_value(connection, "look"))
            if look is None or look[1] != state:
                return None
            files = [part for (part,) in connection.execute("SELECT files FROM sheet ORDER BY number")]
            paths = stale_paths(files, look[3], stamps)
            if paths is None:
                return None
            paths.update(look[2])
            if len(paths) > most:
                return None
            pages = {path: _known(connection, path) for path in sorted(paths)}
        finally:
            connection.close()
    except schema.FAILURES as error:
        raise unusable(error) from error
    found = {path: page for path, page in pages.items() if page is not None}
    return found if len(found) == len(pages) else None


def _known(connection: schema.Connection, path: str) -> KnownPage | None:
    row = connection.execute("SELECT digest, facts FROM page WHERE path = ?", (_key(path),)).fetchone()
    packed = None if row is None else unsealed(row[1])
    return None if packed is None else KnownPage(row[0], packed)


class IndexDescription(Record, frozen=True, kw_only=True):
    """What lies in the place of an index."""

    state: str
    """`ready`, `absent`, or `unusable: ` and why."""
    size: int = 0
    """Bytes, of the file and of what stands beside it."""
    pages: int = 0
    generation: int = 0
    young: int = 0


def describe_index(path: Path) -> IndexDescription:
    """What lies in this place; changes nothing."""
    if not path.exists():
        return IndexDescription(state="absent")
    try:
        connection = schema.connect(path)
        try:
            look, generation = (unsealed(_value(connection, name)) for name in ("look", "generation"))
            heads = None if look is None else Heads.read(_sheets(connection), look[3])
        finally:
            connection.close()
    except schema.FAILURES as error:
        return IndexDescription(state=f"unusable: {error}")
    if heads is None or not isinstance(generation, int):
        return IndexDescription(state="absent" if look is None else "unusable: damaged")
    size = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    pages = sum(map(heads.is_known, range(len(heads.paths))))
    return IndexDescription(state="ready", size=size, pages=pages, generation=generation, young=len(look[2]))


def drop_index(path: Path) -> bool:
    """Delete the index in this place; False where there is none. Raises OSError where that is refused."""
    there = path.exists()
    schema.remove(path)
    with suppress(OSError):  # something else lies there
        path.parent.rmdir()
    return there


def unusable(error: Exception, *, quiet: bool = False) -> IndexUnusableError:
    """What an error of the file or of SQLite means: that the index is busy, which passes, or cannot be used."""
    text = getattr(error, "strerror", None) or str(error)
    return IndexUnusableError(text, quiet=quiet or "locked" in text or "busy" in text)


class Sealed(NamedTuple):
    """The facts of a page as they are kept, and what else is made of them."""

    facts: bytes
    seal: bytes
    essence: bytes
    """A digest."""
    stated: Packed


def seal_facts(facts: PageFacts) -> Sealed:
    """The facts of a page for the index. Raises ValueError for what cannot be kept."""
    packed = pack_page(facts)
    kept = sealed(packed)
    return Sealed(kept, kept[:SEAL_SIZE], sealed(essence(packed))[:SEAL_SIZE], stated(packed))


def open_facts(kept: object, seal: bytes) -> PageFacts | None:
    """The facts of a page; None where they are damaged or not those of this seal."""
    if not isinstance(kept, bytes) or kept[:SEAL_SIZE] != seal:
        return None
    packed = unsealed(kept)
    return None if packed is None else unpack_page(packed)


def stamp_digest(parts: Iterable[bytes]) -> bytes:
    """One digest of several byte strings."""
    whole = blake2b(digest_size=16)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.digest()


def _key(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _sheets(connection: schema.Connection) -> Iterator[Sheet]:
    return connection.execute("SELECT files, heads, stated, linked FROM sheet ORDER BY number")


def _value(connection: schema.Connection, name: str) -> object:
    row = connection.execute("SELECT value FROM part WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]
