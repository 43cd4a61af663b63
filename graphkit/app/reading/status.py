"""`graphkit status`: every experiment by attention, or some of them with everything that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import (
    experiment_named,
    experiment_row,
    experiments_of,
    task_rows,
)
from graphkit.app.reading.metrics import experiment_metrics
from graphkit.app.reading.page_findings import page_findings
from graphkit.app.reading.strategies import closest_strategies
from graphkit.app.reading.vault_metrics import open_measuring
from graphkit.app.results.reports import DetailReport, ExperimentDetail, StatusReport
from graphkit.insight.work.activity import time_spent
from graphkit.outline.inline import plain_text
from graphkit.text.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.reading.vault_metrics import Measuring
    from graphkit.app.vault import Vault
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.text.diagnostics import Diagnostic


def report_status(session: Vault, filters: Filters) -> StatusReport:
    """All experiments that the filters keep, in order of attention.

    Raises RequestError for a filter that means nothing here, with the near names.
    """
    measuring = open_measuring(session)
    checked = {}
    for page in session.catalog.of_type(session.reading.experiment_types):
        measuring.measures(page)
        checked[page.path] = tuple(page_findings(session, page, measuring.opened(page)))
    experiments = experiments_of(session, measuring)
    wrong = [_findings(experiment, checked[experiment.page.path]) for experiment in experiments]
    strategies = closest_strategies(measuring)
    kept = tuple(
        experiment_row(
            experiment,
            experiment_metrics(measuring, experiment.page),
            strategies(experiment.page),
            diagnostics=len(found),
        )
        for experiment, found in _chosen(session, filters, list(zip(experiments, wrong, strict=True)))
    )
    findings = {*session.loaded.findings, *(finding for found in wrong for finding in found)}
    pages, journals = session.catalog.count()
    return StatusReport(
        vault=session.name,
        dialect=session.dialect.value,
        as_of=session.today,
        pages=pages,
        journals=journals,
        experiments=kept,
        unread=tuple(session.unread),
        errors=sum(finding.severity is Severity.ERROR for finding in findings),
        warnings=sum(finding.severity is Severity.WARNING for finding in findings),
        not_read=session.loaded.not_read,
        experiments_in_vault=len(experiments) if filters else None,
    )


_NONE: frozenset[Diagnostic] = frozenset()


def _findings(experiment: Experiment, of_text: Iterable[Diagnostic]) -> frozenset[Diagnostic]:
    """What is wrong on an experiment's page: in its properties, its work tree and its text."""
    return frozenset((*experiment.findings, *of_text)) or _NONE


def _chosen(
    session: Vault, filters: Filters, experiments: Sequence[tuple[Experiment, frozenset[Diagnostic]]]
) -> Iterable[tuple[Experiment, frozenset[Diagnostic]]]:
    """The experiments that the filters keep, in their order."""
    if not filters:
        return experiments
    from graphkit.app.reading.filter_values import identity_in, settle_filters  # noqa: PLC0415

    chosen = settle_filters(session, filters, [experiment for experiment, _ in experiments])
    identity = identity_in(session.catalog)
    return (item for item in experiments if chosen.keeps(experiment_row(item[0]), identity))


def plain_value(value: str) -> str:
    """A property's value as a reader sees it: without brackets, hash and emphasis signs."""
    return plain_text(value)


def report_details(session: Vault, names: Sequence[str]) -> DetailReport:
    """The experiments of these names, in this order. Raises RequestError for a name that means none."""
    measuring = open_measuring(session)
    experiments = experiments_of(session, measuring)
    chosen = [experiment_named(experiments, name) for name in names]
    return DetailReport(
        vault=session.name,
        as_of=session.today,
        experiments=tuple(_detail(session, measuring, experiment) for experiment in chosen),
        unread=tuple(session.unread),
    )


def _detail(session: Vault, measuring: Measuring, experiment: Experiment) -> ExperimentDetail:
    from graphkit.app.reading.readout import page_readouts, result_facts  # noqa: PLC0415 - not for the overview
    from graphkit.facts.section_parts import section_parts  # noqa: PLC0415
    from graphkit.facts.sections import section_text  # noqa: PLC0415

    page = experiment.page
    opened = session.open_page(page)
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
            tables=[fact.span for fact in result_facts(session, page, opened)[0]],
            without=(range(node.task.block, node.task.stop) for node in experiment.tree.nodes if node.page is page),
        )
    results, wrong = page_readouts(session, measuring, page, opened)
    findings = _findings(experiment, (*page_findings(session, page), *wrong))
    spent = time_spent((node.task for node in experiment.tree.nodes), session.today)
    return ExperimentDetail(
        experiment=experiment_row(
            experiment,
            experiment_metrics(measuring, page),
            closest_strategies(measuring)(page),
            diagnostics=len(findings),
        ),
        hypothesis=hypothesis,
        properties=tuple(page.properties.items()),
        tasks=task_rows(session, experiment.tree.nodes),
        findings=tuple(sorted(findings, key=lambda item: (item.line, item.column, item.code))),
        results=results,
        seconds_spent=spent.seconds,
        clocks_running=spent.running,
        sections=sections,
    )
