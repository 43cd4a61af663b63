"""A page's bytes on their way into a plan: read for writing, and compared block by block after a change."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import scan_outline
from graphkit.outline.content import content
from graphkit.store.reading.files import read_bytes
from graphkit.store.writing.writable import refuse_content, refuse_path
from graphkit.text.diagnostics import Diagnostic
from graphkit.vault.layout import Hidden, arrange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from graphkit.app.vault import Vault
    from graphkit.outline.page_outline import Outline
    from graphkit.text.edit import Splice


def read_for_writing(vault: Vault, path: str) -> bytes:
    """A page's bytes. Raises RequestError if it cannot be read, and where it must not be written."""
    data = read_bytes(vault.root, path)
    if isinstance(data, Diagnostic):
        raise RequestError(f"{path}: {data.message}", data.hint)
    refusal = refuse_path(path) or refuse_content(data)
    if refusal is not None:
        raise RequestError(f"{path} is only read, because {refusal.reason}", refusal.remedy)
    return data


def require_read(vault: Vault, path: str) -> None:
    """Raises RequestError for a path at which no page is read, so that whatever is written there would be lost."""
    settings = (("`:hidden` in logseq/config.edn", vault.config.hidden), ("`ignore`", vault.settings.ignore))
    for name, prefixes in settings:
        if Hidden(prefixes)(path):
            raise RequestError(f"{path} is ignored because of {name}", "remove the prefix from it")
    if path not in arrange([path], vault.dialect).pages:
        raise RequestError(f"a file named {path} is no page", "correct what names the folder, or the file")


def same_blocks(vault: Vault, before: str, after: str, *, changed: Collection[int] = ()) -> bool:
    """True if every block of a page is still there with its depth and its text, new ones behind them left aside.

    changed: indices of blocks whose text may differ.
    """
    old, new = scan_outline(before, vault.dialect), scan_outline(after, vault.dialect)
    if len(new.blocks) < len(old.blocks):
        return False
    return all(
        (one.level, one.kind) == (two.level, two.kind)
        and (one.index in changed or content(old, one.index).rstrip() == content(new, two.index).rstrip())
        for one, two in zip(old.blocks, new.blocks, strict=False)
    )


def touched_blocks(outline: Outline, splices: Iterable[Splice]) -> set[int]:
    """Indices of the blocks in which splices begin."""
    starts = [block.start for block in outline.blocks]
    return {max(bisect_right(starts, splice.start) - 1, 0) for splice in splices}
