"""The one way to load a vault, and the one way to bring it up to date: only files that have changed are read.

After every refresh the vault is what loading it anew gives: the order of pages, which of two files holds a page, names
that depend on other files, configuration. With a cache a vault is loaded in the same way, from the files as the cache
knows them; tests hold all of these side by side after any history of changes.
"""

from __future__ import annotations

import gc
import os
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphkit.app.conventions import read_conventions, read_inputs
from graphkit.app.opening import today
from graphkit.app.page_reader import identity_of, read_heads, read_page, read_pages, second_file
from graphkit.app.vault import LoadReport, Snapshot, Vault
from graphkit.cache.page_file import PageFile, pages_from
from graphkit.facts.catalog import MemoryCatalog
from graphkit.insight.work.activity import Traces
from graphkit.store.reading.assets import Assets
from graphkit.store.reading.files import read_batches, read_bytes, walk
from graphkit.store.reading.stat_walk import is_young
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.digests import file_digest
from graphkit.text.records import field_names, replace
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, page_like

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.conventions import Conventions
    from graphkit.app.opening import IndexPlace
    from graphkit.cache.facts_cache import FactsCache
    from graphkit.cache.page_file import Stamp
    from graphkit.facts.page_facts import PageFacts
    from graphkit.store.reading.files import Listing
    from graphkit.store.reading.stat_walk import Folder
    from graphkit.vault.layout import Dialect

    Progress = Callable[[int, int], None]
    Find = Callable[[str, Stamp], PageFile | None]


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

    as_of: what to take for today. dialect: read as this one, whatever the folder looks like. progress: called with
    the number of pages read and of all pages. index: the cache's file, so that only changed pages are read; the vault
    is the same without it. seen: folders that were listed just now. whole: the inside of every page will be asked for,
    so that reading it with the rest is quicker. once: the process ends with this vault: it will not be refreshed, and
    no garbage collection has to look at anything again that is there now.
    Raises RequestError for a folder that is none and for a broken `graphkit.toml`.
    """
    with _no_collection():
        listing = walk(root, seen)
        conventions, snapshot = _frame(root, listing, as_of, environment or {}, dialect)
        cache: FactsCache | None = None
        trouble: str | None = None
        if index is not None and len(snapshot.pages) >= index.least:
            cache, trouble = _open_cache(index.path, snapshot.inputs, conventions)
        reader = _Reader(conventions, whole=whole, digests=cache is not None or not once, cache=cache)
        files = reader.read_all(snapshot, {} if cache is None else cache, progress)
        vault = _assembled(conventions, replace(snapshot, files=files), cache, as_of or today())
        if trouble is not None:
            vault = replace(vault, loaded=replace(vault.loaded, cache_trouble=trouble))
        if once:
            gc.freeze()
    return vault
