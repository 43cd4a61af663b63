"""Load a vault, and bring it up to date by reading only the files that have changed.

After every refresh the vault equals a freshly loaded one: the order of pages, which of two files holds a page, names
that depend on other files, configuration. With a cache a vault is loaded in the same way, from the files as the cache
knows them; tests compare all of these after any history of changes.
"""

from __future__ import annotations

import gc
import os
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphkit.app.conventions import Conventions, read_conventions, read_inputs
from graphkit.app.opening import today
from graphkit.app.page_reader import identity_of, read_heads, read_page, read_pages, second_file
from graphkit.app.vault import LoadOptions, LoadReport, Snapshot, Vault
from graphkit.cache.inputs import BASELINE_PLACE, OBSIDIAN_PLACES
from graphkit.cache.page_file import PageFile, pages_from
from graphkit.facts.catalog import MemoryCatalog
from graphkit.insight.work.activity import Traces
from graphkit.store.reading.assets import Assets
from graphkit.store.reading.files import read_batches, read_bytes, walk
from graphkit.store.reading.stat_walk import is_young
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.digests import file_digest
from graphkit.text.records import field_names, replace
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, Dialect, arrange, page_like
from graphkit.vault.paths import PagePaths

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.opening import IndexPlace
    from graphkit.cache.facts_cache import FactsCache
    from graphkit.cache.page_file import Stamp
    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts
    from graphkit.store.reading.files import Listing
    from graphkit.store.reading.stat_walk import Folder
    from graphkit.vault.layout import Layout

    Progress = Callable[[int, int], None]


def load(
    root: Path,
    *,
    as_of: dt.date | None = None,
    environment: Mapping[str, str] | None = None,
    dialect: Dialect | None = None,
    progress: Progress | None = None,
    index: IndexPlace | None = None,
    seen: Iterable[Folder] = (),
    whole: bool = False,
    once: bool = False,
) -> Vault:
    """Read a whole vault.

    as_of: the day to use as today. dialect: overrides the detected one. progress: called with
    the number of pages read and of all pages. index: the cache's file, so that only changed pages are read; the vault
    is the same without it. seen: folders that were listed just now. whole: the inside of every page will be needed,
    so reading it with the rest is faster. once: the process ends with this vault: it will not be refreshed, and
    garbage collection can ignore everything that exists now.
    Raises RequestError if the folder does not exist or its `graphkit.toml` is broken.
    """
    options = LoadOptions(as_of=as_of, environment=environment or {}, dialect=dialect)
    with _no_collection():
        listing = walk(root, seen)
        opening = _Opening(root, listing, options)
        cache, trouble = opening.open_cache(index)
        conventions, snapshot = opening.arranged(cache)
        if cache is not None and index is not None and len(snapshot.pages) < index.least:
            cache.close()
            cache = None
        reader = _Reader(conventions, whole=whole, digests=cache is not None or not once)
        files = reader.read_all(snapshot, cache, progress)
        vault = _assembled(conventions, replace(snapshot, files=files), cache, as_of or today(), trouble=trouble)
        if once:
            gc.freeze()
    return vault


def refresh(vault: Vault, paths: Iterable[str] | None = None, progress: Progress | None = None) -> Vault:
    """The vault as it is now. paths: files that have changed; None: check every file.

    Files that could not be read are read again too, as permissions change without an event. If a file came, went or is
    not a page, every file is checked, as it is for configuration and settings. Raises VaultError if the vault is
    gone, and RequestError as `load` does.
    """
    return _refreshed(vault, progress) if paths is None else _refresh_some(vault, paths)


def on_day(vault: Vault, day: dt.date) -> Vault:
    """The vault on another day."""
    return replace(vault, today=day, traces=_traces(vault, vault.catalog, day))


