"""From one file's bytes to the facts of its page, by the conventions of its vault. Opens no file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.extract import extract_page
from graphkit.facts.journal_links import plain_journal_links
from graphkit.facts.lazy_page import read_lazy_page
from graphkit.facts.page_facts import INSIDE
from graphkit.facts.page_source import PageSource
from graphkit.insight.checks.checked_page import CheckContext
from graphkit.insight.checks.checked_page import PageReading as CheckedPage
from graphkit.insight.checks.page_alone import check_alone
from graphkit.outline.header import glance_header, read_header
from graphkit.outline.properties import JS_SPACE
from graphkit.outline.scanner import scan_page
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import force_setattr
from graphkit.text.source import SourceText, text_of
from graphkit.vault.layout import Dialect
from graphkit.vault.names import page_name, title_of_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from graphkit.app.conventions import Conventions
    from graphkit.facts.page_facts import PageFacts
    from graphkit.outline.page_outline import Outline, PageHeader
    from graphkit.vault.names import FileTitle, PageName
    from graphkit.vault.paths import PagePaths


_NO_TARGETS: Final = MemoryCatalog()
"""For the rules about a single page, which do not use other pages."""


def scan_outline(text: str, dialect: Dialect) -> Outline:
    """The outline of a page in its vault's dialect."""
    if dialect is Dialect.LOGSEQ:
        return scan_page(text)
    from graphkit.outline.markdown_dialect.list_items import scan_plain_page  # noqa: PLC0415 - Logseq graphs never need it

    return scan_plain_page(text, mirror=dialect is Dialect.MIRROR)


def read_pages(files: Sequence[tuple[str, bytes]], conventions: Conventions) -> list[PageFacts | None]:
    """The facts of some files, given with their paths; None for one of white space alone (spec: logseq-format §1.2)."""
    nothing: list[None] = [None] * len(files)
    return _read_texts([path for path, _ in files], [text_of(data) for _, data in files], nothing, nothing, conventions)


def _read_texts(
    paths: Sequence[str],
    texts: Sequence[str],
    headers: Sequence[PageHeader | None],
    named: Sequence[FileTitle | None],
    conventions: Conventions,
) -> list[PageFacts | None]:
    """The facts of some texts; their headers and titles are read where they are not known yet.

    Each step is taken for all files before the next one: a sixth less time than one file after the other, as what a
    step needs is not displaced by the others (measured).
    """
    outlines = [scan_outline(text, conventions.dialect) for text in texts]
    read = [known or read_header(outline) for outline, known in zip(outlines, headers, strict=True)]
    by_path = conventions.paths
    if by_path is not None:
        return [
            _read_by_path(path, SourceText(text), outline, header, conventions, by_path)
            for path, text, outline, header in zip(paths, texts, outlines, read, strict=True)
        ]
    titles = [
        known or title_of_file(path, conventions.config, header.title)
        for path, header, known in zip(paths, read, named, strict=True)
    ]
    return [
        None if _is_blank(text) else _extract(path, SourceText(text), header, title, conventions, outline)
        for path, text, outline, header, title in zip(paths, texts, outlines, read, titles, strict=True)
    ]


def read_page(path: str, data: bytes, conventions: Conventions) -> PageFacts | None:
    """The facts of one file; None if it holds nothing but white space, which is not a page.

    spec: logseq-format §1.2.
    """
    return read_pages([(path, data)], conventions)[0]


def read_heads(files: Sequence[tuple[str, bytes]], conventions: Conventions) -> list[PageFacts | None]:
    """Like `read_pages`, but the inside of most pages is read on demand."""
    if conventions.paths is not None:
        return read_pages(files, conventions)
    texts = [text_of(data) for _, data in files]
    headers = [None if _is_blank(text) else glance_header(text) for text in texts]
    named = [
        None if header is None else title_of_file(path, conventions.config, header.title)
        for (path, _), header in zip(files, headers, strict=True)
    ]
    found: list[PageFacts | None] = [
        None
        if header is None or name is None
        else read_lazy_page(path, name, header, text, conventions.reading, partial(_read_inside, data, conventions))
        for (path, data), text, header, name in zip(files, texts, headers, named, strict=True)
    ]
    whole = [number for number, page in enumerate(found) if page is None]
    read = _read_texts(
        [files[number][0] for number in whole],
        [texts[number] for number in whole],
        [headers[number] for number in whole],
        [named[number] for number in whole],
        conventions,
    )
    for number, page in zip(whole, read, strict=True):
        found[number] = page
    return found


def _read_inside(data: bytes, conventions: Conventions, page: PageFacts, asked: str) -> Mapping[str, object]:
    """The facts of a page that `read_heads` left, or only the requested one if that is cheaper."""
    if asked == "linked":
        return {asked: plain_journal_links(text_of(data))}
    facts = read_page(page.path, data, conventions)
    return {} if facts is None else {fact: getattr(facts, fact) for fact in INSIDE}


def _is_blank(text: str) -> bool:
    """True if a file holds nothing but white space, which is not a page (spec: logseq-format §1.2)."""
    return not text.strip(JS_SPACE)


def _extract(
    path: str, source: SourceText, header: PageHeader, named: FileTitle, conventions: Conventions, outline: Outline
) -> PageFacts:
    page = PageSource(
        path=path,
        title=named.title,
        name=named.name,
        journal_day=named.journal_day,
        source=source,
        outline=outline,
        header=header,
    )
    return _extracted(page, conventions)


def _extracted(page: PageSource, conventions: Conventions) -> PageFacts:
    """The facts of a page; of an experiment, whose findings `status` counts, with what its text alone gives."""
    facts = extract_page(page, conventions.reading)
    if conventions.is_experiment(facts):
        logseq = conventions.dialect is Dialect.LOGSEQ
        context = CheckContext(targets=_NO_TARGETS, reading=conventions.reading, logseq=logseq)
        checked = check_alone(CheckedPage(facts, page.source, lambda _: page.outline, context, page.header))
        force_setattr(facts, "checked", checked)  # nobody else has the value yet; a copy takes ten times as long
    return facts


def _read_by_path(
    path: str, source: SourceText, outline: Outline, header: PageHeader, conventions: Conventions, paths: PagePaths
) -> PageFacts:
    """The facts of a file whose page is named by its path; a stem that is a day makes a journal."""
    title, name, day = identity_of(path, conventions, paths)
    page = PageSource(path=path, title=title, name=name, journal_day=day, source=source, outline=outline, header=header)
    return _extracted(page, conventions)


def identity_of(path: str, conventions: Conventions, paths: PagePaths) -> tuple[str, PageName, dt.date | None]:
    """Title, name and day of a page that is named by its path."""
    title = paths.title(path)
    day = conventions.journals.parse(title[title.rfind("/") + 1 :])
    if conventions.dialect is not Dialect.MIRROR:
        return title, paths.name(path), day
    title = title if day is None else conventions.journals.title(day)
    return title, page_name(title), day


def second_file(path: str, first: str, title: str) -> Diagnostic:
    """The finding for a file whose page another file, loaded before it, holds already."""
    message = f"{first} holds the page “{title}” already, so Logseq and graphkit skip this file"
    if normalize("NFC", path) == normalize("NFC", first):
        message += "; the two names differ only in their Unicode form"
    return Diagnostic(
        code="E204",
        severity=Severity.WARNING,
        path=path,
        message=message,
        hint="merge the two, or rename one of them",
    )
