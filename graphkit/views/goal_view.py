"""The view `goal`: the experiments for one goal, and their progress together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.facts.property_values import read_names
from graphkit.insight.work.progress import count_leaves
from graphkit.quantities.written_dates import read_date
from graphkit.vault.names import page_name
from graphkit.views.contexts import GoalContext
from graphkit.views.status_view import LIMIT
from graphkit.views.view import Built, Parameter, ParameterError, View
from graphkit.views.view_material import DEFAULT_LIMIT, experiment_context, meant, progress_context, same_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.work.progress import Progress
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material


def progress_together(experiments: Iterable[Experiment]) -> Progress:
    """Progress over several experiments, each leaf counted once, even if they share it (spec: domain §3.3)."""
    status: dict[tuple[str, int], tuple[TaskStatus, bool]] = {}
    for experiment in experiments:
        for node in experiment.tree.leaves:
            key = (node.path, node.task.block)
            found = status.get(key)
            # A task that is reached in several ways is closed when any of these ways is.
            if found is None or node.status is TaskStatus.DONE:
                status[key] = (node.status, node.blocked)
    counts = dict.fromkeys(TaskStatus, 0)
    blocked = 0
    for state, held in status.values():
        counts[state] += 1
        blocked += held and state in {TaskStatus.TODO, TaskStatus.DOING}
    return count_leaves(
        todo=counts[TaskStatus.TODO],
        doing=counts[TaskStatus.DOING],
        waiting=counts[TaskStatus.WAITING],
        done=counts[TaskStatus.DONE],
        blocked=blocked,
    )


def build(material: Material, asked: Asked) -> Built:
    """The context of `goal`: of the goal named, else of the view's page."""
    limit = asked.limit(DEFAULT_LIMIT)
    notes: list[str] = []
    written = asked.values.get("goal")
    wanted = written or (asked.page.title if asked.page is not None else "")
    if not wanted:
        raise ParameterError("no goal is named", 'write goal="Title"')
    titles = [title for item in material.experiments() for title in item.goals]
    titles += [page.title for page in material.goal_pages()]
    unknown = f"“{wanted}” is neither the goal of an experiment nor a page of the type goal"
    if written:
        wanted = meant(wanted, titles, material, notes, unknown=unknown)
    names = same_name(wanted, material)
    if not written and names.isdisjoint(map(page_name, titles)):
        notes.append(unknown)
    experiments = [item for item in material.experiments() if not names.isdisjoint(map(page_name, item.goals))]
    page = material.catalog.page(wanted)
    properties = page.properties if page is not None else {}
    return Built(
        context=GoalContext(
            goal=page.title if page is not None else wanted,
            here=page is not None and asked.page is not None and page.name == asked.page.name,
            due=read_date(properties.get("due", ""), material.parse_journal),
            owners=read_names(properties.get("owner", "")),
            progress=progress_context(progress_together(experiments)),
            experiments=tuple(experiment_context(item) for item in experiments[:limit]),
            total=len(experiments),
            more=max(0, len(experiments) - limit),
        ),
        notes=tuple(notes),
    )


VIEW = View(
    name="goal",
    meaning="the experiments for a goal and their progress together",
    parameters=(
        Parameter(name="goal", kind="name", meaning="the goal [default: the view's page]"),
        LIMIT,
    ),
    context=GoalContext,
    build=build,
)
