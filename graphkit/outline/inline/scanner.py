"""Goes through a text once and finds every inline construct; what mldoc 1.5.7 sees, in linear time (reference 3.4, 6).

Parsing has two modes. At the top every construct counts. Inside an emphasis only further emphasis, scripts and
brackets do, so `**#x**` is no tag and `**[[x]]**` is a reference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.inline import opaque
from graphkit.outline.inline.candidates import COULD_CLOSE, candidates, present
from graphkit.outline.inline.emphasis import TRIPLE, UNDERSCORE_NEIGHBOURS, Emphasis, EmphasisFinder
from graphkit.outline.inline.links import BLANK, SIMPLE_PAGE, is_id, page_references, read_link, read_nested
from graphkit.outline.inline.macros import embed_references, read_macro
from graphkit.outline.inline.region import ESCAPABLE, SPACE, Region, unescaped
from graphkit.outline.inline.tags import SIMPLE_TAG, tag_end, tag_references
from graphkit.outline.inline.values import Macro, Reference, ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ALWAYS: Final = frozenset("\\_^[*~`=$#" + SPACE + "\r\n")
"""Characters that end a run of plain text; others are special only right after one of them or after a construct."""

_INNER = re.compile(r"[\\_^\[*~=]")
_ENTITY = re.compile(r"\\[A-Za-z]+(?:\{\})?")
_SCRIPT_END = re.compile(r"[}\r\n]")
_FOOTNOTE_END = re.compile(r"[\] \t\x1a\x0c\r\n]")
_COOKIE = re.compile(r"\[(?:\d+/\d+|\d+%)[0-9/%]*\]")
_PARENTHESIS = re.compile(r"\)")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Scanner:
    """One pass over a text; `references` and `macros` fill up, and `marks` where a display is wanted."""

    __slots__ = ("_emphases", "_gap", "_region", "_waiting", "macros", "marks", "references", "text")

    def __init__(self, text: str, marks: list[tuple[int, int, str]] | None = None) -> None:
        self.text = text
        self.references: list[Reference] = []
        self.macros: list[Macro] = []
        self.marks = marks
        """Replacements (start, end, shown text) that turn the source into what a reader sees."""
        self._region = Region(text, 0, len(text))
        self._emphases = EmphasisFinder(self._region)
        self._gap = 0
        """Where the last construct ended: the start of the plain text since."""
        self._waiting: list[Emphasis] = []

    def run(self) -> None:
        """Find everything."""
        self._top()
        while self._waiting:
            self._inside(self._waiting.pop())
        self.references.sort(key=_place)
        self.macros.sort(key=_macro_place)

    # What was found

    def _refer(self, found: Iterable[tuple[ReferenceKind, str]], start: int, end: int) -> None:
        self.references.extend(Reference(kind, target, start, end) for kind, target in found)

    def _show(self, start: int, end: int, shown: str) -> None:
        if self.marks is not None:
            self.marks.append((start, end, shown))

    # The top mode

    def _top(self) -> None:
        text = self.text
        end = len(text)
        signs = present(text)
        search = candidates(signs)
        handlers = _HANDLERS
        plain_before: str | None = None
        at = edge = 0
        while True:
            if at == self._gap > 0 and text.startswith("_", at):
                found = at
            else:
                match = search(text, at)
                if match is None:
                    return
                found = match.start()
            char = text[found]
            if char in "({!@<" and found != edge and text[found - 1] not in _ALWAYS:
                at = found + 1
                continue
            start = found
            if char == "_":
                plain_before = self._plain_before(found, plain_before)
                after = self._underscore(found, plain_before)
            elif char == ":":
                start = self._word_start(found, edge)
                after = self._url(start) if start >= 0 else -1
            else:
                after = handlers[char](self, found)
            if after >= 0:
                plain_before = self._plain_before(start, plain_before)
                self._gap = edge = at = after
                continue
            at = found + 1
            if char == "\\":
                if at < end and text[at] in ESCAPABLE:
                    self._show(found, at, "")
                    at = edge = found + 2
            elif char in COULD_CLOSE and not COULD_CLOSE[char](self._region, found):
                signs = signs.replace(char, "f" if char == "[" else "")
                search = candidates(signs)

    def _plain_before(self, at: int, known: str | None) -> str | None:
        """The last character of plain text before `at`: line breaks, and two spaces before one, are not plain text."""
        text, gap = self.text, self._gap
        while at > gap:
            char = text[at - 1]
            if char != "\n":
                return char
            at -= 1
            stop = at
            while stop > gap and text[stop - 1] in SPACE:
                stop -= 1
            if at - stop >= 2 and text[stop] == " ":
                at = stop
        return known

    def _word_start(self, colon: int, edge: int) -> int:
        """Where the protocol before `://` starts; -1 if it does not start a word, or starts like a date keyword."""
        text = self.text
        gap = min(edge, colon)
        width = 32
        while True:
            left = max(gap, colon - width)
            start = left + len(text[left:colon].rstrip(_LETTERS))
            if start > left or left == gap:
                break
            width *= 8
        if start == colon or text[start] in "SCDscd" or (start > gap and text[start - 1] not in _ALWAYS):
            return -1
        return start

    def _url(self, at: int) -> int:
        after = opaque.url_end(self._region, at)
        if after >= 0 and self.text.startswith("id://", at) and is_id(self.text[at + 5 : after]):
            self._refer([("block", self.text[at + 5 : after])], at, after)
        return after

    def _emphasis(self, at: int) -> int:
        return self._take(self._emphases.at(at))

    def _take(self, emphasis: Emphasis | None) -> int:
        if emphasis is None:
            return -1
        if self.marks is not None or self.text.find("[", emphasis.start, emphasis.end) >= 0:
            self._waiting.append(emphasis)
        return emphasis.end

    def _underscore(self, at: int, before: str | None) -> int:
        if before is None or before in UNDERSCORE_NEIGHBOURS:
            after = self._emphasis(at)
            if after >= 0:
                return after
        return self._script(self._region, at)

    def _caret(self, at: int) -> int:
        after = self._emphasis(at)
        return after if after >= 0 else self._script(self._region, at)

    def _script(self, region: Region, at: int) -> int:
        """End of `^{…}` or `_{…}`."""
        if not self.text.startswith("{", at + 1, region.end):
            return -1
        close = region.find_any(_SCRIPT_END, at + 2)
        if close == at + 2 or not self.text.startswith("}", close, region.end):
            return -1
        self._show(at, at + 2, "")
        self._show(close, close + 1, "")
        return close + 1

    def _backslash(self, at: int) -> int:
        for opener, closer in (("\\[", "\\]"), ("\\(", "\\)")):
            if self.text.startswith(opener, at):
                close = self._region.find(closer, at + 2)
                if close >= 0:
                    self._show(at, at + 2, "")
                    self._show(close, close + 2, "")
                    return close + 2
        match = _ENTITY.match(self.text, at)
        return match.end() if match else -1

    def _backtick(self, at: int) -> int:
        span = self._region.code(at)
        if span is None:
            return -1
        self._show(at, at + span.ticks, "")
        self._show(span.end - span.ticks, span.end, "")
        return span.end

    def _dollar(self, at: int) -> int:
        after = self._region.math(at)
        if after >= 0:
            signs = 2 if self.text.startswith("$$", at) else 1
            self._show(at, at + signs, "")
            self._show(after - signs, after, "")
        return after

    def _bracket(self, at: int) -> int:
        text, region = self.text, self._region
        simple = SIMPLE_PAGE.match(text, at)
        if simple:
            title, after = simple[1], simple.end()
            if title[0] in "./ad(" or len(title) == 36 or not title.strip(BLANK):
                self._refer(page_references("page", title), at, after)
            else:
                self.references.append(Reference("page", title, at, after))
            self._show(at, after, title)
            return after
        if text.startswith("[^", at):
            close = region.find_any(_FOOTNOTE_END, at + 2)
            if close > at + 2 and text.startswith("]", close):
                return close + 1
        after = self._reference(region, self._emphases, at)
        if after >= 0:
            return after
        after = opaque.date_end(region, at)
        if after >= 0:
            return after
        match = _COOKIE.match(text, at)
        if match:
            return match.end()
        return opaque.hiccup_end(region, at) if text.startswith("[:", at) else -1

    def _reference(self, region: Region, emphases: EmphasisFinder, at: int) -> int:
        """End of the `[[page]]` or `[label](url)` at `at`, in both modes."""
        text = self.text
        if text.startswith("[[", at, region.end):
            nested = read_nested(region, at)
            if nested:
                for start, end in nested[1]:
                    self._refer(page_references("page", text[start + 2 : end - 2]), start, end)
                    self._show(start, start + 2, "")
                    self._show(end - 2, end, "")
                return nested[0]
            close = region.page_end(at)
            if close >= 0:
                title = unescaped(text[at + 2 : close])
                self._refer(page_references("page", title), at, close + 2)
                self._show(at, close + 2, title)
                return close + 2
        return self._link(region, emphases, at, at)

    def _link(self, region: Region, emphases: EmphasisFinder, at: int, bracket: int) -> int:
        link = read_link(region, emphases, bracket)
        if link is None:
            return -1
        self._refer(link.found, at, link.end)
        if self.marks is not None:
            start, end = link.label
            self._show(at, link.end, plain_label(self.text[start:end]))
        return link.end

    def _tag(self, at: int) -> int:
        simple = SIMPLE_TAG.match(self.text, at)
        if simple:
            after = simple.end()
            self.references.append(Reference("tag", self.text[at + 1 : after], at, after))
            self._show(at, at + 1, "")
            return after
        after = tag_end(self._region, at)
        if after == at + 1:
            return -1
        self.references.extend(Reference(*found) for found in tag_references(self.text, at, after))
        if self.marks is not None:
            name = self.text[at + 1 : after]
            shown = name[2:-2] if name.startswith("[[") and name.endswith("]]") else unescaped(name)
            self._show(at, after, shown)
        return after

    def _brace(self, at: int) -> int:
        macro = read_macro(self._region, at)
        if macro is None:
            return -1
        self.macros.append(macro)
        self._refer(embed_references(macro), macro.start, macro.end)
        return macro.end

    def _parenthesis(self, at: int) -> int:
        text = self.text
        if not text.startswith("((", at):
            return -1
        close = self._region.find_any(_PARENTHESIS, at + 2)
        if close == at + 2 or not text.startswith("))", close):
            return -1
        block = text[at + 2 : close]
        if is_id(block):
            self._refer([("block", block)], at, close + 2)
        return close + 2

    def _exclamation(self, at: int) -> int:
        if not self.text.startswith("[", at + 1):
            return -1
        return self._link(self._region, self._emphases, at, at + 1)

    def _at_sign(self, at: int) -> int:
        return opaque.snippet_end(self._region, at) if self.text.startswith("@@", at) else -1

    def _angle(self, at: int) -> int:
        region = self._region
        after = opaque.autolink_end(region, at)
        if after >= 0:
            target = self.text[at + 1 : after - 1]
            self._show(at, after, target)
            if target.startswith("id:"):
                block = target[3:].removeprefix("//")
                if is_id(block):
                    self._refer([("block", block)], at, after)
            return after
        after = opaque.date_end(region, at)
        if after >= 0:
            return after
        after = opaque.html_end(region, at)
        if after >= 0:
            self._show(at, after, _HTML_TAG.sub("", self.text[at:after]))
            return after
        return opaque.email_end(region, at)

    # Inside an emphasis

    def _inside(self, emphasis: Emphasis) -> None:
        width = len(emphasis.sign)
        start, end = emphasis.start + width, emphasis.end - width
        self._show(emphasis.start, start, "")
        self._show(end, emphasis.end, "")
        for code_start, code_end in emphasis.code:
            ticks = 2 if self.text.startswith("``", code_start) else 1
            self._show(code_start, code_start + ticks, "")
            self._show(code_end - ticks, code_end, "")
        if emphasis.sign in TRIPLE:
            return
        for code_start, code_end in (*emphasis.code, (end, end)):
            if start < code_start:
                self._stretch(Region(self.text, start, code_start))
            start = code_end

    def _stretch(self, region: Region) -> None:
        text, end = self.text, region.end
        emphases = EmphasisFinder(region)
        at = region.start
        while match := _INNER.search(text, at, end):
            found = match.start()
            char = text[found]
            if char == "\\":
                at = found + 1
                if at < end and text[at] in ESCAPABLE:
                    self._show(found, at, "")
                    at += 1
                continue
            after = -1
            if char == "[":
                after = self._reference(region, emphases, found)
            else:
                after = self._take(emphases.at(found))
                if after < 0 and char in "_^":
                    after = self._script(region, found)
            at = after if after >= 0 else found + 1


_HTML_TAG = re.compile(r"<[^<>]*>")


def _place(reference: Reference) -> tuple[int, int]:
    return reference.start, -reference.end


def _macro_place(macro: Macro) -> int:
    return macro.start


def plain_label(label: str) -> str:
    """The label of a link as a reader sees it; links and tags do not exist in labels."""
    marks: list[tuple[int, int, str]] = []
    scanner = Scanner(label, marks)
    scanner.run()
    return shown(label, marks)


def shown(text: str, marks: list[tuple[int, int, str]]) -> str:
    """The text with the marked stretches replaced; a mark inside another one has no effect."""
    parts: list[str] = []
    at = 0
    for start, end, replacement in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if start < at:
            continue
        parts.extend((text[at:start], replacement))
        at = end
    parts.append(text[at:])
    return "".join(parts)


_HANDLERS: Final[dict[str, Callable[[Scanner, int], int]]] = {
    "\\": Scanner._backslash,
    "^": Scanner._caret,
    "*": Scanner._emphasis,
    "~": Scanner._emphasis,
    "=": Scanner._emphasis,
    "`": Scanner._backtick,
    "$": Scanner._dollar,
    "[": Scanner._bracket,
    "#": Scanner._tag,
    "(": Scanner._parenthesis,
    "{": Scanner._brace,
    "!": Scanner._exclamation,
    "@": Scanner._at_sign,
    "<": Scanner._angle,
}
