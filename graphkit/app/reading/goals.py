"""`graphkit goals`: the tree of goals, experiments and metrics with what they add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import experiments_of
from graphkit.app.reading.metrics import experiment_metrics, metric_brief
from graphkit.app.reading.name_lookup import named
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.metric_reports import GoalExperiment, GoalRow, GoalsReport
from graphkit.facts.property_values import read_names
from graphkit.insight.experiments.experiment import ATTENTION, shown_titles
from graphkit.insight.experiments.goal_rollup import goal_metrics, mean_score, read_goals, rolled_up
from graphkit.quantities.written_dates import read_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.experiments.goal_rollup import Goal


def report_goals(vault: Vault, names: Sequence[str] = (), vault_metrics: VaultMetrics | None = None) -> GoalsReport:
    """All goals, or those of these names. Raises RequestError that suggests similar names.

    vault_metrics: the vault's metrics, if they are known already.
    """
    vault_metrics = vault_metrics or open_vault_metrics(vault)
    experiments = experiments_of(vault, vault_metrics)
    goals = read_goals(vault.catalog, experiments, vault.reading.goal_types)
    if names:
        chosen = [
            named(
                name,
                goals,
                title=lambda item: item.title,
                aliases=lambda item: item.page.aliases if item.page else (),
                noun="goal",
            )
            for name in names
        ]
        goals = tuple({goal.name: goal for goal in chosen}.values())
    rank = {word: number for number, word in enumerate(ATTENTION)}
    ordered = sorted(
        goals,
        key=lambda goal: (
            min((rank[item.attention] for item in goal.experiments), default=len(rank)),
            goal.title.lower(),
        ),
    )
    return GoalsReport(
        vault=vault.name,
        as_of=vault.today,
        goals=tuple(_row(vault_metrics, goal) for goal in ordered),
        without_goal=() if names else tuple(_experiment(vault_metrics, item) for item in experiments if not item.goals),
        unread=tuple(vault.unread),
    )


def _row(vault_metrics: VaultMetrics, goal: Goal) -> GoalRow:
    page, catalog = goal.page, vault_metrics.vault.catalog
    book = vault_metrics.book
    readings = [book.reading(metric) for metric in goal_metrics(goal, book.resolve, vault_metrics.measures)]
    due = read_date(page.properties.get("due", ""), vault_metrics.vault.journals.parse) if page else None
    return GoalRow(
        name=goal.name,
        title=goal.title,
        path=page.path if page else "",
        owners=shown_titles(read_names(page.properties.get("owner", "")), catalog) if page else (),
        due=due,
        serves=shown_titles((link.title for link in page.goals), catalog) if page else (),
        progress=rolled_up(goal.experiments),
        score=mean_score(readings),
        metrics=tuple(metric_brief(reading, "linked") for reading in readings),
        experiments=tuple(_experiment(vault_metrics, item) for item in goal.experiments),
    )


def _experiment(vault_metrics: VaultMetrics, experiment: Experiment) -> GoalExperiment:
    page = experiment.page
    return GoalExperiment(
        name=page.name,
        title=page.title,
        path=page.path,
        attention=experiment.attention,
        lifecycle=experiment.lifecycle,
        result=experiment.result,
        progress=experiment.progress,
        metrics=experiment_metrics(vault_metrics, page),
    )
