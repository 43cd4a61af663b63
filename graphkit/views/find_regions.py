"""The managed regions of a page: blocks and pages with `graphkit:: VIEW key=value … sum=…`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.facts.generated_blocks import MANAGED_PROPERTY, managed_blocks
from graphkit.outline.body import read_body
from graphkit.outline.header import read_header
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.outline.page_outline import Outline
    from graphkit.outline.properties import Property

_WORD = lazy_pattern(
    r"""(?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"|(?P<link>\[\[[^\[\]]*\]\])|(?P<bare>[^\s"]\S*+)?)(?=\s|\Z)"""
    r"""|(?P<odd>\S++)""",
    re.ASCII,
)
_ESCAPED = lazy_pattern(r"\\(.)")

SUM_WORD = lazy_pattern(r"[ \t]*\bsum=\S+")
"""The word that changes with every rollup, with the blanks before it."""


class Region(Record, frozen=True, kw_only=True):
    """One managed outline: its view and its generated blocks."""

    block: int
    """Index of the managed block; of a managed page its pre-block."""
    whole_page: bool
    """True if all blocks of the page but the first belong to it."""
    view: str
    """The first word of the property, in lower case; empty if it is missing."""
    values: Mapping[str, str]
    """`key=value` as written, quotes removed; `sum` is not among them."""
    odd: tuple[str, ...]
    """Words of the property that are neither the view nor `key=value`, and keys that come twice."""
    sum: str | None
    """The value of `sum=`; None if it is missing."""
    sum_span: Span | None
    """The place of the word `sum=…`."""
    value_end: int
    """Where the property's value ends: a missing `sum=` goes here."""
    first: int
    """Index of the first generated block."""
    stop: int
    """Index after the last one; `first` if there are no generated blocks."""


def find_regions(outline: Outline) -> tuple[Region, ...]:
    """The managed regions of a page in order; blocks inside a region are generated and never a region themselves."""
    if MANAGED_PROPERTY not in outline.text.lower():
        return ()
    blocks = outline.blocks
    if blocks and blocks[0].kind == "pre":
        own = [prop for prop in read_header(outline).properties if prop.key == MANAGED_PROPERTY]
        if own:
            if own[-1].start >= blocks[0].end:
                return ()  # a directive somewhere on the page, which is not a managed region
            return (_region(outline, 0, own[-1], whole_page=True),)
    found: list[Region] = []
    for index in managed_blocks(outline):
        own = [prop for prop in read_body(outline, index).properties if prop.key == MANAGED_PROPERTY]
        found.append(_region(outline, index, own[-1], whole_page=False))
    return tuple(found)


def read_words(value: str) -> tuple[str, dict[str, str], tuple[str, ...], str | None, Span | None]:
    r"""The parts of a property's value: view, parameters, odd words, sum, and the place of the sum in it.

    A value with blanks is in double quotes, with `\"` for a quote in it. spec: writing §1; a value in
    `[[ ]]` is taken as its title, as people will write it so.
    """
    view = ""
    values: dict[str, str] = {}
    odd: list[str] = []
    total: str | None = None
    place: Span | None = None
    for number, match in enumerate(_WORD.finditer(value)):
        key = match["key"]
        if key is None:
            if number == 0:
                view = match["odd"].lower()
            else:
                odd.append(match["odd"])
            continue
        if match["quoted"] is not None:
            written = _ESCAPED.sub(r"\1", match["quoted"])
        elif match["link"] is not None:
            written = match["link"][2:-2]
        else:
            written = match["bare"] or ""
        if key == "sum":
            total, place = written, Span(*match.span())
        elif key in values:
            odd.append(match[0])
        else:
            values[key] = written
    return view, values, tuple(odd), total, place


def write_value(value: str) -> str:
    """A parameter's value, as written after `key=`."""
    if value and not re.search(r'[\s"\\]|\A\[\[', value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _region(outline: Outline, index: int, prop: Property, *, whole_page: bool) -> Region:
    view, values, odd, total, place = read_words(prop.value)
    start = prop.value_start
    if outline.text[start : start + len(prop.value)] != prop.value:
        # Front matter can quote a value, and then its offsets are not those of the text.
        odd = (*odd, "a value in quotes")
    stop = len(outline.blocks) if whole_page else outline.blocks[index].stop
    return Region(
        block=index,
        whole_page=whole_page,
        view=view,
        values=values,
        odd=odd,
        sum=total,
        sum_span=None if place is None else Span(start + place.start, start + place.end),
        value_end=start + len(prop.value),
        first=index + 1,
        stop=stop,
    )
