"""Tasks that are no blocks because a construct above them swallows their lines. spec: logseq-format §3.4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import SHOWN_TEXT, excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.markers import MARKER_ALTERNATIVES
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic
    from graphkit.text.span import Span

_TASK: Final = lazy_pattern(rf"(?:\r?\n)([ \t]*+)-[ \t]++(?:#++[ \t]++)?((?:{MARKER_ALTERNATIVES})[ \t][^\r\n]*+)")
_BLOCK_START: Final = lazy_pattern(r"[ \t]*+(?=-[ \t])")
_QUOTING: Final = lazy_pattern(r"(?i)```|~~~|<!--|#\+BEGIN_(?:SRC|EXAMPLE|EXPORT)")
"""Constructs that show text as it is: bullets deeper than their own block are part of what is shown."""
_TAG: Final = lazy_pattern(r"<([A-Za-z][\w-]*)")
_BEGIN: Final = lazy_pattern(r"(?i)#\+BEGIN_(\S+)")
_DRAWER: Final = lazy_pattern(r":[\w-]+:[ \t]*(?=[\r\n])")


def swallowed_tasks(page: PageReading) -> Iterator[Diagnostic]:
    """E143: bullets with markers inside a construct, which Logseq takes for its text."""
    hidden = page.outline.hidden
    if not hidden:
        return
    for span in hidden:
        lost = _lost(page, span)
        if not lost:
            continue
        start = _opening(page.text, span)
        first = page.source.position(lost[0][0]).line
        number = "a task is" if len(lost) == 1 else f"{len(lost):,} tasks are"
        name, close = _construct(page.text, start)
        yield page.finding(
            "E143",
            start,
            f"{name} opens here and goes on to line {page.source.position(max(span.end - 1, span.start)).line}: "
            f"{number} part of it, the first on line {first}: “{excerpt(lost[0][1])}”",
            f"{close} before line {first}",
        )


def _opening(text: str, span: Span) -> int:
    inside = text[span.start : span.end]
    return span.start + len(inside) - len(inside.lstrip())


def _lost(page: PageReading, span: Span) -> list[tuple[int, str]]:
    """Offset and text of the tasks in a hidden region that were meant as blocks."""
    text = page.text
    if "\n" not in text[span.start : span.end]:
        return []
    found = [(match.start(2), match[1], match[2]) for match in _TASK.finditer(text, span.start, span.end)]
    if not found:
        return []
    opening = _opening(text, span)
    if SHOWN_TEXT.match(text, opening):
        return []
    if _QUOTING.match(text, opening):
        line_start = text.rfind("\n", 0, opening) + 1
        block = page.outline.blocks[page.block_at(span.start)]
        own = _BLOCK_START.match(text, block.start) or _BLOCK_START.match(text, line_start)
        if own is None:
            return []
        width = len(own[0])
        found = [entry for entry in found if len(entry[1]) <= width]
    return [(start, task) for start, _, task in found]


def _construct(text: str, start: int) -> tuple[str, str]:
    """A construct's name, and what closes it."""
    if text.startswith(("```", "~~~"), start):
        return "a code fence", f"close it with `{text[start : start + 3]}` on a line of its own"
    if text.startswith("$$", start):
        return "a formula", "close it with `$$`"
    if text.startswith("<!--", start):
        return "a comment", "close it with `-->`"
    if tag := _TAG.match(text, start):
        return f"the HTML tag `<{tag[1]}>`", f"put it in backticks, or close it with `</{tag[1]}>`"
    if begin := _BEGIN.match(text, start):
        return f"`#+BEGIN_{begin[1]}`", f"write `#+END_{begin[1]}`"
    if drawer := _DRAWER.match(text, start):
        return f"the drawer `{drawer[0].strip()}`", "close it with `:END:` on a line of its own"
    return "a definition list or another construct", "write an empty line"


RULES: Final = (Rule(("E143",), swallowed_tasks),)
"""The rules of this module."""
