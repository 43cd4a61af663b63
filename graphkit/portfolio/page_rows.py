"""The rows of the pages *Overview* and *Programme*, across the vaults of a dataset."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from graphkit.app.results.metric_reports import MetricBrief
from graphkit.app.results.portfolio_reports import Lift, ProgrammePage, TeamExperiment
from graphkit.app.results.reports import ExperimentRow, ForecastBrief
from graphkit.insight.work.progress import Progress
from graphkit.portfolio.questions import ask_question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.portfolio.locked_database import LockedDatabase

_OVERVIEW = """
SELECT team, name AS vault_name, experiments.* FROM experiments JOIN teams USING (vault)
JOIN (SELECT vault, name FROM vaults) USING (vault)
ORDER BY attention_rank, due NULLS LAST, team, title, id
"""

_METRICS = """
SELECT vault, id, title, declared, value, unit, text, day, freshness, score FROM metrics
"""

_STARTED = """
SELECT strftime(start, '%Y-%m') AS month, count(*) FROM experiments
WHERE start IS NOT NULL AND start <= $today::DATE GROUP BY month ORDER BY month
"""

_RESULTS = "SELECT result, count(*) FROM experiments WHERE result IS NOT NULL GROUP BY result ORDER BY result"

_LIFTS = """
SELECT team, title, metric, variant, lift, low, high, outcome FROM readouts JOIN teams USING (vault)
WHERE over AND role = 'primary' AND scale = 'lift' AND lift IS NOT NULL ORDER BY team, title, metric, line, variant
"""

_IN_PROGRESS = """
SELECT team, count(*) FROM tasks JOIN teams USING (vault) WHERE leaf AND status IN ('doing', 'waiting')
GROUP BY team ORDER BY team
"""


def overview_rows(database: LockedDatabase) -> tuple[TeamExperiment, ...]:
    """Every experiment of every team, the most urgent first: the rows of the page *Overview*."""
    names, found = database.ask(_METRICS)
    metrics = {
        (str(values["vault"]), str(values["id"])): values
        for values in (dict(zip(names, row, strict=True)) for row in found)
    }
    names, found = database.ask(_OVERVIEW)
    rows = []
    for row in found:
        values: dict[str, Any] = dict(zip(names, row, strict=True))
        own = tuple(
            _brief(metrics[values["vault"], key], how, breached=key in values["breached"])
            for key, how in zip(values["metrics"], values["metric_ties"], strict=True)
        )
        rows.append(TeamExperiment(team=values["team"], vault=values["vault"], row=experiment_of(values, own)))
    return tuple(rows)


def _brief(values: Mapping[str, Any], how: str, *, breached: bool) -> MetricBrief:
    return MetricBrief(
        name=values["id"].removeprefix("metric:"),
        title=values["title"],
        how=how,
        declared=values["declared"],
        value=values["value"],
        unit=values["unit"],
        text=values["text"],
        day=values["day"],
        freshness=values["freshness"],
        score=values["score"],
        breached=breached,
    )


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def experiment_of(values: Mapping[str, Any], metrics: tuple[MetricBrief, ...] = ()) -> ExperimentRow:
    """An experiment of the dataset as `status` has it, from the columns of `experiments` or of the question `status`.

    Columns that the question leaves out are empty. metrics: those it measures.
    """
    get = values.get
    total, fraction = values["total"], values["fraction"] or 0.0
    forecast = None
    if get("p50") is not None or get("forecast_outcome"):
        forecast = ForecastBrief(
            outcome=get("forecast_outcome") or "forecast",
            source=get("forecast_source") or "written",
            p50=_day(values["p50"]),
            p85=_day(values["p85"]),
            chance=values["chance"],
            reason=get("forecast_reason") or "",
        )
    return ExperimentRow(
        name=values["id"].removeprefix("experiment:"),
        title=values["title"],
        path=values["path"],
        lifecycle=values["lifecycle"],
        lifecycle_derived=values["lifecycle_derived"],
        attention=values["attention"],
        reason=values["reason"],
        word=get("word", ""),
        progress=Progress(
            todo=values["todo"],
            doing=values["doing"],
            waiting=values["waiting"],
            done=values["done"],
            blocked=get("blocked", 0),
            recurring=get("recurring", 0),
            mode=get("mode", "estimate" if total and fraction != values["done"] / total else "count"),
            unit=get("unit", "leaves"),
            done_weight=get("done_weight", fraction),
            total_weight=get("total_weight", 1.0),
            total_deviation=get("total_deviation", 0.0),
        ),
        goals=tuple(values["goals"]),
        owners=tuple(values["owners"]),
        tags=tuple(get("tags", ())),
        start=_day(get("start")),
        due=_day(values["due"]),
        result=values["result"],
        questions=tuple(get("questions", ())),
        diagnostics=get("findings", 0),
        strategies=tuple(get("strategies", ())),
        metrics=metrics,
        health=values["health"],
        health_reason=get("health_reason", ""),
        health_stated=get("health_stated", False),
        states=tuple(get("states", ())),
        last_activity=_day(get("last_activity")),
        stale=get("stale", False),
        forecast=forecast,
    )


def programme_page(database: LockedDatabase) -> ProgrammePage:
    """The page *Programme* across teams: starts, results, win rates, lifts with intervals, throughput."""
    today = {"today": database.manifest.as_of}
    rates = ask_question(database, "win-rate")
    pace = ask_question(database, "velocity", everything=True)
    return ProgrammePage(
        as_of=date.fromisoformat(database.manifest.as_of),
        vaults=len(database.manifest.vaults),
        started={str(month): int(str(number)) for month, number in database.ask(_STARTED, today)[1]},
        results={str(result): int(str(number)) for result, number in database.ask(_RESULTS)[1]},
        win_rates=tuple(dict(zip(rates.columns, row, strict=True)) for row in rates.rows),
        lifts=tuple(Lift(*row) for row in database.ask(_LIFTS)[1]),
        velocity=tuple(dict(zip(pace.columns, row, strict=True)) for row in pace.rows),
        in_progress={str(team): int(str(number)) for team, number in database.ask(_IN_PROGRESS)[1]},
    )
