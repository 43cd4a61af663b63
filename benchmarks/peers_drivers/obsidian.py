"""obsidiantools: its connected vault; pages, wikilinks and tags. It knows no blocks and no task markers."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers_drivers.counts import drive

if TYPE_CHECKING:
    from benchmarks.peers_drivers.counts import Counts


def count(root: str, counts: Counts) -> None:
    """One `connect`; every wikilink and every tag that its indexes hold."""
    vault = import_module("obsidiantools.api").Vault(Path(root)).connect()
    counts.pages = len(vault.md_file_index)
    counts.links = sum(map(len, vault.wikilinks_index.values())) + sum(map(len, vault.tags_index.values()))


if __name__ == "__main__":
    drive(count)
