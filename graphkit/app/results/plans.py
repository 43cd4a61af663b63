"""The result of `plan`: frozen values, printed and encoded as JSON. Effects are relative, shares fractions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.results.writes import WrittenPages
from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.writes import PageWrite
    from graphkit.text.diagnostics import Diagnostic


class PlanRow(Record, frozen=True, kw_only=True):
    """One effect with the sample and the days that it takes."""

    effect: float
    """With its sign."""
    units: tuple[int, ...]
    """Of each arm, the control's first."""
    total: int
    days: int | None
    """None if the traffic is not known."""
    end: date | None


class SequentialPlan(Record, frozen=True, kw_only=True):
    """The length of a test that may be read at any time, under the planned effect."""

    expected_total: int
    expected_days: int | None
    longest_total: int
    """The day by which the planned power is reached."""
    longest_days: int | None
    end: date | None
    """After the longest run."""


class PlanReport(WrittenPages, Record, frozen=True, kw_only=True):
    """A test before it is run."""

    as_of: date
    experiment: str
    """Empty if no experiment is named."""
    path: str
    metric: str
    baseline: float
    """The conversion rate, or the mean, of the control."""
    deviation: float | None
    """The standard deviation of a unit; None for a rate."""
    baseline_from: str
    """Its source: `--baseline`, or the metric's page."""
    shares: tuple[float, ...]
    """Of the arms, the control's first."""
    power: float
    alpha: float
    per_day: float | None
    traffic_from: str
    """The source of the traffic; empty if unknown."""
    start: date
    effect_text: str
    """The effect as written in `--mde` or `mde::`; empty if it follows from the days."""
    plan: PlanRow
    sequential: SequentialPlan | None
    """The sequential plan, if requested."""
    table: tuple[PlanRow, ...]
    """Other effects, or other numbers of weeks."""
    notes: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    """The lines that were, or would be, written into the page."""
    diff: str = ""
    pages: tuple[PageWrite, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    run: int | None = None
    """Number of the run, for `undo`."""
