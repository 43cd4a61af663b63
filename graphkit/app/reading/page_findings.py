"""Findings about the text of one page, which `check` reports and `status` counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.page_reader import scan_outline
from graphkit.insight.checks.checked_page import CheckContext, PageReading
from graphkit.insight.checks.page_alone import catalog_rules
from graphkit.insight.checks.silence_lines import SILENCE_KEY, read_silences
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import Record
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import PageFacts, Silence
    from graphkit.insight.checks.rule import Rule
    from graphkit.outline.page_outline import Outline


BASELINE_PATH: Final = ".graphkit/baseline.json"


class PageCheck(Record, frozen=True):
    """The findings about the text of one page, and what the page silences of them and of others."""

    findings: tuple[Diagnostic, ...]
    silences: tuple[Silence, ...] = ()


def check_page(vault: Vault, facts: PageFacts, opened: OpenPage | None = None) -> PageCheck:
    """The check of one page.

    The facts of an experiment include most of it; other pages are read again. opened: the page's text,
    where it has been opened just now.
    """
    if facts.checked is None:
        from graphkit.insight.checks.rules import RULES  # noqa: PLC0415 - `status` needs few of them

        return _read(vault, facts, opened, RULES)
    found = facts.checked.findings
    if facts.checked.refers or _shares_alias(vault, facts):
        found = (*found, *_read(vault, facts, opened, catalog_rules()).findings)
    return PageCheck(found, facts.checked.silences)


def has_baseline(vault: Vault) -> bool:
    """True if the vault has a baseline, a file of findings that are not reported again."""
    return vault.snapshot.inputs.baseline is not None


def _shares_alias(vault: Vault, facts: PageFacts) -> bool:
    others = (vault.catalog.page(alias) for alias in facts.aliases)
    return any(other is not None and other.path != facts.path for other in others)


def _read(vault: Vault, facts: PageFacts, opened: OpenPage | None, rules: Iterable[Rule]) -> PageCheck:
    """The check of a page's text by these rules."""
    if opened is None:
        data = read_bytes(vault.root, facts.path)
        if isinstance(data, Diagnostic):
            return PageCheck((data,))
        source = SourceText.decode(data)
    else:
        source = opened.source
    context = CheckContext(targets=vault.catalog, reading=vault.reading, logseq=vault.dialect is Dialect.LOGSEQ)

    def outline(text: str) -> Outline:
        return opened.outline if opened is not None else scan_outline(text, vault.dialect)

    page = PageReading(facts, source, outline, context)
    found = tuple(finding for rule in rules for finding in rule.find(page))
    return PageCheck(found, read_silences(source, page.outline) if SILENCE_KEY in source.text else ())
