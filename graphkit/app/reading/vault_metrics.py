"""Metrics, strategies and goals of a vault: what `metrics`, `strategies`, `goals`, `status` and `check` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.generated_blocks import generated_content
from graphkit.facts.observations import read_csv
from graphkit.insight.experiments.strategy_matrix import ROW_KEY, STRATEGY_KEY, StrategyTable, Test, read_all_strategies
from graphkit.insight.metrics.metric_book import MetricBook
from graphkit.insight.metrics.metric_links import (
    PageText,
    find_mentions,
    known_names,
    link_measures,
    mention_measures,
    strongest,
    written_links,
    written_measures,
)
from graphkit.outline.header import read_header
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import Record, field, replace
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.facts.page_facts import PageFacts, Sighting
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.experiments.strategy_matrix import Strategy
    from graphkit.insight.metrics.mentions import MentionIndex
    from graphkit.insight.metrics.metric_links import Known, Measure, NameLink, NameMention


class VaultMetrics(Record):
    """The metrics, strategies and goals of a vault; every part is computed once, on first use."""

    vault: Vault
    book: MetricBook
    strategies: tuple[Strategy, ...]
    table: StrategyTable
    _names: list[tuple[str, Known]] | None = None
    _index: MentionIndex[Known] | None = None
    _measures: dict[str, tuple[Measure, ...]] = field(default_factory=dict)
    _mentions: dict[str, tuple[NameMention, ...]] = field(default_factory=dict)
    _opened: OpenPage | None = None
    _tests: dict[str, tuple[Test, ...]] = field(default_factory=dict)
    experiments: list[Experiment] | None = None
    """All of them in order of attention, once `experiments_of` was asked."""
    _rows: dict[str, list[Strategy]] = field(default_factory=dict)
    """The strategies by the name of their row."""

    @property
    def index(self) -> MentionIndex[Known]:
        """Every name that a text can mention."""
        if self._index is None:
            from graphkit.insight.metrics.mentions import MentionIndex  # noqa: PLC0415 - not where nothing has a name

            self._index = MentionIndex(self._known())
        return self._index

    def measures(self, page: PageFacts) -> tuple[Measure, ...]:
        """The metrics that an experiment's page measures, strongest link first; each once. Reads the page again."""
        if page.path not in self._measures:
            self._look_at(page)
        return self._measures[page.path]

    def tests(self, page: PageFacts) -> tuple[Test, ...]:
        """The strategies that an experiment's page tests: by `strategy::`, or by a written link to a row's name."""
        if page.path not in self._tests:
            self._look_at(page)
        return self._tests[page.path]

    def mentions(self, page: PageFacts) -> tuple[NameMention, ...]:
        """The known names that a page's prose mentions."""
        if page.path not in self._mentions:
            self._look_at(page)
        return self._mentions[page.path]

    def opened(self, page: PageFacts) -> OpenPage | None:
        """The text of a page that was just read, so that it need not be read again."""
        return self._opened if self._opened is not None and self._opened.facts is page else None

    def linked(self, title: str) -> Sequence[Known]:
        """The metric, and the strategies, to which a link with this title leads."""
        page = self.vault.catalog.page(title) if self.vault.paths is not None else None
        metric = self.book.names.linked(page.name if page else title)
        if not self._rows:
            for strategy in self.strategies:
                self._rows.setdefault(page_name(strategy.title), []).append(strategy)
        rows = self._rows.get(page_name(title), ())
        return (
            *((("metric", metric.key),) if metric is not None else ()),
            *(("strategy", strategy.key) for strategy in rows),
        )

    def _look_at(self, page: PageFacts) -> None:
        names = self.book.names
        found = written_measures(page, names)
        tests = {test.strategy.key: test for test in self.table.tests(page)[0]}
        links, mentions = self._named_in(page)
        found += link_measures(page.path, links, names.of_key)
        found += mention_measures(page, mentions, names.of_key)
        rows = {strategy.key: strategy for strategy in self.strategies} if links else {}
        for link in links:
            kind, key = link.known
            # `strategy::` and `row::` have a meaning of their own, which the table knows.
            if kind == "strategy" and link.key not in {STRATEGY_KEY, ROW_KEY}:
                tests.setdefault(key, Test(strategy=rows[key], path=page.path, line=link.line))
        self._measures[page.path] = tuple(strongest(found))
        self._tests[page.path] = tuple(tests.values())
        self._mentions[page.path] = mentions

    def _named_in(self, page: PageFacts) -> tuple[tuple[NameLink, ...], tuple[NameMention, ...]]:
        """The known names that a page's text links and mentions."""
        if not len(self.book.names) and not self.strategies:
            return (), ()
        self._opened = opened = self.vault.open_page(page)
        if opened is None:
            return (), ()
        generated = generated_content(opened.outline, read_header(opened.outline))
        text = PageText(source=opened.source, outline=opened.outline, generated=generated)
        return tuple(written_links(page.path, text, self.linked)), tuple(find_mentions(text, self.index))

    def _known(self) -> list[tuple[str, Known]]:
        if self._names is None:
            from graphkit.insight.experiments.goal_rollup import read_goals  # noqa: PLC0415

            goals = read_goals(self.vault.catalog, (), self.vault.reading.goal_types)
            self._names = known_names(
                self.book.names,
                ((strategy.title, strategy.key) for strategy in self.strategies),
                (
                    (name, goal.name)
                    for goal in goals
                    for name in (goal.title, *(goal.page.aliases if goal.page else ()))
                ),
            )
        return self._names


def open_vault_metrics(vault: Vault) -> VaultMetrics:
    """The metrics and strategies of a vault."""
    book = MetricBook(
        vault.catalog,
        metric_types=vault.reading.measure_words.metric_types,
        naming_types=vault.reading.experiment_types | vault.reading.goal_types,
        today=vault.today,
        parse_journal=vault.journals.parse,
        data=lambda page, facts: read_data(vault, page, facts),
    )
    strategies = read_all_strategies(vault.catalog, book.names)
    return VaultMetrics(vault, book, strategies, StrategyTable(strategies, vault.catalog.page))


def read_data(vault: Vault, page: PageFacts, facts: MetricFacts) -> tuple[Sequence[Sighting], Sequence[Diagnostic]]:
    """The rows of the files that a metric's page names; **reports** W411 and W412 at its `data::` line, E113."""
    rows: list[Sighting] = []
    findings: list[Diagnostic] = []
    for written in facts.data:
        found = vault.assets.read(page.path, written)
        if isinstance(found, Diagnostic):
            at_property = replace(found, line=page.property_lines.get("data", 1))
            findings.append(at_property if found.code == "W411" else found)
            continue
        path, data = found
        read, wrong = read_csv(data, path, page.title)
        rows += read
        findings += wrong
    return rows, findings
