"""`graphkit check --suggest-links`, `--fix` and `--format` on real folders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphkit.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-03-02"
EXPERIMENT = (
    "page-type:: [[experiment]]\nnote:: retention rates\n\n- #goal [[Keep people]]\n- ### Work\n"
    "\t- TODO retention rate\n\t- TODO measure retention rate, retention rates and NPS, not `retention rate`\n"
    "- We keep people with [[Retention rate]] and 10â€“15% more.\n"
)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("GRAPHKIT_GRAPH", raising=False)
    root = tmp_path / "vault"
    for path, text in {
        "logseq/config.edn": "{}",
        "pages/Retention rate.md": "page-type:: [[metric]]\n\n- TODO define it",
        "pages/Net Promoter Score.md": "page-type:: [[metric]]\nalias:: NPS",
        "pages/Trial.md": EXPERIMENT,
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return root


def graphkit(root: Path, *arguments: str) -> int:
    return run(["-g", str(root), "--as-of", DAY, "check", *arguments])


def read(root: Path) -> str:
    return (root / "pages/Trial.md").read_bytes().decode()


LINKED = EXPERIMENT.replace(
    "measure retention rate, retention rates and NPS,",
    "measure [[retention rate]], [retention rates]([[Retention rate]]) and [[NPS]],",
).replace("We keep people", "We [[keep people]]")


def test_links_are_suggested_only_when_asked_for(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert graphkit(vault, "--select", "W416") == 0
    assert capsys.readouterr().out == ""
    assert graphkit(vault, "--select", "W416", "--suggest-links", "--format", "json") == 0
    hints = [finding["hint"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert hints == [
        "write [[retention rate]]", "write [retention rates]([[Retention rate]])", "write [[NPS]]",
        "write [[keep people]]",
    ]  # fmt: skip


def test_a_fix_writes_the_links_and_a_second_one_nothing(vault: Path) -> None:
    assert graphkit(vault, "--suggest-links", "--select", "W416", "--fix", "--dry-run") == 0
    assert read(vault) == EXPERIMENT
    assert graphkit(vault, "--suggest-links", "--select", "W416", "--fix") == 0
    assert read(vault) == LINKED
    assert graphkit(vault, "--suggest-links", "--select", "W416", "--fix") == 0
    assert read(vault) == LINKED
    assert run(["-g", str(vault), "undo"]) == 0
    assert read(vault) == EXPERIMENT


def test_a_broken_encoding_is_put_right_only_when_it_is_named(vault: Path) -> None:
    assert graphkit(vault, "--suggest-links", "--fix") == 1
    assert "10â€“15%" in read(vault)
    assert graphkit(vault, "--fix", "--select", "E130") == 0
    assert read(vault) == LINKED.replace("â€“", "–")


@pytest.mark.parametrize(
    "arguments",
    [("--fix",), ("--dry-run",), ("--fix", "--select", "E1"), ("--fix", "--suggest-links", "--format", "sarif")],
)
def test_what_is_to_be_fixed_has_to_be_said(vault: Path, arguments: tuple[str, ...]) -> None:
    assert graphkit(vault, *arguments) == 2
    assert read(vault) == EXPERIMENT


def test_annotations_for_github(
    vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vault.parent)
    assert graphkit(vault, "--select", "E130", "--format", "github") == 1
    line = capsys.readouterr().out
    assert line.startswith("::warning file=vault/pages/Trial.md,line=8,col=")
    assert "title=E130::the encoding is broken: “10â€“15%25” was probably “10–15%25”" in line


def test_a_sarif_document(vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault)
    assert graphkit(vault, "--select", "E130", "--format", "sarif") == 1
    document = json.loads(capsys.readouterr().out)
    (found,) = document["runs"][0]["results"]
    assert document["version"] == "2.1.0"
    assert (found["ruleId"], found["level"]) == ("E130", "warning")
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "pages/Trial.md"}
    assert place["region"]["startLine"] == 8
    assert [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]] == ["E130"]
