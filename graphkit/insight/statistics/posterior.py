"""The chance that the treatment is better, and the expected loss of taking it: posteriors after the planned end.

Shares have Beta posteriors under Jeffreys' prior, integrated by quadrature; means have normal ones. Both numbers assume
that nobody chose the moment of looking, so they are computed only for tests that are over.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, TypeAlias

from graphkit.text.records import Record

if TYPE_CHECKING:
    from graphkit.insight.statistics.values import Better, Mean, Proportion

_Beta: TypeAlias = tuple[float, float]
_TAIL = 1e-15
_PLACES = (1e-9, 1e-4, 0.02, 0.5, 0.98, 1 - 1e-4, 1 - 1e-9)
"""Quantiles at which the interval of integration is divided, so that no peak is missed."""


class Posterior(Record, frozen=True, kw_only=True):
    """The comparison of one treatment with the control after the test."""

    chance_to_win: float
    """The probability that the treatment is better than the control."""
    risk: float
    """The expected relative loss if the treatment is taken: E[max(loss, 0)] over the posterior mean of the control."""


def posterior_of_proportions(treatment: Proportion, control: Proportion, better: Better = "up") -> Posterior:
    """The posterior comparison of two shares; for `down`, lower is better."""
    ours, theirs = _jeffreys(treatment), _jeffreys(control)
    base = theirs[0] / (theirs[0] + theirs[1])
    if better == "down":
        return Posterior(chance_to_win=_exceeds(theirs, ours), risk=_excess(ours, theirs) / base)
    return Posterior(chance_to_win=_exceeds(ours, theirs), risk=_excess(theirs, ours) / base)


def _jeffreys(arm: Proportion) -> _Beta:
    return arm.conversions + 0.5, arm.failures + 0.5


def _exceeds(left: _Beta, right: _Beta) -> float:
    """The probability that a share from `left` is above one from `right`: ∫ F_right(Q_left(u)) du, or its mirror.

    The quantiles are those of the narrower distribution, so that the integrand has no step.
    """
    from scipy.integrate import quad  # noqa: PLC0415 - loaded only where a result is computed
    from scipy.special import betaincinv  # noqa: PLC0415

    narrow, wide = sorted((left, right), key=_spread)

    def below(level: float) -> float:
        return _below(wide, float(betaincinv(*narrow, level)))

    share = min(max(float(quad(below, 0.0, 1.0, epsabs=1e-12, epsrel=1e-10, limit=400)[0]), 0.0), 1.0)
    return share if narrow is left else 1 - share


def _excess(left: _Beta, right: _Beta) -> float:
    """E[max(left − right, 0)] = ∫ P(right ≤ t < left) dt."""
    from scipy.integrate import quad  # noqa: PLC0415 - loaded only where a result is computed
    from scipy.special import betaincinv  # noqa: PLC0415

    if left[0] + right[0] > left[1] + right[1]:  # near 1 the complements carry more digits
        left, right = _mirrored(right), _mirrored(left)
    low, high = float(betaincinv(*right, _TAIL)), 1 - float(betaincinv(*_mirrored(left), _TAIL))
    if high <= low:
        return 0.0
    places = {float(betaincinv(*beta, level)) for beta in (left, right) for level in _PLACES}
    cuts = sorted({low, high, *(place for place in places if low < place < high)})
    precise = 1e-15 * (high - low)
    return math.fsum(
        float(quad(lambda t: _below(right, t) * _above(left, t), start, stop, epsabs=precise, epsrel=1e-9)[0])
        for start, stop in itertools.pairwise(cuts)
    )


def _below(beta: _Beta, value: float) -> float:
    from scipy.special import betainc  # noqa: PLC0415 - loaded only where a result is computed

    return float(betainc(*beta, value))


def _above(beta: _Beta, value: float) -> float:
    from scipy.special import betaincc  # noqa: PLC0415 - loaded only where a result is computed

    return float(betaincc(*beta, value))


def _mirrored(beta: _Beta) -> _Beta:
    return beta[1], beta[0]


def _spread(beta: _Beta) -> float:
    total = beta[0] + beta[1]
    return beta[0] / total * beta[1] / total / (total + 1)


def posterior_of_means(treatment: Mean, control: Mean, better: Better = "up") -> Posterior | None:
    """The posterior comparison of two means; None where neither arm varies. The control's mean is above 0."""
    from scipy.special import ndtr  # noqa: PLC0415 - loaded only where a result is computed

    error = math.hypot(treatment.error, control.error)
    if error == 0:
        return None
    score = (treatment.mean - control.mean) / error * (-1 if better == "down" else 1)
    density = math.exp(-score * score / 2) / math.sqrt(2 * math.pi)
    loss = error * max(density - score * float(ndtr(-score)), 0.0)
    return Posterior(chance_to_win=float(ndtr(score)), risk=loss / control.mean if control.mean > 0 else math.nan)
