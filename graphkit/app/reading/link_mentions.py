"""Mentions in experiments that could be links, as suggestions and as findings W416."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.page_reader import scan_outline
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.facts.diagnostic_codes import CODES
from graphkit.facts.generated_blocks import generated_content
from graphkit.insight.experiments.goal_rollup import read_goals
from graphkit.insight.metrics.link_suggestions import suggest_links
from graphkit.insight.metrics.metric_links import PageText, find_mentions, written_links
from graphkit.outline.header import read_header
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.edit import apply_splices
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.metrics.link_suggestions import LinkSuggestion
    from graphkit.insight.metrics.metric_links import Known

LINKS = "W416"


class Linking:
    """Suggestions of links for the experiments of a vault."""

    def __init__(self, vault: Vault) -> None:
        """Reads which names there are."""
        self._vault = vault
        self._vault_metrics: VaultMetrics = open_vault_metrics(vault)
        self._titles: dict[Known, str] = {
            ("metric", metric.key): metric.title for metric in self._vault_metrics.book.names
        }
        self._titles |= {("strategy", item.key): item.title for item in self._vault_metrics.strategies}
        goals = read_goals(vault.catalog, (), vault.reading.goal_types)
        self._titles |= {("goal", goal.name): goal.title for goal in goals}

    def suggestions(self, page: PageFacts, source: SourceText) -> list[LinkSuggestion]:
        """Those of one page whose text this is; none for a page that is no experiment."""
        if not self._vault.is_experiment(page):
            return []
        text = self._page_text(source)
        mentions = tuple(find_mentions(text, self._vault_metrics.index))
        found = list(
            suggest_links(
                text,
                mentions,
                index=self._vault_metrics.index,
                title_of=lambda known: None if known[1] == page.name else self._titles.get(known),
                leads_to=self._leads_to,
                labelled=self._labelled,
            )
        )
        after = self._page_text(SourceText(apply_splices(source.text, (item.splice for item in found))))
        left = {mention.known for mention in find_mentions(after, self._vault_metrics.index)}
        left.update(link.known for link in written_links(page.path, after, self._linked))
        return found if all(mention.known in left for mention in mentions) else []

    def _page_text(self, source: SourceText) -> PageText:
        outline = scan_outline(source.text, self._vault.dialect)
        return PageText(source=source, outline=outline, generated=generated_content(outline, read_header(outline)))

    def _linked(self, title: str) -> Sequence[Known]:
        page = self._vault.catalog.page(title)
        goal: Known = ("goal", page.name if page is not None else page_name(title))
        return (*self._vault_metrics.linked(title), goal)

    def _leads_to(self, words: str, known: Known) -> bool:
        return known in self._linked(words)

    def _labelled(self, words: str, title: str) -> str:
        return f"[{words}]([[{title}]])" if self._vault.dialect is Dialect.LOGSEQ else f"[[{title}|{words}]]"


def link_findings(vault: Vault) -> Iterator[Diagnostic]:
    """W416 for every mention in an experiment that could be a link; the hint names it."""
    linking = Linking(vault)
    for page in vault.catalog.of_type(vault.reading.experiment_types):
        data = read_bytes(vault.root, page.path)
        if isinstance(data, Diagnostic):
            continue
        for item in linking.suggestions(page, SourceText.decode(data)):
            yield Diagnostic(
                code=LINKS,
                severity=CODES[LINKS].severity,
                path=page.path,
                line=item.line,
                column=item.column,
                message=f"“{item.words}” names the {item.kind} “{item.title}”, but is not a link",
                hint=f"write {item.splice.text}",
            )
