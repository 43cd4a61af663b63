"""The values of a configuration that are kept: those that reading it gives, and only while it is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.app import configuration as module
from graphkit.app.configuration import configuration
from graphkit.vault.config import read_config

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    '{:file/name-format :triple-lowbar :hidden ["old" "/a.md"] :journals-directory "days"'
    " :property-pages/excludelist #{:author :source} :feature/enable-timetracking? false}"
)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "cache" / "configuration")


def asked_anew(data: bytes, folder: str | None) -> object:
    module._read.cache_clear()
    return configuration(data, folder)


def test_what_is_kept_is_what_was_read_and_is_not_read_again(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read_config(TEXT)
    assert expected[1] == ()
    assert asked_anew(TEXT.encode(), folder) == expected
    monkeypatch.setattr(module, "read_config", lambda _: pytest.fail("it was read again"))
    assert asked_anew(TEXT.encode(), folder) == expected


@pytest.mark.parametrize("text", ["{:hidden 3}", "{", '{:journal/page-title-format "EE"}'])
def test_what_is_wrong_is_found_every_time(folder: str, text: str) -> None:
    for _ in range(2):
        assert asked_anew(text.encode(), folder) == read_config(text)
        assert read_config(text)[1]


def test_another_text_another_program_and_damage_are_read(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_anew(TEXT.encode(), folder)
    other = TEXT.replace("days", "logs")
    assert asked_anew(other.encode(), folder) == read_config(other)
    for kept in (tmp_path / "cache" / "configuration").iterdir():
        kept.write_bytes(kept.read_bytes().replace(b"days", b"dogs"))
    assert asked_anew(TEXT.encode(), folder) == read_config(TEXT)
    monkeypatch.setattr(module, "program_now", lambda layers: [*layers])
    before = len(list((tmp_path / "cache" / "configuration").iterdir()))
    assert asked_anew(TEXT.encode(), folder) == read_config(TEXT)
    assert len(list((tmp_path / "cache" / "configuration").iterdir())) == before + 1


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    assert asked_anew(TEXT.encode(), None) == read_config(TEXT)
    assert list(tmp_path.iterdir()) == []
