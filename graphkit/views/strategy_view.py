"""The view `strategy`: strategies with their key metrics, what was expected of them, and the experiments on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.insight.checks.encoding import repaired
from graphkit.insight.experiments.strategy_matrix import expectations
from graphkit.insight.metrics.metric_text import change_text
from graphkit.vault.names import page_name
from graphkit.views.contexts import ExpectationContext, StrategyContext, StrategyViewContext
from graphkit.views.metric_view import metric_context
from graphkit.views.status_view import LIMIT
from graphkit.views.view import Built, Parameter, View
from graphkit.views.view_material import DEFAULT_LIMIT, experiment_context, meant

if TYPE_CHECKING:
    from graphkit.insight.experiments.strategy_matrix import Expectation, Strategy
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material, Measured


def build(material: Material, asked: Asked) -> Built:
    """The context of `strategy`: of the strategy or page named, else those of the view's page, else all."""
    limit = asked.limit(DEFAULT_LIMIT)
    measured = material.measured()
    wanted = asked.values.get("strategy")
    notes: list[str] = []
    here = asked.page.name if asked.page is not None else None
    if wanted is None:
        chosen = [item for item in measured.strategies if item.page.name == here] or list(measured.strategies)
    else:
        page = material.catalog.page(wanted)
        chosen = [item for item in measured.strategies if page is not None and item.page is page]
        if not chosen:
            titles = (item.title for item in measured.strategies)
            unknown = f"“{wanted}” is neither a strategy nor a page with a strategy table"
            name = page_name(meant(wanted, titles, material, notes, unknown=unknown))
            chosen = [item for item in measured.strategies if page_name(item.title) == name]
    return Built(
        context=StrategyViewContext(
            strategies=tuple(_strategy(material, measured, item) for item in chosen[:limit]),
            total=len(chosen),
            more=max(0, len(chosen) - limit),
            here=bool(chosen) and all(item.page.name == here for item in chosen),
        ),
        notes=tuple(notes),
    )


def _strategy(material: Material, measured: Measured, strategy: Strategy) -> StrategyContext:
    own = {metric.key for metric in strategy.metrics}
    tied = [
        item
        for item in material.experiments()
        if any(test.strategy.key == strategy.key for test in measured.tests(item.page))
        or any(measure.metric.key in own for measure in measured.measures(item.page))
        or ("strategy", strategy.key) in {mention.known for mention in measured.mentions(item.page)}
    ]
    return StrategyContext(
        title=strategy.title,
        page=strategy.page.title,
        metrics=tuple(metric_context(measured.book.reading(metric), "key-metric") for metric in strategy.metrics),
        expectations=tuple(_expectation(measured, item) for item in expectations(strategy, measured.book.reading)),
        experiments=tuple(experiment_context(item) for item in tied),
    )


def _expectation(measured: Measured, found: Expectation) -> ExpectationContext:
    observed = ""
    if found.metric is not None and found.observed is not None and found.kind is not None:
        observed = change_text(found.observed, found.kind, measured.book.reading(found.metric).unit_text)
    return ExpectationContext(
        expected=repaired(found.impact.text),
        metric=found.metric.title if found.metric else "",
        observed=observed,
        outcome=found.outcome.value if found.outcome else "",
    )


VIEW = View(
    name="strategy",
    meaning="strategies with their key metrics, experiments, and observed against expected impact",
    parameters=(
        Parameter(
            name="strategy", kind="name",
            meaning="a strategy, or a page with a strategy table [default: those of the view's page, else all]",
        ),
        LIMIT,
    ),
    context=StrategyViewContext,
    build=build,
)  # fmt: skip
