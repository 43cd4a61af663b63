"""Lines that were meant to say what kind of page this is, on a page that has none. spec: domain §9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.property_values import read_names
from graphkit.insight.checks.checked_page import excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.properties import normal_key
from graphkit.outline.scanner import front_matter_end
from graphkit.text.misspelling import edits_between, is_misspelling, meant_word
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from graphkit.facts.page_source import Reading
    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic

_LINE: Final = lazy_pattern(
    r"\n\ufeff?[ \t]*+(?:[-*+][ \t]++)?(?:#++[ \t]++)?(?:\*\*|__)?"
    r"([^\W\d_][\w -]{2,20}?)[ \t]?(?:\*\*|__)?([:：]{1,2})(?:\*\*|__)?[ \t]*+([^\s:：][^\r\n]{0,199})"
)
"""Key, colons and value of a line that could be meant as a property."""
_YAML_LINE: Final = lazy_pattern(r"[^\s:#][^:\r\n]*+:(?:[ \t][^\r\n]*)?\Z|\s*\Z|---\s*\Z")
_FIRST_BLOCKS: Final = 5
_MOST_NAMES: Final = 3
"""A longer value is a sentence."""
_COMPACT: Final = str.maketrans("", "", "-_ ")


def unread_types(page: PageReading) -> Iterator[Diagnostic]:
    """W519: a line near the top that was meant as the page's type and does not count."""
    facts, reading = page.facts, page.context.reading
    if facts.journal_day is not None or not reading.is_note(facts.types) or not _may_say_type(page.text):
        return
    if "template::" in page.text:
        return
    end = _first_blocks_end(page)
    for match in page.lines(_LINE):
        start = match.start(1) - 1
        if start >= end:
            return
        if page.is_code(start) and start >= front_matter_end(page.text):
            continue
        said = _meant(match, reading)
        if said is None or _is_told_already(page, match, said):
            continue
        key, kind = said
        yield page.finding(
            "W519",
            start,
            f"`{excerpt(match[0].strip().lstrip('-*+# '), 60)}` does not make this page {_article(kind)}: "
            f"{_reason(page, match, key, kind)}",
            f"write `{key}:: [[{kind}]]` as the first line of the page",
        )
        return


def _may_say_type(text: str) -> bool:
    return ":" in text or "：" in text


def _first_blocks_end(page: PageReading) -> int:
    blocks = page.outline.blocks
    return blocks[_FIRST_BLOCKS].start if len(blocks) > _FIRST_BLOCKS else len(page.text)


def _meant(match: re.Match[str], reading: Reading) -> tuple[str, str] | None:
    """The key and the kind that a line was meant to write."""
    key = _meant_key(match[1], reading)
    if key is None or "{{" in match[3]:
        return None
    names = read_names(match[3].strip().strip("[]\"' "))
    if len(names) > _MOST_NAMES:
        return None
    known = _kinds(reading)
    for name in names:
        kind: str | None = name.lower() if name.lower() in known else meant_word(name.strip("#[]\"' "), known)
        if kind is None:
            continue
        if key == "tags" and kind not in reading.experiment_types:
            continue  # a tag such as `goals` or `strategies` names the subject of a note
        if match[2] in {":", "："} and key == "type" and kind not in reading.experiment_types:
            continue
        return key, kind
    return None


def _kinds(reading: Reading) -> tuple[str, ...]:
    words = reading.measure_words
    return tuple(sorted(reading.experiment_types | reading.goal_types | words.metric_types | words.strategy_types))


def _meant_key(raw: str, reading: Reading) -> str | None:
    written: str = raw.lower().translate(_COMPACT)
    keys: tuple[str, ...] = (*reading.type_properties, *(("tags",) if reading.types_by_tag else ()))
    for key in keys:
        compact: str = key.translate(_COMPACT)
        if written == compact or (key == "tags" and written == "tag"):
            return key
    for key in reading.type_properties:
        compact = key.translate(_COMPACT)
        if is_misspelling(written, compact) and edits_between(written, compact) is not None:
            return key
    return None


def _is_told_already(page: PageReading, match: re.Match[str], said: tuple[str, str]) -> bool:
    """True for what E152 and W514 report: a missing space, and one colon on the first line."""
    start = match.start(1) - 1
    exact = match[1].lower() in page.context.reading.type_properties
    if match[2] == "::" and exact and page.text[match.end(2) - 1 : match.end(2)] not in {" ", "\t"}:
        return page.context.logseq
    first = not page.text[:start].strip("\ufeff \t-")
    names = {name.lower() for name in read_names(match[3])}
    return match[2] == ":" and exact and first and said[1] in names


def _reason(page: PageReading, match: re.Match[str], key: str, kind: str) -> str:
    text, start = page.text, match.start(1) - 1
    front = front_matter_end(text)
    if start < front:
        broken = _breaking_line(text, front) if page.context.logseq else None
        if broken is not None:
            return f"Logseq drops the front matter because of line {broken}"
    elif front == 0 and "\n---" in f"\n{text[:start]}":
        return "front matter counts only if it begins the page"
    elif match[2] != "::":
        return "it needs two ASCII colons" if "：" in match[2] else "it needs two colons"
    if " " in match[1] or normal_key(match[1]) != key or text[match.end(1) - 1 : match.end(1)] in {" ", "\t"}:
        return f"the key is not `{key}::`"
    names = {name.lower() for name in read_names(match[3])}
    if kind not in names:
        return f"the word is not “{kind}”"
    return "it is not among the properties at the top"


def _breaking_line(text: str, end: int) -> int | None:
    """The first line of front matter that is not `key: value`."""
    for number, line in enumerate(text[:end].splitlines(), 1):
        if not _YAML_LINE.match(line) or (line.rstrip().endswith(":") and not line.startswith("---")):
            return number
    return None


def _article(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


RULES: Final = (Rule(("W519",), unread_types, outline=False),)
"""The rules of this module."""
