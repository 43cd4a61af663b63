"""What experiments said when they were read last, kept for the next time. Knows no rule and no name.

A page's text is read again where its bytes, the names that are looked for, the configuration or the program differ; its
findings also where one of the pages and blocks that the rules asked for is another one now, or says something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphkit.cache.packing import pack, unpack
from graphkit.facts.page_facts import BlockId
from graphkit.insight.metrics.metric_links import NameLink, NameMention
from graphkit.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.cache.index import Index
    from graphkit.cache.index_catalog import IndexCatalog
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.time_states import Targets

PART: Final = "texts"
"""Name under which they lie in the index."""

Asked = tuple[str, str]
"""A question to the catalog: `page` or `block`, and the title or id."""

Named = tuple[tuple[NameLink, ...], tuple[NameMention, ...]]
"""The known names that a text links, and those that it mentions."""

Told = tuple[str, int, bytes]
"""What it said: the page's path, the block, and the seal of the page's facts; empty for nothing."""


class KeptTexts:
    """Links, mentions and findings of pages, by path."""

    def __init__(self, index: Index, catalog: IndexCatalog, circumstances: bytes) -> None:
        """Circumstances: a digest of configuration and program, on which everything depends."""
        self._index = index
        self._catalog = catalog
        self._circumstances = circumstances
        kept = index.part(PART)
        same = isinstance(kept, tuple) and kept[0] == circumstances
        self._named: dict[str, tuple[bytes, bytes, tuple[Any, ...], tuple[Any, ...]]] = kept[1] if same else {}
        self._found: dict[str, tuple[bytes, tuple[tuple[Asked, Told | None], ...], tuple[Any, ...]]] = (
            kept[2] if same else {}
        )
        self._changed = False

    def named(self, path: str, names: bytes) -> Named | None:
        """The known names that a page's text links and mentions; None where it has to be read.

        names: a digest of all names that are looked for, and of what they stand for.
        """
        kept = self._named.get(path)
        if kept is None or kept[:2] != (self._catalog.digest_at(path), names):
            return None
        return unpack(kept[2], NameLink), unpack(kept[3], NameMention)

    def keep_named(self, path: str, digest: bytes, names: bytes, named: Named) -> None:
        """Keep what a text links and mentions. digest: of the bytes that were read."""
        links, mentions = named
        self._named[path] = (digest, names, pack(links), pack(mentions))
        self._changed = True

    def findings(self, path: str) -> tuple[Diagnostic, ...] | None:
        """What is wrong in a page's text; None where it has to be read."""
        kept = self._found.get(path)
        if kept is None or kept[0] != self._catalog.digest_at(path):
            return None
        if any(self.told(question) != answer for question, answer in kept[1]):
            return None
        return unpack(kept[2], Diagnostic)

    def keep_findings(self, path: str, digest: bytes, asked: Iterable[Asked], found: Iterable[Diagnostic]) -> None:
        """Keep what is wrong in a text. asked: everything that the catalog was asked for."""
        answers = tuple((question, self.told(question)) for question in asked)
        self._found[path] = (digest, answers, pack(found))
        self._changed = True

    def told(self, question: Asked) -> Told | None:
        """What the catalog says now."""
        kind, name = question
        if kind == "page":
            page = self._catalog.page(name)
            return None if page is None else (page.path, 0, self._catalog.seal_at(page.path))
        found = self._catalog.block(BlockId(name))
        return None if found is None else (found[0].path, found[1], self._catalog.seal_at(found[0].path))

    def save(self) -> None:
        """Keep all of it for the next command, if there is anything new."""
        if self._changed:
            at = self._catalog.digest_at
            named = {path: kept for path, kept in self._named.items() if at(path) is not None}
            found = {path: kept for path, kept in self._found.items() if at(path) is not None}
            self._index.keep(PART, (self._circumstances, named, found))
            self._changed = False


class AskedTargets:
    """The catalog for rules, which remembers what it was asked for."""

    def __init__(self, catalog: Targets) -> None:
        self._catalog = catalog
        self.asked: dict[Asked, None] = {}

    def page(self, title: str, /) -> PageFacts | None:
        """The page of this title or alias."""
        self.asked["page", title] = None
        return self._catalog.page(title)

    def block(self, identity: BlockId, /) -> tuple[PageFacts, int] | None:
        """The page and block index of this id."""
        self.asked["block", identity] = None
        return self._catalog.block(identity)
