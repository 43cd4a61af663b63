"""What views may look at, and the steps they share from facts to contexts. Knows no template and no page's text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphkit.facts.page_facts import CLOSED, BlockId, TaskStatus
from graphkit.facts.property_values import read_names
from graphkit.insight.work.progress import NO_LEAVES
from graphkit.insight.work.time_states import is_overdue, is_slipped, task_flags
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.vault.matching import NoMatch, match_name
from graphkit.vault.names import page_name
from graphkit.views.contexts import ExperimentContext, ProgressContext, TaskContext, TaskGroup

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.experiments.call import PageReadout
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.experiments.strategy_matrix import Strategy, Test
    from graphkit.insight.history.written_forecasts import WrittenForecasts
    from graphkit.insight.metrics.metric_book import MetricBook
    from graphkit.insight.metrics.metric_links import Measure, NameMention
    from graphkit.insight.work.progress import Progress
    from graphkit.insight.work.work_tree import WorkNode
    from graphkit.views.contexts import QueryItem

DEFAULT_LIMIT = 100
"""Entries that a view shows without `limit=`."""

SIGNS = {
    TaskStatus.TODO: "○",
    TaskStatus.DOING: "◐",
    TaskStatus.WAITING: "◌",
    TaskStatus.DONE: "●",
    TaskStatus.CANCELLED: "✕",
}
"""One sign a state: generated lines never begin with a marker (spec: domain §1)."""

_BAR_CELLS = 10
_BLOCK_REF = lazy_pattern(r"\(\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)\)")


class Measured(Protocol):
    """What the vault measures."""

    @property
    def book(self) -> MetricBook:
        """Its metrics."""
        ...

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """Its strategies, in page order."""
        ...

    def tests(self, page: PageFacts) -> tuple[Test, ...]:
        """The strategies that an experiment tests."""
        ...

    def measures(self, page: PageFacts) -> tuple[Measure, ...]:
        """The metrics of an experiment, the strongest way first."""
        ...

    def mentions(self, page: PageFacts) -> tuple[NameMention, ...]:
        """The known names that an experiment's prose mentions."""
        ...


class QueryFound(Record, frozen=True, kw_only=True):
    """What a query found."""

    items: tuple[QueryItem, ...] = ()
    columns: tuple[str, ...] = ()
    """Names of the values of a row; empty where blocks and pages were found."""
    rows: tuple[tuple[str, ...], ...] = ()


class Material(Record, frozen=True, kw_only=True):
    """The facts of one vault on one day. Lists are made when a view first asks for them."""

    today: date
    catalog: Catalog
    parse_journal: Callable[[str], date | None]
    is_experiment: Callable[[PageFacts], bool]
    experiments: Callable[[], Sequence[Experiment]]
    """All of them in the order of attention."""
    tasks: Callable[[], Sequence[WorkNode]]
    """Every task of every page once, the most urgent first; closed ones too."""
    forecasts: Callable[[], WrittenForecasts]
    """Forecasts as of the last Monday."""
    measured: Callable[[], Measured]
    """Metrics and strategies."""
    goal_pages: Callable[[], Iterable[PageFacts]]
    """The pages of the type goal."""
    query: Callable[[str | None, str | None, str, str | None], QueryFound]
    """Answers the query of an expression, of a name, or of a block's text, on the page of this title.

    Raises ParameterError where there is no such query or no answer."""
    readout: Callable[[PageFacts], PageReadout | None]
    """The result tables of an experiment's page, read out; None without one."""


def bar(percent: int) -> str:
    """Ten signs, as many of them filled as there are full tenths."""
    filled = percent * _BAR_CELLS // 100
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)


def progress_context(progress: Progress) -> ProgressContext:
    """Progress as a template sees it."""
    percent = progress.percent
    return ProgressContext(
        done=progress.done,
        total=progress.total,
        open=progress.open,
        todo=progress.todo,
        doing=progress.doing,
        waiting=progress.waiting,
        blocked=progress.blocked,
        percent=percent,
        cookie=progress.text if progress.total else NO_LEAVES,
        bar=bar(percent or 0) if progress.total else "",
        word=progress.word,
    )


