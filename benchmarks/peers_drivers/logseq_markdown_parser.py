"""LogseqMarkdownParser: pages, blocks and the state of each block; it knows no links."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.peers_drivers.counts import drive, page_files

if TYPE_CHECKING:
    from benchmarks.peers_drivers.counts import Counts


def count(root: str, counts: Counts) -> None:
    """One `parse_file` a page; a page whose parsing, or whose block's state, raises is counted as failed."""
    parser = import_module("LogseqMarkdownParser")
    blocks = 0
    tasks: Counter[str] = Counter()
    for path in page_files(root):
        try:
            page = parser.parse_file(str(path))
            states = [block.TODO_state for block in page.blocks]
        except Exception as error:  # noqa: BLE001 - whatever it raises is a page that it does not read
            counts.fail(type(error).__name__)
            continue
        counts.pages += 1
        blocks += len(states)
        tasks.update(state for state in states if state)
    counts.blocks, counts.tasks = blocks, tasks


if __name__ == "__main__":
    drive(count)
