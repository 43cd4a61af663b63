"""Definition lists, whose meanings hide bullets, headings and properties (spec: logseq-format §3.4).

    term
    : meaning, which goes on
    - over this line, too

A list begins at a line of any text that nothing else claims, where the next line is a colon, white space and at least
two bytes. A meaning ends at a blank line, at a line that begins with `#`, and at a line of one byte only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

_SPACE: Final = r"[ \t\f\x1a]"
_EOL: Final = r"\r?\n"
_TERM: Final = rf"{_SPACE}*+[^\r\n]++{_EOL}"
_LINE: Final = rf"{_SPACE}*+(?![:#\r\n])(?:[^\r\n]{{2,}}+|[^\x00-\x7f])(?:{_EOL}|\Z)"
_MEANING: Final = rf"{_SPACE}*+:{_SPACE}++(?:{_LINE})++"

TERM_AHEAD: Final = rf"(?={_SPACE}*+[^\r\n]++{_EOL}{_SPACE}*+:{_SPACE})"
"""Matches where a line stands that could be a term; does not mention what else that line could be."""

MEANING_SIGNS: Final = tuple(f":{blank}" for blank in " \t\f\x1a")
"""How a line begins, behind its indentation, that could be a meaning."""

_USUAL: Final = ("\n: ", " : ", "\t: ")
_UNUSUAL: Final = ("\f: ", "\x1a: ", ":\t", ":\f", ":\x1a")


_MAYBE_TERM: Final = lazy_pattern(TERM_AHEAD)


class _Patterns(NamedTuple):
    whole: re.Pattern[str]
    term: re.Pattern[str]
    meaning: re.Pattern[str]
    blank: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Compiled when the first line is met that could be a term."""
    return _Patterns(
        whole=re.compile(rf"(?:{_TERM}(?:{_MEANING})++[\r\n]*+)++"),
        term=re.compile(_TERM),
        meaning=re.compile(rf"{_SPACE}*+:{_SPACE}++((?:{_LINE})++)"),
        blank=re.compile(r"[\r\n]++"),
    )


def may_define(text: str, start: int, end: int) -> bool:
    """True if some line of the text could be a meaning; quick for texts in which none could."""
    for sign in _USUAL + _UNUSUAL:
        if text.find(sign, start, end) >= 0:
            return re.search(rf"\n{_SPACE}*+:{_SPACE}", text[start:end]) is not None
    return False


def match_definitions(text: str, at: int, end: int) -> Match[str] | None:
    """The definition list that begins with the line at `at`, up to the blank lines behind it."""
    return _patterns().whole.match(text, at, end) if _MAYBE_TERM.match(text, at, end) else None


def definition_texts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the terms and meanings of a list stand, without their colons."""
    patterns = _patterns()
    at = start
    while at < end:
        term = patterns.term.match(text, at, end)
        if term is None:
            return
        yield term.span()
        at = term.end()
        while meaning := patterns.meaning.match(text, at, end):
            yield meaning.span(1)
            at = meaning.end()
        blank = patterns.blank.match(text, at, end)
        at = blank.end() if blank else at
