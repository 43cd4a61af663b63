"""`graphkit strategies`: the live matrix of strategies, their key metrics, experiments and expected impact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.measuring import open_measuring
from graphkit.app.metric_results import ExpectationRow, InitiativeRow, StrategiesReport, StrategyRow, Use
from graphkit.app.metrics import metric_brief
from graphkit.app.select import named
from graphkit.facts.amounts import BROKEN
from graphkit.insight.metric_text import change_text
from graphkit.insight.strategies import expectations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.measuring import Measuring
    from graphkit.app.session import Session
    from graphkit.insight.strategies import Expectation, Strategy


def report_strategies(session: Session, names: Sequence[str] = ()) -> StrategiesReport:
    """All strategies, or those of these names (a strategy's or a page's). Raises RequestError with the near names."""
    measuring = open_measuring(session)
    chosen = _chosen(measuring, names)
    uses = strategy_uses(measuring)
    key_metrics = {metric.key: metric for strategy in chosen for metric in strategy.metrics}
    pages = {strategy.page.path for strategy in chosen}
    return StrategiesReport(
        vault=session.name,
        as_of=session.today,
        strategies=tuple(_row(measuring, strategy, uses.get(strategy.key, ())) for strategy in chosen),
        initiatives=tuple(
            InitiativeRow(
                title=initiative.label.text,
                text=initiative.text,
                page=page.title,
                path=page.path,
                line=initiative.label.line,
            )
            for page in session.catalog.pages()
            if not names or page.path in pages
            for initiative in page.initiatives
        ),
        key_metrics=len(key_metrics),
        declared=sum(metric.declared for metric in key_metrics.values()),
        unread=tuple(session.unread),
    )


def _chosen(measuring: Measuring, names: Sequence[str]) -> tuple[Strategy, ...]:
    if not names:
        return measuring.strategies
    found: dict[str, Strategy] = {}
    for name in names:
        page = measuring.session.catalog.page(name)
        of_page = [strategy for strategy in measuring.strategies if page is not None and strategy.page is page]
        own = of_page or [
            named(name, measuring.strategies, title=lambda item: item.title, aliases=lambda _: (), noun="strategy")
        ]
        found.update((strategy.key, strategy) for strategy in own)
    return tuple(found.values())


def strategy_uses(measuring: Measuring) -> dict[str, tuple[Use, ...]]:
    """The experiments of each strategy: those that test it, that mention it, that measure one of its key metrics."""
    session = measuring.session
    found: dict[str, dict[str, Use]] = {}
    by_metric: dict[str, list[Strategy]] = {}
    for strategy in measuring.strategies:
        for metric in strategy.metrics:
            by_metric.setdefault(metric.key, []).append(strategy)
    for page in session.catalog.of_type(session.reading.experiment_types):
        ties = [(test.strategy.key, "tests") for test in measuring.table.tests(page)[0]]
        ties += [
            (key, "mention") for kind, key in (item.known for item in measuring.mentions(page)) if kind == "strategy"
        ]
        ties += [
            (strategy.key, "metric")
            for measure in measuring.measures(page)
            for strategy in by_metric.get(measure.metric.key, ())
        ]
        for key, how in ties:
            found.setdefault(key, {}).setdefault(page.name, Use(experiment=page.title, name=page.name, how=how))
    order = {"tests": 0, "mention": 1, "metric": 2}
    return {key: tuple(sorted(uses.values(), key=lambda use: order[use.how])) for key, uses in found.items()}


def _row(measuring: Measuring, strategy: Strategy, uses: Sequence[Use]) -> StrategyRow:
    fact = strategy.fact
    return StrategyRow(
        name=strategy.key,
        title=strategy.title,
        page=strategy.page.title,
        path=strategy.page.path,
        line=fact.name.line,
        description=fact.description.text if fact.description else "",
        metrics=tuple(metric_brief(measuring.book.reading(metric), "key-metric") for metric in strategy.metrics),
        assumptions=tuple(item.text for item in fact.assumptions),
        risks=tuple(item.text for item in fact.risks),
        impact=fact.impact.text if fact.impact else "",
        expectations=tuple(
            _expectation(measuring, expectation) for expectation in expectations(strategy, measuring.book.reading)
        ),
        experiments=tuple(uses),
    )


def _expectation(measuring: Measuring, found: Expectation) -> ExpectationRow:
    impact = found.impact
    observed = ""
    if found.metric is not None and found.observed is not None and found.kind is not None:
        observed = change_text(found.observed, found.kind, measuring.book.reading(found.metric).unit_text)
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
    """The text with signs that were encoded twice as they are meant; the page itself is not changed."""
    if text.isascii():
        return text
    for broken, sign in sorted(BROKEN.items(), key=lambda item: -len(item[0])):
        text = text.replace(broken, sign)
    return text
