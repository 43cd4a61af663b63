"""Ids, block references and aliases that do not lead where they should.

spec: logseq-format §2.7, §4.6.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.facts.page_facts import BlockId
from graphkit.insight.checks.checked_page import excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.properties import normal_key
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.outline.properties import Property
    from graphkit.text.diagnostics import Diagnostic

_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_WHOLE_UUID: Final = lazy_pattern(_UUID)
_REFERENCE: Final = lazy_pattern(rf"\(\(({_UUID})\)\)")


def block_ids(page: PageReading) -> Iterator[Diagnostic]:
    """E205: an `id::` that is no uuid. E206: one that another block has, which keeps it (spec: logseq-format §4.6)."""
    own: set[str] = set()
    effective: dict[int, list[Property]] = {}
    for line in page.property_lines:
        if normal_key(line.key) != "id" or page.is_hidden(line.start):
            continue
        index = page.block_at(line.start)
        if page.outline.blocks[index].kind == "pre":
            continue
        if index not in effective:
            effective[index] = [prop for prop in page.body(index).properties if prop.key == "id"]
        place = bisect_right(effective[index], line.start, key=_start) - 1
        if place < 0 or line.start > effective[index][place].end:
            continue
        if not _WHOLE_UUID.fullmatch(line.value):
            yield page.finding(
                "E205",
                line.start,
                f"`id:: {excerpt(line.value)}` is not a UUID, so no reference can find this block",
                "delete the line; Logseq writes a new one when you reference the block",
            )
            continue
        identity = BlockId(line.value.lower())
        first = page.context.targets.block(identity)
        elsewhere = first is not None and (first[0].path != page.facts.path or first[1] != index)
        if elsewhere or identity in own:
            where = first[0].path if first is not None and first[0].path != page.facts.path else "this page"
            yield page.finding(
                "E206",
                line.start,
                f"another block, in {where}, already has this id; references lead there",
                "if this block is a copy, delete this line",
            )
        own.add(identity)


def _start(prop: Property) -> int:
    return prop.start


def missing_targets(page: PageReading) -> Iterator[Diagnostic]:
    """E207: `((uuid))` of a block that no page has; each target once a page."""
    if "((" not in page.text:
        return
    seen: set[str] = set()
    for match in _REFERENCE.finditer(page.text):
        identity = BlockId(match[1].lower())
        if identity in seen or page.context.targets.block(identity) is not None or page.is_code(match.start()):
            continue
        seen.add(identity)
        yield page.finding(
            "E207",
            match.start(),
            f"no block has the id {identity}, so the reference leads nowhere",
            "restore the block, or delete the reference",
        )


def taken_aliases(page: PageReading) -> Iterator[Diagnostic]:
    """E208: an alias that is another page's title or alias, so that it is open which of them is meant."""
    facts = page.facts
    for alias in facts.aliases:
        other = page.context.targets.page(alias)
        if other is not None and other.path != facts.path:
            named = "title" if alias.lower() == other.title.lower() else "alias"
            yield page.finding_at(
                "E208",
                facts.property_lines.get("alias", 1),
                f"the alias “{excerpt(alias)}” is also the {named} of {other.path}; links to it go there",
                "remove it from one of the pages",
            )


RULES: Final = (
    Rule(("E205", "E206"), block_ids, catalog=True),
    Rule(("E207",), missing_targets, catalog=True),
    Rule(("E208",), taken_aliases, catalog=True),
)
"""The rules of this module."""
