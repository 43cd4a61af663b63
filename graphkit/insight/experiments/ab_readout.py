"""An experiment's result tables read out: comparisons, verdicts, guardrails, looks and what is missing.

Decided where the specification is silent:

- A test is over past its stop, or once it is stopped, decided, archived or has a result.
- Tables of one metric with a day each are looks; the newest, or one without a day, is what is read out.
- The sample for `mde::` starts from the control's numbers, with the effect in the good direction, or in the other one
  where the share would leave 0 to 100 %.
- A guardrail read before the end, or after looks, is judged by its sequential interval at the level of its bounds.
  Guardrails are not adjusted for the number of treatments.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from graphkit.insight.statistics.comparison import Comparison, compare
from graphkit.insight.statistics.margins import HARM_ALPHA, Harm, judge_harm
from graphkit.insight.statistics.sample_ratio import sample_ratio
from graphkit.insight.statistics.sample_size import MeanBaseline, Sample, ShareBaseline, sample_size
from graphkit.insight.statistics.sequential import SEQUENTIAL_TUNING
from graphkit.insight.statistics.values import (
    NotComputable,
    Proportion,
    Why,
    mean,
    mean_with_error,
    proportion,
)
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.facts.results.result_properties import Effect
    from graphkit.facts.results.result_tables import ArmFact, ResultFacts
    from graphkit.insight.statistics.margins import Wanted
    from graphkit.insight.statistics.sample_ratio import SampleRatio
    from graphkit.insight.statistics.values import Arm, Interval

Role = Literal["primary", "guardrail", "secondary"]


class Outcome(StrEnum):
    """The verdict on one treatment."""

    BETTER = "better"
    WORSE = "worse"
    DIFFERENT = "different"
    NO_DIFFERENCE = "no difference"
    TOO_FEW = "too few"
    TOO_EARLY = "too few to look"
    NOT_COMPUTED = "not computed"


class RunState(Record, frozen=True, kw_only=True):
    """Everything an experiment says of its test on a day."""

    today: date
    over: bool = False
    """It is stopped, decided or archived, or has a result, whatever its stop date."""
    decided: bool = False
    """It has a result, or is decided or archived, so it does not go on."""
    start: date | None = None
    tuning: float = SEQUENTIAL_TUNING
    """Units at which the sequential interval is narrowest."""


class Planned(Record, frozen=True, kw_only=True):
    """The sample that the minimum detectable effect needs, against the units so far."""

    effect: float
    """Relative, above 0."""
    control: int
    treatment: int
    missing_control: int
    missing_treatment: int
    days: int | None
    """Days until nothing is missing at the pace so far; None where no pace is known."""

    @property
    def enough(self) -> bool:
        """True where no arm lacks units."""
        return not self.missing_control and not self.missing_treatment


class Verdict(Record, frozen=True, kw_only=True):
    """One treatment against the control, and what it means."""

    name: str
    comparison: Comparison | NotComputable
    outcome: Outcome
    interval: Interval | None
    """The one that decides, of a guardrail that of its bounds; None where there is too little to look at."""
    planned: Planned | NotComputable | None
    """None where no minimum effect is given."""
    margin: float | None = None
    """Relative, where the guardrail has one."""
    harm: Harm | None = None
    """Of a guardrail; None where there is no verdict."""


class Look(Record, frozen=True, kw_only=True):
    """One dated table: the sequential intervals of its treatments at that time."""

    day: date
    units: float
    """In all arms."""
    lifts: tuple[tuple[str, float | None, Interval | None], ...]
    """Treatment, lift, and the interval where there was enough to look at."""


class ResultReadout(Record, frozen=True, kw_only=True):
    """One metric's result on a day."""

    facts: ResultFacts
    metric: str
    role: Role
    wanted: Wanted
    state: RunState
    over: bool
    sequential: bool
    """Decided by the sequential interval: before the end, after looks, or by plan."""
    control: str
    arms: tuple[tuple[ArmFact, Arm | NotComputable], ...]
    verdicts: tuple[Verdict, ...]
    ratio: SampleRatio | NotComputable
    looks: tuple[Look, ...]
    """Every dated table of the metric, the oldest first; empty if it has none but the one read out."""

    @property
    def mismatch(self) -> bool:
        """The arms' sizes do not fit the split, so nothing else is concluded."""
        return not isinstance(self.ratio, NotComputable) and self.ratio.mismatch

    @property
    def units(self) -> float:
        """Units in all arms."""
        return sum(arm.numbers.n or 0 for arm in self.facts.arms)


