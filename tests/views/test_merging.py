"""What graphkit generated in two versions of a page is made alike, and nothing else: for pages of every shape."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st
from views.page_shapes import LINES, MANAGED
from views.test_page_plan import TWO, planned, rolled

from graphkit.outline.scanner import scan_page
from graphkit.views.merge import with_generated_of

line_lists = st.lists(st.sampled_from(LINES), max_size=7).map("\n".join)


def merged(theirs: str, ours: str) -> str:
    return with_generated_of(scan_page(theirs), scan_page(ours))


@given(
    before=line_lists,
    managed=st.sampled_from(MANAGED),
    after=line_lists,
    eol=st.sampled_from(["\n", "\r\n"]),
    final=st.sampled_from(["", "\n", "\n\n"]),
)
@example(before="", managed=MANAGED[0], after="", eol="\n", final="")
def test_two_rollups_of_one_page_become_one(before: str, managed: str, after: str, eol: str, final: str) -> None:
    page = ("\n".join(part for part in (before, managed, after) if part) + final).replace("\n", eol)
    assume(planned(page).plan is not None)
    ours, theirs = rolled(page, force=True), rolled(page, TWO, force=True)
    assume(theirs != page)
    assert merged(theirs, ours) == ours
    assert merged(ours, theirs) == theirs
    assert merged(ours, ours) == ours


@given(before=line_lists, after=line_lists, words=st.sampled_from(["- mine", "\t- mine", "\t\t- mine"]))
def test_a_persons_words_stay_in_the_version_that_has_them(before: str, after: str, words: str) -> None:
    page = "\n".join(part for part in (before, "- ## m\n  graphkit:: status", after) if part)
    ours, theirs = rolled(page, force=True), rolled(page, TWO, force=True)
    assume(page not in {ours, theirs})
    lines = theirs.split("\n")
    for at in range(len(lines) + 1):
        touched = "\n".join([*lines[:at], words, *lines[at:]])
        assert words in merged(touched, ours).split("\n")
        assert words not in merged(ours, touched).split("\n")
