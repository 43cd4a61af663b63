"""Rendered text as an outline of lines, and back, with a check that it reads back unchanged.

Knows neither the page around nor who rendered it. The normal form is what ownership is judged by: levels and trimmed
lines, without the two properties that Logseq adds on its own (spec: writing §2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.inline import read_inline
from graphkit.text.digests import blake2b
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphkit.outline.page_outline import Outline

_BULLET = lazy_pattern(r"(\t*)-(?:[ ](.*))?")
_MORE = lazy_pattern(r"(\t*)  (.*)")
_CONTROL = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_KEPT = lazy_pattern(r"[ \t]*(?:id|custom[-_]id|collapsed)::(?:[ \t].*)?", re.IGNORECASE)
_NO_TITLE = lazy_pattern(r"[ \t]*(?:\||>|```|~~~|\$\$|#\+)")
_NUMBERS = lazy_pattern(r"[\d▰▱]+")
_FORBIDDEN = frozenset({"id", "collapsed", "graphkit", "template"})


class ReadBackError(Exception):
    """Rendered text that is not a valid outline: its line, and the reason."""

    def __init__(self, line: int, text: str, reason: str) -> None:
        shown = text.strip()
        super().__init__(f"line {line} of what it gives (“{shown[:60]}{'…' if len(shown) > 60 else ''}”): {reason}")
        self.line = line
        self.reason = reason


class GeneratedBlock(Record, frozen=True, kw_only=True):
    """One block of a generated outline."""

    level: int
    """1 for blocks directly below the managed block, or at the top of a managed page."""
    lines: tuple[str, ...]
    """Its content, without bullet and indentation; at least one line, which may be empty."""
    line: int = 0
    """Line of the rendered text, 1-based; 0 for a block of a page."""
    kept: tuple[str, ...] = ()
    """`id::` and `collapsed::` lines, as written in the page."""


def read_generated(
    text: str, scan: Callable[[str], Outline], *, whole_page: bool = False
) -> tuple[GeneratedBlock, ...]:
    """The outline that a rendered text means: bullets `- `, one tab a level, further lines behind two blanks.

    scan: the vault's own reading of a page, which must find the same outline in it; no line may begin with a marker or
    carry a date, an id or a directive (spec: domain §1). Raises ReadBackError.
    """
    blocks = read_blocks(text)
    written = write_outline(blocks, indent="" if whole_page else "\t", unit="\t", eol="\n")
    # The text above is that of a managed page or block, so that the first line is not read as a page property.
    above = "graphkit:: x\n\n" if whole_page else "- x\n"
    check_outline(scan(above + written), blocks, offset=1, base_level=0 if whole_page else 1, tasks=False)
    return blocks


def check_outline(
    outline: Outline, blocks: Sequence[GeneratedBlock], *, offset: int, base_level: int, tasks: bool
) -> None:
    """Raises ReadBackError if the outline is not these blocks, level by level and line by line.

    offset: blocks of the outline that stand before them. tasks: whether markers, dates and ids may be among them.
    """
    for number, block in enumerate(blocks):
        index = number + offset
        if index >= len(outline.blocks):
            raise ReadBackError(block.line, block.lines[0], "a construct opened above absorbs it")
        found = outline.blocks[index]
        meant = _tidy("\n".join(block.lines))
        if found.level != block.level + base_level or _tidy(content(outline, index)) != meant:
            before = blocks[number - 1] if number and found.level != block.level + base_level else block
            raise ReadBackError(before.line, before.lines[0], "it does not read back as the block that was meant")
        if not tasks:
            _check(outline, index, block)
    if len(outline.blocks) > len(blocks) + offset:
        last = blocks[-1] if blocks else GeneratedBlock(level=1, lines=("",), line=1)
        raise ReadBackError(last.line, last.lines[0], "it reads back as several blocks")


def read_blocks(text: str, first_line: int = 1) -> tuple[GeneratedBlock, ...]:
    """The blocks that a text means, whatever a page would make of them; `first_line`: the number of its first line.

    Raises ReadBackError for a line that is neither a block nor goes on with one.
    """
    blocks: list[GeneratedBlock] = []
    blanks = 0
    for number, line in enumerate(text.split("\n"), first_line):
        if _CONTROL.search(line):
            raise ReadBackError(number, line, "it holds a control character")
        if not line.strip():
            blanks += 1
            continue
        if bullet := _BULLET.fullmatch(line):
            level = len(bullet[1]) + 1
            if level > (blocks[-1].level + 1 if blocks else 1):
                raise ReadBackError(number, line, "it is more than one tab deeper than the block above")
            blocks.append(GeneratedBlock(level=level, lines=((bullet[2] or "").rstrip(),), line=number))
        elif (more := _MORE.fullmatch(line)) and blocks and len(more[1]) == blocks[-1].level - 1:
            # Blank lines inside a block belong to it, those between blocks to nobody.
            lines = (*blocks[-1].lines, *("",) * blanks, more[2].rstrip())
            blocks[-1] = replace(blocks[-1], lines=lines)
        else:
            raise ReadBackError(
                number, line, "a line must be a block (tabs, `- `, text) or continue one (its tabs, two spaces, text)"
            )
        blanks = 0
    return tuple(blocks)


def _check(outline: Outline, index: int, block: GeneratedBlock) -> None:
    body = read_body(outline, index)
    if body.marker is not None:
        raise ReadBackError(block.line, block.lines[0], f"it begins with the marker {body.marker}, as only tasks do")
    if body.scheduled or body.deadline:
        raise ReadBackError(block.line, block.lines[0], "it carries a SCHEDULED or DEADLINE date, as only tasks do")
    if body.directives:
        raise ReadBackError(block.line, block.lines[0], "it holds a `#+key:` line, which Logseq applies to the page")
    for prop in body.properties:
        if prop.key in _FORBIDDEN:
            raise ReadBackError(block.line, block.lines[0], f"it sets {prop.key}::, which templates must not set")


def write_outline(blocks: Sequence[GeneratedBlock], *, indent: str, unit: str, eol: str) -> str:
    """The blocks as Logseq writes them, without a line end behind the last (spec: logseq-format §3.7).

    indent: white space before the bullets of level 1; unit: what each further level adds.
    """
    lines: list[str] = []
    for block in blocks:
        before = indent + unit * (block.level - 1)
        first, *more = _with_kept(block)
        lines.append(f"{before}-{' ' + first if first else ''}")
        lines += (f"{before}  {line}" for line in more)
    return eol.join(lines)


def _with_kept(block: GeneratedBlock) -> tuple[str, ...]:
    """The block's lines with its kept properties where Logseq puts them: below the title, else first (3.8)."""
    if not block.kept:
        return block.lines
    if _NO_TITLE.match(block.lines[0]):
        return (*block.kept, *block.lines)
    return (block.lines[0], *block.kept, *block.lines[1:])


