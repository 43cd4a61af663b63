"""Laws of inline reading: total, places inside the text, linear on hostile texts."""

from __future__ import annotations

import pytest
from growth import assert_linear
from hypothesis import given
from hypothesis import strategies as st

from graphkit.outline.inline import plain_text, read_inline

SIGNS = "[[ ]] (( )) # #[[ * ** *** _ __ ~~ ^^ == ` `` $ $$ \\ [ ]( ) {{ }} {{embed < > <b> </b> @@ @@x: [:div ]"
PIECES = [
    *SIGNS.split(),
    *["http://", ".", ",", " ", "\n", "a", "é", "中", "\u2028", "64f00000-0000-4000-8000-000000000009"],
    *["<2024-01-05 Fri>", "(x.md)"],
]
MESSY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)
WORD = st.text(st.characters(categories=("L", "N"), exclude_characters="ſ"), min_size=1, max_size=12).filter(
    lambda word: not word.startswith(("assets", "draws"))
)


@given(MESSY)
def test_places_lie_in_the_text_in_order(text: str) -> None:
    found = read_inline(text)
    for places in (
        [(item.start, item.end) for item in found.references],
        [(item.start, item.end) for item in found.macros],
    ):
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert [start for start, _ in places] == sorted(start for start, _ in places)
    assert all(text[macro.start : macro.end].startswith("{{") for macro in found.macros)


@given(MESSY)
def test_the_source_of_a_plain_page_reference_holds_its_title(text: str) -> None:
    for reference in read_inline(text).references:
        source = text[reference.start : reference.end]
        if reference.kind == "page" and source.startswith("[[") and "\\" not in source:
            assert source.removeprefix("[[").removesuffix("]]") in {reference.target, f"(({reference.target}))"}


@given(MESSY)
def test_a_reader_sees_no_more_than_the_source(text: str) -> None:
    assert len(plain_text(text)) <= len(text)


@given(st.lists(WORD, min_size=1), st.lists(WORD, min_size=1))
def test_ordinary_references_are_all_found(pages: list[str], tags: list[str]) -> None:
    text = " ".join([f"[[{page}]]" for page in pages] + [f"#{tag}" for tag in tags])
    assert [(found.kind, found.target) for found in read_inline(text).references] == [
        *(("page", page) for page in pages),
        *(("tag", tag) for tag in tags),
    ]
    assert plain_text(text) == " ".join(pages + tags)


OPENERS = "[[ ( (( # ` #[[ [a]( {{ $ <b> ~~ _a [[a] [ ]] ![ [1-1-1 @@a _{ ^{ [^a \\( \\[ `` [[\\]] {{a[[ <a: <a@"
HOSTILE = [
    *OPENERS.split(),
    *["*a ", "**a ", "_a ", "[:div ", '[:div "] ', "[[a [[b]] ", "[ [[x]] [ ", "*a `b ", "*`a ", "<b><i>", "[x [y] "],
    *["http://", "\n_", "  \n_", "@@a: b"],
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("ending", ["", " [[x]]", " ]](y) )) }} * _ ` $ </b> > ~~ \\] #"])
def test_hostile_texts_take_linear_time(piece: str, ending: str) -> None:
    assert_linear(lambda size: piece * (size // len(piece)) + ending, read_inline, 100_000)


def test_deep_nesting_keeps_the_outer_levels_and_the_innermost() -> None:
    depth = 20_000
    found = read_inline("[[a " * depth + "]]" * depth).references
    assert [(item.start, item.end) for item in found] == [
        *((4 * level, 6 * depth - 2 * level) for level in range(64)),
        (4 * depth - 4, 4 * depth + 2),
    ]
    assert found[-1].target == "a "
