"""A vault as it was loaded: conventions, catalog, and what was found on the way. "Today" enters here alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graphkit.app.conventions import Conventions
from graphkit.app.page_reader import scan_outline
from graphkit.facts.references import ReferenceRules
from graphkit.insight.work.estimates import EstimateScale
from graphkit.outline.typed_values import ValueRules
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import Record, field
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphkit.app.conventions import Inputs
    from graphkit.cache.facts_cache import FactsCache
    from graphkit.cache.page_file import PageFile
    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.activity import Traces
    from graphkit.outline.page_outline import Outline
    from graphkit.store.reading.assets import Assets
    from graphkit.store.reading.files import Listing
    from graphkit.vault.layout import Dialect


class OpenPage(Record, frozen=True):
    """One page read again, for commands that need more than its facts."""

    facts: PageFacts
    source: SourceText
    outline: Outline


class LoadReport(Record, frozen=True, kw_only=True):
    """What was found while a vault was loaded."""

    findings: tuple[Diagnostic, ...] = ()
    """What is wrong with configuration, files and names, in the order of reading."""
    unread: tuple[Diagnostic, ...] = ()
    """Files and folders that could not be read; a subset of the findings."""
    not_read: tuple[tuple[str, int], ...] = ()
    """Kinds of files that are skipped, with their number."""
    org_pages: tuple[str, ...] = ()
    cache_trouble: str | None = None
    """Why the cache was not used though it was asked for."""
    changed: frozenset[str] = frozenset()
    """After `refresh`: paths whose bytes, presence or readability are others than in the vault before."""


class LoadOptions(Record, frozen=True, kw_only=True):
    """What was asked for, for this vault and after every `refresh`."""

    as_of: dt.date | None = None
    """What to take for today; None: the day it is."""
    environment: Mapping[str, str] = field(default_factory=dict)
    dialect: Dialect | None = None
    """Read as this one, whatever the folder looks like."""


class Snapshot(Record, frozen=True, kw_only=True):
    """The files that a vault was loaded from, for `refresh` and for the last output."""

    listing: Listing
    inputs: Inputs
    pages: tuple[str, ...]
    """In the order of loading."""
    files: Mapping[str, PageFile]
    """By path, of all pages."""
    before: LoadReport
    """What was found before the pages were read."""
    options: LoadOptions


class Vault(Conventions, frozen=True, kw_only=True):
    """One vault as it was when it was loaded."""

    today: dt.date
    catalog: Catalog
    loaded: LoadReport
    traces: Traces
    """When things were touched; journals are looked through when it is first asked."""
    assets: Assets
    """Reads the files beside pages that metrics name."""
    snapshot: Snapshot
    cache: FactsCache | None = None
    """Where facts are kept for the next command; None if nothing is kept."""
    overrides: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes that count for those of a page's file, by path: the facts are made of them."""

    @property
    def name(self) -> str:
        """Name of the vault's folder."""
        return self.root.resolve().name or str(self.root)

    @property
    def unread(self) -> tuple[Diagnostic, ...]:
        """Files and folders that could not be read so far, those that metrics name among them."""
        return tuple(dict.fromkeys((*self.loaded.unread, *self.assets.unread)))

    @property
    def estimate_scale(self) -> EstimateScale:
        """How written estimates count here."""
        own = self.settings.estimates
        return EstimateScale(
            hours_per_day=own.hours_per_day, days_per_week=own.days_per_week, sizes=tuple(own.sizes.items())
        )

    @property
    def reference_rules(self) -> ReferenceRules:
        """What counts as a reference in this vault."""
        config = self.config
        return ReferenceRules(
            normalise=self.journals.normalise,
            property_pages=config.property_pages_enabled,
            excluded_properties=config.property_pages_excludelist,
            values=ValueRules(comma_separated=config.properties_separated_by_commas, unread=config.unread_properties),
        )

    def open_page(self, facts: PageFacts) -> OpenPage | None:
        """A page's text and outline, read from its file again; None if the file is gone or unreadable now."""
        data = self.overrides.get(facts.path) or read_bytes(self.root, facts.path)
        if isinstance(data, Diagnostic):
            return None
        source = SourceText.decode(data)
        return OpenPage(facts, source, scan_outline(source.text, self.dialect))

    def skipped_outlines(self) -> Iterator[tuple[str, Outline]]:
        """Path and outline of every file that is not read because another one holds its page."""
        for finding in self.loaded.findings:
            data = read_bytes(self.root, finding.path) if finding.code == "E204" else finding
            if isinstance(data, bytes):
                yield finding.path, scan_outline(SourceText.decode(data).text, self.dialect)


def moment(vault: Vault, at: dt.time | None = None) -> dt.datetime:
    """The vault's day at this time, or at the time it is here now; without a zone, as logbooks are."""
    return dt.datetime.combine(vault.today, at or dt.datetime.now().astimezone().time().replace(microsecond=0))
