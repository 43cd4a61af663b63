"""A loaded vault: conventions, catalog and findings. "Today" enters the program only here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graphkit.app.conventions import Conventions
from graphkit.app.opening import now
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
    """A page that is read again, for commands that need more than its facts."""

    facts: PageFacts
    source: SourceText
    outline: Outline


class LoadReport(Record, frozen=True, kw_only=True):
    """The findings made while a vault was loaded."""

    findings: tuple[Diagnostic, ...] = ()
    """Findings about configuration, files and names, in the order of reading."""
    unread: tuple[Diagnostic, ...] = ()
    """Files and folders that could not be read; a subset of the findings."""
    not_read: tuple[tuple[str, int], ...] = ()
    """Kinds of files that are skipped, with their number."""
    org_pages: tuple[str, ...] = ()
    cache_trouble: str | None = None
    """Why the cache was not used although it was requested."""
    changed: frozenset[str] = frozenset()
    """After `refresh`: paths whose bytes, presence or readability changed."""


class LoadOptions(Record, frozen=True, kw_only=True):
    """The options of `load`, for this vault and after every `refresh`."""

    as_of: dt.date | None = None
    """The day to use as today; None: the current day."""
    environment: Mapping[str, str] = field(default_factory=dict)
    dialect: Dialect | None = None
    """Overrides the detected dialect."""


class Snapshot(Record, frozen=True, kw_only=True):
    """The files that a vault was loaded from, for `refresh` and for the last output."""

    listing: Listing
    inputs: Inputs
    pages: tuple[str, ...]
    """In the order of loading."""
    files: Mapping[str, PageFile]
    """By path, of all pages."""
    before: LoadReport
    """Findings made before the pages were read."""
    options: LoadOptions


class Vault(Conventions, frozen=True, kw_only=True):
    """A vault as of when it was loaded."""

    today: dt.date
    catalog: Catalog
    loaded: LoadReport
    traces: Traces
    """When things were touched; journals are searched on first use."""
    assets: Assets
    """Reads the files other than pages that metrics name."""
    snapshot: Snapshot
    cache: FactsCache | None = None
    """The cache of facts for the next command; None without a cache."""
    overrides: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes that replace those of a page's file, by path; the facts come from them."""

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
        """The scale for written estimates."""
        own = self.settings.estimates
        return EstimateScale(
            hours_per_day=own.hours_per_day, days_per_week=own.days_per_week, sizes=tuple(own.sizes.items())
        )

    @property
    def reference_rules(self) -> ReferenceRules:
        """The rules for references in this vault."""
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
    """The vault's day at this time, by default the local time now; without a zone, as in logbooks."""
    return dt.datetime.combine(vault.today, at or now().time().replace(microsecond=0))
