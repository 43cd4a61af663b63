"""When a number of open leaves will be done, from the leaves done in past weeks; closed form, no random numbers.

The number done in the next weeks is taken to be negative binomial. Its mean is the weighted mean of the past weeks; its
variance adds the scatter of the weeks (φ, shrunk towards 1.5 with the weight of four weeks) and the uncertainty of the
mean itself. spec: domain §5
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

HALF_LIFE: Final = 6.0
"""Weeks after which a past week weighs half."""
WINDOW: Final = 12
"""Weeks that are looked back."""
LEAST_WEEKS: Final = 4
LEAST_DONE: Final = 5
LONGEST: Final = 260
"""Weeks that are looked ahead; what takes longer does not converge."""

_PRIOR_WEEKS: Final = 4
_PRIOR_SCATTER: Final = 1.5
_SUMMED: Final = 64
"""Up to so many terms are summed one by one, in a tenth of the time that the continued fraction takes."""
_ROUNDING: Final = 1e-12
"""What a sum of probabilities may fall short of its value."""


class Pace(Record, frozen=True, kw_only=True):
    """The weighted summary of the past weeks; `mean`, `spread` and `scatter` are the m, s² and φ of the specification.

    All are per week. The number of leaves done in k weeks has the mean k·m and the variance φ·k·m + k²·φ·m/n.
    """

    weeks: int
    done: float
    """Leaves done in these weeks."""
    mean: float
    effective: float
    """n: the number of equally weighted weeks that tell as much."""
    spread: float
    """s²: the variance of the weeks, corrected for n."""
    scatter: float
    """φ: variance over mean, at least 1."""

    def faster(self, factor: float) -> Pace:
        """The same with the mean multiplied; what is known of the scatter stays."""
        return Pace(
            weeks=self.weeks,
            done=self.done,
            mean=self.mean * factor,
            effective=self.effective,
            spread=self.spread,
            scatter=self.scatter,
        )


def halving_weights(weeks: int, half_life: float = HALF_LIFE) -> tuple[float, ...]:
    """A weight for each week, oldest first; the newest has 1."""
    return tuple(2.0 ** (-age / half_life) for age in range(weeks - 1, -1, -1))


def measure_pace(done: Sequence[float], weights: Sequence[float]) -> Pace | None:
    """The pace of some weeks, oldest first; None where nothing was done, or fewer than two weeks are known."""
    total = math.fsum(weights)
    mean = math.fsum(w * d for w, d in zip(weights, done, strict=True)) / total if total else 0.0
    if len(done) < 2 or mean <= 0:
        return None
    n = total * total / math.fsum(w * w for w in weights)
    square = math.fsum(w * (d - mean) ** 2 for w, d in zip(weights, done, strict=True)) / total
    spread = square * n / (n - 1)
    scatter = max(1.0, (_PRIOR_WEEKS * _PRIOR_SCATTER + (n - 1) * spread / mean) / (n + _PRIOR_WEEKS - 1))
    return Pace(
        weeks=len(done), done=math.fsum(done), mean=mean, effective=n, spread=spread, scatter=scatter
    )  # fmt: skip


def chance_within(days: float, remaining: int, pace: Pace) -> float:
    """The probability that at least so many leaves are done within so many days, 0..1."""
    if remaining <= 0:
        return 1.0
    if days <= 0:
        return 0.0
    weeks = days / 7
    mean = weeks * pace.mean
    variance = pace.scatter * mean + weeks * weeks * pace.scatter * pace.mean / pace.effective
    size = mean * mean / (variance - mean)
    return _tail(remaining - 1, size, size / (size + mean))


def quantile_days(probability: float, remaining: int, pace: Pace) -> int | None:
    """The first day, 1 for today, within which all is done with this probability; 0 where nothing remains.

    None where that takes more than 260 weeks.
    """
    if remaining <= 0:
        return 0
    low, high = 0, min(7 * LONGEST, 1 + int(7 * remaining / pace.mean))  # near the even chance
    while chance_within(high, remaining, pace) < probability:
        if high == 7 * LONGEST:
            return None
        low, high = high, min(7 * LONGEST, high + high // 2 + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if chance_within(middle, remaining, pace) < probability:
            low = middle
        else:
            high = middle
    return high


_LARGEST_STEP: Final = 100
"""Changes of the remaining work that are told apart; of larger ones the unit is coarser, at most by a hundredth."""


def weeks_with_growth(
    pairs: Sequence[tuple[int, int]], remaining: int, probabilities: Sequence[float]
) -> tuple[int | None, ...]:
    """For each probability (rising) the first week at whose end no work remains with it, where scope grows on.

    pairs: leaves done and leaves added in each past week, all equally likely to come again. The distribution of the
    remaining work after k weeks is the k-fold convolution of (added − done), stopped where it reaches 0. None where a
    probability is not reached within 260 weeks.
    """
    if remaining <= 0:
        return (0,) * len(probabilities)
    steps = [added - done for done, added in pairs]
    unit = max(1, -(-max(map(abs, steps), default=0) // _LARGEST_STEP))
    likely = Counter(round(step / unit) for step in steps)
    fall, start = -min(likely, default=0), -(-remaining // unit)
    if fall <= 0 or start > fall * LONGEST:
        return (None,) * len(probabilities)
    import numpy as np  # noqa: PLC0415 - 80 ms that only this question pays

    left = np.zeros(fall * LONGEST + 1)  # by remaining work, from 1; what lies higher can never come down in time
    left[start] = 1.0
    finished = 0.0
    found: list[int | None] = []
    for week in range(1, LONGEST + 1):
        after = np.zeros_like(left)
        for step, count in likely.items():
            share = count / len(steps)
            if step >= 0:
                after[1 + step :] += share * left[1 : len(left) - step]
            else:
                finished += share * float(left[1 : 1 - step].sum())
                after[1 : len(left) + step] += share * left[1 - step :]
        left = after
        while len(found) < len(probabilities) and finished >= probabilities[len(found)] - _ROUNDING:
            found.append(week)
        if len(found) == len(probabilities):
            break
    return (*found, *[None] * (len(probabilities) - len(found)))


def _tail(k: int, r: float, p: float) -> float:
    """P(X > k) of the negative binomial with size r and success probability p."""
    if k < 0:
        return 1.0
    likely = math.exp(r * math.log(p))
    if k > _SUMMED or likely == 0.0:
        from graphkit.insight.statistics.small import negative_binomial_tail  # noqa: PLC0415 - for much work only

        return negative_binomial_tail(k, r, p)
    total = likely
    for count in range(k):
        likely *= (r + count) / (count + 1) * (1.0 - p)
        total += likely
    return max(0.0, 1.0 - total)
