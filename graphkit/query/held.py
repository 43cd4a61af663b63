"""Queries that a page holds, as text in its blocks: `{{query …}}` and `#+BEGIN_QUERY`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable


class HeldQuery(Record, frozen=True, kw_only=True):
    """One query in a block."""

    text: str
    advanced: bool
    line: int
    """How many lines below the block's first it begins."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(r"^[ \t]*#\+BEGIN_QUERY[^\n]*$", re.IGNORECASE),
        re.compile(r"^[ \t]*#\+END_QUERY[ \t]*$", re.IGNORECASE),
        re.compile(r"^[ \t]*(?:```|~~~)"),
    )


def held_queries(content: str, macros: Iterable[str]) -> list[HeldQuery]:
    """The queries of a block, from its content and its macros (each as `name argument, argument`)."""
    found = [
        HeldQuery(text=macro[6:].strip(), advanced=False, line=_line_of(content, macro))
        for macro in macros
        if macro[:6].lower() == "query "
    ]
    if "query" not in content.lower():
        return found
    begin, end, fence = _patterns()
    lines = content.split("\n")
    start, fenced = None, False
    for number, line in enumerate(lines):
        if start is None and fence.match(line):
            fenced = not fenced
        elif start is None and not fenced and begin.match(line):
            start = number
        elif start is not None and end.match(line):
            found.append(HeldQuery(text="\n".join(lines[start + 1 : number]), advanced=True, line=start))
            start = None
    return sorted(found, key=lambda query: query.line)


def macros_in(content: str) -> list[str]:
    """The `{{query …}}` macros of a text, as the records of blocks have them."""
    found = re.findall(r"\{\{query ([^}]*)\}\}", content, re.IGNORECASE)
    return [f"query {', '.join(part.strip() for part in text.split(','))}" for text in found]


def _line_of(content: str, macro: str) -> int:
    words = macro[6:].split(", ", maxsplit=1)[0]
    at = content.find(words)
    return content.count("\n", 0, at) if at > 0 else 0
