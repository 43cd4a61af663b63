"""What the arms of an experiment say: lift, intervals, chance to win, sample ratio; numbers only, no pages or files.

The arithmetic is that of spec: domain §8, with `scipy.special` for the distributions, loaded only when a function needs
it. Every function is total: what cannot be computed is a `NotComputable` with its reason in words, never an exception,
a warning or a nan.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

ALPHA = 0.05
"""Share of intervals that may miss the truth: 95 % intervals (spec: domain §8)."""

POWER = 0.8
"""Chance to see a lift of the minimum detectable effect (spec: domain §8: z at .8)."""

SEQUENTIAL_TUNING = 5000
"""N*, the number of units at which the sequential interval is tightest (spec: domain §8)."""

RATIO_ALARM = 0.001
"""Below this p-value a sample-ratio mismatch is reported (spec: domain §8)."""

Better = Literal["up", "down"]
"""The direction in which a metric is better; a treatment wins in this direction."""


class Why(StrEnum):
    """Why a number cannot be computed."""

    TOO_FEW_UNITS = "an arm has fewer than two units"
    IMPOSSIBLE = "an arm's numbers cannot be right"
    ZERO_CONTROL = "the control's mean is 0, so there is no relative lift"
    NO_VARIATION = "no variation in the arms, so there is no interval"
    ZERO_TREATMENT = "the arm's mean is 0 without variation, so there is no interval"
    OUT_OF_RANGE = "the numbers are too large or too small to compute with"
    NO_ARMS = "fewer than two arms"
    NO_SPLIT = "the split does not fit the arms"
    NO_CONTROL = "no arm has the control's name"
    CONTROL_UNREAD = "the control's row cannot be read"
    NO_EFFECT = "the minimum detectable effect is 0"


class NotComputable(Record, frozen=True, kw_only=True):
    """The answer where there is no number: the reason, and the arm it is about where it is about one."""

    why: Why
    arm: str = ""


class Arm(Record, frozen=True, kw_only=True):
    """One variant: its units, their mean, and the variance of one unit; made by `proportion_arm` or `mean_arm`."""

    name: str
    n: float
    mean: float
    variance: float
    proportion: bool = False


class Interval(Record, frozen=True, kw_only=True):
    """A closed interval, of relative lifts unless said otherwise (.15 is 15 %)."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance of the ends: the precision of what it encloses."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether both ends lie on one side of 0."""
        return self.low > 0 or self.high < 0


class Comparison(Record, frozen=True, kw_only=True):
    """One treatment against the control; lifts are relative (.15 is 15 %).

    Under exchange of the arms `difference` changes its sign and `df` stays. The relative numbers do not mirror: for
    means of one sign 1 + lift turns into 1 / (1 + lift), and `standard_error` is multiplied by (control mean /
    treatment mean)²; so the lift changes its sign but not to the same size, and a chance to win above one half falls
    below it. `chance_to_win` for the two choices of `better` adds up to 1.
    Means and deviations in another unit (a factor) change `difference` by that factor, and nothing else.
    """

    control: Arm
    treatment: Arm
    difference: float
    """Treatment mean minus control mean, in the metric's own unit."""
    lift: float
    standard_error: float
    df: float
    """Welch–Satterthwaite degrees of freedom."""
    p_value: float
    """Two-sided, of no lift; holds at the planned stop only."""
    fixed_interval: Interval
    """Student's t; holds at the planned stop only."""
    sequential_interval: Interval
    """Holds however often one looks (asymptotic confidence sequence)."""
    chance_to_win: float
    risk: float
    """Expected relative loss if the treatment is taken and is worse."""
    early: bool
    """Whether it was read before the planned stop."""

    @property
    def interval(self) -> Interval:
        """The interval to show: the sequential one before the planned stop, else Student's."""
        return self.sequential_interval if self.early else self.fixed_interval


class SampleRatio(Record, frozen=True, kw_only=True):
    """The χ² test of the arms' sizes against the planned split; the same for any order of the arms."""

    chi_square: float
    df: int
    p_value: float

    @property
    def mismatch(self) -> bool:
        """Whether the sizes are so far from the split that the result cannot be trusted."""
        return self.p_value < RATIO_ALARM


