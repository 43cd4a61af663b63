"""The questions of a catalog, answered from heads; facts are fetched from the index when a page is asked for."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from graphkit.facts.values import BlockId
from graphkit.store.index import ALIASES, DIGEST, IDS, JOURNAL, MARKS, NAME, SEAL, STATES, TITLE, TYPES, open_facts
from graphkit.vault.names import PageName, page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphkit.facts.values import PageFacts
    from graphkit.store.index import Head, Index

_FEW = 1 / 4
"""From so large a share of the pages on, reading the whole table is cheaper than asking for each (measured)."""


class IndexCatalog:
    """A catalog that answers as `MemoryCatalog` does, to the same pages in the same order."""

    def __init__(
        self,
        order: Sequence[str],
        heads: Mapping[str, Head],
        fresh: Mapping[str, PageFacts],
        index: Index,
        *,
        read_again: Callable[[str], PageFacts | None],
        normalise: Callable[[str], str] | None = None,
        locate: Callable[[str], str | None] | None = None,
    ) -> None:
        """A catalog of the pages in `order`.

        fresh: facts that were read just now, which need not be in the index. read_again: the facts of a page that the
        index has lost. normalise, locate: as for `MemoryCatalog`.
        """
        self._order = order
        self._places = frozenset(order)
        self._heads = heads
        self._facts: dict[str, PageFacts] = dict(fresh)
        self._index = index
        self._read_again = read_again
        self._normalise = normalise
        self._locate = locate
        self._by_name: dict[PageName, str] | None = None
        self._by_alias: dict[PageName, str] | None = None
        self._by_id: dict[BlockId, str] | None = None

    def pages(self) -> Iterator[PageFacts]:
        """All pages in the order of loading."""
        return self._fetch(self._order)

    def page(self, title: str) -> PageFacts | None:
        """The page of this title, else the one with this alias."""
        names, aliases = self._names(), self._aliases()
        name = page_name(title)
        path = names.get(name) or self._located(title) or aliases.get(name)
        if path is None and self._normalise is not None:
            other = self._normalise(title)
            name = page_name(other)
            path = names.get(name) or aliases.get(name) or self._located(other)
        return None if path is None else self._one(path)

    def at_path(self, path: str) -> PageFacts | None:
        """The page of this file."""
        return self._one(path) if path in self._places else None

    def block(self, identity: BlockId) -> tuple[PageFacts, int] | None:
        """The page and block index of this id."""
        if self._by_id is None:
            self._by_id = {}
            for path in self._order:
                for known in self._heads[path][IDS]:
                    self._by_id.setdefault(BlockId(known), path)
        found = self._by_id.get(identity)
        page = None if found is None else self._one(found)
        return None if page is None else (page, page.ids[identity])

    def digest_at(self, path: str) -> bytes | None:
        """The digest of the bytes that this page's facts are of; None for no page."""
        return self._heads[path][DIGEST] if path in self._places else None

    def seal_at(self, path: str) -> bytes:
        """A digest of this page's facts."""
        return self._heads[path][SEAL]

    def of_type(self, types: Iterable[str]) -> Iterator[PageFacts]:
        """Pages of one of these types."""
        wanted, heads = frozenset(types), self._heads
        return self._fetch([path for path in self._order if not wanted.isdisjoint(heads[path][TYPES])])

    def stating(self, types: Iterable[str] = ()) -> Iterator[PageFacts]:
        """Pages that state something of strategies, goals or metrics, or are of one of these types."""
        wanted, heads = frozenset(types), self._heads
        return self._fetch(
            [path for path in self._order if heads[path][MARKS] & STATES or not wanted.isdisjoint(heads[path][TYPES])]
        )

    def journals(self) -> Iterator[PageFacts]:
        """Pages of a day, in the order of loading."""
        return self._fetch(self.journal_paths())

    def journal_paths(self) -> list[str]:
        """Paths of the pages of a day, in the order of loading."""
        heads = self._heads
        return [path for path in self._order if heads[path][MARKS] & JOURNAL]

    def count(self) -> tuple[int, int]:
        """Pages, and journals among them."""
        heads = self._heads
        return len(self._order), sum(heads[path][MARKS] & JOURNAL for path in self._order)

    def titles(self) -> Iterator[str]:
        """Titles, then aliases."""
        for path in self._order:
            yield self._heads[path][TITLE]
            yield from self._heads[path][ALIASES]

    def _names(self) -> dict[PageName, str]:
        if self._by_name is None:
            self._by_name = {}
            for path in self._order:
                self._by_name.setdefault(PageName(self._heads[path][NAME] or ""), path)
        return self._by_name

    def _aliases(self) -> dict[PageName, str]:
        if self._by_alias is None:
            self._by_alias = {}
            for path in self._order:
                for alias in self._heads[path][ALIASES]:
                    title = alias if self._normalise is None else self._normalise(alias)
                    self._by_alias.setdefault(page_name(title), path)
        return self._by_alias

    def _located(self, title: str) -> str | None:
        path = None if self._locate is None else self._locate(title)
        return path if path is not None and path in self._places else None

    def _fetch(self, paths: Sequence[str]) -> Iterator[PageFacts]:
        missing = [path for path in paths if path not in self._facts]
        if len(missing) > _FEW * len(self._order):
            self._fetch_all(frozenset(missing))
        for path in paths:
            facts = self._one(path)
            if facts is not None:
                yield facts

    def _fetch_all(self, wanted: frozenset[str]) -> None:
        was_enabled = gc.isenabled()
        gc.disable()  # many small values, none of them garbage
        try:
            for path, sealed in self._index.all_facts():
                if path in wanted:
                    facts = open_facts(sealed, self._heads[path][SEAL])
                    if facts is not None:
                        self._facts[path] = facts
        finally:
            if was_enabled:
                gc.enable()

    def _one(self, path: str) -> PageFacts | None:
        facts = self._facts.get(path)
        if facts is None:
            facts = self._index.facts(path, self._heads[path][SEAL]) or self._read_again(path)
            if facts is not None:
                self._facts[path] = facts
        return facts
