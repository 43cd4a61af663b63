"""`graphkit metrics`: all metrics, one with its series, or the names in prose that may be metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.reading.name_lookup import named
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.metric_reports import (
    CandidatePlace,
    CandidateRow,
    CandidatesReport,
    MetricBrief,
    MetricDetail,
    MetricRow,
    MetricsReport,
    ObservationRow,
    PointRow,
    Use,
)
from graphkit.insight.experiments.experiment import shown_titles
from graphkit.insight.experiments.strategy_matrix import near_names, surplus_findings
from graphkit.insight.metrics.metric_text import number_text, value_text
from graphkit.insight.metrics.score import Score
from graphkit.quantities.units import read_unit
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.text.diagnostics import Diagnostic

SPARK_VALUES = 12
"""The number of values in a sparkline."""
PERIOD_DAYS: Final = {"day": 1, "week": 7, "month": 31}


def report_metrics(vault: Vault, vault_metrics: VaultMetrics | None = None) -> MetricsReport:
    """Every metric, declared or only named. vault_metrics: the vault's metrics, if they are known already."""
    vault_metrics = vault_metrics or open_vault_metrics(vault)
    uses, strategies = _uses(vault_metrics), _strategies(vault_metrics)
    rows = [metric_row(vault_metrics, metric, uses, strategies) for metric in vault_metrics.book.metrics]
    rows.sort(key=lambda row: (not row.declared, row.title.lower()))
    return MetricsReport(vault=vault.name, as_of=vault.today, metrics=tuple(rows), unread=tuple(vault.unread))


def report_metric(vault: Vault, wanted: str) -> MetricDetail:
    """One metric with its observations. Raises RequestError that suggests similar names."""
    vault_metrics = open_vault_metrics(vault)
    metric = vault_metrics.book.resolve(wanted) or named(
        wanted,
        vault_metrics.book.metrics,
        title=lambda item: item.title,
        aliases=lambda item: item.aliases,
        noun="metric",
    )
    return _detail(vault_metrics, metric, _uses(vault_metrics), _strategies(vault_metrics))


def metric_details(vault_metrics: VaultMetrics) -> tuple[MetricDetail, ...]:
    """All metrics with their observations, in the order of `metrics`."""
    uses, strategies = _uses(vault_metrics), _strategies(vault_metrics)
    found = [_detail(vault_metrics, metric, uses, strategies) for metric in vault_metrics.book.metrics]
    return tuple(sorted(found, key=lambda detail: (not detail.metric.declared, detail.metric.title.lower())))


def _detail(
    vault_metrics: VaultMetrics, metric: Metric, uses: dict[str, list[Use]], strategies: dict[str, list[str]]
) -> MetricDetail:
    vault, reading = vault_metrics.vault, vault_metrics.book.reading(metric)
    facts = reading.facts
    unit = reading.unit_text
    return MetricDetail(
        vault=vault.name,
        as_of=vault.today,
        metric=metric_row(vault_metrics, metric, uses, strategies),
        aliases=metric.aliases,
        source=facts.source,
        aggregate=f"{facts.aggregate.kind} per {facts.aggregate.period}" if facts.aggregate else "",
        scale=read_unit(unit).factor,
        unit_text=unit,
        gap_days=2 * max(reading.cadence, PERIOD_DAYS[facts.aggregate.period] if facts.aggregate else 1),
        points=tuple(
            PointRow(day=point.day, value=point.value, text=value_text(point.value, unit)) for point in reading.series
        ),
        observations=observation_rows(reading, vault.today),
        findings=reading.diagnostics,
        unread=tuple(vault.unread),
    )


def observation_rows(reading: MetricReading, today: date) -> tuple[ObservationRow, ...]:
    """The observations of a metric, the newest first."""
    unit = reading.unit_text
    return tuple(
        ObservationRow(
            day=item.day,
            value=item.value,
            text=value_text(item.value, unit),
            written=item.text,
            n=item.n,
            segment=item.segment,
            source=item.source,
            kind=item.kind,
            path=item.path,
            line=item.line,
            future=item.day > today,
        )
        for item in reversed(reading.observations)
    )


def metric_row(
    vault_metrics: VaultMetrics, metric: Metric, uses: dict[str, list[Use]], strategies: dict[str, list[str]]
) -> MetricRow:
    """The row of a metric in `metrics`."""
    reading = vault_metrics.book.reading(metric)
    facts = reading.facts
    unit = reading.unit_text
    current = reading.current
    reached = reading.score if isinstance(reading.score, Score) else None
    unclear = reading.breach is not None and not reading.breach.certain
    return MetricRow(
        name=metric.key,
        title=metric.title,
        declared=metric.declared,
        path=metric.page.path if metric.page else "",
        unit=reading.unit,
        direction=facts.direction,
        value=current.value if current else None,
        text=value_text(current.value, unit) if current else "",
        day=reading.last,
        baseline=facts.baseline.number.value if facts.baseline else None,
        baseline_text=number_text(facts.baseline.number, unit) if facts.baseline else "",
        baseline_day=facts.baseline.day if facts.baseline else None,
        target=facts.target.number.value if facts.target else None,
        target_text=number_text(facts.target.number, unit) if facts.target else "",
        target_day=facts.target.day if facts.target else None,
        score=reached.shown if reached else None,
        score_raw=reached.raw if reached else None,
        score_reason="" if reached else str(reading.score),
        guard=number_text(facts.guard, unit) if facts.guard else "",
        guard_holds=reading.guard if isinstance(reading.guard, bool) and not unclear else None,
        guard_needed=reading.breach.needed if reading.breach is not None and unclear else None,
        holds=reading.holds if isinstance(reading.holds, bool) else None,
        freshness=reading.freshness.value,
        cadence_days=reading.cadence,
        observations=len(reading.observations),
        owners=shown_titles(facts.owners, vault_metrics.vault.catalog),
        experiments=tuple(uses.get(metric.key, ())),
        strategies=tuple(strategies.get(metric.key, ())),
        series=spark_values(reading),
        diagnostics=len(reading.diagnostics),
    )


