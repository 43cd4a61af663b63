"""Which files of a vault are pages, in which order, and what is left out (spec: logseq-format §1.1, §1.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.vault.layout import (
    Dialect,
    Layout,
    arrange,
    detect_dialect,
    loading_order,
    skip_folder,
)


@pytest.mark.parametrize(
    ("top", "location", "dialect"),
    [
        (["logseq", "pages", ".obsidian"], ["home", "notes"], Dialect.LOGSEQ),
        (["pages", "README.md"], [], Dialect.LOGSEQ),
        (["journals"], [], Dialect.LOGSEQ),
        ([".obsidian", "pages"], [], Dialect.OBSIDIAN),
        (["a.md", "docs"], [], Dialect.MARKDOWN),
        ([], [], Dialect.MARKDOWN),
        (["pages", "journals"], ["graphs", "team", "mirror", "markdown"], Dialect.MIRROR),
        (["db.sqlite", "mirror", "assets"], [], Dialect.MIRROR),
        (["mirror", "pages"], ["mirror"], Dialect.LOGSEQ),
    ],
)
def test_the_dialect_follows_from_the_folders(top: list[str], location: list[str], dialect: Dialect) -> None:
    assert detect_dialect(top, location) == dialect


@pytest.mark.parametrize(
    ("folder", "skipped"),
    [
        (".git", True),
        ("pages/.trash", True),
        ("node_modules", True),
        ("a/node_modules", True),
        ("logseq/bak", True),
        ("logseq/version-files", True),
        ("logseq", False),
        ("bak", False),
        ("assets", False),
        ("pages/logseq/bak", False),
    ],
)
def test_folders_that_are_never_entered(folder: str, skipped: bool) -> None:
    assert skip_folder(folder) is skipped


def test_pages_come_in_logseqs_order() -> None:
    paths = [
        "pages/b.md",
        "pages/B.md",
        "README.md",
        "pages/contents.md",
        "journals/2024_01_01.md",
        "old/journals/x.md",
        "journals/2024_01_02.md",
        "pages/\ue000.md",
        "pages/\U0001f528.md",
    ]
    assert loading_order(paths) == [
        "old/journals/x.md",
        "journals/2024_01_02.md",
        "journals/2024_01_01.md",
        "pages/contents.md",
        "README.md",
        "pages/B.md",
        "pages/b.md",
        "pages/\U0001f528.md",  # UTF-16 puts characters beyond the basic plane before U+E000
        "pages/\ue000.md",
    ]


@given(paths=st.lists(st.text(), unique=True))
def test_the_order_of_loading_loses_nothing_and_depends_on_no_listing(paths: list[str]) -> None:
    ordered = loading_order(paths)
    assert sorted(ordered) == sorted(paths)
    assert loading_order(reversed(paths)) == ordered


def test_only_lower_case_markdown_files_are_pages_and_others_are_counted() -> None:
    paths = [
        "pages/a.md", "pages/x.markdown", "pages/upper.MD", "pages/noext", "pages/x.txt", "pages/.hidden.md",
        "pages/c.org", "pages/d.org", "whiteboards/w.edn", "draws/z.excalidraw", "logseq/config.edn",
        "map.canvas", "y.excalidraw.md", "assets/a.png",
    ]  # fmt: skip
    kinds = (
        ("Org files", 2),
        ("whiteboards", 1),
        ("drawings", 1),
        ("canvases", 1),
        ("files with an upper-case extension", 1),
    )
    assert arrange(paths, Dialect.LOGSEQ) == Layout(
        pages=("pages/a.md", "pages/x.markdown", "y.excalidraw.md"),
        not_read=kinds,
        org_pages=("pages/c.org", "pages/d.org"),
    )
    assert arrange(paths, Dialect.OBSIDIAN).not_read[2] == ("drawings", 2)


def test_hidden_entries_are_plain_prefixes() -> None:
    paths = ["pages/h.md", "pages/hello.md", "pages/ok.md", "secret/a.md", "secret2.md"]
    assert arrange(paths, Dialect.LOGSEQ, ["secret", "/pages/h"]).pages == ("pages/ok.md",)
    assert arrange(paths, Dialect.LOGSEQ, ["", "/", "../secret", "h"]).pages == tuple(sorted(paths))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.sync-conflict-20240101-120000-ABCDEFG.md", "E120"),
        ("a (conflicted copy 2024-01-01 120000).md", "E120"),
        ("a (Ana's conflicted copy 2024-01-01).md", "E120"),
        (".a.md.icloud", "E121"),
        ("a.md~", "E122"),
        ("#a.md#", "E122"),
        (".#a.md", "E122"),
        ("a.md.bak", "E122"),
        ("a.md.orig", "E122"),
        (".a.md.swp", "E122"),
    ],
)
def test_copies_are_left_out_and_reported(name: str, code: str) -> None:
    layout = arrange(["pages/a.md", f"pages/{name}"], Dialect.LOGSEQ)
    assert layout.pages == ("pages/a.md",)
    assert [(finding.code, finding.path) for finding in layout.diagnostics] == [(code, f"pages/{name}")]


@pytest.mark.parametrize("name", ["conflict.md", "a~b.md", "c#.md", "Konflikt.md", "#tag.md", "bak.md", "a.bak.md"])
def test_pages_that_only_look_like_copies_stay(name: str) -> None:
    assert arrange([name], Dialect.LOGSEQ) == Layout(pages=(name,))


def test_backups_of_other_files_are_no_finding() -> None:
    assert arrange(["assets/a.png~", "logseq/custom.css.bak"], Dialect.LOGSEQ) == Layout(pages=())


def test_paths_that_only_differ_by_case_or_form_are_named() -> None:
    layout = arrange(["pages/foo.md", "pages/Foo.md", "pages/cafe\u0301.md", "pages/café.md"], Dialect.LOGSEQ)
    assert [(finding.code, finding.path) for finding in layout.diagnostics] == [
        ("E123", "pages/café.md"),
        ("E123", "pages/foo.md"),
    ]
    assert len(layout.pages) == 4


def test_a_name_that_is_not_utf8_is_named_and_read() -> None:
    path = b"pages/caf\xe9.md".decode("utf-8", "surrogateescape")
    assert arrange([path], Dialect.LOGSEQ) == Layout(
        pages=(path,),
        diagnostics=(
            Diagnostic(
                code="E124",
                severity=Severity.WARNING,
                path=path,
                message="the file's name is not UTF-8; its page is named after the bytes as they are",
                hint="rename the file",
            ),
        ),
    )


def test_of_a_mirror_only_the_mirrored_pages_are_read() -> None:
    paths = ["mirror/markdown/pages/a.md", "assets/readme.md", "notes.md"]
    assert arrange(paths, Dialect.MIRROR).pages == ("mirror/markdown/pages/a.md",)
    assert arrange(["pages/a.md", "journals/2024_01_01.md"], Dialect.MIRROR).pages == (
        "journals/2024_01_01.md",
        "pages/a.md",
    )
