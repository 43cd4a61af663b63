"""Where things lie: keys of pages and fragments, and addresses in one file, in a folder, on a server and in Logseq."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, Literal

from graphkit.app.reading.open_target import logseq_address
from graphkit.text.records import Record
from graphkit.vault.names import page_name

Style = Literal["file", "folder", "server"]
"""All pages in one file, a file for each page, or an address for each page on a server."""

OVERVIEW: Final = "overview"
_OTHER: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 40


def key_of(name: str) -> str:
    """A name as a part of ids and file names: ASCII, stable, and different for different page names."""
    name = page_name(name)
    plain = _OTHER.sub("-", name).strip("-")[:_LONGEST].strip("-")
    if plain and plain.replace("-", " ") == name:
        return plain
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{plain}-{digest}" if plain else digest


def experiment_key(name: str) -> str:
    """The key of an experiment's page."""
    return f"experiment-{key_of(name)}"


class Links(Record, frozen=True, kw_only=True):
    """The addresses of one report."""

    style: Style
    pages: frozenset[str]
    """Keys of the pages that the report has; nothing leads to any other."""
    graph: str
    """Name of the vault; empty where Logseq would not know it."""

    def page(self, key: str, anchor: str = "") -> str:
        """The address of a page, or of a fragment on it; empty if the report does not have the page."""
        if key not in self.pages:
            return ""
        if self.style == "file":
            return f"#{anchor or key}"
        name = "" if self.style == "server" and key == OVERVIEW else key
        base = f"/{name}" if self.style == "server" else f"{'index' if key == OVERVIEW else name}.html"
        return f"{base}#{anchor}" if anchor else base

    def experiment(self, name: str) -> str:
        """The address of an experiment's page."""
        return self.page(experiment_key(name))

    def metric(self, name: str) -> str:
        """The address of a metric."""
        return self.page("metrics", f"metric-{key_of(name)}")

    def goal(self, name: str) -> str:
        """The address of a goal."""
        return self.page("goals", f"goal-{key_of(name)}")

    def logseq(self, title: str, block: str | None = None) -> str:
        """The address that opens a page, or a block of it, in Logseq; empty outside Logseq graphs."""
        if not self.graph:
            return ""
        return logseq_address(self.graph, title, block)
