"""Error rates of the verdicts by exact enumeration and by simulation with fixed seeds: `pytest -m soak -n 0`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from graphkit.insight.statistics.comparison import LEAST_EXPECTED
from graphkit.insight.statistics.proportions import ratio_score
from graphkit.insight.statistics.sample_size import Sample, ShareBaseline, sample_size
from graphkit.insight.statistics.sequential import sequential_interval
from graphkit.insight.statistics.sequential_plan import SequentialLength, sequential_length
from graphkit.insight.statistics.values import Proportion

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

Z = float(stats.norm.ppf(0.975))
SPLITS = ((1, 1), (9, 1), (1, 9))


def likely(n: int, p: float) -> Iterator[tuple[int, float]]:
    """Numbers of conversions with their probabilities; what is left out has less than 1e-9 in all."""
    low, high = int(stats.binom.ppf(5e-10, n, p)), int(stats.binom.isf(5e-10, n, p))
    xs = np.arange(low, high + 1)
    yield from zip(xs.tolist(), stats.binom.pmf(xs, n, p).tolist(), strict=True)


def decisions(control: int, treatment: int, p_control: float, p_treatment: float) -> tuple[float, float, float]:
    """The probabilities of a verdict, of *better* and of *worse*, by enumeration of all tables."""
    given = better = worse = 0.0
    treated = list(likely(treatment, p_treatment))
    least = LEAST_EXPECTED * (control + treatment) / min(control, treatment)
    for x_c, weight_c in likely(control, p_control):
        for x_t, weight_t in treated:
            total = x_c + x_t
            if min(total, control + treatment - total) < least:
                continue
            weight = weight_c * weight_t
            score = ratio_score(
                Proportion(name="T", n=treatment, conversions=x_t),
                Proportion(name="C", n=control, conversions=x_c),
                0.0,
            )
            given += weight
            better += weight * (score > Z)
            worse += weight * (score < -Z)
    return given, better, worse


@pytest.mark.parametrize(("n", "p"), [(100, 0.05), (1000, 0.01), (4000, 0.10)])
@pytest.mark.parametrize("split", SPLITS, ids=lambda split: "{}:{}".format(*split))
def test_each_side_errs_as_often_as_it_says(n: int, p: float, split: tuple[int, int]) -> None:
    """n units in the smaller arm; the rates are those among the verdicts that are given."""
    control, treatment = (n * share for share in split)
    given, better, worse = decisions(control, treatment, p, p)
    print(f"n={n} p={p} {split}: given {given:.4f} better {better / given:.4f} worse {worse / given:.4f}")  # noqa: T201
    assert 0.015 <= better / given <= 0.035
    assert 0.015 <= worse / given <= 0.035


@pytest.mark.parametrize(("p", "effect"), [(0.02, 0.5), (0.02, 1.0), (0.10, 0.1)])
@pytest.mark.parametrize("split", SPLITS, ids=lambda split: "{}:{}".format(*split))
def test_the_planned_sample_has_the_planned_power(p: float, effect: float, split: tuple[int, int]) -> None:
    planned = sample_size(ShareBaseline(share=p), effect, ratio=split[1] / split[0])
    assert isinstance(planned, Sample)
    _, better, _ = decisions(planned.control, planned.treatment, p, p * (1 + effect))
    print(f"p={p} +{effect:.0%} {split}: {planned.control}/{planned.treatment} power {better:.4f}")  # noqa: T201
    assert abs(better - 0.8) <= 0.02


def looked_at(p_control: float, p_treatment: float, looks: int, step: int, runs: int) -> Iterator[int]:
    """The look at which each simulated test first shows a difference, the last one included; 0 for none."""
    draw = np.random.default_rng(20260302)
    for _ in range(runs):
        controls = np.cumsum(draw.binomial(step, p_control, looks)).tolist()
        treatments = np.cumsum(draw.binomial(step, p_treatment, looks)).tolist()
        for look, (x_c, x_t) in enumerate(zip(controls, treatments, strict=True), start=1):
            n = look * step
            interval = sequential_interval(
                Proportion(name="T", n=n, conversions=x_t), Proportion(name="C", n=n, conversions=x_c)
            )
            if interval is not None and interval.excludes_zero:
                yield look
                break
        else:
            yield 0


@pytest.mark.parametrize("p", [0.01, 0.02, 0.1])
def test_looking_every_fifty_units_raises_few_false_alarms(p: float) -> None:
    runs = 4000
    alarms = sum(look > 0 for look in looked_at(p, p, 400, 50, runs))
    print(f"p={p}: {alarms / runs:.4f} false alarms")  # noqa: T201
    assert alarms / runs <= 0.05


def test_a_sequential_test_runs_as_long_as_planned() -> None:
    planned = sequential_length(ShareBaseline(share=0.1), 0.2)
    assert isinstance(planned, SequentialLength)
    looks = 40
    step = math.ceil(planned.longest / 2 / looks)
    found = list(looked_at(0.1, 0.12, looks, step, 2000))
    power = sum(look > 0 for look in found) / len(found)
    length = sum((look or looks) * step * 2 for look in found) / len(found)
    print(f"planned {planned}; simulated power {power:.3f}, length {length:.0f}")  # noqa: T201
    assert abs(power - 0.8) < 0.03
    assert abs(length / planned.expected - 1) < 0.05
