"""One task's marker changed as Logseq changes it: from a block and a wish to splices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.dialects import status_of
from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.logbook import Logbook
from graphkit.insight.work.repeaters import moved_stamp
from graphkit.outline.body import read_body
from graphkit.outline.markers import MARKER_ALTERNATIVES
from graphkit.outline.scanner import scan_page
from graphkit.text.edit import Splice, apply_splices
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from graphkit.insight.work.repeaters import RepeaterRule
    from graphkit.outline.page_outline import Body, Outline

Workflow = Literal["now", "todo"]
Wish = Literal["todo", "doing", "waiting", "done", "cancel"]

WISHES: Final[Mapping[Wish, TaskStatus]] = {
    "todo": TaskStatus.TODO,
    "doing": TaskStatus.DOING,
    "waiting": TaskStatus.WAITING,
    "done": TaskStatus.DONE,
    "cancel": TaskStatus.CANCELLED,
}
"""What can be asked for, and the status class that it leads to."""

STARTING: Final[Mapping[Workflow, Mapping[TaskStatus, str]]] = {
    "now": {TaskStatus.TODO: "LATER", TaskStatus.DOING: "NOW"},
    "todo": {TaskStatus.TODO: "TODO", TaskStatus.DOING: "DOING"},
}
"""The markers of the two workflows (spec: logseq-format §5.2)."""
PARTNERS: Final[Mapping[tuple[str, TaskStatus], str]] = {
    ("TODO", TaskStatus.DOING): "DOING",
    ("DOING", TaskStatus.TODO): "TODO",
    ("LATER", TaskStatus.DOING): "NOW",
    ("NOW", TaskStatus.TODO): "LATER",
}
"""A block stays in the flavour that it is written in, whatever the workflow of the graph (spec: logseq-format §5.2)."""
OTHER_MARKERS: Final[Mapping[TaskStatus, str]] = {
    TaskStatus.WAITING: "WAITING",
    TaskStatus.DONE: "DONE",
    TaskStatus.CANCELLED: "CANCELED",
}
BOXES: Final[Mapping[TaskStatus, str]] = {
    TaskStatus.TODO: "[ ]",
    TaskStatus.DOING: "[/]",
    TaskStatus.WAITING: "[!]",
    TaskStatus.DONE: "[x]",
    TaskStatus.CANCELLED: "[-]",
}
"""Checkboxes by status class (spec: domain §3)."""

_UNTICKED: Final = frozenset({"NOW", "LATER", "DOING", "IN-PROGRESS", "TODO", "WAIT", "WAITING"})
"""Markers with a checkbox that can be ticked (spec: logseq-format §5.1)."""
_AFTER_REPEAT: Final[Mapping[str, str]] = {"DOING": "TODO", "NOW": "LATER"}
_CLOCK_IN: Final = frozenset({("", "DOING"), ("", "NOW"), ("TODO", "DOING"), ("LATER", "NOW")})
_CLOCK_OUT: Final = frozenset({("DOING", "TODO"), ("NOW", "LATER"), ("DOING", "DONE"), ("NOW", "DONE")})
"""Changes of marker that start and stop a clock (spec: logseq-format §5.6); no other one touches it."""
_HASHES: Final = lazy_pattern(r"[ \t\f]*#+(?=[ \t\f\r\n]|\Z)[ \t\f]*")
_ALMOST: Final = lazy_pattern(rf"(?:{MARKER_ALTERNATIVES})(?![\w-])")
"""A marker as people write it, where Logseq reads none: before a colon, at the end of a line.

spec: logseq-format §5.1.
"""


class MarkingError(ValueError):
    """The marker of this block cannot be changed; the message is a clause about the task."""


class MarkRules(Record, frozen=True, kw_only=True):
    """How this vault marks tasks."""

    workflow: Workflow = "now"
    clocks: bool = True
    """`:feature/enable-timetracking?`: without it no LOGBOOK is written (spec: logseq-format §5.6)."""
    seconds: bool = True
    repeaters: RepeaterRule = "logseq"


class TaskMark(Record, frozen=True, kw_only=True):
    """The block whose marker is to change."""

    block: int
    """Index in the outline."""
    marker: str = ""
    """Its marker or box as written; empty where the block is not a task."""
    offset: int = 0
    """Where that stands in the page's text."""


class Marking(Record, frozen=True, kw_only=True):
    """Everything that changes on the page."""

    before: str
    after: str
    """The same as before where a repeated task is done once more, and where there is nothing to do."""
    splices: tuple[Splice, ...] = ()
    said: tuple[str, ...] = ()
    """What happens next to the marker, as clauses."""


class _Draft(Record):
    """The parts of a change while it is put together."""

    after: str
    dates: list[Splice] = field(default_factory=list)
    logbook: list[Splice] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def mark_task(outline: Outline, mark: TaskMark, wish: Wish, now: datetime, rules: MarkRules) -> Marking:
    """The change that brings one block to the marker asked for; no splices where its status is that already.

    `done` acts as a tick of the checkbox: a repeated task moves to its next date, keeps its marker and notes the
    completion; clocks start and stop as in Logseq (spec: logseq-format §5.2, §5.5, §5.6). Only lines of this block
    change.
    Raises MarkingError where the block cannot carry a marker.
    """
    status = WISHES[wish]
    if mark.marker and status_of(mark.marker) is status:
        return Marking(before=mark.marker, after=mark.marker)
    if mark.marker.startswith("["):
        box = BOXES[status]
        return Marking(
            before=mark.marker,
            after=box,
            splices=(Splice(mark.offset, mark.offset + len(mark.marker), box),),
        )
    after = PARTNERS.get((mark.marker, status)) or STARTING[rules.workflow].get(status) or OTHER_MARKERS[status]
    if outline.reader is not None:
        if not mark.marker:
            raise MarkingError("it has neither a box nor a marker")
        change = Splice(mark.offset, mark.offset + len(mark.marker), after)
        return Marking(before=mark.marker, after=after, splices=(change,))
    body = read_body(outline, mark.block)
    repeated = wish == "done" and mark.marker in _UNTICKED and _is_repeated(body)
    draft = _Draft(after=_AFTER_REPEAT.get(mark.marker, mark.marker) if repeated else after)
    if repeated:
        _move_dates(outline, body, draft, now, rules)
    if rules.clocks:
        _keep_logbook(outline, mark, draft, now, rules, repeated=repeated)
    return _checked(outline, mark, draft)


