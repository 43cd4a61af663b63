"""A stretch of text that is parsed as a whole: finds closers in it, and remembers if there are not any.

Knows which characters close what; knows nothing of references. Every question is answered in amortised constant or
logarithmic time, so that hostile texts (megabytes of openers without closers) stay linear.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

SPACE: Final = " \t\x1a\x0c"
"""What ends a word on its line; NBSP and other Unicode spaces do not (spec: logseq-format §11.1)."""
ESCAPABLE: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\\")
"""ASCII punctuation, which a backslash escapes (spec: logseq-format §3.4)."""

_ESCAPE = lazy_pattern(r"\\([!\"#$%&'()*+,\-./:;<=>?@\[\]^_`{|}~\\])")
_CODE = lazy_pattern(r"`[^`\r\n]+`")
_MATH = lazy_pattern(r"\$(?:\$[^$\r\n]*\$\$|[^$ ][^$\r\n]*\$)")
_PAGE_END = lazy_pattern(r"\\[^\r\n]|\]\]|[\r\n]")
_DOUBLE_BRACKETS = lazy_pattern(r"\[\[|\]\]")
_NO_OPENER = lazy_pattern(r"[^\[]")
_BRACKETS = lazy_pattern(r"\\[^\r\n]|\[|\]")
_PARENTHESES = lazy_pattern(r"\\[^\r\n]|\(|\)|[\r\n]")
_LINE_END = lazy_pattern(r"[\r\n]")


def unescaped(text: str) -> str:
    """The text with every escaped punctuation mark replaced by the bare one."""
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


class Levels:
    """Closers by nesting level: which one first leaves the level that holds at some place."""

    __slots__ = ("_closers", "_depths", "_places")

    def __init__(self, steps: Iterable[tuple[int, int]]) -> None:
        """Steps are (place, +1 or -1) in text order; the place of a closer is where it starts."""
        self._places: list[int] = []
        self._depths: list[int] = []
        self._closers: dict[int, list[int]] = {}
        depth = 0
        for place, step in steps:
            depth += step
            self._places.append(place)
            self._depths.append(depth)
            if step < 0:
                self._closers.setdefault(depth, []).append(place)

    def has_step(self, place: int) -> bool:
        """True if an opener or closer starts at `place`."""
        at = bisect_left(self._places, place)
        return at < len(self._places) and self._places[at] == place

    def leaving(self, place: int, levels: int = 1) -> int:
        """Where the closer starts that goes `levels` below the level just before `place`; -1 if nothing is there."""
        before = bisect_left(self._places, place) - 1
        depth = self._depths[before] if before >= 0 else 0
        found = self._closers.get(depth - levels)
        if not found:
            return -1
        at = bisect_left(found, place)
        return found[at] if at < len(found) else -1


class CodeSpan(NamedTuple):
    """A code span and where its content stands."""

    start: int
    end: int
    ticks: int


class Region:
    """`text[start:end]`, parsed as if nothing stood around it."""

    __slots__ = (
        "_ahead",
        "_brackets",
        "_doubles",
        "_page_fail",
        "_parentheses",
        "dates",
        "end",
        "html",
        "html_levels",
        "start",
        "text",
        "work",
    )

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.work: dict[str, int] = {}
        """Characters spent in vain by rules that cannot remember better than this."""
        self.html: dict[str, list[tuple[int, int]]] | None = None
        """Openers (`<name`) and closers (`/name`) of HTML elements, once somebody asked for them."""
        self.html_levels: dict[str, Levels] = {}
        self.dates: dict[tuple[str, int], int] = {}
        """Where a date ends, by its opening sign and the end of its first word; -1 for none."""
        self._ahead: dict[object, tuple[int, int]] = {}
        self._brackets: Levels | None = None
        self._doubles: Levels | None = None
        self._parentheses: Levels | None = None
        self._page_fail = (0, -1)

    def find(self, needle: str, at: int) -> int:
        """Where `needle` next occurs at or after `at`; -1 if it does not."""
        known = self._ahead.get(needle)
        if known is not None and known[0] <= at and (known[1] >= at or known[1] < 0):
            return known[1]
        found = self.text.find(needle, at, self.end)
        self._ahead[needle] = (at, found)
        return found

    def find_any(self, pattern: re.Pattern[str], at: int) -> int:
        """Where `pattern`, a class of characters, next occurs at or after `at`; the end of the region if nowhere."""
        known = self._ahead.get(pattern)
        if known is not None and known[0] <= at <= known[1]:
            return known[1]
        match = pattern.search(self.text, at, self.end)
        found = match.start() if match else self.end
        self._ahead[pattern] = (at, found)
        return found

    def affordable(self, rule: str) -> bool:
        """True if `rule` has not yet gone through the region in vain many times."""
        return self.work.get(rule, 0) <= 16 * (self.end - self.start) + 4096

    def spend(self, rule: str, characters: int) -> None:
        """Note that `rule` looked at so many characters and found nothing."""
        self.work[rule] = self.work.get(rule, 0) + characters

    def code(self, at: int) -> CodeSpan | None:
        """The code span that starts with the backtick at `at`: one tick on one line, or two ticks over any lines."""
        match = _CODE.match(self.text, at, self.end)
        if match:
            return CodeSpan(at, match.end(), 1)
        if self.text.startswith("``", at, self.end):
            close = self.find("``", at + 2)
            if close >= 0:
                return CodeSpan(at, close + 2, 2)
        return None

    def math(self, at: int) -> int:
        """Where the math ends that starts with the `$` at `at`; -1 if it is not one."""
        match = _MATH.match(self.text, at, self.end)
        if not match:
            return -1
        end = match.end()
        if self.text[at + 1] != "$" and end - at > 3 and self.text[end - 2] in " ([{":
            return -1
        return end

    def page_end(self, at: int) -> int:
        """Where the `]]` starts that closes the `[[` at `at` on its line; -1 if none does or the name is empty."""
        if self._page_fail[0] <= at <= self._page_fail[1] or self.find("]]", at + 2) < 0:
            return -1
        for match in _PAGE_END.finditer(self.text, at + 2, self.end):
            found = match.group()
            if found == "]]":
                return match.start() if match.start() > at + 2 else -1
            if found[0] != "\\":
                self._page_fail = (at, match.start())
                return -1
        self._page_fail = (at, self.end)
        return -1

    def nested_end(self, at: int) -> int:
        """Where the `[[` at `at` is balanced by a `]]`, over any lines: the place after it, or -1."""
        if self._doubles is None:
            self._doubles = Levels(self._double_steps())
        rest = self.find_any(_NO_OPENER, at) - at - 2
        odd = rest > 0 and rest % 2 == 0 and not self._doubles.has_step(at)
        levels = 2 if odd else 1  # in an odd run of `[`, pairs counted from `at` on open one level more
        place = self._doubles.leaving(at + 2, levels)
        return place + 2 if place >= 0 else -1

    def _double_steps(self) -> Iterable[tuple[int, int]]:
        for match in _DOUBLE_BRACKETS.finditer(self.text, self.start, self.end):
            yield match.start(), (1 if match.group() == "[[" else -1)

    def bracket_end(self, at: int) -> int:
        """Where the first `]` stands that nothing after `at` opened, over any lines; -1 if none."""
        if self._brackets is None:
            self._brackets = Levels(
                (match.start(), 1 if match.group() == "[" else -1)
                for match in _BRACKETS.finditer(self.text, self.start, self.end)
                if match.group()[0] != "\\"
            )
        return self._brackets.leaving(at)

    def parenthesis_end(self, at: int) -> int:
        """Where the first `)` stands that nothing after `at` opened on the line of `at`; -1 if none."""
        if self._parentheses is None:
            self._parentheses = Levels(
                (match.start(), 1 if match.group() == "(" else -1)
                for match in _PARENTHESES.finditer(self.text, self.start, self.end)
                if match.group() in "()"
            )
        found = self._parentheses.leaving(at)
        return found if 0 <= found < self.line_end(at) else -1

    def line_end(self, at: int) -> int:
        """Where the line of `at` ends, line break excluded."""
        return self.find_any(_LINE_END, at)
