"""The Python interface: `graphkit.load` and the `Vault` it returns. Reads a vault once, writes nothing.

Everything here is a value and ignores changes after `load`. The graph and the diagnostics are computed when they
are first asked for.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.app.load import load as load_vault
from graphkit.app.opening import locate, working_folder
from graphkit.app.reading.experiments import experiment_named, experiment_row, experiments_of
from graphkit.app.reading.metrics import experiment_metrics
from graphkit.app.reading.strategies import closest_strategies
from graphkit.app.reading.tasks import TaskFilters, report_tasks
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.reports import ExperimentRow
from graphkit.app.results.task_row import TaskRow
from graphkit.facts.page_facts import PageFacts
from graphkit.insight.experiments.goal_rollup import read_goals
from graphkit.text.records import Record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from graphkit.app.querying.query import QueryEngine
    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.results.query_results import QueryAnswer
    from graphkit.app.vault import Vault as LoadedVault
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.graph.vault_graph import VaultGraph
    from graphkit.text.diagnostics import Diagnostic

Page = PageFacts
"""The facts of one page: title, path, properties, tasks, sections, goals."""
ExperimentStatus = ExperimentRow
"""The state of one experiment, as shown by `graphkit status`."""
Task = TaskRow
"""One task with its place, its dates and its flags."""


class Goal(Record, frozen=True, kw_only=True):
    """A goal that experiments work towards."""

    title: str
    path: str | None
    """The file of its page; None without a page."""
    experiments: tuple[str, ...]
    """Titles of the experiments that name it, in order of attention."""


def load(path: str | os.PathLike[str], as_of: dt.date | None = None) -> Vault:
    """Read the vault in a folder.

    as_of: the day to use as today; None: today. Raises `graphkit.RequestError` if there is no such folder, it
    cannot be read, or its `graphkit.toml` is wrong. Problems in the notes do not raise: see `diagnostics`.
    `GRAPHKIT_…` variables count as on the command line.
    """
    root = locate(Path(path), working_folder(Path(path)))
    return Vault(load_vault(root, as_of=as_of, environment=os.environ))


class Vault:
    """A vault as of when it was loaded."""

    def __init__(self, loaded: LoadedVault) -> None:
        """Use `graphkit.load`."""
        self._loaded = loaded

    def __repr__(self) -> str:
        return f"<Vault {self.name}: {len(self.pages)} pages, {len(self.experiments)} experiments>"

    @property
    def name(self) -> str:
        """Name of the vault's folder."""
        return self._loaded.name

    @property
    def path(self) -> Path:
        """The vault's folder."""
        return self._loaded.root

    @property
    def as_of(self) -> dt.date:
        """The day used as today."""
        return self._loaded.today

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """All pages that have a file, in the order in which Logseq loads them: journals first, the newest ahead."""
        return tuple(self._loaded.catalog.pages())

    def page(self, name: str) -> Page | None:
        """The page with this title or alias, in any case, or of this day; None if no file holds it."""
        return self._loaded.catalog.page(name)

    @cached_property
    def _experiments(self) -> tuple[Experiment, ...]:
        return tuple(experiments_of(self._loaded))

    @cached_property
    def experiments(self) -> tuple[ExperimentStatus, ...]:
        """All experiments in order of attention, then by due date and title."""
        return tuple(self._row(experiment) for experiment in self._experiments)

    def experiment(self, name: str) -> ExperimentStatus:
        """The experiment with this title or alias, or the only one whose title begins with it.

        Raises `graphkit.RequestError` that suggests similar names if there is no match.
        """
        return self._row(experiment_named(self._experiments, name))

    @cached_property
    def _vault_metrics(self) -> VaultMetrics:
        return open_vault_metrics(self._loaded)

    def _row(self, experiment: Experiment) -> ExperimentStatus:
        page = experiment.page
        return experiment_row(experiment, experiment_metrics(self._vault_metrics, page), self._strategies(page))

    @cached_property
    def _strategies(self) -> Callable[[PageFacts], tuple[str, ...]]:
        return closest_strategies(self._vault_metrics)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks of the vault, closed ones too, by urgency, the dormant ones last."""
        return report_tasks(self._loaded, TaskFilters(everything=True)).tasks

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """All goals by title: those that pages name, and pages of the type goal."""
        found = read_goals(self._loaded.catalog, self._experiments, self._loaded.reading.goal_types)
        return tuple(
            Goal(
                title=goal.title,
                path=goal.page.path if goal.page else None,
                experiments=tuple(experiment.page.title for experiment in goal.experiments),
            )
            for goal in sorted(found, key=lambda goal: goal.title.lower())
        )

    @cached_property
    def graph(self) -> VaultGraph:
        """The vault as a `networkx.MultiDiGraph`: docs/export.md lists its nodes and edges."""
        from graphkit.app.reading.graph import build_session_graph  # noqa: PLC0415 - networkx, where it is asked for

        return build_session_graph(self._loaded)

    @cached_property
    def _queries(self) -> QueryEngine:
        from graphkit.app.querying.query import QueryEngine  # noqa: PLC0415 - reads all pages again
        from graphkit.vault.layout import Dialect  # noqa: PLC0415

        vault = self._loaded
        if vault.dialect is not Dialect.LOGSEQ:
            vault = load_vault(self.path, as_of=self.as_of, environment=os.environ, dialect=Dialect.LOGSEQ)
        return QueryEngine(vault)

    def query(self, text: str, *, inputs: Sequence[str] | None = None, current_page: str | None = None) -> QueryAnswer:
        """Logseq's answer to a query, simple or datalog: `shown`, `raw`, `rows`, and `results` with places.

        inputs: EDN texts that override the query's `:inputs`. current_page: what `:current-page` means. Raises
        `graphkit.RequestError` with line and column if Logseq fails on the query or a limit is exceeded.
        """
        given = None if inputs is None else tuple(inputs)
        return self._queries.ask(text, page=current_page, inputs=given)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings of `graphkit check`, by path, then place."""
        from graphkit.app.reading.check import report_check  # noqa: PLC0415 - reads all pages again

        return report_check(self._loaded).findings
