"""Pages named by their paths: shortest titles, what a link finds, relative targets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.vault.layout import Dialect
from graphkit.vault.paths import PagePaths, absolute_target, mirror_stem

PATHS = ["Home.md", "a/Note.md", "b/Note.md", "b/c/Note.md", "a/Own.md", "a/own.markdown", "x/README.md", "v1.2.md"]


def test_titles_are_the_shortest_that_name_one_page() -> None:
    paths = PagePaths(PATHS, Dialect.OBSIDIAN)
    assert [paths.title(path) for path in PATHS] == [
        "Home", "a/Note", "b/Note", "c/Note", "Own", "own.markdown", "README", "v1.2",
    ]  # fmt: skip
    assert paths.name("b/c/Note.md") == "b/c/note"
    assert len({paths.name(path) for path in PATHS}) == len(PATHS)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("home", "Home.md"),
        ("Note", "a/Note.md"),
        ("B/note", "b/Note.md"),
        ("c/Note", "b/c/Note.md"),
        ("/b/Note", "b/Note.md"),
        ("/c/Note", None),
        ("ote", None),
        ("missing", None),
        ("", None),
        ("../x", None),
        ("v1.2", "v1.2.md"),
    ],
)
def test_links_find_the_page_with_the_fewest_folders(link: str, path: str | None) -> None:
    assert PagePaths(PATHS, Dialect.MARKDOWN).find(link) == path


@pytest.mark.parametrize(
    ("target", "path", "absolute"),
    [
        ("./b", "x/a.md", "x/b"),
        ("../b", "x/y/a.md", "x/b"),
        ("./b", "a.md", "b"),
        ("../../b", "x/a.md", "../../b"),
        ("b", "x/a.md", "b"),
    ],
)
def test_relative_targets(target: str, path: str, absolute: str) -> None:
    assert absolute_target(target, path) == absolute


def test_mirror_pages_are_named_by_their_stems() -> None:
    path = "mirror/markdown/pages/Grow a_b.md"
    paths = PagePaths([path], Dialect.MIRROR)
    assert (paths.title(path), paths.find("Grow a/b"), paths.find("grow A:b")) == ("Grow a_b", path, path)
    assert mirror_stem('a<b>c:d"e|f?g*h\\i/j . ') == "a_b_c_d_e_f_g_h_i_j"


NAMES = st.text("aB./ ", min_size=1, max_size=6).filter(lambda name: name.strip("./ ") == name)


@given(st.lists(st.lists(NAMES.filter(lambda name: "/" not in name), min_size=1, max_size=3), max_size=8))
def test_a_title_finds_its_page(parts: list[list[str]]) -> None:
    files = list(dict.fromkeys("/".join(part) + ".md" for part in parts))
    paths = PagePaths(files, Dialect.OBSIDIAN)
    for path in files:
        if paths.name(path) != path:
            assert paths.find(paths.title(path)) == path
