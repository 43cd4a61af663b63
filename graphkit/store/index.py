"""What was read of a vault, kept in one SQLite file: stamps, heads, facts and answers. Knows no page's text.

Everything in it can be had again from the vault, so whatever is wrong with it makes it empty, never an error: each
value is sealed with a digest, all are read in one transaction, and written in another that fails as a whole.
"""

from __future__ import annotations

import marshal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from weakref import finalize

from graphkit.facts.packing import essence, pack_page, unpack_page
from graphkit.store import index_schema as schema
from graphkit.text.digests import blake2b
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from graphkit.facts.packing import Packed
    from graphkit.facts.values import PageFacts
    from graphkit.store.files import FileEntry

Stamp = tuple[int, int, int, int]
"""Size, mtime_ns, inode and ctime_ns of a file."""

Head = tuple[bytes, bytes, str | None, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], int, bytes, bytes]
"""What of a page is needed to find it: digest of the file, seal of its facts, name (None: no page, a blank file),
title, aliases, types, ids, the sum of `JOURNAL` and `STATES`, a digest of its essence, and its mark."""

DIGEST: Final = 0
SEAL: Final = 1
NAME: Final = 2
TITLE: Final = 3
ALIASES: Final = 4
TYPES: Final = 5
IDS: Final = 6
MARKS: Final = 7
ESSENCE: Final = 8
MARK: Final = 9
JOURNAL: Final = 1
STATES: Final = 2
"""The page holds strategies, goals or what may be an observation."""

_SEAL_SIZE: Final = 12
_MARSHAL: Final = 2
"""Equal values give equal bytes: later versions write references to whatever happens to be shared."""


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
    files: Mapping[str, Stamp]
    """All files that may be pages, by path."""
    young: frozenset[str]
    """Files that had changed so shortly before that another change may not show in their stamps."""
    heads: Mapping[str, Head]
    """Pages and blank files, by path."""


class Refresh(Record, frozen=True, kw_only=True):
    """What one look at the vault changes."""

    state: IndexState
    """The new one; its generation is one more than that it was made from."""
    facts: Mapping[str, bytes]
    """Sealed facts of new and changed pages, by path."""
    gone: frozenset[str]
    """Pages whose facts are to be deleted."""


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
        generation, files, heads = self._read("generation"), self.part("files"), self.part("heads")
        generation = generation if isinstance(generation, int) else 0
        if not isinstance(files, tuple) or not isinstance(heads, dict):
            return IndexState(generation=generation, files={}, young=frozenset(), heads={})
        scene, pages = self.part("glance") or (b"", b"")
        return IndexState(
            generation=generation, scene=scene, pages=pages, files=files[0], young=frozenset(files[1]), heads=heads
        )

    def facts(self, path: str, seal: bytes) -> PageFacts | None:
        """The facts of one page; None where they are missing or not those of this seal."""
        try:
            row = self._connection.execute("SELECT facts FROM page WHERE path = ?", (_key(path),)).fetchone()
        except schema.FAILURES:
            return None
        return None if row is None else _opened_facts(row[0], seal)

    def all_facts(self) -> Iterator[tuple[str, bytes]]:
        """The sealed facts of all pages; ends early where the file is damaged."""
        with suppress(*schema.FAILURES):
            for path, sealed in self._connection.execute("SELECT path, facts FROM page"):
                yield bytes(path).decode("utf-8", "surrogatepass"), sealed

    def write(self, refresh: Refresh, *, anew: bool) -> bool:
        """Keep what a refresh found, in one transaction; False where another process has written in between.

        anew: nothing of what the index held is to stay. Raises IndexUnusableError where it cannot be written.
        """
        parts = {
            "fingerprint": self.fingerprint,
            "generation": refresh.state.generation,
            "files": (dict(refresh.state.files), tuple(sorted(refresh.state.young))),
            "heads": dict(refresh.state.heads),
            "glance": (refresh.state.scene, refresh.state.pages),
        }
        try:
            other = schema.connect(self.path)
        except schema.FAILURES as error:
            raise unusable(error) from error
        try:
            other.execute("BEGIN IMMEDIATE")
            found = _unsealed(_value(other, "generation"))
            if found is not None and found != refresh.state.generation - 1:
                other.execute("ROLLBACK")
                return False
            if anew:
                other.execute("DELETE FROM part")
                other.execute("DELETE FROM page")
            other.executemany("DELETE FROM page WHERE path = ?", [(_key(path),) for path in refresh.gone])
            other.executemany(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?)",
                [
                    (_key(path), refresh.state.heads[path][DIGEST], sealed)
                    for path, sealed in sorted(refresh.facts.items())
                ],
            )
            other.executemany(
                "INSERT OR REPLACE INTO part VALUES (?, ?)", [(name, _sealed(value)) for name, value in parts.items()]
            )
            other.execute("COMMIT")
        except schema.FAILURES as error:
            if schema.is_damage(error):
                with suppress(OSError):
                    schema.remove(self.path)
            raise unusable(error) from error
        finally:
            other.close()
        return True

    def keep(self, name: str, value: object) -> None:
        """Keep plain values under a name. Where the file does not take them they will be worked out again."""
        sealed = _sealed(value)
        with suppress(*schema.FAILURES):
            other = schema.connect(self.path)
            try:
                other.execute("BEGIN IMMEDIATE")
                if _unsealed(_value(other, "fingerprint")) == self.fingerprint:
                    other.execute("INSERT OR REPLACE INTO part VALUES (?, ?)", (name, sealed))
                other.execute("COMMIT")
            finally:
                other.close()

    def _read(self, name: str) -> Any:  # noqa: ANN401
        if name not in self._parts:
            self._parts[name] = _unsealed(_value(self._connection, name))
        return self._parts[name]


