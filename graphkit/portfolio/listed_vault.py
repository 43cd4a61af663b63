"""A vault as it was listed: what decides whether it has to be read again."""

from __future__ import annotations

from graphkit.portfolio.vault_source import Source  # noqa: TC001 - a field's type
from graphkit.text.records import Record


class ListedVault(Record, frozen=True, kw_only=True):
    """A source with the state in which it was found."""

    source: Source
    digest: str = ""
    """Of the listing; empty if a change could hide in it, or the source could not be listed."""
    pages: int = 0
    """Files that may be pages."""
    commit: str = ""
    """Of a git repository: the commit that is read."""
    error: str = ""
    """Why the source cannot be listed."""


MOST_FILES = 2_000_000
"""Files of one vault; a folder or prefix with more is refused rather than read for hours."""
