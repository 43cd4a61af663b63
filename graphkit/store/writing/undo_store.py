"""Previous states of the pages that runs replaced, kept outside the vault.

The store is a folder of plain files, so that a person can get at them without graphkit:
`pages/PAGE/RUN-ENTRY.md` is what a page held before one write, `runs/RUN.jsonl` says which writes belong together, and
`rescued/PAGE/…` holds words of other programs that could not stay in the vault. A kept file counts only once its run
names it with its digest, so a crash leaves at most a file that nobody names.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from graphkit.store.writing.filesystem import DISK, write_all, write_new
from graphkit.text.edit import digest
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.store.writing.filesystem import FileSystem

KEPT_PER_PAGE = 100
"""The number of previous states kept for each page (spec: writing §3)."""

_RUN_FILE = lazy_pattern(r"(\d{8,})\.jsonl")
_HARMLESS = lazy_pattern(r"[^A-Za-z0-9_.-]+")


class Entry(Record, frozen=True, kw_only=True):
    """One write of a run."""

    number: int
    page: str
    before: str | None
    """Digest of what the page held; None if it was not there."""
    after: str | None
    """Digest of what the run left; None if it took the page away."""
    kept: str
    """Path of the kept bytes below the store, with `/`."""
    settled: bool
    """False if the run was killed before it could say whether the write came about."""


class Run(Record, frozen=True, kw_only=True):
    """The writes of one command."""

    id: int
    """1, 2, 3 … in the order the runs began."""
    time: datetime | None
    """None if the store's note of it is damaged."""
    command: str
    entries: tuple[Entry, ...]
    """Writes that came about or may have, in order."""
    undone: bool = False
    undoes: int | None = None
    """The run that this one undid."""

    @property
    def pages(self) -> tuple[str, ...]:
        """Paths of the pages it wrote, each once, in order."""
        return tuple(dict.fromkeys(entry.page for entry in self.entries))


class UndoStore:
    """The kept states of one vault. Reading never fails: damaged entries are skipped."""

    def __init__(self, folder: Path, *, fs: FileSystem = DISK) -> None:
        """`folder`: `Places.undo`; made when first something is kept, readable for this user alone."""
        self._folder = str(folder)
        self._fs = fs

    def begin(self, *, time: datetime, command: str) -> UndoRun:
        """A run that keeps what it replaces; it appears in the store with its first write."""
        return UndoRun(self, time=time, command=command, undoes=None)

    def path(self, *parts: str) -> str:
        """Path of something in the store."""
        return "/".join((self._folder, *parts))

    def run_ids(self) -> list[int]:
        """Ids of all runs, oldest first."""
        with suppress(OSError):
            matches = map(_RUN_FILE.fullmatch, self._fs.names(self.path("runs")))
            return sorted(int(match[1]) for match in matches if match)
        return []

    def load(self, run_id: int) -> tuple[Run, bool]:
        """A run, and whether it is the completed undo of another."""
        try:
            data, _state = self._fs.read(self.path("runs", _run_name(run_id)))
        except OSError:
            data = b""
        entries: dict[int, Entry] = {}
        run = Run(id=run_id, time=None, command="", entries=())
        complete = False
        for note in _notes(data):
            with suppress(KeyError, TypeError, ValueError):
                if "run" in note:
                    undoes = note["undoes"]
                    run = replace(
                        run,
                        time=datetime.fromisoformat(str(note["time"])),
                        command=str(note["command"]),
                        undoes=undoes if isinstance(undoes, int) else None,
                    )
                elif "entry" in note:
                    entry = _read_entry(note)
                    entries[entry.number] = entry
                elif "settled" in note:
                    number = int(str(note["settled"]))
                    if note["written"] is True:
                        entries[number] = replace(entries[number], settled=True)
                    else:
                        del entries[number]
                elif note.get("complete") is True:
                    complete = True
        return replace(run, entries=tuple(entries.values())), complete

    def kept(self, entry: Entry) -> bytes | None:
        """The bytes an entry replaced; None if they are gone or no longer what was kept."""
        try:
            data, _state = self._fs.read(self.path(*entry.kept.split("/")))
        except OSError:
            return None
        return data if digest(data) == entry.before else None

    def rescued(self) -> tuple[str, ...]:
        """Paths of all files with rescued words, sorted."""
        found: list[str] = []
        with suppress(OSError):
            for key in self._fs.names(self.path("rescued")):
                with suppress(OSError):
                    found += (self.path("rescued", key, name) for name in self._fs.names(self.path("rescued", key)))
        return tuple(sorted(found))


