"""`graphkit readout`: an experiment's A/B results, computed from its result tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.reading.experiments import experiment_named, experiment_of, experiments_of
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.readouts import ReadoutReport
from graphkit.facts.property_values import read_names
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.facts.results.result_tables import ResultFacts
    from graphkit.insight.experiments.ab_readout import ResultReadout, Role
    from graphkit.insight.experiments.call import PageReadout
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.statistics.margins import Wanted


def report_readout(vault: Vault, name: str) -> ReadoutReport:
    """The results of one experiment. Raises RequestError with place and remedy where it has no result table."""
    vault_metrics = open_vault_metrics(vault)
    experiment = experiment_named(experiments_of(vault, vault_metrics), name)
    page = experiment.page
    read, findings = read_out_page(vault, vault_metrics, experiment)
    if read is None:
        line = next((section.line for section in page.sections if section.kind == "result"), None)
        place = f"{page.path}:{line}" if line else page.path
        wrong = f"; {findings[0].path}:{findings[0].line}: {findings[0].message}" if findings else ""
        what = "below this heading" if line else "below a heading `Result`"
        raise RequestError(
            f"{place}: “{page.title}” has no result table{wrong}",
            f"write a table with the columns `variant | n | conversions`, or `variant | n | mean | sd`, {what}",
        )
    from graphkit.app.reading.readout_rows import call_row, result_rows  # noqa: PLC0415 - computes with scipy

    return ReadoutReport(
        vault=vault.name,
        as_of=vault.today,
        experiment=page.title,
        path=page.path,
        call=call_row(read.call, written=experiment.result is not None),
        results=result_rows(read),
        findings=findings,
        unread=tuple(vault.unread),
    )


def page_readout(vault: Vault, vault_metrics: VaultMetrics, page: PageFacts) -> PageReadout | None:
    """The results of an experiment's page for a view: without anything that changes from day to day."""
    return read_out_page(vault, vault_metrics, experiment_of(vault, page, vault_metrics), paced=False)[0]


def read_out_page(
    vault: Vault,
    vault_metrics: VaultMetrics,
    experiment: Experiment,
    opened: OpenPage | None = None,
    *,
    paced: bool = True,
) -> tuple[PageReadout | None, tuple[Diagnostic, ...]]:
    """The results of an experiment's page, None without a result table, and their findings.

    Reads the page again. paced: with the days that missing units take.
    """
    page = experiment.page
    facts, findings = result_facts(vault, page, opened)
    if not facts:
        return None, findings
    from graphkit.insight.experiments.ab_readout import RunState, read_result  # noqa: PLC0415
    from graphkit.insight.experiments.call import PageReadout, make_call  # noqa: PLC0415 - computes with scipy
    from graphkit.insight.experiments.readout_words import warnings  # noqa: PLC0415

    written = not experiment.lifecycle_derived and experiment.lifecycle in {"stopped", "decided", "archived"}
    state = RunState(
        today=vault.today,
        over=written or experiment.result is not None,
        decided=experiment.result is not None or experiment.lifecycle in {"decided", "archived"},
        start=experiment.start if paced else None,
        tuning=vault.settings.sequential_units,
    )
    roles = _Roles(vault_metrics, page, facts)
    read = tuple(
        read_result(item, looks, state=state, metric=title, role=role, wanted=wanted)
        for item, looks, title, role, wanted in roles.tables()
    )
    warned = tuple((*warnings(result, roles.page_primary), *roles.undirected(result)) for result in read)
    found = PageReadout(call=make_call(read), results=read, warnings=warned)
    return found, (*findings, *unit_findings(vault_metrics, facts))


def result_facts(
    vault: Vault, page: PageFacts, opened: OpenPage | None = None
) -> tuple[tuple[ResultFacts, ...], tuple[Diagnostic, ...]]:
    """The result tables of an experiment's page as written; nothing is read where it has no *Result* section."""
    if not any(section.kind == "result" for section in page.sections):
        return (), ()
    opened = opened or vault.open_page(page)
    if opened is None:
        return (), ()
    from graphkit.facts.generated_blocks import generated_content  # noqa: PLC0415 - few pages have results
    from graphkit.facts.results.result_headers import result_words  # noqa: PLC0415
    from graphkit.facts.results.result_tables import read_results  # noqa: PLC0415
    from graphkit.outline.header import read_header  # noqa: PLC0415

    generated = generated_content(opened.outline, read_header(opened.outline))
    words = result_words(vault.settings.results)
    return read_results(page, opened.outline, opened.source, generated, vault.journals.parse, words)


