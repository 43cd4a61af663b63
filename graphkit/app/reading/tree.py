"""`graphkit tree PAGE`: the outline of one page as graphkit reads it, tasks with their progress."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.reading.experiments import page_tree, task_row, work_tree
from graphkit.app.reading.name_lookup import named
from graphkit.app.results.reports import OutlineRow, TreeReport
from graphkit.facts.dialects import shown_text
from graphkit.outline.body import read_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.results.task_row import TaskRow
    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import PageFacts


def find_page(vault: Vault, wanted: str) -> PageFacts | None:
    """The page with this title or alias, or the page of this file: its path in the vault, with `./` or whole too."""
    catalog = vault.catalog
    page = catalog.page(wanted) or catalog.at_path(wanted)
    if page is None and "/" in wanted.replace(os.sep, "/"):
        place = os.path.normpath(wanted).removeprefix(f"{vault.root}{os.sep}")
        page = catalog.at_path(place.replace(os.sep, "/"))
    return page


def page_named(vault: Vault, wanted: str) -> PageFacts:
    """The page with this name or path, as in `find_page`. Raises RequestError that suggests similar names."""
    return find_page(vault, wanted) or named(
        wanted,
        list(vault.catalog.pages()),
        title=lambda item: item.title,
        aliases=lambda item: item.aliases,
        noun="page with a file",
    )


def report_tree(vault: Vault, wanted: str) -> TreeReport:
    """The blocks of a page in order. Raises RequestError if there is no such page or it cannot be read now."""
    page = page_named(vault, wanted)
    opened = vault.open_page(page)
    if opened is None:
        raise RequestError(f"{page.path} cannot be read", "run the command again")
    tasks = {
        node.task.block: task_row(vault, node, depth=0) for node in page_tree(vault, page).nodes if node.page is page
    }
    return TreeReport(
        vault=vault.name,
        as_of=vault.today,
        page=page.title,
        path=page.path,
        progress=work_tree(vault, page).progress,
        rows=tuple(_rows(opened, tasks)),
    )


def _rows(opened: OpenPage, tasks: dict[int, TaskRow]) -> Iterator[OutlineRow]:
    outline, text = opened.outline, opened.outline.text
    sections = {section.block: section for section in opened.facts.sections}
    for block in outline.blocks:
        body = read_body(outline, block.index)
        line = opened.source.position(block.text_start).line
        section = sections.get(block.index)
        title = shown_text(outline, text[body.title.start : body.title.end]).strip()
        if block.kind == "pre" and body.properties:
            for prop in body.properties:
                place = opened.source.position(prop.start).line
                yield OutlineRow(
                    line=place, level=block.level, kind="properties", text=f"{prop.raw_key}:: {prop.value}"
                )
            continue
        if not title and body.properties and not tasks.get(block.index):
            title = f"{body.properties[0].raw_key}:: {body.properties[0].value}"
        task = tasks.get(block.index)
        if task and outline.reader is not None:
            title = shown_text(outline, task.text)
        kind = "task" if task else "section" if section or body.heading else "block"
        yield OutlineRow(
            line=line,
            level=block.level,
            kind=kind,
            text=title,
            section=section.kind if section and section.kind != "other" else None,
            task=task,
        )
