"""The χ² test of the arms' sizes against the planned split."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.insight.statistics.values import NotComputable, Why
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

RATIO_ALARM = 0.001
"""Below this p-value a sample-ratio mismatch is reported (spec: domain §8)."""


class SampleRatio(Record, frozen=True, kw_only=True):
    """The test of the arms' sizes against the planned split; the same for any order of the arms."""

    chi_square: float
    df: int
    p_value: float

    @property
    def mismatch(self) -> bool:
        """True when the sizes are so far from the split that the result cannot be trusted."""
        return self.p_value < RATIO_ALARM


def sample_ratio(counts: Sequence[float], split: Sequence[float] = ()) -> SampleRatio | NotComputable:
    """The test of `counts` against `split`, shares of any sum in the order of the arms; equal ones when empty."""
    from scipy.special import chdtrc  # noqa: PLC0415 - loaded only where a result is computed

    if len(counts) < 2:
        return NotComputable(why=Why.NO_ARMS)
    shares = tuple(split) or (1.0,) * len(counts)
    whole = sum(shares)
    if len(shares) != len(counts) or not all(share > 0 for share in shares) or not math.isfinite(whole):
        return NotComputable(why=Why.NO_SPLIT)
    total = sum(counts)
    if not all(count >= 0 for count in counts) or not math.isfinite(total):
        return NotComputable(why=Why.IMPOSSIBLE)
    if total <= 0:
        return NotComputable(why=Why.TOO_FEW_UNITS)
    expected = [total * (share / whole) for share in shares]
    if not all(value > 0 for value in expected):
        return NotComputable(why=Why.OUT_OF_RANGE)
    chi_square = math.fsum((count / value - 1) * (count - value) for count, value in zip(counts, expected, strict=True))
    df = len(counts) - 1
    return SampleRatio(chi_square=chi_square, df=df, p_value=float(chdtrc(df, chi_square)))
