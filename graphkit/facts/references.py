"""The pages and blocks that one block refers to, as Logseq records it: pages, blocks, macros, typed properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.dialects import inline_of, property_titles
from graphkit.facts.page_facts import BlockId, Link, LinkKind
from graphkit.outline.body import read_body
from graphkit.outline.properties import BUILT_IN, key_page
from graphkit.outline.typed_values import Value, ValueRules, typed_value, value_blocks
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.vault.names import namespace_pages, page_name
from graphkit.vault.paths import absolute_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from graphkit.outline.inline import Macro, Reference, ReferenceKind
    from graphkit.outline.page_outline import Body, Outline
    from graphkit.outline.properties import Property
    from graphkit.text.source import SourceText

_UUID = lazy_pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_LINK_KINDS: Mapping[ReferenceKind, LinkKind] = {
    "page": "page",
    "tag": "tag",
    "embed": "embed",
    "block": "block",
    "embed_block": "embed_block",
}


class ReferenceRules(Record, frozen=True, kw_only=True):
    """Everything in the configuration that decides what counts as a reference."""

    normalise: Callable[[str], str]
    """A title as written to the page's title: dates in the journal's spelling."""
    property_pages: bool = True
    """`:property-pages/enabled?`"""
    excluded_properties: frozenset[str] = frozenset()
    """`:property-pages/excludelist`"""
    values: ValueRules = ValueRules()


class BlockReferences(Record, frozen=True, kw_only=True):
    """Titles (namespace parents included) and block ids that a block refers to, in order and once each."""

    pages: tuple[str, ...]
    blocks: tuple[str, ...]
    macros: tuple[Macro, ...]


def block_references(outline: Outline, index: int, body: Body, rules: ReferenceRules) -> BlockReferences:
    """Everything that Logseq counts as a reference of this block: text, properties and their keys, marker, priority."""
    titles: list[str] = []
    blocks: list[str] = []
    macros: list[Macro] = []
    for span in body.prose:
        inline = inline_of(outline, outline.text[span.start : span.end])
        macros += inline.macros
        for reference in inline.references:
            if reference.kind in {"block", "embed_block"}:
                blocks.append(reference.target.lower())
            else:
                titles.append(reference.target)
    is_pre = outline.blocks[index].kind == "pre"
    stated = list(_property_titles(outline, body, rules, is_pre=is_pre))
    # Logseq makes pages of what a pre-block's properties name before it looks for namespaces, of other titles after it.
    titles += [rules.normalise(title) for title in stated if page_name(title)] if is_pre else stated
    for prop in body.properties:
        blocks += value_blocks(prop)
    if outline.reader is None:
        titles += (word for word in (body.marker, body.priority) if word)
    pages = [rules.normalise(name) for title in titles for name in (title, *namespace_pages(title))]
    return BlockReferences(pages=tuple(dict.fromkeys(pages)), blocks=tuple(dict.fromkeys(blocks)), macros=tuple(macros))


def _property_titles(outline: Outline, body: Body, rules: ReferenceRules, *, is_pre: bool) -> Iterator[str]:
    """Titles that property values and keys name, as written; of a pre-block's repeated key the last (verified)."""
    counting = {prop.key: prop for prop in body.properties}.values() if is_pre else body.properties
    for prop in counting:
        yield from filter(str.strip, property_titles(outline, prop, rules.values))
        if _is_page(prop.key, rules):
            yield key_page(prop.key)


def block_identity(properties: Iterable[Property]) -> BlockId | None:
    """The uuid that `id::` gives a block, in lower case; None if it has none or it is not well formed (4.6)."""
    written = [prop.value for prop in properties if prop.key == "id"]
    return BlockId(written[-1].lower()) if written and _UUID.fullmatch(written[-1]) else None


def typed_properties(properties: Iterable[Property], rules: ReferenceRules) -> dict[str, Value]:
    """Values by key as Logseq types them (spec: logseq-format §4.3); of a key that comes twice the last one wins."""
    values: dict[str, Value] = {}
    for prop in properties:
        values[prop.key] = typed_value(prop, rules.values)
    return values


def _is_page(key: str, rules: ReferenceRules) -> bool:
    """True if a property's key is a reference to the page of its name (spec: logseq-format §4.4)."""
    name = key_page(key)
    return rules.property_pages and name not in BUILT_IN and name not in rules.excluded_properties


def read_links(outline: Outline, source: SourceText, rules: ReferenceRules, path: str = "") -> Iterator[Link]:
    """Every written reference of a page with its place, in order; keys, markers and namespace parents do not count.

    Titles are in the journal's spelling where they are dates. path: where the page lies, for links that count from
    there (outside Logseq graphs).
    """
    text = outline.text
    for block in outline.blocks:
        if not _may_refer(text, block.start, block.end):
            continue
        body = read_body(outline, block.index)
        for span in body.prose:
            tag: Reference | None = None
            for reference in inline_of(outline, text[span.start : span.end]).references:
                if reference.kind == "embed" and _UUID.fullmatch(reference.target):
                    # Logseq records a page named like an embedded block's id, a quirk (spec: logseq-format §6.4)
                    continue
                if tag and reference.start == tag.start + 1 and reference.target == tag.target:
                    continue  # the `[[page]]` in `#[[page]]`: Logseq records both, a person wrote one
                tag = reference if reference.kind == "tag" else None
                yield Link(
                    kind=_LINK_KINDS[reference.kind],
                    target=_target(reference.kind, absolute_target(reference.target, path), rules),
                    block=block.index,
                    line=source.position(span.start + reference.start).line,
                )
        for prop in body.properties:
            line = source.position(prop.start).line
            for title in property_titles(outline, prop, rules.values):
                yield Link(kind="property", target=rules.normalise(title), block=block.index, line=line)
            for identity in value_blocks(prop):
                yield Link(kind="block", target=identity, block=block.index, line=line)


def _target(kind: ReferenceKind, target: str, rules: ReferenceRules) -> str:
    return target.lower() if kind in {"block", "embed_block"} else rules.normalise(target)


def _may_refer(text: str, start: int, end: int) -> bool:
    """Cheap: without one of these signs nothing in a block is a reference."""
    return (
        text.find("[", start, end) >= 0
        or text.find("#", start, end) >= 0
        or text.find("((", start, end) >= 0
        or text.find("{{", start, end) >= 0
        or text.find("::", start, end) >= 0
    )
