"""The text that Logseq would leave a page with for good, and what of the page would be lost then."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.properties import JS_SPACE
from graphkit.outline.saving.serialiser import TAB, block_identity, saved_text
from graphkit.outline.scanner import scan_page
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphkit.outline.page_outline import Body, Outline

_ROUNDS: Final = 6
"""Saves after which a page counts as one that never comes to rest; real pages need one, few of them two."""
_SHOWN: Final = 60


class Loss(Record, frozen=True, kw_only=True):
    """Something of a page that its saved form does not hold any more."""

    offset: int
    """Place in the page's own text."""
    what: str
    """A clause to stand behind the place: `the block “…” would lose its id`."""


class SavedForm(Record, frozen=True, kw_only=True):
    """A page as Logseq would save it, once it has read and saved it often enough that nothing changes any more."""

    text: str
    losses: tuple[Loss, ...] = ()
    """In page order; the first difference only where the outline itself comes out another."""


def saved_form(outline: Outline, *, unit: str = TAB, taken: Collection[str] = ()) -> SavedForm:
    """The fixed point of saving and reading a page (spec: logseq-format §3.7), and what is lost in it.

    The first save of a few pages is no fixed point: a first block that begins with a blank line and a property loses
    its bullet with the second one only. Arguments as those of `saved_text`.
    """
    before = outline.text
    last = outline
    for _ in range(_ROUNDS):
        text = saved_text(last, unit=unit, taken=taken)
        if text == before:
            break
        before, last = text, scan_page(text)
    else:
        return SavedForm(
            text=before,
            losses=(Loss(offset=0, what="Logseq would change the page again with every save"),),
        )
    return SavedForm(text=before, losses=() if last is outline else tuple(_losses(outline, last)))


def _losses(before: Outline, after: Outline) -> list[Loss]:
    losses: list[Loss] = []
    for old, new in zip_longest(_kept_blocks(before), _kept_blocks(after)):
        if old is None:
            losses.append(Loss(offset=len(before.text), what="text of the last block would become a separate block"))
            break
        place = before.blocks[old].text_start
        if new is None:
            losses.append(Loss(offset=place, what=f"the block {_named(before, old)} would become part of another one"))
            break
        if before.blocks[old].level != after.blocks[new].level:
            losses.append(Loss(offset=place, what=f"the block {_named(before, old)} would move to another level"))
            break
        was, now = read_body(before, old), read_body(after, new)
        if block_identity(was) and not block_identity(now):
            losses.append(
                Loss(
                    offset=place,
                    what=f"the block {_named(before, old)} would lose its id, which another block already has",
                )
            )
            continue
        folded = was.collapsed or now.collapsed
        words, kept = _words(before, old, folded=folded), _words(after, new, folded=folded)
        if words != kept:
            losses.append(Loss(offset=place, what=_difference(_named(before, old), words, kept)))
        elif said := _meaning_lost(was, now):
            losses.append(Loss(offset=place, what=f"the block {_named(before, old)} would lose its {said}"))
    return losses


def _kept_blocks(outline: Outline) -> list[int]:
    """Blocks that count: not white space before the first one, which no save keeps."""
    blocks = outline.blocks
    skip = bool(blocks) and blocks[0].kind == "pre" and not content(outline, 0).strip(JS_SPACE)
    return list(range(1 if skip and len(blocks) > 1 else 0, len(blocks)))


def _words(outline: Outline, index: int, *, folded: bool) -> list[str]:
    """A block's lines as a person would miss them: white space at the ends of the block and of lines is not one."""
    lines = content(outline, index).strip(JS_SPACE).split("\n")
    return [line.rstrip(JS_SPACE) for line in lines if not (folded and line.lstrip().lower().startswith("collapsed::"))]


def _difference(name: str, before: list[str], after: list[str]) -> str:
    if [line.lstrip(JS_SPACE) for line in before] == [line.lstrip(JS_SPACE) for line in after]:
        return f"lines of the block {name} would lose their indentation"
    missing = next((line for line in before if line not in after), "")
    return f"the block {name} would lose or change the line “{_short(missing)}”"


def _meaning_lost(before: Body, after: Body) -> str:
    """What a block with the same words would no longer be."""
    if before.marker and before.marker != after.marker:
        return f"marker {before.marker}"
    if before.priority and before.priority != after.priority:
        return "priority"
    if before.heading and not after.heading:
        return "heading"
    for keyword, was, now in (
        ("SCHEDULED", before.scheduled, after.scheduled),
        ("DEADLINE", before.deadline, after.deadline),
    ):
        if was is not None and (now is None or replace(was, span=now.span) != now):
            return f"{keyword} date"
    kept = {(prop.key, prop.value) for prop in after.properties}
    if any((prop.key, prop.value) not in kept for prop in before.properties if prop.key != "collapsed"):
        return "properties"
    return ""


def _named(outline: Outline, index: int) -> str:
    return f"“{_short(content(outline, index).strip(JS_SPACE).partition(chr(10))[0])}”"


def _short(text: str) -> str:
    text = text.strip(JS_SPACE)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
