"""Cuts a page of an Obsidian vault, a Markdown folder or a mirror into blocks.

One pass over the lines: `_Scan` holds what is open (headings by rank, list items and quotes by column) and each line
closes what it does not belong to. Which line becomes what: docs/dialects.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.outline.markdown_dialect.item_body import PlainReader
from graphkit.outline.markdown_dialect.item_fields import FIELDS_ONLY, MIRROR_FIELD
from graphkit.outline.page_outline import Block, Outline
from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Span

if TYPE_CHECKING:
    import re

    from graphkit.outline.page_outline import BlockKind

TAB: Final = 4
"""Columns of a tab stop (CommonMark)."""
LEAST_INDENT: Final = 2
"""Columns below a bullet from which a line belongs to its item, whatever the width of the bullet."""

_EOL: Final = r"(?:\r\n|[\r\n]|\Z)"
_LINE: Final = lazy_pattern(
    r"((?:[ \t]*+(?:\r\n|[\r\n]))++)"  # 1: blank lines
    r"|([ \t]*+)(?:"  # 2: indentation
    rf"((?:-[ \t]*+){{3,}}+(?=[\r\n]|\Z)|(?:\*[ \t]*+){{3,}}+(?=[\r\n]|\Z)|(?:_[ \t]*+){{3,}}+(?=[\r\n]|\Z))"  # 3: rule
    r"|([-*+](?=[ \t\r\n]|\Z)|[0-9]{1,9}+[.)](?=[ \t\r\n]|\Z))"  # 4: bullet
    r"|(\#{1,6}+)(?=[ \t\r\n]|\Z)"  # 5: heading
    r"|(`{3,}+(?=[^`\r\n]*+(?:[\r\n]|\Z))|~{3,}+)"  # 6: code fence
    r"|(\$\$|<!--|%%|:(?i:logbook):(?=[ \t]*+[\r\n]))"  # 7: start of something that ends elsewhere
    r"|(=++)(?=[ \t]*+(?:[\r\n]|\Z))"  # 8: underline of a heading
    r"|(>)"  # 9: quote
    rf")?+[^\r\n]*+{_EOL}"
)
_QUOTE_SIGNS: Final = lazy_pattern(r"(?:[ \t]{0,3}+>)++[ \t]?+")
_IN_FENCE: Final = lazy_pattern(
    rf"(?:[ \t]*+(?:\r\n|[\r\n]))*+([ \t]*+)(?:(`{{3,}}+|~{{3,}}+)[ \t]*+(?=[\r\n]|\Z))?+[^\r\n]*+{_EOL}"
)
_FENCE_END: Final = {
    "`": lazy_pattern(rf"(?<=[\r\n])[ \t]*+(`{{3,}}+)[ \t]*+{_EOL}"),
    "~": lazy_pattern(rf"(?<=[\r\n])[ \t]*+(~{{3,}}+)[ \t]*+{_EOL}"),
}
_CLOSERS: Final = {
    "$$": lazy_pattern(r"\$\$"),
    "<!--": lazy_pattern("-->"),
    "%%": lazy_pattern("%%"),
    ":": lazy_pattern(r"(?<=[\r\n])[ \t]*+:(?i:end):(?=[ \t]*+(?:[\r\n]|\Z))"),
}
_REST: Final = lazy_pattern(rf"([^\r\n]*+){_EOL}")
_FRONT_MATTER: Final = lazy_pattern(r"\ufeff?---[ \t]*+(?:\r\n|[\r\n])")
_FRONT_MATTER_END: Final = lazy_pattern(rf"(?<=[\r\n])---[ \t]*+{_EOL}")


def scan_plain_page(text: str, *, mirror: bool = False) -> Outline:
    """The blocks of a page in document order with the tree they form; total and linear in the length of the text.

    mirror: in a Markdown mirror of Logseq 2.x, `* key:: value` is a property of the block above
    (spec: logseq-format §9.3). Spans tile the page as those of `scan_page` do. The outline carries the reader for its
    blocks.
    """
    scan = _Scan(text, mirror=mirror)
    scan.run()
    hidden = tuple(scan.hidden)
    reader = PlainReader(hidden=hidden, front_matter=scan.front_matter, unclosed=tuple(scan.unclosed), mirror=mirror)
    return Outline(text, scan.blocks(), hidden, reader=reader)


class _Open(NamedTuple):
    """A list item or quote that lines may still belong to."""

    need: int
    """Columns of indentation from which they do."""
    depth: int
    """Number of quote signs around it."""
    block: int
    """Its index."""


class _Scan:
    def __init__(self, text: str, *, mirror: bool) -> None:
        self.text = text
        self.mirror = mirror
        self.hidden: list[Span] = []
        self.unclosed: list[int] = []
        """Places of fences and front matter that nothing closes."""
        self.front_matter: Span | None = None
        self._starts: list[int] = []
        self._text_starts: list[int] = []
        self._kinds: list[BlockKind] = []
        self._columns: list[int] = []
        self._parents: list[int] = []
        self._levels: list[int] = []
        self._headings: list[tuple[int, int]] = []  # rank, index
        self._open: list[_Open] = []
        self._flowing = False
        """True if a line of text just now would go on with the paragraph above it."""
        self._lines = 0
        """Lines of the paragraph that is flowing."""
        self._depth = 0
        self._absent: set[str] = set()

    def run(self) -> None:
        text = self.text
        at = self._front_matter()
        end = len(text)
        match = _LINE.match
        while at < end:
            line = match(text, at)
            if line is None:  # pragma: no cover - the pattern matches any line
                break
            if line.start(1) >= 0:
                self._flowing = False
                self._leave_quotes(0)
                at = line.end()
                continue
            at = self._line(line, at, _columns(line[2]), 0)

    def _front_matter(self) -> int:
        text = self.text
        opening = _FRONT_MATTER.match(text)
        if opening is None:
            return 1 if text.startswith("\ufeff") else 0
        closing = _FRONT_MATTER_END.search(text, opening.end())
        if closing is None:
            self.unclosed.append(opening.end() - len(opening[0].lstrip("\ufeff")))
            return opening.end()
        self.front_matter = Span(opening.end(), closing.start())
        self.hidden.append(Span(0, closing.end()))
        self._add("pre", 0, 0, 0, -1)
        return closing.end()

    def _line(self, line: re.Match[str], at: int, column: int, depth: int) -> int:
        """Take one line whose indentation reaches `column`; where the next one starts."""
        kind = line.lastindex
        if depth < self._depth and kind != 9 and not (self._flowing and kind == 2):
            self._leave_quotes(depth)
        place = line.end(2)
        if kind == 4:
            return self._bullet(line, at, place, column, depth)
        if kind == 5 and not depth and self._heading(at, place, column, len(line[5])):
            return line.end()
        if kind == 6:
            return self._fence(line, at, place, column, depth)
        if kind == 7 and not depth:
            stop = self._construct(line, at, place, column)
            if stop:
                return stop
        elif kind == 9:
            return self._quote(at, place, column)
        elif kind in {3, 8}:
            if self._underlined(line):
                return line.end()
            if kind == 3:
                self._close(column, depth)
                self._flowing = False
                self.hidden.append(Span(at, line.end()))
                return line.end()
        self._text(at, place, column, depth)
        return line.end()

    def _add(self, kind: BlockKind, start: int, place: int, column: int, parent: int) -> int:
        index = len(self._starts)
        self._starts.append(start)
        self._text_starts.append(place)
        self._kinds.append(kind)
        self._columns.append(column)
        self._parents.append(parent)
        self._levels.append(self._levels[parent] + 1 if parent >= 0 else 1)
        return index

    def _parent(self) -> int:
        if self._open:
            return self._open[-1].block
        return self._headings[-1][1] if self._headings else -1

    def _close(self, column: int, depth: int) -> None:
        """Close the items and quotes that a line at this column does not belong to."""
        while self._open and (column < self._open[-1].need or depth < self._open[-1].depth):
            self._open.pop()

    def _leave_quotes(self, depth: int) -> None:
        while self._open and self._open[-1].depth > depth:
            self._open.pop()
        if depth < self._depth:
            self._flowing = False
            self._depth = depth

    def _bullet(self, line: re.Match[str], at: int, place: int, column: int, depth: int) -> int:
        text = self.text
        stop = line.end(4)
        if self.mirror and text[place] == "*" and MIRROR_FIELD.match(text, place):
            return self._mirror_field(line, at, column)
        sign = text[place:stop]
        if (
            self._flowing
            and self._inside_paragraph(column)
            and (text[stop : stop + 1] in {"", "\r", "\n"} or not (sign in {"-", "*", "+"} or sign[:-1] == "1"))
        ):
            # What CommonMark does not let interrupt a paragraph: an empty item, a number other than 1.
            return line.end()
        self._close(column, depth)
        content = stop + 1 if text[stop : stop + 1] in {" ", "\t"} else stop
        index = self._add("bullet", at, content, column, self._parent())
        self._open.append(_Open(column + LEAST_INDENT, depth, index))
        self._flowing = True
        return line.end()

    def _inside_paragraph(self, column: int) -> bool:
        last = len(self._starts) - 1
        return self._kinds[last] == "paragraph" or (
            bool(self._open) and self._open[-1].block == last and column >= self._open[-1].need
        )

    def _mirror_field(self, line: re.Match[str], at: int, column: int) -> int:
        """A property of the block above, with the values written below it where its own line has none."""
        if not self._starts:
            self._add("pre", at, line.end(2), 0, -1)
        self._flowing = False
        stop = line.end()
        if not line[0].rstrip().endswith("::"):
            return stop
        while (below := _LINE.match(self.text, stop)) and below.end() > stop:
            if below.start(1) >= 0 or _columns(below[2]) <= column:
                break
            stop = below.end()
        return stop

    def _heading(self, at: int, place: int, column: int, rank: int) -> bool:
        if self._flowing and column >= TAB:
            return False
        self._close(column, 0)
        if column and (self._open or column >= TAB):
            return False
        self._begin_heading(rank, at, place)
        return True

    def _begin_heading(self, rank: int, at: int, place: int) -> None:
        self._open.clear()
        while self._headings and self._headings[-1][0] >= rank:
            self._headings.pop()
        index = self._add("heading", at, place, 0, self._parent())
        self._headings.append((rank, index))
        self._flowing = False

    def _underlined(self, line: re.Match[str]) -> bool:
        """True if this line makes the one above it a heading; only a paragraph of one line becomes one."""
        sign = self.text[line.end(2)]
        if not (self._flowing and self._lines == 1 and self._kinds[-1] == "paragraph" and sign in "=-"):
            return False
        if self._depth or (sign == "-" and " " in line[3].strip()):
            return False
        at, place = self._starts.pop(), self._text_starts.pop()
        for column in (self._kinds, self._columns, self._parents, self._levels):
            column.pop()
        self._begin_heading(1 if sign == "=" else 2, at, place)
        return True

    def _fence(self, line: re.Match[str], at: int, place: int, column: int, depth: int) -> int:
        text = self.text
        self._close(column, depth)
        if not self._starts:
            self._add("paragraph", at, place, column, -1)
        self._flowing = False
        sign, length = line[6][0], len(line[6])
        if depth:
            stop = self._quoted_fence(line.end(), sign, length)
        elif self._open:
            stop = self._fence_in_item(line.end(), sign, length, self._open[-1].need)
        else:
            for closer in _FENCE_END[sign].finditer(text, line.end()):
                if len(closer[1]) >= length:
                    stop = closer.end()
                    break
            else:
                stop = len(text)
                self.unclosed.append(place)
        self.hidden.append(Span(place, stop))
        return stop

    def _fence_in_item(self, at: int, sign: str, length: int, need: int) -> int:
        """Where a fence inside a list item ends: at its closing fence, or before a line that leaves the item."""
        text, end = self.text, len(self.text)
        while at < end and (line := _IN_FENCE.match(text, at)):
            stop = line.end(1)
            if stop < end and text[stop] not in "\r\n" and _columns(line[1]) < need:
                return line.start(1)
            at = line.end()
            if line[2] and line[2][0] == sign and len(line[2]) >= length:
                break
        return at

    def _quoted_fence(self, at: int, sign: str, length: int) -> int:
        text = self.text
        while signs := _QUOTE_SIGNS.match(text, at):
            line = _IN_FENCE.match(text, signs.end())
            rest = _REST.match(text, signs.end())
            at = rest.end() if rest else len(text)
            if line and line.end() == at and line[2] and line[2][0] == sign and len(line[2]) >= length:
                break
        return at

    def _construct(self, line: re.Match[str], at: int, place: int, column: int) -> int:
        """The end of a comment, formula or logbook of several lines; 0 where it closes on its line or never."""
        text = self.text
        opening = ":" if text[place] == ":" else line[7]
        if opening in self._absent:
            return 0
        closer = _CLOSERS[opening].search(text, line.end(7))
        if closer is None:
            self._absent.add(opening)
            return 0
        rest = _REST.match(text, closer.end())
        stop = rest.end() if rest else len(text)
        if closer.start() < line.end() and (opening == "$$" or (rest and rest[1].strip())):
            return 0
        if not self._starts:
            self._add("paragraph", at, place, column, -1)
        elif not self._flowing:
            self._close(column, 0)
        if opening in {"$$", "<!--"}:
            self._flowing = False
        self.hidden.append(Span(place, stop))
        return stop

    def _quote(self, at: int, place: int, column: int) -> int:
        text = self.text
        signs = _QUOTE_SIGNS.match(text, place)
        inside = signs.end() if signs else place + 1
        depth = text.count(">", place, inside)
        if depth > self._depth:
            self._close(column, self._depth)
            self._flowing = False
            self._depth = depth
        line = _LINE.match(text, inside)
        rest = _REST.match(text, inside)
        stop = rest.end() if rest else len(text)
        if line is None or line.start(1) >= 0 or inside == len(text):
            self._flowing = False
            return stop
        indent = column + inside - place + _columns(line[2])
        if line.lastindex in {4, 6}:
            return self._line(line, at, indent, depth)
        if depth < self._depth and not self._flowing:
            self._leave_quotes(depth)
        self._text(at, inside, indent, depth)
        if self._kinds[-1] == "paragraph" and (not self._open or self._open[-1].block != len(self._starts) - 1):
            self._open.append(_Open(column + 1, depth, len(self._starts) - 1))
        return stop

    def _text(self, at: int, place: int, column: int, depth: int) -> None:
        if self._flowing:
            self._lines += 1
            return
        self._close(column, depth)
        last = len(self._starts) - 1
        if not (self._open and self._open[-1].block == last):
            self._add("paragraph", at, place, column, self._parent())
        self._flowing = True
        self._lines = 1

    def blocks(self) -> tuple[Block, ...]:
        """The blocks found, with the ends of their subtrees."""
        text, starts = self.text, self._starts
        end = len(text)
        if not end:
            return ()
        if not starts:
            self._add("pre", 0, 0, 0, -1)
        first_end = starts[1] if len(starts) > 1 else end
        fields = FIELDS_ONLY.match(text, self._text_starts[0], first_end)
        if self._kinds[0] == "paragraph" and fields and (self.mirror or fields.end() == first_end):
            self._kinds[0] = "pre"
        starts[0] = 0
        count = len(starts)
        stops = list(range(1, count + 1))
        parents = self._parents
        for index in range(count - 1, 0, -1):
            parent = parents[index]
            if parent >= 0 and stops[parent] < stops[index]:
                stops[parent] = stops[index]
        ends = [*starts[1:], end]
        raws = [column + 1 for column in self._columns]
        return tuple(
            map(Block, range(count), starts, ends, self._kinds, raws, self._text_starts, self._levels, parents, stops)
        )


def _columns(indent: str) -> int:
    return len(indent.expandtabs(TAB)) if "\t" in indent else len(indent)
