"""A vault kept current equals the vault read from scratch, after any history of changes."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.app.load import load
from graphkit.app.page_reader import read_pages
from graphkit.app.watching.incremental import LiveVault

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from graphkit.app.conventions import Conventions
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts

NAMES = (
    "pages/A.md", "pages/a.markdown", "pages/B.md", "pages/sub/A.md", "journals/2026_03_02.md", "pages/C.org",
    "pages/contents.md", "archive/Old.md", "pages/B.sync-conflict-20260101-101010-ABCDEFG.md", "notes.txt",
    "logseq/bak/B.md", ".hidden/D.md",
)  # fmt: skip
TEXTS = (
    "", "- one\n", "title:: B\n\n- two [[A]]\n", "alias:: C, Old\npage-type:: experiment\n\n- TODO x\n",
    "- b\n  id:: 01234567-0123-0123-0123-012345678901\n- ((01234567-0123-0123-0123-012345678901))\n",
    "- s\n  graphkit:: status\n\t- made\n",
)  # fmt: skip
CONFIGS = ("{}", '{:hidden ["/archive"]}', '{:journal/page-title-format "yyyy-MM-dd"}', "{:broken")
SETTINGS = (None, "checkboxes = true\n", 'ignore = ["pages/sub"]\n', 'dialect = "obsidian"\n')

step = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("write"), st.just("logseq/config.edn"), st.sampled_from(CONFIGS)),
    st.sampled_from(SETTINGS).map(
        lambda text: ("remove", "graphkit.toml", "") if text is None else ("write", "graphkit.toml", text)
    ),
)


def apply(root: Path, action: str, path: str, text: str) -> None:
    target = root / path
    if action == "write":
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    else:
        target.unlink(missing_ok=True)


def everything(vault: Vault) -> tuple[object, ...]:
    """All that commands can see of a session's pages and findings."""
    catalog = vault.catalog
    pages = list(catalog.pages())
    titles = list(catalog.titles())
    return (
        pages,
        titles,
        [page and page.path for page in map(catalog.page, titles)],
        [catalog.block(identity) for page in pages for identity in page.ids],
        catalog.count(),
        sorted(map(repr, vault.loaded.findings)),
        [repr(finding) for finding in vault.loaded.findings if finding.code == "E204"],
        vault.unread,
        sorted(vault.loaded.org_pages),
        vault.loaded.not_read,
        vault.dialect,
        vault.config,
        vault.settings,
    )


@settings(max_examples=60)
@given(batches=st.lists(st.lists(step, max_size=4), min_size=1, max_size=6), looks=st.sets(st.integers(0, 5)))
def test_whatever_happens_it_is_what_reading_it_anew_gives(
    batches: list[list[tuple[str, str, str]]], looks: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        apply(root, "write", "logseq/config.edn", "{}")
        live = LiveVault(root)
        for number, batch in enumerate(batches):
            for action, path, text in batch:
                apply(root, action, path, text)
            if number in looks:
                live.rescan()
            else:
                live.refresh(dict.fromkeys(path for _, path, _ in batch))
            assert everything(live.vault) == everything(load(root))


def test_only_changed_pages_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        apply(tmp_path, "write", f"pages/{number}.md", f"- {number}\n")
        os.utime(tmp_path / f"pages/{number}.md", (time.time() - 60, time.time() - 60))
    live = LiveVault(tmp_path)
    read: list[str] = []

    def noted(files: Sequence[tuple[str, bytes]], conventions: Conventions) -> list[PageFacts | None]:
        read.extend(path for path, _ in files)
        return read_pages(files, conventions)

    monkeypatch.setattr("graphkit.app.load.read_pages", noted)
    apply(tmp_path, "write", "pages/7.md", "- seven\n")
    assert live.refresh(["pages/7.md", "pages/8.md"]) == {"pages/7.md"}
    apply(tmp_path, "write", "pages/9.md", "- nine\n")
    assert live.rescan() == {"pages/9.md"}
    assert read == ["pages/7.md", "pages/9.md"]
    assert live.rescan() == frozenset()
    assert live.knows("pages/9.md")
    apply(tmp_path, "write", "pages/9.md", "- other\n")
    assert not live.knows("pages/9.md")


def test_a_conflict_copy_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    copy = "pages/B.sync-conflict-20260101-101010-ABCDEFG.md"
    apply(tmp_path, "write", "logseq/config.edn", "{}")
    apply(tmp_path, "write", copy, "- a")
    live = LiveVault(tmp_path)
    assert [finding.code for finding in live.vault.loaded.findings] == ["E120"]
    apply(tmp_path, "remove", copy, "")
    live.refresh([copy])
    assert live.vault.loaded.findings == ()


def test_days_of_activity_follow_the_notes_and_the_day(tmp_path: Path) -> None:
    apply(tmp_path, "write", "pages/A.md", "- TODO x\n")
    apply(tmp_path, "write", "journals/2026_03_02.md", "- nothing\n")
    live = LiveVault(tmp_path, as_of=dt.date(2026, 3, 1))

    def last() -> dt.date | None:
        page = live.vault.catalog.at_path("pages/A.md")
        assert page is not None
        return live.vault.traces.of_task(page.tasks[0], page)

    assert last() is None
    apply(tmp_path, "write", "journals/2026_03_02.md", "- saw [[A]]\n")
    live.refresh(["journals/2026_03_02.md"])
    assert last() is None
    live.set_day(dt.date(2026, 3, 2))
    assert last() == dt.date(2026, 3, 2)
    apply(tmp_path, "write", "journals/2026_03_02.md", "- nothing\n")
    live.refresh(["journals/2026_03_02.md"])
    assert last() is None
