"""logseq-matryca-parser: its graph of `pages/` and `journals/`; pages, nodes, task states, links and tags."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.peers_drivers.counts import drive

if TYPE_CHECKING:
    from benchmarks.peers_drivers.counts import Counts


def count(root: str, counts: Counts) -> None:
    """One `load_directory`, then every node of every page."""
    graph = import_module("logseq_matryca_parser").LogseqGraph.load_directory(root)
    tasks: Counter[str] = Counter()
    blocks = links = 0
    for page in graph.iter_canonical_pages():
        counts.pages += 1
        waiting = list(page.root_nodes)
        while waiting:
            node = waiting.pop()
            waiting += node.children
            blocks += 1
            links += len(node.wikilinks) + len(node.tags)
            if node.task_status:
                tasks[node.task_status] += 1
    counts.blocks, counts.tasks, counts.links = blocks, tasks, links


if __name__ == "__main__":
    drive(count)
