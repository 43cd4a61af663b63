from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from shared_material import CORPORA, ROOT, needs_shared

from graphkit.cli.main import run
from graphkit.cli.share.export import FORMATS
from graphkit.export import graphs

if TYPE_CHECKING:
    from pathlib import Path


def printed(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> bytes:
    assert run(arguments) == 0
    return capfdbinary.readouterr().out


def test_the_command_offers_every_format() -> None:
    assert set(FORMATS) == {*graphs.FORMATS, "blocks", "csv"}


def test_blocks_are_read_as_logseq_reads_whatever_the_dialect(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = "---\ntags: [a]\n---\n# Head\n- [ ] box\n- TODO [[Note|label]] #nested/tag\n"
    for name, folder in (("one", ".obsidian"), ("two", "logseq"), ("three", "plain")):
        (tmp_path / name / folder).mkdir(parents=True)
        (tmp_path / name / "Note.md").write_text(text, encoding="utf-8")
    outputs = {printed(capfdbinary, "-g", str(tmp_path / name), "export", "blocks") for name in ("one", "two", "three")}
    assert len(outputs) == 1
    first = json.loads(outputs.pop().splitlines()[0])
    assert first["name"] == "note"
    assert any(block.get("marker") == "TODO" for block in first["blocks"])


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv"])
def test_a_file_holds_what_stdout_would(name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    vault = str(ROOT / "sample_graph")
    target = tmp_path / "out"
    target.write_bytes(b"old" * 10_000_000)
    assert run(["-g", vault, "export", name, "-o", str(target)]) == 0
    capfdbinary.readouterr()
    assert target.read_bytes() == printed(capfdbinary, "-g", vault, "export", name)


def test_csv_makes_its_folder(tmp_path: Path) -> None:
    assert run(["-g", str(ROOT / "sample_graph"), "export", "csv", "-o", str(tmp_path / "a" / "b")]) == 0
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == ["edges.csv", "nodes.csv"]


@pytest.mark.parametrize("name", ["json", "mermaid", "blocks"])
def test_every_run_gives_the_same_bytes(name: str) -> None:
    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "graphkit.cli.main", "-g", "sample_graph", "export", name],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True,
        )  # fmt: skip
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_a_disk_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vault" / "pages").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert run(["-g", "vault", "export", "json", "-o", "/dev/full" if os.path.exists("/dev/full") else "vault"]) == 2  # noqa: PTH110
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files there")
def test_a_file_that_cannot_be_finished_keeps_what_it_held(tmp_path: Path) -> None:
    target = tmp_path / "graph.json"
    target.write_text("old")
    done = subprocess.run(
        ["sh", "-c", f'ulimit -f 8; exec "{sys.executable}" -m graphkit.cli.main export json -o "{target}"'],
        cwd=ROOT / "sample_graph", env={**os.environ, "GRAPHKIT_NO_INDEX": "1"}, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, b"cannot write" in done.stderr) == (2, True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("graph.json", "old")]


@needs_shared
@pytest.mark.parametrize("name", ["airline-strategy", "logseq-docs", "obsidian-tasks-vault", "lablog", "long-lines"])
def test_real_vaults_in_every_format(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, kind in enumerate(FORMATS):
        assert run(["-g", str(CORPORA / name), "export", kind, "-o", str(tmp_path / str(number))]) in {0, 4}
    assert "error" not in capsys.readouterr().err
    nodes = nx.node_link_graph(
        json.loads((tmp_path / "1").read_text(encoding="utf-8")), edges="edges"
    ).number_of_nodes()
    assert nx.read_graphml(tmp_path / "2", force_multigraph=True).number_of_nodes() == nodes
    assert nx.read_gexf(tmp_path / "3").number_of_nodes() == nodes
