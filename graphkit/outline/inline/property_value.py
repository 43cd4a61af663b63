"""References and plain text in the value of a property, as mldoc 1.5.7 reads it (spec: logseq-format §4.3).

A value is read twice there. For its references macros are text, nothing inside emphasis counts, and backslashes stay;
for its plain parts, which only keys split at commas have, macros are constructs, and backslashes escape.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.outline.inline.emphasis import EmphasisFinder
from graphkit.outline.inline.inline_scanner import Part, scan_top
from graphkit.outline.inline.links import BLANK, read_link, read_nested, url_target
from graphkit.outline.inline.segment import Region, unescaped
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAY_REFER: Final = lazy_pattern(r"\[|#|\(\(|id:")
_ONLY_PAGES: Final = lazy_pattern(r"(?:[^\[#\\`*_~^=$({!@<:]*+\[\[[^\[\]\r\n\\(./]++\]\])+[^\[#\\`*_~^=$({!@<:]*+")
_PAGE: Final = lazy_pattern(r"\[\[([^\]]+)\]\]")
_ASSETS: Final = lazy_pattern(r"[./]*assets")
_ENTITY: Final = lazy_pattern(r"\\([A-Za-z]+)")
_COMMA: Final = lazy_pattern("[,，]")
_ID_LENGTH: Final = 36


class ValueReferences(NamedTuple):
    """The pages and blocks that a value refers to, in the order of the text."""

    pages: tuple[tuple[int, str], ...]
    """Place and title as written of every reference to a page, also of those that come again."""
    blocks: tuple[str, ...]
    """Block ids in lower case, each once."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles, each once."""
        return tuple(dict.fromkeys(title for _, title in self.pages))


_NONE: Final = ValueReferences((), ())


@lru_cache(maxsize=4096)
def value_references(value: str, *, as_text: bool = False) -> ValueReferences:
    """The references at the top of a value. as_text: read it like text, where macros and escapes count."""
    if not _MAY_REFER.search(value):
        return _NONE
    if _ONLY_PAGES.fullmatch(value):
        pages = [(found.start(), found[1].strip(BLANK)) for found in _PAGE.finditer(value)]
        if not any(len(title) == _ID_LENGTH or title.startswith("assets") for _, title in pages):
            return ValueReferences(tuple(pages), ())
    parts, references = scan_top(value, macros=as_text)
    region = Region(value, 0, len(value))
    emphases = EmphasisFinder(region)
    pages = []
    for start, end, _ in parts:
        title = _title(region, emphases, start, end)
        if title is not None:
            pages.append((start, (unescaped(title) if as_text else title).strip(BLANK)))
    blocks = (found.target.lower() for found in references if found.kind == "block")
    return ValueReferences(tuple(pages), tuple(dict.fromkeys(blocks)))


def plain_items(value: str) -> Iterator[tuple[int, str]]:
    """The parts between commas of a value's plain text with their places; parts of white space only are left out."""
    for start, plain in _plain_stretches(value):
        place = start
        for item in _COMMA.split(plain):
            found = item.strip(BLANK)
            if found:
                yield place, found
            place += len(item) + 1


def _plain_stretches(value: str) -> Iterator[tuple[int, str]]:
    """What stands between the constructs of a value, with its place."""
    parts, _ = scan_top(value, macros=True)
    start = at = 0
    plain: list[str] = []
    for part in (*parts, Part(len(value), len(value), is_date=False)):
        plain.append(unescaped(value[at : part.start]))
        at = part.end
        name = _ENTITY.match(value, part.start, part.end)
        if name and name[1] not in _entity_names():
            plain.append(name[1])
            continue
        yield start, "".join(plain)
        start = at
        plain = []


def _title(region: Region, emphases: EmphasisFinder, start: int, end: int) -> str | None:
    """The title that the construct at `start` gives a set of pages; None where it gives none."""
    text = region.text
    if text[start] == "#":
        return _tag_title(text, start + 1, end)
    bracket = start + 1 if text[start] == "!" else start
    if text[bracket] != "[":
        return None
    if text.startswith("[[", bracket):
        inner = text[bracket + 2 : end - 2]
        if read_nested(region, bracket):
            return inner
        if region.page_end(bracket) == end - 2:
            return None if _ASSETS.match(inner) else inner
    link = read_link(region, emphases, bracket)
    kind, target = url_target(text[link.url[0] : link.url[1]]) if link else ("", "")
    return target if kind == "page" and not _ASSETS.match(target) else None


def _tag_title(text: str, start: int, end: int) -> str | None:
    """The first piece of a tag: the link it begins with, else what stands before the first link in it."""
    region = Region(text, start, end)
    emphases = EmphasisFinder(region)
    at = text.find("[", start, end)
    while at >= 0:
        nested = read_nested(region, at) if text.startswith("[[", at, end) else None
        close = region.page_end(at) if text.startswith("[[", at, end) else -1
        link = None if nested or close >= 0 else read_link(region, emphases, at)
        if nested or close >= 0 or link:
            if at > start:
                return text[start:at]
            if link:
                kind, target = url_target(text[link.url[0] : link.url[1]])
                return target if kind in {"page", "search"} else None
            return text[at + 2 : (nested[0] - 2 if nested else close)]
        at = text.find("[", at + 1, end)
    return text[start:end]


_NO_ENTITY: Final = frozenset({"and", "divide", "or", "part"})
"""Names of HTML 4 that it does not know."""
_OTHER_ENTITIES: Final = """
AA Diamond Downarrow EUR EURcr EURdig EURhv EURtm Leftarrow Leftrightarrow Pr Rightarrow Uparrow angle approx arccos
arcsin arctan arg ast blacksmile bullet cdot checkmark clubsuit cos cosh cot coth csc det diamondsuit dim div dots
downarrow emptyset exists exp gcd gets heartsuit hom hookleftarrow in inf infty ker leftarrow leftrightarrow lg lim
liminf limsup ln log max min neq nsup odot partial pm rightarrow sad sec simeq sin sinh smile smiley spadesuit star
subset supset tan tanh to uparrow varepsilon varsigma vartheta vee vert wedge
"""


@cache
def _entity_names() -> frozenset[str]:
    """Names of entities such as `alpha`; behind any other name a backslash is only left out."""
    from html.entities import name2codepoint  # noqa: PLC0415 - asked for by backslashes in few values

    return frozenset(name2codepoint) - _NO_ENTITY | frozenset(_OTHER_ENTITIES.split())
