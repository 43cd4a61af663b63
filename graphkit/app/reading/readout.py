"""`graphkit readout`: an experiment's A/B results, computed where there is a result table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.reading.experiments import experiment_named, experiments_of
from graphkit.app.reading.vault_metrics import open_measuring
from graphkit.app.results.readouts import ArmRow, ReadoutReport, ResultRow, VerdictRow
from graphkit.facts.generated_blocks import generated_content
from graphkit.facts.property_values import read_names
from graphkit.facts.result_tables import read_results
from graphkit.insight.statistics.ab_test import NotComputable
from graphkit.outline.header import read_header
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.app.reading.vault_metrics import Measuring
    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.facts.result_tables import ResultFacts
    from graphkit.insight.experiments.ab_readout import ResultReadout, Verdict, Wanted


def report_readout(session: Vault, name: str) -> ReadoutReport:
    """The results of one experiment. Raises RequestError with place and remedy where it has no result table."""
    measuring = open_measuring(session)
    page = experiment_named(experiments_of(session, measuring), name).page
    results, findings = page_readouts(session, measuring, page)
    if not results:
        line = next((section.line for section in page.sections if section.kind == "result"), None)
        place = f"{page.path}:{line}" if line else page.path
        wrong = f"; {findings[0].path}:{findings[0].line}: {findings[0].message}" if findings else ""
        what = "below this heading" if line else "below a heading `Result`"
        raise RequestError(
            f"{place}: “{page.title}” has no result table{wrong}",
            f"write a table with the columns `variant | n | conversions`, or `variant | n | mean | sd`, {what}",
        )
    return ReadoutReport(
        vault=session.name,
        as_of=session.today,
        experiment=page.title,
        path=page.path,
        results=results,
        findings=findings,
        unread=tuple(session.unread),
    )


def page_readouts(
    session: Vault, measuring: Measuring, page: PageFacts, opened: OpenPage | None = None
) -> tuple[tuple[ResultRow, ...], tuple[Diagnostic, ...]]:
    """The read-out result tables of an experiment's page, and what is wrong with them. Reads the page again."""
    read, findings = read_out_page(session, measuring, page, opened)
    return tuple(_row(result, title) for title, result in read), findings


def read_out_page(
    session: Vault, measuring: Measuring, page: PageFacts, opened: OpenPage | None = None
) -> tuple[tuple[tuple[str, ResultReadout], ...], tuple[Diagnostic, ...]]:
    """The same before it is made into rows: each result with the title of its metric."""
    facts, findings = result_facts(session, page, opened)
    if not facts:
        return (), findings
    from graphkit.insight.experiments.ab_readout import read_result  # noqa: PLC0415 - computes with scipy

    read = []
    for item in facts:
        title, better = _primary(measuring, item)
        read.append((title, read_result(item, today=session.today, better=better)))
    return tuple(read), (*findings, *unit_findings(measuring, facts))


def result_facts(
    session: Vault, page: PageFacts, opened: OpenPage | None = None
) -> tuple[tuple[ResultFacts, ...], tuple[Diagnostic, ...]]:
    """The result tables of an experiment's page as written; nothing is read where it has no *Result* section."""
    if not any(section.kind == "result" for section in page.sections):
        return (), ()
    opened = opened or session.open_page(page)
    if opened is None:
        return (), ()
    generated = generated_content(opened.outline, read_header(opened.outline))
    return read_results(page, opened.outline, opened.source, generated, session.journals.parse)


def unit_findings(measuring: Measuring, results: Iterable[ResultFacts]) -> Iterator[Diagnostic]:
    """W403 for each table whose means are in another unit than its metric."""
    for facts in results:
        names = read_names(facts.primary)
        metric = measuring.book.resolve(names[0]) if names and facts.unit else None
        reading = measuring.book.reading(metric) if metric is not None else None
        if reading is not None and reading.unit and reading.unit != facts.unit:
            yield Diagnostic(
                code="W403",
                severity=Severity.WARNING,
                path=facts.path,
                line=facts.line,
                message=f"the means of this table are in {facts.unit}, but “{names[0]}” is in {reading.unit_text}",
                hint="write the means in the unit of the metric, or name another metric with primary::",
            )


def _primary(measuring: Measuring, facts: ResultFacts) -> tuple[str, Wanted]:
    """The metric's title, and what is wanted of it."""
    names = read_names(facts.primary)
    metric = measuring.book.resolve(names[0]) if names else None
    if metric is None:
        return names[0] if names else "", "up"
    direction = measuring.book.facts(metric).direction
    return metric.title, direction if direction in {"down", "hold"} else "up"


def _row(read: ResultReadout, metric: str) -> ResultRow:
    ratio = read.ratio
    known = not isinstance(ratio, NotComputable)
    return ResultRow(
        metric=metric,
        better=read.better,
        path=read.facts.path,
        line=read.facts.line,
        control=read.control,
        stop=read.facts.stop,
        early=read.early,
        arms=tuple(
            ArmRow(
                variant=fact.name,
                control=fact.name.lower() == read.control.lower(),
                n=fact.n,
                conversions=fact.conversions,
                mean=fact.mean if isinstance(arm, NotComputable) else arm.mean,
                sd=fact.sd,
                line=fact.line,
            )
            for fact, arm in read.arms
        ),
        comparisons=tuple(_verdict(verdict, wins=read.better != "hold") for verdict in read.verdicts),
        ratio_p_value=ratio.p_value if not isinstance(ratio, NotComputable) else None,
        ratio_mismatch=known and not isinstance(ratio, NotComputable) and ratio.mismatch,
        words=read.words,
        unit=read.facts.unit,
    )


def _verdict(verdict: Verdict, *, wins: bool) -> VerdictRow:
    compared, held = verdict.comparison, verdict.precision
    if isinstance(compared, NotComputable):
        return VerdictRow(variant=verdict.name, words=verdict.words)
    known = None if held is None or isinstance(held, NotComputable) else held
    return VerdictRow(
        variant=verdict.name,
        words=verdict.words,
        lift=compared.lift,
        low=compared.interval.low,
        high=compared.interval.high,
        interval="sequential" if compared.early else "fixed",
        difference=compared.difference,
        standard_error=compared.standard_error,
        df=compared.df,
        p_value=None if compared.early else compared.p_value,
        chance_to_win=compared.chance_to_win if wins else None,
        risk=compared.risk if wins else None,
        half_width=compared.interval.half_width,
        minimum_effect=known.minimum_effect if known else None,
        precise_enough=known.enough if known else None,
        needed_per_arm=known.needed_per_arm if known else None,
        missing_per_arm=known.missing if known else None,
    )
