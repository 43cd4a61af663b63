"""Every page's bytes read and thrown away: what the disk and Python cost before anybody understands a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peers_drivers.counts import drive, page_files

if TYPE_CHECKING:
    from benchmarks.peers_drivers.counts import Counts


def count(root: str, counts: Counts) -> None:
    """Files read."""
    for path in page_files(root):
        path.read_bytes()
        counts.pages += 1


if __name__ == "__main__":
    drive(count)
