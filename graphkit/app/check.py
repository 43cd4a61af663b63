"""`graphkit check`: everything that is wrong in a vault's notes, each finding once, by place. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.choices import settle_codes
from graphkit.app.experiments import experiment_of, page_tree
from graphkit.app.measuring import open_measuring
from graphkit.app.metrics import metric_findings
from graphkit.app.readout import result_facts
from graphkit.app.results import CheckReport
from graphkit.app.session import scan_outline
from graphkit.insight.activity import forgotten_clocks
from graphkit.insight.checks import CheckContext, PageReading, check_page
from graphkit.store.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.measuring import Measuring
    from graphkit.app.session import Session
    from graphkit.facts.values import PageFacts


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
    measuring = open_measuring(session)
    for facts in session.catalog.pages():
        pages += 1
        found.update(_work(session, facts, measuring))
        if facts.path.startswith(places):
            found.update(page_findings(session, facts))
    found.update(metric_findings(session))
    if links:
        from graphkit.app.fix import link_findings  # noqa: PLC0415 - only where it is asked for

        found.update(link_findings(session))
    kept = [
        finding
        for finding in found
        if finding.path.startswith(places) and finding.code.startswith(chosen) and not finding.code.startswith(dropped)
    ]
    kept.sort(key=_place)
    return CheckReport(vault=session.name, pages=pages, findings=tuple(kept))


def _work(session: Session, facts: PageFacts, measuring: Measuring) -> Iterator[Diagnostic]:
    """What work tree, dates and words of a page give; findings that loading made of it too."""
    yield from facts.diagnostics
    yield from forgotten_clocks(facts, session.today)
    if session.is_experiment(facts):
        experiment = experiment_of(session, facts, measuring)
        yield from experiment.diagnostics
        yield from experiment.tree.diagnostics
        yield from result_facts(session, facts)[1]
    elif facts.tasks:
        yield from page_tree(session, facts).diagnostics


def page_findings(session: Session, facts: PageFacts) -> Iterator[Diagnostic]:
    """What is wrong in the text of one page, read again from its file."""
    data = read_bytes(session.root, facts.path)
    if isinstance(data, Diagnostic):
        yield data
        return
    context = CheckContext(targets=session.catalog, reading=session.reading, logseq=session.dialect is Dialect.LOGSEQ)
    yield from check_page(
        PageReading(facts, SourceText.decode(data), lambda text: scan_outline(text, session.dialect), context)
    )


def _place(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    return (finding.path, finding.line, finding.column, finding.code, finding.message)
