"""`graphkit plan`: sample, days and the smallest effect, from options, or from an experiment and its metric's page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.app.results.plans import PlanReport, PlanRow, SequentialPlan
from graphkit.quantities.numbers import read_number, read_split
from graphkit.quantities.units import PERCENT, POINTS
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.app.vault import Vault
    from graphkit.insight.experiments.ab_plan import Design, Row
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.insight.statistics.sample_size import Baseline

_TRAFFIC: Final = re.compile(
    r"(?P<count>.+?)\s*(?:/|\b(?:per|a|an|each)\b)\s*(?P<period>day|d|week|w|month|m)s?", re.IGNORECASE
)
_DAYS: Final = {"d": 1.0, "w": 7.0, "m": 365.25 / 12}
_MOST_ARMS: Final = 20
_LONG_DAYS: Final = 56
_MOST_DAYS: Final = 36_500


class PlanWish(Record, frozen=True, kw_only=True):
    """The options for a test, as written on the command line; may be empty."""

    baseline: str = ""
    effect: str = ""
    """`--mde`."""
    traffic: str = ""
    split: str = ""
    arms: int | None = None
    power: float = 0.8
    mean: str = ""
    deviation: str = ""
    days: int | None = None
    sequential: bool = False


class PageSays(Record, frozen=True, kw_only=True):
    """The plan of a test according to an experiment's page and its metric's."""

    experiment: str = ""
    path: str = ""
    metric: str = ""
    share: float | None = None
    mean: float | None = None
    baseline_from: str = ""
    effect: str = ""
    split: str = ""
    falling: bool = False
    sequential: bool = False
    per_day: float | None = None
    start: date | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)


def page_says(vault: Vault, experiment: Experiment) -> PageSays:
    """The baseline, pace, direction and plan that the pages of an experiment and its primary metric give."""
    from graphkit.app.reading.vault_metrics import open_vault_metrics  # noqa: PLC0415 - only where a page is named
    from graphkit.facts.property_values import read_names, read_word  # noqa: PLC0415
    from graphkit.facts.results.result_properties import PLANS, written_properties  # noqa: PLC0415

    page = experiment.page
    opened = vault.open_page(page)
    said = {} if opened is None else written_properties(page, opened.outline, opened.source)
    names = read_names(said.get("primary", ("", 0))[0] or page.properties.get("primary", ""))
    book = open_vault_metrics(vault).book
    metric = book.resolve(names[0]) if names else None
    found = PageSays(
        experiment=page.title,
        path=page.path,
        metric=metric.title if metric is not None else names[0] if names else "",
        effect=said.get("mde", ("", 0))[0],
        split=said.get("split", ("", 0))[0],
        sequential=bool(PLANS.get(read_word(said.get("plan", ("", 0))[0]))),
        start=experiment.start,
    )
    return found if metric is None else _with_metric(found, book.reading(metric), vault.today)


def _with_metric(found: PageSays, reading: MetricReading, today: date) -> PageSays:
    """With the baseline of a metric's page, else its last value, and its n at each cadence as the traffic."""
    from graphkit.text.records import replace  # noqa: PLC0415

    level, current = reading.facts.baseline, reading.current
    value = level.number.value if level is not None else current.value if current is not None else None
    whence = f"baseline:: of {found.metric}" if level is not None else f"the last value of {found.metric}"
    counted = [item for item in reading.observations if item.day <= today and item.n and not item.segment]
    share = reading.unit == PERCENT
    return replace(
        found,
        share=value if share else None,
        mean=None if share else value,
        baseline_from=whence if value is not None else "",
        falling=reading.facts.direction == "down",
        per_day=counted[-1].n / reading.cadence if counted and counted[-1].n else None,
    )


