"""The view `readout`: the results of an experiment and the call, in numbers and words. Days are absolute."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.insight.experiments.readout_words import (
    change_text,
    interval_text,
    p_text,
    percent,
    size_words,
    verdict_words,
)
from graphkit.insight.metrics.metric_text import value_text
from graphkit.insight.statistics.comparison import Comparison
from graphkit.insight.statistics.values import NotComputable, Proportion
from graphkit.views.contexts import ArmContext, ReadoutContext, ResultContext
from graphkit.views.experiment_view import asked_experiment
from graphkit.views.view import Built, Parameter, View

if TYPE_CHECKING:
    from graphkit.facts.results.result_tables import ArmFact
    from graphkit.insight.experiments.ab_readout import ResultReadout, Verdict
    from graphkit.insight.experiments.call import PageReadout
    from graphkit.insight.statistics.values import Arm
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material


def build(material: Material, asked: Asked) -> Built:
    """The context of `readout`: of the experiment named, else of the page the view stands on."""
    experiment = asked_experiment(material, asked)
    read = material.readout(experiment.page)
    call = None if read is None else read.call
    return Built(
        context=ReadoutContext(
            experiment=experiment.page.title,
            here=asked.page is not None and asked.page.name == experiment.page.name,
            call="" if call is None else call.sentence,
            decision="" if call is None else str(call.decision),
            reasons=() if read is None else _reasons(read),
            results=()
            if read is None
            else tuple(_result(result, warned) for result, warned in zip(read.results, read.warnings, strict=True)),
        )
    )


def _reasons(read: PageReadout) -> tuple[str, ...]:
    """The reasons of the call that do not stand below the results anyway."""
    below = {verdict_words(result, verdict) for result in read.results for verdict in result.verdicts}
    return tuple(reason for reason in read.call.reasons if reason not in below)


def _result(result: ResultReadout, warned: tuple[str, ...]) -> ResultContext:
    verdicts = {verdict.name: verdict for verdict in result.verdicts}
    ratio = None if isinstance(result.ratio, NotComputable) else result.ratio
    whole = verdicts.get("")
    sizes = size_words(result)
    return ResultContext(
        metric=result.metric,
        role=result.role,
        day=result.facts.day,
        stop=result.facts.stop,
        early=not result.over,
        ratio="" if ratio is None else p_text(ratio.p_value),
        mismatch=result.mismatch,
        words=(*((sizes,) if sizes else ()), *((verdict_words(result, whole),) if whole else ()), *warned),
        arms=tuple(_arm(result, fact, arm, verdicts.get(fact.name)) for fact, arm in result.arms),
    )


def _arm(result: ResultReadout, fact: ArmFact, arm: Arm | NotComputable, verdict: Verdict | None) -> ArmContext:
    unit = result.facts.unit
    compared = verdict.comparison if verdict is not None and isinstance(verdict.comparison, Comparison) else None
    interval = None if verdict is None or compared is None else verdict.interval
    posterior = compared.posterior if compared is not None and result.over else None
    change = None if compared is None else compared.difference if compared.no_lift else compared.lift
    high = None if interval is None or not math.isfinite(interval.high) else interval.high
    return ArmContext(
        variant=fact.name,
        control=fact.name.lower() == result.control.lower(),
        n="" if fact.numbers.n is None else f"{fact.numbers.n:,.0f}",
        rate=_rate(arm, unit),
        lift="" if compared is None or change is None else change_text(compared, change, unit),
        low="" if compared is None or interval is None else change_text(compared, interval.low, unit),
        high="" if compared is None or high is None else change_text(compared, high, unit),
        interval="" if compared is None or interval is None else interval_text(compared, interval, unit),
        outcome="" if verdict is None else str(verdict.harm or verdict.outcome),
        chance="" if posterior is None else percent(posterior.chance_to_win, signed=False),
        risk="" if posterior is None else f"{100 * posterior.risk:.2g}%",
        words="" if verdict is None else verdict_words(result, verdict),
    )


def _rate(arm: Arm | NotComputable, unit: str) -> str:
    if isinstance(arm, NotComputable):
        return ""
    if isinstance(arm, Proportion):
        return f"{100 * arm.mean:.3g}%"
    return value_text(arm.mean, unit) if unit else f"{arm.mean:.4g}"


VIEW = View(
    name="readout",
    meaning="what an experiment's result tables say, as `graphkit readout` does",
    parameters=(Parameter(name="experiment", kind="name", meaning="another experiment than the page's own"),),
    context=ReadoutContext,
    build=build,
)
