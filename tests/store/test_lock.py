from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from graphkit.store.places import CACHE_VARIABLE, STATE_VARIABLE, Places, places_for, vault_key
from graphkit.store.writing.lock import HOLDER_NAME, Holder, LockUnusableError, VaultBusyError, read_holder, writing

HOLD = """
import sys
from pathlib import Path
from graphkit.store.writing.lock import writing
from graphkit.store.places import Places
with writing(Places(cache=Path(sys.argv[1]), state=Path(sys.argv[1])), "graphkit watch"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(cache=tmp_path / "cache" / "vault", state=tmp_path / "state" / "vault")


def test_one_process_writes_at_a_time_and_says_who_it_is(places: Places) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.cache)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(VaultBusyError) as busy, writing(places, "graphkit rollup"):
            pass
        assert busy.value.holder == Holder(pid=holder.pid, host=socket.gethostname(), command="graphkit watch")
        assert str(busy.value) == (
            f"`graphkit watch` (process {holder.pid} on {socket.gethostname()}) is writing into this vault"
        )
        holder.stdin.close()
        assert holder.wait() == 0
    with writing(places, "graphkit rollup"):
        assert read_holder(places) == Holder(pid=os.getpid(), host=socket.gethostname(), command="graphkit rollup")
    assert read_holder(places) is None


def test_a_killed_holder_holds_nothing(places: Places) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.cache)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        holder.kill()
        holder.wait()
    with writing(places, "graphkit rollup"):
        held = read_holder(places)
    assert held is not None
    assert held.pid == os.getpid()


def test_an_error_inside_gives_the_lock_back(places: Places) -> None:
    with pytest.raises(ZeroDivisionError), writing(places, "one"):
        raise ZeroDivisionError
    with writing(places, "two"), pytest.raises(VaultBusyError), writing(places, "three", wait_s=0.01):
        pass


def test_a_note_that_cannot_be_read_names_nobody(places: Places) -> None:
    with writing(places, "one"):
        (places.cache / HOLDER_NAME).write_text("[]", encoding="utf-8")
        with pytest.raises(VaultBusyError) as busy, writing(places, "two"):
            pass
    assert (busy.value.holder, str(busy.value)) == (None, "another process is writing into this vault")


def test_a_cache_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(LockUnusableError) as unusable,
        writing(Places(cache=tmp_path / "file" / "x", state=tmp_path), "x"),
    ):
        pass
    assert str(tmp_path / "file" / "x") in str(unusable.value)
    assert CACHE_VARIABLE in unusable.value.remedy


def test_vaults_have_places_of_their_own(tmp_path: Path) -> None:
    environ = {CACHE_VARIABLE: str(tmp_path / "c"), STATE_VARIABLE: str(tmp_path / "s")}
    one, other = (tmp_path / name / "My notes ☃ (2026)" for name in ("one", "other"))
    one.mkdir(parents=True)
    other.mkdir(parents=True)
    places = places_for(one, environ)
    assert places == Places(cache=tmp_path / "c" / vault_key(one), state=tmp_path / "s" / vault_key(one))
    assert places.undo == tmp_path / "s" / vault_key(one) / "undo"
    assert vault_key(one).startswith("My-notes-2026-")
    assert vault_key(one) != vault_key(other)


def test_a_vault_has_the_same_places_however_it_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (tmp_path / "link").symlink_to(vault)
    monkeypatch.chdir(vault)
    ways = [vault, tmp_path / "link", tmp_path / "vault" / ".." / "link", Path()]
    assert len({vault_key(way) for way in ways}) == 1


def test_without_variables_the_places_are_the_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    places = places_for(tmp_path, {})
    assert places.cache.name == places.state.name == vault_key(tmp_path)
    assert "graphkit" in places.cache.parts
    assert "graphkit" in places.state.parts
    if sys.platform == "linux":
        assert places.cache.parent == tmp_path / "c" / "graphkit"
        assert places.state.parent == tmp_path / "s" / "graphkit"
