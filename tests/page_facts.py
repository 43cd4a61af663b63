"""Facts of pages from their text, for tests that need extraction but no vault on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.extract import PageSource, Reading, extract_page
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page
from graphkit.text.source import SourceText
from graphkit.vault.journal import journal_formats

if TYPE_CHECKING:
    from datetime import date

    from graphkit.facts.values import PageFacts

PARSE_JOURNAL = journal_formats("MMM do, yyyy").parse


def facts_of(
    text: str, title: str = "Page", *, day: date | None = None, path: str | None = None, reading: Reading | None = None
) -> PageFacts:
    """The facts of one page; its file is `pages/TITLE.md`, a journal's `journals/DAY.md`."""
    source = SourceText(text)
    outline = scan_page(text)
    if path is None:
        path = f"journals/{day:%Y_%m_%d}.md" if day else f"pages/{title}.md"
    return extract_page(
        PageSource(
            path=path, title=title, journal_day=day, source=source, outline=outline, header=read_header(outline)
        ),
        reading or Reading(),
    )
