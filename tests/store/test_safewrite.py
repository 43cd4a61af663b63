from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from faulty_disk import Crash, FaultyDisk, MemoryKeeper

from graphkit.store.writing.atomic_write import DeclinedError, apply_plan, create_page, remove_page, write_page
from graphkit.store.writing.filesystem import DISK
from graphkit.store.writing.leftovers import Fate, recover
from graphkit.store.writing.outcome import Outcome, WriteResult
from graphkit.text.edit import Plan, Splice, digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = "pages/a.md"
OLD = b"- old\r\n\t- \xe2\x98\x83  \n"
NEW = OLD + b"- new"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges files and grants leases")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "pages").mkdir(parents=True)
    (root / PAGE).write_bytes(OLD)
    return root


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones included."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def write(root: Path, disk: FaultyDisk | None = None, keeper: MemoryKeeper | None = None) -> WriteResult:
    """The change from OLD to NEW; a page that has other text gets a line."""
    return write_page(
        root,
        PAGE,
        lambda data: data if data.endswith(b"- new") else data + b"- new",
        keeper=keeper or MemoryKeeper(),
        fs=disk or FaultyDisk(),
    )


def clean(root: Path, keeper: MemoryKeeper | None = None) -> list[Fate]:
    return [left.fate for left in recover(root, tree(root), keeper=keeper or MemoryKeeper())]


@pytest.mark.parametrize("swaps", [True, False])
def test_a_page_gets_its_new_bytes_and_the_old_ones_are_kept(root: Path, swaps: bool) -> None:
    keeper = MemoryKeeper()
    result = write(root, FaultyDisk(swaps=swaps), keeper)
    assert result == WriteResult(page=PAGE, outcome=Outcome.WRITTEN, before=digest(OLD), after=digest(NEW))
    assert tree(root) == {PAGE: NEW}
    assert (keeper.kept, keeper.settled) == ([(PAGE, OLD, NEW)], {0: True})


def test_the_steps_come_in_the_safe_order(root: Path) -> None:
    disk = FaultyDisk()
    write(root, disk)
    assert disk.calls == [
        *("lstat", "lstat", "read", "may_write"),
        *("create", "write", "fstat", "chmod", "copy_attributes", "fsync", "close", "replace"),
        *("is_being_written", "read", "exchange", "is_being_written", "read", "unlink", "sync_folder"),
    ]


def test_equal_bytes_are_not_written(root: Path) -> None:
    write(root)
    before = (root / PAGE).stat()
    disk, keeper = FaultyDisk(), MemoryKeeper()
    assert write(root, disk, keeper) == WriteResult(page=PAGE, outcome=Outcome.UNCHANGED)
    after = (root / PAGE).stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_ctime_ns) == (
        before.st_mtime_ns,
        before.st_ino,
        before.st_ctime_ns,
    )
    assert (set(disk.calls), keeper.kept) == ({"lstat", "read"}, [])


