"""Titles, names and file stems (spec: logseq-format §2.1, §2.2, §2.3, §2.4, §6.5)."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphkit.vault.config import GraphConfig, NameFormat
from graphkit.vault.names import (
    FileTitle,
    PageName,
    file_name_problem,
    namespace_parents,
    needs_title_property,
    page_name,
    stem_from_title,
    title_from_stem,
    title_of_file,
    title_of_path,
)

FORMATS: tuple[NameFormat, ...] = ("legacy", "triple-lowbar")
TITLES = st.text(st.sampled_from("aB_./%:*?\"<>|#\\ 2fE4é中\u0301~'+-🔨")) | st.text(
    st.characters(exclude_categories=["Cs"])
)
DECOMPOSED = "e\u0301"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Foo Bar", "foo bar"),
        (" x ", " x "),
        ("/lead/", "lead"),
        ("//a//", "/a/"),
        ("/", ""),
        ("", ""),
        ("İstanbul", "i̇stanbul"),
        ("ẞ", "ß"),
        ("ΑΣ", "ας"),
        ("ﬀ", "ﬀ"),
        (f"Caf{DECOMPOSED}", "café"),
        ("A/B", "a/b"),
    ],
)
def test_a_name_is_lower_case_without_outer_slashes_in_nfc(title: str, name: str) -> None:
    assert page_name(title) == name


@pytest.mark.parametrize(
    ("title", "stem", "back"),
    [
        ("a/b c", "a___b c", "a/b c"),
        ("Q: why?", "Q%3A why%3F", "Q: why?"),
        ("50%", "50%", "50%"),
        ("50%25", "50%2525", "50%25"),
        (".hidden", "%2Ehidden", ".hidden"),
        ("etc.", "etc.___", "etc."),
        ("CON", "CON___", "CON"),
        ("con", "con", "con"),
        ("COM0", "COM0", "COM0"),
        ("a___b", "a%5F%5F%5Fb", "a___b"),
        ("a_/b", "a%5F___b", "a_/b"),
        ("a/_b", "a___%5Fb", "a/_b"),
        ("a//b", "a______b", "a/b"),
        ("v1.2", "v1.2", "v1.2"),
        ("/a/", "a", "a"),
        ('*?"<>|#\\', "%2A%3F%22%3C%3E%7C%23%5C", '*?"<>|#\\'),
    ],
)
def test_triple_lowbar_stems(title: str, stem: str, back: str) -> None:
    assert (stem_from_title(title, "triple-lowbar"), title_from_stem(stem, "triple-lowbar")) == (stem, back)


@pytest.mark.parametrize(
    ("stem", "legacy", "triple_lowbar"),
    [
        ("%41bc", "Abc", "Abc"),
        ("%E4%BD%A0", "你", "%E4%BD%A0"),
        ("%zz", "%zz", "%zz"),
        ("%C0%80", "%C0%80", "%C0%80"),
        ("%41%", "%41%", "A%"),
        ("100% sure", "100% sure", "100% sure"),
        ("___lead", "___lead", "lead"),
        ("a%2Fb2", "a/b2", "a/b2"),
        ("a+b", "a+b", "a+b"),
        ("a.b3", "a/b3", "a.b3"),
        ("a____b", "a____b", "a/_b"),
        ("a___b___c", "a___b___c", "a/b/c"),
        ("trail___", "trail___", "trail"),
        ("q%3Fx", "q?x", "q?x"),
    ],
)
def test_titles_of_stems_in_both_formats(stem: str, legacy: str, triple_lowbar: str) -> None:
    assert (title_from_stem(stem, "legacy"), title_from_stem(stem, "triple-lowbar")) == (legacy, triple_lowbar)


@pytest.mark.parametrize("fmt", FORMATS)
@given(title=TITLES)
def test_a_title_that_needs_no_property_survives_its_file_name(fmt: NameFormat, title: str) -> None:
    assume(not needs_title_property(title, fmt))
    stem = stem_from_title(title, fmt)
    assert title_from_stem(stem, fmt) == title
    assert "/" not in stem


@given(title=TITLES.map(lambda title: normalize("NFC", title)))
def test_triple_lowbar_needs_a_property_only_for_empty_segments(title: str) -> None:
    assume(all(title.split("/")))
    assert not needs_title_property(title, "triple-lowbar")


@pytest.mark.parametrize(
    ("title", "fmt", "needed"),
    [
        ("v1.2", "legacy", True),
        ("v1.2", "triple-lowbar", False),
        ("a/b", "legacy", False),
        ("Q: why?", "legacy", True),
        ("a//b", "triple-lowbar", True),
        ("/a", "triple-lowbar", True),
        (f"caf{DECOMPOSED}", "triple-lowbar", True),
        ("中", "triple-lowbar", False),
    ],
)
def test_which_titles_need_a_property(title: str, fmt: NameFormat, needed: bool) -> None:
    assert needs_title_property(title, fmt) is needed


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a.md", None),
        ("中" * 84 + ".md", None),
        ("中" * 85 + ".md", "is longer than 255 bytes"),
        ("NUL.md", "is a device on Windows"),
        ("com1.tar.md", "is a device on Windows"),
        ("CONSOLE.md", None),
        ("CON___.md", None),
        (".a.md", "starts with a dot, so Logseq does not see it"),
        ("a.md ", "ends with a dot or a blank, which Windows drops"),
        ("a:b.md", "holds ':', which some systems do not allow"),
        ("a\x00.md", "holds '\\x00', which some systems do not allow"),
        ("", "is empty"),
        ("..", "is empty"),
    ],
)
def test_names_that_some_system_does_not_take(name: str, problem: str | None) -> None:
    assert file_name_problem(name) == problem


@pytest.mark.parametrize(
    ("title", "parents"),
    [
        ("a/b/c", ("a/b", "a")),
        ("plain", ()),
        ("a//b", ("a",)),
        ("/lead/", ()),
        ("b/", ()),
        ("/a/b", ("a",)),
        ("a/ p/", ("a/ p", "a")),
        ("../rel/p", ()),
        ("./rel", ()),
        ("https://example.org/x", ()),
        ("http/proxy", ("http",)),
        ("zotero://select/x", ("zotero://select", "zotero:")),
        ("A/B [[c/d]]", ()),
    ],
)
def test_parents_of_a_namespace(title: str, parents: tuple[str, ...]) -> None:
    assert namespace_parents(title) == parents


def test_a_line_of_slashes_gives_no_endless_family() -> None:
    assert len(namespace_parents("a/" * 100_000)) == 100


LOWBAR = GraphConfig(file_name_format="triple-lowbar")


@pytest.mark.parametrize(
    ("path", "title_property", "expected"),
    [
        ("pages/contents.md", "Other", ("Contents", "contents")),
        ("pages/sub/x___y.md", None, ("x/y", "x/y")),
        ("README.md", None, ("README", "readme")),
        ("pages/a.b.markdown", None, ("a.b", "a.b")),
        ("pages/x.md", "My Title", ("My Title", "my title")),
        ("pages/x.md", "[[My Title]]", ("[[My Title]]", "[[my title]]")),
        ("pages/x.md", "", ("", "")),
        ("pages/x.md", "/lead/", ("/lead/", "lead")),
        (f"pages/caf{DECOMPOSED}.md", None, ("café", "café")),
        ("journals/notes.md", None, ("notes", "notes")),
        ("journals/2024_01_05.md", "Custom", ("Custom", "custom")),
    ],
)
def test_the_title_of_a_file(path: str, title_property: str | None, expected: tuple[str, str]) -> None:
    title, name = expected
    assert title_of_file(path, LOWBAR, title_property) == FileTitle(title=title, name=PageName(name))


def test_paths_are_titles_where_there_is_no_logseq_graph() -> None:
    assert [title_of_path(path) for path in ("a/b c.md", "README.md", ".md", "x.y/z", f"caf{DECOMPOSED}.md")] == [
        "a/b c",
        "README",
        ".md",
        "x.y/z",
        "café",
    ]
