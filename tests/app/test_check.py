from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from shared_material import CORPORA, ROOT, SEEDS, needs_shared

from graphkit.app.load import load
from graphkit.app.reading.check import report_check

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 3, 2)


def vault(folder: Path, pages: dict[str, str]) -> Path:
    (folder / "logseq").mkdir()
    (folder / "logseq" / "config.edn").write_text("{}", encoding="utf-8")
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def codes(
    folder: Path, *, select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), paths: tuple[str, ...] = ()
) -> list[tuple[str, int, str]]:
    report = report_check(load(folder, as_of=DAY), select=select, ignore=ignore, paths=paths)
    return [(finding.path, finding.line, finding.code) for finding in report.findings]


def test_findings_of_loading_pages_and_trees_come_once_and_by_place(tmp_path: Path) -> None:
    folder = vault(
        tmp_path,
        {
            "pages/a.md": "alias:: b\n\n- TODO: x\n- DONE y\n\t- TODO z\n",
            "pages/b.md": "- TODO\n- a\n",
            "pages/sub.md": "- TODO one\n",
            "sub.md": "- two\n",
        },
    )
    everything = [
        ("pages/a.md", 1, "E208"),
        ("pages/a.md", 3, "W311"),
        ("pages/a.md", 4, "W301"),
        ("pages/b.md", 1, "W310"),
        ("sub.md", 1, "E204"),
    ]
    assert codes(folder) == everything
    assert codes(folder, select=("w3",), ignore=("W301",)) == [everything[1], everything[3]]
    assert codes(folder, paths=("pages/b",)) == [everything[3]]


def test_all_mistakes_of_the_sample_stand_on_the_page_made_for_them() -> None:
    found = codes(ROOT / "sample_graph")
    mistakes = {path for path, _, code in found if code != "W703"}  # a query without a result today is none
    assert mistakes == {"pages/Messy notes.md"}
    assert {"E130", "E207", "E206", "W310", "W311", "W316"} <= {code for _, _, code in found}


@needs_shared
def test_of_the_seeds_only_the_broken_encoding_is_named(tmp_path: Path) -> None:
    experiment, strategy = sorted(SEEDS.glob("*.txt"))
    folder = vault(
        tmp_path,
        {"pages/e.md": experiment.read_text(encoding="utf-8"), "pages/s.md": strategy.read_text(encoding="utf-8")},
    )
    assert codes(folder) == [("pages/s.md", 7, "E130")]


@needs_shared
@pytest.mark.parametrize("name", sorted(path.name for path in CORPORA.glob("*") if path.is_dir()))
def test_every_real_vault_is_checked_to_the_end(name: str) -> None:
    session = load(CORPORA / name, as_of=DAY)
    report = report_check(session)
    assert report.pages == sum(1 for _ in session.catalog.pages())
    assert set(session.loaded.findings) <= set(report.findings)


def test_what_stands_in_the_way_of_a_rollup_is_a_finding_too(tmp_path: Path) -> None:
    folder = vault(
        tmp_path,
        {
            "pages/a.md": "- s\n  graphkit:: nonsense\n- t\n  graphkit:: tasks colour=red\n",
            "pages/b.md": "- s\n  graphkit:: status\n\t- my words\n- t\n  graphkit:: tasks\n",
            "pages/c.md": "- fine\n  graphkit:: status\n",
        },
    )
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    assert codes(folder) == [("pages/a.md", 1, "W602"), ("pages/a.md", 3, "W603"), ("pages/b.md", 1, "W601")]
    assert codes(folder, select=("W602",)) == [("pages/a.md", 1, "W602")]
    assert codes(folder, select=("E",)) == []
    assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before