def report_plan(wish: PlanWish, says: PageSays, *, today: date) -> PlanReport:
    """The plan of a test. Raises RequestError for values that cannot be read or are missing, with an example."""
    from graphkit.insight.experiments.ab_plan import (  # noqa: PLC0415 - computes with scipy
        Row,
        row_for_days,
        row_for_effect,
        rows_around,
        rows_by_weeks,
        sequential_row,
    )
    from graphkit.insight.statistics.values import NotComputable  # noqa: PLC0415

    design, whence, traffic_from = _design(wish, says, today)
    effect = _effect(wish.effect or says.effect, design.baseline)
    if effect is not None and effect > 0 and says.falling and not wish.effect.strip().startswith("+"):
        effect = -effect
    falling = effect < 0 if effect is not None else says.falling
    if wish.days is not None and not wish.effect:
        if design.per_day is None:
            raise RequestError("--days needs the traffic", "add --traffic, as in `--traffic 4000/week`")
        made = row_for_days(design, wish.days, falling=falling)
        table = tuple(rows_by_weeks(design, falling=falling))
    elif effect is None:
        raise RequestError(
            "the effect to plan for is missing",
            "add --mde, as in `--mde 10%`, or --days with --traffic, to see what some days can show",
        )
    else:
        made = row_for_effect(design, effect)
        table = rows_around(design, effect)
    if isinstance(made, NotComputable):
        raise RequestError(f"no plan can be made: {made.why}", "correct --baseline, --mde or --power")
    assert isinstance(made, Row)  # noqa: S101 - narrowed for mypy
    run = sequential_row(design, made.effect) if wish.sequential or says.sequential else None
    if isinstance(run, NotComputable):
        raise RequestError(f"no sequential plan can be made: {run.why}", "plan for another effect")
    baseline, deviation = _numbers(design.baseline)
    return PlanReport(
        as_of=today,
        experiment=says.experiment,
        path=says.path,
        metric=says.metric,
        baseline=baseline,
        deviation=deviation,
        baseline_from=whence,
        shares=design.shares,
        power=design.power,
        alpha=design.alpha,
        per_day=design.per_day,
        traffic_from=traffic_from,
        start=design.start,
        effect_text="" if effect is None or (wish.days is not None and not wish.effect) else wish.effect or says.effect,
        plan=_plan_row(made),
        sequential=None
        if run is None
        else SequentialPlan(
            expected_total=run.expected_total,
            expected_days=run.expected_days,
            longest_total=run.longest_total,
            longest_days=run.longest_days,
            end=run.end,
        ),
        table=tuple(map(_plan_row, table)),
        notes=tuple(_notes(made, design)),
    )


def _plan_row(row: Row) -> PlanRow:
    return PlanRow(effect=row.effect, units=row.units, total=row.total, days=row.days, end=row.end)


