"""The view `experiment`: the progress of the experiment on whose page the view is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.vault.matching import NoMatch, match_name
from graphkit.views.contexts import ExperimentViewContext, ForecastContext
from graphkit.views.metric_view import experiment_metrics
from graphkit.views.status_view import LIMIT
from graphkit.views.view import Built, Parameter, ParameterError, View
from graphkit.views.view_material import DEFAULT_LIMIT, experiment_context, is_held_back, task_context

if TYPE_CHECKING:
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material


def build(material: Material, asked: Asked) -> Built:
    """The context of `experiment`: of the one named, else of the view's page."""
    limit = asked.limit(DEFAULT_LIMIT)
    found = asked_experiment(material, asked)
    nodes = found.tree.nodes
    top = [node for node in nodes if node.depth == 0 and node.status is not TaskStatus.CANCELLED]
    while len(top) == 1 and top[0].children:
        # A single top task repeats the totals; its subtasks are more informative.
        below = [nodes[index] for index in top[0].children if nodes[index].status is not TaskStatus.CANCELLED]
        if not below:
            break
        top = below
    overdue = [item for item in (task_context(node, material) for node in nodes) if item.overdue]
    overdue.sort(key=lambda item: (item.deadline is None, item.deadline))
    return Built(
        context=ExperimentViewContext(
            experiment=experiment_context(found),
            forecast=forecast_context(found, material),
            tasks=tuple(task_context(node, material) for node in top[:limit]),
            more=max(0, len(top) - limit),
            overdue=tuple(overdue),
            blocked=tuple(task_context(node, material) for node in nodes if node.leaf and is_held_back(node, material)),
            metrics=experiment_metrics(found, material),
        )
    )


def forecast_context(experiment: Experiment, material: Material) -> ForecastContext | None:
    """The forecast of an experiment as of the last Monday."""
    forecasts = material.forecasts()
    found = forecasts.forecast(experiment)
    if found is None or found.p50 is None:
        return None
    percent = None if found.chance is None else min(99, max(1, round(100 * found.chance))) if found.chance else 0
    return ForecastContext(day=forecasts.day, p50=found.p50, p85=found.p85, percent=percent)


def asked_experiment(material: Material, asked: Asked) -> Experiment:
    """The experiment that `experiment=` names, else that of the page. Raises ParameterError."""
    wanted = asked.values.get("experiment")
    page = asked.page if wanted is None else material.catalog.page(wanted)
    found = next((item for item in material.experiments() if page is not None and item.page.name == page.name), None)
    if found is not None:
        return found
    if wanted is None:
        raise ParameterError("its page is not an experiment", 'write experiment="Title"')
    near = match_name(wanted, material.experiments(), title=lambda item: item.page.title)
    if isinstance(near, NoMatch):
        raise ParameterError(f"“{wanted}” is not an experiment", near.offer or "give the title of an experiment's page")
    return near


VIEW = View(
    name="experiment",
    meaning="progress of the experiment on whose page it is",
    parameters=(
        Parameter(name="experiment", kind="name", meaning="another experiment than the page's own"),
        LIMIT,
    ),
    context=ExperimentViewContext,
    build=build,
)
