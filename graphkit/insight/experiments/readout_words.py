"""The sentences of a readout: verdicts, what is missing, warnings. Percentages are relative lifts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from graphkit.insight.experiments.ab_readout import Outcome
from graphkit.insight.metrics.metric_text import value_text
from graphkit.insight.statistics.comparison import Comparison
from graphkit.insight.statistics.margins import Harm
from graphkit.insight.statistics.values import NotComputable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.experiments.ab_readout import Planned, ResultReadout, Verdict
    from graphkit.insight.statistics.comparison import Shortage
    from graphkit.insight.statistics.values import Interval

_LEAST_P: Final = 1e-300
_LARGE_LIFT: Final = 0.5
"""A lift beyond this to either side is more often an error of measurement than an effect (spec: domain §8)."""


def percent(value: float, *, signed: bool = True) -> str:
    """A share as a percentage to a tenth, finer than the rounding of any machine differs: `+14.9%`, `0.0%`."""
    shown = f"{100 * value:+,.1f}%" if signed else f"{100 * value:,.1f}%"
    return "0.0%" if shown in {"+0.0%", "-0.0%"} else shown


def p_text(value: float) -> str:
    """A p-value with its sign: `p = 0.044`; what is too small for a float is not 0."""
    return f"p = {value:.2g}" if value > _LEAST_P else f"p < {_LEAST_P:.0e}"


def change_text(comparison: Comparison, value: float, unit: str) -> str:
    """A lift, or a difference in the metric's unit where the means have no lift."""
    if not comparison.no_lift:
        return percent(value)
    shown = value_text(abs(value), unit) if unit else f"{abs(value):.4g}"
    return f"{'-' if value < 0 else '+'}{shown}"


def interval_text(comparison: Comparison, interval: Interval, unit: str = "") -> str:
    """Both ends of an interval; one that does not exist is written as such (`over +5,123.4%`)."""
    low = change_text(comparison, interval.low, unit)
    return f"{low} to {change_text(comparison, interval.high, unit)}" if math.isfinite(interval.high) else f"over {low}"


def why(reason: NotComputable) -> str:
    """The reason why there is no number, with the arm that it is about."""
    return f"{reason.why} (“{reason.arm}”)" if reason.arm else str(reason.why)


def verdict_words(result: ResultReadout, verdict: Verdict) -> str:
    """The verdict on one treatment in a sentence, with what is missing."""
    compared = verdict.comparison
    if isinstance(compared, NotComputable):
        return f"not computed: {why(compared)}"
    if result.mismatch:
        return "no conclusion while the arms' sizes do not match the split"
    parts = [_harm_words(result, verdict) if result.role == "guardrail" else _relation(result, verdict)]
    if compared.no_lift:
        parts.append(compared.no_lift)
    if isinstance(verdict.planned, NotComputable):
        parts.append(f"the minimum effect cannot be used: {why(verdict.planned)}")
    elif verdict.planned is not None:
        parts.append(planned_words(verdict.planned, result.control, verdict.name))
    return "; ".join(parts)


def _relation(result: ResultReadout, verdict: Verdict) -> str:
    treatment, control = f"“{verdict.name}”", f"“{result.control}”"
    so_far = "" if result.over else " so far"
    compared = verdict.comparison
    if verdict.outcome is Outcome.TOO_EARLY:
        return f"too early to look at {treatment}: {_look_words(compared)}"
    if verdict.outcome is Outcome.TOO_FEW and isinstance(compared, Comparison):
        return f"no verdict on {treatment}: {_shortage_words(compared.shortages)}"
    return {
        Outcome.BETTER: f"{treatment} is better than {control}{so_far}",
        Outcome.WORSE: f"{treatment} is worse than {control}{so_far}",
        Outcome.DIFFERENT: f"{treatment} differs from {control}{so_far}",
        Outcome.NO_DIFFERENCE: f"no difference is shown between {treatment} and {control}{so_far}",
    }.get(verdict.outcome, "not computed")


def _shortage_words(shortages: tuple[Shortage, ...]) -> str:
    """`too few conversions: 50 more units in “a”`."""
    scarce = shortages[0].events
    known = [f"{item.missing:,} more units in “{item.arm}”" for item in shortages if item.missing]
    return f"too few {scarce}" + (f" ({' and '.join(known)} would be enough)" if known else "")


def _look_words(compared: Comparison | NotComputable) -> str:
    if isinstance(compared, Comparison) and compared.df is None and compared.no_lift:
        return "the arms' units are not given"
    return "before the end, each arm needs 10 conversions and 10 non-conversions, or 10 units for a mean"


