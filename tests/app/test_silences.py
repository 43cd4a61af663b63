from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import report_details, report_status
from graphkit.app.writing.baseline import write_baseline
from graphkit.app.writing.undo import undo_run

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
    environ = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert write_baseline(vault(tmp_path, BAD), environ)[0] == 1
    assert codes(vault(tmp_path, f"- moved down\n{BAD}")) == []
    assert codes(vault(tmp_path, BAD + BAD)) == ["W315:4"]
    count, written = write_baseline(vault(tmp_path, BAD + BAD), environ)
    assert (count, written.run) == (2, 2)
    assert write_baseline(vault(tmp_path, BAD + BAD), environ)[1].run is None
    undo_run(tmp_path, environ)
    assert codes(vault(tmp_path, BAD + BAD)) == ["W315:4"]


def test_status_and_doctor_count_what_check_shows(tmp_path: Path) -> None:
    experiment = f"page-type:: [[experiment]]\ngoal:: [[G]]\n\n- ## Hypothesis\n\t- x\n- ## Work\n{BAD}"
    loud = vault(tmp_path, experiment)
    assert codes(loud) == ["W315:8"]
    assert (report_status(loud, Filters()).warnings, report_status(loud, Filters()).experiments[0].diagnostics) == (
        1,
        1,
    )
    for text, settings in (
        (experiment.replace("- TODO a\n", "- TODO a\n  graphkit-ignore:: W315\n"), ""),
        (experiment, '[check]\nignore = ["w3"]\n'),
    ):
        quiet = vault(tmp_path, text, settings)
        report = report_status(quiet, Filters())
        assert (codes(quiet), report.warnings, report.experiments[0].diagnostics) == ([], 0, 0)
        assert report_details(quiet, ["P"]).experiments[0].findings == ()


@pytest.mark.parametrize(("code", "near"), [("W9", ""), ("W31O", "W31"), ("nonsense", "graphkit explain")])
def test_an_unknown_code_in_the_settings_is_an_error(tmp_path: Path, code: str, near: str) -> None:
    with pytest.raises(RequestError, match="no code begins like that") as caught:
        vault(tmp_path, BAD, f'[check]\nignore = ["{code}"]\n')
    assert near in caught.value.hint


def test_a_broken_baseline_silences_nothing(tmp_path: Path) -> None:
    (tmp_path / ".graphkit").mkdir()
    (tmp_path / ".graphkit" / "baseline.json").write_text('{"findings": [1]}', encoding="utf-8")
    assert codes(vault(tmp_path, BAD)) == ["E105:1", "W315:2"]
