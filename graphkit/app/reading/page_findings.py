"""Findings about the text of one page, which `check` reports and `status` counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.page_reader import scan_outline
from graphkit.insight.checks.checked_page import CheckContext, PageReading
from graphkit.insight.checks.page_alone import catalog_rules
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.checks.rule import Rule
    from graphkit.outline.page_outline import Outline


def page_findings(vault: Vault, facts: PageFacts, opened: OpenPage | None = None) -> Iterator[Diagnostic]:
    """Findings about the text of one page.

    The facts of an experiment include them; other pages are read again. opened: the page's text,
    where it has been opened just now.
    """
    if facts.checked is None:
        from graphkit.insight.checks.rules import RULES  # noqa: PLC0415 - `status` needs few of them

        yield from _read_findings(vault, facts, opened, RULES)
        return
    yield from facts.checked.findings
    if facts.checked.refers or _shares_alias(vault, facts):
        yield from _read_findings(vault, facts, opened, catalog_rules())


def _shares_alias(vault: Vault, facts: PageFacts) -> bool:
    others = (vault.catalog.page(alias) for alias in facts.aliases)
    return any(other is not None and other.path != facts.path for other in others)


def _read_findings(
    vault: Vault, facts: PageFacts, opened: OpenPage | None, rules: Iterable[Rule]
) -> Iterator[Diagnostic]:
    """What these rules find in a page's text."""
    if opened is None:
        data = read_bytes(vault.root, facts.path)
        if isinstance(data, Diagnostic):
            yield data
            return
        source = SourceText.decode(data)
    else:
        source = opened.source
    context = CheckContext(targets=vault.catalog, reading=vault.reading, logseq=vault.dialect is Dialect.LOGSEQ)

    def outline(text: str) -> Outline:
        return opened.outline if opened is not None else scan_outline(text, vault.dialect)

    page = PageReading(facts, source, outline, context)
    for rule in rules:
        yield from rule.find(page)
