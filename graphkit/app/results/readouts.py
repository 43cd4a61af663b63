"""What `readout` gives back: frozen values, printed and encoded by others. Lifts are relative, shares fractions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from datetime import date

    from graphkit.text.diagnostics import Diagnostic


class ArmRow(Record, frozen=True, kw_only=True):
    """One variant of a result table."""

    variant: str
    control: bool
    n: float
    conversions: float | None
    """None in a table of means."""
    mean: float | None
    """The share that converted, or the mean; None where it cannot be computed."""
    sd: float | None
    line: int


class VerdictRow(Record, frozen=True, kw_only=True):
    """One variant against the control; numbers are None where they cannot be computed, `words` say why."""

    variant: str
    words: str
    """What the numbers mean."""
    lift: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    """`sequential` before the stop date, else `fixed`; 95 %."""
    difference: float | None = None
    """In the metric's own unit."""
    standard_error: float | None = None
    df: float | None = None
    p_value: float | None = None
    """Two-sided; None before the stop date, where it would mislead."""
    chance_to_win: float | None = None
    risk: float | None = None
    """Expected relative loss if the variant is taken and is worse; this and the chance are None for hold."""
    half_width: float | None = None
    minimum_effect: float | None = None
    """Relative; None where no `mde::` is given."""
    precise_enough: bool | None = None
    needed_per_arm: int | None = None
    missing_per_arm: int | None = None


class ResultRow(Record, frozen=True, kw_only=True):
    """One result table, read out."""

    metric: str
    """Title of its primary metric; empty where none is named."""
    better: str
    """up, down or hold."""
    path: str
    line: int
    control: str
    stop: date | None
    early: bool
    """Whether it is read before its stop date."""
    arms: tuple[ArmRow, ...]
    comparisons: tuple[VerdictRow, ...]
    ratio_p_value: float | None
    """Of the test of the arms' sizes against the split."""
    ratio_mismatch: bool
    words: tuple[str, ...]
    """What holds for the whole table."""
    unit: str = ""
    """Of the means; empty for shares and where none is written."""


class ReadoutReport(Record, frozen=True, kw_only=True):
    """What `graphkit readout EXPERIMENT` shows."""

    vault: str
    as_of: date
    experiment: str
    path: str
    results: tuple[ResultRow, ...]
    findings: tuple[Diagnostic, ...]
    unread: tuple[Diagnostic, ...] = ()
