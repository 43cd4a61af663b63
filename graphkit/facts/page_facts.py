"""The facts that one page holds, as frozen values with their places. What they mean together, `insight` says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date  # noqa: TC003
from enum import StrEnum
from typing import Any, Final, Literal, NewType

from graphkit.text.diagnostics import Diagnostic  # noqa: TC001
from graphkit.text.records import Record, field, field_names, force_setattr
from graphkit.vault.names import PageName  # noqa: TC001

BlockId = NewType("BlockId", str)
"""The uuid of an `id::` property in lower case."""


class TaskStatus(StrEnum):
    """The status class of a marker (spec: domain §3)."""

    TODO = "todo"
    DOING = "doing"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


CLOSED: Final = frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})
"""What is no longer to be done."""

MARKER_STATUS: Mapping[str, TaskStatus] = {
    "TODO": TaskStatus.TODO,
    "LATER": TaskStatus.TODO,
    "DOING": TaskStatus.DOING,
    "NOW": TaskStatus.DOING,
    "IN-PROGRESS": TaskStatus.DOING,
    "STARTED": TaskStatus.DOING,
    "WAITING": TaskStatus.WAITING,
    "WAIT": TaskStatus.WAITING,
    "DONE": TaskStatus.DONE,
    "CANCELED": TaskStatus.CANCELLED,
    "CANCELLED": TaskStatus.CANCELLED,
    "[ ]": TaskStatus.TODO,
    "[/]": TaskStatus.DOING,
    "[!]": TaskStatus.WAITING,
    "[x]": TaskStatus.DONE,
    "[X]": TaskStatus.DONE,
    "[-]": TaskStatus.CANCELLED,
}
"""Markers and checkboxes by status class. spec: domain §3; `STARTED` is parsed by Logseq but not in its menus."""


class Task(Record, frozen=True, kw_only=True, array_like=True):
    """A block with a marker, and the nearest task above it on its page."""

    block: int
    """Index of the block in the page's outline."""
    stop: int
    """Index after the block's subtree."""
    line: int
    column: int
    level: int
    """Depth of the block, 1 at the top of the page."""
    parent: int | None
    """Index, in the page's `tasks`, of the nearest ancestor that is a task."""
    marker: str
    status: TaskStatus
    priority: str | None = None
    text: str = ""
    """First line without bullet, heading signs, marker and priority, trimmed; references as they are written."""
    target_page: str | None = None
    """Title X where the text is nothing but one `[[X]]`."""
    target_block: BlockId | None = None
    """The id where the text is nothing but one `((id))`."""
    id: BlockId | None = None
    scheduled: date | None = None
    deadline: date | None = None
    repeated: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)
    """Block properties as written, by normalised key (`id` and `collapsed` left out)."""
    logbook: tuple[str, ...] = ()
    """Lines of the LOGBOOK drawer, trimmed, in order."""


SectionKind = Literal[
    "goal", "hypothesis", "related", "work", "outcome", "result", "decision", "learnings", "metrics", "risks",
    "questions", "other",
]  # fmt: skip


class Section(Record, frozen=True, kw_only=True, array_like=True):
    """A heading block (or a bullet that is only a section's name) and the blocks it spans, `[first, stop)`."""

    kind: SectionKind
    title: str
    """The heading's text without link, tag and emphasis syntax and a final colon."""
    block: int
    line: int
    first: int
    """Index of the first block of the section, its heading."""
    stop: int
    """Index after the section's last block; siblings taken over by a childless heading included (spec: domain §1)."""


class GoalLink(Record, frozen=True, kw_only=True, array_like=True):
    """A goal that a page names, by `#goal [[X]]` or by `goal::`."""

    title: str
    line: int
    column: int


class Question(Record, frozen=True, kw_only=True, array_like=True):
    """An open question of an experiment page: its text, without tag and marker."""

    text: str
    line: int


LinkKind = Literal["page", "tag", "block", "embed", "embed_block", "property"]


class Link(Record, frozen=True, kw_only=True):
    """A written reference: to a page (`page`, `tag`, `embed`, or from a `property` value) or to a block id."""

    kind: LinkKind
    target: str
    """Page title as written, or block id."""
    block: int
    """Index of the block it stands in."""
    line: int


class Written(Record, frozen=True, kw_only=True, array_like=True):
    """A piece of a page's text with its place: a table's cell, a part of one, a label."""

    text: str
    """Trimmed; as a reader sees it where it is a name, else as written."""
    line: int
    column: int


class StrategyFact(Record, frozen=True, kw_only=True, array_like=True):
    """One row of a strategy table (spec: domain §1)."""

    name: Written
    description: Written | None = None
    key_metrics: tuple[Written, ...] = ()
    assumptions: tuple[Written, ...] = ()
    risks: tuple[Written, ...] = ()
    impact: Written | None = None
    """The *Expected Impact* cell as written; `impacts` reads it."""
    surplus: int = 0
    """Cells of the row beyond the header's."""


class InitiativeFact(Record, frozen=True, kw_only=True, array_like=True):
    """One `**Label:** text` under a heading that names initiatives (spec: domain §1)."""

    label: Written
    text: str


SightingKind = Literal["property", "line", "table", "csv", "baseline", "target"]
"""The four spellings of an observation, and two levels that a table of key results gives (spec: domain §7)."""


