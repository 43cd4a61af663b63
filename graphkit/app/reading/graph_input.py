"""The parts of a vault's graph, for networkx and for tables of edges alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.facts.generated_blocks import generated_content
from graphkit.facts.references import read_links
from graphkit.insight.graph.graph_builder import GraphInput, fill_graph
from graphkit.insight.graph.metric_nodes import ExperimentMeasures, MeasureInput, add_measures
from graphkit.outline.header import read_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import Link, PageFacts
    from graphkit.insight.graph.graph_builder import GraphSink


def written_references(vault: Vault, opened: OpenPage) -> Iterable[Link]:
    """The written references of an opened page, those of generated blocks left out."""
    generated = generated_content(opened.outline, read_header(opened.outline))
    found = read_links(opened.outline, opened.source, vault.reference_rules, opened.facts.path)
    return (link for link in found if link.block not in generated)


def fill_vault_graph(
    graph: GraphSink,
    vault: Vault,
    vault_metrics: VaultMetrics | None = None,
    links: Callable[[PageFacts], Iterable[Link]] | None = None,
) -> None:
    """Add all nodes and edges of a vault to an empty graph.

    links: the written references of a page; None: every page is read for them.
    """

    def read(page: PageFacts) -> Iterable[Link]:
        opened = vault.open_page(page)
        return () if opened is None else written_references(vault, opened)

    vault_metrics = vault_metrics or open_vault_metrics(vault)
    nodes = fill_graph(
        graph,
        GraphInput(
            catalog=vault.catalog,
            links=links or read,
            normalise=vault.journals.normalise,
            parse_journal=vault.journals.parse,
            experiment_types=vault.reading.experiment_types,
            goal_types=vault.reading.goal_types,
            metrics=frozenset(metric.key for metric in vault_metrics.book.metrics),
            namespaces=vault.paths is None,
        ),
    )
    add_measures(graph, nodes, measure_input(vault_metrics))


def measure_input(vault_metrics: VaultMetrics) -> MeasureInput:
    """Metrics, strategies and who measures and tests them, for the graph."""
    vault = vault_metrics.vault
    return MeasureInput(
        pages=vault.catalog.pages(),
        readings=[vault_metrics.book.reading(metric) for metric in vault_metrics.book.metrics],
        strategies=vault_metrics.strategies,
        experiments=[
            ExperimentMeasures(
                page=page,
                measures=vault_metrics.measures(page),
                tests=vault_metrics.tests(page),
                mentions=vault_metrics.mentions(page),
            )
            for page in vault.catalog.of_type(vault.reading.experiment_types)
        ],
    )
