"""`graphkit check`: all problems in a vault's notes, each finding once, by place. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.experiments import experiment_of, page_tree
from graphkit.app.reading.filter_values import settle_codes
from graphkit.app.reading.metrics import metric_findings
from graphkit.app.reading.page_findings import check_page
from graphkit.app.reading.readout import result_facts, unit_findings
from graphkit.app.reading.silences import split_silenced
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.reports import CheckReport
from graphkit.insight.checks.near_links import near_links
from graphkit.insight.checks.page_copies import page_copies
from graphkit.insight.work.activity import forgotten_clocks
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts, Silence
    from graphkit.text.diagnostics import Diagnostic

_ROLLUPS = "W6"
"""How the codes of rendering begin."""
_MENTIONS = "W416"
"""Looked for only where it is asked for."""
_QUERIES = "W7"
"""The prefix of the codes of queries."""


def report_check(
    vault: Vault,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    paths: Sequence[str] = (),
    links: bool = False,
    silenced: bool = False,
    with_baseline: bool = True,
) -> CheckReport:
    """All findings of a vault by path, then place; a finding that several work trees share is listed once.

    select, ignore: beginnings of codes (`E2`, `W501`; case does not matter); without `select` all codes, and `ignore`
    wins. paths: beginnings of paths relative to the vault; without any all. links: also say which mentions in
    experiments could be links (W416). silenced: the findings that a team has silenced, instead of the others;
    with_baseline: leave out those of the baseline too. Raises RequestError for a code that no known one begins with.
    """
    chosen = settle_codes(select) or ("",)
    dropped = settle_codes(ignore)
    places = tuple(paths) or ("",)
    found = set(vault.loaded.findings)
    pages = 0
    managed = False  # nothing is rendered for a mirror
    vault_metrics = open_vault_metrics(vault)
    silences: dict[str, Sequence[Silence]] = {}
    for facts in vault.catalog.pages():
        pages += 1
        managed = managed or (facts.managed and vault.dialect is not Dialect.MIRROR)
        found.update(_work(vault, facts, vault_metrics))
        if facts.path.startswith(places):
            page = check_page(vault, facts)
            found.update(page.findings)
            silences[facts.path] = page.silences
    found.update(metric_findings(vault))
    found.update(near_links(vault.catalog, vault.is_experiment))
    found.update(page_copies(vault.catalog, lambda page: not vault.reading.is_note(page.types)))
    if managed and any(code.startswith(_ROLLUPS) or _ROLLUPS.startswith(code) for code in chosen):
        found.update(_rollup_findings(vault))
    if vault.dialect is Dialect.LOGSEQ and any(
        code.startswith(_QUERIES) or _QUERIES.startswith(code) for code in chosen
    ):
        from graphkit.app.querying.query_checks import holds_queries, query_findings  # noqa: PLC0415 - where there are any

        if holds_queries(vault):
            found.update(query_findings(vault))
    if links:
        from graphkit.app.reading.link_mentions import link_findings  # noqa: PLC0415 - only where it is asked for

        found.update(link_findings(vault))
    shown, quiet = split_silenced(
        vault,
        sorted(found, key=_place),
        silences,
        searched=lambda code: not select and not (_MENTIONS.startswith(code) and not links),
        with_baseline=with_baseline,
    )
    kept = [
        finding
        for finding in (quiet if silenced else shown)
        if finding.path.startswith(places) and finding.code.startswith(chosen) and not finding.code.startswith(dropped)
    ]
    kept.sort(key=_place)
    return CheckReport(vault=vault.name, pages=pages, findings=tuple(kept))


def _rollup_findings(vault: Vault) -> Iterator[Diagnostic]:
    """Findings that block the vault's rollups; each is rendered, none is written."""
    from graphkit.app.writing.rollup import plan_rollup  # noqa: PLC0415 - brings the templates
    from graphkit.app.writing.template_lookup import Templates  # noqa: PLC0415

    with Templates(vault.root) as templates:
        for finding in plan_rollup(vault, templates).findings:
            if finding.code.startswith(_ROLLUPS):
                yield finding


def _work(vault: Vault, facts: PageFacts, vault_metrics: VaultMetrics) -> Iterator[Diagnostic]:
    """Findings about work tree, dates and text of a page, including those made while loading."""
    yield from facts.diagnostics
    yield from forgotten_clocks(facts, vault.today)
    if vault.is_experiment(facts):
        experiment = experiment_of(vault, facts, vault_metrics)
        yield from experiment.diagnostics
        yield from experiment.tree.diagnostics
        results, findings = result_facts(vault, facts)
        yield from findings
        yield from unit_findings(vault_metrics, results)
    elif facts.tasks:
        yield from page_tree(vault, facts).diagnostics


def _place(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    return (finding.path, finding.line, finding.column, finding.code, finding.message)
