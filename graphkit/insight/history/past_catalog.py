"""The pages of a vault as they were at one commit after another: a catalog that pages enter and leave.

Of two files for one page the first in the order of loading counts, as it does in the vault itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.vault.layout import loading_order
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.facts.page_facts import BlockId, PageFacts
    from graphkit.vault.names import PageName

Key = tuple[str, str]
"""Something that a page can be found by: (`path`, …), (`name`, …) or (`id`, …)."""


class PastCatalog:
    """Pages by title, alias and block id, at one commit; `asked` collects the keys that lookups used."""

    def __init__(
        self,
        normalise: Callable[[str], str],
        locator: Callable[[Iterable[str]], Callable[[str], str | None]] | None = None,
    ) -> None:
        """An empty catalog.

        normalise: a title as written to the page's title. locator: makes of all paths what finds the file that a link
        means, where pages are named by their paths; None in a Logseq graph.
        """
        self.asked: set[Key] = set()
        self._normalise = normalise
        self._locator = locator
        self._locate: Callable[[str], str | None] | None = None
        self._files: dict[str, PageFacts] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_alias: dict[str, list[str]] = {}
        self._by_id: dict[str, list[str]] = {}

    def replace(self, path: str, facts: PageFacts | None) -> set[Key]:
        """Put, change or remove a file's page; the keys under which something may be found differently now."""
        keys: set[Key] = {("path", path)}
        old = self._files.pop(path, None)
        if old is not None:
            keys |= self._index(old, add=False)
        if facts is not None:
            self._files[path] = facts
            keys |= self._index(facts, add=True)
        if self._locator is not None and (old is None) != (facts is None):
            self._locate = None
            parts = page_name(path.rpartition(".")[0]).split("/")
            keys.update(("name", "/".join(parts[start:])) for start in range(len(parts)))
        return keys

    def _index(self, page: PageFacts, *, add: bool) -> set[Key]:
        aliases = {page_name(self._normalise(alias)) for alias in page.aliases}
        identities = tuple(page.written_ids)
        for table, names in ((self._by_name, (page.name,)), (self._by_alias, aliases), (self._by_id, identities)):
            for name in names:
                paths = table.setdefault(name, [])
                if add:
                    paths.append(page.path)
                    if len(paths) > 1:
                        paths[:] = loading_order(set(paths))
                elif page.path in paths:
                    paths.remove(page.path)
                    if not paths:
                        del table[name]
        named: set[Key] = {("name", name) for name in (page.name, *aliases)}
        return named | {("id", identity) for identity in identities}

    def has_file(self, path: str) -> bool:
        """True if there is this file, whether it counts or not."""
        return path in self._files

    def files_named(self, key: Key) -> Sequence[str]:
        """The files whose pages have the name in a key, in the order of loading."""
        return self._by_name.get(key[1], ()) if key[0] == "name" else ()

    def at_path(self, path: str) -> PageFacts | None:
        """The page of this file, where it counts."""
        page = self._files.get(path)
        return page if page is not None and self._by_name[page.name][0] == path else None

    def page(self, title: str) -> PageFacts | None:
        """The page of this title or alias."""
        written = page_name(title)
        found = self._named(written) or self._located(title) or self._aliased(written)
        if found is None:
            title = self._normalise(title)
            name = page_name(title)
            if name != written:
                found = self._named(name) or self._aliased(name) or self._located(title)
        return found

    def block(self, identity: BlockId) -> tuple[PageFacts, int] | None:
        """The page and the index of the block with this `id::`."""
        self.asked.add(("id", identity))
        for path in self._by_id.get(identity, ()):
            page = self.at_path(path)
            if page is not None and identity in page.ids:
                return page, page.ids[identity]
        return None

    def _named(self, name: PageName) -> PageFacts | None:
        self.asked.add(("name", name))
        paths = self._by_name.get(name)
        return self._files[paths[0]] if paths else None

    def _aliased(self, name: PageName) -> PageFacts | None:
        return next((page for path in self._by_alias.get(name, ()) if (page := self.at_path(path))), None)

    def _located(self, title: str) -> PageFacts | None:
        if self._locator is None:
            return None
        if self._locate is None:
            self._locate = self._locator(loading_order(self._files))
        path = self._locate(title)
        return None if path is None else self.at_path(path)
