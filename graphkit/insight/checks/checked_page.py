"""One page as the rules of `check` see it: its text at once, outline and bodies when asked for."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.facts.diagnostic_codes import CODES
from graphkit.facts.extract import page_types
from graphkit.facts.generated_blocks import generated_content, may_be_managed
from graphkit.outline.body import read_body
from graphkit.outline.header import read_header
from graphkit.outline.properties import BUILT_IN
from graphkit.outline.property_runs import simple_run_end
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from graphkit.facts.generated_blocks import GeneratedContent
    from graphkit.facts.page_facts import PageFacts
    from graphkit.facts.page_source import Reading
    from graphkit.facts.page_types import PageTypes
    from graphkit.insight.work.time_states import Targets
    from graphkit.outline.page_outline import Body, Outline, PageHeader
    from graphkit.text.source import SourceText


NAME_LISTS: Final = frozenset({"owner", "goal", "goals", "metrics", "primary", "guardrails", "strategy", "blocked-by"})
"""Properties that list names (spec: domain §1)."""

_OWN_WORDS: Final = """
    page-type type owner status start-date due end-date stop-date primary guardrails metrics strategy row result
    decision decided-on health health-note blocked-by progress goal goals estimate effort estimated time-estimate points
    unit direction baseline target guard aggregate cadence source data n segment as-of graphkit
"""
OWN_KEYS: Final = frozenset(_OWN_WORDS.split())
"""Keys of graphkit's own (spec: domain §1, §3, §7)."""

_COMMON_WORDS: Final = """
    date dates state stage team name link links test tests size project author authors created updated category priority
    note notes started ended hypothesis results sources targets
"""
KNOWN_KEYS: Final = OWN_KEYS | BUILT_IN | frozenset(_COMMON_WORDS.split())
"""Keys with a meaning of their own, those that people often use among them; others may be misspelt."""


SHOWN_TEXT: Final = lazy_pattern(r"(?i)(?:```|~~~)[ \t]*+(?:markdown|md|text|txt|org|logseq)\b")
"""A fence whose language is that of notes: what it shows looks like tasks on purpose."""


class CheckContext(Record, frozen=True, kw_only=True):
    """Everything the rules have to know of the vault."""

    targets: Targets
    reading: Reading
    logseq: bool
    """True if the vault is a Logseq graph, so that the rules about Logseq's reading hold."""


class PropertyLine(NamedTuple):
    """A line that looks like `key:: value`, whatever Logseq makes of it."""

    key: str
    """As written."""
    value: str
    """Without blanks at its ends."""
    start: int
    """Offset of the key."""
    line_start: int
    """Offset of its line."""


_PROPERTY_LINE = lazy_pattern(r"\n[ \t]*+(?:-[ \t]++)?([^\s:]++)::(?: ([^\r\n]*)|[ \t]*+(?=[\r\n]|\Z))")
_BACKTICKS = lazy_pattern("`++")
_LINE_END = lazy_pattern(r"[\r\n]|\Z")


