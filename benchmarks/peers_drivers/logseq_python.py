"""logseq-python: its client loads the graph; pages, blocks, task states, and the links and tags of each block."""

from __future__ import annotations

import io
from collections import Counter
from contextlib import redirect_stdout
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.peers_drivers.counts import drive

if TYPE_CHECKING:
    from benchmarks.peers_drivers.counts import Counts


def count(root: str, counts: Counts) -> None:
    """One `load_graph`; it prints a warning for each page that it gives up on. A link counts once a block."""
    said = io.StringIO()
    with redirect_stdout(said):
        graph = import_module("logseq_py.logseq_client").LogseqClient(root).load_graph()
    for line in said.getvalue().splitlines():
        if line.startswith("Warning: Could not parse"):
            counts.fail("a warning")
    blocks = [block for page in graph.pages.values() for block in page.blocks]
    counts.pages = len(graph.pages)
    counts.blocks = len(blocks)
    counts.tasks = Counter(block.task_state.value for block in blocks if block.task_state)
    counts.links = sum(len(block.get_links()) + len(block.tags) for block in blocks)


if __name__ == "__main__":
    drive(count)
