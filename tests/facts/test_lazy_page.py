"""Pages whose inside waits: they say what they say when read as a whole, and open for the right facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from page_facts import IDENTITY, PIECES, facts_of

from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.journal_links import plain_journal_links
from graphkit.facts.lazy_page import read_lazy_page
from graphkit.facts.page_facts import INSIDE, BlockId, PageFacts
from graphkit.facts.page_source import Reading
from graphkit.outline.header import glance_header, read_header
from graphkit.outline.scanner import scan_page
from graphkit.vault.names import FileTitle, page_name

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date(2026, 3, 2)
PAGES = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def lazy(text: str, day: date | None = None, asked: list[str] | None = None) -> PageFacts | None:
    """The page as far as its head tells it; `asked` collects what was asked of the inside."""
    header = glance_header(text)
    if header is None:
        return None
    title = header.title or "Page"
    whole = facts_of(text, title, day=day)

    def inside(_: PageFacts, name: str) -> Mapping[str, object]:
        if asked is not None:
            asked.append(name)
        if name == "linked":
            return {name: plain_journal_links(text)}
        return {fact: getattr(whole, fact) for fact in INSIDE}

    named = FileTitle(title=title, name=page_name(title), journal_day=day)
    return read_lazy_page(whole.path, named, header, text, Reading(), inside)


@given(PAGES, st.sampled_from([None, DAY]))
@example("tags:: note\n\n- TODO a\n", None)
@example(f"- a\n  ID:: \ufeff{IDENTITY}\n  id:: 1\n", None)
@example("key:: a\n```\n- b\n```\n", None)
def test_a_lazy_page_says_what_the_whole_page_says(text: str, day: date | None) -> None:
    page = lazy(text, day)
    if page is None:
        return
    whole = facts_of(text, page.title, day=day)
    assert set(whole.ids) <= set(page.written_ids)
    assert page == whole
    assert whole == page


@given(PAGES)
def test_a_header_that_shows_at_a_glance_is_the_pages_header(text: str) -> None:
    header = glance_header(text)
    assert header is None or header == read_header(scan_page(text))


@pytest.mark.parametrize(
    "text",
    [
        "- [[a]] #b",
        "- x\n  ```\n  [[hidden]]\n  ```\n- [[a]]",
        "- x\n  :LOGBOOK:\n  [[hidden]]\n  :END:\n- `[[code]]` #b",
        "<div>\n[[hidden]]\n</div>\n- ((78e3a545-82fb-c9b3-3bc1-cf8122ebd180))",
    ],
)
def test_links_of_a_journal_need_no_look_at_its_blocks(text: str) -> None:
    assert plain_journal_links(text) == facts_of(text, day=DAY).linked


@given(st.lists(st.sampled_from((*PIECES, "\n:end:\n", "\n  :x:\n", "a:\n", "\n[[b]]")), max_size=14).map("".join))
def test_links_of_a_journal_of_any_text_need_none_either(text: str) -> None:
    if not facts_of(text, day=DAY).managed:
        assert plain_journal_links(text) == facts_of(text, day=DAY).linked


def test_a_note_opens_when_its_inside_is_asked_for_and_once() -> None:
    asked: list[str] = []
    page = lazy("tags:: note\n\n- TODO a\n- b\n", asked=asked)
    assert page is not None
    assert (page.title, page.types, page.goals, page.linked) == ("Page", frozenset({"note"}), (), frozenset())
    assert asked == []
    assert [task.text for task in page.tasks] == ["a"]
    assert page.block_count == 3
    assert (page.tags, page.property_lines) == (("note",), {"tags": 1})
    assert asked == ["tasks"]


def test_the_links_of_a_journal_do_not_open_the_rest_of_it() -> None:
    asked: list[str] = []
    page = lazy("- TODO [[a]]\n", DAY, asked)
    assert page is not None
    assert page.linked == {"a"}
    assert asked == ["linked"]
    assert page.tasks
    assert asked == ["linked", "tasks"]


@pytest.mark.parametrize(
    "text",
    [
        "page-type:: [[experiment]]\n\n- a",
        "tags:: experiment\n\n- a",
        "goal:: [[g]]\n\n- a",
        "- #goal [[g]]",
        "- a\n  graphkit:: status",
        "#+title: a\n- b",
        "words first\nkey:: v\n- b",
    ],
)
def test_pages_that_insight_reads_are_read_as_a_whole(text: str) -> None:
    assert lazy(text) is None


@pytest.mark.parametrize(
    "text", ["- TODO #metric [[m]] 3", "- TODO a\n  churn:: 3.4", "- TODO a\n\n| Strategy |\n|---|\n| a |"]
)
def test_what_a_note_states_is_known_before_it_is_opened(text: str) -> None:
    asked: list[str] = []
    page = lazy(text, asked=asked)
    assert page is not None
    assert page.sightings or page.strategies
    assert asked == []
    assert page.tasks
    assert asked == ["tasks"]


def test_a_catalog_opens_only_the_page_that_can_have_a_block() -> None:
    asked: list[str] = []
    other: list[str] = []
    catalog = MemoryCatalog()
    text = f"- a\n  id:: {IDENTITY}\n"
    for page in (lazy("- b\n  id:: 11111111-1111-1111-1111-111111111111\n", asked=other), lazy(text, asked=asked)):
        assert page is not None
        catalog.put(page)
    assert asked == []
    found = catalog.block(BlockId(IDENTITY))
    assert found is not None
    assert found[1] == 0
    assert asked == ["ids"]
    assert other == []
    assert catalog.block(BlockId("22222222-2222-2222-2222-222222222222")) is None