def planned_words(planned: Planned, control: str, treatment: str) -> str:
    """The units that are missing for the minimum effect: `7,351 more units per arm needed for an effect of 10%`."""
    effect = f"an effect of {100 * planned.effect:.3g}%"
    if planned.enough:
        return f"enough units for {effect}"
    if planned.missing_control == planned.missing_treatment:
        missing = f"{planned.missing_control:,} more units per arm"
    else:
        arms = ((planned.missing_control, control), (planned.missing_treatment, treatment))
        missing = " and ".join(f"{count:,} more units in “{name}”" for count, name in arms if count)
    days = "" if planned.days is None else f" ({_days(planned.days)} at the pace so far)"
    return f"{missing} needed for {effect}{days}"


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"


def _harm_words(result: ResultReadout, verdict: Verdict) -> str:
    name = f"“{verdict.name}”"
    if verdict.harm is None:
        return _relation(result, verdict)
    margin = "" if verdict.margin is None else f" the margin of {100 * verdict.margin:.3g}%"
    return {
        Harm.SAFE: f"{name} is safe: any harm stays within{margin}",
        Harm.HARMED: f"{name} does harm, possibly more than{margin}",
        Harm.UNCLEAR: f"it is unclear whether {name} stays within{margin}",
        Harm.WORSE: f"{name} is worse than “{result.control}”",
        Harm.NO_SIGN: f"{name} shows no sign of harm",
    }[verdict.harm]


def size_words(result: ResultReadout) -> str:
    """The verdict on the arms' sizes; empty where they fit a split that is written."""
    facts, ratio = result.facts, result.ratio
    if facts.split is None:
        return "the split does not match the table, so the arms' sizes are not tested"
    if isinstance(ratio, NotComputable):
        return ""
    if ratio.mismatch:
        planned = "the split" if facts.split else "an equal split, which graphkit assumes because none is given"
        return (
            f"the arms' sizes do not match {planned} ({p_text(ratio.p_value)}): "
            "do not trust this result until you know why"
        )
    return "" if facts.split else "no split is given, so graphkit assumes an equal one"


def table_words(result: ResultReadout) -> tuple[str, ...]:
    """All that holds for a whole table: the arms' sizes, by which interval it is decided, how exact its numbers are."""
    return tuple(filter(None, (size_words(result), _deciding_words(result), _rounding_words(result))))


def _deciding_words(result: ResultReadout) -> str:
    facts, today = result.facts, result.state.today
    if not result.over:
        if facts.stop is None:
            return "no end is known (write stop-date::), so the interval is wider to allow for looking early"
        before = _days((facts.stop - today).days)
        return (
            f"read {before} before it stops on {facts.stop.isoformat()}, "
            "so the interval is wider to allow for looking early"
        )
    if not result.sequential:
        return "" if facts.stop else "no stop-date:: is given, so the interval holds only if nobody looked earlier"
    if facts.sequential:
        return "decided by the sequential interval, as planned"
    return "decided by the sequential interval, because a look before the end is on record"


def _rounding_words(result: ResultReadout) -> str:
    coarse = [
        fact
        for fact in result.facts.arms
        if (count := fact.numbers.conversions) is not None
        and (n := fact.numbers.n)
        and fact.numbers.rounding > 0.2 * math.sqrt(max(count * (n - count) / n, 1.0))
    ]
    if not coarse:
        return ""
    worst = max(coarse, key=lambda fact: fact.numbers.rounding)
    return (
        f"the rate of “{worst.name}” is rounded, so its conversions are known only to "
        f"within ±{worst.numbers.rounding:,.0f}: write the conversions"
    )


def warnings(result: ResultReadout, page_primary: str = "") -> Iterator[str]:
    """All that should be looked at before the result is believed. page_primary: title of the page's primary metric."""
    for verdict in result.verdicts:
        compared = verdict.comparison
        if isinstance(compared, Comparison) and compared.lift is not None and abs(compared.lift) > _LARGE_LIFT:
            yield f"a lift of {percent(compared.lift)} is unusual: check the measurement of “{verdict.name}” first"
    if result.role == "primary" and page_primary and result.metric and page_primary.lower() != result.metric.lower():
        yield f"the page's primary metric is “{page_primary}”, but this result is for “{result.metric}”"
    if len(result.looks) > 1 and not result.facts.sequential:
        yield f"looked at {len(result.looks)} times without `plan:: sequential`"
    if result.over and len(result.verdicts) > 1 and _winners(result) == 1:
        yield f"the best of {len(result.verdicts)} treatments was picked afterwards: its true lift is probably smaller"


def _winners(result: ResultReadout) -> int:
    return sum(verdict.outcome is Outcome.BETTER for verdict in result.verdicts)
