"""Datasets: what a second run reads, what is kept, and that nothing but the manifest gives files a meaning."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from portfolio_vaults import DAY, SameProcess, build, command, digests, parquet_rows, rows_of, write_teams

from graphkit.app.failures import ChangedError, RequestError
from graphkit.portfolio import build as build_module
from graphkit.portfolio.build import Sizes, build_dataset
from graphkit.portfolio.dataset_place import open_place
from graphkit.store.reading import stat_walk

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Sizes(batch_pages=100, batch_vaults=3)


def test_files_that_were_written_just_now_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_walk, "YOUNG_NS", 10**12)
    write_teams(tmp_path / "teams", 2, least=3, most=5)
    assert build(tmp_path / "ds", "teams/*").read == 2
    assert build(tmp_path / "ds", "teams/*").read == 2


def test_a_second_run_reads_only_what_changed(tmp_path: Path) -> None:
    teams = write_teams(tmp_path / "teams", 10, least=5, most=20)
    place = tmp_path / "ds"
    first = build(place, "teams/*", sizes=SMALL)
    assert (first.vaults, first.read, first.unchanged) == (10, 10, 0)
    manifest = (place / "manifest.json").read_bytes()
    second = build(place, "teams/*", sizes=SMALL)
    assert (second.read, second.unchanged, second.rows) == (0, 10, first.rows)
    assert (place / "manifest.json").read_bytes() == manifest
    (teams[4] / "pages" / "Fresh.md").write_text("- TODO a fresh one\n", encoding="utf-8")
    shutil.rmtree(teams[7])
    third = build(place, "teams/*", sizes=SMALL)
    assert (third.vaults, third.read, third.unchanged, third.removed) == (9, 1, 8, 1)
    build(tmp_path / "fresh", "teams/*", sizes=SMALL)
    assert digests(place) == digests(tmp_path / "fresh")
    assert parquet_rows(place) > parquet_rows(tmp_path / "fresh"), "rows of old parts are there, and not shown"


@pytest.mark.parametrize("path", ["logseq/config.edn", "graphkit.toml", "assets/values.csv", ".graphkit/baseline.json"])
def test_a_change_of_any_file_that_rows_depend_on_is_seen(path: str, tmp_path: Path) -> None:
    (team,) = write_teams(tmp_path / "teams", 1, least=5, most=5)
    (team / "assets").mkdir()
    (team / "assets" / "values.csv").write_text("date,value\n2026-02-01,40%\n", encoding="utf-8")
    page = "page-type:: [[metric]]\nunit:: %\ndata:: ../assets/values.csv\n\n- "
    (team / "pages" / "Rate.md").write_text(page, encoding="utf-8")
    place = tmp_path / "ds"
    build(place, team)
    assert build(place, team).read == 0
    (team / path).parent.mkdir(exist_ok=True)
    with (team / path).open("a", encoding="utf-8") as file:
        file.write({"csv": "2026-02-02,41%\n", "json": '{"findings": []}'}.get(path.rsplit(".", 1)[1], "\n"))
    assert build(place, team).read == 1


def test_another_day_or_version_reads_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_teams(tmp_path / "teams", 2, least=3, most=5)
    build(tmp_path / "ds", "teams/*")
    later = DAY.replace(day=3)
    read = build_dataset(["teams/*"], str(tmp_path / "ds"), SameProcess(), later, tmp_path).read
    assert read == 2
    monkeypatch.setattr(build_module, "SCHEMA_VERSION", 0)
    assert build_dataset(["teams/*"], str(tmp_path / "ds"), SameProcess(), later, tmp_path).read == 2


def test_parts_that_no_manifest_names_are_deleted_one_run_later(tmp_path: Path) -> None:
    (team,) = write_teams(tmp_path / "teams", 1, least=5, most=5)
    place = tmp_path / "ds"
    build(place, team)
    old = set(place.glob("*/*.parquet"))
    (team / "pages" / "Fresh.md").write_text("- TODO a fresh one\n", encoding="utf-8")
    build(place, team)
    assert old <= set(place.glob("*/*.parquet")), "whoever reads with the old manifest still finds its parts"
    build(place, team)
    named = {place / name for name in open_place(str(place)).load().parts}  # type: ignore[union-attr]
    assert set(place.glob("*/*.parquet")) == named
    assert old - named


def test_a_killed_run_leaves_the_dataset_as_it_was(tmp_path: Path) -> None:
    teams = write_teams(tmp_path / "teams", 4, least=5, most=10)
    place = tmp_path / "ds"
    build(place, "teams/*", sizes=SMALL)
    before = digests(place)
    (teams[0] / "pages" / "Fresh.md").write_text("- TODO a fresh one\n", encoding="utf-8")

    class Killed(SameProcess):
        def map(self, function, jobs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            yield from list(super().map(function, jobs))[:1]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_dataset(["teams/*"], str(place), Killed(), DAY, tmp_path, sizes=SMALL)
    assert digests(place) == before
    build(place, "teams/*", sizes=SMALL)
    after = digests(place)
    assert after["tasks"] != before["tasks"]
    build(place, "teams/*", sizes=SMALL, everything=True)
    build(place, "teams/*", sizes=SMALL, everything=True)
    assert digests(place) == after
    assert parquet_rows(place) == sum(len(rows_of(place, table)) for table in before)


def test_two_runs_at_once_do_not_overwrite_each_other(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 2, least=3, most=5)
    place = tmp_path / "ds"
    build(place, "teams/team-00")

    class Overtaken(SameProcess):
        def map(self, function, jobs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            build(place, "teams/team-01")
            return super().map(function, jobs)

    with pytest.raises(ChangedError):
        build_dataset(["teams/*"], str(place), Overtaken(), DAY, tmp_path)
    assert [row["name"] for row in rows_of(place, "vaults")] == ["team-01"]


def test_vaults_that_cannot_be_read_hold_up_nothing(tmp_path: Path) -> None:
    (good,) = write_teams(tmp_path / "teams", 1, least=10, most=10)
    for name in ("brackets", "pipe", "broken"):
        (tmp_path / "teams" / name / "pages").mkdir(parents=True)
    (tmp_path / "teams" / "brackets" / "pages" / "X.md").write_bytes(b"- TODO " + b"[[" * 5_000_000)
    os.mkfifo(tmp_path / "teams" / "pipe" / "pages" / "X.md")
    (tmp_path / "teams" / "broken" / "graphkit.toml").write_text("no [toml", encoding="utf-8")
    code, out, errors = command(
        "--as-of", DAY.isoformat(), "portfolio", "build", "-o", tmp_path / "ds", "--workers", "2",
        tmp_path / "teams" / "*", tmp_path / "absent", "--json",
    )  # fmt: skip
    assert code == 4
    document = json.loads(out)
    assert document["schema"] == "graphkit.portfolio-build/1"
    assert {vault["source"].rsplit("/", 1)[1] for vault in document["unread"]} == {"broken", "absent"}
    assert "graphkit.toml" in errors
    rows = {row["name"]: row for row in rows_of(tmp_path / "ds", "vaults")}
    assert "graphkit.toml" in rows["broken"]["error"]
    assert "there is no folder" in rows["absent"]["error"]
    assert rows["brackets"]["error"] is None
    assert rows["brackets"]["tasks"] == 1
    assert rows["pipe"]["error"] is None
    assert [row["code"] for row in rows_of(tmp_path / "ds", "findings") if row["vault"] == rows["pipe"]["vault"]] == [
        "E112"
    ]
    assert rows[good.name]["pages"] == 10
    code, out, errors = command("portfolio", "status", "-d", tmp_path / "ds", "--all")
    assert code == 4
    assert "2 of 5 vaults could not be read" in errors


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_vault_without_rights_is_a_row_with_its_error(tmp_path: Path) -> None:
    (team,) = write_teams(tmp_path / "teams", 1, least=3, most=3)
    team.chmod(0)
    try:
        report = build(tmp_path / "ds", team)
    finally:
        team.chmod(0o755)
    assert "cannot be read" in report.unread[0].error


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "is no manifest"),
        (b"[]", "is no manifest"),
        (b"\xff", "is no manifest"),
        (b'{"schema": "graphkit.portfolio/99"}', "has the schema"),
        (b'{"vaults": [{"id": 1}]}', "is no manifest"),
    ],
)
def test_a_file_that_is_no_manifest_is_an_error_and_stays(data: bytes, said: str, tmp_path: Path) -> None:
    place = tmp_path / "ds"
    place.mkdir()
    (place / "manifest.json").write_bytes(data)
    with pytest.raises(RequestError, match=said):
        build(place, tmp_path)
    assert (place / "manifest.json").read_bytes() == data
    code, out, errors = command("portfolio", "sql", "-d", place, "SELECT 1")
    assert (code, out) == (2, "")
    assert said in errors


def test_no_dataset_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    code, _, errors = command("portfolio", "status", "-d", tmp_path)
    assert code == 2
    assert "portfolio build SOURCE" in errors


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (team,) = write_teams(tmp_path / "teams", 1, least=3, most=3)
    place = tmp_path / "ds"
    (place / "tasks").mkdir(parents=True)
    (place / "tasks" / "notes.txt").write_text("mine", encoding="utf-8")
    (place / "own.parquet").write_text("mine", encoding="utf-8")
    for _ in range(3):
        build(place, team, everything=True)
    assert (place / "tasks" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (place / "own.parquet").read_text(encoding="utf-8") == "mine"


def test_a_huge_vault_is_read_in_chunks_with_the_same_rows(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 2, least=60, most=60)
    build(tmp_path / "whole", "teams/*")
    build(tmp_path / "chunks", "teams/*", sizes=Sizes(huge=50, chunk_pages=11))
    assert digests(tmp_path / "whole") == digests(tmp_path / "chunks")


@pytest.mark.parametrize("part", ["../secret.parquet", "tasks/../../secret.parquet", "/etc/passwd", "tasks/x.parquet"])
def test_a_manifest_that_names_other_files_is_refused(part: str, tmp_path: Path) -> None:
    (team,) = write_teams(tmp_path / "teams", 1, least=3, most=3)
    place = tmp_path / "ds"
    build(place, team)
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    manifest["batches"][0]["parts"]["tasks"] = part
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    code, out, errors = command("portfolio", "sql", "-d", place, "SELECT * FROM tasks")
    assert (code, out) == (2, "")
    assert "not a file of a dataset" in errors


def test_the_rows_of_a_vault_depend_on_nothing_but_its_files_and_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (team,) = write_teams(tmp_path / "teams", 1, least=30, most=30)
    build(tmp_path / "one", team)
    monkeypatch.setenv("GRAPHKIT_STALE_DOING", "1")
    monkeypatch.setenv("GRAPHKIT_CHECKBOXES", "true")
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = sorted(path.stat().st_mtime_ns for path in team.rglob("*"))
    build(tmp_path / "two", team)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert not (tmp_path / "cache").exists()
    assert sorted(path.stat().st_mtime_ns for path in team.rglob("*")) == before
