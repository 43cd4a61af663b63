"""Metrics, strategies and goals of a session: what `metrics`, `strategies`, `goals`, `status` and `check` share."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from graphkit.app.assets import digest_of
from graphkit.facts.managed import generated_content
from graphkit.facts.observations import MOST_CSV_BYTES, read_csv
from graphkit.insight.goals import read_goals
from graphkit.insight.measures import (
    PageText,
    find_mentions,
    known_names,
    linked_measures,
    mention_measures,
    strongest,
    written_measures,
)
from graphkit.insight.metrics import MetricBook
from graphkit.insight.strategies import StrategyTable, read_all_strategies
from graphkit.outline.body import read_header
from graphkit.store.assets import read_asset
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.session import Session
    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.facts.values import PageFacts, Sighting
    from graphkit.insight.measures import Known, Measure, NameMention
    from graphkit.insight.mentions import MentionIndex
    from graphkit.insight.strategies import Strategy


@dataclass(slots=True)
class Measuring:
    """What a session's vault measures; every part is worked out when it is asked for, and once."""

    session: Session
    book: MetricBook
    strategies: tuple[Strategy, ...]
    table: StrategyTable
    _index: MentionIndex[Known] | None = None
    _measures: dict[str, tuple[Measure, ...]] = field(default_factory=dict)
    _mentions: dict[str, tuple[NameMention, ...]] = field(default_factory=dict)

    @property
    def index(self) -> MentionIndex[Known]:
        """Every name that a text can mention."""
        if self._index is None:
            goals = read_goals(self.session.catalog, (), self.session.reading.goal_types)
            self._index = known_names(
                self.book.names,
                ((strategy.title, strategy.key) for strategy in self.strategies),
                (
                    (name, goal.name)
                    for goal in goals
                    for name in (goal.title, *(goal.page.aliases if goal.page else ()))
                ),
            )
        return self._index

    def measures(self, page: PageFacts) -> tuple[Measure, ...]:
        """The metrics that an experiment's page measures, the strongest way first; each once. Reads the page again."""
        found = self._measures.get(page.path)
        if found is None:
            self._look_at(page)
            found = self._measures[page.path]
        return found

    def mentions(self, page: PageFacts) -> tuple[NameMention, ...]:
        """The known names that a page's prose mentions."""
        if page.path not in self._mentions:
            self._look_at(page)
        return self._mentions[page.path]

    def _look_at(self, page: PageFacts) -> None:
        names = self.book.names
        found = written_measures(page, names)
        mentions: tuple[NameMention, ...] = ()
        opened = self.session.open_page(page) if len(names) or self.strategies else None
        if opened is not None:
            generated = generated_content(opened.outline, read_header(opened.outline))
            text = PageText(source=opened.source, outline=opened.outline, generated=generated)
            mentions = tuple(find_mentions(text, self.index))
            by_key = {metric.key: metric for metric in names}
            found += linked_measures(page, text, names)
            found += mention_measures(page, mentions, by_key.get)
        self._measures[page.path] = tuple(strongest(found))
        self._mentions[page.path] = mentions


def open_measuring(session: Session) -> Measuring:
    """The metrics and strategies of a session."""
    book = MetricBook(
        session.catalog,
        metric_types=session.reading.measure_words.metric_types,
        naming_types=session.reading.experiment_types | session.reading.goal_types,
        today=session.today,
        parse_journal=session.journals.parse,
        data=lambda page, facts: read_data(session, page, facts),
    )
    strategies = read_all_strategies(session.catalog, book.names)
    return Measuring(session, book, strategies, StrategyTable(strategies, session.catalog.page))


def read_data(session: Session, page: PageFacts, facts: MetricFacts) -> tuple[Sequence[Sighting], Sequence[Diagnostic]]:
    """The rows of the files that a metric's page names; **reports** W411 and W412 at its `data::` line."""
    rows: list[Sighting] = []
    findings: list[Diagnostic] = []
    for written in facts.data:
        found = read_asset(session.root, page.path, written, most=MOST_CSV_BYTES)
        session.assets[page.path, written] = digest_of(found)
        if isinstance(found, Diagnostic):
            findings.append(replace(found, line=page.property_lines.get("data", 1)))
            continue
        path, data = found
        read, wrong = read_csv(data, path, page.title)
        rows += read
        findings += wrong
    return rows, findings
