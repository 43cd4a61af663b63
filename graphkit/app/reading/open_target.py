"""The place that a reference means, and its address in Logseq or Obsidian."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from graphkit.app.failures import RequestError
from graphkit.app.reading.tree import find_page, page_named
from graphkit.facts.page_facts import CLOSED, BlockId
from graphkit.outline.inline import plain_text
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts, Task

_PLACE = lazy_pattern(r"(.+):([0-9]{1,9})", re.DOTALL)
_UUID = lazy_pattern(r"(?:\(\()?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:\)\))?")
_OFFERED = 10


class OpenTarget(Record, frozen=True, kw_only=True):
    """A page, or a line of it."""

    path: str
    title: str
    line: int = 1
    block_id: str | None = None
    """The `id::` of the block on that line; None without one."""


def find_target(vault: Vault, reference: str) -> OpenTarget:
    """The page, `page:line`, block id or task that a reference means.

    Raises RequestError that lists the candidates of an ambiguous one, each with its place.
    """
    page = find_page(vault, reference)
    if page is not None:
        return OpenTarget(path=page.path, title=page.title)
    place = _PLACE.fullmatch(reference)
    page = find_page(vault, place[1]) if place else None
    if place and page is not None:
        return _line_of(page, int(place[2]))
    if identity := _UUID.fullmatch(reference):
        return _block(vault, identity[1].lower())
    found = _tasks(vault, reference)
    if len(found) == 1:
        return _line_of(found[0][0], found[0][1].line)
    if found:
        listed = "\n  ".join(f"{page.path}:{task.line}  {plain_text(task.text)}" for page, task in found[:_OFFERED])
        more = f"\n  and {len(found) - _OFFERED} more" if len(found) > _OFFERED else ""
        raise RequestError(f"“{reference}” fits {len(found)} tasks", f"name one of these places:\n  {listed}{more}")
    page = page_named(vault, place[1] if place else reference)
    return OpenTarget(path=page.path, title=page.title)


def address(vault: Vault, target: OpenTarget) -> str | None:
    """The address that opens it in the vault's own app; None where no app is known for this kind of vault."""
    if vault.dialect is Dialect.LOGSEQ:
        return logseq_address(vault.name, target.title, target.block_id)
    if vault.dialect is Dialect.OBSIDIAN:
        return f"obsidian://open?vault={_quoted(vault.name)}&file={_quoted(target.path)}"
    return None


def logseq_address(graph: str, title: str, block_id: str | None = None) -> str:
    """The address that opens a page, or a block of it, in Logseq."""
    what = f"block-id={quote(block_id, safe='')}" if block_id else f"page={_quoted(title)}"
    return f"logseq://graph/{_quoted(graph)}?{what}"


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _line_of(page: PageFacts, line: int) -> OpenTarget:
    identity = next((task.id for task in page.tasks if task.line == line), None)
    return OpenTarget(path=page.path, title=page.title, line=max(line, 1), block_id=identity)


def _block(vault: Vault, identity: str) -> OpenTarget:
    owner = vault.catalog.block(BlockId(identity))
    if owner is None:
        raise RequestError(f"no block has the id {identity}", "`graphkit tasks --json` lists tasks with ids")
    page, block = owner
    line = next((task.line for task in page.tasks if task.block == block), 0)
    if not line and (opened := vault.open_page(page)) is not None:
        line = opened.source.position(opened.outline.blocks[block].text_start).line
    return OpenTarget(path=page.path, title=page.title, line=max(line, 1), block_id=identity)


def _tasks(vault: Vault, words: str) -> list[tuple[PageFacts, Task]]:
    """Tasks with these words: the exact text before a part of it, and open ones before closed ones."""
    wanted = " ".join(words.casefold().split())
    known = [
        (page, task, " ".join(plain_text(task.text).casefold().split()))
        for page in vault.catalog.pages()
        for task in page.tasks
    ]
    found = [(page, task) for page, task, text in known if text == wanted]
    found = found or [(page, task) for page, task, text in known if wanted and wanted in text]
    return [(page, task) for page, task in found if task.status not in CLOSED] or found