def _notes(row: Row, design: Design) -> Sequence[str]:
    notes = []
    if row.days is not None and row.days % 7:
        weeks = -(-row.days // 7)
        notes.append(f"weekdays differ: run {weeks} whole week{'' if weeks == 1 else 's'}")
    if row.days is not None and row.days > _LONG_DAYS:
        notes.append("this is longer than eight weeks: plan for a larger effect, or measure something more frequent")
    if len(design.ratios) > 1:
        notes.append(f"{len(design.ratios)} treatments share the error, so each needs more units than in a test alone")
    return notes


def _numbers(baseline: Baseline) -> tuple[float, float | None]:
    from graphkit.insight.statistics.sample_size import MeanBaseline  # noqa: PLC0415

    return (baseline.mean, baseline.deviation) if isinstance(baseline, MeanBaseline) else (baseline.share, None)


def _design(wish: PlanWish, says: PageSays, today: date) -> tuple[Design, str, str]:
    """The design, and where its baseline and its traffic were taken from."""
    from graphkit.insight.experiments.ab_plan import Design  # noqa: PLC0415 - computes with scipy

    if not 0.05 < wish.power < 1:
        raise RequestError(f"--power {wish.power:g} is out of range", "write a fraction between 0.05 and 1, as in 0.8")
    baseline, whence = _baseline(wish, says)
    per_day, traffic_from = (_traffic(wish.traffic), "--traffic") if wish.traffic else (says.per_day, "")
    if per_day is not None and not traffic_from:
        traffic_from = f"the n of the values of {says.metric}"
    start = says.start if says.start is not None and says.start > today else today
    design = Design(baseline=baseline, shares=_shares(wish, says), power=wish.power, per_day=per_day, start=start)
    return design, whence, traffic_from


def _baseline(wish: PlanWish, says: PageSays) -> tuple[Baseline, str]:
    from graphkit.insight.statistics.sample_size import MeanBaseline, ShareBaseline  # noqa: PLC0415

    if wish.mean or (wish.deviation and says.mean is not None):
        if not wish.deviation:
            raise RequestError("--mean needs the standard deviation", "add --sd, as in `--mean 42.1 --sd 18.3`")
        mean = _number(wish.mean, "--mean") if wish.mean else says.mean or 0.0
        whence = "--mean" if wish.mean else says.baseline_from
        return MeanBaseline(mean=mean, deviation=_number(wish.deviation, "--sd")), whence
    if wish.baseline:
        return ShareBaseline(share=_share(wish.baseline)), "--baseline"
    if says.share is not None:
        return ShareBaseline(share=says.share), says.baseline_from
    if says.mean is not None:
        raise RequestError(
            f"“{says.metric}” is a mean without a known standard deviation", "add --sd, as in `--sd 18.3`"
        )
    where = f", or write baseline:: on the page of “{says.metric}”" if says.metric else ""
    raise RequestError("the baseline is missing", f"add --baseline, as in `--baseline 10%`, or --mean with --sd{where}")


def _share(text: str) -> float:
    number = read_number(text.strip())
    if number is None or number.low is not None or (number.unit and number.unit != PERCENT):
        raise RequestError(f"--baseline {text} is not a rate", "write it as in `--baseline 10%`")
    if not number.unit and not 0 < number.value < 1:
        raise RequestError(f"--baseline {text} may be a fraction or a percentage", f"write `--baseline {text}%`")
    return number.value


def _number(text: str, option: str) -> float:
    number = read_number(text.strip())
    if number is None or number.low is not None or number.ambiguous:
        raise RequestError(f"{option} {text} is not a number", f"write it as in `{option} 42.1`")
    return number.value


def _effect(text: str, baseline: Baseline) -> float | None:
    """The relative effect that `--mde` or `mde::` names; None if nothing does."""
    text = text.strip()
    if not text:
        return None
    number = read_number(text.removesuffix("relative").strip())
    base, deviation = _numbers(baseline)
    if number is not None and number.low is None and number.value:
        if number.unit == PERCENT or (not number.unit and abs(number.value) < 1):
            return number.value
        if number.unit == POINTS and deviation is None:
            return number.value / base
        if number.unit == POINTS:
            raise RequestError(f"an effect of {text} is in points of a share, but the baseline is a mean", "write 5%")
    raise RequestError(f"an effect of {text} is not understood", "write it as in `--mde 10%`, or in points: `1pp`")


def _traffic(text: str) -> float:
    """Units a day."""
    match = _TRAFFIC.fullmatch(text.strip())
    number = read_number(match["count"]) if match else None
    if match is None or number is None or number.unit or number.low is not None or number.value <= 0:
        raise RequestError(
            f"--traffic {text} is not understood",
            "write units in all arms and a period, as in `4000/week` or `500/day`",
        )
    return number.value / _DAYS[match["period"][0].lower()]


def _shares(wish: PlanWish, says: PageSays) -> tuple[float, ...]:
    from graphkit.insight.experiments.ab_plan import equal_shares, normal_shares  # noqa: PLC0415

    if wish.arms is not None and not 2 <= wish.arms <= _MOST_ARMS:
        raise RequestError(f"--arms {wish.arms} cannot be planned", f"a test has 2 to {_MOST_ARMS} arms")
    text = wish.split or ("" if wish.arms else says.split)
    if not text:
        return equal_shares(wish.arms or 2)
    weights = read_split(re.sub(r"[;,]", "/", re.sub(r"\s*\([^()]*\)\s*\Z", "", text).replace("%", "")))
    if weights is None or len(weights) > _MOST_ARMS:
        raise RequestError(f"a split of {text} is not understood", "write it as in `9:1`, the control's share first")
    if wish.arms is not None and len(weights) != wish.arms:
        raise RequestError(
            f"a split of {text} has {len(weights)} shares for {wish.arms} arms", "write one share for each arm"
        )
    return normal_shares(weights)
