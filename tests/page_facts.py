"""Facts of pages from their text, for tests that need extraction but no vault on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.extract import extract_page
from graphkit.facts.page_source import PageSource, Reading
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page
from graphkit.text.source import SourceText
from graphkit.vault.journal import journal_formats

if TYPE_CHECKING:
    from datetime import date

    from graphkit.facts.page_facts import PageFacts

IDENTITY = "78e3a545-82fb-c9b3-3bc1-cf8122ebd180"
PIECES = (
    *("\n- ", "\n\t- ", "\n  ", "\n\n", "\r\n- ", "- ", "-", "\n", " ", "words", "é", "\ufeff", "---\n"),
    *("TODO ", "DONE ", "[#A] ", "SCHEDULED: <2026-03-04 Wed>", ":LOGBOOK:\n", ":END:", "#+title: T", "#+key: v"),
    *("key:: 3", "weather:: fine", "tags:: note, [[b]]", "tags:: experiment", "alias:: x", "title:: Y", "type:: goal"),
    *(
        "page-type:: [[experiment]]",
        "goal:: [[g]]",
        "graphkit:: status",
        f"id:: {IDENTITY}",
        f"ID::  {IDENTITY}",
        "id:: ",
    ),
    *("#goal [[G]]", "#metric [[M]] 3", "#question", "#[[open-question]] why", "[[page]]", "#tag", f"(({IDENTITY}))"),
    *(
        "```",
        "`",
        "$$",
        "<div>",
        "</div>",
        "> ",
        "| Strategy | Metric |\n|---|---|\n| a | b |",
        ":properties:\n:a: b\n:end:",
    ),
)
"""What pages are put together from: everything that a fact can come of."""

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
