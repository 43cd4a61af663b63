"""An experiment's result table read out: the comparisons of `abtest`, and what they mean in words. Knows no page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from graphkit.facts.result_tables import CONTROL_NAMES
from graphkit.insight.statistics.ab_test import (
    NotComputable,
    Why,
    mean_arm,
    precision,
    proportion_arm,
    read_out,
    sample_ratio,
)
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.facts.result_tables import ArmFact, Effect, ResultFacts
    from graphkit.insight.statistics.ab_test import Arm, Better, Comparison, Precision, Readout, SampleRatio

Wanted: TypeAlias = "Better | Literal['hold']"
"""What is wanted of a metric; of one that is to hold no variant is better than another."""

_LEAST_P: Final = 1e-300


class Verdict(Record, frozen=True, kw_only=True):
    """One treatment against the control, with what it means."""

    name: str
    comparison: Comparison | NotComputable
    precision: Precision | NotComputable | None
    """None where no minimum effect is given."""
    words: str


class ResultReadout(Record, frozen=True, kw_only=True):
    """One result table on a day."""

    facts: ResultFacts
    better: Wanted
    early: bool
    """Whether it is read before its stop date."""
    control: str
    arms: tuple[tuple[ArmFact, Arm | NotComputable], ...]
    verdicts: tuple[Verdict, ...]
    ratio: SampleRatio | NotComputable
    sizes: str
    """What the arms' sizes say; empty where they fit a split that is written."""
    words: tuple[str, ...]
    """What holds for the whole table: the arms' sizes, the stop."""


def read_result(facts: ResultFacts, *, today: date, better: Wanted = "up") -> ResultReadout:
    """What a result table says on a day: before its stop date with the sequential interval (spec: domain §8)."""
    arms = tuple((fact, _arm(fact)) for fact in facts.arms)
    usable = [arm for _, arm in arms if not isinstance(arm, NotComputable)]
    early = facts.stop is not None and today < facts.stop
    control = facts.control or _unnamed_control(facts.rows)
    ratio = _ratio(facts)
    sizes = _sizes(facts, ratio)
    read: Readout | NotComputable
    if any(arm.name.lower() == control.lower() for arm in facts.arms) or not facts.rows:
        read = read_out(usable, control=control, split=(), early=early, better="up" if better == "hold" else better)
    else:
        unread = control.lower() in map(str.lower, facts.rows)
        read = NotComputable(why=Why.CONTROL_UNREAD if unread else Why.NO_CONTROL, arm=control)
    verdicts = _verdicts(facts, arms, read, control, better)
    return ResultReadout(
        facts=facts,
        better=better,
        early=early,
        control=control,
        arms=arms,
        verdicts=verdicts,
        ratio=ratio,
        sizes=sizes,
        words=(*((sizes,) if sizes else ()), *_stop(facts, today=today, early=early)),
    )


def _unnamed_control(rows: Sequence[str]) -> str:
    named = [row for name in CONTROL_NAMES for row in rows if row.lower() == name]
    return next(iter((*named, *rows)), "")


def _arm(fact: ArmFact) -> Arm | NotComputable:
    if fact.conversions is not None:
        return proportion_arm(fact.name, fact.n, fact.conversions)
    return mean_arm(fact.name, fact.n, fact.mean or 0.0, -1.0 if fact.sd is None else fact.sd)


def _ratio(facts: ResultFacts) -> SampleRatio | NotComputable:
    """Of the arms that can be read: what a row that cannot be took away changes nothing between the others."""
    if facts.split is None:
        return NotComputable(why=Why.NO_SPLIT)
    return sample_ratio([arm.n for arm in facts.arms], facts.split)