class Precision(Record, frozen=True, kw_only=True):
    """The half width of the interval against the minimum detectable effect, and the units still needed."""

    half_width: float
    minimum_effect: float
    needed_per_arm: int
    """Units that every arm needs for this effect at 80 % power."""
    missing: int
    """Units that the smaller arm still lacks, 0 when there are enough."""

    @property
    def enough(self) -> bool:
        """Whether the interval is at most as wide as the effect to both sides."""
        return self.half_width <= self.minimum_effect


class Readout(Record, frozen=True, kw_only=True):
    """All treatments against one control."""

    control: Arm
    comparisons: tuple[Comparison | NotComputable, ...]
    """One for each other arm, in the order given."""
    sample_ratio: SampleRatio | NotComputable


def proportion_arm(name: str, n: float, conversions: float) -> Arm | NotComputable:
    """An arm in which each unit converts or not; the variance of a unit is p(1 − p) (spec: domain §8)."""
    if not (math.isfinite(n) and 0 <= conversions <= n):
        return NotComputable(why=Why.IMPOSSIBLE, arm=name)
    if n < 2:
        return NotComputable(why=Why.TOO_FEW_UNITS, arm=name)
    share = conversions / n
    return Arm(name=name, n=n, mean=share, variance=share * (1 - share), proportion=True)


def mean_arm(name: str, n: float, mean: float, deviation: float) -> Arm | NotComputable:
    """An arm of measured values; `deviation` is the standard deviation of one unit, in the unit of `mean`."""
    if not (math.isfinite(n) and math.isfinite(mean) and 0 <= deviation < math.inf and n >= 0):
        return NotComputable(why=Why.IMPOSSIBLE, arm=name)
    if n < 2:
        return NotComputable(why=Why.TOO_FEW_UNITS, arm=name)
    return Arm(name=name, n=n, mean=mean, variance=deviation * deviation)


def compare(
    control: Arm, treatment: Arm, *, alpha: float = ALPHA, early: bool = False, better: Better = "up"
) -> Comparison | NotComputable:
    """The treatment against the control.

    early: read before the stop date, so `interval` is the sequential one. better: the direction in which the treatment
    wins; for `down` the chance to win is P(lift < 0) and the risk E[max(lift, 0)]. alpha: between 0 and 1, exclusive.
    """
    from scipy.special import ndtr, stdtr, stdtrit  # noqa: PLC0415 - loaded only where a result table is computed

    if control.mean == 0:
        return NotComputable(why=Why.ZERO_CONTROL, arm=control.name)
    scale = abs(control.mean)
    ratio = treatment.mean / scale
    part_control = control.variance / scale / scale / control.n
    part_treatment = treatment.variance / scale / scale / treatment.n
    variance = part_treatment + part_control * ratio * ratio
    difference = treatment.mean - control.mean
    lift = difference / scale
    if not (math.isfinite(variance) and math.isfinite(lift)):
        return NotComputable(why=Why.OUT_OF_RANGE)
    if variance <= 0:  # the delta method multiplies the control's variance by the treatment's mean
        alone = control.variance > 0 and treatment.mean == 0
        return (
            NotComputable(why=Why.ZERO_TREATMENT, arm=treatment.name) if alone else NotComputable(why=Why.NO_VARIATION)
        )
    error = math.sqrt(variance)
    # as shares of their sum, so that neither tiny nor huge variances leave the range of floats
    share = part_treatment / (part_treatment + part_control)
    df = 1 / (share * share / (treatment.n - 1) + (1 - share) * (1 - share) / (control.n - 1))
    score = lift / error
    p_value = 2 * float(stdtr(df, -abs(score)))
    reach = float(stdtrit(df, 1 - alpha / 2)) * error
    wide = _sequential_half_width(error, control.n + treatment.n, alpha)
    if not (math.isfinite(reach) and math.isfinite(wide) and math.isfinite(score)):
        return NotComputable(why=Why.OUT_OF_RANGE)
    toward = score if better == "up" else -score
    chance = float(ndtr(toward))
    density = math.exp(-score * score / 2) / math.sqrt(2 * math.pi)
    risk = error * max(density - toward * float(ndtr(-toward)), 0.0)
    return Comparison(
        control=control,
        treatment=treatment,
        difference=difference,
        lift=lift,
        standard_error=error,
        df=df,
        p_value=p_value,
        fixed_interval=Interval(low=lift - reach, high=lift + reach),
        sequential_interval=Interval(low=lift - wide, high=lift + wide),
        chance_to_win=chance,
        risk=risk,
        early=early,
    )


