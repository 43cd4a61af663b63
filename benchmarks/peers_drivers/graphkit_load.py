"""graphkit through its Python interface: pages, blocks, tasks; with a second word `links`, the links of its graph."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import graphkit
from benchmarks.peers_drivers.counts import drive

if TYPE_CHECKING:
    from benchmarks.peers_drivers.counts import Counts


def count(root: str, counts: Counts) -> None:
    """Pages with their blocks (page properties count as one, as in Logseq's database) and tasks; never by the index."""
    vault = graphkit.load(root)
    counts.pages = len(vault.pages)
    counts.blocks = sum(page.block_count for page in vault.pages)
    counts.tasks = Counter(task.marker for page in vault.pages for task in page.tasks)
    if "links" in sys.argv[2:]:
        counts.links = sum(edge["kind"] in {"links", "embeds"} for _, _, edge in vault.graph.edges(data=True))


if __name__ == "__main__":
    drive(count)
