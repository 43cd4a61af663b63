"""Where an emphasis ends: `**b** *i* _i_ ~~s~~ ==h== ^^h^^`; knows nothing of what stands inside.

spec: logseq-format §3.4.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from graphkit.outline.inline.segment import Region

_WS: Final = " \t\n\r\x0c"
UNDERSCORE_NEIGHBOURS: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + _WS)
"""What can be before and after an emphasis of underscores: ASCII punctuation and white space."""

SIGNS: Final[dict[str, tuple[str, ...]]] = {
    "*": ("***", "**", "*"),
    "_": ("___", "__", "_"),
    "~": ("~~",),
    "^": ("^^",),
    "=": ("==",),
}
"""Signs by their first character, in the order in which they are tried."""

TRIPLE: Final = frozenset({"***", "___"})
"""Bold and italic at once; what stands inside is plain text."""


class Emphasis(NamedTuple):
    """One emphasis: its sign, its place, and the code spans in it as (start, end)."""

    sign: str
    start: int
    end: int
    code: tuple[tuple[int, int], ...]


@cache
def _closer(sign: str) -> re.Pattern[str]:
    """Stops of the search for a closing sign: the sign where it may close, a backslash, a backtick.

    A sign after white space is text, unless it repeats at once or ends the region (or all but a rest shorter than it).
    """
    char = re.escape(sign[0])
    more = len(sign)
    after = r"(?=[!-/:-@\[-`{-~ \t\n\r\x0c]|\Z)" if sign[0] == "_" else ""
    rest = rf"|(?={char}[\s\S]{{0,{more - 2}}}\Z)" if more > 1 else ""
    run = f"{char}{{{more - 1}}}"
    return re.compile(
        rf"{char}(?<![ \t\n\r\x0c{char}]{char}){run}{after}"
        rf"|{char}(?<=[ \t\n\r\x0c]{char}){char}{{{2 * more - 1}}}{after}"
        rf"|{char}(?<=[ \t\n\r\x0c]{char}){run}(?:\Z{rest})"
        r"|\\|`",
    )


@cache
def _unclosed_code(char: str) -> re.Pattern[str]:
    return re.compile(rf"(?:[^\\ \t\n\r\x0c{re.escape(char)}]|\\.)+", re.DOTALL)


class EmphasisFinder:
    """Finds emphasis in one region; remembers failed searches, so that all of them together stay linear."""

    __slots__ = ("_failed", "region")

    def __init__(self, region: Region) -> None:
        self.region = region
        self._failed: dict[str, tuple[int, list[int], list[int]]] = {}

    def at(self, start: int) -> Emphasis | None:
        """The emphasis whose opening sign starts at `start`."""
        text = self.region.text
        for sign in SIGNS[text[start]]:
            if text.startswith(sign, start, self.region.end):
                found = self._with(sign, start)
                if found:
                    return found
        return None

    def _with(self, sign: str, start: int) -> Emphasis | None:
        region = self.region
        text, end = region.text, region.end
        content = start + len(sign)
        if content >= end or text[content] in _WS:
            return None
        if text.startswith(sign, content, end) and (sign[0] != "_" or self._closes(sign, content)):
            return None
        if self._known_to_fail(sign, content) or not region.affordable(sign):
            return None
        skipped: tuple[list[int], list[int]] = ([], [])
        code: list[tuple[int, int]] = []
        close = self._search(sign, content, skipped, code)
        if close < 0:
            self._failed[sign] = (content, *skipped)
            region.spend(sign, end - content)
            return None
        return Emphasis(sign, start, close + len(sign), tuple(code))

    def _known_to_fail(self, sign: str, content: int) -> bool:
        failed = self._failed.get(sign)
        if failed is None or content < failed[0]:
            return False
        _, starts, ends = failed
        at = bisect_right(starts, content) - 1
        return at < 0 or content >= ends[at] or content == starts[at]

    def _closes(self, sign: str, at: int) -> bool:
        """True if a sign of underscores can close where it stands."""
        after = at + len(sign)
        return after >= self.region.end or self.region.text[after] in UNDERSCORE_NEIGHBOURS

    def _search(self, sign: str, at: int, skipped: tuple[list[int], list[int]], code: list[tuple[int, int]]) -> int:
        region = self.region
        text, end = region.text, region.end
        pattern = _closer(sign)
        while True:
            match = pattern.search(text, at, end)
            if match is None:
                return -1
            found = match.start()
            char = text[found]
            if char == "\\":
                at = min(found + 2, end)
            elif char == "`":
                span = region.code(found)
                if span:
                    at = span.end
                    code.append((found, at))
                else:
                    unclosed = _unclosed_code(sign[0]).match(text, found, end)
                    at = unclosed.end() if unclosed else found + 1
            else:
                return found
            skipped[0].append(found)
            skipped[1].append(at)
            if at < end and text[at] == text[at - 1] == sign[0] and self._after_escape(sign, at):
                return at

    def _after_escape(self, sign: str, at: int) -> bool:
        """True if the sign closes that follows an escaped character of its own kind."""
        return self.region.text.startswith(sign, at, self.region.end) and (sign[0] != "_" or self._closes(sign, at))
