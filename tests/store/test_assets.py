from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphkit.store.reading.assets import read_asset
from graphkit.text.diagnostics import Diagnostic


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "pages").mkdir(parents=True)
    (root / "assets").mkdir()
    (root / "assets" / "x.csv").write_bytes(b"date,value\n")
    (tmp_path / "secret.csv").write_bytes(b"date,value\n")
    (root / "assets" / "link.csv").symlink_to(tmp_path / "secret.csv")
    (root / "out").symlink_to(tmp_path)
    return root


def test_a_file_beside_the_pages(vault: Path) -> None:
    assert read_asset(vault, "pages/M.md", "../assets/x.csv", most=100) == ("assets/x.csv", b"date,value\n")


@pytest.mark.parametrize(
    "written",
    [
        "../../secret.csv",
        "../assets/../../secret.csv",
        "../assets/link.csv",
        "../out/secret.csv",
        "/etc/passwd",
        "..",
        "../assets/none.csv",
        "../assets",
        "https://example.com/x.csv",
        "a\0b",
        "..\\..\\secret.csv",
        "",
    ],
)
def test_what_is_refused(vault: Path, written: str) -> None:
    found = read_asset(vault, "pages/M.md", written, most=100)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.path) == ("W411", "pages/M.md")


def test_a_file_that_is_too_large(vault: Path) -> None:
    assert isinstance(read_asset(vault, "pages/M.md", "../assets/x.csv", most=5), Diagnostic)


@pytest.mark.parametrize("call", ["open", "stat"])
def test_a_file_that_may_not_be_read(vault: Path, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os if call == "open" else Path, call, refused)
    found = read_asset(vault, "pages/M.md", "../assets/x.csv", most=100)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.path) == ("E113", "assets/x.csv")
