"""`graphkit forecast`: finishing dates of experiments, and how past forecasts came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.history.work_past import Past
from graphkit.app.results.history_reports import ForecastReport
from graphkit.insight.history.hit_rates import hit_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.history.work_past import ExperimentPast
    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.vault import Vault
    from graphkit.insight.history.forecasts import HistorySource, WhatIf


def report_forecast(
    vault: Vault, names: Sequence[str], filters: Filters, what_if: WhatIf, source: HistorySource = "git"
) -> ForecastReport:
    """The forecasts of the experiments that are named, else of all that the filters keep and that are not closed.

    Raises RequestError for an unknown name, and suggests similar ones.
    """
    past = Past(vault, source)
    return forecast_of(vault, past, past.chosen(names, filters), what_if, named=bool(names))


def forecast_of(
    vault: Vault, past: Past, items: Sequence[ExperimentPast], what_if: WhatIf, *, named: bool
) -> ForecastReport:
    """The forecasts of some experiments. named: of closed ones too."""
    if not named:
        items = tuple(item for item in items if not item.closed)
    rows = tuple(past.forecast(item, what_if) for item in items)
    return ForecastReport(
        vault=vault.name,
        as_of=vault.today,
        source=past.source,
        notes=past.notes,
        scope=what_if.scope,
        pace=what_if.pace,
        forecasts=rows,
        together=past.forecast_together(items, "together", what_if)[0] if len(items) > 1 else None,
        hit_rates=hit_rates([item.history for item in past.items], vault.today),
    )