def read_present(outline: Outline, indices: Iterable[int], base_level: int) -> tuple[GeneratedBlock, ...]:
    """The blocks of a page in normal form, with their kept properties apart; `base_level`: that of their parent."""
    found: list[GeneratedBlock] = []
    for index in indices:
        lines = content(outline, index).strip().split("\n")
        kept = tuple(line.strip() for line in lines if _KEPT.fullmatch(line))
        rest = [line.strip() for line in lines if not _KEPT.fullmatch(line)]
        while len(rest) > 1 and not rest[-1]:
            rest.pop()
        level = outline.blocks[index].level - base_level
        found.append(GeneratedBlock(level=level, lines=tuple(rest) or ("",), kept=kept))
    return tuple(found)


def normal_form(blocks: Iterable[GeneratedBlock]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The basis of ownership: levels and trimmed lines of the blocks that have text or can be referred to.

    An empty bullet, as one Enter in Logseq leaves it, holds no word that could be lost.
    """
    form = ((block.level, _tidy("\n".join(block.lines)), block.kept) for block in blocks)
    return tuple((level, lines) for level, lines, kept in form if lines != ("",) or kept)


def _tidy(text: str) -> tuple[str, ...]:
    lines = [line.strip() for line in text.strip().split("\n")]
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(lines)


def checksum(blocks: Iterable[GeneratedBlock]) -> str:
    """The value of `sum=`: `k` and 8 hex digits of BLAKE2b (32 bits) over the normal form.

    The letter keeps Logseq from reading a number. 32 bits are enough to see an edit: it guards against people, who do
    not look for collisions, and what it misses by chance (1 in 4 billion) is still kept for `undo`.
    """
    form = "\x1e".join(f"{level}\x1f" + "\x1f".join(lines) for level, lines in normal_form(blocks))
    return "k" + blake2b(form.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def keep_identities(blocks: Sequence[GeneratedBlock], present: Sequence[GeneratedBlock]) -> tuple[GeneratedBlock, ...]:
    """The blocks with the `id::` and `collapsed::` of those present that are about the same subject (spec: writing §2).

    The subject of a block is the first page or block its first line links to, else its words without numbers, below
    the subject of its parent; the second of two equal ones is another.
    """
    if not any(block.kept for block in present):
        return tuple(blocks)
    kept = dict(zip(_subjects(present), (block.kept for block in present), strict=True))
    return tuple(
        replace(block, kept=kept.get(subject, ())) for block, subject in zip(blocks, _subjects(blocks), strict=True)
    )


_Subject = tuple[object, ...]


def _subjects(blocks: Sequence[GeneratedBlock]) -> Iterator[_Subject]:
    path: list[_Subject] = []
    seen: dict[_Subject, int] = {}
    for block in blocks:
        del path[block.level - 1 :]
        subject: _Subject = (path[-1] if path else (), subject_of(block))
        number = seen[subject] = seen.get(subject, 0) + 1
        path.append((*subject, number))
        yield path[-1]


def subject_of(block: GeneratedBlock) -> str:
    """The subject of a generated block, which stays the same while its numbers change."""
    first = block.lines[0]
    for reference in read_inline(first).references:
        return f"{reference.kind}:{reference.target.lower()}"
    return "text:" + " ".join(_NUMBERS.sub("", re.split(r"[:·(]", first, maxsplit=1)[0]).lower().split())
