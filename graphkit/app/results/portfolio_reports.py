"""Results of `portfolio`: frozen values, printed and encoded as JSON."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field's type
from datetime import date  # noqa: TC003

from graphkit.app.results.reports import ExperimentRow  # noqa: TC001
from graphkit.text.records import Record


class UnreadVault(Record, frozen=True, kw_only=True):
    """A vault of which nothing could be read."""

    id: str
    source: str
    error: str


class BuildReport(Record, frozen=True, kw_only=True):
    """The result of `graphkit portfolio build`."""

    place: str
    """The dataset's folder or prefix."""
    as_of: date
    vaults: int
    """Vaults in the dataset."""
    read: int
    """Those that were read in this run."""
    unchanged: int
    """Those whose rows were kept."""
    removed: int
    """Vaults that are no source any more."""
    rows: Mapping[str, int]
    """Rows of each table but `vaults`."""
    unread: tuple[UnreadVault, ...]
    partly: tuple[str, ...]
    """Ids of vaults of which some files could not be read."""


class QuestionReport(Record, frozen=True, kw_only=True):
    """The answer of a dataset to a question or to a SELECT."""

    name: str
    """Names the schema: `portfolio-status`."""
    title: str
    """Empty for a SELECT of the user's."""
    place: str
    as_of: str
    """The day used as today when the dataset was built."""
    vaults: int
    unread: int
    """Vaults that could not be read; nothing of them is in the rows."""
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    """Values as in JSON: days as texts, lists as lists."""


class TeamExperiment(Record, frozen=True, kw_only=True):
    """One experiment of one team."""

    team: str
    """Name of its vault, or the vault's id where several have the name."""
    vault: str
    """Id of its vault."""
    row: ExperimentRow
    """As `status` of its vault has it, but for the series of its metrics."""


class Lift(Record, frozen=True):
    """The lift of one treatment in a test that has ended."""

    team: str
    experiment: str
    metric: str
    variant: str
    lift: float
    low: float | None
    high: float | None
    outcome: str


class ProgrammePage(Record, frozen=True, kw_only=True):
    """The experiments of all teams as a programme."""

    as_of: date
    vaults: int
    started: Mapping[str, int]
    """Experiments by the month in which they began: `2026-03`."""
    results: Mapping[str, int]
    """Decided experiments by result."""
    win_rates: tuple[Mapping[str, object], ...]
    """The rows of `portfolio win-rate`."""
    lifts: tuple[Lift, ...]
    velocity: tuple[Mapping[str, object], ...]
    """The rows of `portfolio velocity --all`."""
    in_progress: Mapping[str, int]
    """Leaves in progress or waiting, by team."""
