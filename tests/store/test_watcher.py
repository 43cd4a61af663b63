"""Which events of a file system become paths, and that real ones arrive, with and without the system's help."""

from __future__ import annotations

import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from watchdog import events

from graphkit.store.watching.file_events import EVERYTHING, Feed, matters, relevant_paths, silent_file_system

BASE = "/v/"


@pytest.mark.parametrize(
    ("event", "paths"),
    [
        (events.FileModifiedEvent("/v/pages/A.md"), ["pages/A.md"]),
        (events.FileClosedEvent("/v/pages/A.md"), ["pages/A.md"]),
        (events.FileMovedEvent("/v/pages/.A.tmp", "/v/pages/A.md"), ["pages/A.md"]),
        (events.FileMovedEvent("/v/pages/A.md", "/v/pages/B.md"), ["pages/A.md", "pages/B.md"]),
        (events.FileOpenedEvent("/v/pages/A.md"), []),
        (events.FileClosedNoWriteEvent("/v/pages/A.md"), []),
        (events.FileModifiedEvent("/v/.git/index.md"), []),
        (events.FileModifiedEvent("/v/logseq/bak/pages/A.md"), []),
        (events.FileModifiedEvent("/v/pages/.A.md.swp"), []),
        (events.FileModifiedEvent("/v/assets/picture.png"), []),
        (events.FileModifiedEvent("/v/assets/numbers.csv"), ["assets/numbers.csv"]),
        (events.FileModifiedEvent("/v/logseq/config.edn"), ["logseq/config.edn"]),
        (events.FileModifiedEvent("/v/graphkit.toml"), ["graphkit.toml"]),
        (events.FileModifiedEvent("/v/.graphkit/templates/views/goal.md.j2"), [".graphkit/templates/views/goal.md.j2"]),
        (events.DirModifiedEvent("/v/pages"), []),
        (events.DirMovedEvent("/v/pages/old", "/v/pages/new"), [EVERYTHING, EVERYTHING]),
        (events.DirDeletedEvent("/v/.git/refs"), []),
        (events.DirCreatedEvent("/v/.graphkit"), [EVERYTHING]),
        (events.DirDeletedEvent("/v"), [EVERYTHING]),
    ],
)
def test_what_an_event_is_about(event: events.FileSystemEvent, paths: list[str]) -> None:
    assert list(relevant_paths(event, BASE)) == paths


@pytest.mark.parametrize("poll_s", [None, 0.05])
def test_a_save_arrives_and_a_reader_does_not(tmp_path: Path, poll_s: float | None) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "A.md").write_text("- a\n", encoding="utf-8")
    with closing(Feed(tmp_path, poll_s=poll_s)) as feed:
        assert bool(feed.polling) == (poll_s is not None)
        assert (tmp_path / "pages" / "A.md").read_text(encoding="utf-8") == "- a\n"
        assert feed.take(0.3) == []
        (tmp_path / "pages" / "A.md").write_text("- other\n", encoding="utf-8")
        assert set(feed.take(10)) == {"pages/A.md"}


def watches() -> int:
    """How many folders this process watches by inotify."""
    found = 0
    for place in Path("/proc/self/fdinfo").iterdir():
        with suppress(OSError):
            found += place.read_text().count("inotify wd:")
    return found


def heard(feed: Feed, path: str) -> bool:
    """Whether a path comes in within a while."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if path in feed.take(0.2):
            return True
    return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify is Linux'")
def test_only_folders_that_matter_are_watched(tmp_path: Path) -> None:
    for folder in (".git/objects/00", "node_modules/x", "logseq/bak/pages/A", "pages/sub", ".graphkit/templates/views"):
        (tmp_path / folder).mkdir(parents=True)
    before = watches()
    with closing(Feed(tmp_path)) as feed:
        assert watches() - before == len(["", "logseq", "pages", "pages/sub", "", "templates", "views"])
        for path in ("pages/sub/A.md", "logseq/config.edn", ".graphkit/templates/views/goal.md.j2", "Top.md"):
            (tmp_path / path).write_text("- a\n", encoding="utf-8")
            assert heard(feed, path)


@pytest.mark.filterwarnings("error")
def test_folders_may_come_and_go_and_come_back(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "pages/sub").mkdir(parents=True)
    with closing(Feed(vault)) as feed:
        (vault / "new").mkdir()
        assert heard(feed, EVERYTHING)
        (vault / "new/A.md").write_text("- a\n", encoding="utf-8")
        assert heard(feed, "new/A.md")
        for folder in ("pages", "pages/sub"):
            (vault / folder).rename(tmp_path / "aside")
            assert heard(feed, EVERYTHING)
            (tmp_path / "aside").rename(vault / folder)
            assert heard(feed, EVERYTHING)
            (vault / "pages/sub/A.md").write_text(folder, encoding="utf-8")
            assert heard(feed, "pages/sub/A.md")
        (vault / "pages").rename(vault / "other")
        assert heard(feed, EVERYTHING)
        (vault / "other/sub/A.md").write_text("- x\n", encoding="utf-8")
        assert heard(feed, "other/sub/A.md")


def test_waking_ends_a_wait(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, poll_s=60)) as feed:
        feed.wake()
        began = time.monotonic()
        assert feed.take(30) == []
        assert time.monotonic() - began < 10


def test_a_flood_means_everything(tmp_path: Path) -> None:
    with closing(Feed(tmp_path, poll_s=60)) as feed:
        for number in range(5000):
            feed._queue.put(f"pages/{number}.md")
        assert feed.take(1) == [EVERYTHING]


def test_a_local_folder_has_events(tmp_path: Path) -> None:
    assert silent_file_system(tmp_path) == ""
    assert not matters("pages/node_modules/x.md")
