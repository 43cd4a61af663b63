"""The values of a readout as the rows of its report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.app.results.readouts import ArmRow, CallRow, LookRow, ResultRow, VerdictRow
from graphkit.insight.experiments.ab_readout import Planned
from graphkit.insight.experiments.readout_words import interval_text, table_words, verdict_words
from graphkit.insight.statistics.margins import HARM_ALPHA
from graphkit.insight.statistics.values import ALPHA, NotComputable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.insight.experiments.ab_readout import ResultReadout, Verdict
    from graphkit.insight.experiments.call import Call, PageReadout


def call_row(call: Call, *, written: bool) -> CallRow:
    """The call as a row. written: the page has a `result::`, so none is proposed."""
    return CallRow(
        decision=str(call.decision),
        sentence=call.sentence,
        reasons=call.reasons,
        variant=call.variant,
        until=call.until,
        proposed_result="" if written else call.proposed,
    )


def result_rows(read: PageReadout) -> tuple[ResultRow, ...]:
    """The results of a page as rows, each with its warnings."""
    return tuple(_result_row(result, warned) for result, warned in zip(read.results, read.warnings, strict=True))


def _result_row(read: ResultReadout, warned: Sequence[str]) -> ResultRow:
    ratio = read.ratio
    return ResultRow(
        metric=read.metric,
        role=read.role,
        better=read.wanted,
        path=read.facts.path,
        line=read.facts.line,
        day=read.facts.day,
        control=read.control,
        stop=read.facts.stop,
        over=read.over,
        arms=tuple(_arms(read)),
        comparisons=tuple(_verdict(read, verdict) for verdict in read.verdicts),
        looks=tuple(_looks(read)),
        ratio_p_value=None if isinstance(ratio, NotComputable) else ratio.p_value,
        ratio_mismatch=read.mismatch,
        warnings=tuple(warned),
        words=table_words(read),
        unit=read.facts.unit,
        planned_sample=read.facts.sample,
    )


def _arms(read: ResultReadout) -> Iterator[ArmRow]:
    for fact, arm in read.arms:
        numbers = fact.numbers
        yield ArmRow(
            variant=fact.name,
            control=fact.name.lower() == read.control.lower(),
            n=numbers.n,
            conversions=numbers.conversions,
            mean=numbers.mean if isinstance(arm, NotComputable) else arm.mean,
            sd=numbers.sd,
            se=numbers.se,
            line=fact.line,
        )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _verdict(read: ResultReadout, verdict: Verdict) -> VerdictRow:
    compared, interval = verdict.comparison, verdict.interval
    words = verdict_words(read, verdict)
    if isinstance(compared, NotComputable):
        return VerdictRow(variant=verdict.name, outcome=str(verdict.outcome), words=words)
    planned = verdict.planned if isinstance(verdict.planned, Planned) else None
    guardrail = read.role == "guardrail"
    posterior = compared.posterior if read.over else None
    return VerdictRow(
        variant=verdict.name,
        outcome="not computed" if read.mismatch else str(verdict.outcome),
        words=words,
        scale="difference" if compared.no_lift else "lift",
        lift=compared.lift,
        low=None if interval is None else interval.low,
        high=None if interval is None else _finite(interval.high),
        interval="sequential" if read.sequential else "fixed",
        level=1 - HARM_ALPHA if guardrail else 1 - ALPHA / compared.treatments,
        interval_text="" if interval is None else interval_text(compared, interval, read.facts.unit),
        difference=compared.difference,
        difference_low=None if read.sequential else compared.difference_interval.low,
        difference_high=None if read.sequential else compared.difference_interval.high,
        df=compared.df,
        p_value=None if read.sequential or guardrail else compared.p_value,
        chance_to_win=None if posterior is None else posterior.chance_to_win,
        risk=None if posterior is None else _finite(posterior.risk),
        harm=None if verdict.harm is None or read.mismatch else str(verdict.harm),
        margin=verdict.margin,
        minimum_effect=None if planned is None else planned.effect,
        precise_enough=None if planned is None else planned.enough,
        needed_control=None if planned is None else planned.control,
        needed_treatment=None if planned is None else planned.treatment,
        missing_control=None if planned is None else planned.missing_control,
        missing_treatment=None if planned is None else planned.missing_treatment,
        missing_days=None if planned is None or planned.enough else planned.days,
    )


def _looks(read: ResultReadout) -> Iterator[LookRow]:
    for look in read.looks:
        for name, lift, interval in look.lifts:
            yield LookRow(
                day=look.day,
                units=look.units,
                variant=name,
                lift=lift,
                low=None if interval is None else interval.low,
                high=None if interval is None else _finite(interval.high),
            )
