"""The view `tasks`: open tasks of the vault, the most urgent first, by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus
from graphkit.vault.names import page_name
from graphkit.views.contexts import TasksContext
from graphkit.views.status_view import LIMIT
from graphkit.views.view import Built, Parameter, View
from graphkit.views.view_material import DEFAULT_LIMIT, grouped, is_held_back, meant, owners_of, same_name, task_context

if TYPE_CHECKING:
    from graphkit.insight.work.work_tree import WorkNode
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material

TASK_WORDS = ("todo", "doing", "waiting", "overdue", "slipped", "blocked")
"""The values of `status=` here."""

_OPEN = frozenset({TaskStatus.TODO, TaskStatus.DOING, TaskStatus.WAITING})


def kept_tasks(material: Material, asked: Asked, notes: list[str]) -> list[WorkNode]:
    """The tasks that `experiment= goal= owner=` keep, closed ones too; unknown names are noted."""
    kept = list(material.tasks())
    experiments = material.experiments()
    if (wanted := asked.values.get("experiment")) is not None:
        titles = (item.page.title for item in experiments)
        unknown = f'experiment="{wanted}" is not an experiment'
        names = same_name(meant(wanted, titles, material, notes, unknown=unknown), material)
        kept = [node for node in kept if node.page.name in names]
    if (wanted := asked.values.get("goal")) is not None:
        titles = (title for item in experiments for title in item.goals)
        unknown = f'goal="{wanted}" is the goal of no experiment'
        names = same_name(meant(wanted, titles, material, notes, unknown=unknown), material)
        pages = {item.page.path for item in experiments if not names.isdisjoint(map(page_name, item.goals))}
        kept = [node for node in kept if node.page.path in pages]
    if (wanted := asked.values.get("owner")) is not None and kept:
        titles = (title for node in material.tasks() for title in owners_of(node))
        unknown = f'owner="{wanted}" owns no task'
        names = same_name(meant(wanted, titles, material, notes, unknown=unknown), material)
        kept = [node for node in kept if names.intersection(map(page_name, owners_of(node)))]
    return kept


def build(material: Material, asked: Asked) -> Built:
    """The context of `tasks`."""
    notes: list[str] = []
    limit = asked.limit(DEFAULT_LIMIT)
    words = frozenset(asked.words("status", TASK_WORDS))
    nodes = [node for node in kept_tasks(material, asked, notes) if node.status in _OPEN]
    if words:
        nodes = [node for node in nodes if words.intersection(_words(node, material))]
    shown = nodes[:limit]
    return Built(
        context=TasksContext(
            groups=grouped(shown, material),
            total=len(nodes),
            more=len(nodes) - len(shown),
            overdue=sum(task_context(node, material).overdue for node in nodes),
            blocked=sum(is_held_back(node, material) for node in nodes),
        ),
        notes=tuple(notes),
    )


def _words(node: WorkNode, material: Material) -> set[str]:
    task = task_context(node, material)
    flags = (("overdue", task.overdue), ("slipped", task.slipped), ("blocked", task.blocked))
    return {task.state, *(name for name, holds in flags if holds)}


VIEW = View(
    name="tasks",
    meaning="open tasks, the most urgent first, by page",
    parameters=(
        Parameter(name="experiment", kind="name", meaning="only tasks on this experiment's page"),
        Parameter(name="goal", kind="name", meaning="only tasks on the pages of experiments for this goal"),
        Parameter(name="owner", kind="name", meaning="only tasks whose own or whose page's owner is this one"),
        Parameter(name="status", kind="words", choices=TASK_WORDS, meaning="only these"),
        LIMIT,
    ),
    context=TasksContext,
    build=build,
)
