from __future__ import annotations

import errno
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faulty_disk import Crash, FaultyDisk
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.store.writing.atomic_write import create_page, write_page
from graphkit.store.writing.outcome import Outcome
from graphkit.store.writing.restore import UndoReport, list_runs, undo_last
from graphkit.store.writing.undo_store import KEPT_PER_PAGE, UndoRun, UndoStore
from graphkit.store.writing.writable import refuse_content
from graphkit.text.edit import digest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = "pages/a.md"
OTHER = "pages/b.md"


class Vault:
    """A vault and its undo store in one folder."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.store = UndoStore(folder / "state" / "undo", fs=FaultyDisk())
        (self.root / "pages").mkdir(parents=True)

    def set(self, page: str, data: bytes) -> None:
        (self.root / page).write_bytes(data)

    def run(self, changes: dict[str, bytes], command: str = "rollup") -> UndoRun:
        """One run that gives these pages these bytes."""
        run = self.store.begin(time=NOW, command=command)
        for page, data in changes.items():
            self.write(run, page, data)
        return run

    def write(self, run: UndoRun, page: str, data: bytes) -> None:
        if (self.root / page).exists():
            result = write_page(self.root, page, lambda _old: data, keeper=run, fs=FaultyDisk())
        else:
            result = create_page(self.root, page, data, keeper=run, fs=FaultyDisk())
        assert result.outcome in {Outcome.WRITTEN, Outcome.UNCHANGED}

    def undo(self, run_id: int | None = None) -> UndoReport:
        return undo_last(self.root, self.store, time=NOW, run_id=run_id, fs=FaultyDisk())

    def pages(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def run_file(self, run_id: int) -> Path:
        return Path(self.store.path("runs", f"{run_id:08d}.jsonl"))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def outcomes(report: UndoReport) -> list[tuple[str, str]]:
    return [(result.page, result.outcome.value) for result in report.results]


def test_undo_takes_back_a_run_with_all_its_pages(vault: Vault) -> None:
    vault.set(PAGE, b"\xef\xbb\xbf- old\r\n")
    vault.run({PAGE: b"- new\n", OTHER: b"- created"})
    report = vault.undo()
    assert report.run is not None
    assert (report.run.id, report.run.time, report.run.command, report.run.pages) == (1, NOW, "rollup", (PAGE, OTHER))
    assert outcomes(report) == [(OTHER, "written"), (PAGE, "written")]
    assert vault.pages() == {PAGE: b"\xef\xbb\xbf- old\r\n"}


def test_a_run_that_writes_nothing_leaves_no_trace(vault: Vault) -> None:
    vault.set(PAGE, b"- same\n")
    run = vault.run({PAGE: b"- same\n"})
    assert (run.id, list_runs(vault.store), vault.undo()) == (None, (), UndoReport(run=None))


def test_runs_are_taken_back_one_after_the_other(vault: Vault) -> None:
    vault.set(PAGE, b"- 0\n")
    for number in (1, 2, 3):
        vault.run({PAGE: b"- %d\n" % number}, f"run {number}")
    seen = []
    while (report := vault.undo()).run is not None:
        seen.append((report.run.command, vault.pages()[PAGE]))
    assert seen == [("run 3", b"- 2\n"), ("run 2", b"- 1\n"), ("run 1", b"- 0\n")]
    assert [(run.command, run.undone) for run in list_runs(vault.store)] == [
        ("undo 1", False),
        ("undo 2", False),
        ("undo 3", False),
        ("run 3", True),
        ("run 2", True),
        ("run 1", True),
    ]


def test_a_page_that_a_person_changed_is_a_conflict_and_stays(vault: Vault) -> None:
    vault.set(PAGE, b"- old\n")
    vault.run({PAGE: b"- new\n", OTHER: b"- created\n"})
    vault.set(OTHER, b"- created\n- and more\n")
    report = vault.undo()
    assert outcomes(report) == [(OTHER, "conflict"), (PAGE, "written")]
    assert vault.pages() == {PAGE: b"- old\n", OTHER: b"- created\n- and more\n"}
    assert outcomes(vault.undo()) == [(OTHER, "conflict"), (PAGE, "unchanged")]
    vault.set(OTHER, b"- created\n")
    assert outcomes(vault.undo()) == [(OTHER, "written"), (PAGE, "unchanged")]
    assert vault.undo().run is None
    assert vault.pages() == {PAGE: b"- old\n"}


def test_a_conflict_names_the_file_with_the_previous_bytes(vault: Vault) -> None:
    vault.set(PAGE, b"- old\n")
    vault.run({PAGE: b"- new\n"})
    vault.set(PAGE, b"- theirs\n")
    (result,) = vault.undo().results
    kept = result.remedy.rpartition(" ")[2]
    assert (result.outcome, Path(kept).read_bytes()) == (Outcome.CONFLICT, b"- old\n")


def test_an_older_run_can_be_named(vault: Vault) -> None:
    vault.set(PAGE, b"- old\n")
    vault.run({PAGE: b"- new\n"})
    vault.run({OTHER: b"- created\n"})
    assert outcomes(vault.undo(1)) == [(PAGE, "written")]
    assert vault.pages() == {PAGE: b"- old\n", OTHER: b"- created\n"}
    assert vault.undo(1).run is None
    assert vault.undo(77).run is None
    assert outcomes(vault.undo()) == [(OTHER, "written")]


def test_an_undo_can_be_undone(vault: Vault) -> None:
    vault.set(PAGE, b"- old\n")
    vault.run({PAGE: b"- new\n", OTHER: b"- created\n"})
    after = vault.pages()
    vault.undo()
    assert outcomes(vault.undo(2)) == [(PAGE, "written"), (OTHER, "written")]
    assert vault.pages() == after
    report = vault.undo()
    assert report.run is not None
    assert (report.run.id, vault.pages()) == (1, {PAGE: b"- old\n"})


def test_several_writes_of_one_page_go_back_in_one_step(vault: Vault) -> None:
    run = vault.store.begin(time=NOW, command="new")
    for data in (b"- 1\n", b"- 2\n", b"- 3\n"):
        vault.write(run, PAGE, data)
    assert outcomes(vault.undo()) == [(PAGE, "written")]
    assert vault.pages() == {}


def test_a_page_between_whose_writes_a_person_wrote_goes_back_only_to_their_words(vault: Vault) -> None:
    vault.set(PAGE, b"- 0\n")
    run = vault.store.begin(time=NOW, command="watch")
    vault.write(run, PAGE, b"- 1\n")
    vault.set(PAGE, b"- theirs\n")
    vault.write(run, PAGE, b"- theirs\n- 2\n")
    assert outcomes(vault.undo()) == [(PAGE, "written"), (PAGE, "conflict")]
    assert vault.pages() == {PAGE: b"- theirs\n"}


def test_a_page_that_vanished_is_a_conflict(vault: Vault) -> None:
    vault.set(PAGE, b"- old\n")
    vault.run({PAGE: b"- new\n"})
    (vault.root / PAGE).unlink()
    assert outcomes(vault.undo()) == [(PAGE, "conflict")]
    assert vault.pages() == {}


def test_a_created_page_that_is_gone_needs_nothing(vault: Vault) -> None:
    vault.run({PAGE: b"- new\n"})
    (vault.root / PAGE).unlink()
    assert outcomes(vault.undo()) == [(PAGE, "unchanged")]
    assert vault.undo().run is None


WRITABLE = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=30), st.text(st.sampled_from("-\t \r\n\ufeff☃"), max_size=10)
).map(lambda text: text.encode())
HISTORIES = st.lists(st.dictionaries(st.sampled_from([PAGE, OTHER, "journals/c.md"]), WRITABLE, min_size=1), max_size=6)


@settings(max_examples=40)
@given(HISTORIES)
def test_undoing_everything_gives_back_every_state_to_the_byte(history: list[dict[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder))
        states = [vault.pages()]
        for changes in history:
            assert not any(map(refuse_content, changes.values()))
            vault.run(changes)
            if vault.pages() != states[-1]:
                states.append(vault.pages())
        while len(states) > 1:
            states.pop()
            assert vault.undo().run is not None
            assert vault.pages() == states[-1]
        assert vault.undo().run is None


def test_only_the_newest_states_of_a_page_are_kept(vault: Vault) -> None:
    vault.set(OTHER, b"- other\n")
    vault.run({OTHER: b"- other 2\n"}, "early")
    vault.set(PAGE, b"- 0\n")
    for number in range(1, KEPT_PER_PAGE + 6):
        vault.run({PAGE: b"- %d\n" % number})
    runs = list_runs(vault.store)
    assert len(runs) == KEPT_PER_PAGE + 1
    assert runs[-1].command == "early"
    (folder,) = (path for path in Path(vault.store.path("pages")).iterdir() if path.name.startswith("a-"))
    assert len(list(folder.iterdir())) == KEPT_PER_PAGE
    assert vault.undo().run is not None
    assert vault.pages()[PAGE] == b"- %d\n" % (KEPT_PER_PAGE + 4)


def test_a_damaged_kept_file_spoils_only_its_own_page(vault: Vault) -> None:
    vault.set(PAGE, b"- old a\n")
    vault.set(OTHER, b"- old b\n")
    vault.run({PAGE: b"- new a\n", OTHER: b"- new b\n"})
    (entry, _other) = list_runs(vault.store)[0].entries
    Path(vault.store.path(entry.kept)).write_bytes(b"- old ?\n")
    report = vault.undo()
    assert outcomes(report) == [(OTHER, "written"), (PAGE, "failed")]
    assert vault.pages() == {PAGE: b"- new a\n", OTHER: b"- old b\n"}


@given(st.binary(max_size=40))
@settings(max_examples=40)
def test_damaged_notes_of_a_run_are_passed_over(rubbish: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder))
        vault.set(PAGE, b"- old\n")
        vault.run({PAGE: b"- new\n"})
        vault.run({OTHER: b"- created\n"})
        notes = vault.run_file(2).read_bytes()
        vault.run_file(2).write_bytes(rubbish)
        assert outcomes(vault.undo()) == [(PAGE, "written")]
        vault.run_file(2).write_bytes(b"\n".join((rubbish, notes, rubbish)))
        assert OTHER in [page for run in list_runs(vault.store) for page in run.pages]


def test_notes_that_are_json_but_make_no_sense_are_passed_over(vault: Vault) -> None:
    vault.run({PAGE: b"- new\n"})
    senseless = [[], 1, {"entry": None}, {"run": 1}, {"settled": 9, "written": False}, {"entry": 5, "page": 1}]
    with vault.run_file(1).open("ab") as file:
        file.writelines(b"%s\n" % json.dumps(note).encode() for note in senseless)
    assert outcomes(vault.undo()) == [(PAGE, "written")]


def test_runs_of_several_processes_get_numbers_of_their_own(vault: Vault) -> None:
    vault.set(PAGE, b"- 0\n")
    disk = FaultyDisk()
    rival = UndoStore(Path(vault.store.path()), fs=disk)
    disk.before["create"] = [lambda: vault.run({OTHER: b"- theirs\n"}, "theirs")]
    run = rival.begin(time=NOW, command="ours")
    assert write_page(vault.root, PAGE, lambda _data: b"- 1\n", keeper=run).outcome is Outcome.WRITTEN
    assert [(run.id, run.command) for run in list_runs(vault.store)] == [(2, "ours"), (1, "theirs")]


def test_rescued_words_are_kept_once_and_in_plain_text(vault: Vault) -> None:
    run = vault.store.begin(time=NOW, command="rollup")
    first = run.rescue(PAGE, b"- words\n")
    second = run.rescue(PAGE, b"- other words\n")
    assert run.rescue(PAGE, b"- words\n") == first
    assert vault.store.rescued() == (first, second)
    assert [Path(path).read_bytes() for path in (first, second)] == [b"- words\n", b"- other words\n"]
    assert list_runs(vault.store) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
def test_the_store_is_readable_for_its_user_alone(vault: Vault) -> None:
    vault.set(PAGE, b"- private\n")
    vault.run({PAGE: b"- new\n"})
    for path in Path(vault.store.path()).rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_store_that_cannot_be_written_names_itself(vault: Vault, tmp_path: Path) -> None:
    vault.set(PAGE, b"- old\n")
    (tmp_path / "file").write_bytes(b"")
    store = UndoStore(tmp_path / "file" / "undo")
    result = write_page(
        vault.root, PAGE, lambda _data: b"- new\n", keeper=store.begin(time=NOW, command="x"), fs=FaultyDisk()
    )
    assert (result.outcome, str(tmp_path / "file" / "undo") in result.reason) == (Outcome.FAILED, True)
    assert vault.pages() == {PAGE: b"- old\n"}


def history(folder: Path, disk: FaultyDisk) -> Vault:
    """A vault with an old run, and a second one that writes one page and creates another on this disk."""
    vault = Vault(folder)
    vault.set(PAGE, b"- 0\n")
    vault.run({PAGE: b"- 1\n"}, "first")
    run = UndoStore(Path(vault.store.path()), fs=disk).begin(time=NOW, command="second")
    try:
        write_page(vault.root, PAGE, lambda _data: b"- 2\n", keeper=run, fs=disk)
        create_page(vault.root, OTHER, b"- created\n", keeper=run, fs=disk)
    except Crash:
        return vault
    return vault


def take_back_all(vault: Vault) -> None:
    for _ in range(3):
        report = vault.undo()
        assert {result.outcome for result in report.results} <= {Outcome.WRITTEN, Outcome.UNCHANGED}
    assert report.run is None


@pytest.mark.parametrize("kind", ["crash_at", "fail_at"])
def test_what_a_broken_run_wrote_can_be_undone_whatever_call_broke(tmp_path: Path, kind: str) -> None:
    for number in range(200):
        disk = FaultyDisk(crash_at=number) if kind == "crash_at" else FaultyDisk(fail_at=number, error=errno.ENOSPC)
        vault = history(tmp_path / str(number), disk)
        if len(disk.calls) <= number:
            break
        take_back_all(vault)
        pages = {page: data for page, data in vault.pages().items() if ".graphkit-" not in page}
        assert pages == {PAGE: b"- 0\n"}, (number, disk.calls[-1])
    assert 40 < number < 199


def test_an_undo_that_dies_can_be_given_again(tmp_path: Path) -> None:
    for number in range(200):
        vault = history(tmp_path / str(number), FaultyDisk())
        disk = FaultyDisk(crash_at=number)
        store = UndoStore(Path(vault.store.path()), fs=disk)
        try:
            undo_last(vault.root, store, time=NOW, fs=disk)
        except Crash:
            pass
        else:
            break
        vault.undo()
        pages = {page: data for page, data in vault.pages().items() if ".graphkit-" not in page}
        assert pages in ({PAGE: b"- 1\n"}, {PAGE: b"- 0\n"}), number
    assert 40 < number < 199


def test_kept_bytes_of_an_entry_are_what_its_digest_says(vault: Vault) -> None:
    vault.set(PAGE, b"- old\n")
    vault.run({PAGE: b"- new\n"})
    (entry,) = list_runs(vault.store)[0].entries
    assert (entry.before, entry.after, entry.settled) == (digest(b"- old\n"), digest(b"- new\n"), True)
    assert vault.store.kept(entry) == b"- old\n"
