"""The views there are, by name. A new view is a module of its own and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.views import experiment, goal, metric, readout, status, strategy, tasks, weekly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.views.view import View

VIEWS: Mapping[str, View] = {
    module.VIEW.name: module.VIEW for module in (status, goal, experiment, tasks, weekly, metric, strategy, readout)
}
"""In the order of the documentation."""

PAGE_TEMPLATES = ("experiment", "goal", "metric", "strategy")
"""Kinds of pages that `new` makes, each with a template of that name."""