class UndoRun:
    """The `Keeper` of one run."""

    def __init__(self, store: UndoStore, *, time: datetime, command: str, undoes: int | None) -> None:
        """Nothing is written yet."""
        self._store = store
        self._fs = store._fs  # noqa: SLF001 - the run is the store's writing half
        self._header = {"run": 1, "time": time.isoformat(), "command": command, "undoes": undoes}
        self._entries = 0
        self.id: int | None = None
        """None until the first write."""

    def keep(self, page: str, before: bytes | None, after: bytes | None) -> int:
        """Keep what a write is about to replace. Raises OSError naming the store where that cannot be done."""
        try:
            run_id = self._open()
            number = self._entries
            self._entries += 1
            key = _page_key(page)
            name = f"{run_id:08d}-{number:06d}{'.none' if before is None else '.md'}"
            folder = self._store.path("pages", key)
            self._make_folders(folder)
            write_new(self._fs, f"{folder}/{name}", before or b"")
            self._note(
                {
                    "entry": number,
                    "page": page,
                    "before": None if before is None else digest(before),
                    "after": None if after is None else digest(after),
                    "kept": f"pages/{key}/{name}",
                }
            )
            self._prune(folder, run_id)
        except OSError as error:
            raise _unkept(error, self._store.path()) from error
        return number

    def settle(self, number: int, *, written: bool) -> None:
        """Note whether the write came about. Raises OSError if the note cannot be made."""
        self._note({"settled": number, "written": written})

    def rescue(self, page: str, data: bytes) -> str:
        """Keep words of someone else; the same words of one page are kept once. Raises OSError naming the store."""
        folder = self._store.path("rescued", _page_key(page))
        try:
            self._make_folders(folder)
            names = sorted(self._fs.names(folder))
            for name in names:
                if name.endswith(f"-{digest(data)}.md"):
                    return f"{folder}/{name}"
            numbers = [int(head) for name in names if (head := name.partition("-")[0]).isdecimal()]
            path = f"{folder}/{max(numbers, default=0) + 1:06d}-{digest(data)}.md"
            fresh = f"{folder}/.{os.getpid()}.part"
            with suppress(FileNotFoundError):
                self._fs.unlink(fresh)
            write_new(self._fs, fresh, data)
            self._fs.replace(fresh, path)
            with suppress(OSError):
                self._fs.sync_folder(folder)
        except OSError as error:
            raise _unkept(error, self._store.path()) from error
        return path

    def complete(self) -> None:
        """Note that an undo left nothing to be done. Raises OSError if the note cannot be made."""
        self._open()
        self._note({"complete": True})

    def _open(self) -> int:
        """The run's id, with its file made where it is the first write: the next free number, whoever else asks."""
        if self.id is not None:
            return self.id
        self._make_folders(self._store.path("runs"))
        candidate = max(self._store.run_ids(), default=0) + 1
        while True:
            try:
                path = self._store.path("runs", _run_name(candidate))
                write_new(self._fs, path, _line(self._header), durable=False)  # the first note makes it so
            except FileExistsError:
                candidate += 1
            else:
                self.id = candidate
                return candidate

    def _note(self, note: dict[str, object]) -> None:
        if self.id is None:
            return
        fd = self._fs.append(self._store.path("runs", _run_name(self.id)))
        try:
            write_all(self._fs, fd, _line(note))
            if "settled" not in note:  # an entry without a note of its outcome is judged by what the page holds
                self._fs.fsync(fd)
        finally:
            self._fs.close(fd)

    def _prune(self, folder: str, current: int) -> None:
        """Delete the oldest states of one page, and the runs of which nothing is left."""
        with suppress(OSError):
            for name in sorted(self._fs.names(folder))[:-KEPT_PER_PAGE]:
                self._fs.unlink(f"{folder}/{name}")
                run_id = int(name.partition("-")[0])
                run, _complete = self._store.load(run_id)
                if run_id != current and not any(self._exists(entry.kept) for entry in run.entries):
                    self._fs.unlink(self._store.path("runs", _run_name(run_id)))

    def _exists(self, kept: str) -> bool:
        try:
            self._fs.lstat(self._store.path(*kept.split("/")))
        except OSError:
            return False
        return True

    def _make_folders(self, folder: str) -> None:
        try:
            self._fs.lstat(folder)
        except FileNotFoundError:
            parent = os.path.dirname(folder)  # noqa: PTH120 - paths are strings here
            if parent != folder:
                self._make_folders(parent)
            with suppress(FileExistsError):
                self._fs.make_folder(folder, 0o700)


def _read_entry(note: dict[str, object]) -> Entry:
    before, after = note["before"], note["after"]
    return Entry(
        number=int(str(note["entry"])),
        page=str(note["page"]),
        before=None if before is None else str(before),
        after=None if after is None else str(after),
        kept=str(note["kept"]),
        settled=False,
    )


def _notes(data: bytes) -> Iterator[dict[str, object]]:
    """Every intact line; torn and damaged ones are skipped."""
    for line in data.split(b"\n"):
        if line:
            with suppress(ValueError):
                note = json.loads(line)
                if isinstance(note, dict):
                    yield note


def _line(note: dict[str, object]) -> bytes:
    # The leading line end closes a line that a crash or a full disk tore.
    return b"\n" + json.dumps(note).encode("ascii") + b"\n"


def _run_name(run_id: int) -> str:
    return f"{run_id:08d}.jsonl"


def _page_key(page: str) -> str:
    """A folder name for the page: readable and unique."""
    name = _HARMLESS.sub("-", page.rpartition("/")[2].removesuffix(".md"))[:40].strip("-.") or "page"
    return f"{name}-{digest(os.fsencode(page))[:12]}"


def _unkept(error: OSError, folder: str) -> OSError:
    text = f"{error.strerror or error}, while the previous text was being kept"
    return OSError(error.errno or 0, text, folder)
