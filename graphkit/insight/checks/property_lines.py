"""Property lines that Logseq ignores, refuses or overwrites.

spec: logseq-format §3.5, §4.1, §4.2.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import OWN_KEYS, excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.properties import BUILT_IN, is_valid_key, normal_key
from graphkit.outline.scanner import front_matter_end
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading, PropertyLine
    from graphkit.outline.properties import Property
    from graphkit.text.diagnostics import Diagnostic


def property_lines(page: PageReading) -> Iterator[Diagnostic]:
    """E150, E151, E154: property lines that are ignored at their place, refused for their key, or written twice."""
    types = page.context.reading.type_properties
    block: _Run | None = None
    values: dict[str, str] = {}
    for line in page.property_lines:
        key = normal_key(line.key)
        if line.start >= page.run_end:
            if page.is_hidden(line.start):
                continue
            index = page.block_at(line.start)
            if block is None or block.index != index:
                block, values = _Run(page, index), {} if index else values
            if not block.reads(line.start):
                yield from _unread(page, block, line, key)
                continue
        if values.get(key, line.value) != line.value and key not in types:
            yield page.finding(
                "E154",
                line.start,
                f"`{line.key}::` is written twice; Logseq uses the last one and drops “{excerpt(values[key])}”",
                "keep one of the lines, or join the values with commas",
            )
        values[key] = line.value


def _unread(page: PageReading, block: _Run, line: PropertyLine, key: str) -> Iterator[Diagnostic]:
    """E150 or E151 for a line that is not one of its block's properties, where that is sure to be a mistake."""
    if key in block.refused:
        quoted = "`" in key
        shown = f"“{excerpt(line.key)}”" if quoted else f"`{excerpt(line.key)}`"
        yield page.finding(
            "E151",
            line.start,
            f"Logseq ignores a property with the key {shown}",
            "Logseq looks for properties in code at the start of a line, too; put a word in front of the code"
            if quoted
            else "use letters, digits, `-`, `_` and `.` in a key",
        )
    elif (
        key not in page.context.reading.type_properties
        and _looks_meant(page, line)
        and (why := block.ignored_because(line))
    ):
        yield page.finding(
            "E150",
            line.start,
            f"`{line.key}:: {excerpt(line.value)}` is not a property here {why}",
            "move it to the other properties, directly below the block's first line",
        )


class _Run:
    """The properties of one block, for lines of it that come in order."""

    def __init__(self, page: PageReading, index: int) -> None:
        body = page.body(index)
        self.index = index
        self.refused = frozenset(body.invalid_properties)
        self._text = page.text
        self._starts = [prop.start for prop in body.properties]
        self._ends = [prop.end for prop in body.properties]
        self._foreign = bool(body.properties) and _is_foreign(page, body.properties[0])

    def reads(self, start: int) -> bool:
        """True if the property line with a key at `start` is one of the block's properties."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and start <= self._ends[at]

    def ignored_because(self, line: PropertyLine) -> str:
        """Why a line is not one of the properties, in words; empty where that is not sure."""
        if self._foreign:
            return ""
        text = self._text
        before = text[max(text.rfind("\n", 0, max(line.line_start - 1, 0)) + 1, 0) : line.line_start].strip()
        if self._ends and line.start > self._ends[-1]:
            return "because other text separates it from the first properties"
        if before.startswith((">", "* ", "+ ")):
            return "because it belongs to the quote or list item above it"
        return ""


_LETTER: Final = lazy_pattern(r"[^\W\d_]")


def _looks_meant(page: PageReading, line: PropertyLine) -> bool:
    """True if a line is likely to be meant as a property: a sound key, not between backticks, not in a list item."""
    return bool(is_valid_key(normal_key(line.key)) and _LETTER.match(line.key)) and not page.is_code(line.start)


_NO_SPACE: Final = lazy_pattern(r"\n[ \t]*+(?:-[ \t]++)?([A-Za-z][\w-]*+)::(?:(\t)|(?=([^\s:])))")


def missing_spaces(page: PageReading) -> Iterator[Diagnostic]:
    """E152: `key::value`, which is plain text; only keys with a known meaning, or values that are links.

    C++, Rust and Clojure write `a::b` too, and most such lines are code.
    """
    if "::" not in page.text:
        return
    for match in page.lines(_NO_SPACE):
        start = match.start(1) - 1
        key = normal_key(match[1])
        rest = page.rest_of_line(match.end() - 1)
        link = rest.startswith(("[[", "#[[", "(("))
        known = (key in BUILT_IN or key in OWN_KEYS) and "::" not in rest and "(" not in rest
        if not (match[2] or link or known) or page.is_code(start):
            continue
        yield page.finding(
            "E152",
            start,
            f"`{excerpt(match[1] + '::' + rest)}` is not a property, because no space follows the colons",
            f"write `{match[1]}:: {excerpt(rest.strip())}`",
        )


def lost_page_properties(page: PageReading) -> Iterator[Diagnostic]:
    """E153: `#+key: value` or front matter by which the page loses its `key::` properties.

    spec: logseq-format §3.5, §11 row 29.
    """
    text = page.text
    if "::" not in text or ("#+" not in text and not text.startswith("---")):
        return
    header = page.header.properties
    if not header or page.outline.blocks[0].kind != "pre":
        return
    cause = header[0]
    if not _is_foreign(page, cause):
        return
    block = _Run(page, 0)
    end = page.outline.blocks[0].end
    lost = dict.fromkeys(
        line.key
        for line in page.property_lines
        if line.start < end
        and not block.reads(line.start)
        and not page.is_hidden(line.start)
        and _looks_meant(page, line)
    )
    if lost:
        what = "the front matter" if cause.start < front_matter_end(text) else f"`#+{cause.raw_key}:`"
        keys = ", ".join(f"`{key}::`" for key in list(lost)[:5])
        yield page.finding(
            "E153",
            cause.start,
            f"because of {what}, Logseq drops the page's other properties: {keys}",
            "write all page properties the same way, preferably as `key:: value` at the top",
        )


def _is_foreign(page: PageReading, prop: Property) -> bool:
    """True if a page property is a directive or a line of front matter."""
    return prop.start < front_matter_end(page.text) or page.text[prop.start : prop.end].lstrip().startswith("#+")


RULES: Final = (
    Rule(("E150", "E151", "E154"), property_lines),
    Rule(("E152",), missing_spaces),
    Rule(("E153",), lost_page_properties),
)
"""The rules of this module."""
