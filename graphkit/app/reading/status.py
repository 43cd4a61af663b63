"""`graphkit status`: every experiment by attention, or some of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import (
    experiment_named,
    experiment_row,
    experiments_of,
    task_rows,
)
from graphkit.app.reading.metrics import experiment_metrics
from graphkit.app.reading.page_findings import check_page, has_baseline
from graphkit.app.reading.strategies import closest_strategies
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.reports import DetailReport, ExperimentDetail, StatusReport
from graphkit.insight.history.written_forecasts import WrittenForecasts
from graphkit.insight.work.activity import time_spent
from graphkit.outline.inline import plain_text
from graphkit.text.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts, Silence
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.history.forecasts import Forecast
    from graphkit.text.diagnostics import Diagnostic


def report_status(vault: Vault, filters: Filters, vault_metrics: VaultMetrics | None = None) -> StatusReport:
    """All experiments that the filters keep, in order of attention.

    Raises RequestError for an unknown filter value, and suggests similar ones.
    """
    vault_metrics = vault_metrics or open_vault_metrics(vault)
    checked = {}
    for page in vault.catalog.of_type(vault.reading.experiment_types):
        vault_metrics.measures(page)
        checked[page.path] = check_page(vault, page, vault_metrics.opened(page))
    experiments = experiments_of(vault, vault_metrics)
    wrong = [_findings(experiment, checked[experiment.page.path].findings) for experiment in experiments]
    findings = _not_silenced(
        vault,
        frozenset((*vault.loaded.findings, *(finding for found in wrong for finding in found))),
        {path: page.silences for path, page in checked.items() if page.silences},
    )
    wrong = [found & findings for found in wrong]
    strategies = closest_strategies(vault_metrics)
    forecasts = WrittenForecasts(lambda: experiments, vault.journals.parse, vault.today)
    kept = tuple(
        experiment_row(
            experiment,
            experiment_metrics(vault_metrics, experiment.page),
            strategies(experiment.page),
            diagnostics=len(found),
            forecast=forecasts.forecast(experiment),
        )
        for experiment, found in _chosen(vault, filters, list(zip(experiments, wrong, strict=True)))
    )
    pages, journals = vault.catalog.count()
    return StatusReport(
        vault=vault.name,
        dialect=vault.dialect.value,
        as_of=vault.today,
        pages=pages,
        journals=journals,
        experiments=kept,
        unread=tuple(vault.unread),
        errors=sum(finding.severity is Severity.ERROR for finding in findings),
        warnings=sum(finding.severity is Severity.WARNING for finding in findings),
        not_read=vault.loaded.not_read,
        experiments_in_vault=len(experiments) if filters else None,
    )


def _not_silenced(
    vault: Vault, findings: frozenset[Diagnostic], silences: Mapping[str, Sequence[Silence]]
) -> frozenset[Diagnostic]:
    """The findings that `check` shows too. silences: of the pages that have any."""
    if not (silences or vault.settings.check.ignore or has_baseline(vault)):
        return findings
    from graphkit.app.reading.silences import split_silenced  # noqa: PLC0415 - most vaults silence nothing

    return frozenset(split_silenced(vault, findings, silences, searched=lambda _: False)[0])


_NONE: frozenset[Diagnostic] = frozenset()


def _findings(experiment: Experiment, of_text: Iterable[Diagnostic]) -> frozenset[Diagnostic]:
    """Findings about an experiment's page: in its properties, its work tree and its text."""
    return frozenset((*experiment.findings, *of_text)) or _NONE


def _chosen(
    vault: Vault, filters: Filters, experiments: Sequence[tuple[Experiment, frozenset[Diagnostic]]]
) -> Iterable[tuple[Experiment, frozenset[Diagnostic]]]:
    """The experiments that the filters keep, in their order."""
    if not filters:
        return experiments
    from graphkit.app.reading.filter_values import identity_in, settle_filters  # noqa: PLC0415

    chosen = settle_filters(vault, filters, [experiment for experiment, _ in experiments])
    identity = identity_in(vault.catalog)
    return (item for item in experiments if chosen.keeps(experiment_row(item[0]), identity))


def plain_value(value: str) -> str:
    """A property's value in plain words: without brackets, hashes and emphasis."""
    return plain_text(value)


def report_details(vault: Vault, names: Sequence[str]) -> DetailReport:
    """The experiments of these names, in this order. Raises RequestError for an unknown name."""
    vault_metrics = open_vault_metrics(vault)
    experiments = experiments_of(vault, vault_metrics)
    return DetailReport(
        vault=vault.name,
        as_of=vault.today,
        experiments=details_of(vault, vault_metrics, [experiment_named(experiments, name) for name in names]),
        unread=tuple(vault.unread),
    )


def details_of(vault: Vault, vault_metrics: VaultMetrics, chosen: Sequence[Experiment]) -> tuple[ExperimentDetail, ...]:
    """Some experiments in full, in this order."""
    forecasts = WrittenForecasts(lambda: experiments_of(vault, vault_metrics), vault.journals.parse, vault.today)
    closest = closest_strategies(vault_metrics)
    return tuple(
        _detail(vault, vault_metrics, experiment, closest, forecasts.forecast(experiment)) for experiment in chosen
    )


def _detail(
    vault: Vault,
    vault_metrics: VaultMetrics,
    experiment: Experiment,
    closest: Callable[[PageFacts], tuple[str, ...]],
    forecast: Forecast | None,
) -> ExperimentDetail:
    from graphkit.app.reading.readout import read_out_page, result_facts  # noqa: PLC0415 - not for the overview
    from graphkit.app.reading.readout_rows import call_row, result_rows  # noqa: PLC0415
    from graphkit.facts.section_parts import section_parts  # noqa: PLC0415
    from graphkit.facts.sections import section_text  # noqa: PLC0415

    page = experiment.page
    opened = vault.open_page(page)
    hypothesis = ""
    sections: tuple[tuple[str, str], ...] = ()
    if opened is not None:
        parts = [section_text(opened.outline, section) for section in page.sections if section.kind == "hypothesis"]
        hypothesis = "\n".join(part for part in parts if part)
        sections = section_parts(
            opened.outline,
            page.sections,
            told=("goal", "work", "metrics", "questions"),
            whole=("hypothesis",),
            tables=[fact.span for fact in result_facts(vault, page, opened)[0]],
            without=(range(node.task.block, node.task.stop) for node in experiment.tree.nodes if node.page is page),
        )
    read, wrong = read_out_page(vault, vault_metrics, experiment, opened)
    check = check_page(vault, page)
    findings = _not_silenced(
        vault,
        _findings(experiment, (*check.findings, *wrong)),
        {page.path: check.silences} if check.silences else {},
    )
    spent = time_spent((node.task for node in experiment.tree.nodes), vault.today)
    return ExperimentDetail(
        experiment=experiment_row(
            experiment,
            experiment_metrics(vault_metrics, page),
            closest(page),
            diagnostics=len(findings),
            forecast=forecast,
        ),
        hypothesis=hypothesis,
        properties=tuple(page.properties.items()),
        tasks=task_rows(vault, experiment.tree.nodes),
        findings=tuple(sorted(findings, key=lambda item: (item.line, item.column, item.code))),
        call=None if read is None else call_row(read.call, written=experiment.result is not None),
        results=() if read is None else result_rows(read),
        seconds_spent=spent.seconds,
        clocks_running=spent.running,
        sections=sections,
    )
