"""Finding, listing and reading a vault's files, and everything that can be wrong with them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from graphkit.store.reading.files import FileEntry, VaultError, find_vault, read_bytes, walk
from graphkit.text.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

not_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights do not bind the superuser"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def put(root: Path, path: str, text: str = "- x\n") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_walk_lists_files_with_their_state_and_skips_what_is_never_a_page(tmp_path: Path) -> None:
    page = put(tmp_path, "pages/sub/a b.md", "- ä\n")
    for path in ("c.org", "x.markdown", "logseq/config.edn", "assets/p.png"):
        put(tmp_path, path)
    for path in (".git/a.md", "logseq/bak/a.md", "logseq/.recycle/a.md", "pages/node_modules/a.md", ".obsidian/x.md"):
        put(tmp_path, path)
    listing = walk(tmp_path)
    state = page.stat()
    assert FileEntry("pages/sub/a b.md", 5, state.st_mtime_ns, state.st_ino, state.st_ctime_ns) in listing.files
    assert sorted(entry.path for entry in listing.files) == ["c.org", "pages/sub/a b.md", "x.markdown"]
    assert sorted(listing.others) == ["assets/p.png", "logseq/config.edn"]
    assert listing.top == {".git", ".obsidian", "assets", "c.org", "logseq", "pages", "x.markdown"}
    assert listing.diagnostics == ()


@posix
def test_symbolic_links_are_reported_and_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    put(root, "pages/a.md")
    put(tmp_path, "outside/secret.md")
    (root / "pages/link.md").symlink_to(tmp_path / "outside/secret.md")
    (root / "more").symlink_to(tmp_path / "outside")
    (root / "pages/loop").symlink_to(root)
    (root / "pages/.#a.md").symlink_to("ana@host.1234")
    (root / "assets").mkdir()
    (root / "assets/p.png").symlink_to(tmp_path / "nowhere.png")
    listing = walk(root)
    assert [entry.path for entry in listing.files] == ["pages/a.md"]
    assert listing.others == ("pages/.#a.md",)
    assert [(finding.code, finding.path) for finding in listing.diagnostics] == [
        ("E111", "more"),
        ("E111", "pages/link.md"),
        ("E111", "pages/loop"),
    ]
    found = read_bytes(root, "pages/link.md")
    assert isinstance(found, Diagnostic)
    assert found.code == "E113"


@posix
def test_pipes_and_folders_named_like_pages_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    put(tmp_path, "folder.md/inner.md")
    listing = walk(tmp_path)
    assert [entry.path for entry in listing.files] == ["folder.md/inner.md"]
    assert [(finding.code, finding.path) for finding in listing.diagnostics] == [("E112", "pipe.md")]
    refused = [read_bytes(tmp_path, path) for path in ("pipe.md", "folder.md")]
    assert [item.code for item in refused if isinstance(item, Diagnostic)] == ["E112", "E112"]


@posix
def test_names_in_other_encodings_and_forms_come_back_as_they_are(tmp_path: Path) -> None:
    names = [b"caf\xe9.md", "cafe\u0301.md".encode(), "中.md".encode()]
    try:
        for name in names:
            (tmp_path / os.fsdecode(name)).write_bytes(name)
    except OSError:
        pytest.skip("this file system refuses such names")
    paths = sorted(entry.path for entry in walk(tmp_path).files)
    assert paths == sorted(map(os.fsdecode, names))
    assert [read_bytes(tmp_path, path) for path in paths] == [os.fsencode(path) for path in paths]


def test_bytes_come_back_unchanged(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf- a\r\n\x00\xff\xfe\r" + b"x" * 3_000_000
    (tmp_path / "a.md").write_bytes(data)
    (tmp_path / "empty.md").write_bytes(b"")
    assert (read_bytes(tmp_path, "a.md"), read_bytes(tmp_path, "empty.md")) == (data, b"")


def test_a_file_that_vanished_is_an_information(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "pages/gone.md") == Diagnostic(
        code="E114",
        severity=Severity.INFO,
        path="pages/gone.md",
        message="the file vanished while the vault was read",
        hint="run the command again",
    )


def test_names_that_no_system_takes_are_unreadable_files(tmp_path: Path) -> None:
    found = [read_bytes(tmp_path, path) for path in ("x" * 5000 + ".md", "a\x00b.md")]
    assert [(item.code, item.severity) for item in found if isinstance(item, Diagnostic)] == [
        ("E113", Severity.ERROR),
        ("E113", Severity.ERROR),
    ]


@not_root
@posix
def test_what_may_not_be_read_is_reported_and_the_rest_is_there(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    put(tmp_path, "shut/b.md")
    put(tmp_path, "c.md").chmod(0)
    (tmp_path / "shut").chmod(0)
    try:
        listing = walk(tmp_path)
        found = read_bytes(tmp_path, "c.md")
    finally:
        (tmp_path / "shut").chmod(0o700)
    assert sorted(entry.path for entry in listing.files) == ["a.md", "c.md"]
    assert [(finding.code, finding.path) for finding in listing.diagnostics] == [("E110", "shut")]
    assert isinstance(found, Diagnostic)
    assert (found.code, found.message) == ("E113", "the file cannot be read: Permission denied")


def test_rights_that_are_missing_are_reported_whoever_runs_the_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.md")
    put(tmp_path, "shut/b.md")

    def refusing(function: Callable[..., object]) -> Callable[..., object]:
        def refuse(folder: str, *others: int) -> object:
            if str(folder).endswith("shut"):
                raise PermissionError(13, "Permission denied", folder)
            return function(folder, *others)

        return refuse

    for name in ("open", "scandir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    listing = walk(tmp_path)
    assert [entry.path for entry in listing.files] == ["a.md"]
    assert listing.diagnostics == (
        Diagnostic(
            code="E110",
            severity=Severity.ERROR,
            path="shut",
            message="the folder cannot be read: Permission denied",
            hint="everything below it is missing; check its permissions",
        ),
    )


def test_the_vault_is_the_nearest_folder_upwards_that_says_so(tmp_path: Path) -> None:
    put(tmp_path, "team/logseq/config.edn", "{}")
    put(tmp_path, "team/pages/deep/x.md")
    put(tmp_path, "team/inner/graphkit.toml", "")
    (tmp_path / "team/inner/a/b").mkdir(parents=True)
    assert find_vault(tmp_path / "team/pages/deep") == tmp_path / "team"
    assert find_vault(tmp_path / "team/inner/a/b") == tmp_path / "team/inner"
    assert find_vault(tmp_path) == tmp_path


def test_a_vault_that_cannot_be_one_is_refused_with_a_remedy(tmp_path: Path) -> None:
    file = put(tmp_path, "file.md")
    for place, message in (
        (tmp_path / "nowhere", f"there is no folder {str(tmp_path / 'nowhere')!r}"),
        (file, f"{str(file)!r} is no folder"),
    ):
        for use in (walk, find_vault):
            with pytest.raises(VaultError) as raised:
                use(place)
            assert raised.value.message == message
            assert raised.value.remedy
    with pytest.raises(VaultError, match="cannot be used"):
        walk(tmp_path / ("x" * 5000))


@not_root
@posix
def test_a_vault_without_rights_is_refused(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0)
    with pytest.raises(VaultError, match="cannot be read: Permission denied"):
        walk(shut)


def test_an_empty_vault_is_an_empty_listing(tmp_path: Path) -> None:
    listing = walk(tmp_path)
    assert (listing.files, listing.others, listing.top, listing.diagnostics) == ((), (), frozenset(), ())


def test_a_file_that_is_too_large_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "big.md", "- x\n" * 50)
    monkeypatch.setattr("graphkit.store.reading.files.LARGEST_FILE", 199)
    found = read_bytes(tmp_path, "big.md")
    assert isinstance(found, Diagnostic)
    assert (found.code, found.severity, found.path) == ("E113", Severity.ERROR, "big.md")
    monkeypatch.setattr("graphkit.store.reading.files.LARGEST_FILE", 200)
    assert isinstance(read_bytes(tmp_path, "big.md"), bytes)


def test_a_file_of_too_many_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "long.md", "-\r-\n" * 25)
    monkeypatch.setattr("graphkit.store.reading.files._UNCOUNTED", 10)
    monkeypatch.setattr("graphkit.store.reading.files.MOST_LINES", 49)
    found = read_bytes(tmp_path, "long.md")
    assert isinstance(found, Diagnostic)
    assert "49 lines" in found.message
    monkeypatch.setattr("graphkit.store.reading.files.MOST_LINES", 50)
    assert isinstance(read_bytes(tmp_path, "long.md"), bytes)
