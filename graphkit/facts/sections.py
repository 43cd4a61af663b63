"""Which blocks of a page are section headings, and how far each section reaches (spec: domain §1)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.facts.dialects import shown_text
from graphkit.facts.page_facts import Section, SectionKind
from graphkit.outline.body import read_body
from graphkit.outline.inline import plain_text
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from graphkit.outline.page_outline import Body, Outline
    from graphkit.outline.properties import Property

SECTION_WORDS: Mapping[str, SectionKind] = {
    "goal": "goal",
    "goals": "goal",
    "hypothesis": "hypothesis",
    "related items": "related",
    "related": "related",
    "work": "work",
    "tasks": "work",
    "plan": "work",
    "steps": "work",
    "expected outcome": "outcome",
    "result": "result",
    "results": "result",
    "decision": "decision",
    "learnings": "learnings",
    "metrics": "metrics",
    "risks": "risks",
    "open questions": "questions",
    "questions": "questions",
}
"""Heading texts in lower case and the section each names. spec: domain §1; `questions` is an addition of ours."""

_PLAIN_HEADS = frozenset("*_=#[( \t\f")
"""With one of them begins what is a heading for its first sign."""
_PLAIN_ENDS = frozenset(":： \t")
"""With one of them ends what else may name a section."""
_HASHES = lazy_pattern(r"[ \t\f]*(#+)[ \t\f]+")
_LINE = lazy_pattern(r"[^\r\n]*")
_BOLD = lazy_pattern(r"(\*\*|__)([^*_]+)\1:?|==[^=]+==:?")
_NAME_LIKE = lazy_pattern(r"[*_=#\[(]|[^\r\n]{0,60}[:：][ \t]*$")
_WRAPPINGS = 3
"""How often signs are taken off: a tag in emphasis, `**#work**`, shows only when the emphasis is gone."""
_PSEUDO_RANK = 7
"""A bullet that only names a section ranks below every `#` heading."""


class _Heading(NamedTuple):
    rank: int
    title: str


@lru_cache(maxsize=4096)
def section_title(line: str) -> str:
    """A heading's text without link, tag and emphasis syntax, a final colon and blanks around it.

    Cached: the pages of a vault share their headings.
    """
    title = line
    for _ in range(_WRAPPINGS):
        peeled = plain_text(title).strip().rstrip(":：").rstrip()
        if peeled == title:
            break
        title = peeled
    return title


def read_sections(
    outline: Outline,
    line_of: Callable[[int], int],
    words: Mapping[str, SectionKind] = SECTION_WORDS,
) -> tuple[Section, ...]:
    """The sections of a page in the order of their headings; they nest and may overlap.

    line_of: offset in the text to 1-based line. words: heading texts in lower case and the kind each gives; a
    heading with any other text is a section of kind `other`.
    """
    headings = _headings(outline, words)
    return tuple(_section(outline, index, headings, line_of, words) for index in sorted(headings))


def _headings(outline: Outline, words: Mapping[str, SectionKind]) -> dict[int, _Heading]:
    text = outline.text
    found: dict[int, _Heading] = {}
    plain = outline.reader is None and "\r" not in text
    for block in outline.blocks:
        start, end = block.text_start, block.end
        # Cheap: most blocks begin with a word, and their first line ends with one.
        if plain and start < end and text[start] not in _PLAIN_HEADS:
            line_end = text.find("\n", start, end)
            if text[(end if line_end < 0 else line_end) - 1] not in _PLAIN_ENDS:
                continue
        if block.kind == "pre":
            continue
        if block.kind == "heading" and outline.reader is not None:  # may be underlined, or closed with signs
            body = read_body(outline, block.index)
            shown = outline.reader.shown(text[body.title.start : body.title.end])
            found[block.index] = _Heading(body.heading or 1, section_title(shown))
            continue
        hashes = _HASHES.match(text, start, end)
        if hashes:
            found[block.index] = _Heading(len(hashes[1]), section_title(_line(text, hashes.end(), end)))
            continue
        line = _line(text, start, end)
        if _NAME_LIKE.match(line) and _names_section(line.strip(), words):
            found[block.index] = _Heading(_PSEUDO_RANK, section_title(line))
    return found


def _line(text: str, start: int, end: int) -> str:
    match = _LINE.match(text, start, end)
    return match[0] if match else ""


def _names_section(line: str, words: Mapping[str, SectionKind]) -> bool:
    if not line.endswith((":", "：")) and not _BOLD.fullmatch(line):
        return False
    return section_title(line).lower() in words


def _section(
    outline: Outline,
    index: int,
    headings: Mapping[int, _Heading],
    line_of: Callable[[int], int],
    words: Mapping[str, SectionKind],
) -> Section:
    blocks = outline.blocks
    block = blocks[index]
    rank, title = headings[index]
    stop = block.stop
    if block.kind == "heading" or block.stop == index + 1:
        last = len(blocks) if block.parent < 0 else blocks[block.parent].stop
        while stop < last and not (stop in headings and headings[stop].rank <= rank):
            stop = blocks[stop].stop
    return Section(
        kind=words.get(title.lower(), "other"),
        title=title,
        block=index,
        line=line_of(block.text_start),
        first=index,
        stop=stop,
    )


OUTCOME_KEYS: Final = frozenset({"result", "decision", "decided-on", "stop-date"})
"""Properties of an experiment that can be below its *Result* or *Decision* as well as on its page.

spec: domain §1, §8.
"""


def outcome_properties(
    outline: Outline, sections: Iterable[Section], generated: Container[int], body: Callable[[int], Body]
) -> dict[str, Property]:
    """Everything the blocks below *Result* and *Decision* say of the experiment; the first line of a key counts."""
    found: dict[str, Property] = {}
    blocks, text = outline.blocks, outline.text
    for section in sections:
        if section.kind in {"result", "decision"}:
            for block in blocks[section.first : section.stop]:
                if block.index not in generated and text.find("::", block.start, block.end) >= 0:
                    for prop in body(block.index).properties:
                        if prop.key in OUTCOME_KEYS and prop.value.strip():
                            found.setdefault(prop.key, prop)
    return found


def section_text(outline: Outline, section: Section) -> str:
    """The text below a section's heading, as a reader sees it: one line a block, without its properties."""
    lines: list[str] = []
    for index in range(section.first, min(section.stop, len(outline.blocks))):
        body = read_body(outline, index)
        prose = [shown_text(outline, outline.text[span.start : span.end]) for span in body.prose]
        if index == section.first:
            prose = prose[1:]
        text = " ".join(" ".join(prose).split())
        if text:
            lines.append(text)
    return "\n".join(lines)
