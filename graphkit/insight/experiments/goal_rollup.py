"""Goals with the experiments that work on them: progress and score rolled up.

spec: domain §1, §3, §7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.page_facts import TaskStatus
from graphkit.facts.property_values import read_names
from graphkit.insight.metrics.score import Score
from graphkit.insight.work.progress import count_leaves
from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.metrics.metric_links import How, Measure
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.insight.work.progress import Progress

SCORED: Final[frozenset[How]] = frozenset({"primary", "key-metric", "linked"})
"""Metrics that an experiment names so tell how far its goal is; a guardrail only forbids, a mention is no claim."""


class Goal(Record, frozen=True, kw_only=True):
    """One goal: a page of that type, or what a `#goal` line or `goal::` names."""

    name: str
    """Its page's name, or its own where it has no page."""
    title: str
    page: PageFacts | None
    experiments: tuple[Experiment, ...]
    """Those that name it, in the order given."""

    @property
    def id(self) -> str:
        """Id of its node in the graph (spec: domain §2)."""
        return f"goal:{self.name}"


def read_goals(catalog: Catalog, experiments: Sequence[Experiment], goal_types: Iterable[str]) -> tuple[Goal, ...]:
    """All goals: pages of the type in the order of loading, then those that are only named, as they are found."""
    pages: dict[str, PageFacts | None] = {page.name: page for page in catalog.of_type(goal_types)}
    titles = {name: page.title for name, page in pages.items() if page is not None}
    workers: dict[str, dict[str, Experiment]] = {}

    def note(title: str) -> str:
        page = catalog.page(title)
        name = page.name if page else page_name(title)
        if name not in pages:
            pages[name] = page
            titles[name] = page.title if page else title
        return name

    for experiment in experiments:
        for title in experiment.goals:
            workers.setdefault(note(title), {})[experiment.page.name] = experiment
    for page in catalog.stating():
        for goal in page.goals:
            note(goal.title)
    return tuple(
        Goal(name=name, title=titles[name], page=page, experiments=tuple(workers.get(name, {}).values()))
        for name, page in pages.items()
    )


def rolled_up(experiments: Iterable[Experiment]) -> Progress:
    """Progress over the leaves of several experiments, each leaf once and with the weight 1.

    Estimates of different experiments are not added up: hours and points would have to be.
    """
    counts = dict.fromkeys(TaskStatus, 0)
    blocked = 0
    seen: set[tuple[str, int]] = set()
    for experiment in experiments:
        for node in experiment.tree.leaves:
            place = (node.path, node.task.block)
            if place in seen:
                continue
            seen.add(place)
            counts[node.status] += 1
            blocked += node.blocked and node.status in {TaskStatus.TODO, TaskStatus.DOING}
    return count_leaves(
        todo=counts[TaskStatus.TODO],
        doing=counts[TaskStatus.DOING],
        waiting=counts[TaskStatus.WAITING],
        done=counts[TaskStatus.DONE],
        blocked=blocked,
    )


def goal_metrics(
    goal: Goal, resolve: Callable[[str], Metric | None], measures: Callable[[PageFacts], Iterable[Measure]]
) -> tuple[Metric, ...]:
    """All the goal's score goes by: its page's `primary::` and `metrics::`, else what its experiments name as SCORED.

    measures: what an experiment's page measures.
    """
    own: list[Metric] = []
    if goal.page is not None:
        for key in ("primary", "metrics"):
            own += [metric for name in read_names(goal.page.properties.get(key, "")) if (metric := resolve(name))]
    if not own:
        found = (measure for experiment in goal.experiments for measure in measures(experiment.page))
        own = [measure.metric for measure in found if measure.how in SCORED]
    return tuple({metric.key: metric for metric in own}.values())


def mean_score(readings: Iterable[MetricReading]) -> float | None:
    """The mean of the scores, each clipped to 0–1; metrics without one are left out, None where all are."""
    scores = [reading.score.shown for reading in readings if isinstance(reading.score, Score)]
    return sum(scores) / len(scores) if scores else None
