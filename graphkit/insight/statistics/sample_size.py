"""The units that a test needs for an effect, and the effect that some units can show.

Shares: n_C = (z_α·√(p̄q̄(1 + 1/r)) + z_β·√(pq + p₂q₂/r))²/(p₂ − p)² with r = n_T/n_C, p₂ = p(1 + effect) and
p̄ = (p + r·p₂)/(1 + r); means: n_C = (z_α + z_β)²·s²(1 + 1/r)/(effect·mean)². Treatment r·n_C; both rounded up.
With several treatments α is divided by their number, as the readout does.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from graphkit.insight.statistics.values import ALPHA, NotComputable, Why
from graphkit.text.records import Record

POWER = 0.8
"""The chance to see an effect of the planned size (spec: domain §8)."""
_MOST = 1e12


class ShareBaseline(Record, frozen=True, kw_only=True):
    """The conversion rate of the control."""

    share: float


class MeanBaseline(Record, frozen=True, kw_only=True):
    """The mean of the control and the standard deviation of a unit, in one unit."""

    mean: float
    deviation: float


Baseline: TypeAlias = ShareBaseline | MeanBaseline


class Sample(Record, frozen=True, kw_only=True):
    """Units of the control and of each treatment."""

    control: int
    treatment: int

    def total(self, treatments: int = 1) -> int:
        """All units of a test with this number of treatments."""
        return self.control + treatments * self.treatment


def sample_size(
    baseline: Baseline,
    effect: float,
    *,
    ratio: float = 1.0,
    power: float = POWER,
    alpha: float = ALPHA,
    treatments: int = 1,
) -> Sample | NotComputable:
    """The units for a relative effect (.1 is +10 %, −.1 is −10 %). ratio: units of a treatment per unit of control."""
    wrong = check_design(baseline, effect, power)
    if wrong is not None:
        return wrong
    units = _control_units(baseline, effect, ratio, *_reaches(power, alpha / treatments))
    if not units <= _MOST or not ratio * units <= _MOST:
        return NotComputable(why=Why.OUT_OF_RANGE)
    return Sample(control=math.ceil(units), treatment=math.ceil(ratio * units))


def check_design(baseline: Baseline, effect: float, power: float) -> NotComputable | None:
    """The reason why no sample can be computed for a plan; None where one can."""
    if not 0.05 < power < 1:
        return NotComputable(why=Why.NO_POWER)
    if isinstance(baseline, MeanBaseline):
        if not (0 < baseline.mean < math.inf):
            return NotComputable(why=Why.NO_MEAN)
        if not 0 < baseline.deviation < math.inf:
            return NotComputable(why=Why.NO_VARIATION)
    elif not 0 < baseline.share < 1:
        return NotComputable(why=Why.NO_BASELINE)
    elif not 0 <= baseline.share * (1 + effect) <= 1:
        return NotComputable(why=Why.BEYOND)
    return NotComputable(why=Why.NO_EFFECT) if effect == 0 or not math.isfinite(effect) else None


def _reaches(power: float, alpha: float) -> tuple[float, float]:
    from scipy.special import ndtri  # noqa: PLC0415 - loaded only where a plan is computed

    return -float(ndtri(alpha / 2)), float(ndtri(power))


def _control_units(baseline: Baseline, effect: float, ratio: float, reach: float, beyond: float) -> float:
    if isinstance(baseline, MeanBaseline):
        relative = baseline.deviation / baseline.mean / effect
        return (reach + beyond) ** 2 * relative * relative * (1 + 1 / ratio)
    share = baseline.share
    changed = share * (1 + effect)
    pooled = (share + ratio * changed) / (1 + ratio)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    under_effect = math.sqrt(share * (1 - share) + changed * (1 - changed) / ratio)
    root = (reach * under_null + beyond * under_effect) / (share * effect)
    return root * root


def minimum_effect(
    baseline: Baseline,
    control_units: float,
    *,
    ratio: float = 1.0,
    power: float = POWER,
    alpha: float = ALPHA,
    treatments: int = 1,
    falling: bool = False,
) -> float | NotComputable:
    """The smallest relative effect that this many units of control can show, above 0; falling: one downward."""
    from scipy.optimize import brentq  # noqa: PLC0415 - loaded only where a plan is computed

    sign = -1.0 if falling else 1.0
    wrong = check_design(baseline, sign * 1e-9, power)
    if wrong is not None:
        return wrong
    if not control_units >= 1:
        return NotComputable(why=Why.TOO_FEW_UNITS)
    reaches = _reaches(power, alpha / treatments)
    if isinstance(baseline, MeanBaseline):
        most = 0.99 if falling else 1e6
    else:
        most = 1.0 if falling else 1 / baseline.share - 1

    def lacking(log_effect: float) -> float:
        return math.log(_control_units(baseline, sign * math.exp(log_effect), ratio, *reaches) / control_units)

    low, high = math.log(1e-9), math.log(most)
    if lacking(high) > 0 or lacking(low) < 0:
        return NotComputable(why=Why.NEVER)
    return math.exp(float(brentq(lacking, low, high, xtol=1e-12)))
