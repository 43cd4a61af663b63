"""What a driver counts, and how it says so; it knows no tool. Standard library only: it runs in every environment."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable


def page_files(root: str) -> list[Path]:
    """All Markdown files below a folder, those of hidden folders and of Logseq's own left out, by path."""
    found: list[Path] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and (folder != root or name != "logseq")]
        found += [Path(folder, name) for name in names if name.endswith(".md")]
    return sorted(found)


class Counts:
    """Running counts of one tool; None is what the tool cannot count."""

    def __init__(self) -> None:
        self.pages = 0
        self.blocks: int | None = None
        self.tasks: Counter[str] | None = None
        self.links: int | None = None
        self.failed = 0
        """Pages that the tool gave up on."""
        self.error = ""
        """What it said at the first of them; the kind of the error only, as its message may quote the page."""

    def fail(self, kind: str) -> None:
        """Note a page that the tool could not read."""
        self.failed += 1
        self.error = self.error or kind

    def document(self) -> dict[str, object]:
        """The counts as JSON values."""
        return {
            "pages": self.pages,
            "blocks": self.blocks,
            "tasks": None if self.tasks is None else dict(self.tasks.most_common()),
            "links": self.links,
            "failed": self.failed,
            "error": self.error,
        }


def drive(count: Callable[[str, Counts], None]) -> None:
    """Count the vault that the command line names, and print the counts as the last line."""
    counts = Counts()
    count(sys.argv[1], counts)
    print(json.dumps(counts.document()))
