"""The edges of a vault's graph as rows, kept in a few bytes each."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from graphkit.app.reading.graph_input import fill_vault_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import Link, PageFacts


class _Words:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return found

    def rename(self, old: str, new: str) -> None:
        """Give a text's number to a text that has none."""
        number = self._numbers.pop(old)
        self._numbers[new] = number
        self.texts[number] = new


class EdgeList:
    """A graph of which only the ids of nodes and the edges are kept: 24 bytes for an edge and its words once."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._nodes = _Words()
        self._words = _Words()
        self._edges = array("I")
        """Source, target, kind, tie, path and line, one after the other."""

    def __contains__(self, node: object, /) -> bool:
        return node in self._known

    def add_node(self, node: str, /, **_: object) -> None:
        """Remember the id of a node."""
        self._known.add(node)

    def add_edge(self, source: str, target: str, /, **marks: Any) -> None:  # noqa: ANN401 - of any graph
        """Add an edge with `kind`, `path` and `line`, and the tie `how` if it has one."""
        self._known.update((source, target))
        node, word = self._nodes.number, self._words.number
        how = marks.get("how", "")
        self._edges.extend(
            (node(source), node(target), word(marks["kind"]), word(how), word(marks["path"]), marks["line"])
        )

    def rename(self, old: str, new: str, kind: str) -> None:  # noqa: ARG002 - kinds of nodes are not kept
        """Give a node another id, in its edges too."""
        self._known.discard(old)
        if new in self._known:  # both are one node from now on
            self._nodes.texts[self._nodes.number(old)] = new
        else:
            self._nodes.number(old)
            self._nodes.rename(old, new)
        self._known.add(new)

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        nodes, words, edges = self._nodes.texts, self._words.texts, self._edges
        for start in range(0, len(edges), 6):
            source, target, kind, how, path, line = edges[start : start + 6]
            yield nodes[source], nodes[target], words[kind], words[how], words[path], line


def edge_rows(
    vault: Vault, vault_metrics: VaultMetrics, links: Callable[[PageFacts], Iterable[Link]] | None = None
) -> Iterator[tuple[object, ...]]:
    """The rows of the table `edges` of one vault, without the vault's id.

    links: the written references of a page; None: every page is read for them.
    """
    found = EdgeList()
    fill_vault_graph(found, vault, vault_metrics, links)
    return iter(found)
