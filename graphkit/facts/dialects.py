"""All extraction asks of a page in whatever dialect it is written: references, shown text, tasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import MARKER_STATUS, TaskStatus
from graphkit.outline.inline import plain_text, read_inline
from graphkit.outline.properties import COMMA_KEYS
from graphkit.outline.typed_values import listed_titles, value_titles
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.vault.paths import absolute_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from graphkit.facts.page_facts import Section, Task
    from graphkit.outline.inline import Inline
    from graphkit.outline.page_outline import BlockReader, Outline
    from graphkit.outline.properties import Property
    from graphkit.outline.typed_values import ValueRules

_COMMA = lazy_pattern("[,，]")
FURTHER_STATUS: Mapping[str, TaskStatus] = {"IN-REVIEW": TaskStatus.DOING, "BACKLOG": TaskStatus.TODO}
"""Markers of a mirror that Logseq's file graphs do not have (spec: logseq-format §9.3)."""


def inline_of(outline: Outline, text: str) -> Inline:
    """The references of a text in the dialect of its page."""
    return read_inline(text) if outline.reader is None else outline.reader.inline(text)


def shown_text(outline: Outline, text: str) -> str:
    """A text as its reader sees it, in the dialect of its page."""
    return plain_text(text) if outline.reader is None else outline.reader.shown(text)


def unlabelled(outline: Outline, text: str) -> str:
    """A text whose links name their page only; outside Logseq graphs `[[page|label]]` is such a link."""
    return text if outline.reader is None else outline.reader.unlabelled(text)


def titles_in(outline: Outline, prop: Property | None) -> tuple[str, ...]:
    """The titles in a value that is split at commas; none where there is no such property."""
    if prop is None:
        return ()
    return listed_titles(prop) if outline.reader is None else tuple(_names(outline.reader, prop.value, parts=True))


def property_titles(outline: Outline, prop: Property, rules: ValueRules) -> tuple[str, ...]:
    """The pages that a value refers to, as written."""
    if outline.reader is None:
        return value_titles(prop, rules)
    return tuple(_names(outline.reader, prop.value, parts=prop.key in COMMA_KEYS))


def _names(reader: BlockReader, value: str, *, parts: bool) -> Iterator[str]:
    """The links and tags of a value; with `parts` the texts between commas that hold none, too."""
    at = 0
    for reference in reader.inline(value).references:
        if reference.kind == "block":
            continue
        if parts:
            yield from _parts(value[at : reference.start])
        at = max(at, reference.end)
        yield reference.target
    if parts:
        yield from _parts(value[at:])


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in _COMMA.split(text) if part.strip())


def status_of(marker: str) -> TaskStatus:
    """The status class of a marker or box; a box with any other sign than those of spec: domain §3 is open."""
    return MARKER_STATUS.get(marker) or FURTHER_STATUS.get(marker) or TaskStatus.TODO


def task_target(outline: Outline, path: str, title: str) -> str | None:
    """The page where a task's text is nothing but one link, outside Logseq graphs."""
    target = outline.reader.only_page(title) if outline.reader is not None else None
    return None if target is None else absolute_target(target, path)


def day_of(
    properties: Mapping[str, str], keys: tuple[str, ...], parse_day: Callable[[str], date | None]
) -> date | None:
    """The first day that one of these properties holds."""
    for key in keys:
        day = read_date(properties[key], parse_day) if key in properties else None
        if day is not None:
            return day
    return None


def listed_goals(outline: Outline, path: str, sections: tuple[Section, ...]) -> Iterator[tuple[str, int]]:
    """The pages that open the items below a *Goal* section, with their places; outside Logseq graphs only."""
    if outline.reader is None:
        return
    if outline.reader.is_mirror:
        yield from _goals_block(outline, outline.reader, path)
    if not any(section.kind == "goal" for section in sections):
        return
    text = outline.text
    tasks = {index for index, _, _ in outline.reader.task_marks(outline)}
    for section in sections:
        if section.kind != "goal":
            continue
        for block in outline.blocks[section.first + 1 : section.stop]:
            if block.kind == "bullet" and block.index not in tasks:
                title = outline.reader.body(outline, block.index).title
                references = outline.reader.inline(text[title.start : title.end]).references
                if references and references[0].kind == "page" and references[0].start == 0:
                    yield absolute_target(references[0].target, path), title.start


def _goals_block(outline: Outline, reader: BlockReader, path: str) -> Iterator[tuple[str, int]]:
    """The pages that a mirror's *Goals* blocks link to, on their own line or at the start of the blocks below."""
    text = outline.text
    for block in outline.blocks:
        if block.kind != "bullet" or not _GOALS.match(text, block.text_start, block.end):
            continue
        for index in range(block.index, block.stop):
            title = reader.body(outline, index).title
            for reference in reader.inline(text[title.start : title.end]).references:
                if reference.kind == "page" and (index == block.index or reference.start == 0):
                    yield absolute_target(reference.target, path), title.start + reference.start


_GOALS = lazy_pattern(r"[ \t]*+goals?[ \t]*+(?::|(?=[\r\n]|\Z|\[\[))", re.IGNORECASE)


def dialect_findings(outline: Outline, path: str, tasks: tuple[Task, ...]) -> Iterator[Diagnostic]:
    """The problems in the page's own syntax, and boxes of a meaning that only a theme knows (W319)."""
    if outline.reader is None:
        return
    for finding in outline.reader.findings(outline):
        yield Diagnostic(
            code=finding.code,
            severity=finding.severity,
            path=path,
            line=finding.line,
            column=finding.column,
            message=finding.message,
            hint=finding.hint,
        )
    for task in tasks:
        if task.marker.startswith("[") and task.marker not in MARKER_STATUS:
            yield Diagnostic(
                code="W319",
                severity=Severity.INFO,
                path=path,
                line=task.line,
                column=task.column,
                message=f"graphkit does not know the box {task.marker}; the task counts as open",
                hint="use [ ], [x], [/], [-] or [!]",
            )
