"""The changed files of a vault as a queue of paths, from the system's events or by polling.

The only module that knows watchdog. Its thread does nothing but drop what cannot matter and put paths into the queue;
this module reads no files.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from graphkit.store.reading.files import VaultError, walk
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, page_like, skip_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import ObservedWatch

EVERYTHING: Final = ""
"""The path of the vault itself: anything may have changed."""

TEMPLATES: Final = ".graphkit/templates/"
"""The one dot folder whose files matter."""

_OWN: Final = ".graphkit"
_LOGSEQ: Final = "logseq"

_EACH_FOLDER_COSTS: Final = sys.platform not in {"darwin", "win32"}
"""True if the system watches folder by folder; macOS and Windows watch a whole tree at once."""

_MOST_APART: Final = 64
"""Folders watched each for itself, which takes a thread; a vault with more folders is watched as a whole."""

POLL_S: Final = 2.0
"""Seconds between two polls if there are no events."""

_POLL_SHARE: Final = 20
"""A poll may take this fraction of the interval, so that a huge vault does not keep a processor busy."""

_FLOOD: Final = 4000
"""With this many events at once some may be lost (Linux holds 16,384), so everything is checked."""

_DATA: Final = (".csv", ".tsv")
"""Files with observations that metrics' pages name."""

_SILENT: Final = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs", "davfs", "drvfs", "vboxsf", "prl_fs", "virtiofs",
    "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.grpcfuse", "fuse.osxfs", "fuse.s3fs", "fuse.gcsfuse", "ceph",
})  # fmt: skip
"""File systems on which Linux does not report writes by other machines."""

_KINDS: Final = frozenset({"created", "modified", "deleted", "moved", "closed"})
"""Kinds of events that may mean other bytes; a mere reader opens a file and closes it without writing."""


class Feed:
    """Changed paths (relative to the vault, `/`), as they become known; EVERYTHING where it is not known which."""

    def __init__(self, root: Path, *, poll_s: float | None = None) -> None:
        """Begin to watch. poll_s: poll at this interval and use no events; None: use events if there are any."""
        self._root = Path(os.path.realpath(root))
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._stop_polling: threading.Event | None = None
        self._events: _Events | None = None
        self.polling = ""
        """Why there are no events; empty if there are."""
        if poll_s is not None:
            self.poll("--poll is given", poll_s)
        elif kind := silent_file_system(self._root):
            self.poll(f"{kind} does not report writes by other machines")
        else:
            try:
                self._events = _Events(self._root, self._queue)
            except (OSError, ImportError) as error:
                self.poll(f"the system gives no events: {error}")

    def take(self, timeout_s: float) -> list[str]:
        """The paths that came in, in order; waits so many seconds for the first. Empty for none, and when woken."""
        found: list[str] = []
        with suppress(Empty):
            item = self._queue.get(timeout=max(timeout_s, 0.0)) if timeout_s > 0 else self._queue.get_nowait()
            while True:
                if item is not None:
                    found.append(item)
                item = self._queue.get_nowait()
        if len(found) >= _FLOOD:
            found = [EVERYTHING]
        if EVERYTHING in found and self._events is not None:  # a folder may have come or gone
            try:
                self._events.follow_folders()
            except OSError as error:
                self.poll(f"the system gives no more events: {error}")
        return found

    def wake(self) -> None:
        """End a `take` that waits; may be called from a signal handler."""
        self._queue.put(None)

    def poll(self, reason: str, every_s: float = POLL_S) -> None:
        """Give up events and poll at this interval in seconds."""
        self.polling = reason
        self._close_events()
        if self._stop_polling is None:
            self._stop_polling = threading.Event()
            threading.Thread(
                target=_poll, args=(self._root, self._queue, self._stop_polling, every_s), daemon=True
            ).start()

    def close(self) -> None:
        """Stop watching."""
        if self._stop_polling is not None:
            self._stop_polling.set()
        self._close_events()

    def _close_events(self) -> None:
        if self._events is not None:
            self._events.close()
            self._events = None