def _is_repeated(body: Body) -> bool:
    return any(stamp is not None and stamp.repeater is not None for stamp in (body.scheduled, body.deadline))


def _move_dates(outline: Outline, body: Body, draft: _Draft, now: datetime, rules: MarkRules) -> None:
    for stamp in (body.scheduled, body.deadline):
        if stamp is None or stamp.repeater is None:
            continue
        written = outline.text[slice(*stamp.span)]
        moved = moved_stamp(written, stamp, now, rules.repeaters)
        if moved is None:
            raise MarkingError(f"its date {written} cannot be moved forward")
        was, becomes = written.partition(": ")[2].strip(), moved.partition(": ")[2].strip()
        if moved != written:
            draft.dates.append(Splice(*stamp.span, moved))
            draft.said.append(f"{stamp.keyword} moved from {was} to {becomes}")
        else:
            draft.said.append(f"{stamp.keyword} stays {was}")


def _keep_logbook(
    outline: Outline, mark: TaskMark, draft: _Draft, now: datetime, rules: MarkRules, *, repeated: bool
) -> None:
    logbook = Logbook(outline, mark.block, seconds=rules.seconds)
    change = (mark.marker, draft.after)
    if repeated or change in _CLOCK_OUT:
        try:
            stopped = logbook.stop(now)
        except ValueError as error:
            raise MarkingError(str(error)) from error
        if stopped is not None:
            draft.logbook.append(stopped.splice)
            draft.said.append(f"the clock stopped after {stopped.time}")
    if repeated:
        draft.logbook.append(logbook.note(mark.marker, now))
        draft.said.append("the LOGBOOK records the completion")
    elif change in _CLOCK_IN:
        draft.logbook.append(logbook.start(now))
        draft.said.append("a clock started")


def _checked(outline: Outline, mark: TaskMark, draft: _Draft) -> Marking:
    """The change with its LOGBOOK, or without it where a drawer in this block would not be read as one."""
    for logbook in (draft.logbook, []) if draft.logbook else ([],):
        marker = _marker_splice(outline, mark, draft.after, trailing=bool(logbook))
        splices = (*marker, *draft.dates, *logbook)
        if _reads_back(outline, mark.block, splices, draft, logged=len(logbook)):
            said = tuple(draft.said)
            if draft.logbook and not logbook:
                said = (*(word for word in said if "clock" not in word and "LOGBOOK" not in word), _NO_LOGBOOK)
            return Marking(before=mark.marker, after=draft.after, splices=splices, said=said)
    raise MarkingError("Logseq would not read a marker here")


_NO_WORDS: Final = "it has no text that could be a task, or it begins with code, a table, a formula or properties"
_NO_LOGBOOK: Final = "the LOGBOOK is unchanged, because Logseq would not read it after the text of this block"


def _marker_splice(outline: Outline, mark: TaskMark, after: str, *, trailing: bool) -> tuple[Splice, ...]:
    """The marker written again, or put in: behind heading signs, before a priority (spec: logseq-format §5.2)."""
    text, block = outline.text, outline.blocks[mark.block]
    if mark.marker:
        end = mark.offset + len(mark.marker)
        # At the very end of a page a marker needs no blank; with lines below it does (spec: logseq-format §5.1).
        word = f"{after} " if trailing and end == len(text) else after
        return () if word == mark.marker else (Splice(mark.offset, end, word),)
    if block.kind == "pre":
        raise MarkingError("it is text before the first block, which cannot have a marker")
    hashes = _HASHES.match(text, block.text_start, block.end)
    at = hashes.end() if hashes else block.text_start
    title = read_body(outline, mark.block).title
    if title.start == title.end:
        raise MarkingError(_NO_WORDS)
    if almost := _ALMOST.match(text, title.start, block.end):
        raise MarkingError(
            f"it begins with {almost[0]}, which is not a marker as written: a marker comes first, then a space"
        )
    before = "" if text[at - 1 : at].isspace() or at == 0 else " "
    return (Splice(at, at, f"{before}{after} "),)


def _reads_back(outline: Outline, index: int, splices: tuple[Splice, ...], draft: _Draft, *, logged: int) -> bool:
    """True if the changed page holds the same blocks, and this one says what was meant."""
    old = outline.blocks
    text = apply_splices(outline.text, splices)
    new = scan_page(text)
    shift = len(text) - len(outline.text)
    if len(new.blocks) != len(old):
        return False
    for was, now in zip(old, new.blocks, strict=True):
        moved = shift if was.index > index else 0
        if (was.kind, was.level, was.start + moved) != (now.kind, now.level, now.start):
            return False
    before, body = read_body(outline, index), read_body(new, index)
    added = sum(1 for splice in splices[-logged:] if splice.start == splice.end) if logged else 0
    return (
        body.marker == draft.after
        and len(body.logbook) == len(before.logbook) + added
        and [prop.value for prop in body.properties] == [prop.value for prop in before.properties]
        and (body.scheduled is None) == (before.scheduled is None)
        and (body.deadline is None) == (before.deadline is None)
    )
