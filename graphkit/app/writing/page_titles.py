"""The pages that the values of a new page mean. New titles are accepted, likely typos are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.filter_values import goal_titles, owner_titles
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.vault.matching import NoMatch, match_name
from graphkit.vault.names import page_name
from graphkit.views.template_values import read_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphkit.app.vault import Vault
    from graphkit.views.template_head import Variable


def _metric_titles(vault: Vault) -> Iterable[str]:
    return (metric.title for metric in open_vault_metrics(vault).book.metrics)


def _all_titles(vault: Vault) -> Iterable[str]:
    return vault.catalog.titles()


def _strategy_titles(vault: Vault) -> Iterable[str]:
    for page in vault.catalog.stating():
        if page.strategies:
            yield page.title
            yield from (strategy.name.text for strategy in page.strategies)


KNOWN: Mapping[str, Callable[[Vault], Iterable[str]]] = {
    "goal": goal_titles,
    "goals": goal_titles,
    "metric": _metric_titles,
    "metrics": _metric_titles,
    "guardrails": _metric_titles,
    "owner": lambda vault: owner_titles(vault.catalog),
    "strategy": _strategy_titles,
}
"""Among which titles the value of a variable is looked for; that of any other among all the vault's."""


class TitleFinder:
    """Titles as the vault has them, from what a person writes."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[str, tuple[str, ...]] = {}
        self.notes: list[str] = []
        """Notes on resolved prefixes and likely typos, as sentences."""

    def __call__(self, variable: Variable, written: str) -> tuple[str, ...]:
        """The titles that a value names: one, where the whole is a page's title, else those between its commas."""
        return tuple(dict.fromkeys(self._title(variable, title) for title in self.split(written)))

    def split(self, written: str) -> tuple[str, ...]:
        """The names in a value, as they are written."""
        return (written,) if self._vault.catalog.page(written) is not None else read_titles(written)

    def _title(self, variable: Variable, written: str) -> str:
        """Its title by its exact name or alias, else by a unique prefix, with a note; else as it is."""
        page = self._vault.catalog.page(written)
        if page is not None:
            return page.title
        if variable.name not in self._known:
            known = KNOWN.get(variable.name, _all_titles)
            self._known[variable.name] = tuple(dict.fromkeys(known(self._vault)))
        found = match_name(written, self._known[variable.name], title=str)
        if isinstance(found, NoMatch):
            if found.near:
                near = found.offer if found.several else f"did you mean “{found.near[0]}”?"
                self.notes.append(f"no page “{written}” yet; {near}")
            return written
        if page_name(found) != page_name(written):
            self.notes.append(f"{variable.name}: “{written}” is taken for “{found}”")
        return found
