"""The length of a test that is read at every look: how long it runs on average, and at the longest.

The score process of the log ratio gains normal increments between looks, so the chance of having crossed the bounds
is an integral over the values inside them, carried from look to look on a grid (Armitage, McPherson and Rowe, 1969).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.insight.statistics.sample_size import POWER, MeanBaseline, check_design
from graphkit.insight.statistics.sequential import LEAST_EVENTS, SEQUENTIAL_TUNING, half_width_factor
from graphkit.insight.statistics.values import ALPHA, NotComputable, Why
from graphkit.text.records import Record

if TYPE_CHECKING:
    from graphkit.insight.statistics.sample_size import Baseline

_LOOKS = 40
_GRID = 201


class SequentialLength(Record, frozen=True, kw_only=True):
    """The length of a sequential test in units of all arms together, under the planned effect."""

    expected: int
    """The average number of units at the look that decides, or at `longest` where none does."""
    longest: int
    """The number of units by which the planned share of tests (the power) has decided."""


def sequential_length(
    baseline: Baseline,
    effect: float,
    *,
    ratio: float = 1.0,
    power: float = POWER,
    alpha: float = ALPHA,
    treatments: int = 1,
    tuning: float = SEQUENTIAL_TUNING,
) -> SequentialLength | NotComputable:
    """Expected and longest run, with looks spread evenly. ratio: units of a treatment per unit of control."""
    from scipy.optimize import brentq  # noqa: PLC0415 - loaded only where a plan is computed

    wrong = check_design(baseline, effect, power)
    if wrong is None and effect <= -1:
        wrong = NotComputable(why=Why.BEYOND)
    if wrong is not None:
        return wrong
    variance = _unit_variance(baseline, effect, ratio)
    drift, level = math.log1p(effect), alpha / treatments
    arms = 1 + treatments * ratio
    pair = 1 + ratio  # units of one comparison for each unit of the control

    def power_at(log_units: float) -> float:
        return _run(math.exp(log_units), variance, drift, pair, level, tuning)[0] - power

    first = max(_least_control_units(baseline, effect, ratio), 2.0)
    low, high = math.log(first), math.log(first) + 1
    while power_at(high) < 0:
        low, high = high, high + 1
        if high > math.log(1e12):
            return NotComputable(why=Why.OUT_OF_RANGE)
    units = math.exp(low if power_at(low) >= 0 else float(brentq(power_at, low, high, xtol=1e-3)))
    decided = _run(units, variance, drift, pair, level, tuning)
    return SequentialLength(expected=math.ceil(decided[1] * arms), longest=math.ceil(units * arms))


def _unit_variance(baseline: Baseline, effect: float, ratio: float) -> float:
    """The variance of the log ratio times the units of the control."""
    if isinstance(baseline, MeanBaseline):
        control = (baseline.deviation / baseline.mean) ** 2
        return control + control / (1 + effect) ** 2 / ratio
    share, changed = baseline.share, baseline.share * (1 + effect)
    return (1 - share) / share + (1 - changed) / changed / ratio


def _least_control_units(baseline: Baseline, effect: float, ratio: float) -> float:
    """Units of the control from which on a look means anything."""
    if isinstance(baseline, MeanBaseline):
        return LEAST_EVENTS / min(1.0, ratio)
    shares = (baseline.share, baseline.share * (1 + effect))
    return max(
        LEAST_EVENTS / max(min(share, 1 - share), 1e-12) / weight
        for share, weight in zip(shares, (1, ratio), strict=True)
    )


def _run(
    control_units: float, variance: float, drift: float, pair: float, alpha: float, tuning: float
) -> tuple[float, float]:
    """The chance to have decided for the effect, and the average units of control, within this many of them."""
    import numpy as np  # noqa: PLC0415 - comes with scipy, loaded only where a plan is computed

    spread = abs(drift) / math.sqrt(variance)  # drift of the standardised process per unit of information
    times = [control_units * (look + 1) / _LOOKS for look in range(_LOOKS)]
    bounds = [half_width_factor(time * pair, alpha, tuning) * math.sqrt(time) for time in times]
    points, density = np.zeros(1), np.ones(1)
    decided = expected = before = 0.0
    inside = 1.0
    for time, bound in zip(times, bounds, strict=True):
        step = time - before
        expected += inside * step
        grid = np.linspace(-bound, bound, _GRID)
        apart = grid[:, None] - points[None, :] - spread * step
        carried = np.exp(-apart * apart / (2 * step)).dot(density) / math.sqrt(2 * math.pi * step)
        weights = np.full(_GRID, grid[1] - grid[0])
        weights[[0, -1]] /= 2
        points, density, before = grid, carried * weights, time
        inside = float(density.sum())
        decided = 1 - inside
    return decided, expected
