"""Lists as Logseq's parser has them, and where they end (spec: logseq-format §3.4).

Of items that begin with `*`, `+` or `1.`: a line inside an item counts as an item of its own as soon as it begins with
a number, `5 apples` too, although no item is read there. Where that line stands deeper than the item around it, the
whole item is plain text.

Of terms and meanings, which hide bullets, headings and properties:

    term
    : meaning, which goes on
    - over this line, too

A term is a line of any text that nothing else claims, where the next line is a colon, white space and at least two
bytes. A meaning ends at a blank line, at a line that begins with `#`, and at a line of one byte only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

_SPACE: Final = r"[ \t\f\x1a]"
_EOL: Final = r"(?:\r\n|[\r\n]|\Z)"
LIST_ITEM: Final = lazy_pattern(
    rf"({_SPACE}*+)(?:[*+]|[0-9]++\.){_SPACE}++(?:\[[ xX]\]{_SPACE}*+)?+(?=[^\r\n])[^\r\n]*+{_EOL}"
)
"""One line that begins an item; group: its indentation."""
_LIKE_ITEM: Final = lazy_pattern(rf"({_SPACE}++)(?:[*+] |([-+]?[0-9][0-9_]*+))")
_BULLET: Final = lazy_pattern(rf"{_SPACE}++-(?:[ \r\n]|\Z)")
_MORE: Final = lazy_pattern(rf"{_SPACE}++[^\r\n]*+{_EOL}")
_BLANK: Final = lazy_pattern(r"\r\n|\n|\r")
_LARGEST: Final = 2**31 - 1


class _Items(NamedTuple):
    """A list, or one inside an item, while it is read."""

    indent: int
    start: int
    """Where its last item begins."""
    is_first: bool
    """Whether that is its only item so far."""


def list_end(text: str, at: int, end: int) -> int:
    """Where the list ends that begins with the line at `at`; -1 if none does. Linear."""
    lists: list[_Items] = []
    stop = at
    inner_than = len(text)  # how deep an item must stand to be one inside the last
    while item := LIST_ITEM.match(text, stop, end):
        indent = len(item[1])
        while len(lists) > 1 and lists[-1].indent > indent:
            lists.pop()
        inner = bool(lists) and indent > inner_than
        if inner or not lists:
            lists.append(_Items(indent if inner else 0, stop, is_first=True))
        else:
            lists[-1] = _Items(lists[-1].indent, stop, is_first=False)
        inner_than = indent
        stop, deeper = _item_end(text, item.end(), end, indent)
        if deeper and not LIST_ITEM.match(text, stop, end):
            return _without_last(lists)
        blank = None if deeper else _BLANK.match(text, stop, end)
        if blank:
            stop = blank.end()
            inner_than = len(text)
    return stop if stop > at else -1


def _item_end(text: str, at: int, end: int, indent: int) -> tuple[int, bool]:
    """Where an item's own lines end, and whether a line that looks like an item inside it follows."""
    while at < end:
        like = _LIKE_ITEM.match(text, at, end)
        if like and (like[2] is None or _fits(like[2])):
            return at, len(like[1]) > indent
        more = None if _BULLET.match(text, at, end) else _MORE.match(text, at, end)
        if more is None:
            break
        at = more.end()
    return at, False


def _fits(number: str) -> bool:
    """Whether a number is small enough for mldoc to read it."""
    digits = number.replace("_", "").lstrip("+-0")
    return len(digits) < len(str(_LARGEST)) or (len(digits) == len(str(_LARGEST)) and int(digits) <= _LARGEST)


def _without_last(lists: list[_Items]) -> int:
    """Where the list ends without its last item, and without every item of which that is the first one inside."""
    for items in reversed(lists):
        if not items.is_first:
            return items.start
    return -1


_LINE_END: Final = r"\r?\n"
_TERM: Final = rf"{_SPACE}*+[^\r\n]++{_LINE_END}"
_MEANT: Final = rf"{_SPACE}*+(?![:#\r\n])(?:[^\r\n]{{2,}}+|[^\x00-\x7f])(?:{_LINE_END}|\Z)"
_MEANING: Final = rf"{_SPACE}*+:{_SPACE}++(?:{_MEANT})++"

TERM_AHEAD: Final = rf"(?={_SPACE}*+[^\r\n]++{_LINE_END}{_SPACE}*+:{_SPACE})"
"""Matches where a line stands that could be a term; that line may still be something else."""

MEANING_SIGNS: Final = tuple(f":{blank}" for blank in " \t\f\x1a")
"""How a line begins, behind its indentation, that could be a meaning."""

_USUAL: Final = ("\n: ", " : ", "\t: ")
_UNUSUAL: Final = ("\f: ", "\x1a: ", ":\t", ":\f", ":\x1a")


_MAYBE_TERM: Final = lazy_pattern(TERM_AHEAD)


_WHOLE: Final = lazy_pattern(rf"(?:{_TERM}(?:{_MEANING})++[\r\n]*+)++")
_TERM_LINE: Final = lazy_pattern(_TERM)
_ONE_MEANING: Final = lazy_pattern(rf"{_SPACE}*+:{_SPACE}++((?:{_MEANT})++)")
_BLANK_LINES: Final = lazy_pattern(r"[\r\n]++")
_MEANING_AHEAD: Final = lazy_pattern(rf"\n{_SPACE}*+:{_SPACE}")


def may_define(text: str, start: int, end: int) -> bool:
    """True if some line of the text could be a meaning; quick for texts in which none could."""
    for sign in _USUAL + _UNUSUAL:
        if text.find(sign, start, end) >= 0:
            return _MEANING_AHEAD.search(text, start, end) is not None
    return False


def match_definitions(text: str, at: int, end: int) -> Match[str] | None:
    """The definition list that begins with the line at `at`, up to the blank lines behind it."""
    return _WHOLE.match(text, at, end) if _MAYBE_TERM.match(text, at, end) else None


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
        blank = _BLANK_LINES.match(text, at, end)
        at = blank.end() if blank else at
