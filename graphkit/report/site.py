"""A report as pages: from a vault's records to the HTML of each page and of each fragment that can change.

Writes nothing. `document` puts pages into files; a server can hold a `Site` and send what changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.catalog_pages import (
    decisions_context,
    findings_context,
    goals_context,
    metrics_context,
    strategies_context,
)
from graphkit.report.experiment_page import experiment_context
from graphkit.report.html_templates import render_page
from graphkit.report.overview_page import overview_context
from graphkit.report.page_contexts import Named, SiteContext
from graphkit.report.page_links import OVERVIEW, Links, Style, experiment_key
from graphkit.report.programme_pages import graph_context, programme_context
from graphkit.report.safe_text import Html
from graphkit.report.shared_parts import LIMITS, Limits, Parts
from graphkit.text.records import Record
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from graphkit.report.report_records import ReportRecords

PAGES: Final[Mapping[str, tuple[str, Callable[[Parts], Record]]]] = {
    OVERVIEW: ("Overview", overview_context),
    "goals": ("Goals", goals_context),
    "metrics": ("Metrics", metrics_context),
    "strategies": ("Strategies", strategies_context),
    "programme": ("Programme", programme_context),
    "graph": ("Graph", graph_context),
    "findings": ("Findings", findings_context),
    "decisions": ("Decision log", decisions_context),
}
"""Key, title and context of each page; each experiment has a page of its own too."""
EXPERIMENTS: Final = "experiments"
"""The word of `--only` for the pages of experiments."""
PAGE_WORDS: Final = (*PAGES, EXPERIMENTS)


class Page(Record, frozen=True, kw_only=True):
    """One page, rendered."""

    key: str
    title: str
    body: Html
    """A `<section>` with the key as its id."""
    fragments: Mapping[str, Html]
    """Elements by their ids, inner ones before the outer ones that contain them.

    Two renderings of a page that have the same ids differ in these elements only, or in their order; otherwise the
    body has changed."""


class Site:
    """The pages of one report. Each is rendered when it is asked for."""

    def __init__(
        self,
        records: ReportRecords,
        style: Style = "file",
        only: Collection[str] = (),
        limits: Limits = LIMITS[0],
    ) -> None:
        """style: how pages are addressed. only: words of `PAGE_WORDS`; empty: all pages. limits: how much is shown."""
        self._only = frozenset(only)
        wanted = set(only) or set(PAGE_WORDS)
        self.records = records
        names = list(records.details) if EXPERIMENTS in wanted else []
        self._names = {experiment_key(name): name for name in names}
        self.keys = (*(key for key in PAGES if key in wanted), *self._names)
        """Keys of the pages in their order."""
        graph = records.status.vault if records.public.vault.dialect is Dialect.LOGSEQ else ""
        self.links = Links(style=style, pages=frozenset(self.keys), graph=graph)
        self._parts = Parts(records, self.links, limits)

    def limited(self, limits: Limits) -> Site:
        """The same report within other limits."""
        return Site(self.records, self.links.style, self._only, limits)

    def title(self, key: str) -> str:
        """The title of a page. Raises KeyError for a key that the report does not have."""
        name = self._names.get(key)
        return PAGES[key][0] if name is None else self.records.details[name].experiment.title

    def context(self, key: str) -> Record:
        """The context of a page's template."""
        name = self._names.get(key)
        return PAGES[key][1](self._parts) if name is None else experiment_context(self._parts, name)

    def page(self, key: str) -> Page:
        """A page, rendered."""
        fragments: dict[str, Html] = {}

        def fragment(identity: str, caller: Callable[[], str]) -> Html:
            fragments[identity] = Html(str(caller()).strip())
            return fragments[identity]

        template = "experiment" if key in self._names else key
        title = self.title(key)
        tools = {
            "links": self.links,
            "fragment": fragment,
            "key": key,
            "title": title,
            "today": self.records.status.as_of,
            "find": self._parts.find,
        }
        body = render_page(template, self.context(key), tools)
        return Page(key=key, title=title, body=body, fragments=fragments)

    def frame(self) -> SiteContext:
        """The beginning and the end of every page."""
        records, status = self.records, self.records.status
        filters = [f"goal: {name}" for name in records.filters.goals]
        filters += [f"owner: {name}" for name in records.filters.owners]
        unread = [f"{finding.path} could not be read: {finding.message}" for finding in status.unread]
        return SiteContext(
            vault=status.vault,
            as_of=status.as_of,
            source=records.forecast.source,
            notes=(*records.forecast.notes, *unread[:5]),
            shortened=self._parts.limits != LIMITS[0],
            filters=tuple(filters),
            navigation=tuple(
                Named(title=PAGES[key][0], href=self.links.page(key)) for key in self.keys if key in PAGES
            ),
        )
