"""Everything that counts at the top and inside an emphasis alike: brackets, scripts and further emphasis.

spec: logseq-format §6.2.

Tags, block references, macros, math and HTML do not exist here: `**#x**` is no tag, `**[[x]]**` is a reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.outline.inline.emphasis import TRIPLE, Emphasis, EmphasisFinder
from graphkit.outline.inline.links import (
    BLANK,
    SIMPLE_PAGE,
    UNUSUAL,
    nested_references,
    page_references,
    read_link,
    read_nested,
)
from graphkit.outline.inline.segment import ESCAPABLE, CodeSpan, Region, unescaped
from graphkit.outline.inline.tokens import Reference
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.outline.inline.collector import Findings
_SIGNS = lazy_pattern(r"[\\_^\[*~=`]")
_SCRIPT_END = lazy_pattern(r"[}\r\n]")


def read_reference(findings: Findings, region: Region, emphases: EmphasisFinder, at: int) -> int:
    """End of the `[[page]]` or `[label](url)` at `at`, noted in `findings`; -1 if there is no end."""
    text = findings.text
    simple = SIMPLE_PAGE.match(text, at, region.end)
    if simple:
        title, after = simple[1], simple.end()
        if len(title) == 36 or title.startswith(UNUSUAL) or not title.strip(BLANK):
            findings.refer(page_references("page", title), at, after)
        else:
            findings.references.append(Reference("page", title, at, after))
        findings.show(at, after, title)
        return after
    if text.startswith("[[", at, region.end):
        nested = read_nested(region, at)
        if nested:
            findings.references.extend(nested_references(text, nested[1]))
            for start, end in nested[1]:
                findings.show(start, start + 2, "")
                findings.show(end - 2, end, "")
            return nested[0]
        close = region.page_end(at)
        if close >= 0:
            title = unescaped(text[at + 2 : close])
            findings.refer(page_references("page", title), at, close + 2)
            findings.show(at, close + 2, title)
            return close + 2
    return read_labelled(findings, region, emphases, at, at)


def read_labelled(findings: Findings, region: Region, emphases: EmphasisFinder, at: int, bracket: int) -> int:
    """End of the link or image at `at` whose label opens with `bracket`, noted in `findings`; -1 if there is no end."""
    link = read_link(region, emphases, bracket)
    if link is None:
        return -1
    findings.refer(link.found, at, link.end)
    if findings.marks is not None:
        start, end = link.label
        findings.show(at, start, "")
        findings.show(end, link.end, "")
        _show_label(findings, Region(findings.text, start, end))
    return link.end


def read_script(findings: Findings, region: Region, at: int) -> int:
    """End of `^{…}` or `_{…}` at `at`; -1 if nothing is there."""
    text = findings.text
    if not text.startswith("{", at + 1, region.end):
        return -1
    close = region.find_any(_SCRIPT_END, at + 2)
    if close == at + 2 or not text.startswith("}", close, region.end):
        return -1
    findings.show(at, at + 2, "")
    findings.show(close, close + 1, "")
    return close + 1


def show_code(findings: Findings, span: CodeSpan) -> None:
    """Note that a reader sees a code span without its ticks."""
    findings.show(span.start, span.start + span.ticks, "")
    findings.show(span.end - span.ticks, span.end, "")


def show_signs(findings: Findings, emphasis: Emphasis) -> None:
    """Note that a reader sees an emphasis without its signs and without the ticks of the code in it."""
    width = len(emphasis.sign)
    findings.show(emphasis.start, emphasis.start + width, "")
    findings.show(emphasis.end - width, emphasis.end, "")
    for start, end in emphasis.code:
        show_code(findings, CodeSpan(start, end, 2 if findings.text.startswith("``", start) else 1))


def scan_emphasis(findings: Findings, emphasis: Emphasis) -> Iterator[Emphasis]:
    """Note what stands inside an emphasis; gives the emphases directly in it."""
    if emphasis.sign in TRIPLE:
        return
    width = len(emphasis.sign)
    start, end = emphasis.start + width, emphasis.end - width
    for code_start, code_end in (*emphasis.code, (end, end)):
        if start < code_start:
            yield from _scan(findings, Region(findings.text, start, code_start))
        start = code_end


def _scan(findings: Findings, region: Region) -> Iterator[Emphasis]:
    text, end = region.text, region.end
    emphases = EmphasisFinder(region)
    at = region.start
    while match := _SIGNS.search(text, at, end):
        found = match.start()
        char = text[found]
        after = -1
        if char == "\\":
            if found + 1 < end and text[found + 1] in ESCAPABLE:
                findings.show(found, found + 1, "")
                after = found + 2
        elif char == "[":
            after = read_reference(findings, region, emphases, found)
        elif char != "`":
            emphasis = emphases.at(found)
            if emphasis:
                show_signs(findings, emphasis)
                yield emphasis
                after = emphasis.end
            elif char in "_^":
                after = read_script(findings, region, found)
        at = after if after >= 0 else found + 1


def _show_label(findings: Findings, region: Region) -> None:
    """Note what a reader sees of a label: signs of emphasis and ticks go; brackets are text in it."""
    text, end = region.text, region.end
    emphases = EmphasisFinder(region)
    at = region.start
    while match := _SIGNS.search(text, at, end):
        found = match.start()
        char = text[found]
        at = found + 1
        if char == "`":
            span = region.code(found)
            if span:
                show_code(findings, span)
                at = span.end
        elif char == "\\" and at < end and text[at] in ESCAPABLE:
            findings.show(found, at, "")
            at += 1
        elif char not in "\\[":
            emphasis = emphases.at(found)
            if emphasis:
                show_signs(findings, emphasis)
                at = emphasis.start + len(emphasis.sign)
