"""The view `readout`: what an experiment's result tables say, in numbers and words. Days are absolute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.insight.experiments.ab_readout import p_text
from graphkit.insight.metrics.metric_text import value_text
from graphkit.insight.statistics.ab_test import NotComputable
from graphkit.views.contexts import ArmContext, ReadoutContext, ResultContext
from graphkit.views.experiment_view import asked_experiment
from graphkit.views.view import Built, Parameter, View

if TYPE_CHECKING:
    from graphkit.facts.result_tables import ArmFact
    from graphkit.insight.experiments.ab_readout import ResultReadout, Verdict
    from graphkit.insight.statistics.ab_test import Arm
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material


def build(material: Material, asked: Asked) -> Built:
    """The context of `readout`: of the experiment named, else of the page the view stands on."""
    experiment = asked_experiment(material, asked)
    read = material.readouts(experiment.page)
    title = experiment.page.title
    return Built(
        context=ReadoutContext(
            experiment=title,
            here=asked.page is not None and asked.page.name == experiment.page.name,
            results=tuple(_result(metric, result) for metric, result in read),
        )
    )


def _result(metric: str, result: ResultReadout) -> ResultContext:
    verdicts = {verdict.name: verdict for verdict in result.verdicts}
    ratio = None if isinstance(result.ratio, NotComputable) else result.ratio
    whole = verdicts.get("")
    return ResultContext(
        metric=metric,
        stop=result.facts.stop,
        early=result.early,
        ratio="" if ratio is None else p_text(ratio.p_value),
        mismatch=ratio is not None and ratio.mismatch,
        words=(*((result.sizes,) if result.sizes else ()), *((whole.words,) if whole else ())),
        arms=tuple(_arm(result, fact, arm, verdicts.get(fact.name)) for fact, arm in result.arms),
    )


def _arm(result: ResultReadout, fact: ArmFact, arm: Arm | NotComputable, verdict: Verdict | None) -> ArmContext:
    rate, unit = "", result.facts.unit
    if not isinstance(arm, NotComputable):
        mean = value_text(arm.mean, unit) if unit else f"{arm.mean:.4g}"
        rate = f"{100 * arm.mean:.3g}%" if arm.proportion else mean
    compared = None if verdict is None or isinstance(verdict.comparison, NotComputable) else verdict.comparison
    wins = None if result.better == "hold" else compared
    return ArmContext(
        variant=fact.name,
        control=fact.name.lower() == result.control.lower(),
        n=f"{fact.n:,.0f}",
        rate=rate,
        lift="" if compared is None else _share(compared.lift),
        low="" if compared is None else _share(compared.interval.low),
        high="" if compared is None else _share(compared.interval.high),
        chance="" if wins is None else f"{100 * wins.chance_to_win:.1f}%",
        risk="" if wins is None else f"{100 * wins.risk:.2g}%",
        words="" if verdict is None else verdict.words,
    )


def _share(value: float) -> str:
    """A relative change with its sign, to a tenth of a percent: finer than any machine's rounding differs."""
    shown = f"{100 * value:+.1f}%"
    return "0.0%" if shown in {"+0.0%", "-0.0%"} else shown


VIEW = View(
    name="readout",
    meaning="what an experiment's result tables say, as `graphkit readout` does",
    parameters=(Parameter(name="experiment", kind="name", meaning="another experiment than the page's own"),),
    context=ReadoutContext,
    build=build,
)