def _verdicts(
    facts: ResultFacts,
    arms: tuple[tuple[ArmFact, Arm | NotComputable], ...],
    read: Readout | NotComputable,
    control: str,
    better: Wanted,
) -> tuple[Verdict, ...]:
    found: list[Verdict] = []
    compared = iter(() if isinstance(read, NotComputable) else read.comparisons)
    for fact, arm in arms:
        if fact.name.lower() == control.lower():
            continue
        if isinstance(arm, NotComputable):
            comparison: Comparison | NotComputable = arm
        else:
            comparison = read if isinstance(read, NotComputable) else next(compared)
        if isinstance(comparison, NotComputable):
            broken = next((other for other_fact, other in arms if other_fact.name.lower() == control.lower()), None)
            if comparison.why in {Why.NO_CONTROL, Why.NO_ARMS} and isinstance(broken, NotComputable):
                comparison = broken
            found.append(
                Verdict(name=fact.name, comparison=comparison, precision=None, words=f"not computed: {why(comparison)}")
            )
            continue
        held = None if facts.effect is None else _precision(comparison, facts.effect)
        found.append(
            Verdict(name=fact.name, comparison=comparison, precision=held, words=_words(comparison, held, better))
        )
    if not found and isinstance(read, NotComputable):
        found.append(Verdict(name="", comparison=read, precision=None, words=f"not computed: {why(read)}"))
    return tuple(found)


def why(reason: NotComputable) -> str:
    """Why there is no number, with the arm that it is about."""
    return f"{reason.why} (“{reason.arm}”)" if reason.arm else str(reason.why)


def _precision(comparison: Comparison, effect: Effect) -> Precision | NotComputable:
    value = effect.value if effect.relative else effect.value / abs(comparison.control.mean)
    found = precision(comparison, value)
    if isinstance(found, NotComputable):
        return found
    return replace(found, minimum_effect=value)


def _words(comparison: Comparison, held: Precision | NotComputable | None, better: Wanted) -> str:
    interval = comparison.interval
    won = comparison.lift < 0 if better == "down" else comparison.lift > 0
    name = comparison.treatment.name
    if interval.excludes_zero:
        relation = "differs from" if better == "hold" else "is better than" if won else "is worse than"
        sure = f"“{name}” {relation} “{comparison.control.name}”"
    else:
        sure = f"no difference is shown between “{name}” and “{comparison.control.name}”"
    if comparison.early:
        sure += " so far"
    if isinstance(held, NotComputable):
        return f"{sure}; the minimum effect cannot be used: {why(held)}"
    if held is None:
        return sure
    if held.enough:
        return f"{sure}; precise enough for an effect of {100 * held.minimum_effect:.3g}%"
    need = (
        f"{held.missing:,} more units an arm are needed" if held.missing else "though the arms have the units it needs"
    )
    return (
        f"{sure}; ±{100 * held.half_width:.3g}% is too coarse for an effect of {100 * held.minimum_effect:.3g}%: {need}"
    )


def _sizes(facts: ResultFacts, ratio: SampleRatio | NotComputable) -> str:
    if facts.split is None:
        return "the split does not fit the table, so the arms' sizes are not tested"
    if isinstance(ratio, NotComputable):
        return ""
    if ratio.mismatch:
        planned = "the split" if facts.split else "equal shares, which are assumed without a split"
        return (
            f"the arms' sizes do not fit {planned} ({p_text(ratio.p_value)}): "
            "do not trust this result before it is clear why"
        )
    return "" if facts.split else "no split is given: equal shares are assumed"


def p_text(value: float) -> str:
    """A p-value with its sign: `p = 0.044`; what is too small for a float is not 0."""
    return f"p = {value:.2g}" if value > _LEAST_P else f"p < {_LEAST_P:.0e}"


def _stop(facts: ResultFacts, *, today: date, early: bool) -> tuple[str, ...]:
    if early and facts.stop is not None:
        days = (facts.stop - today).days
        day = f"{days} day{'' if days == 1 else 's'} before its stop on {facts.stop.isoformat()}"
        return (f"read {day}: the interval is wider, so that looking early is allowed",)
    return () if facts.stop else ("no stop-date:: is given: the interval holds only if nobody has looked before",)
