"""One rule of `check`: the codes it reports, the function that finds them, and what it has to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic


class Rule(NamedTuple):
    """One rule and where it holds."""

    codes: tuple[str, ...]
    """What it can report."""
    run: Callable[[PageReading], Iterator[Diagnostic]]
    outline: bool = True
    """True if it follows from how Logseq reads a page; other dialects read it otherwise."""
    catalog: bool = False
    """True if it asks for other pages, so that its findings can change while the page stays as it is."""

    def find(self, page: PageReading) -> Iterator[Diagnostic]:
        """The findings on a page: none where the rule does not hold, and none in generated content."""
        if page.context.logseq or not self.outline:
            for finding in self.run(page):
                if not page.is_generated(finding.line):
                    yield finding