def _sequential_half_width(error: float, n: float, alpha: float) -> float:
    """Half width of the asymptotic confidence sequence with n units in all arms together (spec: domain §8)."""
    tuning = (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / SEQUENTIAL_TUNING
    spread = n * tuning + 1
    return error * math.sqrt(2 * spread * math.log(math.sqrt(spread) / alpha) / (n * tuning))


def sample_ratio(counts: Sequence[float], split: Sequence[float] = ()) -> SampleRatio | NotComputable:
    """Whether the arms have the sizes that the split planned; `split` are shares of any sum, equal ones when empty."""
    from scipy.special import chdtrc  # noqa: PLC0415 - loaded only where a result table is computed

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


def sample_per_arm(
    baseline: float, minimum_effect: float, *, power: float = POWER, alpha: float = ALPHA
) -> int | NotComputable:
    """Units each arm needs to see a relative change of a proportion, rounded up (spec: domain §8)."""
    changed = baseline * (1 + minimum_effect)
    if not (0 < baseline < 1 and 0 <= changed <= 1):
        return NotComputable(why=Why.IMPOSSIBLE)
    spread = baseline * (1 - baseline) + changed * (1 - changed)
    return _units_for(changed - baseline, spread, power, alpha)


def sample_per_arm_of_means(
    mean: float, deviation: float, minimum_effect: float, *, power: float = POWER, alpha: float = ALPHA
) -> int | NotComputable:
    """Units each arm needs to see a relative change of a mean: spec: domain §8 with 2σ² for the two variances."""
    if not (math.isfinite(mean) and 0 <= deviation < math.inf):
        return NotComputable(why=Why.IMPOSSIBLE)
    if mean == 0:
        return NotComputable(why=Why.ZERO_CONTROL)
    relative = deviation / abs(mean)
    return _units_for(minimum_effect, 2 * relative * relative, power, alpha)


def _units_for(effect: float, spread: float, power: float, alpha: float) -> int | NotComputable:
    """(z at 1 − α/2 + z at the power)² · spread / effect², rounded up."""
    from scipy.special import ndtri  # noqa: PLC0415 - loaded only where a result table is computed

    if effect == 0:
        return NotComputable(why=Why.NO_EFFECT)
    reach = float(ndtri(1 - alpha / 2)) + float(ndtri(power))
    units = spread / abs(effect) * reach * reach / abs(effect)
    return math.ceil(units) if math.isfinite(units) else NotComputable(why=Why.OUT_OF_RANGE)


def precision(comparison: Comparison, minimum_effect: float) -> Precision | NotComputable:
    """How the interval to show compares with a relative minimum detectable effect, and what is still to be collected.

    The sample needed starts from the control: its share for proportions, its mean and deviation for means.
    """
    control = comparison.control
    effect = abs(minimum_effect)
    if control.proportion:
        needed = sample_per_arm(control.mean, effect)
        if isinstance(needed, NotComputable):  # the rise would pass 100 %; the fall is the same distance away
            needed = sample_per_arm(control.mean, -effect)
    else:
        needed = sample_per_arm_of_means(control.mean, math.sqrt(control.variance), effect)
    if isinstance(needed, NotComputable):
        return needed
    smaller = min(control.n, comparison.treatment.n)
    return Precision(
        half_width=comparison.interval.half_width,
        minimum_effect=effect,
        needed_per_arm=needed,
        missing=max(math.ceil(needed - smaller), 0),
    )


def read_out(
    arms: Sequence[Arm],
    *,
    control: str = "",
    split: Sequence[float] = (),
    alpha: float = ALPHA,
    early: bool = False,
    better: Better = "up",
) -> Readout | NotComputable:
    """Every other arm against the one named `control` (any case; the first arm when empty), and the sample ratio.

    split: planned shares in the order of the arms, equal when empty. A name that no arm has: `NO_CONTROL`.
    """
    if len(arms) < 2:
        return NotComputable(why=Why.NO_ARMS)
    wanted = control.strip().lower()
    base = next((arm for arm in arms if not wanted or arm.name.strip().lower() == wanted), None)
    if base is None:
        return NotComputable(why=Why.NO_CONTROL, arm=control)
    return Readout(
        control=base,
        comparisons=tuple(
            compare(base, arm, alpha=alpha, early=early, better=better) for arm in arms if arm is not base
        ),
        sample_ratio=sample_ratio([arm.n for arm in arms], split),
    )
