"""A vault kept current in this process: only what has changed is read again. Knows no rollup, no event, no screen.

After every call the session is what `open_session` would give: the order of loading, which of two files holds a page,
names that depend on other files, configuration. A test holds the two side by side after any history of changes.
"""

from __future__ import annotations

import gc
import os
import stat
import time
from typing import TYPE_CHECKING

from graphkit.app.page_reader import read_page, second_file
from graphkit.app.session import frame_session
from graphkit.facts.catalog import MemoryCatalog
from graphkit.store.reading.files import read_bytes, walk
from graphkit.store.reading.stat_walk import is_young
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.edit import digest
from graphkit.text.records import Record
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, page_like

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from graphkit.app.session import Frame, Session
    from graphkit.facts.page_facts import PageFacts
    from graphkit.vault.paths import PagePaths

_Stamp = tuple[int, int, int, int]


class _Known(Record, frozen=True, kw_only=True):
    """What is known of one page's file."""

    stamp: _Stamp
    young: bool
    digest: str
    """Empty where it could not be read."""
    facts: PageFacts | None = None
    unread: Diagnostic | None = None


class LiveVault:
    """One vault and its session, from `rescan` to `rescan` and `refresh` to `refresh`."""

    session: Session

    def __init__(
        self,
        root: Path,
        *,
        as_of: dt.date | None = None,
        environment: Mapping[str, str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read it. Raises RequestError as `open_session` does, and so do the methods that look at everything."""
        self._root = root
        self._as_of = as_of
        self._environment = environment or {}
        self._known: dict[str, _Known] = {}
        self._frame: Frame | None = None
        self._files: frozenset[str] = frozenset()
        self._before_pages: tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]] = ((), ())
        self.others: tuple[str, ...] = ()
        """Files beside pages, as the last look at everything found them."""
        self.rescan(progress)
        gc.freeze()  # tens of megabytes of facts that stay: no collection needs to look at them again

    def rescan(self, progress: Callable[[int, int], None] | None = None) -> frozenset[str]:
        """Look at every file, and read those that differ; the paths whose bytes, presence or readability changed.

        Raises VaultError where the vault is gone.
        """
        listing = walk(self._root)
        frame = frame_session(self._root, listing=listing, as_of=self._as_of, environment=self._environment)
        before, known = self._frame, self._known
        if before is not None and (before.conditions, before.session.dialect) != (
            frame.conditions,
            frame.session.dialect,
        ):
            before, known = None, {}
        stamps = {entry.path: entry[1:] for entry in listing.files}
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            fresh = dict(self._each(frame, before, known, stamps, progress))
        finally:
            if was_enabled:
                gc.enable()
        old = self._known
        changed = {path for path, page in fresh.items() if path not in old or old[path].digest != page.digest}
        changed.update(old.keys() - fresh.keys())
        if before is None and self._frame is not None:
            changed.add(CONFIG_PATH)
        self._known, self._frame = fresh, frame
        self._files = frozenset(stamps)
        self.others = listing.others
        self._before_pages = (tuple(frame.session.findings), tuple(frame.session.unread))
        self.session = frame.session
        self._assemble()
        return frozenset(changed)

    def refresh(self, paths: Iterable[str]) -> frozenset[str]:
        """Read these files again, if they hold other bytes, and those that could not be read; the paths that changed.

        Rights come back without an event. Where a file came, went or is no page, everything is looked at; so it is for
        configuration and settings.
        """
        frame = self._frame
        fresh: dict[str, _Known] = {}
        changed: set[str] = set()
        unread = (finding.path for finding in self.session.unread if finding.path in self._known)
        for path in dict.fromkeys((*paths, *unread)):
            known = self._known.get(path)
            state = self._state(path)
            if frame is None or path in {"", CONFIG_PATH, SETTINGS_PATH}:
                return self.rescan()
            if known is None:
                if (path in self._files) == (state is not None) and path not in self.others:
                    continue  # left out of the graph (hidden, a conflict copy) and still there; or came and went
                if page_like(path):
                    return self.rescan() | changed
                changed.add(path)
                continue
            if state is None or not stat.S_ISREG(state.st_mode):
                return self.rescan()
            stamp = (state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns)
            fresh[path] = page = self._read(path, stamp, known, frame)
            if page.digest != known.digest or page.unread != known.unread:
                changed.add(path)
        self._known.update(fresh)
        if changed:
            self._assemble()
        return frozenset(changed)

    def knows(self, path: str) -> bool:
        """Whether the page's file still holds the bytes that were read last."""
        known = self._known.get(path)
        if known is None or not known.digest:
            return False
        data = read_bytes(self._root, path)
        return not isinstance(data, Diagnostic) and digest(data) == known.digest

    def digest_of(self, path: str) -> str:
        """The digest of the bytes of a page that were read last; empty where there are none."""
        known = self._known.get(path)
        return "" if known is None else known.digest

    def changed_at(self, path: str) -> float:
        """When the page's file was written last, in seconds since 1970; 0 where it is not there."""
        state = self._state(path)
        return 0.0 if state is None else state.st_mtime

    def set_day(self, day: dt.date) -> None:
        """Another day has begun."""
        self.session.today = day
        self.session.traces = None

    def _state(self, path: str) -> os.stat_result | None:
        try:
            return os.lstat(f"{self._root}/{path}")
        except (OSError, ValueError):
            return None

    def _each(
        self,
        frame: Frame,
        before: Frame | None,
        known: Mapping[str, _Known],
        stamps: Mapping[str, _Stamp],
        progress: Callable[[int, int], None] | None,
    ) -> Iterable[tuple[str, _Known]]:
        paths = frame.session.paths
        old_paths = None if before is None else before.session.paths
        renamed = paths is not None and (before is None or before.pages != frame.pages)
        for number, path in enumerate(frame.pages):
            if progress is not None and not number % 64:
                progress(number, len(frame.pages))
            page = known.get(path)
            if page is not None and renamed and _identity(paths, path) != _identity(old_paths, path):
                page = None
            if page is not None and page.stamp == stamps[path] and not page.young and page.unread is None:
                yield path, page
            else:
                yield path, self._read(path, stamps[path], page, frame)

    def _read(self, path: str, stamp: _Stamp, known: _Known | None, frame: Frame) -> _Known:
        began = time.time_ns()
        data = read_bytes(self._root, path)
        young = is_young(stamp, began)
        if isinstance(data, Diagnostic):
            return _Known(stamp=stamp, young=True, digest="", unread=data)
        found = digest(data)
        if known is not None and known.digest == found:
            return _Known(stamp=stamp, young=young, digest=found, facts=known.facts)
        return _Known(stamp=stamp, young=young, digest=found, facts=read_page(path, data, frame.session))

    def _assemble(self) -> None:
        """Put what is known together in the order of loading, as a first loading does."""
        frame = self._frame
        if frame is None:
            return
        session = frame.session
        locate = None if session.paths is None else session.paths.find
        catalog = MemoryCatalog(session.journals.normalise, locate)
        findings, unread = map(list, self._before_pages)
        kept: dict[str, str] = {}
        for path in frame.pages:
            page = self._known[path]
            if page.unread is not None:
                findings.append(page.unread)
                unread.append(page.unread)
                continue
            if page.facts is None:
                continue
            first = kept.setdefault(page.facts.name, path)
            if first == path:
                catalog.put(page.facts)
            else:
                findings.append(second_file(path, first, page.facts.title))
        session.catalog = catalog
        session.findings = findings
        session.unread = unread
        session.assets.clear()
        session.traces = None


def _identity(paths: PagePaths | None, path: str) -> tuple[str, str] | None:
    if paths is None:
        return None
    try:
        return paths.title(path), paths.name(path)
    except KeyError:
        return None