def with_bytes(vault: Vault, path: str, data: bytes) -> Vault | None:
    """The vault with a page made of these bytes instead of its file's; None if they hold no page."""
    facts = read_page(path, data, vault)
    if facts is None:
        return None
    pages = [facts if page.path == path else page for page in vault.catalog.pages()]
    catalog = MemoryCatalog.of(pages, vault.journals.normalise)
    return replace(
        vault,
        catalog=catalog,
        traces=_traces(vault, catalog, vault.today),
        overrides={**vault.overrides, path: data},
    )


def _refreshed(vault: Vault, progress: Progress | None) -> Vault:
    old = vault.snapshot
    with _no_collection():
        listing = walk(vault.root)
        conventions, snapshot = _Opening(vault.root, listing, old.options).arranged()
        same = (old.inputs, vault.dialect) == (snapshot.inputs, conventions.dialect)
        files = _Reader(conventions).read_all(snapshot, _Known(old.files if same else {}), progress)
    changed = {path for path, file in files.items() if path not in old.files or old.files[path].digest != file.digest}
    changed.update(old.files.keys() - files.keys())
    if not same:
        changed.add(CONFIG_PATH)
    return _assembled(conventions, replace(snapshot, files=files), vault.cache, old.options.as_of or today(), changed)


def _refresh_some(vault: Vault, paths: Iterable[str]) -> Vault:
    old, root = vault.snapshot, vault.root
    listed = {entry.path for entry in old.listing.files}
    fresh: dict[str, PageFile] = {}
    changed: set[str] = set()
    unread = (finding.path for finding in vault.loaded.unread if finding.path in old.files)
    for path in dict.fromkeys((*paths, *unread)):
        known = old.files.get(path)
        state = _state(root, path)
        if path in {"", CONFIG_PATH, SETTINGS_PATH, *OBSIDIAN_PLACES, BASELINE_PLACE}:
            return _refreshed(vault, None)
        if known is None:
            if (path in listed) == (state is not None) and path not in old.listing.others:
                continue  # ignored (hidden, a conflict copy) and still there; or came and went
            if page_like(path):
                found = _refreshed(vault, None)
                return replace(found, loaded=replace(found.loaded, changed=found.loaded.changed | changed))
            changed.add(path)
            continue
        if state is None or not stat.S_ISREG(state.st_mode):
            return _refreshed(vault, None)
        stamp = (state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns)
        fresh[path] = file = _Reader(vault).read_one(path, stamp, known)
        if file.digest != known.digest or file.unread != known.unread:
            changed.add(path)
    if not fresh and not changed:
        return replace(vault, loaded=replace(vault.loaded, changed=frozenset()))
    snapshot = replace(old, files={**old.files, **fresh})
    if not changed:
        return replace(vault, snapshot=snapshot, loaded=replace(vault.loaded, changed=frozenset()))
    return _assembled(vault, snapshot, vault.cache, vault.today, changed)


class _Known:
    """The files of an earlier vault, with the interface of a cache."""

    def __init__(self, files: Mapping[str, PageFile]) -> None:
        self._files = files

    def find(self, path: str, stamp: Stamp) -> PageFile | None:
        """The file, if its stamp is the same."""
        file = self._files.get(path)
        return file if file is not None and file.stamp == stamp and file.unread is None else None

    def find_bytes(self, path: str, digest: bytes, stamp: Stamp | None) -> PageFile | None:
        """The file, if its bytes are the same."""
        file = self._files.get(path)
        if file is None or file.digest != digest:
            return None
        return PageFile(path, stamp, digest, file.facts)


