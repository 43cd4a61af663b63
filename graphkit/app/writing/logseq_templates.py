"""Logseq's own templates, blocks and pages with `template::`: found by name and put into a new page.

spec: logseq-format §8.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import scan_outline
from graphkit.app.writing.apply_plans import require_writable
from graphkit.app.writing.new import place_titled, write_new_page
from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect
from graphkit.views.logseq_variables import fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import time

    from graphkit.app.results.edits import CreateReport
    from graphkit.app.vault import Vault
    from graphkit.outline.page_outline import Outline

_DROPPED = lazy_pattern(
    r"^[ \t]*(?i:id|custom[-_]id|template|template[-_]including[-_]parent)::(?: [^\n]*|[ \t]*)(?:\n|\Z)", re.MULTILINE
)
"""Properties that a copied block loses (spec: logseq-format §8.2)."""


class _Found(Record, frozen=True, kw_only=True):
    name: str
    place: str
    outline: Outline
    block: int
    with_parent: bool


def create_from_logseq_template(
    vault: Vault, name: str, title: str, now: time, environ: Mapping[str, str], *, dry_run: bool = False
) -> CreateReport:
    """A new page with what a Logseq template holds, its `<% … %>` filled in.

    Names are matched exactly, as Logseq does; of several with one name the first is taken, which a note says. Raises
    RequestError where there is no such template or title.
    """
    require_writable(vault)
    if vault.dialect is not Dialect.LOGSEQ:
        raise RequestError("only Logseq graphs have templates of this kind", "name a kind: graphkit new experiment …")
    place = place_titled(vault, title)
    found, *others = _find(vault, name)
    notes = [f"{len(others) + 1} templates are called “{name}”; this is the one in {found.place}"] if others else []
    pieces = [f"title:: {place.title}\n"] if place.title_property else []
    unit = vault.config.bullet_indentation
    for level, words in _copied(found):
        filled = fill_in(words, today=vault.today, now=now, page=place.title, title_of=vault.journals.title).strip()
        indent = unit * (level - 1)
        pieces.append(f"{indent}-{' ' if filled else ''}" + filled.replace("\n", f"\n{indent}  "))
    text = "\n".join(pieces)
    if len(scan_outline(text, vault.dialect).blocks) != len(pieces):
        raise RequestError(f"the template “{name}” would not read back as it was meant", "check its code and quotes")
    return write_new_page(vault, "page", place, text, environ, notes=notes, dry_run=dry_run)


def _copied(found: _Found) -> Iterator[tuple[int, str]]:
    """Level and text of the blocks that are copied, from level 1."""
    outline = found.outline
    own = outline.blocks[found.block]
    page = own.kind == "pre"
    blocks = outline.blocks if page else outline.blocks[found.block : own.stop]
    for block in blocks:
        words = _DROPPED.sub("", content(outline, block.index))
        if block.index != found.block:
            deeper = own.level if page or not found.with_parent else own.level - 1
            yield max(1, block.level - (0 if page else deeper)), words
        elif found.with_parent and not (page and not words.strip()):
            yield 1, words


def _find(vault: Vault, name: str) -> list[_Found]:
    everything = list(_all_templates(vault))
    named = [found for found in everything if found.name == name]
    if named:
        return named
    names = [found.name for found in everything]
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    near = get_close_matches(name, names, n=3, cutoff=0.4) or sorted(set(names))[:10]
    hint = "there are " + ", ".join(f"“{one}”" for one in near) if near else "this vault has no `template::` block"
    raise RequestError(f"no block or page has `template:: {name}`", hint)


def _all_templates(vault: Vault) -> Iterator[_Found]:
    for page in vault.catalog.pages():
        data = read_bytes(vault.root, page.path)
        if isinstance(data, Diagnostic) or b"template::" not in data.lower():
            continue
        source = SourceText.decode(data)
        outline = scan_outline(source.text, vault.dialect)
        for block in outline.blocks:
            if "template::" not in outline.text[block.start : block.end].lower():
                continue
            properties = {prop.key: prop.value for prop in read_body(outline, block.index).properties}
            if properties.get("template"):
                yield _Found(
                    name=properties["template"],
                    place=f"{page.path}:{source.position(block.start).line}",
                    outline=outline,
                    block=block.index,
                    with_parent=properties.get("template-including-parent") != "false",
                )
