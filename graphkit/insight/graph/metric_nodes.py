"""Metrics, strategies, initiatives and observations as nodes and edges of a graph that holds the pages.

spec: domain §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.insight.experiments.strategy_matrix import STRATEGY_KEY
from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.experiments.strategy_matrix import Strategy, Test
    from graphkit.insight.graph.graph_builder import GraphSink
    from graphkit.insight.metrics.metric_links import Measure, NameMention
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading


class ExperimentMeasures(Record, frozen=True, kw_only=True):
    """Everything one experiment measures, tests and mentions."""

    page: PageFacts
    measures: Sequence[Measure]
    tests: Sequence[Test]
    mentions: Sequence[NameMention]


class MeasureInput(Record, frozen=True, kw_only=True):
    """Everything that is added to the graph."""

    pages: Iterable[PageFacts]
    readings: Iterable[MetricReading]
    strategies: Iterable[Strategy]
    experiments: Iterable[ExperimentMeasures]


def add_measures(graph: GraphSink, nodes: Mapping[str, str], facts: MeasureInput) -> None:
    """Add the nodes and edges to a graph that `fill_graph` has filled. nodes: what it returned.

    Nodes: `metric:` for each undeclared metric (without `path`), `strategy:`, `initiative:`, `observation:` with
    `value`, `unit`, `day`, `n`, `segment`. Edges: `measures` (with `how`) from experiments and strategies, `tests`
    (`how` is linked or mention), `observes`, and `recorded_in` from strategies, initiatives and observations to their
    page. Mentions lead to nodes that are there, and make none.
    """
    builder = _Builder(graph, nodes)
    for reading in facts.readings:
        builder.add_metric(reading)
    for strategy in facts.strategies:
        builder.add_strategy(strategy)
    for page in facts.pages:
        builder.add_initiatives(page)
    for experiment in facts.experiments:
        builder.add_experiment(experiment)


class _Builder:
    def __init__(self, graph: GraphSink, pages: Mapping[str, str]) -> None:
        self._graph = graph
        self._pages = pages

    def _edge(self, source: str, target: str, kind: str, path: str, line: int, **marks: str) -> None:
        self._graph.add_edge(source, target, kind=kind, path=path, line=line, **marks)

    def _metric(self, metric: Metric) -> str:
        if metric.page is not None:
            return self._pages.get(metric.page.path, metric.id)
        return metric.id

    def add_metric(self, reading: MetricReading) -> None:
        node = self._metric(reading.metric)
        if node not in self._graph:
            self._graph.add_node(node, kind="metric", title=reading.metric.title, path=None, line=None)
        for item in reading.observations:
            segment = f"#{page_name(item.segment)}" if item.segment else ""
            key = f"observation:{reading.metric.key}@{item.day.isoformat()}{segment}"
            marks: dict[str, str | float] = {"value": item.value, "unit": reading.unit, "day": item.day.isoformat()}
            if item.n is not None:
                marks["n"] = item.n
            if item.segment:
                marks["segment"] = item.segment
            title = f"{reading.metric.title} {item.text}"
            self._graph.add_node(key, kind="observation", title=title, path=item.path, line=item.line, **marks)
            self._edge(key, node, "observes", item.path, item.line)
            home = self._pages.get(item.path, node if item.kind == "csv" else "")
            if home:
                self._edge(key, home, "recorded_in", item.path, item.line)

    def add_strategy(self, strategy: Strategy) -> None:
        path, line = strategy.page.path, strategy.fact.name.line
        self._graph.add_node(strategy.id, kind="strategy", title=strategy.title, path=path, line=line)
        if path in self._pages:
            self._edge(strategy.id, self._pages[path], "recorded_in", path, line)
        for metric in strategy.metrics:
            self._edge(strategy.id, self._metric(metric), "measures", path, line, how="key-metric")

    def add_initiatives(self, page: PageFacts) -> None:
        for initiative in page.initiatives:
            key = base = f"initiative:{page.name}#{page_name(initiative.label.text)}"
            number = 2
            while key in self._graph:
                key, number = f"{base}-{number}", number + 1
            line = initiative.label.line
            self._graph.add_node(key, kind="initiative", title=initiative.label.text, path=page.path, line=line)
            if page.path in self._pages:
                self._edge(key, self._pages[page.path], "recorded_in", page.path, line)

    def add_experiment(self, found: ExperimentMeasures) -> None:
        node = self._pages.get(found.page.path)
        if node is None:
            return
        for measure in found.measures:
            self._edge(node, self._metric(measure.metric), "measures", measure.path, measure.line, how=measure.how)
        tested: set[str] = set()
        for test in found.tests:
            tested.add(test.strategy.key)
            self._edge(node, test.strategy.id, "tests", test.path, test.line, how="linked")
        for mention in found.mentions:
            kind, key = mention.known
            if kind == STRATEGY_KEY and key not in tested:
                tested.add(key)
                self._edge(node, f"strategy:{key}", "tests", found.page.path, mention.line, how="mention")
