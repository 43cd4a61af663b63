"""`graphkit check`: everything that is wrong in a vault's notes, each finding once, by place. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.page_reader import scan_outline
from graphkit.app.reading.experiment_texts import AskedTargets
from graphkit.app.reading.experiments import experiment_of, page_tree
from graphkit.app.reading.filter_values import settle_codes
from graphkit.app.reading.metrics import metric_findings
from graphkit.app.reading.readout import result_facts, unit_findings
from graphkit.app.reading.vault_metrics import open_measuring
from graphkit.app.results.reports import CheckReport
from graphkit.insight.checks import CheckContext, PageReading, check_page
from graphkit.insight.work.activity import forgotten_clocks
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import file_digest
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.reading.vault_metrics import Measuring
    from graphkit.app.session import OpenPage, Session
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.time_states import Targets
    from graphkit.outline.tree import Outline

_ROLLUPS = "W6"
"""How the codes of rendering begin."""
_QUERIES = "W7"
"""How the codes of queries begin."""


def report_check(
    session: Session,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    paths: Sequence[str] = (),
    links: bool = False,
) -> CheckReport:
    """All findings of a vault by path, then place; a finding that several work trees make is in it once.

    select, ignore: beginnings of codes (`E2`, `W501`; case does not matter); without `select` all codes, and `ignore`
    wins. paths: beginnings of paths relative to the vault; without any all. links: also say which mentions in
    experiments could be links (W416). Raises RequestError for a code that no known one begins with.
    """
    chosen = settle_codes(select) or ("",)
    dropped = settle_codes(ignore)
    places = tuple(paths) or ("",)
    found = set(session.findings)
    pages = 0
    managed = False  # of a mirror nothing is rendered
    measuring = open_measuring(session)
    for facts in session.catalog.pages():
        pages += 1
        managed = managed or (facts.managed and session.dialect is not Dialect.MIRROR)
        found.update(_work(session, facts, measuring))
        if facts.path.startswith(places):
            found.update(page_findings(session, facts))
    found.update(metric_findings(session))
    if managed and any(code.startswith(_ROLLUPS) or _ROLLUPS.startswith(code) for code in chosen):
        found.update(_rollup_findings(session))
    if session.dialect is Dialect.LOGSEQ and any(
        code.startswith(_QUERIES) or _QUERIES.startswith(code) for code in chosen
    ):
        from graphkit.app.reading.query_checks import holds_queries, query_findings  # noqa: PLC0415 - where there are any

        if holds_queries(session):
            found.update(query_findings(session))
    if links:
        from graphkit.app.reading.link_mentions import link_findings  # noqa: PLC0415 - only where it is asked for

        found.update(link_findings(session))
    kept = [
        finding
        for finding in found
        if finding.path.startswith(places) and finding.code.startswith(chosen) and not finding.code.startswith(dropped)
    ]
    kept.sort(key=_place)
    return CheckReport(vault=session.name, pages=pages, findings=tuple(kept))


def _rollup_findings(session: Session) -> Iterator[Diagnostic]:
    """What stands in the way of the vault's rollups; each is rendered, none is written."""
    from graphkit.app.writing.rollup import plan_rollup  # noqa: PLC0415 - brings the templates
    from graphkit.app.writing.template_lookup import Templates  # noqa: PLC0415

    session.answer_is_whole = False  # templates are no pages
    with Templates(session.root) as templates:
        for finding in plan_rollup(session, templates).findings:
            if finding.code.startswith(_ROLLUPS):
                yield finding


def _work(session: Session, facts: PageFacts, measuring: Measuring) -> Iterator[Diagnostic]:
    """What work tree, dates and words of a page give; findings that loading made of it too."""
    yield from facts.diagnostics
    yield from forgotten_clocks(facts, session.today)
    if session.is_experiment(facts):
        experiment = experiment_of(session, facts, measuring)
        yield from experiment.diagnostics
        yield from experiment.tree.diagnostics
        results, findings = result_facts(session, facts)
        yield from findings
        yield from unit_findings(measuring, results)
    elif facts.tasks:
        yield from page_tree(session, facts).diagnostics


def page_findings(session: Session, facts: PageFacts, opened: OpenPage | None = None) -> Iterator[Diagnostic]:
    """What is wrong in the text of one page: of an experiment as it was kept, where it holds, else read again.

    opened: its text, where it has been opened just now.
    """
    texts = session.texts if session.is_experiment(facts) else None
    if texts is None:
        yield from _read_findings(session, facts, session.catalog, opened)[0]
        return
    kept = texts.findings(facts.path)
    if kept is None:
        targets = AskedTargets(session.catalog)
        kept, digest = _read_findings(session, facts, targets, opened)
        if digest is not None:
            texts.keep_findings(facts.path, digest, targets.asked, kept)
    yield from kept


def _read_findings(
    session: Session, facts: PageFacts, targets: Targets, opened: OpenPage | None
) -> tuple[tuple[Diagnostic, ...], bytes | None]:
    """What is wrong in a page's text, and the digest of its bytes; None where they cannot be read."""
    session.saw_prose |= not session.is_experiment(facts)
    if opened is None:
        data = read_bytes(session.root, facts.path)
        if isinstance(data, Diagnostic):
            return (data,), None
        source, found = SourceText.decode(data), file_digest(data)
    else:
        source, found = opened.source, opened.digest
    context = CheckContext(targets=targets, reading=session.reading, logseq=session.dialect is Dialect.LOGSEQ)

    def outline(text: str) -> Outline:
        return opened.outline if opened is not None else scan_outline(text, session.dialect)

    return tuple(check_page(PageReading(facts, source, outline, context))), found


def _place(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    return (finding.path, finding.line, finding.column, finding.code, finding.message)
