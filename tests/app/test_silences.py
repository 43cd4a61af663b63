from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.writing.baseline import write_baseline

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.vault import Vault

BAD = "- TODO a\n  DEADLINE: <2026-03-01>\n"


def vault(folder: Path, text: str, settings: str = "") -> Vault:
    for name, content in {"logseq/config.edn": "{}", "pages/P.md": text, "graphkit.toml": settings}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return load(folder, as_of=dt.date(2026, 3, 2))


def codes(loaded: Vault, *, silenced: bool = False) -> list[str]:
    return [f"{finding.code}:{finding.line}" for finding in report_check(loaded, silenced=silenced).findings]


def test_a_block_silences_its_own_findings_and_those_of_its_children(tmp_path: Path) -> None:
    text = "- x\n  graphkit-ignore:: W315\n\t- TODO a\n\t  DEADLINE: <2026-03-01>\n" + BAD
    loaded = vault(tmp_path, text)
    assert codes(loaded) == ["W315:6"]
    assert codes(loaded, silenced=True) == ["W315:4"]


def test_a_page_silences_all_of_its_findings(tmp_path: Path) -> None:
    loaded = vault(tmp_path, f"graphkit-ignore:: W3, E1\n\n{BAD}")
    assert codes(loaded) == ["E105:1"]  # for E1
    assert codes(loaded, silenced=True) == ["W315:4"]


@pytest.mark.parametrize("code", ["W317", "X999", "nonsense"])
def test_a_silence_without_an_effect_is_a_finding(tmp_path: Path, code: str) -> None:
    assert codes(vault(tmp_path, f"- x\n  graphkit-ignore:: {code}\n")) == ["E105:2"]


def test_settings_silence_a_code_everywhere(tmp_path: Path) -> None:
    loaded = vault(tmp_path, BAD, '[check]\nignore = ["W315"]\n')
    assert codes(loaded) == []
    assert codes(loaded, silenced=True) == ["W315:2"]


def test_a_baseline_leaves_new_findings(tmp_path: Path) -> None:
    assert write_baseline(vault(tmp_path, BAD)) == 1
    assert codes(vault(tmp_path, f"- moved down\n{BAD}")) == []
    assert codes(vault(tmp_path, BAD + BAD)) == ["W315:4"]
    assert write_baseline(vault(tmp_path, BAD + BAD)) == 2


def test_a_broken_baseline_silences_nothing(tmp_path: Path) -> None:
    (tmp_path / ".graphkit").mkdir()
    (tmp_path / ".graphkit" / "baseline.json").write_text('{"findings": [1]}', encoding="utf-8")
    assert codes(vault(tmp_path, BAD)) == ["E105:1", "W315:2"]
