"""Where a list of `*`, `+` and `1.` items ends (spec: logseq-format §3.4).

A line inside an item counts as an item of its own as soon as it begins with a number, `5 apples` too. That is not one
after all; where it stands deeper than the item around it, that whole item is no list item either.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from graphkit.text.patterns import lazy_pattern

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
    """True if that is its only item so far."""


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
    """True if a number is small enough for mldoc to read it."""
    digits = number.replace("_", "").lstrip("+-0")
    return len(digits) < len(str(_LARGEST)) or (len(digits) == len(str(_LARGEST)) and int(digits) <= _LARGEST)


def _without_last(lists: list[_Items]) -> int:
    """Where the list ends without its last item, and without every item of which that is the first one inside."""
    for items in reversed(lists):
        if not items.is_first:
            return items.start
    return -1