class Sighting(Record, frozen=True, kw_only=True, array_like=True):
    """A metric's value as written, before the metric or the number in it is known."""

    kind: SightingKind
    metric: str
    """A property's key as normalised, a line's linked title, for tables and files the title of the metric's page."""
    text: str
    """The value and what follows it on its line; empty behind a mere link `#metric [[X]]`."""
    path: str
    line: int
    column: int
    day: date | None = None
    """The journal's day."""
    as_of: str = ""
    """The date as written next to it, which overrides the journal's."""
    n: str = ""
    segment: str = ""
    source: str = ""
    block: int | None = None
    """Index of the block; None in a CSV."""


class Silence(Record, frozen=True, kw_only=True, array_like=True):
    """One code that a `graphkit-ignore::` line of a page silences."""

    code: str
    """The beginning of the codes, in upper case."""
    line: int
    """The line it is written on."""
    first: int = 1
    last: int | None = None
    """The lines that it covers; None: to the end of the page."""

    def covers(self, finding: Diagnostic) -> bool:
        """True if a finding of the same page is silenced by it."""
        return (
            finding.code.startswith(self.code)
            and self.first <= finding.line
            and (self.last is None or finding.line <= self.last)
        )


class TextCheck(Record, frozen=True, kw_only=True, array_like=True):
    """Everything the rules of `check` about one page alone say of its text."""

    findings: tuple[Diagnostic, ...] = ()
    refers: bool = False
    """True if it may name ids of blocks, about which only the catalog knows."""
    silences: tuple[Silence, ...] = ()


class _Facts(Record, frozen=True, kw_only=True, array_like=True):
    """The fields of `PageFacts`."""

    path: str
    """Relative to the vault, with `/`, as the file system spells it."""
    title: str
    name: PageName
    journal_day: date | None = None
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    """Names that `page-type::`, `type::` and the page's tags give, lower case, link syntax removed."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Page properties as written, by normalised key."""
    property_lines: Mapping[str, int] = field(default_factory=dict)
    """Line of each page property."""
    tasks: tuple[Task, ...] = ()
    sections: tuple[Section, ...] = ()
    goals: tuple[GoalLink, ...] = ()
    questions: tuple[Question, ...] = ()
    ids: Mapping[BlockId, int] = field(default_factory=dict)
    """Block index of each well-formed `id::`."""
    block_count: int = 0
    managed: bool = False
    """True if graphkit writes into it: a managed page, or one with a managed block."""
    strategies: tuple[StrategyFact, ...] = ()
    initiatives: tuple[InitiativeFact, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """Whatever may be an observation, or a link to a metric, in page order."""
    linked: frozenset[str] = frozenset()
    """Of a journal: titles, tags and block ids that it links, as written; empty for any other page."""
    diagnostics: tuple[Diagnostic, ...] = ()
    checked: TextCheck | None = None
    """Of an experiment, whose findings `status` counts; None for any other page."""


INSIDE: Final = ("tasks", "questions", "ids", "block_count", "linked", "property_lines", "tags")
"""Facts that can be read later; all others are known from the start."""

BIT: Final[Mapping[str, int]] = {name: 1 << number for number, name in enumerate(INSIDE)}
"""The bit of each of them in `PageFacts.pending`."""


class PageFacts(_Facts, frozen=True, kw_only=True, array_like=True, eq=False):
    """Everything the catalog keeps of one file; the text and the outline are not in it.

    The facts of `INSIDE` may be pending: they are read when the first of them is asked for, and are the same then as
    those of a page that was read as a whole. Most pages of a vault are notes that no report looks into.
    """

    pending: int = 0
    """The bits of the facts that are not read yet."""
    possible_ids: tuple[BlockId, ...] = ()
    """While `ids` is pending: every id that the page can have."""
    read: ReadInside | None = None
    """Reads what is pending."""

    @property
    def written_ids(self) -> Collection[BlockId]:
        """The ids; as long as they are pending, further ones of which it is not known whether a block has them."""
        return self.possible_ids if self.pending & BIT["ids"] else self.ids

    def fill(self, name: str) -> None:
        """Read what is pending, or the fact of this name alone."""
        found = {} if self.read is None else self.read(self, name)
        for fact, value in found.items():
            _SET[fact](self, value)
        if len(found) == 1:
            force_setattr(self, "pending", self.pending & ~BIT[name])
        else:
            force_setattr(self, "pending", 0)
            force_setattr(self, "read", None)  # it may hold the page's bytes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PageFacts):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in FACTS)

    __hash__ = None  # type: ignore[assignment]  # its mappings have none


ReadInside = Callable[[PageFacts, str], Mapping[str, Any]]
"""Gives the facts of `INSIDE` of a page: all of them, the one asked for where that is cheaper, none if it is gone."""

FACTS: Final = field_names(_Facts)
_SET: Final = {name: _Facts.__dict__[name].__set__ for name in INSIDE}


def _on_demand(name: str) -> property:
    """A fact of `INSIDE`, read before it is given where it is pending."""
    bit, get = BIT[name], _Facts.__dict__[name].__get__

    def value(page: PageFacts) -> object:
        if page.pending & bit:
            page.fill(name)
        return get(page)

    return property(value)


for _name in INSIDE:
    setattr(PageFacts, _name, _on_demand(_name))
