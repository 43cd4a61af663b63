"""`init`: every setting as a comment, nothing overwritten, and what Logseq's configuration lacks."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from graphkit.app.load import load
from graphkit.app.writing.init import init_vault, settings_text
from graphkit.app.writing.undo import undo_run
from graphkit.cli.main import run
from graphkit.vault.settings import KEYS, Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "vault/logseq").mkdir(parents=True)
    (tmp_path / "vault/logseq/config.edn").write_text("{:block-hidden-properties #{:public}}", encoding="utf-8")
    (tmp_path / "vault/pages").mkdir()
    (tmp_path / "vault/pages/A.md").write_text("- a", encoding="utf-8")
    return tmp_path / "vault"


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def test_the_text_sets_nothing_and_holds_every_key_with_its_default() -> None:
    text = settings_text()
    assert read_settings(text) == Settings()
    set_lines = re.sub(r"^# (?=\[|[a-z_-]+ = )", "", text, flags=re.MULTILINE)
    written = tomllib.loads(set_lines)
    names = {
        f"{name}.{inner}" if isinstance(value, dict) and value else name
        for name, value in written.items()
        for inner in (value if isinstance(value, dict) and value else [""])
    }
    assert names == {key.name for key in KEYS}
    read = read_settings(set_lines)
    assert (read.stale, read.estimates, read.experiment) == (
        Settings().stale,
        Settings().estimates,
        Settings().experiment,
    )
    assert max(map(len, text.splitlines())) <= 120


def test_it_is_written_once_and_undone(vault: Path, environ: Mapping[str, str]) -> None:
    report = init_vault(load(vault), environ)
    assert (report.exists, report.additions) == (
        False,
        (":block-hidden-properties #{:graphkit :public}", ":property-pages/excludelist #{:graphkit}"),
    )
    assert (vault / "graphkit.toml").read_text(encoding="utf-8") == settings_text()
    (vault / "graphkit.toml").write_text("checkboxes = true\n", encoding="utf-8")
    assert init_vault(load(vault), environ).exists
    assert (vault / "graphkit.toml").read_text(encoding="utf-8") == "checkboxes = true\n"
    (vault / "graphkit.toml").write_text(settings_text(), encoding="utf-8")
    undo_run(vault, environ)
    assert not (vault / "graphkit.toml").exists()


def test_the_command(
    vault: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert run(["-g", str(vault), "init", "--dry-run"]) == 0
    assert capsys.readouterr().out == settings_text()
    assert run(["-g", str(vault), "init"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "wrote graphkit.toml; `graphkit undo` reverts it (run 1)",
        "graphkit never writes Logseq's configuration. Add or replace these lines in logseq/config.edn:",
        "  :block-hidden-properties #{:graphkit :public}",
        "  :property-pages/excludelist #{:graphkit}",
    ]
