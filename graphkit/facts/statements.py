"""Everything about strategies and metrics that one page states: what `extract` asks of it. Resolves no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphkit.facts.observations import PageReading, read_lines, read_observation_tables, read_properties
from graphkit.facts.strategy_tables import (
    INITIATIVE_WORDS,
    STRATEGY_COLUMNS,
    has_key_result_header,
    has_strategy_header,
    read_initiatives,
    read_strategies,
)
from graphkit.outline.tables import table_blocks
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.facts.page_facts import InitiativeFact, Sighting, StrategyFact
    from graphkit.facts.strategy_tables import StrategyColumn
    from graphkit.text.diagnostics import Diagnostic


class MeasureWords(Record, frozen=True, kw_only=True):
    """Everything a vault calls its metrics and strategies; all words in lower case."""

    metric_types: frozenset[str] = frozenset({"metric"})
    strategy_types: frozenset[str] = frozenset({"strategy"})
    strategy_columns: Mapping[str, StrategyColumn] = field(default_factory=lambda: STRATEGY_COLUMNS)
    initiative_words: frozenset[str] = INITIATIVE_WORDS


class Measures(NamedTuple):
    """Everything one page states."""

    strategies: tuple[StrategyFact, ...] = ()
    initiatives: tuple[InitiativeFact, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


NO_MEASURES = Measures()


def read_measures(
    page: PageReading, *, title: str, types: frozenset[str], is_experiment: bool, words: MeasureWords
) -> Measures:
    """The strategies, initiatives and possible observations of a page; next to nothing is done where it has none.

    **Reports** W412 (a table of observations without its columns), W418 (a part of a strategy table that is not read).
    """
    outline = page.outline
    text = outline.text
    strategies: tuple[StrategyFact, ...] = ()
    initiatives: tuple[InitiativeFact, ...] = ()
    sightings: list[Sighting] = []
    findings: list[Diagnostic] = []
    is_metric = not types.isdisjoint(words.metric_types)
    if "|" in text:
        results = has_key_result_header(text)
        wanted = is_metric or results or has_strategy_header(text, words.strategy_columns)
        blocks = tuple(table_blocks(outline)) if wanted else ()
        if blocks:
            strategies, findings = read_strategies(page, blocks, words.strategy_columns)
            if is_metric:
                sightings, unread = read_observation_tables(page, title, blocks)
                findings += unread
            if results:
                from graphkit.facts.key_results import read_key_results  # noqa: PLC0415 - for few pages

                sightings += read_key_results(page, blocks)
    if (strategies or not types.isdisjoint(words.strategy_types)) and ("**" in text or "__" in text):
        initiatives = read_initiatives(outline, page.generated, page.source, words.initiative_words)
    sightings += read_properties(page, anywhere=is_experiment or page.day is not None)
    sightings += read_lines(page)
    if not (sightings or strategies or initiatives or findings):
        return NO_MEASURES
    sightings.sort(key=lambda sighting: (sighting.line, sighting.column))
    return Measures(strategies, initiatives, tuple(sightings), tuple(findings))
