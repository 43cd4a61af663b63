"""The view `metric`: a metric's score, its last values, and who works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.insight.metrics.metric_text import number_text, value_text
from graphkit.insight.metrics.score import Score
from graphkit.vault.matching import NoMatch, match_name
from graphkit.views.contexts import MetricContext, MetricViewContext, ObservationContext
from graphkit.views.status_view import LIMIT
from graphkit.views.view import Built, Parameter, ParameterError, View
from graphkit.views.view_material import bar, experiment_context

if TYPE_CHECKING:
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material

DEFAULT_OBSERVATIONS = 12
"""Values shown without `limit=`: a quarter of weekly ones; the metric's page has them all."""


def metric_context(reading: MetricReading, how: str = "") -> MetricContext:
    """A metric as a template sees it."""
    facts, unit, current = reading.facts, reading.unit_text, reading.current
    # The share is floored, as progress is (spec: domain §3.7); the epsilon makes up for rounding errors.
    score = int(100 * reading.score.shown + 1e-9) if isinstance(reading.score, Score) else None
    return MetricContext(
        title=reading.metric.title,
        how=how,
        declared=reading.metric.declared,
        value=value_text(current.value, unit) if current else "",
        day=reading.last,
        unit=unit,
        direction=facts.direction or "",
        baseline=number_text(facts.baseline.number, unit) if facts.baseline else "",
        target=number_text(facts.target.number, unit) if facts.target else "",
        target_day=facts.target.day if facts.target else None,
        score=score,
        bar="" if score is None else bar(score),
        guard=number_text(facts.guard, unit) if facts.guard else "",
        breached=reading.breached,
        freshness=reading.freshness.value,
        owners=facts.owners,
    )


def experiment_metrics(experiment: Experiment, material: Material) -> tuple[MetricContext, ...]:
    """The metrics of an experiment, strongest link first."""
    measured = material.measured()
    return tuple(
        metric_context(measured.book.reading(measure.metric), measure.how)
        for measure in measured.measures(experiment.page)
    )


def build(material: Material, asked: Asked) -> Built:
    """The context of `metric`: of the metric named, else of the view's page."""
    limit = asked.limit(DEFAULT_OBSERVATIONS)
    metric = _metric(material, asked)
    measured = material.measured()
    reading = measured.book.reading(metric)
    past = [item for item in reversed(reading.observations) if item.day <= material.today]
    return Built(
        context=MetricViewContext(
            metric=metric_context(reading),
            here=asked.page is not None and metric.page is not None and metric.page.name == asked.page.name,
            observations=tuple(
                ObservationContext(
                    day=item.day,
                    value=value_text(item.value, reading.unit_text),
                    n="" if item.n is None else f"{item.n:,.0f}",
                    segment=item.segment,
                    source=item.source,
                )
                for item in past[:limit]
            ),
            more=max(0, len(past) - limit),
            experiments=tuple(
                experiment_context(item)
                for item in material.experiments()
                if any(measure.metric.key == metric.key for measure in measured.measures(item.page))
            ),
            strategies=tuple(
                strategy.title
                for strategy in measured.strategies
                if any(own.key == metric.key for own in strategy.metrics)
            ),
        )
    )


def _metric(material: Material, asked: Asked) -> Metric:
    wanted, book = asked.values.get("metric"), material.measured().book
    if wanted is None:
        found = book.names.linked(asked.page.title) if asked.page is not None else None
        if found is None:
            raise ParameterError("its page is not a metric", 'write metric="Title"')
        return found
    resolved = book.resolve(wanted)
    if resolved is not None:
        return resolved
    near = match_name(wanted, tuple(book.names), title=lambda item: item.title)
    if isinstance(near, NoMatch):
        raise ParameterError(f"“{wanted}” is not a metric", near.offer or "write the title of a metric's page")
    return near


VIEW = View(
    name="metric",
    meaning="a metric's score, its last values, and the experiments that measure it",
    parameters=(
        Parameter(name="metric", kind="name", meaning="the metric [default: the view's page]"),
        Parameter(name=LIMIT.name, kind=LIMIT.kind, meaning=f"most values shown; {DEFAULT_OBSERVATIONS} without it"),
    ),
    context=MetricViewContext,
    build=build,
)
