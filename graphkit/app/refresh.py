"""From a listing to a catalog by way of the index: only what has changed is read. Decides nothing about the notes.

What the index gives is what reading the whole vault gives: stamps that differ make a file be read, a digest that
differs makes its facts be taken anew, and whatever else they depend on (configuration, settings, dialect, this program)
is in the fingerprint. Which of two files for one page wins is worked out from all heads every time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from graphkit.facts.catalog import states
from graphkit.facts.tails import UNMARKED
from graphkit.store.files import read_bytes
from graphkit.store.index import (
    DIGEST,
    ESSENCE,
    JOURNAL,
    MARK,
    NAME,
    STATES,
    TITLE,
    TYPES,
    Index,
    IndexState,
    IndexUnusableError,
    Refresh,
    open_index,
    seal_facts,
    stamp_digest,
    stamps_of,
)
from graphkit.store.index_catalog import IndexCatalog
from graphkit.store.look import is_young
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import file_digest
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from graphkit.facts.values import PageFacts
    from graphkit.store.files import Listing
    from graphkit.store.index import Head, Stamp


class Reader(Record, kw_only=True):
    """What refreshing has to know of a session."""

    root: Path
    pages: Sequence[str]
    """In the order of loading."""
    read: Callable[[str, bytes], PageFacts | None]
    """The facts of a file; None for a blank one."""
    mark: Callable[[bytes, PageFacts], bytes]
    """What a page has in common with itself after edits of no consequence."""
    named: Callable[[str], tuple[str, str]] | None
    """Title and name of a page where other pages have a part in them (outside Logseq graphs)."""
    normalise: Callable[[str], str]
    locate: Callable[[str], str | None] | None
    second_file: Callable[[str, str, str], Diagnostic]
    scene: bytes
    """Digest of everything that the vault is read by, beside the stamps of its pages."""
    told: bytes
    """Digest of what was found before the pages were read."""
    reread: frozenset[str]
    """Types of pages whose text answers are made of, and not only their facts."""
    progress: Callable[[int, int], None] | None = None


class Loaded(Record, kw_only=True):
    """A catalog, and what was found while it was filled."""

    catalog: IndexCatalog
    index: Index
    findings: list[Diagnostic]
    unread: list[Diagnostic]
    state: bytes
    """Digest of everything that the pages say."""
    marks: Mapping[str, bytes]
    """What each page has in common with itself after edits of no consequence, by path."""
    young: frozenset[str]
    """Pages whose stamps are too young to be trusted."""
    trouble: str | None
    """Why the index could not be brought up to date; None where it could, or another process was faster."""


def load_indexed(reader: Reader, listing: Listing, place: Path, mark: bytes) -> Loaded:
    """The catalog of a vault, read from the index as far as that is right. Raises IndexUnusableError.

    place: the index file. mark: the fingerprint.
    """
    began = time.time_ns()
    index, before = open_index(place, mark)
    files = stamps_of(listing.files)
    changes = _Changes(reader, before, files)
    heads = changes.heads
    trouble: str | None = None
    young = frozenset(path for path in reader.pages if is_young(files[path], began) or path in changes.unread)
    told = stamp_digest([reader.scene, reader.told, _said(reader, heads)])
    same_answers = (reader.scene, told) == (before.scene, before.pages) and index.valid
    if not same_answers or changes.any or files != before.files or young != before.young:
        state = IndexState(
            generation=before.generation + 1, files=files, young=young, heads=heads, scene=reader.scene, pages=told
        )
        blank = {path for path, head in heads.items() if head[NAME] is None}
        refresh = Refresh(
            state=state, facts=changes.sealed, gone=frozenset((before.heads.keys() - heads.keys()) | blank)
        )
        try:
            index.write(refresh, anew=not index.valid or not before.heads)
        except IndexUnusableError as error:
            trouble = None if error.quiet else str(error)
    order: list[str] = []
    findings: list[Diagnostic] = []
    first: dict[str, str] = {}
    for path in reader.pages:
        head = heads.get(path)
        if head is None:
            findings.append(changes.unread[path])
            continue
        name = head[NAME]
        if name is None:
            continue
        winner = first.setdefault(name, path)
        if winner == path:
            order.append(path)
        else:
            findings.append(reader.second_file(path, winner, head[TITLE]))

    def read_again(path: str) -> PageFacts | None:
        data = read_bytes(reader.root, path)
        return None if isinstance(data, Diagnostic) else reader.read(path, data)

    catalog = IndexCatalog(
        order, heads, changes.facts, index, read_again=read_again, normalise=reader.normalise, locate=reader.locate
    )
    return Loaded(
        catalog=catalog,
        index=index,
        findings=findings,
        unread=list(changes.unread.values()),
        state=told,
        marks={path: head[MARK] for path, head in heads.items()},
        young=young,
        trouble=trouble,
    )


def _said(reader: Reader, heads: Mapping[str, Head]) -> bytes:
    """A digest of the essence of all pages in their order, and of the text of pages that answers are made of."""
    parts: list[bytes] = []
    for path in reader.pages:
        head = heads.get(path)
        if head is not None:
            parts.append(head[ESSENCE])
            if not reader.reread.isdisjoint(head[TYPES]):
                parts.append(head[DIGEST])
    return stamp_digest([b"".join(parts), "\0".join(reader.pages).encode("utf-8", "surrogatepass")])


class _Changes:
    """The pages whose stamps differ from those of the index, read."""

    def __init__(self, reader: Reader, before: IndexState, files: Mapping[str, Stamp]) -> None:
        self._reader = reader
        self._before = before
        self.heads: dict[str, Head] = {}
        self.facts: dict[str, PageFacts] = {}
        self.sealed: dict[str, bytes] = {}
        self.unread: dict[str, Diagnostic] = {}
        self.any = False
        old, known, young = before.files, before.heads, before.young
        named = None if old.keys() == files.keys() else reader.named
        for number, path in enumerate(reader.pages):
            if reader.progress is not None and not number % 64:
                reader.progress(number, len(reader.pages))
            head = known.get(path)
            settled = head is not None and (named is None or (head[TITLE], head[NAME]) == named(path))
            if head is not None and settled and old.get(path) == files[path] and path not in young:
                self.heads[path] = head
            else:
                self._read(path, head if settled else None)
        self.any = bool(self.sealed or self.unread) or self.heads.keys() != known.keys()

    def _read(self, path: str, head: Head | None) -> None:
        data = read_bytes(self._reader.root, path)
        if isinstance(data, Diagnostic):
            self.unread[path] = data
            return
        digest = file_digest(data)
        if head is not None and head[DIGEST] == digest:
            self.heads[path] = head
            return
        facts = self._reader.read(path, data)
        if facts is None:
            self.any = True
            self.heads[path] = (digest, b"", None, "", (), (), (), 0, b"", UNMARKED)
            return
        try:
            sealed, seal, core = seal_facts(facts)
        except ValueError as error:
            raise IndexUnusableError(f"{path}: {error}") from error
        self.facts[path] = facts
        self.sealed[path] = sealed
        marks = JOURNAL * (facts.journal_day is not None) + STATES * states(facts)
        types = tuple(sorted(facts.types))
        self.heads[path] = (
            digest, seal, facts.name, facts.title, facts.aliases, types, tuple(facts.ids), marks, core,
            self._reader.mark(data, facts),
        )  # fmt: skip
