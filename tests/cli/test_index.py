"""The index from outside: commands, a cache folder that cannot be used, processes that are killed or run at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

from benchmarks.generate import write_vault
from graphkit.cache import database
from graphkit.cache.database import CacheUnusableError
from graphkit.cache.facts_cache import open_cache
from graphkit.cli.main import run
from graphkit.store.places import INDEX_NAME, places_for

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (
    ("status", "--json"), ("status",), ("status", "--by", "goal", "--all"), ("tasks", "--json"), ("check", "--json"),
    ("metrics", "--json"), ("goals", "--json"), ("next", "--json"), ("strategies", "--json"),
    ("graph", "stats", "--json"),
)  # fmt: skip


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "vault"
    write_vault(root, pages=300, seed=3)
    return root


def index_of(vault: Path) -> Path:
    return places_for(vault, os.environ).cache / INDEX_NAME


def settle(vault: Path) -> None:
    """Make every file old enough that its stamp alone is trusted, as after two quiet seconds."""
    from graphkit.store.reading import stat_walk  # noqa: PLC0415 - the limit is moved instead of waiting for it

    assert stat_walk.YOUNG_NS == 2 * 10**9
    stat_walk.YOUNG_NS = 0
    try:
        assert run(["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]) == 0
    finally:
        stat_walk.YOUNG_NS = 2 * 10**9


def said(capsys: pytest.CaptureFixture[str], vault: Path, *words: str, day: str = "2026-03-02") -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(["-g", str(vault), "--as-of", day, *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_says_the_same_with_and_without(
    vault: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    plain = said(capsys, vault, *words, "--no-index")
    assert not index_of(vault).exists()
    assert said(capsys, vault, *words) == plain
    assert index_of(vault).exists()
    settle(vault)
    assert said(capsys, vault, *words) == plain
    assert said(capsys, vault, *words) == plain


def test_a_kept_answer_is_given_only_where_it_still_holds(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def same(*words: str, day: str = "2026-03-02") -> str:
        fresh = said(capsys, vault, "status", "--json", *words, "--no-index", day=day)
        for _ in range(2):
            settle(vault)
            assert said(capsys, vault, "status", "--json", *words, day=day) == fresh
        return fresh[1]

    seen = [same(), same("--status", "overdue"), same(day="2026-09-01")]
    pages = sorted((vault / "pages").glob("*.md"))
    experiment = next(page for page in pages if "test 0" in page.name)
    experiment.write_text(experiment.read_text(encoding="utf-8").replace("TODO", "DONE"), encoding="utf-8")
    seen.append(same())
    experiment.write_text(experiment.read_text(encoding="utf-8") + "- A [[Nobody]] was here\n", encoding="utf-8")
    seen.append(same())
    metric = next(page for page in pages if "rate 0" in page.name)
    (vault / "assets").mkdir()
    data = vault / "assets" / "values.csv"
    metric.write_text("type:: metric\ndata:: ../assets/values.csv\n", encoding="utf-8")
    experiment.write_text(f"type:: experiment\nprimary:: [[{metric.stem}]]\n- TODO measure\n", encoding="utf-8")
    for text in ("date,value\n2026-02-01,5\n", "date,value\n2026-02-01,6\n", None):
        if text is None:
            data.unlink()
        else:
            data.write_text(text, encoding="utf-8")
        seen.append(same())
    (vault / "pages" / "drawing.excalidraw").write_text("{}", encoding="utf-8")
    same()
    (vault / "logseq" / "config.edn").write_text('{:hidden ["journals"]}', encoding="utf-8")
    seen.append(same())
    assert len(set(seen)) >= 8


def test_an_answer_is_given_without_opening_the_vault(
    vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(vault)
    settle(vault)
    expected = said(capsys, vault, "status", "--json", "--no-index")

    def opened(*_: object, **__: object) -> object:
        pytest.fail("the vault was opened")

    monkeypatch.setattr("graphkit.app.load.load", opened)
    assert said(capsys, vault, "status", "--json") == expected


def test_a_cache_folder_that_cannot_be_used_is_told_once(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, vault, "status", "--json", "--no-index")
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    again = said(capsys, vault, "status", "--json")
    assert again[:2] == (code, out)
    assert again[2].removeprefix(err).count("The index could not be used") == 1
    assert said(capsys, vault, "index", "rebuild")[0] == 2


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_index_is_made_one(vault: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    expected = said(capsys, vault, "status", "--json", "--no-index")
    index_of(vault).parent.mkdir(parents=True)
    index_of(vault).write_bytes(content)
    assert said(capsys, vault, "status", "--json") == expected
    assert said(capsys, vault, "index", "info")[1].splitlines()[2:5:2] == ["state\tready", "pages\t300"]


def test_an_index_of_another_version_is_made_anew(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = said(capsys, vault, "status", "--json")
    with sqlite3.connect(index_of(vault)) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    assert said(capsys, vault, "status", "--json") == expected
    with sqlite3.connect(index_of(vault)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (database.SCHEMA,)
    other.close()


def test_an_index_that_another_process_holds_is_done_without_in_silence(
    vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.cache.database.BUSY_S", 0.05)
    expected = said(capsys, vault, "status", "--json")
    (vault / "pages" / "More.md").write_text("- TODO more\n", encoding="utf-8")
    expected = said(capsys, vault, "status", "--json", "--no-index")
    other = sqlite3.connect(index_of(vault), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert said(capsys, vault, "status", "--json") == expected
    other.close()


def test_info_rebuild_and_drop(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, vault, "index", "info")[1].splitlines()[-1] == "state\tabsent"
    code, out, _ = said(capsys, vault, "index", "rebuild")
    assert (code, out.splitlines()[4]) == (0, "pages\t300")
    assert said(capsys, vault, "index", "drop") == (0, "", "Deleted the index.\n")
    assert said(capsys, vault, "index", "drop") == (0, "", "This vault has no index.\n")
    assert not index_of(vault).exists()


def start(vault: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "graphkit.cli.main", "-g", str(vault), "--as-of", "2026-03-02", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def killed_and_right(vault: Path, capsys: pytest.CaptureFixture[str], delays: list[float]) -> None:
    pages = sorted((vault / "pages").glob("*.md"))
    for number, delay in enumerate(delays):
        for page in pages[number :: len(delays)]:
            page.write_text(page.read_text(encoding="utf-8") + f"- TODO number {number}\n", encoding="utf-8")
        with start(vault, "status", "--json") as process:
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        expected = said(capsys, vault, "tasks", "--json", "--no-index")
        assert said(capsys, vault, "tasks", "--json") == expected


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_refresh_that_is_killed_leaves_no_wrong_answer(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    killed_and_right(vault, capsys, [0.12, 0.25, 0.4])


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_hundred_kills(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    killed_and_right(vault, capsys, [0.1 + number * 0.005 for number in range(100)])


def side_by_side(vault: Path, rounds: int) -> None:
    page = vault / "pages" / "Changing.md"
    for number in range(rounds):
        page.write_text(f"type:: experiment\n- TODO number {number}\n", encoding="utf-8")
        processes = [start(vault, "status", "--json") for _ in range(3)]
        with start(vault, "status", "--json", "--no-index") as plain:
            expected, _ = plain.communicate()
        for process in processes:
            with process:
                out, err = process.communicate()
            assert (process.returncode, out, err) == (0, expected, "")


def test_several_processes_at_once_agree(vault: Path) -> None:
    side_by_side(vault, 2)


@pytest.mark.soak
def test_several_processes_for_a_long_time(vault: Path) -> None:
    side_by_side(vault, 100)


def beside_a_watcher(vault: Path, seconds: float) -> int:
    """Edits, a watcher that writes, and ten commands at once for so long; how many commands were run."""
    pages = sorted((vault / "pages").glob("*.md"))
    experiment = next(page for page in pages if "[[experiment]]" in page.read_text(encoding="utf-8"))
    text = experiment.read_text(encoding="utf-8")
    (vault / "pages" / "Board.md").write_text("- ## Status\n  graphkit:: status\n", encoding="utf-8")
    asked = 0
    with start(vault, "watch") as watcher:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            experiment.write_text(f"{text}- TODO number {asked}\n", encoding="utf-8")
            processes = [start(vault, "status", "--json") for _ in range(10)]
            for process in processes:
                with process:
                    out, err = process.communicate()
                assert (process.returncode, err, json.loads(out)["vault"]) == (0, "", "vault")
            asked += len(processes)
        watcher.send_signal(signal.SIGINT)
        _, told = watcher.communicate()
        assert "Traceback" not in told
    with sqlite3.connect(index_of(vault)) as index:
        assert index.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    index.close()
    return asked


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_commands_beside_a_watcher(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert beside_a_watcher(vault, 2.0) >= 10
    assert said(capsys, vault, "status", "--json") == said(capsys, vault, "status", "--json", "--no-index")


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_commands_beside_a_watcher_for_minutes(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert beside_a_watcher(vault, 180.0) >= 100
    assert said(capsys, vault, "status", "--json") == said(capsys, vault, "status", "--json", "--no-index")


def test_the_index_of_a_vault_is_found_through_a_link(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(vault)
    assert index_of(tmp_path / "link") == index_of(vault)
    shutil.rmtree(vault)


def test_a_command_leaves_no_log_for_the_next_one_to_go_through(
    vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["status"], ["tasks"]):
        said(capsys, vault, *words)
        assert sorted(path.name for path in index_of(vault).parent.glob("index*")) == ["index.sqlite"]


def test_a_file_that_another_process_deletes_meanwhile_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = sqlite3.OperationalError("disk I/O error")
    gone.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHORT_READ
    connect = database.connect
    failures = [gone]

    def connected(path: Path) -> sqlite3.Connection:
        if failures:
            raise failures.pop()
        return connect(path)

    monkeypatch.setattr(database, "connect", connected)
    open_cache(tmp_path / "index.sqlite", b"any", lambda _: None).close()
    failures += [gone, gone]
    with pytest.raises(CacheUnusableError, match="disk I/O error") as told:
        open_cache(tmp_path / "index.sqlite", b"any", lambda _: None)
    assert not told.value.quiet


def test_nothing_is_left_of_an_index_that_is_dropped(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, vault, "status")
    assert index_of(vault).parent.is_dir()
    said(capsys, vault, "index", "drop")
    assert not index_of(vault).parent.exists()


def test_a_cache_folder_that_is_none_is_told_by_name(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none").write_text("", encoding="utf-8")
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "none"))
    code, out, _ = said(capsys, vault, "index", "info")
    assert (code, "absent" in out) == (0, True)
    code, _, err = said(capsys, vault, "index", "drop")
    assert (code, str(tmp_path / "none") in err) == (2, True)


REPLAY = {
    "graphkit.cache.inputs", "graphkit.cli.replay", "graphkit.cli.main", "graphkit.cache.last_output",
    "graphkit.store.reading", "graphkit.store.reading.stat_walk", "graphkit.store.user_folders",
    "graphkit.text.digests",
}  # fmt: skip


def loaded_by_status(vault: Path) -> set[str]:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    program = (
        "import sys; from graphkit.cli.main import run; from graphkit.store.reading import stat_walk\n"
        "stat_walk.YOUNG_NS = 0\n"
        f"run({words}); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_a_replayed_output_loads_next_to_nothing(vault: Path) -> None:
    loaded_by_status(vault)
    loaded = loaded_by_status(vault)
    assert {name for name in loaded if name.startswith("graphkit.") and name.count(".") > 1} == REPLAY
    assert loaded.isdisjoint({"click", "sqlite3", "json", "pathlib", "re", "typing", "dataclasses", "hashlib"})


def test_damage_that_sqlite_cannot_put_into_words_makes_the_index_anew(tmp_path: Path) -> None:
    place = tmp_path / "index.sqlite"
    database.connect(place).close()
    data = place.read_bytes()
    assert data.count(b"tablepagepage") == 1
    place.write_bytes(data.replace(b"tablepagepage", b"tablep\xc5gepage"))
    with pytest.raises(UnicodeDecodeError):
        database.connect(place)
    cache = open_cache(place, b"any", lambda _: None)
    assert cache.find("pages/A.md", (0, 0, 0, 0)) is None
    cache.close()


def test_tables_of_other_rooms_live_and_go_with_the_fingerprint(tmp_path: Path) -> None:
    place, table = tmp_path / "index.sqlite", ("CREATE TABLE IF NOT EXISTS query_block (path BLOB)",)
    cache = open_cache(place, b"one", lambda _: None)
    with cache.transaction(table) as connection:
        connection.execute("INSERT INTO query_block VALUES (x'00')")
    for fingerprint, rows in ((b"one", 1), (b"two", 0)):
        cache = open_cache(place, fingerprint, lambda _: None)
        with cache.transaction(table) as connection:
            assert connection.execute("SELECT count(*) FROM query_block").fetchone() == (rows,)
    stale = open_cache(place, b"two", lambda _: None)
    with open_cache(place, b"three", lambda _: None).transaction():
        pass
    with pytest.raises(CacheUnusableError) as told, stale.transaction(table):
        pass
    assert told.value.quiet


def test_a_transaction_that_fails_leaves_the_tables_as_they_were(tmp_path: Path) -> None:
    cache, table = open_cache(tmp_path / "index.sqlite", b"one", lambda _: None), "CREATE TABLE IF NOT EXISTS t (n INT)"
    with cache.transaction((table,)) as connection:
        connection.execute("INSERT INTO t VALUES (1)")

    def fail() -> None:
        with cache.transaction() as connection:
            connection.execute("DELETE FROM t")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with cache.transaction() as connection:
        assert connection.execute("SELECT n FROM t").fetchall() == [(1,)]