def test_nothing_wanted_is_nothing_done(root: Path) -> None:
    result = write_page(root, PAGE, lambda _data: None, keeper=MemoryKeeper())
    assert (result.outcome, tree(root)) == (Outcome.UNCHANGED, {PAGE: OLD})


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_stays(root: Path, mode: int) -> None:
    (root / PAGE).chmod(mode)
    assert write(root).outcome is Outcome.WRITTEN
    assert stat.S_IMODE((root / PAGE).stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may give files away")
def test_owner_and_group_stay(root: Path) -> None:
    os.chown(root / PAGE, 1234, 2345)
    assert write(root).outcome is Outcome.WRITTEN
    state = (root / PAGE).stat()
    assert (state.st_uid, state.st_gid) == (1234, 2345)


@linux
def test_extended_attributes_stay(root: Path) -> None:
    if sys.platform == "linux":
        try:
            os.setxattr(root / PAGE, "user.tags", b"metric")
        except OSError:
            pytest.skip("this file system has no user attributes")
        assert write(root).outcome is Outcome.WRITTEN
        assert os.getxattr(root / PAGE, "user.tags") == b"metric"


class OthersFile(FaultyDisk):
    """The page belongs to someone else, and its owner cannot be kept; its group can."""

    def __init__(self, mode: int) -> None:
        super().__init__()
        self.mode = mode

    def read(self, path: str) -> tuple[bytes, os.stat_result]:
        data, state = super().read(path)
        values = list(state)
        values[stat.ST_MODE], values[stat.ST_UID] = stat.S_IFREG | self.mode, state.st_uid + 1
        return data, os.stat_result(values)

    def chown(self, fd: int, uid: int, gid: int) -> None:
        if uid != -1:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        super().chown(fd, uid, gid)


def test_a_page_that_would_lose_its_owner_is_written_only_if_its_group_may(root: Path) -> None:
    assert write(root, OthersFile(0o644)).outcome is Outcome.FAILED
    assert tree(root) == {PAGE: OLD}
    assert write(root, OthersFile(0o664)).outcome is Outcome.WRITTEN
    assert tree(root) == {PAGE: NEW}


REFUSED = [
    ("../out.md", "leads out"),
    ("/etc/passwd", "leads out"),
    ("pages/../../out.md", "leads out"),
    ("pages//a.md", "leads out"),
    ("./a.md", "leads out"),
    ("", "leads out"),
    ("logseq/config.edn", "belongs to Logseq"),
    ("Logseq/bak/a.md", "belongs to Logseq"),
    ("mirror/a.md", "derived"),
    (".git/config", "hidden"),
    ("pages/.x/a.md", "hidden"),
    ("pages/a\0.md", "cannot be the name"),
    ("pages/\ud800.md", "cannot be the name"),
    ("pages/link.md", "symbolic link"),
    ("linked/a.md", "symbolic link"),
    ("pages/a.md/b.md", "not a folder"),
    ("pages", "not a regular file"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
@pytest.mark.parametrize(("page", "reason"), REFUSED)
def test_paths_that_are_not_written(root: Path, tmp_path: Path, page: str, reason: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_bytes(OLD)
    (root / "pages" / "link.md").symlink_to(outside / "a.md")
    (root / "linked").symlink_to(outside)
    (root / "logseq").mkdir()
    (root / "mirror").mkdir()
    before = tree(tmp_path)
    for result in (
        write_page(root, page, lambda data: data + b"x", keeper=MemoryKeeper()),
        create_page(root, page, b"- a", keeper=MemoryKeeper()),
        remove_page(root, page, digest(OLD), keeper=MemoryKeeper()),
    ):
        assert result.outcome is Outcome.REFUSED
        assert reason in result.reason
        assert result.remedy
    assert tree(tmp_path) == before
    assert (root / "pages" / "link.md").is_symlink()


@pytest.mark.parametrize(
    ("data", "reason"), [(b"- \xff\n", "UTF-8"), (b"- a\n<<<<<<< HEAD\n- b\n=======\n", "conflict markers")]
)
def test_pages_that_are_only_read(root: Path, data: bytes, reason: str) -> None:
    (root / PAGE).write_bytes(data)
    result = write(root)
    assert (result.outcome, tree(root)) == (Outcome.REFUSED, {PAGE: data})
    assert reason in result.reason


def test_the_page_may_lie_behind_a_linked_vault_folder(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert write(tmp_path / "link").outcome is Outcome.WRITTEN
    assert tree(root) == {PAGE: NEW}


def test_a_planner_can_decline(root: Path) -> None:
    def make_new(_data: bytes) -> bytes:
        raise DeclinedError("a person edited the block", "use --force")

    result = write_page(root, PAGE, make_new, keeper=MemoryKeeper())
    assert result == WriteResult(
        page=PAGE, outcome=Outcome.CONFLICT, reason="a person edited the block", remedy="use --force"
    )
    assert tree(root) == {PAGE: OLD}


def test_a_missing_page_is_a_conflict(root: Path) -> None:
    (root / PAGE).unlink()
    assert write(root).outcome is Outcome.CONFLICT
    assert tree(root) == {}
    missing_folder = write_page(root, "journals/x.md", lambda data: data, keeper=MemoryKeeper())
    assert missing_folder.outcome is Outcome.CONFLICT


def steps(run: Callable[[FaultyDisk], object]) -> int:
    disk = FaultyDisk()
    run(disk)
    return len(disk.calls)


@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS])
def test_whatever_call_fails_the_page_is_old_or_new(tmp_path: Path, code: int, swaps: bool) -> None:
    number = 0
    while True:
        root = tmp_path / str(number)
        (root / "pages").mkdir(parents=True)
        (root / PAGE).write_bytes(OLD)
        disk, keeper = FaultyDisk(fail_at=number, error=code, swaps=swaps), MemoryKeeper()
        result = write(root, disk, keeper)
        if number >= len(disk.calls):
            break
        assert tree(root)[PAGE] in {OLD, NEW}, disk.calls[-1]
        if tree(root)[PAGE] == OLD:
            assert result.outcome in {Outcome.FAILED, Outcome.CONFLICT}, disk.calls
            assert result.remedy
        else:
            assert result.outcome in {Outcome.WRITTEN, Outcome.UNCHANGED}, disk.calls
        assert not result.rescued
        assert set(clean(root)) <= {Fate.DROPPED}
        assert list(tree(root)) == [PAGE]
        number += 1
    assert number > 15


def test_a_full_disk_names_a_remedy(root: Path) -> None:
    disk = FaultyDisk()
    write(root, disk)
    (root / PAGE).write_bytes(OLD)
    result = write(root, FaultyDisk(fail_at=disk.calls.index("write"), error=errno.ENOSPC))
    assert result == WriteResult(
        page=PAGE,
        outcome=Outcome.FAILED,
        reason="it cannot be written: No space left on device",
        remedy="free some space on that disk, then run the command again",
    )
    assert tree(root) == {PAGE: OLD}


class FullStore(MemoryKeeper):
    """An undo store that takes nothing."""

    def keep(self, page: str, before: bytes | None, after: bytes | None) -> int:  # noqa: ARG002 - a protocol's
        raise OSError(errno.ENOSPC, "No space left on device", "/store")


def test_nothing_is_written_that_could_not_be_undone(root: Path) -> None:
    for result in (
        write(root, keeper=FullStore()),
        create_page(root, "pages/b.md", b"- b", keeper=FullStore()),
        remove_page(root, PAGE, digest(OLD), keeper=FullStore()),
    ):
        assert (result.outcome, "/store" in result.reason) == (Outcome.FAILED, True)
    assert tree(root) == {PAGE: OLD}


@pytest.mark.parametrize("swaps", [True, False])
def test_a_crash_at_any_call_leaves_the_old_or_the_new_page(tmp_path: Path, swaps: bool) -> None:
    seen = set()
    for number in range(100):
        root = tmp_path / str(number)
        (root / "pages").mkdir(parents=True)
        (root / PAGE).write_bytes(OLD)
        disk, keeper = FaultyDisk(crash_at=number, swaps=swaps), MemoryKeeper()
        try:
            write(root, disk, keeper)
        except Crash:
            pass
        else:
            break
        left = tree(root)
        seen.add(left[PAGE])
        assert left[PAGE] == OLD or keeper.kept == [(PAGE, OLD, NEW)]
        assert len(left) <= 2 + (not swaps)
        assert all(name.startswith("pages/.graphkit-") for name in left if name != PAGE)
        assert set(clean(root)) <= {Fate.DROPPED}
        assert tree(root) == {PAGE: left[PAGE]}
        assert write(root).outcome in {Outcome.WRITTEN, Outcome.UNCHANGED}
        assert tree(root) == {PAGE: NEW}
    assert seen == {OLD, NEW}


THEIRS = b"- a person's words\n"


def atomically(path: Path, data: bytes) -> None:
    fresh = path.with_name("their-temporary")
    fresh.write_bytes(data)
    fresh.replace(path)


def anew(path: Path, data: bytes) -> None:
    path.unlink()
    path.write_bytes(data)


WRITERS: dict[str, Callable[[Path], object]] = {
    "in place": lambda path: path.write_bytes(THEIRS),
    "by renaming": lambda path: atomically(path, THEIRS),
    "delete and create": lambda path: anew(path, THEIRS),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("step", ["create", "fsync", "replace", "may_write"])
@pytest.mark.parametrize("swaps", [True, False])
def test_a_page_saved_before_the_second_look_is_computed_again(root: Path, writer: str, step: str, swaps: bool) -> None:
    disk = FaultyDisk(swaps=swaps)
    disk.before[step] = [lambda: WRITERS[writer](root / PAGE)]
    keeper = MemoryKeeper()
    result = write(root, disk, keeper)
    assert (result.outcome, result.rescued) == (Outcome.WRITTEN, ())
    assert tree(root) == {PAGE: THEIRS + b"- new"}
    assert keeper.settled == {0: False, 1: True}


@linux
@pytest.mark.parametrize("writer", WRITERS)
def test_a_page_saved_between_look_and_exchange_keeps_what_was_saved(root: Path, writer: str) -> None:
    disk = FaultyDisk()
    disk.before["exchange"] = [lambda: WRITERS[writer](root / PAGE)]
    result = write(root, disk)
    assert (result.outcome, result.rescued) == (Outcome.WRITTEN, ())
    assert tree(root) == {PAGE: THEIRS + b"- new"}


def test_without_exchange_a_page_saved_in_place_in_the_last_moment_keeps_what_was_saved(root: Path) -> None:
    disk = FaultyDisk(swaps=False)
    disk.before["link"] = [lambda: (root / PAGE).write_bytes(THEIRS)]
    result = write(root, disk)
    assert (result.outcome, tree(root)) == (Outcome.WRITTEN, {PAGE: THEIRS + b"- new"})


def test_a_second_change_is_a_conflict(root: Path) -> None:
    disk = FaultyDisk()
    disk.before["exchange"] = [
        lambda: (root / PAGE).write_bytes(THEIRS),
        lambda: None,  # the exchange that puts their page back
        lambda: (root / PAGE).write_bytes(THEIRS * 2),
    ]
    result = write(root, disk)
    assert (result.outcome, result.rescued) == (Outcome.CONFLICT, ())
    assert tree(root) == {PAGE: THEIRS * 2}


@linux
def test_a_page_saved_twice_keeps_the_newer_text_and_rescues_the_other(root: Path) -> None:
    disk, keeper = FaultyDisk(), MemoryKeeper()
    disk.before["exchange"] = [
        lambda: atomically(root / PAGE, THEIRS),
        lambda: atomically(root / PAGE, THEIRS * 2),
    ]
    result = write(root, disk, keeper)
    assert (result.outcome, result.rescued) == (Outcome.WRITTEN, ("rescued/1",))
    assert tree(root) == {PAGE: THEIRS * 2 + b"- new"}
    assert keeper.rescued == [(PAGE, THEIRS)]


@linux
def test_a_page_deleted_while_ours_stood_there_stays_deleted_and_its_text_is_rescued(root: Path) -> None:
    disk, keeper = FaultyDisk(), MemoryKeeper()
    disk.before["exchange"] = [lambda: (root / PAGE).write_bytes(THEIRS), (root / PAGE).unlink]
    result = write(root, disk, keeper)
    assert (result.outcome, result.rescued) == (Outcome.CONFLICT, ("rescued/1",))
    assert (tree(root), keeper.rescued) == ({}, [(PAGE, THEIRS)])


class ForgetfulKeeper(MemoryKeeper):
    """A store that cannot rescue."""

    def rescue(self, page: str, data: bytes) -> str:  # noqa: ARG002 - a protocol's
        raise OSError(errno.ENOSPC, "No space left on device")


@linux
def test_words_that_cannot_be_rescued_stay_in_a_dot_file_that_is_named(root: Path) -> None:
    disk = FaultyDisk()
    disk.before["exchange"] = [lambda: (root / PAGE).write_bytes(THEIRS), (root / PAGE).unlink]
    result = write(root, disk, ForgetfulKeeper())
    assert result.outcome is Outcome.FAILED
    (left,) = result.rescued
    assert left in result.reason
    assert list(tree(root).values()) == [THEIRS]
    keeper = MemoryKeeper()
    assert clean(root, keeper) == [Fate.RESCUED]
    assert (tree(root), [data for _page, data in keeper.rescued]) == ({}, [THEIRS])


@linux
def test_a_page_that_is_open_for_writing_is_left_alone(root: Path) -> None:
    disk = FaultyDisk()
    with (root / PAGE).open("r+b") as theirs:
        assert write(root, disk).outcome is Outcome.CONFLICT
        assert "exchange" not in disk.calls
        theirs.seek(0, os.SEEK_END)
        theirs.write(THEIRS)
    assert tree(root) == {PAGE: OLD + THEIRS}


@linux
def test_a_page_opened_for_writing_in_the_last_moment_is_given_back(root: Path) -> None:
    disk, opened = FaultyDisk(), []
    disk.before["exchange"] = [lambda: opened.append((root / PAGE).open("r+b"))]
    assert write(root, disk).outcome is Outcome.CONFLICT
    assert disk.calls.count("exchange") == 2
    with opened[0] as theirs:
        theirs.write(THEIRS)
    assert tree(root) == {PAGE: THEIRS + OLD[len(THEIRS) :]}


@linux
def test_a_page_caught_half_written_is_left_alone_and_completed(root: Path) -> None:
    with (root / PAGE).open("wb", buffering=0) as theirs:  # truncated, half of it saved
        theirs.write(THEIRS[:5])
        assert write(root).outcome is Outcome.CONFLICT
        theirs.write(THEIRS[5:])
    assert tree(root) == {PAGE: THEIRS}


def test_a_page_open_for_reading_is_written(root: Path) -> None:
    with (root / PAGE).open("rb"):
        assert write(root).outcome is Outcome.WRITTEN


@linux
def test_another_process_that_saves_in_the_last_moment_keeps_its_words(root: Path) -> None:
    script = "import sys; f = open(sys.argv[1], 'wb'); f.write(b'- theirs\\n'); f.close()"
    disk = FaultyDisk()
    disk.before["exchange"] = [
        lambda: subprocess.run([sys.executable, "-S", "-c", script, str(root / PAGE)], check=True),
    ]
    assert write(root, disk).outcome is Outcome.WRITTEN
    assert tree(root) == {PAGE: b"- theirs\n- new"}


def test_a_page_that_vanishes_before_its_rights_are_asked_is_gone(root: Path) -> None:
    disk = FaultyDisk()
    disk.before["may_write"] = [(root / PAGE).unlink]
    result = write(root, disk)
    assert (result.outcome, "gone" in result.reason) == (Outcome.CONFLICT, True)


def test_read_only_files_are_left_alone(root: Path) -> None:
    class ReadOnly(FaultyDisk):
        def may_write(self, path: str) -> bool:
            return not path.endswith("a.md")

    result = write(root, ReadOnly())
    assert (result.outcome, tree(root)) == (Outcome.FAILED, {PAGE: OLD})
    assert "read-only" in result.reason


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_an_error_with_a_remedy(root: Path) -> None:
    (root / "pages").chmod(0o555)
    result = write(root)
    (root / "pages").chmod(0o755)
    assert (result.outcome, tree(root)) == (Outcome.FAILED, {PAGE: OLD})
    assert result.remedy == "make this file and its folder writable"


def test_short_writes_are_continued(root: Path) -> None:
    class Slow(FaultyDisk):
        def write(self, fd: int, data: bytes) -> int:
            return super().write(fd, data[:3])

    assert write(root, Slow()).outcome is Outcome.WRITTEN
    assert tree(root) == {PAGE: NEW}


def test_a_file_that_is_busy_on_windows_is_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, refusals = os.replace, [32, 5]

    def busy(source: str, target: str) -> None:
        if refusals:
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = refusals.pop()  # type: ignore[attr-defined]
            raise error
        real(source, target)

    monkeypatch.setattr("os.replace", busy)
    disk = FaultyDisk(swaps=False)
    assert write(root, disk).outcome is Outcome.WRITTEN
    assert (tree(root), disk.calls.count("pause")) == ({PAGE: NEW}, 2)


# New pages


def test_a_new_page_is_created_with_its_folders(root: Path) -> None:
    keeper = MemoryKeeper()
    result = create_page(root, "notes/2026/b.md", b"- b", keeper=keeper)
    assert result == WriteResult(page="notes/2026/b.md", outcome=Outcome.WRITTEN, after=digest(b"- b"))
    assert tree(root) == {PAGE: OLD, "notes/2026/b.md": b"- b"}
    assert (keeper.kept, keeper.settled) == ([("notes/2026/b.md", None, b"- b")], {0: True})


def test_an_existing_page_is_never_overwritten(root: Path) -> None:
    result = create_page(root, PAGE, b"- b", keeper=MemoryKeeper())
    assert (result.outcome, tree(root)) == (Outcome.REFUSED, {PAGE: OLD})
    assert create_page(root, PAGE, OLD, keeper=MemoryKeeper()).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("step", ["create", "fsync", "publish"])
def test_a_page_that_appears_meanwhile_is_never_overwritten(root: Path, step: str) -> None:
    disk, keeper = FaultyDisk(), MemoryKeeper()
    disk.before[step] = [lambda: (root / "pages" / "b.md").write_bytes(THEIRS)]
    assert create_page(root, "pages/b.md", b"- b", keeper=keeper, fs=disk).outcome is Outcome.REFUSED
    assert tree(root) == {PAGE: OLD, "pages/b.md": THEIRS}
    assert keeper.settled == {0: False}


@pytest.mark.parametrize("name", ["CON.md", "nul.md", "com1.x.md", "a\nb.md"])
def test_names_that_would_break_elsewhere_are_not_created(root: Path, name: str) -> None:
    assert create_page(root, f"pages/{name}", b"- b", keeper=MemoryKeeper()).outcome is Outcome.REFUSED
    assert tree(root) == {PAGE: OLD}


def test_a_name_that_is_too_long_is_an_error_with_a_remedy(root: Path) -> None:
    result = create_page(root, f"pages/{'a' * 300}.md", b"- b", keeper=MemoryKeeper())
    assert (result.outcome, result.remedy) == (Outcome.FAILED, "choose a shorter title")
    assert tree(root) == {PAGE: OLD}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whatever_call_fails_a_new_page_is_whole_or_not_there(tmp_path: Path, code: int) -> None:
    number = 0
    while True:
        root = tmp_path / str(number)
        root.mkdir()
        disk = FaultyDisk(fail_at=number, error=code)
        result = create_page(root, "new/b.md", b"- b", keeper=MemoryKeeper(), fs=disk)
        if number >= len(disk.calls):
            break
        pages = {name: data for name, data in tree(root).items() if not name.startswith("new/.graphkit-")}
        if result.outcome is Outcome.WRITTEN:
            assert pages == {"new/b.md": b"- b"}
        else:
            assert (result.outcome, pages) == (Outcome.FAILED, {})
        assert set(clean(root)) <= {Fate.DROPPED}
        assert tree(root) == pages
        number += 1
    assert number > 8


def test_a_crash_at_any_call_leaves_a_new_page_whole_or_not_there(tmp_path: Path) -> None:
    seen = set()
    for number in range(100):
        root = tmp_path / str(number)
        (root / "pages").mkdir(parents=True)
        try:
            create_page(root, "pages/b.md", b"- b", keeper=MemoryKeeper(), fs=FaultyDisk(crash_at=number))
        except Crash:
            pass
        else:
            break
        clean(root)
        seen.add(tuple(tree(root).items()))
    assert seen == {(), (("pages/b.md", b"- b"),)}


def test_without_renaming_flags_a_new_page_is_linked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphkit.store.writing.filesystem._rename2", lambda *_arguments: False)
    assert create_page(root, "pages/b.md", b"- b", keeper=MemoryKeeper()).outcome is Outcome.WRITTEN
    assert create_page(root, "pages/b.md", b"- c", keeper=MemoryKeeper()).outcome is Outcome.REFUSED
    assert tree(root) == {PAGE: OLD, "pages/b.md": b"- b"}


# Pages taken away by undo


def test_an_unchanged_page_is_taken_away(root: Path) -> None:
    keeper = MemoryKeeper()
    result = remove_page(root, PAGE, digest(OLD), keeper=keeper)
    assert result == WriteResult(page=PAGE, outcome=Outcome.WRITTEN, before=digest(OLD))
    assert (tree(root), keeper.kept, keeper.settled) == ({}, [(PAGE, OLD, None)], {0: True})
    assert remove_page(root, PAGE, digest(OLD), keeper=keeper).outcome is Outcome.UNCHANGED


def test_a_changed_page_is_not_taken_away(root: Path) -> None:
    result = remove_page(root, PAGE, digest(NEW), keeper=MemoryKeeper())
    assert (result.outcome, tree(root)) == (Outcome.CONFLICT, {PAGE: OLD})


@pytest.mark.parametrize("writer", WRITERS)
def test_a_page_changed_in_the_last_moment_is_not_taken_away(root: Path, writer: str) -> None:
    disk = FaultyDisk()
    disk.before["replace"] = [lambda: WRITERS[writer](root / PAGE)]
    result = remove_page(root, PAGE, digest(OLD), keeper=MemoryKeeper(), fs=disk)
    assert (result.outcome, tree(root)) == (Outcome.CONFLICT, {PAGE: THEIRS})


def test_a_page_changed_and_made_anew_is_not_taken_away_and_nothing_is_lost(root: Path) -> None:
    disk, keeper = FaultyDisk(), MemoryKeeper()
    disk.before["replace"] = [lambda: (root / PAGE).write_bytes(THEIRS)]
    disk.before["publish"] = [lambda: (root / PAGE).write_bytes(NEW)]
    result = remove_page(root, PAGE, digest(OLD), keeper=keeper, fs=disk)
    assert (result.outcome, result.rescued) == (Outcome.CONFLICT, ("rescued/1",))
    assert (tree(root), keeper.rescued) == ({PAGE: NEW}, [(PAGE, THEIRS)])


def test_a_crash_while_taking_away_leaves_the_page_or_nothing(tmp_path: Path) -> None:
    seen = set()
    for number in range(100):
        root = tmp_path / str(number)
        (root / "pages").mkdir(parents=True)
        (root / PAGE).write_bytes(OLD)
        try:
            remove_page(root, PAGE, digest(OLD), keeper=MemoryKeeper(), fs=FaultyDisk(crash_at=number))
        except Crash:
            pass
        else:
            break
        clean(root)
        seen.add(tuple(tree(root).items()))
    assert seen == {(), ((PAGE, OLD),)}


# Plans


def test_a_plan_is_carried_out_or_made_again(root: Path) -> None:
    def plan(data: bytes) -> Plan:
        end = len(data.decode())
        return Plan(page=PAGE, digest=digest(data), splices=(Splice(end, end, "- new"),), reason="test")

    stale = plan(b"- stale\n")
    assert apply_plan(root, stale, plan, keeper=MemoryKeeper()).outcome is Outcome.WRITTEN
    assert tree(root) == {PAGE: NEW}
    fresh = plan(NEW)
    assert apply_plan(root, fresh, lambda _data: None, keeper=MemoryKeeper()).outcome is Outcome.WRITTEN
    assert apply_plan(root, fresh, lambda _data: None, keeper=MemoryKeeper()).outcome is Outcome.UNCHANGED
    created = Plan(page="pages/b.md", digest=None, splices=(Splice(0, 0, "- b"),), reason="test")
    assert apply_plan(root, created, lambda _data: None, keeper=MemoryKeeper()).outcome is Outcome.WRITTEN
    assert tree(root) == {PAGE: NEW + b"- new", "pages/b.md": b"- b"}


# Leftovers


def crash_after_exchange(root: Path, their_words: bytes) -> None:
    """A run dies right after it displaced a page that a person had just saved."""
    disk = FaultyDisk()
    disk.before["exchange"] = [lambda: (root / PAGE).write_bytes(their_words)]
    measured = FaultyDisk()
    write(root, measured)
    (root / PAGE).write_bytes(OLD)
    disk.crash_at = measured.calls.index("exchange") + 1
    with pytest.raises(Crash):
        write(root, disk)
    assert (root / PAGE).read_bytes() == NEW


@linux
def test_the_next_run_puts_back_what_a_killed_one_displaced(root: Path) -> None:
    crash_after_exchange(root, THEIRS)
    (left,) = recover(root, tree(root), keeper=MemoryKeeper())
    assert (left.page, left.fate, left.rescued) == (PAGE, Fate.PUT_BACK, ())
    assert tree(root) == {PAGE: THEIRS}


@linux
@pytest.mark.parametrize("newer", [b"- newer\n", None])
def test_the_next_run_rescues_it_where_the_page_has_moved_on(root: Path, newer: bytes | None) -> None:
    crash_after_exchange(root, THEIRS)
    (root / PAGE).unlink()
    if newer is not None:
        (root / PAGE).write_bytes(newer)
    keeper = MemoryKeeper()
    assert clean(root, keeper) == [Fate.RESCUED]
    assert tree(root) == ({} if newer is None else {PAGE: newer})
    assert [data for _page, data in keeper.rescued] == [THEIRS]


@linux
def test_what_a_person_saved_again_themselves_is_not_rescued(root: Path) -> None:
    crash_after_exchange(root, THEIRS)
    (root / PAGE).write_bytes(THEIRS)
    assert clean(root) == [Fate.DROPPED]
    assert tree(root) == {PAGE: THEIRS}


@linux
def test_a_leftover_into_which_someone_writes_is_left(root: Path) -> None:
    crash_after_exchange(root, THEIRS)
    (path,) = (path for path in (root / "pages").iterdir() if path.name.startswith("."))
    with path.open("ab") as theirs:
        assert clean(root) == [Fate.LEFT]
        theirs.write(b"- more\n")
    assert clean(root) == [Fate.PUT_BACK]
    assert tree(root) == {PAGE: THEIRS + b"- more\n"}


def test_a_rescue_that_fails_leaves_the_leftover(root: Path) -> None:
    crash_after_exchange(root, THEIRS) if sys.platform == "linux" else pytest.skip("needs exchange")
    (root / PAGE).unlink()
    assert clean(root, ForgetfulKeeper()) == [Fate.LEFT]
    assert list(tree(root).values()) == [THEIRS]


def test_other_peoples_files_are_no_leftovers(root: Path) -> None:
    names = ["pages/.graphkit-x.tmp", ".graphkit/templates/a.md", "pages/.#a.md", "pages/a.md~", ".graphkit-1.swap"]
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    before = tree(root)
    assert recover(root, before, keeper=MemoryKeeper(), fs=DISK) == ()
    assert tree(root) == before