def read_result(
    facts: ResultFacts,
    looks: Sequence[ResultFacts] = (),
    *,
    state: RunState,
    metric: str = "",
    role: Role = "primary",
    wanted: Wanted = "up",
) -> ResultReadout:
    """One result table read out. looks: other tables of the same metric, each with a day."""
    over = state.over or (facts.stop is not None and state.today >= facts.stop)
    sequential = not over or facts.sequential or _looked_early(facts, looks)
    arms = tuple((fact, _arm(fact)) for fact in facts.arms)
    verdicts = _verdicts(
        facts, arms, _Deciding(state=state, over=over, sequential=sequential, role=role, wanted=wanted)
    )
    dated = sorted((item for item in (*looks, facts) if item.day is not None), key=lambda item: item.day or state.today)
    return ResultReadout(
        facts=facts,
        metric=metric,
        role=role,
        wanted=wanted,
        state=state,
        over=over,
        sequential=sequential,
        control=facts.control,
        arms=arms,
        verdicts=verdicts,
        ratio=_ratio(facts),
        looks=tuple(look for item in dated if (look := _look(item, state.tuning)) is not None)
        if len(dated) > 1 or looks
        else (),
    )


def _looked_early(facts: ResultFacts, looks: Sequence[ResultFacts]) -> bool:
    """A look before the end is on record."""
    if facts.stop is None:
        return bool(looks)
    return any(item.day is not None and item.day < facts.stop for item in (*looks, facts))


class _Deciding(Record, frozen=True, kw_only=True):
    """By what a table's treatments are judged."""

    state: RunState
    over: bool
    sequential: bool
    role: Role
    wanted: Wanted


def _arm(fact: ArmFact) -> Arm | NotComputable:
    numbers = fact.numbers
    if numbers.conversions is not None:
        return proportion(fact.name, numbers.n or 0, numbers.conversions)
    value = numbers.mean if numbers.mean is not None else math.nan
    if numbers.se is not None:
        return mean_with_error(fact.name, value, numbers.se, numbers.n)
    return mean(fact.name, numbers.n or 0, value, math.nan if numbers.sd is None else numbers.sd)


def _ratio(facts: ResultFacts) -> SampleRatio | NotComputable:
    """Of the arms that can be read: what a row that cannot be took away changes nothing between the others."""
    if facts.split is None or any(arm.numbers.n is None for arm in facts.arms):
        return NotComputable(why=Why.NO_SPLIT)
    return sample_ratio([arm.numbers.n or 0 for arm in facts.arms], facts.split)


def _is(name: str, other: str) -> bool:
    return name.lower() == other.lower()


def _verdicts(
    facts: ResultFacts, arms: Sequence[tuple[ArmFact, Arm | NotComputable]], by: _Deciding
) -> tuple[Verdict, ...]:
    control = next((arm for fact, arm in arms if _is(fact.name, facts.control)), None)
    treatments = max(sum(not _is(name, facts.control) for name in facts.rows), 1)
    if control is None:
        unread = any(_is(name, facts.control) for name in facts.rows)
        why = Why.CONTROL_UNREAD if unread else Why.NO_CONTROL if facts.rows else Why.NO_ARMS
        control = NotComputable(why=why, arm=facts.control)
    found = [
        _verdict(facts, fact.name, control, arm, treatments, by)
        for fact, arm in arms
        if not _is(fact.name, facts.control)
    ]
    if not found:
        missing = control if isinstance(control, NotComputable) else NotComputable(why=Why.NO_ARMS)
        found = [_not_computed("", missing)]
    return tuple(found)


def _not_computed(name: str, why: NotComputable) -> Verdict:
    return Verdict(name=name, comparison=why, outcome=Outcome.NOT_COMPUTED, interval=None, planned=None)


def _verdict(
    facts: ResultFacts,
    name: str,
    control: Arm | NotComputable,
    treatment: Arm | NotComputable,
    treatments: int,
    by: _Deciding,
) -> Verdict:
    broken = next((arm for arm in (treatment, control) if isinstance(arm, NotComputable)), None)
    if isinstance(control, NotComputable) or isinstance(treatment, NotComputable):
        return _not_computed(name, broken or NotComputable(why=Why.IMPOSSIBLE))
    believed = by.over and by.role != "guardrail"
    compared = compare(
        control, treatment, treatments=treatments, wanted=by.wanted, over=believed, tuning=by.state.tuning
    )
    if isinstance(compared, NotComputable):
        return _not_computed(name, compared)
    interval = compared.sequential if by.sequential else compared.interval
    outcome = _outcome(compared, interval, by)
    found = Verdict(
        name=name,
        comparison=compared,
        outcome=outcome,
        interval=interval,
        planned=None if by.role == "guardrail" else _planned(facts, compared, treatments, by),
    )
    return _guarded(found, compared, _relative(facts.margin, control), by) if by.role == "guardrail" else found


