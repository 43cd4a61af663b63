from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from growth import assert_linear, repeated
from hypothesis import assume, given
from hypothesis import strategies as st

from graphkit.text.diff import plan_diff, printable, unified_diff
from graphkit.text.edit import Plan, Splice, apply_splices, digest, has_conflict_markers
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from random import Random


@st.composite
def edits(draw: st.DrawFn) -> tuple[bytes, list[Splice]]:
    """Any bytes, and splices of their text that do not claim the same place."""
    data = draw(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
    length = len(SourceText.decode(data).text)
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    splices = [
        Splice(start, end, draw(st.text(st.characters(codec="utf-8"), max_size=5)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    unique = {(splice.start, splice.end): splice for splice in splices}
    return data, list(unique.values())


@given(edits(), st.randoms())
def test_bytes_outside_the_splices_stay_and_their_order_does_not_matter(
    edit: tuple[bytes, list[Splice]], random: Random
) -> None:
    data, splices = edit
    text = SourceText.decode(data).text
    expected, done = b"", 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        expected += SourceText(text[done : splice.start]).encode() + splice.text.encode()
        done = splice.end
    expected += SourceText(text[done:]).encode()
    shuffled = list(splices)
    random.shuffle(shuffled)
    plan = Plan(page="pages/a.md", digest=digest(data), splices=tuple(shuffled), reason="test")
    assert plan.apply(data) == expected


@given(st.binary())
def test_no_splices_give_the_same_bytes(data: bytes) -> None:
    plan = Plan(page="pages/a.md", digest=digest(data), splices=(), reason="test")
    assert plan.apply(data) == data


@given(edits())
def test_applying_the_opposite_splices_gives_the_text_back(edit: tuple[bytes, list[Splice]]) -> None:
    data, splices = edit
    text = SourceText.decode(data).text
    opposite, shift = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        start = splice.start + shift
        opposite.append(Splice(start, start + len(splice.text), text[splice.start : splice.end]))
        shift += len(splice.text) - (splice.end - splice.start)
    places = [(splice.start, splice.end) for splice in opposite]
    assume(len(set(places)) == len(places))  # deletions side by side leave insertions at one place
    assert apply_splices(apply_splices(text, splices), opposite) == text


def test_an_insertion_stands_on_its_side_of_a_neighbour() -> None:
    splices = [Splice(2, 2, ">"), Splice(2, 4, "XY"), Splice(4, 4, "<")]
    assert apply_splices("abcdef", splices) == "ab>XY<ef"


@pytest.mark.parametrize(
    "splices",
    [
        [Splice(-1, 0, "")],
        [Splice(0, 7, "")],
        [Splice(3, 2, "")],
        [Splice(7, 7, "x")],
        [Splice(0, 3, "a"), Splice(2, 4, "b")],
        [Splice(0, 6, "a"), Splice(2, 2, "b")],
        [Splice(2, 2, "a"), Splice(2, 2, "b")],
    ],
)
def test_splices_that_make_no_sense_are_errors_of_the_program(splices: list[Splice]) -> None:
    with pytest.raises(ValueError, match="splice"):
        apply_splices("abcdef", splices)


def test_a_plan_refuses_other_bytes_than_it_was_made_from() -> None:
    plan = Plan(page="pages/a.md", digest=digest(b"- a\n"), splices=(Splice(2, 3, "b"),), reason="test")
    assert plan.apply(b"- a\n") == b"- b\n"
    with pytest.raises(ValueError, match="other bytes"):
        plan.apply(b"- a")


def test_a_plan_for_a_new_page_is_made_from_nothing() -> None:
    plan = Plan(page="pages/a.md", digest=None, splices=(Splice(0, 0, "- a"),), reason="test")
    assert plan.apply(b"") == b"- a"
    with pytest.raises(ValueError, match="other bytes"):
        plan.apply(b"- b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> x\n", True),
        ("\ufeff<<<<<<< HEAD\n", True),
        ("- a\r\n<<<<<<<\r\n", True),
        ("- a\n<<<<<<<", True),
        ("- a <<<<<<< b\n", False),
        ("- \n  <<<<<<< HEAD\n", False),
        ("<<<<<<<< eight\n", False),
        ("<<<<<<\n", False),
        ("", False),
    ],
)
def test_conflict_markers_stand_at_the_start_of_a_line(text: str, expected: bool) -> None:
    assert has_conflict_markers(text) is expected


@pytest.mark.parametrize("unit", ["<<<<<<< ", "<", "\n<<<<<<<x"])
def test_looking_for_conflict_markers_is_linear(unit: str) -> None:
    def look(text: str) -> None:
        assert not has_conflict_markers(f"x{text}")

    assert_linear(repeated(unit), look, 5_000_000)


def test_a_diff_is_what_git_would_show() -> None:
    before = "".join(f"- {number}\n" for number in range(1, 13))
    after = before.replace("- 2\n", "- two\n").replace("- 12\n", "- 12")
    assert unified_diff("pages/a.md", before, after) == (
        "--- a/pages/a.md\n+++ b/pages/a.md\n"
        "@@ -1,5 +1,5 @@\n - 1\n-- 2\n+- two\n - 3\n - 4\n - 5\n"
        "@@ -9,4 +9,4 @@\n - 9\n - 10\n - 11\n-- 12\n+- 12\n\\ No newline at end of file\n"
    )


def test_diffs_of_new_and_vanishing_pages_name_no_file() -> None:
    assert unified_diff("a.md", None, "- a") == (
        "--- /dev/null\n+++ b/a.md\n@@ -0,0 +1 @@\n+- a\n\\ No newline at end of file\n"
    )
    assert unified_diff("a.md", "- a\n", None) == "--- a/a.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-- a\n"
    assert not unified_diff("a.md", "- a\n", "- a\n")


def test_line_separators_inside_a_line_do_not_break_it() -> None:
    assert unified_diff("a.md", "- a\u2028b\r\n", "- a\u2028c\r\n") == (
        "--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-- a\u2028b\r\n+- a\u2028c\r\n"
    )


def test_a_diff_keeps_undecodable_bytes_and_can_show_them() -> None:
    text = SourceText.decode(b"- \xff\n").text
    diff = unified_diff("a.md", text, text + "- b\n")
    assert diff.encode("utf-8", "surrogateescape") == b"--- a/a.md\n+++ b/a.md\n@@ -1 +1,2 @@\n - \xff\n+- b\n"
    assert printable(diff) == "--- a/a.md\n+++ b/a.md\n@@ -1 +1,2 @@\n - \\xff\n+- b\n"


def test_a_plan_shows_as_a_diff() -> None:
    plan = Plan(page="pages/a.md", digest=digest(b"- a\n- b\n"), splices=(Splice(6, 7, "c"),), reason="test")
    assert plan_diff(plan, "- a\n- b\n") == "--- a/pages/a.md\n+++ b/pages/a.md\n@@ -1,2 +1,2 @@\n - a\n-- b\n+- c\n"
    created = Plan(page='pages/"q"\n.md', digest=None, splices=(Splice(0, 0, "- a\n"),), reason="test")
    assert plan_diff(created, "") == '--- /dev/null\n+++ "b/pages/\\"q\\"\\n.md"\n@@ -0,0 +1 @@\n+- a\n'


def patched(before: str, diff: str) -> str:
    """The text that a patch program would make of `before`."""
    old = before.split("\n")
    old = [f"{line}\n" for line in old[:-1]] + ([old[-1]] if old[-1] else [])
    result: list[str] = []
    position = 0
    lines = diff.split("\n")[2:-1]
    for index, line in enumerate(lines):
        whole = f"{line[1:]}\n"
        if index + 1 < len(lines) and lines[index + 1].startswith("\\"):
            whole = line[1:]
        if line.startswith("@@"):
            start, _, count = line.split()[1].removeprefix("-").partition(",")
            first = int(start) - (count != "0")
            result += old[position:first]
            position = first
        elif line.startswith(("-", " ")):
            assert old[position] == whole
            position += 1
        if line.startswith(("+", " ")):
            result.append(whole)
    return "".join(result + old[position:])


PAGES = st.lists(st.sampled_from(["- a\n", "- b\n", "\n", "- c\r\n", "\x0c\n"]), max_size=30).map("".join) | st.text(
    st.sampled_from("ab\n\r"), max_size=40
)


@given(PAGES, PAGES, st.integers(0, 4))
def test_a_diff_makes_the_new_text_of_the_old_one(before: str, after: str, context: int) -> None:
    assert patched(before, unified_diff("a.md", before, after, context=context)) == after


def test_diffs_of_big_pages_take_linear_time() -> None:
    def make(lines: int) -> tuple[str, str]:
        before = "".join(f"- {number % 120}\n" for number in range(lines))
        return before, f"- first\n{before[:-400]}- last\n"

    assert_linear(make, lambda pages: unified_diff("a.md", *pages), 200_000)
    before, after = make(200_000)
    assert patched(before, unified_diff("a.md", before, after)) == after
