"""Pages with `report:: private`: a vault without them, so that nothing that hangs on them is computed or shown.

spec: domain §1
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar, cast

from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.property_values import read_word
from graphkit.insight.work.activity import Traces
from graphkit.text.records import Record, field_names, replace
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts

Value = TypeVar("Value")
_KEY: Final = "report"
_PRIVATE: Final = "private"


class PublicVault(Record, frozen=True, kw_only=True):
    """A vault without its private pages."""

    vault: Vault
    hidden: frozenset[str]
    """Names and aliases of the private pages."""
    paths: frozenset[str]
    """Their files."""

    pattern: re.Pattern[str] | None = None
    """Finds the names of private pages in a text; None without any."""

    def hides(self, title: str) -> bool:
        """True if a title means a private page."""
        return bool(self.hidden) and page_name(title) in self.hidden

    def scrub(self, text: str) -> str:
        """The text with `(private)` in place of the names of private pages."""
        return text if self.pattern is None else self.pattern.sub("(private)", text)

    def scrubbed(self, value: Value) -> Value:
        """A record, or a collection of records, with all its texts scrubbed."""
        return value if self.pattern is None else cast("Value", self._scrubbed(value))

    def _scrubbed(self, value: object) -> object:
        if isinstance(value, StrEnum):
            return value
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, tuple):
            return tuple(map(self._scrubbed, value))
        if isinstance(value, dict):
            return {key: self._scrubbed(found) for key, found in value.items()}
        if isinstance(value, Record):
            return replace(value, **{name: self._scrubbed(getattr(value, name)) for name in field_names(value)})
        return value


def is_private(page: PageFacts) -> bool:
    """True if a page says that it is not for reports."""
    return read_word(page.properties.get(_KEY, "")) == _PRIVATE


def without_private(vault: Vault) -> PublicVault:
    """The vault without private pages; the same vault if it has none."""
    private = [page for page in vault.catalog.pages() if _KEY in page.properties and is_private(page)]
    if not private:
        return PublicVault(vault=vault, hidden=frozenset(), paths=frozenset())
    paths = frozenset(page.path for page in private)
    titles = {name.strip() for page in private for name in (page.title, *page.aliases)}
    words = "|".join(re.escape(title) for title in sorted(titles, key=len, reverse=True) if len(title) > 1)
    locate = None if vault.paths is None else vault.paths.find
    catalog = MemoryCatalog(vault.journals.normalise, locate)
    catalog.put_all([page for page in vault.catalog.pages() if page.path not in paths])
    loaded = replace(
        vault.loaded,
        findings=tuple(finding for finding in vault.loaded.findings if finding.path not in paths),
        unread=tuple(finding for finding in vault.loaded.unread if finding.path not in paths),
    )
    traces = Traces(
        today=vault.today,
        stale=vault.settings.stale,
        parse_journal=vault.journals.parse,
        journals=catalog.journal_links,
    )
    return PublicVault(
        vault=replace(vault, catalog=catalog, loaded=loaded, traces=traces),
        hidden=frozenset(map(page_name, titles)),
        paths=paths,
        pattern=re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None,
    )