def experiment_context(experiment: Experiment) -> ExperimentContext:
    """An experiment as a template sees it."""
    page = experiment.page
    return ExperimentContext(
        title=page.title,
        lifecycle=experiment.lifecycle,
        attention=experiment.attention,
        reason=experiment.reason,
        result=experiment.result or "",
        progress=progress_context(experiment.progress),
        owners=experiment.owners,
        goals=experiment.goals,
        strategies=read_names(page.properties.get("strategy", "")),
        tags=page.tags,
        start=experiment.start,
        due=experiment.due,
        questions=tuple(question.text for question in page.questions),
    )


def task_context(node: WorkNode, material: Material) -> TaskContext:
    """A task as a template sees it."""
    task, page = node.task, node.page
    return TaskContext(
        text=_task_text(task, material),
        state=node.status.value,
        sign=SIGNS[node.status],
        page=page.title,
        experiment=page.title if material.is_experiment(page) else None,
        id=task.id,
        priority=task.priority,
        scheduled=task.scheduled,
        deadline=task.deadline,
        overdue=node.status not in CLOSED and is_overdue(task, material.today),
        slipped=node.status not in CLOSED and is_slipped(task, material.today),
        blocked=is_held_back(node, material),
        progress=progress_context(node.progress) if node.progress is not None else None,
    )


def _task_text(task: Task, material: Material) -> str:
    """The first line of a task, a reference to another task as what that one says."""

    def said(match: re.Match[str]) -> str:
        found = material.catalog.block(BlockId(match[1].lower()))
        if found is not None:
            page, block = found
            for other in page.tasks:
                if other.block == block:
                    return other.text
        return match[0]

    return _BLOCK_REF.sub(said, task.text) if "((" in task.text else task.text


def is_held_back(node: WorkNode, material: Material) -> bool:
    """Whether an open task waits or is blocked."""
    if node.status in CLOSED:
        return False
    return node.blocked or "blocked" in task_flags(node.task, material.today, material.catalog)


def grouped(nodes: Iterable[WorkNode], material: Material) -> tuple[TaskGroup, ...]:
    """Tasks by page, the pages in the order in which they first come up: one link a page, not one a task."""
    pages: dict[str, list[WorkNode]] = {}
    for node in nodes:
        pages.setdefault(node.page.path, []).append(node)
    return tuple(
        TaskGroup(
            page=group[0].page.title,
            is_experiment=material.is_experiment(group[0].page),
            tasks=tuple(task_context(node, material) for node in group),
        )
        for group in pages.values()
    )


def owners_of(node: WorkNode) -> tuple[str, ...]:
    """Who owns a task: its own `owner::`, else its page's."""
    return read_names(node.task.properties.get("owner", "")) or read_names(node.page.properties.get("owner", ""))


def meant(wanted: str, titles: Iterable[str], material: Material, notes: list[str], *, unknown: str) -> str:
    """What a parameter means among these titles: itself where it is one, or another name of one; else one's beginning.

    Where it means none of them, `unknown` is noted with the near ones, and it stays as it is.
    """
    held = {page_name(title): title for title in titles}
    if not same_name(wanted, material).isdisjoint(held):
        return wanted
    found = match_name(wanted, tuple(held.values()), title=str)
    if not isinstance(found, NoMatch):
        return found
    notes.append("; ".join(filter(None, (unknown, found.offer))))
    return wanted


def same_name(wanted: str, material: Material) -> frozenset[str]:
    """All names under which a page may be meant where people write this title: its own and its aliases'."""
    page = material.catalog.page(wanted)
    titles = (wanted, page.title, *page.aliases) if page is not None else (wanted,)
    return frozenset(page_name(title) for title in titles)