def open_index(path: Path, fingerprint: bytes) -> tuple[Index, IndexState]:
    """The index in this file and what it knows; made anew where it is none or damaged. Raises IndexUnusableError."""
    try:
        try:
            return _opened(path, fingerprint)
        except schema.FAILURES as error:
            if not schema.is_damage(error):
                raise
            schema.remove(path)
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
    path: Path, mark: bytes, state: bytes, stamps: Mapping[str, Stamp], *, most: int
) -> dict[str, KnownPage] | None:
    """What is known of the pages whose stamps are others than these, or not to be trusted.

    None where the index is of another fingerprint or state, where it does not know one of these pages, and where there
    are more of them than `most`. Raises IndexUnusableError.
    """
    try:
        connection = schema.connect(path)
        try:
            connection.execute("BEGIN")
            if _unsealed(_value(connection, "fingerprint")) != mark:
                return None
            seen, files = (_unsealed(_value(connection, name)) for name in ("glance", "files"))
            if seen is None or files is None or seen[1] != state:
                return None
            before = files[0]
            paths = {path for path, stamp in stamps.items() if before.get(path) != stamp}.union(files[1])
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
    packed = None if row is None else _unsealed(row[1])
    return None if packed is None else KnownPage(row[0], packed)


def stamps_of(files: Iterable[FileEntry]) -> dict[str, Stamp]:
    """The stamps of the files of a listing."""
    return {entry[0]: entry[1:] for entry in files}


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
            files, heads, generation = (
                _unsealed(_value(connection, name)) for name in ("files", "heads", "generation")
            )
        finally:
            connection.close()
    except schema.FAILURES as error:
        return IndexDescription(state=f"unusable: {error}")
    if not isinstance(files, tuple) or not isinstance(heads, dict) or not isinstance(generation, int):
        return IndexDescription(state="absent" if heads is None else "unusable: damaged")
    size = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    return IndexDescription(state="ready", size=size, pages=len(heads), generation=generation, young=len(files[1]))


def drop_index(path: Path) -> bool:
    """Delete the index in this place; False where there is none. Raises OSError where that is refused."""
    there = path.exists()
    schema.remove(path)
    return there


def unusable(error: Exception) -> IndexUnusableError:
    """What an error of the file or of SQLite means: that the index is busy, which passes, or cannot be used."""
    text = str(error)
    return IndexUnusableError(text, quiet="locked" in text or "busy" in text)


def seal_facts(facts: PageFacts) -> tuple[bytes, bytes, bytes]:
    """The facts of a page as they are kept, their seal, and a digest of their essence.

    Raises ValueError for what cannot be kept.
    """
    packed = pack_page(facts)
    sealed = _sealed(packed)
    return sealed, sealed[:_SEAL_SIZE], _sealed(essence(packed))[:_SEAL_SIZE]


def open_facts(sealed: bytes, seal: bytes) -> PageFacts | None:
    """The facts of a page; None where they are damaged or not those of this seal."""
    return _opened_facts(sealed, seal)


def stamp_digest(parts: Iterable[bytes]) -> bytes:
    """One digest of several byte strings."""
    whole = blake2b(digest_size=16)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.digest()


def _key(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _sealed(value: Any) -> bytes:  # noqa: ANN401
    body = marshal.dumps(value, _MARSHAL)
    return blake2b(body, digest_size=_SEAL_SIZE).digest() + body


def _unsealed(sealed: object) -> Any:  # noqa: ANN401
    """The value; None for what is missing or damaged."""
    if not isinstance(sealed, bytes):
        return None
    body = sealed[_SEAL_SIZE:]
    if blake2b(body, digest_size=_SEAL_SIZE).digest() != sealed[:_SEAL_SIZE]:
        return None
    return marshal.loads(body)  # noqa: S302 - the user's own file, under a digest


def _opened_facts(sealed: object, seal: bytes) -> PageFacts | None:
    if not isinstance(sealed, bytes) or sealed[:_SEAL_SIZE] != seal:
        return None
    packed = _unsealed(sealed)
    return None if packed is None else unpack_page(packed)


def _value(connection: schema.Connection, name: str) -> object:
    row = connection.execute("SELECT value FROM part WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]
