"""All pages' facts together, and the questions asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from graphkit.facts.page_facts import BlockId, PageFacts
    from graphkit.vault.names import PageName


class Catalog(Protocol):
    """Read-only questions about the facts of one vault; every page has a file."""

    def pages(self) -> Iterator[PageFacts]:
        """All pages in the order of loading."""

    def page(self, title: str) -> PageFacts | None:
        """The page of this title or alias; journals under any spelling that Logseq accepts."""

    def at_path(self, path: str) -> PageFacts | None:
        """The page of this file, relative to the vault."""

    def block(self, identity: BlockId) -> tuple[PageFacts, int] | None:
        """The page and the index of the block with this `id::`."""

    def of_type(self, types: Iterable[str]) -> Iterator[PageFacts]:
        """Pages whose type, or page tag, is one of these (lower case), in the order of loading."""

    def stating(self, types: Iterable[str] = ()) -> Iterator[PageFacts]:
        """Pages that hold strategies, goals, or what may be an observation, and those of these types.

        In the order of loading.
        """

    def working(self) -> Iterator[PageFacts]:
        """Pages that hold tasks, in the order of loading."""

    def journal_links(self) -> Iterator[tuple[date, Iterable[str]]]:
        """Day and links of every journal, in the order of loading."""

    def count(self) -> tuple[int, int]:
        """How many pages there are, and how many of them are journals."""

    def titles(self) -> Iterator[str]:
        """Titles and aliases of all pages, for suggestions."""


def states(page: PageFacts) -> bool:
    """True if a page holds strategies, goals, or what may be an observation: what metrics and goals are made of."""
    return bool(page.sightings or page.strategies or page.goals)


class MemoryCatalog:
    """A catalog in dictionaries. Pages must be put in the order of loading: the first of a name, id or alias wins."""

    def __init__(
        self, normalise: Callable[[str], str] | None = None, locate: Callable[[str], str | None] | None = None
    ) -> None:
        """An empty catalog.

        normalise: a title as written to the page's title (journal dates in one spelling). locate: the file that a
        link means, where pages are named by their paths (outside Logseq graphs).
        """
        self._normalise = normalise
        self._locate = locate
        self._by_path: dict[str, PageFacts] = {}
        self._by_name: dict[PageName, PageFacts] = {}
        self._by_alias: dict[PageName, PageFacts] = {}
        self._by_id: dict[BlockId, list[PageFacts]] = {}

    @classmethod
    def of(cls, pages: Iterable[PageFacts], normalise: Callable[[str], str] | None = None) -> MemoryCatalog:
        """A catalog holding these pages."""
        catalog = cls(normalise)
        catalog.put_all(tuple(pages))
        return catalog

    def put(self, page: PageFacts) -> None:
        """Add a page that is not there yet."""
        self.put_all((page,))

    def put_all(self, pages: Sequence[PageFacts]) -> None:
        """Add pages that are not there yet, in the order of loading."""
        self._by_path.update([(page.path, page) for page in pages])
        if self._by_name:
            for page in pages:
                self._by_name.setdefault(page.name, page)
        else:  # in a third of the time, which a vault of ten thousand pages notices
            self._by_name = {page.name: page for page in reversed(pages)}
        for page in pages:
            for alias in page.aliases:
                self._by_alias.setdefault(self._name(alias), page)
            if page.possible_ids or not page.pending:
                for identity in page.written_ids:
                    self._by_id.setdefault(identity, []).append(page)

    def _name(self, title: str) -> PageName:
        return page_name(title if self._normalise is None else self._normalise(title))

    def pages(self) -> Iterator[PageFacts]:
        """All pages in the order in which they were put."""
        return iter(self._by_path.values())

    def page(self, title: str) -> PageFacts | None:
        """The page of this title, else the one with this alias."""
        name = page_name(title)
        found = self._by_name.get(name) or self._located(title) or self._by_alias.get(name)
        if found is None and self._normalise is not None:
            kept = self._normalise(title)
            if kept != title:
                name = page_name(kept)
                found = self._by_name.get(name) or self._by_alias.get(name) or self._located(kept)
        return found

    def _located(self, title: str) -> PageFacts | None:
        path = None if self._locate is None else self._locate(title)
        return None if path is None else self._by_path.get(path)

    def at_path(self, path: str) -> PageFacts | None:
        """The page of this file."""
        return self._by_path.get(path)

    def block(self, identity: BlockId) -> tuple[PageFacts, int] | None:
        """The page and block index of this id."""
        for page in self._by_id.get(identity, ()):
            if identity in page.ids:
                return page, page.ids[identity]
        return None

    def of_type(self, types: Iterable[str]) -> Iterator[PageFacts]:
        """Pages of one of these types."""
        wanted = frozenset(types)
        return (page for page in self._by_path.values() if not wanted.isdisjoint(page.types))

    def stating(self, types: Iterable[str] = ()) -> Iterator[PageFacts]:
        """Pages that state something of strategies, goals or metrics, or are of one of these types."""
        wanted = frozenset(types)
        return (page for page in self._by_path.values() if states(page) or not wanted.isdisjoint(page.types))

    def working(self) -> Iterator[PageFacts]:
        """Pages that hold tasks."""
        return (page for page in self._by_path.values() if page.tasks)

    def journal_links(self) -> Iterator[tuple[date, Iterable[str]]]:
        """Day and links of every journal."""
        return ((day, page.linked) for page in self._by_path.values() if (day := page.journal_day) is not None)

    def count(self) -> tuple[int, int]:
        """Pages, and journals among them."""
        return len(self._by_path), sum(page.journal_day is not None for page in self._by_path.values())

    def titles(self) -> Iterator[str]:
        """Titles, then aliases."""
        for page in self._by_path.values():
            yield page.title
            yield from page.aliases