class _Roles:
    """The tables of a page by metric: which is primary, which is a guardrail, which are looks at the same metric."""

    def __init__(self, vault_metrics: VaultMetrics, page: PageFacts, facts: Sequence[ResultFacts]) -> None:
        self._vault_metrics = vault_metrics
        self._facts = facts
        own = read_names(page.properties.get("primary", ""))
        self._guards = {self._title(name).lower() for name in read_names(page.properties.get("guardrails", ""))}
        self.page_primary = self._title(own[0]) if own else ""
        named = next((names[0] for item in facts if (names := read_names(item.primary))), "")
        first = self._metric(facts[0])
        if first.lower() in self._guards:
            first = ""
        self._primary = self._title(named) if named else self._among(self.page_primary) or first

    def _among(self, title: str) -> str:
        """The title, where a table has this metric."""
        return title if any(self._metric(item).lower() == title.lower() for item in self._facts) else ""

    def _title(self, name: str) -> str:
        metric = self._vault_metrics.book.resolve(name)
        return metric.title if metric is not None else name

    def _metric(self, facts: ResultFacts) -> str:
        names = read_names(facts.metric)
        return self._title(names[0]) if names else ""

    def tables(self) -> Iterator[tuple[ResultFacts, tuple[ResultFacts, ...], str, Role, Wanted]]:
        """The tables to read out, each with the other looks at its metric, the metric's title, role and direction."""
        groups: dict[str, list[ResultFacts]] = {}
        for item in self._facts:
            groups.setdefault(self._metric(item).lower(), []).append(item)
        for item in self._facts:
            title = self._metric(item)
            group = groups[title.lower()]
            dated = sorted((other for other in group if other.day is not None), key=lambda other: str(other.day))
            undated = [other for other in group if other.day is None]
            if item.day is not None and (undated or item is not dated[-1]):
                continue
            looks = tuple(other for other in dated if other is not item)
            yield item, looks, title, self._role(title), self._wanted(title)

    def _role(self, title: str) -> Role:
        if title.lower() == self._primary.lower():
            return "primary"
        if title.lower() in self._guards:
            return "guardrail"
        return "secondary"

    def _wanted(self, title: str) -> Wanted:
        metric = self._vault_metrics.book.resolve(title)
        return (metric and self._direction(metric)) or "up"

    def _direction(self, metric: object) -> Wanted | None:
        """The direction of a metric's page, else the one that its `guard::` implies."""
        facts = self._vault_metrics.book.facts(metric)  # type: ignore[arg-type]
        if facts.direction is not None:
            return facts.direction
        sign = facts.guard.sign if facts.guard is not None else None
        return None if sign is None or sign == "=" else "down" if sign.startswith("<") else "up"

    def undirected(self, result: ResultReadout) -> Iterator[str]:
        """A warning for a guardrail without a stated harmful direction."""
        if result.role == "guardrail":
            metric = self._vault_metrics.book.resolve(result.metric)
            if metric is None or self._direction(metric) is None:
                yield f"higher is assumed to be better for “{result.metric}”: write direction:: on its page"


def unit_findings(vault_metrics: VaultMetrics, results: Iterable[ResultFacts]) -> Iterator[Diagnostic]:
    """W403 for each table whose means are in another unit than its metric."""
    for facts in results:
        names = read_names(facts.metric)
        metric = vault_metrics.book.resolve(names[0]) if names and facts.unit else None
        reading = vault_metrics.book.reading(metric) if metric is not None else None
        if reading is not None and reading.unit and reading.unit != facts.unit:
            yield Diagnostic(
                code="W403",
                severity=Severity.WARNING,
                path=facts.path,
                line=facts.line,
                message=f"the means of this table are in {facts.unit}, but “{names[0]}” is in {reading.unit_text}",
                hint="write the means in the unit of the metric, or name another metric with primary::",
            )
