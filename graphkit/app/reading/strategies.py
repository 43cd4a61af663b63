"""`graphkit strategies`: the live matrix of strategies, their key metrics, experiments and expected impact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.reading.metrics import metric_brief
from graphkit.app.reading.name_lookup import named
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.metric_reports import ExpectationRow, InitiativeRow, StrategiesReport, StrategyRow, Use
from graphkit.facts.property_values import read_names
from graphkit.insight.experiments.experiment import shown_titles
from graphkit.insight.experiments.strategy_matrix import STRATEGY_KEY, expectations
from graphkit.insight.metrics.metric_text import change_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.experiments.strategy_matrix import Expectation, Strategy


def report_strategies(
    vault: Vault, names: Sequence[str] = (), vault_metrics: VaultMetrics | None = None
) -> StrategiesReport:
    """All strategies, or those with these names or on these pages. Raises RequestError for unknown names.

    vault_metrics: the vault's metrics, if they are known already.
    """
    vault_metrics = vault_metrics or open_vault_metrics(vault)
    chosen = _chosen(vault_metrics, names)
    uses = strategy_uses(vault_metrics)
    key_metrics = {metric.key: metric for strategy in chosen for metric in strategy.metrics}
    pages = {strategy.page.path for strategy in chosen}
    return StrategiesReport(
        vault=vault.name,
        as_of=vault.today,
        strategies=tuple(_row(vault_metrics, strategy, uses.get(strategy.key, ())) for strategy in chosen),
        initiatives=tuple(
            InitiativeRow(
                title=initiative.label.text,
                text=initiative.text,
                page=page.title,
                path=page.path,
                line=initiative.label.line,
            )
            for page in vault.catalog.pages()
            if not names or page.path in pages
            for initiative in page.initiatives
        ),
        key_metrics=len(key_metrics),
        declared=sum(metric.declared for metric in key_metrics.values()),
        unread=tuple(vault.unread),
    )


def _chosen(vault_metrics: VaultMetrics, names: Sequence[str]) -> tuple[Strategy, ...]:
    if not names:
        return vault_metrics.strategies
    found: dict[str, Strategy] = {}
    for name in names:
        page = vault_metrics.vault.catalog.page(name)
        of_page = [strategy for strategy in vault_metrics.strategies if page is not None and strategy.page is page]
        own = of_page or [
            named(name, vault_metrics.strategies, title=lambda item: item.title, aliases=lambda _: (), noun="strategy")
        ]
        found.update((strategy.key, strategy) for strategy in own)
    return tuple(found.values())


TIES: Final = ("tests", "metric", "mention")
"""What ties an experiment to a strategy: its `strategy::` or a link, a key metric, its name; the strongest first."""


def strategy_uses(vault_metrics: VaultMetrics) -> dict[str, tuple[Use, ...]]:
    """The experiments of each strategy, by its key; those with the strongest tie first."""
    vault = vault_metrics.vault
    ties = _ties(vault_metrics)
    found: dict[str, list[Use]] = {}
    for page in vault.catalog.of_type(vault.reading.experiment_types):
        for key, (how, *further) in ties(page).items():
            use = Use(experiment=page.title, name=page.name, how=how, further=tuple(further))
            found.setdefault(key, []).append(use)
    return {key: tuple(sorted(uses, key=lambda use: TIES.index(use.how))) for key, uses in found.items()}


def closest_strategies(vault_metrics: VaultMetrics) -> Callable[[PageFacts], tuple[str, ...]]:
    """A function that gives the titles of the strategies that an experiment's page is most closely tied to.

    A page in its `strategy::` that holds no strategy table is one too.
    """
    ties = _ties(vault_metrics)
    titles = {strategy.key: strategy.title for strategy in vault_metrics.strategies}

    def closest(page: PageFacts) -> tuple[str, ...]:
        found = ties(page)
        rank = min((TIES.index(hows[0]) for hows in found.values()), default=len(TIES))
        named = read_names(page.properties.get(STRATEGY_KEY, "")) if rank else ()
        if named:
            return shown_titles(named, vault_metrics.vault.catalog)
        return tuple(dict.fromkeys(titles[key] for key, hows in found.items() if TIES.index(hows[0]) == rank))

    return closest


def _ties(vault_metrics: VaultMetrics) -> Callable[[PageFacts], dict[str, tuple[str, ...]]]:
    """A function that gives, by key, the strategies related to an experiment's page, and its TIES to each."""
    by_metric: dict[str, list[str]] = {}
    for strategy in vault_metrics.strategies:
        for metric in strategy.metrics:
            by_metric.setdefault(metric.key, []).append(strategy.key)

    def ties(page: PageFacts) -> dict[str, tuple[str, ...]]:
        found = {
            "tests": [test.strategy.key for test in vault_metrics.tests(page)],
            "metric": [key for item in vault_metrics.measures(page) for key in by_metric.get(item.metric.key, ())],
            "mention": [item.known[1] for item in vault_metrics.mentions(page) if item.known[0] == "strategy"],
        }
        keys = dict.fromkeys(key for how in TIES for key in found[how])
        return {key: tuple(how for how in TIES if key in found[how]) for key in keys}

    return ties


def _row(vault_metrics: VaultMetrics, strategy: Strategy, uses: Sequence[Use]) -> StrategyRow:
    fact = strategy.fact
    return StrategyRow(
        name=strategy.key,
        title=strategy.title,
        page=strategy.page.title,
        path=strategy.page.path,
        line=fact.name.line,
        description=fact.description.text if fact.description else "",
        metrics=tuple(metric_brief(vault_metrics.book.reading(metric), "key-metric") for metric in strategy.metrics),
        assumptions=tuple(item.text for item in fact.assumptions),
        risks=tuple(item.text for item in fact.risks),
        impact=fact.impact.text if fact.impact else "",
        expectations=tuple(
            _expectation(vault_metrics, expectation)
            for expectation in expectations(strategy, vault_metrics.book.reading)
        ),
        experiments=tuple(uses),
    )


def _expectation(vault_metrics: VaultMetrics, found: Expectation) -> ExpectationRow:
    impact = found.impact
    observed = ""
    if found.metric is not None and found.observed is not None and found.kind is not None:
        observed = change_text(found.observed, found.kind, vault_metrics.book.reading(found.metric).unit_text)
    return ExpectationRow(
        expected=mended(impact.text),
        low=impact.low,
        high=impact.high,
        unit=impact.unit,
        direction=impact.direction,
        subject=impact.subject,
        metric=found.metric.title if found.metric else None,
        observed=found.observed,
        observed_text=observed,
        outcome=found.outcome.value if found.outcome else None,
    )


def mended(text: str) -> str:
    """The text with double-encoded characters decoded; the page itself is not changed."""
    if text.isascii():
        return text
    from graphkit.quantities.amounts import BROKEN  # noqa: PLC0415 - not for `status`

    for broken, sign in sorted(BROKEN.items(), key=lambda item: -len(item[0])):
        text = text.replace(broken, sign)
    return text
