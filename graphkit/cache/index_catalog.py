"""The questions of a catalog, answered from heads; facts are fetched from the index when a page is asked for."""

from __future__ import annotations

import gc
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from graphkit.cache.index import open_facts
from graphkit.cache.index_heads import JOURNAL, STATES, TASKS
from graphkit.cache.packing import partly_known
from graphkit.facts.page_facts import BlockId
from graphkit.vault.names import PageName, page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphkit.cache.index import Index
    from graphkit.cache.index_heads import Heads
    from graphkit.facts.page_facts import PageFacts

_UNSAID: Final[Mapping[str, object]] = {"goals": (), "strategies": (), "sightings": ()}
"""Of pages without the flag `STATES`."""

_FEW = 1 / 4
"""From so large a share of the pages on, reading the whole table is cheaper than asking for each (measured)."""


class IndexCatalog:
    """A catalog that answers as `MemoryCatalog` does, to the same pages in the same order."""

    def __init__(
        self,
        rows: Mapping[str, int],
        names: Mapping[str, str],
        heads: Heads,
        fresh: Mapping[str, PageFacts],
        index: Index,
        *,
        read_again: Callable[[str], PageFacts | None],
        normalise: Callable[[str], str] | None = None,
        locate: Callable[[str], str | None] | None = None,
    ) -> None:
        """A catalog of the pages in these rows of the heads, by path, in the order of loading.

        names: their paths by name. fresh: facts that were read just now, which need not be in the index. read_again:
        the facts of a page that the index has lost. normalise, locate: as for `MemoryCatalog`.
        """
        self._rows = rows
        self._names = names
        self._heads = heads
        self._facts: dict[str, PageFacts] = dict(fresh)
        self._fresh = fresh.keys()
        self.touched: set[str] | None = set()
        """Pages of which more may have been seen than heads, statements and links of journals tell, by path; None: all.

        That a page has no tasks is more than these tell, too.
        """
        self._index = index
        self._read_again = read_again
        self._normalise = normalise
        self._locate = locate
        self._by_alias: dict[PageName, str] | None = None
        self._by_id: dict[BlockId, str] | None = None

    def pages(self) -> Iterator[PageFacts]:
        """All pages in the order of loading."""
        self.touched = None
        return self._fetch(list(self._rows))

    def page(self, title: str) -> PageFacts | None:
        """The page of this title, else the one with this alias."""
        names, aliases = self._names, self._aliases()
        name = page_name(title)
        path = names.get(name) or self._located(title) or aliases.get(name)
        if path is None and self._normalise is not None:
            other = self._normalise(title)
            name = page_name(other)
            path = names.get(name) or aliases.get(name) or self._located(other)
        return None if path is None else self._one(path)

    def at_path(self, path: str) -> PageFacts | None:
        """The page of this file."""
        return self._one(path) if path in self._rows else None

    def block(self, identity: BlockId) -> tuple[PageFacts, int] | None:
        """The page and block index of this id."""
        if self._by_id is None:
            self._by_id = {}
            for path, identities in self._of_those(self._heads.ids):
                for known in identities:
                    self._by_id.setdefault(BlockId(known), path)
        found = self._by_id.get(identity)
        if found is None:
            return None
        page = self._one(found)
        return page, page.ids[identity]

    def digest_at(self, path: str) -> bytes | None:
        """The digest of the bytes that this page's facts are of; None for no page."""
        row = self._rows.get(path)
        return None if row is None else self._heads.digests.get(row)

    def seal_at(self, path: str) -> bytes:
        """A digest of this page's facts."""
        self._touch(path)
        return self._heads.seals.get(self._rows[path])

    def of_type(self, types: Iterable[str]) -> Iterator[PageFacts]:
        """Pages of one of these types."""
        return map(self._one, self._of_rows(self._heads.of_types(types)))

    def stating(self, types: Iterable[str] = ()) -> Iterator[PageFacts]:
        """Pages that state something of strategies, goals or metrics, or are of one of these types."""
        wanted, flags = frozenset(self._heads.of_types(types)), self._heads.flags
        return (self._one(path) for path, row in self._rows.items() if flags[row] & STATES or row in wanted)

    def working(self) -> Iterator[PageFacts]:
        """Pages that hold tasks."""
        self.touched = None
        flags = self._heads.flags
        return self._fetch([path for path, row in self._rows.items() if flags[row] & TASKS])

    def journal_links(self) -> Iterator[tuple[date, Iterable[str]]]:
        """Day and links of every journal, in the order of loading."""
        linked = self._heads.linked
        for path, row in self._journals():
            kept = linked.get(row)
            if kept is not None:
                yield date.fromordinal(kept[0]), kept[1]
                continue
            page = self._one(path)
            if page.journal_day is not None:
                yield page.journal_day, page.linked

    def _journals(self) -> list[tuple[str, int]]:
        flags = self._heads.flags
        return [entry for entry in self._rows.items() if flags[entry[1]] & JOURNAL]

    def count(self) -> tuple[int, int]:
        """Pages, and journals among them."""
        return len(self._rows), len(self._journals())

    def titles(self) -> Iterator[str]:
        """Titles, then aliases."""
        titles, aliases = self._heads.titles, self._heads.aliases
        for row in self._rows.values():
            yield titles[row]
            yield from aliases.get(row, ())

    def _of_rows(self, rows: Iterable[int]) -> list[str]:
        """The paths of those of these rows that are pages."""
        paths = self._heads.paths
        return [path for row in rows if (path := paths[row]) in self._rows]

    def _of_those(self, column: Mapping[int, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Paths and values of the pages that have any, in the order of loading."""
        return ((path, column[self._rows[path]]) for path in self._of_rows(sorted(column)))

    def _aliases(self) -> dict[PageName, str]:
        if self._by_alias is None:
            self._by_alias = {}
            for path, aliases in self._of_those(self._heads.aliases):
                for alias in aliases:
                    title = alias if self._normalise is None else self._normalise(alias)
                    self._by_alias.setdefault(page_name(title), path)
        return self._by_alias

    def _located(self, title: str) -> str | None:
        path = None if self._locate is None else self._locate(title)
        return path if path is not None and path in self._rows else None

    def _fetch(self, paths: Sequence[str]) -> Iterator[PageFacts]:
        """Pages whose facts will be asked for."""
        missing = [path for path in paths if path not in self._facts]
        if len(missing) > _FEW * len(self._rows):
            self._fetch_all(frozenset(missing))
        return map(self._one, paths)

    def _fetch_all(self, wanted: frozenset[str]) -> None:
        was_enabled = gc.isenabled()
        gc.disable()  # many small values, none of them garbage
        try:
            for path, sealed in self._index.all_facts():
                if path in wanted:
                    facts = open_facts(sealed, self.seal_at(path))
                    if facts is not None:
                        self._facts[path] = facts
        finally:
            if was_enabled:
                gc.enable()

    def _one(self, path: str) -> PageFacts:
        if path in self._fresh:
            self._touch(path)
        facts = self._facts.get(path)
        if facts is None:
            facts = self._facts[path] = self._partly(path)
        return facts

    def _partly(self, path: str) -> PageFacts:
        """A page as far as its head tells."""
        heads, row = self._heads, self._rows[path]
        known: dict[str, object] = {
            "path": path,
            "title": heads.titles[row],
            "name": heads.names[row],
            "aliases": heads.aliases.get(row, ()),
            "types": frozenset(heads.types.get(row, ())),
        }
        if not heads.flags[row] & STATES:
            known.update(_UNSAID)
        if not heads.flags[row] & TASKS:
            known["tasks"] = ()
            self._touch(path)
        return partly_known(known, heads.stated.get(row), partial(self._whole, path))

    def _touch(self, path: str) -> None:
        if self.touched is not None:
            self.touched.add(path)

    def _whole(self, path: str) -> PageFacts | None:
        return self._index.facts(path, self.seal_at(path)) or self._read_again(path)