class _Reader:
    """Reads files whose facts are not known, by the conventions of a vault."""

    def __init__(self, conventions: Conventions, *, whole: bool = True, digests: bool = True) -> None:
        """Whole: with the inside of pages. digests: with the digests of bytes, for `refresh` and the cache."""
        self._conventions = conventions
        self._whole = whole
        self._read = read_pages if whole else read_heads
        self._digests = digests

    def read_all(
        self, snapshot: Snapshot, known: FactsCache | _Known | None, progress: Progress | None
    ) -> dict[str, PageFile]:
        """The files of all pages, in the order of loading."""
        began = time.time_ns()
        stamps: dict[str, Stamp] = {entry[0]: entry[1:] for entry in snapshot.listing.files}
        files: dict[str, PageFile] = {}
        missing = snapshot.pages
        if known is not None:
            find = known.find
            found = [find(path, stamps[path]) for path in snapshot.pages]
            files = {file.path: file for file in found if file is not None and self._is_usable(file)}
            pages_from["cache"] += len(files)
            missing = tuple(path for path in snapshot.pages if path not in files)
        done = 0
        for batch in read_batches(self._conventions.root, missing):
            if progress is not None:
                progress(done, len(missing))
            done += len(batch)
            files.update(self._read_batch(batch, stamps, known, began))
        return {path: files[path] for path in snapshot.pages} if known is not None else files

    def read_one(self, path: str, stamp: Stamp, known: PageFile) -> PageFile:
        """One file; known facts are used again if its bytes are the same."""
        batch = [(path, read_bytes(self._conventions.root, path))]
        return self._read_batch(batch, {path: stamp}, _Known({path: known}), time.time_ns())[path]

    def _read_batch(
        self,
        batch: Sequence[tuple[str, bytes | Diagnostic]],
        stamps: Mapping[str, Stamp],
        known: FactsCache | _Known | None,
        began: int,
    ) -> dict[str, PageFile]:
        files: dict[str, PageFile] = {}
        fresh: list[tuple[str, bytes]] = []
        digest = b""
        for path, data in batch:
            if isinstance(data, Diagnostic):
                files[path] = PageFile(path, None, b"", unread=data)
                continue
            stamp = None if is_young(stamps[path], began) else stamps[path]
            if self._digests:
                digest = file_digest(data)
                same = None if known is None else known.find_bytes(path, digest, stamp)
                if same is not None and self._is_usable(same):
                    pages_from["cache"] += 1
                    files[path] = same
                    continue
            files[path] = PageFile(path, stamp, digest)
            fresh.append((path, data))
        pages_from["files"] += len(fresh)
        for (path, _), facts in zip(fresh, self._read(fresh, self._conventions), strict=True):
            files[path].facts = facts
        return files

    def _is_usable(self, file: PageFile) -> bool:
        """True if everything needed is known, and the page still has its name.

        Outside of Logseq graphs the name depends on other pages.
        """
        facts, paths = file.facts, self._conventions.paths
        if facts is None or (paths is None and not self._whole):
            return True
        if self._whole and facts.pending and not file.inside_kept:
            return False
        return paths is None or (facts.title, facts.name) == identity_of(facts.path, self._conventions, paths)[:2]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Loading makes half a million small values, none of them garbage: collecting meanwhile would double the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Opening:
    """The vault's conventions and files, before its pages are read. Raises RequestError as `load` does."""

    def __init__(self, root: Path, listing: Listing, options: LoadOptions) -> None:
        self._listing = listing
        self._options = options
        self._inputs = read_inputs(root, listing.top, options.environment)
        self._conventions, self._wrong = read_conventions(
            root, listing.top, self._inputs, options.environment, options.dialect
        )

    def open_cache(self, index: IndexPlace | None) -> tuple[FactsCache | None, str | None]:
        """The cache of facts, if requested, or why it cannot be used if that is worth reporting."""
        checksum = self._inputs.checksum(self._conventions.root)
        if index is None or checksum is None or len(self._listing.files) < index.least:
            return None, None
        from graphkit.cache.database import CacheUnusableError  # noqa: PLC0415 - brings sqlite3
        from graphkit.cache.facts_cache import open_cache  # noqa: PLC0415

        fingerprint = file_digest(checksum + self._conventions.dialect.encode())
        try:
            return open_cache(index.path, fingerprint, self._read_page), None
        except CacheUnusableError as error:
            return None, None if error.quiet else str(error)

    def _read_page(self, path: str) -> PageFacts | None:
        data = read_bytes(self._conventions.root, path)
        return None if isinstance(data, Diagnostic) else read_page(path, data, self._conventions)

    def arranged(self, cache: FactsCache | None = None) -> tuple[Conventions, Snapshot]:
        """The conventions with all names, and the vault's files, none of them read."""
        listing, conventions = self._listing, self._conventions
        layout, others = self._layouts() if cache is None else cache.layouts(listing, self._layouts)
        if conventions.dialect is not Dialect.LOGSEQ:
            conventions = self._conventions = replace(conventions, paths=PagePaths(layout.pages, conventions.dialect))
        unread = self._wrong if isinstance(self._inputs.config, Diagnostic) else ()
        before = LoadReport(
            findings=(*self._wrong, *listing.diagnostics, *layout.diagnostics, *others.diagnostics),
            unread=tuple(finding for finding in (*unread, *listing.diagnostics) if finding.severity is Severity.ERROR),
            not_read=(*layout.not_read, *others.not_read),
            org_pages=layout.org_pages,
        )
        return conventions, Snapshot(
            listing=listing, inputs=self._inputs, pages=layout.pages, files={}, before=before, options=self._options
        )

    def _layouts(self) -> tuple[Layout, Layout]:
        conventions, listing = self._conventions, self._listing
        ignored = conventions.ignored
        paths = [entry.path for entry in listing.files]
        return arrange(paths, conventions.dialect, ignored), arrange(listing.others, conventions.dialect, ignored)


