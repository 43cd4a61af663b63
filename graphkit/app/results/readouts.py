"""The results of `readout`: frozen values, printed and encoded as JSON. Lifts are relative, shares fractions."""

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
    n: float | None
    """None if only means and their standard errors are given."""
    conversions: float | None
    """None in a table of means."""
    mean: float | None
    """The share that converted, or the mean; None if it cannot be computed."""
    sd: float | None
    se: float | None
    line: int


class VerdictRow(Record, frozen=True, kw_only=True):
    """One variant against the control; numbers are None if they cannot be computed, `words` gives the reason."""

    variant: str
    outcome: str
    """better, worse, different, no difference, too few, too few to look or not computed."""
    words: str
    """The verdict in a sentence."""
    scale: str = "lift"
    """`lift`, or `difference` where means have no lift: the quantity of `low` and `high`."""
    lift: float | None = None
    """None if the control is 0, or the means have none."""
    low: float | None = None
    """Low end of the deciding interval."""
    high: float | None = None
    """Its high end; None with a `low`: there is no upper end."""
    interval: str = ""
    """`sequential` or `fixed`."""
    level: float | None = None
    """Of the interval: 0.95, divided among several treatments; 0.9 for the two bounds of a guardrail."""
    interval_text: str = ""
    """The interval in words: `+1.3% to +30.3%`, `over +5,123.4%`."""
    difference: float | None = None
    """In the metric's own unit."""
    difference_low: float | None = None
    difference_high: float | None = None
    df: float | None = None
    """Welch's degrees of freedom, of means."""
    p_value: float | None = None
    """Two-sided, adjusted for the number of treatments; None if the sequential interval decides."""
    chance_to_win: float | None = None
    """None before the end, and for a metric to hold."""
    risk: float | None = None
    """Expected relative loss if the variant is shipped; None in the same cases as the chance."""
    harm: str | None = None
    """Of a guardrail: safe, harmed, unclear, worse or no sign of harm."""
    margin: float | None = None
    """Relative."""
    minimum_effect: float | None = None
    """Relative; None if no `mde::` is given."""
    precise_enough: bool | None = None
    """True if the sample suffices for the minimum effect."""
    needed_control: int | None = None
    needed_treatment: int | None = None
    missing_control: int | None = None
    missing_treatment: int | None = None
    missing_days: int | None = None
    """At the pace so far."""


class LookRow(Record, frozen=True, kw_only=True):
    """One variant at one dated look."""

    day: date
    units: float
    """In all arms."""
    variant: str
    lift: float | None
    low: float | None
    """Of the sequential interval; None if there was too little to look at."""
    high: float | None


class ResultRow(Record, frozen=True, kw_only=True):
    """One result table, read out."""

    metric: str
    """Title of its metric; empty if none is named."""
    role: str
    """primary, guardrail or secondary."""
    better: str
    """up, down or hold."""
    path: str
    line: int
    day: date | None
    """The day of the numbers, if the table is dated."""
    control: str
    stop: date | None
    over: bool
    """True if the test has ended: it is past its stop, or stopped, decided or has a result."""
    arms: tuple[ArmRow, ...]
    comparisons: tuple[VerdictRow, ...]
    looks: tuple[LookRow, ...]
    """Every dated table of the metric, the oldest first."""
    ratio_p_value: float | None
    """The p-value of the sample ratio test."""
    ratio_mismatch: bool
    warnings: tuple[str, ...]
    words: tuple[str, ...]
    """Notes on the whole table."""
    unit: str = ""
    """Of the means; empty for shares and where none is written."""
    planned_sample: tuple[int, ...] = ()
    """`sample::` as written, the control's first."""


class CallRow(Record, frozen=True, kw_only=True):
    """The recommendation."""

    decision: str
    """ship, do not ship, keep running, no difference worth having or cannot be told."""
    sentence: str
    reasons: tuple[str, ...]
    variant: str
    """The treatment to ship; empty otherwise."""
    until: date | None
    """The day until which to keep running."""
    proposed_result: str
    """The `result::` to write; empty while nothing is decided, and if one is written."""


class ReadoutReport(Record, frozen=True, kw_only=True):
    """The readout of one experiment."""

    vault: str
    as_of: date
    experiment: str
    path: str
    call: CallRow
    results: tuple[ResultRow, ...]
    findings: tuple[Diagnostic, ...]
    unread: tuple[Diagnostic, ...] = ()
