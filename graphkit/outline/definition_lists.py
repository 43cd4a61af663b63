"""Definition lists, which Logseq shows as such and whose meanings hide bullets, headings and properties (11.3).

    term
    : meaning, which goes on
    - over this line, too

A list begins at a line of any text that nothing else claims, where the next line is a colon, white space and at least
two bytes. A meaning ends at a blank line, at a line that begins with `#`, and at a line of one byte only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

_SPACE: Final = r"[ \t\f\x1a]"
_EOL: Final = r"\r?\n"
_TERM: Final = rf"{_SPACE}*+[^\r\n]++{_EOL}"
_LINE: Final = rf"{_SPACE}*+(?![:#\r\n])(?:[^\r\n]{{2,}}+|[^\x00-\x7f])(?:{_EOL}|\Z)"
_MEANING: Final = rf"{_SPACE}*+:{_SPACE}++(?:{_LINE})++"

TERM_AHEAD: Final = rf"(?={_SPACE}*+[^\r\n]++{_EOL}{_SPACE}*+:{_SPACE})"
"""Matches where a line stands that could be a term; says nothing of what else that line could be."""

_LIST: Final = re.compile(rf"(?:{_TERM}(?:{_MEANING})++[\r\n]*+)++")
_MEANING_ANYWHERE: Final = re.compile(rf"\n{_SPACE}*+:{_SPACE}")
_USUAL: Final = ("\n: ", " : ", "\t: ")
_UNUSUAL: Final = ("\f: ", "\x1a: ", ":\t", ":\f", ":\x1a")


def may_define(text: str, start: int, end: int) -> bool:
    """Whether some line of the text could be a meaning; quick for texts in which none could."""
    for sign in _USUAL + _UNUSUAL:
        if text.find(sign, start, end) >= 0:
            return _MEANING_ANYWHERE.search(text, start, end) is not None
    return False


def match_definitions(text: str, at: int, end: int) -> Match[str] | None:
    """The definition list that begins with the line at `at`, up to the blank lines behind it."""
    return _LIST.match(text, at, end)


def definition_texts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the terms and meanings of a list stand, without their colons."""
    at = start
    while at < end:
        term = _TERM_LINE.match(text, at, end)
        if term is None:
            return
        yield term.span()
        at = term.end()
        while meaning := _ONE_MEANING.match(text, at, end):
            yield meaning.span(1)
            at = meaning.end()
        blank = _BLANK.match(text, at, end)
        at = blank.end() if blank else at


_TERM_LINE: Final = re.compile(_TERM)
_ONE_MEANING: Final = re.compile(rf"{_SPACE}*+:{_SPACE}++((?:{_LINE})++)")
_BLANK: Final = re.compile(r"[\r\n]++")