def spark_values(reading: MetricReading) -> tuple[float, ...]:
    """The last values of a metric's series."""
    return tuple(point.value for point in reading.series[-SPARK_VALUES:])


def metric_brief(reading: MetricReading, how: str) -> MetricBrief:
    """A metric in short."""
    metric, current = reading.metric, reading.current
    return MetricBrief(
        name=metric.key,
        title=metric.title,
        how=how,
        declared=metric.declared,
        value=current.value if current else None,
        unit=reading.unit,
        text=value_text(current.value, reading.unit_text) if current else "",
        day=reading.last,
        freshness=reading.freshness.value,
        score=reading.score.shown if isinstance(reading.score, Score) else None,
        breached=reading.breached,
        series=spark_values(reading),
    )


def experiment_metrics(vault_metrics: VaultMetrics, page: PageFacts) -> tuple[MetricBrief, ...]:
    """The metrics that an experiment measures, in short, the strongest link first."""
    return tuple(
        metric_brief(vault_metrics.book.reading(item.metric), item.how) for item in vault_metrics.measures(page)
    )


def _uses(vault_metrics: VaultMetrics) -> dict[str, list[Use]]:
    """The experiments of each metric, in the order of loading."""
    vault = vault_metrics.vault
    found: dict[str, list[Use]] = {}
    for page in vault.catalog.of_type(vault.reading.experiment_types):
        for measure in vault_metrics.measures(page):
            use = Use(experiment=page.title, name=page.name, how=measure.how)
            found.setdefault(measure.metric.key, []).append(use)
    return found


def _strategies(vault_metrics: VaultMetrics) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for strategy in vault_metrics.strategies:
        for metric in strategy.metrics:
            found.setdefault(metric.key, []).append(strategy.title)
    return found


def report_candidates(vault: Vault) -> CandidatesReport:
    """The names in prose that may be metrics and that no page declares, the most frequent first.

    Reads every page again.
    """
    from graphkit.facts.generated_blocks import generated_content  # noqa: PLC0415 - for this report only
    from graphkit.insight.metrics.candidates import MEASURES, STOP_WORDS, count_candidates  # noqa: PLC0415
    from graphkit.insight.metrics.page_candidates import page_candidates  # noqa: PLC0415
    from graphkit.outline.header import read_header  # noqa: PLC0415

    names = open_vault_metrics(vault).book.names
    further = vault.settings.candidates
    measures = MEASURES.union(further.get("measures", ()))
    stop_words = STOP_WORDS.union(further.get("stop_words", ()))
    sightings = []
    for page in vault.catalog.pages():
        opened = vault.open_page(page)
        if opened is None:
            continue
        generated = generated_content(opened.outline, read_header(opened.outline))
        sightings += [
            (CandidatePlace(path=page.path, line=opened.source.position(candidate.span.start).line), candidate)
            for candidate in page_candidates(opened.outline, generated, measures=measures, stop_words=stop_words)
        ]
    rows = []
    for counted in count_candidates(sightings):
        known = [names.resolve(name) for name in (counted.name, counted.alias) if name]
        if any(metric is not None and metric.declared for metric in known):
            continue
        own = vault.catalog.page(counted.name)
        if own is not None and not own.types.isdisjoint(_types(vault)):
            continue
        rows.append(
            CandidateRow(
                title=counted.name,
                alias=counted.alias,
                count=len(counted.places),
                places=counted.places,
                page=own.path if own else "",
            )
        )
    return CandidatesReport(vault=vault.name, as_of=vault.today, candidates=tuple(rows), unread=tuple(vault.unread))


def _types(vault: Vault) -> frozenset[str]:
    """Words that mark the type of a page."""
    reading = vault.reading
    return reading.experiment_types | reading.goal_types | frozenset(vault.settings.experiment.strategy)


def metric_findings(vault: Vault, vault_metrics: VaultMetrics | None = None) -> Iterator[Diagnostic]:
    """Findings about metrics, observations and strategies; W412 of a page is part of its facts.

    vault_metrics: the vault's metrics, if they are known already.
    """
    vault_metrics = vault_metrics or open_vault_metrics(vault)
    for metric in vault_metrics.book.metrics:
        yield from vault_metrics.book.reading(metric).diagnostics
    for page in vault.catalog.of_type(vault.reading.experiment_types):
        yield from vault_metrics.table.tests(page)[1]
    yield from surplus_findings(vault_metrics.strategies)
    declared: dict[str, str] = {
        page_name(name): metric.title
        for metric in vault_metrics.book.metrics
        if metric.declared
        for name in (metric.title, *metric.aliases)
    }
    yield from near_names(vault_metrics.strategies, declared)
