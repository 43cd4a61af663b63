"""Goes through a text once and finds every inline construct; what mldoc 1.5.7 sees, in linear time.

spec: logseq-format §3.4, §6.

A construct starts where a sign of `candidates` stands. Some signs count anywhere, others only at the start of a run
of plain text, as in `a ((id))` but not in `a((id))`. What an emphasis holds is looked at afterwards, in its own mode.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from graphkit.outline.inline import opaque
from graphkit.outline.inline.collector import Findings
from graphkit.outline.inline.emphasis import UNDERSCORE_NEIGHBOURS, Emphasis, EmphasisFinder
from graphkit.outline.inline.links import is_id
from graphkit.outline.inline.macros import embed_references, read_macro
from graphkit.outline.inline.nested import (
    read_labelled,
    read_reference,
    read_script,
    scan_emphasis,
    show_code,
    show_signs,
)
from graphkit.outline.inline.openers import COULD_CLOSE, candidates, present
from graphkit.outline.inline.segment import ESCAPABLE, SPACE, Region, unescaped
from graphkit.outline.inline.tags import SIMPLE_TAG, TAG_WITHOUT_PAGES, tag_end, tag_references
from graphkit.outline.inline.tokens import Reference
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_ALWAYS: Final = frozenset("\\_^[*~`=$# \t\x0c\r\n")
"""Characters that end a run of plain text."""
_AT_START: Final = frozenset("({!@<")
"""Signs that count only where a run of plain text starts."""

_ENTITY = lazy_pattern(r"\\[A-Za-z]+(?:\{\})?")
_FOOTNOTE_END = lazy_pattern(r"[\] \t\x1a\x0c\r\n]")
_COOKIE = lazy_pattern(r"\[(?:\d+/\d+|\d+%)[0-9/%]*\]", re.ASCII)
_PARENTHESIS = lazy_pattern(r"\)")
_HTML_TAG = lazy_pattern(r"<[^<>]*>")
_KEYWORD = lazy_pattern(r"(?:[Ss](?i:CHEDULED:)|[Dd](?i:EADLINE:)|[Cc]LOS(?i:ED:)|[Cc]LOC(?i:K:))[ \t\x1a\x0c]++\Z")
_KEYWORD_REACH: Final = 200
"""How far before a date its keyword is looked for: the longest keyword and more blanks than anybody writes."""
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def scan(text: str, *, display: bool) -> Findings:
    """Everything in the text; with `display` also what a reader sees of it."""
    findings = Findings(text, display=display)
    scanner = _Scanner(findings)
    scanner.run()
    waiting = scanner.waiting
    if waiting:
        while waiting:
            waiting.extend(scan_emphasis(findings, waiting.pop()))
        findings.sort()
    return findings


class Part(NamedTuple):
    """Where a construct stands; a date with its keyword."""

    start: int
    end: int
    is_date: bool


def scan_top(text: str, *, macros: bool) -> tuple[list[Part], list[Reference]]:
    """The constructs at the top of a text in order, and their references; nothing inside emphasis.

    macros: whether `{{name}}` is a construct; else what stands in it is read like any other text.
    """
    findings = Findings(text, display=False)
    scanner = _Scanner(findings, without="" if macros else "{")
    scanner.parts = []
    scanner.run()
    return scanner.parts, findings.references


class _Scanner:
    """The pass over the top of a text. Each reader gives the end of the construct at a place, or -1."""

    __slots__ = ("_date_at", "_emphases", "_findings", "_gap", "_region", "_text", "_without", "parts", "waiting")

    def __init__(self, findings: Findings, without: str = "") -> None:
        """Read the text of `findings`, all constructs but those that begin with a sign of `without`."""
        self._findings = findings
        self._without = without
        self._text = findings.text
        self._region = Region(findings.text, 0, len(findings.text))
        self._emphases = EmphasisFinder(self._region)
        self._gap = 0
        """Where the last construct ended: the start of the plain text since."""
        self.waiting: list[Emphasis] = []
        """Emphases whose inside has not been looked at."""
        self.parts: list[Part] | None = None
        """The constructs, where they are wanted."""
        self._date_at = -1

    def run(self) -> None:
        text = self._text
        end = len(text)
        signs = present(text)
        if self._without:
            signs = signs.replace(self._without, "")
        search = candidates(signs)
        readers = self._readers
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
            if char in _AT_START and found != edge and text[found - 1] not in _ALWAYS:
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
                after = readers[char](self, found)
            if after >= 0:
                plain_before = self._plain_before(start, plain_before)
                if self.parts is not None:
                    is_date = self._date_at == found
                    self.parts.append(Part(self._keyword(start, edge) if is_date else start, after, is_date))
                self._gap = edge = at = after
                continue
            at = found + 1
            if char == "\\":
                if at < end and text[at] in ESCAPABLE:
                    self._findings.show(found, at, "")
                    at = edge = found + 2
            elif char in COULD_CLOSE and not COULD_CLOSE[char](self._region, found):
                signs = signs.replace(char, "f" if char == "[" else "")
                search = candidates(signs)

    def _keyword(self, at: int, edge: int) -> int:
        """Where the keyword of the date at `at` starts, if it has one; a keyword starts like a word."""
        before = _KEYWORD.search(self._text, max(edge, at - _KEYWORD_REACH), at)
        if before and (before.start() == edge or self._text[before.start() - 1] in _ALWAYS):
            return before.start()
        return at

    def _plain_before(self, at: int, known: str | None) -> str | None:
        """The last character of plain text before `at`: line breaks, and two spaces before one, are not plain text."""
        text, gap = self._text, self._gap
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
        text = self._text
        edge = min(edge, colon)
        width = 32
        while True:
            left = max(edge, colon - width)
            start = left + len(text[left:colon].rstrip(_LETTERS))
            if start > left or left == edge:
                break
            width *= 8
        if start == colon or text[start] in "SCDscd" or (start > edge and text[start - 1] not in _ALWAYS):
            return -1
        return start

    def _url(self, at: int) -> int:
        after = opaque.url_end(self._region, at)
        if after >= 0 and self._text.startswith("id://", at) and is_id(self._text[at + 5 : after]):
            self._findings.refer([("block", self._text[at + 5 : after])], at, after)
        return after

    def _emphasis(self, at: int) -> int:
        emphasis = self._emphases.at(at)
        if emphasis is None:
            return -1
        if self._findings.marks is not None:
            show_signs(self._findings, emphasis)
            self.waiting.append(emphasis)
        elif self._text.find("[", emphasis.start, emphasis.end) >= 0:
            self.waiting.append(emphasis)
        return emphasis.end

    def _underscore(self, at: int, before: str | None) -> int:
        if before is None or before in UNDERSCORE_NEIGHBOURS:
            after = self._emphasis(at)
            if after >= 0:
                return after
        return read_script(self._findings, self._region, at)

    def _caret(self, at: int) -> int:
        after = self._emphasis(at)
        return after if after >= 0 else read_script(self._findings, self._region, at)

    def _backslash(self, at: int) -> int:
        for opener, closer in (("\\[", "\\]"), ("\\(", "\\)")):
            if self._text.startswith(opener, at):
                close = self._region.find(closer, at + 2)
                if close >= 0:
                    self._findings.show(at, at + 2, "")
                    self._findings.show(close, close + 2, "")
                    return close + 2
        match = _ENTITY.match(self._text, at)
        return match.end() if match else -1

    def _backtick(self, at: int) -> int:
        span = self._region.code(at)
        if span is None:
            return -1
        show_code(self._findings, span)
        return span.end

    def _dollar(self, at: int) -> int:
        after = self._region.math(at)
        if after >= 0:
            signs = 2 if self._text.startswith("$$", at) else 1
            self._findings.show(at, at + signs, "")
            self._findings.show(after - signs, after, "")
        return after

    def _bracket(self, at: int) -> int:
        text, region = self._text, self._region
        if text.startswith("[^", at):
            close = region.find_any(_FOOTNOTE_END, at + 2)
            if close > at + 2 and text.startswith("]", close):
                return close + 1
        after = read_reference(self._findings, region, self._emphases, at)
        if after >= 0:
            return after
        after = opaque.date_end(region, at)
        if after >= 0:
            self._date_at = at
            return after
        match = _COOKIE.match(text, at)
        if match:
            return match.end()
        return opaque.hiccup_end(region, at) if text.startswith("[:", at) else -1

    def _tag(self, at: int) -> int:
        text = self._text
        pages = self._region.find("]", at) >= 0
        simple = (SIMPLE_TAG if pages else TAG_WITHOUT_PAGES).match(text, at)
        after = simple.end() if simple else tag_end(self._region, at)
        if after == at + 1:
            return -1
        name = text[at + 1 : after]
        if simple or (name.isascii() and not any(sign in name for sign in "]\\(\x0b")):
            self._findings.references.append(Reference("tag", name, at, after))
        else:
            self._findings.references.extend(tag_references(text, at, after))
        if self._findings.marks is not None:
            whole = name.startswith("[[") and name.endswith("]]")
            self._findings.show(at, after, name[2:-2] if whole else unescaped(name))
        return after

    def _brace(self, at: int) -> int:
        macro = read_macro(self._region, at)
        if macro is None:
            return -1
        self._findings.macros.append(macro)
        self._findings.refer(embed_references(macro), macro.start, macro.end)
        return macro.end

    def _parenthesis(self, at: int) -> int:
        text = self._text
        close = self._region.find_any(_PARENTHESIS, at + 2)
        if close == at + 2 or not text.startswith("))", close):
            return -1
        block = text[at + 2 : close]
        if is_id(block):
            self._findings.refer([("block", block)], at, close + 2)
        return close + 2

    def _exclamation(self, at: int) -> int:
        return read_labelled(self._findings, self._region, self._emphases, at, at + 1)

    def _at_sign(self, at: int) -> int:
        return opaque.snippet_end(self._region, at)

    def _angle(self, at: int) -> int:
        region, findings = self._region, self._findings
        after = opaque.autolink_end(region, at)
        if after >= 0:
            target = self._text[at + 1 : after - 1]
            findings.show(at, after, target)
            block = target.removeprefix("id:").removeprefix("//")
            if target.startswith("id:") and is_id(block):
                findings.refer([("block", block)], at, after)
            return after
        after = opaque.date_end(region, at)
        if after >= 0:
            self._date_at = at
            return after
        after = opaque.html_end(region, at)
        if after >= 0:
            if findings.marks is not None:
                findings.show(at, after, _HTML_TAG.sub("", self._text[at:after]))
            return after
        return opaque.email_end(region, at)

    _readers: ClassVar[dict[str, Callable[[_Scanner, int], int]]] = {
        "\\": _backslash,
        "^": _caret,
        "*": _emphasis,
        "~": _emphasis,
        "=": _emphasis,
        "`": _backtick,
        "$": _dollar,
        "[": _bracket,
        "#": _tag,
        "(": _parenthesis,
        "{": _brace,
        "!": _exclamation,
        "@": _at_sign,
        "<": _angle,
    }