class _Events:
    """The system's events for a vault's folders, as paths in a queue."""

    def __init__(self, root: Path, queue: SimpleQueue[str | None]) -> None:
        from watchdog import events  # noqa: PLC0415 - 50 ms that only watching pays
        from watchdog.observers import Observer  # noqa: PLC0415

        base = f"{root}{os.sep}"

        class Handler(events.FileSystemEventHandler):
            def dispatch(self, event: FileSystemEvent) -> None:
                for path in relevant_paths(event, base):
                    queue.put(path)

        self._root = root
        self._handler = Handler()
        self._wanted = [
            events.FileCreatedEvent, events.FileModifiedEvent, events.FileDeletedEvent, events.FileMovedEvent,
            events.FileClosedEvent, events.DirCreatedEvent, events.DirDeletedEvent, events.DirMovedEvent,
        ]  # fmt: skip
        self._watched: dict[str, tuple[int, ObservedWatch]] = {}
        self._complaints = _Complaints(queue)
        self._logger = logging.getLogger("watchdog")
        self._logger.addHandler(self._complaints)
        # A folder that leaves the vault and comes back is watched already, which watchdog finds worth a warning.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        self._observer = Observer()
        try:
            self._observer.start()
            folders = _folders(root)
            self._apart = _EACH_FOLDER_COSTS and len(folders) <= _MOST_APART
            self._watch("", root.stat().st_ino, recursive=not self._apart)
            self.follow_folders()
        except OSError:
            self.close()
            raise

    def follow_folders(self) -> None:
        """Watch the folders that are there now, and those that are gone no longer. Raises OSError at a limit."""
        if not self._apart:
            return
        folders = _folders(self._root)
        for path, (inode, watch) in list(self._watched.items()):
            if path and folders.get(path, (0, False))[0] != inode:
                del self._watched[path]
                with suppress(KeyError, OSError):
                    self._observer.unschedule(watch)
        for path, (inode, recursive) in folders.items():
            if path not in self._watched:
                with suppress(FileNotFoundError, NotADirectoryError):
                    self._watch(path, inode, recursive=recursive)

    def _watch(self, path: str, inode: int, *, recursive: bool) -> None:
        place = str(self._root / path)
        watch = self._observer.schedule(self._handler, place, recursive=recursive, event_filter=self._wanted)
        self._watched[path] = inode, watch

    def close(self) -> None:
        self._logger.removeHandler(self._complaints)
        self._observer.stop()
        self._observer.join(timeout=2)


def _folders(root: Path) -> dict[str, tuple[int, bool]]:
    """The folders in which files matter, by path: inode, and whether it is so with everything below them.

    `.git` and Logseq's backups, a folder for every page, would each take thousands of watches.
    """
    found: dict[str, tuple[int, bool]] = {}
    for prefix in ("", f"{_LOGSEQ}/"):
        with suppress(OSError), os.scandir(root / prefix) as entries:
            for entry in entries:
                path = prefix + entry.name
                if (path == _OWN or not skip_folder(path)) and entry.is_dir(follow_symlinks=False):
                    found[path] = entry.inode(), path != _LOGSEQ
    return found


class _Complaints(logging.Handler):
    """What watchdog only logs, such as events that the system dropped, means: look at everything."""

    def __init__(self, queue: SimpleQueue[str | None]) -> None:
        super().__init__(logging.WARNING)
        self._queue = queue

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging's signature
        self._queue.put(EVERYTHING)


def relevant_paths(event: FileSystemEvent, base: str) -> Sequence[str]:
    """The paths below the vault that an event is about, none if it cannot matter. base: the vault, with its slash.

    A folder that came, went or moved gives EVERYTHING.
    """
    if event.event_type not in _KINDS:
        return ()
    found: list[str] = []
    for named in (event.src_path, event.dest_path):
        path = os.fsdecode(named)
        if not path.startswith(base):
            if path and f"{path}{os.sep}" == base and event.event_type in {"deleted", "moved"}:
                found.append(EVERYTHING)
            continue
        relative = path[len(base) :].replace(os.sep, "/")
        if event.is_directory:
            if event.event_type != "modified" and (relative == _OWN or not _in_skipped(f"{relative}/")):
                found.append(EVERYTHING)
        elif matters(relative):
            found.append(relative)
    return found


def matters(path: str) -> bool:
    """True if, judging by its name, this file (relative, `/`) can affect any result."""
    if path in {CONFIG_PATH, SETTINGS_PATH} or path.startswith(TEMPLATES):
        return True
    name = path[path.rfind("/") + 1 :]
    if name.startswith(".") or not (page_like(name) or name.lower().endswith(_DATA)):
        return False
    return not _in_skipped(path)


def _in_skipped(path: str) -> bool:
    at = path.find("/")
    while at >= 0:
        if skip_folder(path[:at]):
            return True
        at = path.find("/", at + 1)
    return False


def _poll(root: Path, queue: SimpleQueue[str | None], stop: threading.Event, every_s: float) -> None:
    seen = _look(root)
    wait_s = every_s
    while not stop.wait(wait_s):
        began = time.monotonic()
        present = _look(root)
        wait_s = max(every_s, (time.monotonic() - began) * _POLL_SHARE)
        if present is None or seen is None:
            queue.put(EVERYTHING)
        else:
            for path in {path for path, _ in seen.items() ^ present.items()}:
                queue.put(path)
        seen = present


def _look(root: Path) -> dict[str, object] | None:
    """The stamp of every file; None if the vault cannot be read."""
    try:
        listing = walk(root)
    except VaultError:
        return None
    found: dict[str, object] = {entry.path: entry[1:] for entry in listing.files}
    data = (path for path in listing.others if matters(path))
    templates = (path.relative_to(root).as_posix() for path in (root / TEMPLATES).rglob("*.j2"))
    for path in (*data, *templates, CONFIG_PATH, SETTINGS_PATH):
        with suppress(OSError):
            state = os.lstat(root / path)
            found[path] = (state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns)
    return found


def silent_file_system(root: Path) -> str:
    """The kind of file system that a folder lies on if it gives no events for others' writes; else empty."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    place = f"{root}/"
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        parts = fields.split(" ")
        if len(parts) < 5 or not rest:
            continue
        point = parts[4].replace("\\040", " ").rstrip("/") + "/"
        if place.startswith(point) and len(point) >= best:
            best, kind = len(point), rest.split(" ", 1)[0]
    return kind if kind in _SILENT else ""
