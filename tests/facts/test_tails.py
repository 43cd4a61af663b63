"""Marks of notes: what has the same mark says the same, and edits that are prose keep it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_facts import IDENTITY, PIECES, facts_of

from graphkit.cache.packing import outward, pack_page
from graphkit.facts.page_source import Reading
from graphkit.facts.tails import BOXES, JOURNAL, NO_TASKS, NOTE, UNMARKED, mark_of, marks_of, same_mark
from graphkit.outline.header import read_header
from graphkit.outline.markers import MARKERS
from graphkit.outline.scanner import scan_page

if TYPE_CHECKING:
    from graphkit.facts.page_facts import PageFacts

DAY = date(2026, 3, 2)
PROSE = (
    *("\n- ", "\n\t- ", "\n  ", "\n\n", "- ", "\n", " ", "words", "é", "\tx", "a: b", "*b*", "1. ", "> q", "`c`"),
    *("[[page]]", "#tag", "## H", "->", "]]", "/>", "-->", "[x](y)", "((", "{{x}}", "::", "|", "\r\n", "\x0c", "TODO"),
    *("\n- [ ] ", "\n- TODO", "```", "$$", "<20", "\xa0", "\u2028", "\r"),
)
TELLING = st.lists(
    st.sampled_from((*PIECES, "\n- [ ] box", "\n- [x] ", "<!--", "<? ", "<20", "[:div ", "\\begin{a}", "\n\t- TODO")),
    max_size=10,
).map("".join)
TAIL = st.lists(st.sampled_from(PROSE), max_size=8).map("".join)


def note(text: str, day: date | None, *, boxes: bool) -> PageFacts:
    """The facts, less what no mark promises."""
    title = read_header(scan_page(text)).title or "Page"
    return replace(facts_of(text, title, day=day, reading=Reading(checkboxes=boxes)), block_count=0)


def is_note(facts: PageFacts) -> bool:
    """Whether a mark means anything on this page."""
    return Reading().is_note(facts.types) and not (facts.managed or facts.strategies or facts.initiatives)


@settings(max_examples=600)
@given(TELLING, TAIL, TAIL, st.sampled_from([None, DAY]), st.booleans())
@example("- TODO a", "", "\n- b", None, False)
@example("- TODO", "", "\n- b", None, False)
@example("- TODO a", "\n\t- b", "\n- b", None, False)
@example("- a <!--", "\n- b", "\n- TODO -->", None, False)
@example("key:: v", "", "\n- b", DAY, False)
@example("- TODO [:div ", "\n- b]", "\n- b", None, False)
@example(f"- a\n  id:: {IDENTITY}", "", "\n\t- b\n- c", None, False)
@example("- [[a]]", "", "\n\t- b", DAY, False)
@example("", "- b", "", None, False)
@example("- a\nweather:: fine\r", "\n", "", None, False)
def test_notes_with_one_mark_have_the_same_facts(
    telling: str, one: str, other: str, day: date | None, boxes: bool
) -> None:
    kind = (NOTE if day is None else JOURNAL) | (BOXES if boxes else 0)
    mark = mark_of((telling + one).encode(), kind)
    assert marks_of((telling + one).encode(), kind)[: len(UNMARKED)] == mark
    facts = note(telling + one, day, boxes=boxes)
    if same_mark(mark, (telling + other).encode()) and is_note(facts):
        assert note(telling + other, day, boxes=boxes) == facts


@settings(max_examples=600)
@given(TELLING, TAIL, TAIL, st.sampled_from([None, DAY]), st.booleans())
@example("- TODO a", "", "\n- DONE b", None, False)
@example("- a\n  :LOGBOOK:\n  CLOCK: x\n  :END:", "\n\t- TODO b", "\n- c", None, False)
@example(f"- a\n  id:: {IDENTITY}", "", "\n\t- TODO b\n- c", None, False)
@example("- TODO a\n  SCHEDULED: <2026-03-04 Wed>", "", "\n- b", None, False)
def test_notes_with_one_mark_beside_their_tasks_are_the_same_from_outside(
    telling: str, one: str, other: str, day: date | None, boxes: bool
) -> None:
    kind = NOTE if day is None else JOURNAL
    mark = mark_of((telling + one).encode(), kind | NO_TASKS)
    assert marks_of((telling + one).encode(), kind | (BOXES if boxes else 0))[len(UNMARKED) :] == mark
    facts = note(telling + one, day, boxes=boxes)
    if same_mark(mark, (telling + other).encode()) and is_note(facts):
        after = note(telling + other, day, boxes=boxes)
        assert after.linked == facts.linked
        assert outward(pack_page(after)) == outward(pack_page(facts))


@pytest.mark.parametrize("kind", [NOTE, JOURNAL, NOTE | BOXES, NOTE | NO_TASKS])
@pytest.mark.parametrize(
    "text",
    [
        "- a note\n",
        "tags:: [[x]], y\n\n- prose\n\t- more",
        f"- DONE a\n  SCHEDULED: <2026-03-04 Wed>\n  id:: {IDENTITY}\n- [[b]]",
        "- a\n  ```\n  code\n  ```\n- #tag",
    ],
)
def test_prose_at_the_end_of_a_note_keeps_its_mark(text: str, kind: int) -> None:
    mark = mark_of(text.encode(), kind)
    for prose in ("- at 41.2 %, said Ana: é (twice)", "- one\n\t- two\n\t  three\n- four\n"):
        assert same_mark(mark, (text.rstrip("\n") + "\n" + prose).encode())


@pytest.mark.parametrize(
    "more",
    [
        *(f"- {marker} a" for marker in MARKERS),
        *("- a\n  key:: v", "- #goal [[g]]", "- #Metric [[m]] 3", "- #[[open-question]] why", "| Strategy |", "- ```"),
        *("- :end:", "- \\begin{x}", "- $$", "- <div>", "#+title: x", "- a\r- TODO b", "graphkit: x"),
    ],
)
def test_what_may_state_something_changes_the_mark(more: str) -> None:
    before, after = b"- a\n- b\n", f"- a\n- b\n{more}\n".encode()
    assert not same_mark(mark_of(before, NOTE), after)


def test_a_mark_of_no_use_is_never_the_same() -> None:
    for data in (b"", b" \n", b"---\ntitle: x\n---\n- a", b"- <b>a</b>", b"- a" * 400_000, b"- a\x00", b"- [:a]"):
        assert mark_of(data, NOTE) == UNMARKED
        assert not same_mark(UNMARKED, data)
