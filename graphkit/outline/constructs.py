"""Where a construct that starts at a place in a page ends: fences, drawers, quotes, lists ….

One reader serves the structural scan and the reading of a block's body, so that both see the same text as
swallowed. Longer than other modules because it is one table of constructs in their order of precedence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from graphkit.outline.html_tags import KNOWN_TAGS, TAG_NAME, match_tags
from graphkit.outline.lists import list_end, match_definitions
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Match, Pattern

Kind = Literal[
    "properties",
    "directive",
    "table",
    "latex",
    "rule",
    "fence",
    "org",
    "quote",
    "math",
    "html",
    "hiccup",
    "drawer",
    "list",
    "footnote",
    "comment",
    "definitions",
]

SPACE: Final = r"[ \t\f\x1a]"
"""White space inside a line as Logseq's parser has it; neither NBSP nor VT belong to it."""
_WS: Final = SPACE + "*+"
_EOL: Final = r"(?:\r\n|[\r\n]|\Z)"

SWALLOWING: Final = frozenset({"fence", "org", "math", "latex", "html", "drawer", "definitions"})
"""Kinds whose inside hides bullets and headings (spec: logseq-format §3.4)."""


_AFTER_DEFINITIONS: Final = frozenset({"rule", "comment"})
"""Kinds whose line is the term of a definition list where a meaning follows."""


class Region(NamedTuple):
    """A construct of a page: what it is and where its text ends."""

    kind: Kind
    start: int
    end: int


PROPERTY_LINE: Final = lazy_pattern(rf"{_WS}([^ \t\f\x1a\r\n:]++)::(?: ([^\r\n]*+)|{_WS})(?=\r?\n|\Z)")
"""One `key:: value` line without its line end (spec: logseq-format §4.1)."""
DIRECTIVE_LINE: Final = lazy_pattern(rf"{_WS}#\+(?!(?i:begin_))([^:\r\n]++):([^\r\n]*)")
"""One `#+KEY: value` line without its line end (spec: logseq-format §3.5)."""
ORG_PROPERTY_LINE: Final = lazy_pattern(rf"[\r\n]*+{_WS}#\+([^ \t\f\x1a:\r\n]++):([^\r\n]*)")
"""The same in a run of properties, where it is one of them (spec: logseq-format §3.5)."""
PROPERTIES_DRAWER: Final = lazy_pattern(
    rf"{_WS}:(?i:properties):{_WS}(?:\r\n|\n)((?:{_WS}:(?!(?i:end):)[^:\r\n]++:[^\r\n]*+(?:\r\n|\n))*+)"
    rf"{_WS}:(?i:end):"
)
_KEY_RUN: Final = lazy_pattern(r"[^ \t\f\x1a\r\n:]*+")
_PROPERTIES_OPEN: Final = lazy_pattern(rf"{_WS}:(?i:properties):")
_PROPERTIES_END: Final = lazy_pattern(rf"\n{_WS}:(?i:end):")
_FIRST: Final = lazy_pattern(rf"{_WS}([^\r\n])")
_EOL_AT: Final = lazy_pattern(r"\r\n|[\r\n]")
_DRAWER_OPEN: Final = lazy_pattern(rf"{_WS}:([^\s:]++):(?:\r\n|\n)")
_DRAWER_END: Final = lazy_pattern(rf"\n{_WS}:(?i:end):{_WS}{_EOL}")
_FENCE_OPEN: Final = lazy_pattern(rf"{_WS}(?:```|~~~)[^\r\n]*+(?=\r?\n)")
_FENCE_END: Final = lazy_pattern(rf"\n{_WS}(?:```|~~~)[^\r\n]*+{_EOL}")
_ORG_OPEN: Final = lazy_pattern(rf"{_WS}#\+(?i:begin_)([^\s]++)[^\r\n]*+(?=\r?\n)")
_ORG_END: Final = lazy_pattern(rf"\n{_WS}#\+(?i:end_)([^\r\n]*+)")
_LATEX_OPEN: Final = lazy_pattern(rf"{_WS}\\(?i:begin)\{{([^}}]++)\}}")
_RULE: Final = lazy_pattern(rf"{_WS}(?:-{{3,}}+|\*{{3,}}+|_{{3,}}+){_WS}{_EOL}")
_TABLE_ROW: Final = lazy_pattern(rf"{_WS}\|(?:[-+|: ]*+(?=[\r\n])|[^\r\n]*\|{_WS}){_EOL}")
_COMMENT: Final = lazy_pattern(rf"{_WS}\[//\]: #{_WS}[^\r\n]++")
_QUOTE_STOP: Final = r"(?:[-#](?:[ \r\n]|\Z)|(?i:id):: )"
_QUOTED: Final = rf"(?:>{_WS}(?!{_QUOTE_STOP}|\Z)|(?!{_QUOTE_STOP})(?=[^ \t\f\x1a\r\n>]))[^\r\n]*+{_EOL}"
_QUOTE_LINE: Final = lazy_pattern(rf"{_WS}>{_WS}{_QUOTED}")
_QUOTE_MORE: Final = lazy_pattern(rf"{_WS}{_QUOTED}")
_MATH_OPEN: Final = lazy_pattern(rf"{_WS}\$\$")
_MATH_END: Final = lazy_pattern(r"\$\$(?:\r\n|[\r\n])?")
_FOOTNOTE: Final = lazy_pattern(rf"{_WS}\[\^[^\]\s]++\]:{_WS}(?![-#\[*])(?:[^\r\n]{{2,}}+|[^\x00-\x7f]){_EOL}")
_FOOTNOTE_MORE: Final = lazy_pattern(rf"{_WS}(?![-#\[*])(?:[^\r\n]{{2,}}+|[^\x00-\x7f\r\n]){_EOL}")
_HTML_LEAST: Final = 10
"""Logseq's parser sees HTML only where at least so many bytes follow (observed)."""
_HTML_OPEN: Final = lazy_pattern(rf"<(?:({TAG_NAME})(?=[ \t>])|(!--|\?|!\[CDATA\[|!(?!>)))")
_HTML_CLOSERS: Final = {
    "!--": lazy_pattern("-->"),
    "?": lazy_pattern(r"\?>"),
    "![CDATA[": lazy_pattern(r"\]\]"),
    "!": lazy_pattern(">"),
}
_SHORT_COMMENT: Final = lazy_pattern(rf"<!--\n(?:[^\n]*\n)?-->{_EOL}")
_SELF_CLOSED: Final = lazy_pattern("/>")
_LINE_ENDS: Final = lazy_pattern(r"[\r\n]+")
_HICCUP_OPEN: Final = lazy_pattern(rf"{_WS}(\[:)({TAG_NAME})(?=[ \t\]#.])")
_HICCUP_TOKEN: Final = lazy_pattern(r"""\[:|\]|\\.|"(?:[^"\\]++|\\.)*+"|\"""", re.DOTALL)


