"""Where the rest of a note is prose, which may change without any fact's changing. Imports next to nothing.

Most edits add to the end of a note or a journal. Whether one is of no consequence can be seen from the bytes, without
the modules that read a page; where it cannot, the page is read, so the rules here are coarse and few.
"""

from __future__ import annotations

from graphkit.text.digests import blake2b

NOTE = 1
JOURNAL = 2
BOXES = 4
"""To be added to one of the two where checkboxes are tasks."""
NO_TASKS = 8
"""To be added where tasks do not count: what has the same mark may have others, or none."""

UNMARKED = bytes(9)
"""The mark of a page that has to be read whatever changes in it."""
NO_MARKS = UNMARKED + UNMARKED
"""Both of it."""

MOST_BYTES = 1_000_000
"""A longer page is always read."""

_DIGEST_SIZE = len(UNMARKED) - 1

_MARKERS = (b"DO", b"NOW", b"TE", b"WAIT", b"CANCEL", b"PROGRESS")
"""A part of each of `outline.markers.MARKERS`."""

_BOXES = (b"[ ]", b"[x]", b"[X]", b"[/]", b"[!]", b"[-]")

_SIGNS = (b"::", b"|", b"```", b"~~~", b"$$", b"\\", b"#+")
"""What properties, tables and all that can hide a bullet begin or end with."""
_STAMPS = (b"<",)
"""Of the days of tasks, as there is no other `<` where a mark is given."""

_WORDS = (b"graphkit:", b":end:", b":properties:")
_TAGS = (b"goal", b"metric", b"question")
"""In lower case; what is written in another one counts as well. Tags only where there is a `#` at all."""

_LINKS = (b"[[", b"#", b"((")
"""What a journal links is a fact, too."""

_PRINTED = bytes(byte for byte in range(256) if byte in b"\t\n" or (byte >= 32 and byte != 127))


def marks_of(data: bytes, kind: int) -> bytes:
    """Both marks of a note, the second with NO_TASKS. kind: NOTE or JOURNAL, and BOXES."""
    task = _last_task(data, kind)
    told = _telling_part(data, kind, task)
    other = kind & ~BOXES | NO_TASKS
    beside = told if task < 0 and b"<" not in data else _telling_part(data, other, -1)
    return _mark(told, kind) + _mark(beside, other)


def mark_of(data: bytes, kind: int) -> bytes:
    """What a note has in common with the same note after edits of no consequence; UNMARKED where that is not known.

    Texts with the same mark give the same facts of a page, but for the number of its blocks, if it is none of an
    experiment, goal, metric or strategy and has no generated content; with NO_TASKS but for its tasks and questions.
    kind: NOTE or JOURNAL, and BOXES, or NO_TASKS.
    """
    return _mark(_telling_part(data, kind, _last_task(data, kind)), kind)


def _mark(told: bytes | None, kind: int) -> bytes:
    return UNMARKED if told is None else bytes((kind,)) + blake2b(told, digest_size=_DIGEST_SIZE).digest()


def same_mark(mark: bytes, data: bytes) -> bool:
    """Whether these bytes have the mark of a page, so that nothing in them is of consequence."""
    return mark != UNMARKED and mark_of(data, mark[0]) == mark


def is_the_same(marks: bytes, data: bytes) -> bool:
    """Whether these bytes have the first of a page's marks."""
    return same_mark(marks[: len(UNMARKED)], data)


def is_the_same_beside_tasks(marks: bytes, data: bytes) -> bool:
    """Whether they have the second one."""
    return same_mark(marks[len(UNMARKED) :], data)


def _last_task(data: bytes, kind: int) -> int:
    """Where what may be the last marker of a task stands; -1: nowhere."""
    return -1 if kind & NO_TASKS else max(map(data.rfind, _MARKERS + _BOXES if kind & BOXES else _MARKERS))


def _telling_part(data: bytes, kind: int, task: int) -> bytes | None:
    """The bytes of a note before a bullet that has nothing but prose from there on; None where that cannot be told.

    A bullet ends the block before it, and one at the margin the subtree of every task, as the end of the page does.
    """
    if (
        len(data) > MOST_BYTES
        or data.startswith(b"---")
        or b"[:" in data
        or (b"<" in data and data.count(b"<") != data.count(b"<20"))
    ):
        return None  # front matter, hiccup and HTML end with signs that prose has; time stamps do not
    last = task
    for sign in (_LINKS if kind & JOURNAL else ()) + _SIGNS + (() if kind & NO_TASKS else _STAMPS):
        last = max(last, data.rfind(sign, last + 1))
    lower = data[last + 1 :].lower()
    last += 1 + max(map(lower.rfind, _WORDS + _TAGS if b"#" in data else _WORDS))
    start = _bullet(data, last, anywhere=task < 0)
    rest = data[start:]
    told = data[:start].rstrip(b"\n")
    if (
        rest.translate(None, _PRINTED)
        # A marker counts at the end of the page, but not at the end of a line (spec: logseq-format §5.1).
        or (not rest and task > data.rfind(b"\n"))
        # Of CR LF the one without the other is no end of a line to a property (spec: logseq-format §11.1).
        or told.endswith(b"\r")
        # A file of white space is no page (spec: logseq-format §1.2).
        or not data.decode("utf-8", "surrogateescape").strip()
    ):
        return None
    return told


def _bullet(data: bytes, last: int, *, anywhere: bool) -> int:
    """Where the first line with a bullet begins, at the margin or `anywhere`, behind the line of `last`; or the end."""
    at = -1 if last < 0 else data.find(b"\n", last)
    while at >= 0 or last < 0:
        last = 0
        dash = at = at + 1
        while anywhere and data[dash : dash + 1] in {b"\t", b" "}:
            dash += 1
        if data.startswith(b"- ", dash):
            return at
        at = data.find(b"\n", at)
    return len(data)
