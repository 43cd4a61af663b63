"""One page as it goes into extraction, and the vault's conventions that extraction follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.sections import SECTION_WORDS
from graphkit.facts.statements import MeasureWords
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from graphkit.facts.page_facts import SectionKind
    from graphkit.outline.page_outline import Outline, PageHeader
    from graphkit.text.source import SourceText
    from graphkit.vault.names import PageName


class Reading(Record, frozen=True, kw_only=True):
    """Everything the extraction has to know of the vault's conventions."""

    section_words: Mapping[str, SectionKind] = field(default_factory=lambda: SECTION_WORDS)
    checkboxes: bool = False
    """True if `- [ ]` blocks are tasks (spec: domain §1: outside Logseq graphs, or where `graphkit.toml` says so)."""
    type_properties: tuple[str, ...] = ("page-type", "type")
    types_by_tag: bool = True
    """True if a page tag makes a type too."""
    experiment_types: frozenset[str] = frozenset({"experiment"})
    goal_types: frozenset[str] = frozenset({"goal"})
    measure_words: MeasureWords = field(default_factory=MeasureWords)
    parse_day: Callable[[str], date | None] = lambda _: None
    """The day that a title names, for the dates of tasks that stand in properties."""

    def is_note(self, types: frozenset[str]) -> bool:
        """True if a page of these types is not one that insight reads: experiment, goal, metric, strategy."""
        words = self.measure_words
        known = (self.experiment_types, self.goal_types, words.metric_types, words.strategy_types)
        return not types or all(types.isdisjoint(some) for some in known)


class PageSource(Record, frozen=True, kw_only=True):
    """One page as it goes into extraction."""

    path: str
    title: str
    journal_day: date | None
    source: SourceText
    outline: Outline
    header: PageHeader
    name: PageName | None = None
    """The page's identity where its title does not give it (outside Logseq graphs)."""