def _assembled(
    conventions: Conventions,
    snapshot: Snapshot,
    cache: FactsCache | None,
    day: dt.date,
    changed: Iterable[str] = (),
    trouble: str | None = None,
) -> Vault:
    """The vault assembled in the order of loading: of two files for one page the first one counts."""
    locate = None if conventions.paths is None else conventions.paths.find
    catalog = MemoryCatalog(conventions.journals.normalise, locate)
    findings, unread = list(snapshot.before.findings), list(snapshot.before.unread)
    pages = [file.facts for file in snapshot.files.values() if file.facts is not None]
    if len({page.name for page in pages}) < len(pages) or any(file.unread for file in snapshot.files.values()):
        pages = _sorted_out(snapshot.files, findings, unread)
    catalog.put_all(pages)
    return Vault(
        **{name: getattr(conventions, name) for name in field_names(Conventions)},
        today=day,
        catalog=catalog,
        loaded=replace(
            snapshot.before,
            findings=tuple(findings),
            unread=tuple(unread),
            changed=frozenset(changed),
            cache_trouble=trouble,
        ),
        traces=_traces(conventions, catalog, day),
        assets=Assets(conventions.root),
        snapshot=snapshot,
        cache=cache,
    )


def _sorted_out(files: Mapping[str, PageFile], findings: list[Diagnostic], unread: list[Diagnostic]) -> list[PageFacts]:
    """The pages that count, and findings about the others."""
    first: dict[str, PageFacts] = {}
    for path, file in files.items():
        if file.unread is not None:
            findings.append(file.unread)
            unread.append(file.unread)
        elif file.facts is not None:
            winner = first.setdefault(file.facts.name, file.facts)
            if winner is not file.facts:
                findings.append(second_file(path, winner.path, file.facts.title))
    return list(first.values())


def _traces(conventions: Conventions, catalog: Catalog, day: dt.date) -> Traces:
    return Traces(
        today=day,
        stale=conventions.settings.stale,
        parse_journal=conventions.journals.parse,
        journals=catalog.journal_links,
    )


def _state(root: Path, path: str) -> os.stat_result | None:
    try:
        return os.lstat(f"{root}/{path}")
    except (OSError, ValueError):
        return None