def _outcome(compared: Comparison, interval: Interval | None, by: _Deciding) -> Outcome:
    if interval is None:
        return Outcome.TOO_EARLY
    if compared.shortages:
        return Outcome.TOO_FEW
    if not interval.excludes_zero:
        return Outcome.NO_DIFFERENCE
    if by.wanted == "hold":
        return Outcome.DIFFERENT
    return Outcome.BETTER if (interval.low > 0) == (by.wanted == "up") else Outcome.WORSE


def _relative(effect: Effect | None, control: Arm) -> float | None:
    """A written change as a share of the control's value; None if it has none, or nothing to relate it to."""
    if effect is None:
        return None
    if effect.relative:
        return effect.value
    return effect.value / control.mean if control.mean > 0 else None


def _guarded(verdict: Verdict, compared: Comparison, margin: float | None, by: _Deciding) -> Verdict:
    """The verdict of a guardrail: harm by one-sided bounds; none where there is too little."""
    bounds = compare(compared.control, compared.treatment, alpha=HARM_ALPHA, tuning=by.state.tuning)
    interval = None if isinstance(bounds, NotComputable) else bounds.sequential if by.sequential else bounds.interval
    if interval is None or verdict.outcome in {Outcome.TOO_FEW, Outcome.TOO_EARLY}:
        return replace(verdict, margin=margin, interval=interval)
    in_units = margin * compared.control.mean if margin is not None and compared.no_lift else margin
    return replace(verdict, margin=margin, interval=interval, harm=judge_harm(interval, by.wanted, in_units))


def _planned(
    facts: ResultFacts, compared: Comparison, treatments: int, by: _Deciding
) -> Planned | NotComputable | None:
    control, treatment = compared.control, compared.treatment
    effect = _relative(facts.effect, control)
    if effect is None or control.n is None or treatment.n is None:
        return None
    sign = -1 if by.wanted == "down" else 1
    baseline = (
        ShareBaseline(share=control.mean)
        if isinstance(control, Proportion)
        else MeanBaseline(mean=control.mean, deviation=control.error * math.sqrt(control.n))
    )
    ratio = treatment.n / control.n
    needed = sample_size(baseline, sign * effect, ratio=ratio, treatments=treatments)
    if isinstance(needed, NotComputable) and needed.why == Why.BEYOND:
        needed = sample_size(baseline, -sign * effect, ratio=ratio, treatments=treatments)
    if not isinstance(needed, Sample):
        return needed
    missing = (max(needed.control - int(control.n), 0), max(needed.treatment - int(treatment.n), 0))
    return Planned(
        effect=effect,
        control=needed.control,
        treatment=needed.treatment,
        missing_control=missing[0],
        missing_treatment=missing[1],
        days=_days(facts, by.state, (control.n, treatment.n), missing),
    )


def _days(facts: ResultFacts, state: RunState, sizes: Sequence[float], missing: Sequence[int]) -> int | None:
    """Days that the missing units take at the pace from the start to the table's day."""
    last = facts.day or min(day for day in (state.today, facts.stop) if day is not None)
    if state.start is None or last <= state.start:
        return None
    elapsed = (last - state.start).days
    return max(math.ceil(lacking * elapsed / size) for lacking, size in zip(missing, sizes, strict=True))


def _look(facts: ResultFacts, tuning: float) -> Look | None:
    if facts.day is None:
        return None
    arms = {fact.name.lower(): arm for fact in facts.arms if not isinstance(arm := _arm(fact), NotComputable)}
    control = arms.pop(facts.control.lower(), None)
    lifts = []
    for arm in arms.values():
        compared = None if control is None else compare(control, arm, treatments=len(arms), tuning=tuning)
        if isinstance(compared, Comparison):
            lifts.append((arm.name, compared.lift, compared.sequential))
    return Look(day=facts.day, units=sum(fact.numbers.n or 0 for fact in facts.arms), lifts=tuple(lifts))