class PageReading:
    """One page to be checked. Offsets are code points of `text`."""

    def __init__(
        self,
        facts: PageFacts,
        source: SourceText,
        scan: Callable[[str], Outline],
        context: CheckContext,
        header: PageHeader | None = None,
    ) -> None:
        """Scan: the outline of a text in the vault's dialect; called only when a rule needs it. header: of its page."""
        self.facts = facts
        self.source = source
        self.context = context
        self.text = source.text
        self._scan = scan
        self._header = header
        self._bodies: dict[int, Body] = {}
        self._code_spans: dict[int, list[Span]] = {}

    @cached_property
    def lined(self) -> str:
        r"""The text behind one `\n`: a pattern that begins with `\n` finds lines fast, at the offsets of `text`."""
        return f"\n{self.text}"

    @cached_property
    def outline(self) -> Outline:
        """The blocks of the page."""
        return self._scan(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.outline.blocks]

    @cached_property
    def _hidden_starts(self) -> list[int]:
        return [span.start for span in self.outline.hidden]

    @cached_property
    def header(self) -> PageHeader:
        """Everything the page says about itself."""
        return read_header(self.outline) if self._header is None else self._header

    @cached_property
    def run_end(self) -> int:
        """Where the plain property lines end with which the page begins, all of them the page's own; 0 without any."""
        return 0 if not self.context.logseq or "#+" in self.text else simple_run_end(self.text)

    @cached_property
    def types(self) -> PageTypes:
        """Everything the page says about its kind."""
        return page_types(self.outline, self.header, self.context.reading, journal=self.facts.journal_day is not None)

    @cached_property
    def _generated(self) -> GeneratedContent:
        return generated_content(self.outline, self.header)

    def block_at(self, offset: int) -> int:
        """Index of the block that an offset belongs to."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def starts_block(self, line_start: int) -> bool:
        """True if a block begins with this line."""
        starts = self._starts
        at = bisect_right(starts, line_start) - 1
        return at >= 0 and starts[at] == line_start and self.outline.blocks[at].kind != "pre"

    def body(self, index: int) -> Body:
        """Everything a block says; read once."""
        body = self._bodies.get(index)
        if body is None:
            body = self._bodies[index] = read_body(self.outline, index)
        return body

    def is_hidden(self, offset: int) -> bool:
        """True if an offset stands in a fence, drawer, formula, HTML or other swallowing region."""
        if offset < self.run_end:
            return False
        at = bisect_right(self._hidden_starts, offset) - 1
        return at >= 0 and offset < self.outline.hidden[at].end

    def is_code(self, offset: int) -> bool:
        """True if an offset is hidden or stands between backticks of its line."""
        return self.is_hidden(offset) or self._is_inline_code(offset)

    def _is_inline_code(self, offset: int) -> bool:
        text = self.text
        start = text.rfind("\n", 0, offset) + 1
        spans = self._code_spans.get(start)
        if spans is None:
            end = self.line_end(offset)
            spans = self._code_spans[start] = _inline_code(text, start, end)
        at = bisect_right(spans, offset, key=_start_of) - 1
        return at >= 0 and offset < spans[at].end

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, its line end not included."""
        match = _LINE_END.search(self.text, offset)
        return match.start() if match else len(self.text)

    def rest_of_line(self, offset: int, letters: int = 100) -> str:
        """The text from an offset to the end of its line, at most so many letters of it."""
        return _LINE_END.split(self.text[offset : offset + letters], maxsplit=1)[0]

    def lines(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        r"""Matches in `lined` of a pattern that begins with `\n`; a group at `i` stands at `i - 1` of the text."""
        return pattern.finditer(self.lined)

    @cached_property
    def property_lines(self) -> tuple[PropertyLine, ...]:
        """All lines that look like properties, those in code included, in order."""
        if "::" not in self.text:
            return ()
        return tuple(
            PropertyLine(match[1], (match[2] or "").strip(), match.start(1) - 1, match.start())
            for match in self.lines(_PROPERTY_LINE)
        )

    @cached_property
    def may_be_managed(self) -> bool:
        """Cheap: whether graphkit may have written a part of the page."""
        return may_be_managed(self.text)

    def is_generated(self, line: int) -> bool:
        """True if the block of a line was written by graphkit itself."""
        if not self.may_be_managed:
            return False
        generated = self._generated
        return generated.managed and self.block_at(self.source.line_starts[line - 1]) in generated

    def finding(self, code: str, offset: int, message: str, hint: str = "") -> Diagnostic:
        """A finding of a known code at an offset of the text."""
        place = self.source.position(min(offset, len(self.text)))
        return self.finding_at(code, place.line, message, hint, column=place.column)

    def finding_at(self, code: str, line: int, message: str, hint: str = "", *, column: int = 1) -> Diagnostic:
        """A finding of a known code on a line."""
        return Diagnostic(
            code=code,
            severity=CODES[code].severity,
            path=self.facts.path,
            line=line,
            column=column,
            message=message,
            hint=hint,
        )


def _inline_code(text: str, start: int, end: int) -> list[Span]:
    """What stands between equally long runs of backticks on a line."""
    if text.find("`", start, end) < 0:
        return []
    spans: list[Span] = []
    opened: re.Match[str] | None = None
    for ticks in _BACKTICKS.finditer(text, start, end):
        if opened is None:
            opened = ticks
        elif len(ticks[0]) == len(opened[0]):
            spans.append(Span(opened.start(), ticks.end()))
            opened = None
    return spans


def _start_of(span: Span) -> int:
    return span.start


def excerpt(text: str, letters: int = 40) -> str:
    """A text in one line, cut with `…` where it is longer."""
    flat = " ".join(text[: 2 * letters + 40].split())
    return flat if len(flat) <= letters else flat[: letters - 1] + "…"