class Regions:
    """Reads constructs of one text; remembers which closers do not follow, so that a whole page stays linear."""

    __slots__ = ("_hiccup_budget", "_html", "_keyless", "_none", "_org", "_org_cache", "end", "kinds", "text")

    def __init__(self, text: str, end: int | None = None, kinds: frozenset[Kind] | None = None) -> None:
        """Read up to `end`, only constructs of `kinds` (all when None)."""
        self.text = text
        self.kinds = kinds
        self.end = len(text) if end is None else end
        self._none: set[str] = set()
        self._org: tuple[list[str], list[Match[str]]] | None = None
        self._org_cache: dict[str, list[Match[str]]] = {}
        # Unclosed hiccup is searched to the end of the page each time; a page full of it is given up as plain text.
        self._hiccup_budget = 8 * self.end + 100_000
        self._html: dict[int, int] | None = None
        # A run of characters behind a construct in which no property begins: `$$a$$$$b$$…` is asked at each construct.
        self._keyless = 0, 0

    def read(self, at: int, *, title: bool = False) -> Region | None:
        """The construct that starts at `at`, the start of a line, of a title or the place after another construct.

        In a title there are no lists, comments, definitions and no hiccup (spec: logseq-format §11.1).
        """
        text = self.text
        first = _FIRST.match(text, at, self.end)
        if first is None:
            return None
        char = first[1]
        if self.kinds is not None:
            reader = self.READERS.get(char)
            region = reader(self, at, title) if reader else None
            return region if region and region.kind in self.kinds else None
        first_of_run, after_run = self._keyless
        if (
            not first_of_run <= at < after_run
            and PROPERTY_LINE.match(text, at, self.end)
            and not (char == "#" and DIRECTIVE_LINE.match(text, at, self.end))
        ):
            return Region("properties", at, self._properties(at))
        reader = self.READERS.get(char)
        region = reader(self, at, title) if reader else None
        if region is None or region.kind in _AFTER_DEFINITIONS:
            definitions = None if title else match_definitions(text, at, self.end)
            return Region("definitions", at, definitions.end()) if definitions else region
        if text[region.end - 1] not in "\r\n":
            self._note_keyless(region.end)
        return region

    def _note_keyless(self, at: int) -> None:
        """Remember how far no property begins, where a construct ends inside a line."""
        first_of_run, after_run = self._keyless
        if not first_of_run <= at < after_run and not PROPERTY_LINE.match(self.text, at, self.end):
            run = _KEY_RUN.match(self.text, at, self.end)
            self._keyless = at, run.end() if run else at

    def _past_line_ends(self, at: int) -> int:
        lines = _LINE_ENDS.match(self.text, at, self.end)
        return lines.end() if lines else at

    def _ahead(self, name: str, closer: Pattern[str], at: int) -> Match[str] | None:
        if name in self._none:
            return None
        found = closer.search(self.text, at, self.end)
        if found is None:
            self._none.add(name)
        return found

    def _properties(self, at: int) -> int:
        """The end of a run of property lines, `#+key:` lines and properties drawers (spec: logseq-format §4.1)."""
        text, end = self.text, self.end
        while True:
            match = PROPERTY_LINE.match(text, at, end)
            if match is None:
                match = ORG_PROPERTY_LINE.match(text, at, end) or self._properties_drawer(at)
                if match is None:
                    return at
                at = self._past_line_ends(match.end())
            else:
                eol = _EOL_AT.match(text, match.end(), end)
                at = eol.end() if eol else match.end()

    def _properties_drawer(self, at: int) -> Match[str] | None:
        # Looking for an end first keeps a page full of openings linear.
        if not _PROPERTIES_OPEN.match(self.text, at, self.end) or not self._ahead("properties", _PROPERTIES_END, at):
            return None
        return PROPERTIES_DRAWER.match(self.text, at, self.end)

    def _colon(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001 - one signature for all readers
        if self._properties_drawer(at):
            return Region("properties", at, self._properties(at))
        opener = _DRAWER_OPEN.match(self.text, at, self.end)
        if opener is None:
            return None
        closer = self._ahead("drawer", _DRAWER_END, opener.end() - 1)
        return closer and Region("drawer", at, closer.end())

    def _hash(self, at: int, title: bool) -> Region | None:  # noqa: FBT001
        text, end = self.text, self.end
        directive = DIRECTIVE_LINE.match(text, at, end)
        if directive and not (title and " " in directive[1]):
            return Region("directive", at, self._past_line_ends(directive.end()))
        if ORG_PROPERTY_LINE.match(text, at, end):
            return Region("properties", at, self._properties(at))
        opener = _ORG_OPEN.match(text, at, end)
        if opener is None:
            return None
        closer = self._org_end(opener[1].lower(), opener.end())
        return closer and Region("org", at, self._past_line_ends(closer.end()))

    def _org_end(self, name: str, at: int) -> Match[str] | None:
        """The first `#+END_` line at or after `at` whose name begins with this one."""
        if self._org is None:
            lines = sorted((m[1].lower(), m.start(), m) for m in _ORG_END.finditer(self.text, at, self.end))
            self._org = [line[0] for line in lines], [line[2] for line in lines]
        names, found = self._org
        known = self._org_cache.get(name)
        if known is None:
            low = bisect_left(names, name)
            high = bisect_left(names, name + "\U0010ffff")
            known = self._org_cache[name] = sorted(found[low:high], key=_start_of)
        index = bisect_left(known, at, key=_start_of)
        return known[index] if index < len(known) else None

    def _pipe(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001
        text, end = self.text, self.end
        stop = at
        while row := _TABLE_ROW.match(text, stop, end):
            stop = row.end()
            if stop == end:
                break
        return Region("table", at, stop) if stop > at else None

    def _backslash(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001
        opener = _LATEX_OPEN.match(self.text, at, self.end)
        if opener is None:
            return None
        name = opener[1]
        closer = self._ahead(
            "\\" + name.lower(), re.compile(r"\\end\{" + re.escape(name) + r"\}", re.IGNORECASE), opener.end()
        )
        return Region("latex", at, closer.end() if closer else self.end)

    def _fence(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001
        opener = _FENCE_OPEN.match(self.text, at, self.end)
        if opener is None:
            return None
        closer = self._ahead("fence", _FENCE_END, opener.end())
        return closer and Region("fence", at, self._past_line_ends(closer.end()))

    def _rule(self, at: int, title: bool) -> Region | None:  # noqa: FBT001
        rule = _RULE.match(self.text, at, self.end)
        if rule:
            return Region("rule", at, rule.end())
        return self._list(at, title)

    def _list(self, at: int, title: bool) -> Region | None:  # noqa: FBT001
        if title:
            return None
        stop = list_end(self.text, at, self.end)
        return Region("list", at, stop) if stop >= 0 else None

    def _quote(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001
        text, end = self.text, self.end
        line = _QUOTE_LINE.match(text, at, end)
        if line is None:
            return None
        stop = line.end()
        while stop < end and text[stop - 1] != "\r" and (more := _QUOTE_MORE.match(text, stop, end)):
            stop = more.end()
        return Region("quote", at, self._past_line_ends(stop))

    def _math(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001
        opener = _MATH_OPEN.match(self.text, at, self.end)
        if opener is None:
            return None
        closer = self._ahead("math", _MATH_END, opener.end())
        return closer and Region("math", at, self._past_line_ends(closer.end()))

    def _angle(self, at: int, _title: bool) -> Region | None:  # noqa: FBT001
        text, end = self.text, self.end
        at_sign = text.index("<", at)
        if end - at_sign < _HTML_LEAST and len(text[at_sign:end].encode("utf-8", "surrogatepass")) < _HTML_LEAST:
            short = _SHORT_COMMENT.match(text, at_sign, end)
            return short and Region("html", at, short.end())
        stop = self._html_end(at_sign)
        if stop < 0:
            return None
        return Region("html", at, self._past_line_ends(stop))

    def _html_end(self, at: int) -> int:
        text, end = self.text, self.end
        opener = _HTML_OPEN.match(text, at, end)
        if opener is None:
            return -1
        if opener[1]:
            if opener[1].lower() not in KNOWN_TAGS:
                return -1
            if self._html is None:
                self._html = match_tags(text, at, end)
            stop = self._html.get(at)
            if stop is not None:
                return stop
            found = self._ahead("/>", _SELF_CLOSED, opener.end(1))
        else:
            name = opener[2]
            found = self._ahead(name, _HTML_CLOSERS[name], opener.end())
        return found.end() if found else -1

    def _bracket(self, at: int, title: bool) -> Region | None:  # noqa: FBT001
        text, end = self.text, self.end
        if not title and (comment := _COMMENT.match(text, at, end)):
            return Region("comment", at, comment.end())
        note = _FOOTNOTE.match(text, at, end)
        if note:
            stop = note.end()
            while stop < end and (more := _FOOTNOTE_MORE.match(text, stop, end)):
                stop = more.end()
            return Region("footnote", at, self._past_line_ends(stop))
        opener = _HICCUP_OPEN.match(text, at, end)
        if title or opener is None or opener[2].lower() not in KNOWN_TAGS:
            return None  # in a title hiccup is inline text
        depth = 0
        if self._hiccup_budget < 0:
            return None
        for token in _HICCUP_TOKEN.finditer(text, opener.start(1), end):
            if token[0] == "[:":
                depth += 1
            elif token[0] == "]":
                depth -= 1
                if not depth:
                    return Region("hiccup", at, self._past_line_ends(token.end()))
            elif token[0] == '"':
                break
        self._hiccup_budget -= end - at
        return None

    READERS: ClassVar[dict[str, Callable[[Regions, int, bool], Region | None]]] = {
        ":": _colon,
        "#": _hash,
        "|": _pipe,
        "\\": _backslash,
        "`": _fence,
        "~": _fence,
        "-": _rule,
        "_": _rule,
        "*": _rule,
        "+": _list,
        **dict.fromkeys("0123456789", _list),
        ">": _quote,
        "$": _math,
        "<": _angle,
        "[": _bracket,
    }


OPENERS: Final = frozenset(Regions.READERS)
"""First characters of constructs other than runs of properties."""


def _start_of(match: Match[str]) -> int:
    return match.start()
