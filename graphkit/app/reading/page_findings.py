"""What is wrong in the text of one page: what `check` says of it, and what `status` counts of an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.page_reader import scan_outline
from graphkit.app.reading.experiment_texts import AskedTargets
from graphkit.insight.checks.checked_page import CheckContext, PageReading
from graphkit.insight.checks.page_alone import catalog_rules
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import file_digest
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.app.session import OpenPage, Session
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.checks.rule import Rule
    from graphkit.insight.work.time_states import Targets
    from graphkit.outline.tree import Outline


def page_findings(session: Session, facts: PageFacts, opened: OpenPage | None = None) -> Iterator[Diagnostic]:
    """What is wrong in the text of one page.

    The facts of an experiment hold what its text alone gives; other pages are read again. opened: the page's text,
    where it has been opened just now.
    """
    if facts.checked is None:
        yield from _read_findings(session, facts, session.catalog, opened)[0]
        return
    yield from facts.checked.findings
    if not (facts.checked.refers or _shares_alias(session, facts)):
        return
    texts = session.texts
    if texts is None:
        yield from _read_findings(session, facts, session.catalog, opened, catalog_rules())[0]
        return
    kept = texts.findings(facts.path)
    if kept is None:
        targets = AskedTargets(session.catalog)
        kept, digest = _read_findings(session, facts, targets, opened, catalog_rules())
        if digest is not None:
            texts.keep_findings(facts.path, digest, targets.asked, kept)
    yield from kept


def _shares_alias(session: Session, facts: PageFacts) -> bool:
    others = (session.catalog.page(alias) for alias in facts.aliases)
    return any(other is not None and other.path != facts.path for other in others)


def _read_findings(
    session: Session, facts: PageFacts, targets: Targets, opened: OpenPage | None, rules: Iterable[Rule] | None = None
) -> tuple[tuple[Diagnostic, ...], bytes | None]:
    """What is wrong in a page's text, by these rules or all, and the digest of its bytes; None where they are gone."""
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

    page = PageReading(facts, source, outline, context)
    if rules is None:
        from graphkit.insight.checks.rules import RULES  # noqa: PLC0415 - `status` needs few of them

        rules = RULES
    return tuple(finding for rule in rules for finding in page.findings_of(rule)), found
