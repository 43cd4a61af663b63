"""`graphkit burnup`: work done and its scope over time, with the forecast of where it goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from graphkit.app.history.work_past import Past
from graphkit.app.results.history_reports import BurnupPoint, BurnupReport
from graphkit.insight.history.forecasts import NOTHING_ELSE
from graphkit.insight.history.work_history import DayCounts, counts_by_stretch, cycle_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.history.work_past import ExperimentPast
    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.vault import Vault
    from graphkit.insight.history.forecasts import HistorySource
    from graphkit.insight.history.work_history import WorkHistory

By = Literal["day", "week"]

_DAYS_SHOWN: Final = 120
"""Longer histories are shown by week, unless days are requested."""


def report_burnup(
    vault: Vault, name: str | None, filters: Filters, *, by: By | None = None, source: HistorySource = "git"
) -> BurnupReport:
    """The burn-up of one experiment, else of all that the filters keep together.

    Raises RequestError for an unknown name, and suggests similar ones.
    """
    past = Past(vault, source)
    items = past.chosen([name] if name else (), filters)
    return burnup_of(vault, past, items, None if name else ", ".join((*filters.goals, *filters.owners)), by=by)


def burnup_of(
    vault: Vault, past: Past, items: Sequence[ExperimentPast], title: str | None, *, by: By | None = None
) -> BurnupReport:
    """The burn-up of some experiments together under a title; None: of the only one."""
    today = vault.today
    if title is None:
        forecast, history = past.forecast(items[0]), items[0].history
    else:
        forecast, history = past.forecast_together(items, title, NOTHING_ELSE)
    first = history.points[0].day if history.points else today
    chosen: By = by or ("week" if (today - first).days > _DAYS_SHOWN else "day")
    return BurnupReport(
        vault=vault.name,
        as_of=today,
        title=history.title,
        experiments=tuple(item.experiment.page.title for item in items),
        source=past.source,
        notes=past.notes,
        unit=history.points[-1].unit if history.points else "leaves",
        by=chosen,
        points=_points(history, today, 7 if chosen == "week" else 1),
        due=forecast.due,
        forecast=forecast,
        cycle=cycle_times(history),
    )


def _points(history: WorkHistory, today: date, step: int) -> tuple[BurnupPoint, ...]:
    """A point for each period of this many days, the last of which ends today."""
    if not history.points or history.points[0].day > today:
        return ()
    count = -(-((today - history.points[0].day).days + 1) // step)
    ends = [today - timedelta(days=step * number) for number in range(count - 1, -1, -1)]
    points: list[BurnupPoint] = []
    for end, counts in zip(ends, counts_by_stretch(history, ends, step), strict=True):
        at = history.at(end)
        if at is None:
            continue
        points.append(_point(end, at.done, at.scope, at.done_leaves, at.leaves, at.doing, counts))
    return tuple(points)


def _point(
    day: date, done: float, scope: float, done_leaves: int, leaves: int, doing: int, counts: DayCounts
) -> BurnupPoint:
    return BurnupPoint(
        day=day,
        done=done,
        scope=scope,
        done_leaves=done_leaves,
        leaves=leaves,
        doing=doing,
        completed=counts.completed,
        added=counts.added,
        started=counts.started,
        reopened=counts.reopened,
        slipped=counts.slipped,
    )
