"""The views there are, by name. A new view is a module of its own and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.views import (
    experiment_view,
    goal_view,
    metric_view,
    query_view,
    readout_view,
    status_view,
    strategy_view,
    tasks_view,
    weekly_view,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.views.view import View

VIEWS: Mapping[str, View] = {
    module.VIEW.name: module.VIEW
    for module in (
        status_view,
        goal_view,
        experiment_view,
        tasks_view,
        weekly_view,
        metric_view,
        strategy_view,
        readout_view,
        query_view,
    )
}
"""In the order of the documentation."""

PAGE_TEMPLATES = ("experiment", "goal", "metric", "strategy")
"""Kinds of pages that `new` makes, each with a template of that name."""
