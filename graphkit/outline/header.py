"""Everything a page says about itself: its properties and its title.

spec: logseq-format §2.2, §3.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.body import page_directives, read_body
from graphkit.outline.constructs import DIRECTIVE_LINE, Regions
from graphkit.outline.page_outline import PageHeader
from graphkit.outline.property_runs import read_simple_run, simple_properties, simple_run_end, sorted_out
from graphkit.outline.scanner import begins_block, front_matter_end
from graphkit.outline.typed_values import is_heading
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.page_outline import Outline
    from graphkit.outline.properties import Property

_DRAWER: Final = lazy_pattern(r":(?i:properties):")


_NO_HEADER: Final = PageHeader()


def read_header(outline: Outline) -> PageHeader:
    """The page properties and the title a page gives itself (spec: logseq-format §2.2, §3.5)."""
    if outline.reader is not None:
        return outline.reader.header(outline)
    blocks = outline.blocks
    if not blocks:
        return _NO_HEADER
    text = outline.text
    if blocks[0].kind == "pre":
        simple = read_simple_run(text, blocks[0].end)
        if simple:
            return PageHeader(properties=simple, title=_title_among(simple))
        body = read_body(outline, 0)
        properties, invalid = body.properties, body.invalid_properties
        first = Regions(text, blocks[0].end).read(0)
        titled = bool(properties) and (
            not any(prop.start < blocks[0].end for prop in properties)
            or bool(first and first.kind == "properties")
            or _is_directed(text, properties)
        )
        if not titled and is_heading(properties):
            return _NO_HEADER
    elif "#+" not in text:
        return _NO_HEADER
    else:
        found, refused = sorted_out(page_directives(outline, read_body(outline, 0).directives))
        properties, invalid = tuple(found), tuple(refused)
        titled = True
    return PageHeader(
        properties=properties, invalid_properties=invalid, title=_title_among(properties) if titled else None
    )


def glance_header(text: str) -> PageHeader | None:
    """The header of a page where its first lines give it away; None where the page has to be cut into blocks for it.

    Only a short cut, and for Logseq's dialect: `read_header` of the page's outline finds the same.
    """
    if "#+" in text:
        return None
    if begins_block(text, 0):
        return _NO_HEADER
    end = simple_run_end(text)
    if end and (end == len(text) or begins_block(text, end)):
        simple = simple_properties(text, end)
        return PageHeader(properties=simple, title=_title_among(simple))
    if "::" in text or text.startswith("---") or _DRAWER.search(text):
        return None
    return _NO_HEADER


def _title_among(properties: tuple[Property, ...]) -> str | None:
    title = None
    for prop in properties:
        if prop.key == "title":
            title = prop.value
    return title


def _is_directed(text: str, properties: tuple[Property, ...]) -> bool:
    """True if the page properties are directives or front matter rather than a run of property lines."""
    first = properties[0]
    return first.start < front_matter_end(text) or bool(DIRECTIVE_LINE.match(text, first.start, first.end))
