"""From a listing to a catalog by way of the index: only what has changed is read. Decides nothing about the notes.

What the index gives is what reading the whole vault gives: stamps that differ make a file be read, a digest that
differs makes its facts be taken anew, and whatever else they depend on (configuration, settings, dialect, this program)
is in the fingerprint. Which of two files for one page wins is worked out from all heads every time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from graphkit.cache.index import (
    Index,
    IndexState,
    IndexUnusableError,
    Refresh,
    open_index,
    seal_facts,
    stamp_digest,
)
from graphkit.cache.index_catalog import IndexCatalog
from graphkit.cache.index_heads import JOURNAL, STATES, TASKS, Head
from graphkit.facts.catalog import states
from graphkit.store.reading import stat_walk
from graphkit.store.reading.files import read_batches, read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import file_digest
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from graphkit.cache.index import Sealed
    from graphkit.cache.index_heads import Heads, Stamp
    from graphkit.facts.page_facts import PageFacts
    from graphkit.store.reading.files import Listing


class Reader(Record, kw_only=True):
    """What refreshing has to know of a session."""

    root: Path
    pages: Sequence[str]
    """In the order of loading."""
    read: Callable[[Sequence[tuple[str, bytes]]], list[PageFacts | None]]
    """The facts of files, given with their paths; None for a blank one."""
    marks: Callable[[bytes, PageFacts], bytes]
    """What a page has in common with itself after edits of no consequence (see `app.edits`)."""
    named: Callable[[str], tuple[str, str]] | None
    """Title and name of a page where other pages have a part in them (outside Logseq graphs)."""
    normalise: Callable[[str], str]
    locate: Callable[[str], str | None] | None
    second_file: Callable[[str, str, str], Diagnostic]
    scene: bytes
    """Digest of everything that the vault is read by, beside the stamps of its pages."""
    told: bytes
    """Digest of what was found before the pages were read."""
    is_note: Callable[[frozenset[str]], bool]
    """Whether a page of these types is none whose statements are asked for."""
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


def load_indexed(reader: Reader, listing: Listing, place: Path, fingerprint: bytes) -> Loaded:
    """The catalog of a vault, read from the index as far as that is right. Raises IndexUnusableError.

    place: the index file. fingerprint: of what it was made by.
    """
    began = time.time_ns()
    index, before = open_index(place, fingerprint)
    files = {entry[0]: entry[1:] for entry in listing.files}
    paths = [*reader.pages, *sorted(files.keys() - set(reader.pages))]
    anew = not index.valid or not before.heads.paths
    changes = _Changes(reader, before, paths, [files[path] for path in paths])
    heads = before.heads
    trouble: str | None = None
    old = began - stat_walk.YOUNG_NS
    young = frozenset(changes.unread).union(
        [path for path in reader.pages if (stamp := files[path])[1] > old or stamp[3] > old]
    )
    told = stamp_digest([reader.scene, reader.told, _said(reader, heads)])
    if (reader.scene, told, young) != (before.scene, before.pages, before.young) or anew or heads.differ:
        state = IndexState(generation=before.generation + 1, scene=reader.scene, pages=told, young=young, heads=heads)
        try:
            index.write(Refresh(state=state, facts=changes.sealed), anew=anew)
        except IndexUnusableError as error:
            trouble = None if error.quiet else str(error)
    rows: dict[str, int] = {}
    findings: list[Diagnostic] = []
    first: dict[str, str] = {}
    for row, (path, name) in enumerate(zip(reader.pages, heads.names, strict=False)):
        if name is None:
            if path in changes.unread:
                findings.append(changes.unread[path])
            continue
        winner = first.setdefault(name, path)
        if winner == path:
            rows[path] = row
        else:
            findings.append(reader.second_file(path, winner, heads.titles[row]))

    def read_again(path: str) -> PageFacts | None:
        data = read_bytes(reader.root, path)
        return None if isinstance(data, Diagnostic) else reader.read([(path, data)])[0]

    catalog = IndexCatalog(
        rows,
        first,
        heads,
        changes.facts,
        index,
        read_again=read_again,
        normalise=reader.normalise,
        locate=reader.locate,
    )
    return Loaded(
        catalog=catalog,
        index=index,
        findings=findings,
        unread=list(changes.unread.values()),
        state=told,
        marks={path: heads.marks.get(row) for row, path in enumerate(heads.paths)},
        young=young,
        trouble=trouble,
    )


def _said(reader: Reader, heads: Heads) -> bytes:
    """A digest of the essence of all pages in their order, and of the text of pages that answers are made of."""
    texts = b"".join([heads.digests.get(row) for row in heads.of_types(reader.reread)])
    return stamp_digest([bytes(heads.essences.whole), texts, "\0".join(reader.pages).encode("utf-8", "surrogatepass")])


class _Changes:
    """The pages whose stamps differ from those of the index, read; brings its heads up to date."""

    def __init__(self, reader: Reader, before: IndexState, paths: list[str], stamps: Sequence[Stamp]) -> None:
        self._reader = reader
        self._heads = heads = before.heads
        self.facts: dict[str, PageFacts] = {}
        self.sealed: dict[str, tuple[bytes, bytes]] = {}
        self.unread: dict[str, Diagnostic] = {}
        named = None if heads.paths == paths else reader.named
        rows = set(heads.bring_to(paths, stamps)).intersection(range(len(reader.pages)))
        places = {path: row for row, path in enumerate(reader.pages)}
        known = [
            heads.is_known(row) and (named is None or (heads.titles[row], heads.names[row]) == named(path))
            for row, path in enumerate(reader.pages)
        ]
        rows.update([row for row, path in enumerate(reader.pages) if not known[row] or path in before.young])
        done = 0
        for batch in read_batches(reader.root, [paths[row] for row in sorted(rows)]):
            if reader.progress is not None:
                reader.progress(done, len(rows))
            done += len(batch)
            self._take(batch, places, known)

    def _take(
        self, batch: Iterable[tuple[str, bytes | Diagnostic]], rows: Mapping[str, int], known: Sequence[bool]
    ) -> None:
        """Take in some files. known: whether the facts of a row are kept, if its digest is that of the bytes still."""
        heads, fresh = self._heads, []
        for path, data in batch:
            row = rows[path]
            if not isinstance(data, Diagnostic):
                digest = file_digest(data)
                if not known[row] or digest != heads.digests.get(row):
                    fresh.append((row, path, data, digest))
                continue
            self.unread[path] = data
            if heads.is_known(row):
                heads.put(row, None)
        read = self._reader.read([(path, data) for _, path, data, _ in fresh])
        marks = [
            b"" if facts is None else self._reader.marks(data, facts)
            for (_, _, data, _), facts in zip(fresh, read, strict=True)
        ]
        sealed = [None if facts is None else _sealed(facts) for facts in read]
        for (row, path, _, digest), facts, own_marks, seals in zip(fresh, read, marks, sealed, strict=True):
            if facts is None or seals is None:
                heads.put(row, Head(digest))
                continue
            self.facts[path] = facts
            self.sealed[path] = digest, seals.facts
            day, stating = facts.journal_day, states(facts)
            heads.put(
                row,
                Head(
                    digest=digest,
                    seal=seals.seal,
                    essence=seals.essence,
                    marks=own_marks,
                    name=facts.name,
                    title=facts.title,
                    flags=JOURNAL * (day is not None) + STATES * stating + TASKS * bool(facts.tasks),
                    aliases=facts.aliases,
                    types=tuple(sorted(facts.types)),
                    ids=tuple(facts.ids),
                    stated=seals.stated if stating or not self._reader.is_note(facts.types) else None,
                    linked=None if day is None else (day.toordinal(), tuple(sorted(facts.linked))),
                ),
            )


def _sealed(facts: PageFacts) -> Sealed:
    try:
        return seal_facts(facts)
    except ValueError as error:
        raise IndexUnusableError(f"{facts.path}: {error}") from error
