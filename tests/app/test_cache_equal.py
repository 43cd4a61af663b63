"""With a cache and without: the same vault, whatever happens to its files in between."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from cached_vaults import everything, opened
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from shared_material import ROOT, SHARED, needs_shared

from graphkit.app.cache_writing import save_facts
from graphkit.cache import facts_cache
from graphkit.cache.page_file import pages_from
from graphkit.facts.page_facts import INSIDE

CORPORA = SHARED / "corpora"
NAMES = sorted(path.name for path in CORPORA.iterdir() if path.is_dir()) if CORPORA.is_dir() else []
SOME = ("lablog", "obsidian-tracker", "experiment-reports", "queries-and-scripts")

PATHS = (
    "pages/A.md", "pages/a.md", "pages/B___C.md", "pages/B%2FC.md", "pages/contents.md", "journals/2026_03_01.md",
    "journals/2026-03-01.md", "old/D.md", "pages/E.org", "Notes/A.md", "Notes/Deep/A.md", "readme.md",
)  # fmt: skip
TEXTS = (
    "", "  \n", "- TODO one\n", "- DONE one\n", "- x\n", "title:: A\n- y\n", "alias:: A, Z\n- TODO [[B/C]]\n",
    "type:: experiment\ngoal:: [[G]]\n- ## Work\n\t- TODO [[A]]\n", "type:: metric\nalias:: A\n- 12\n",
    "- a\n  id:: 11111111-1111-4111-8111-111111111111\n", "- b\n- c\n  id:: 11111111-1111-4111-8111-111111111111\n",
    "- #metric [[M]]: 41.2%\n", "\udcff- \udc80\n",
)  # fmt: skip
CONFIGS = (
    None,
    "{}",
    '{:hidden ["old"]}',
    "{:file/name-format :triple-lowbar}",
    '{:journal/page-title-format "yyyy-MM-dd"}',
    "{",
)

OTHERWISE = bytes.maketrans(b"TDxyab", b"DTyxba")
"""Another text of the same size: TODO is DODO then, and DONE is TONE."""


class History(RuleBasedStateMachine):
    """Writes, renames, deletions, configuration: after each, both catalogs say the same."""

    steps = 0
    """Looks at vaults that hold pages."""
    kept = 0
    """Those of them for which no more pages were read from files than one step changes."""

    @initialize(few=st.sampled_from((1, facts_cache._FEW)))
    def begin(self, few: int) -> None:
        self.few, facts_cache._FEW = facts_cache._FEW, few  # type: ignore[misc]
        self.folder = Path(tempfile.mkdtemp())
        self.root, self.index = self.folder / "vault", self.folder / "cache" / "index.sqlite"
        self.damaged = False
        for path, text in zip(PATHS, TEXTS[2:], strict=False):
            self.write(path, text)

    def teardown(self) -> None:
        facts_cache._FEW = self.few  # type: ignore[misc]
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(path=st.sampled_from(PATHS), text=st.sampled_from(TEXTS))
    def write(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape"))

    @rule(number=st.integers(0, 11))
    def change_with_the_same_stamp(self, number: int) -> None:
        pages = [place for path in PATHS if (place := self.root / path).exists()]
        if pages:
            place = pages[number % len(pages)]
            before, data = place.stat(), place.read_bytes()
            place.write_bytes(data.translate(OTHERWISE))
            os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(path=st.sampled_from(PATHS), seconds=st.sampled_from((-(10**9), -5, 0, 5, 10**8)))
    def set_the_time(self, path: str, seconds: int) -> None:
        place = self.root / path
        if place.exists():
            when = place.stat().st_mtime_ns + seconds * 10**9
            os.utime(place, ns=(when, when))

    @rule(old=st.sampled_from(PATHS), new=st.sampled_from(PATHS))
    def rename(self, old: str, new: str) -> None:
        if (self.root / old).exists():
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            (self.root / old).replace(self.root / new)

    @rule(path=st.sampled_from(PATHS))
    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    @rule(text=st.sampled_from(CONFIGS))
    def configure(self, text: str | None) -> None:
        place = self.root / "logseq" / "config.edn"
        if text is None:
            shutil.rmtree(place.parent, ignore_errors=True)
        else:
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")

    @rule(on=st.booleans())
    def be_an_obsidian_vault(self, on: bool) -> None:
        place = self.root / ".obsidian"
        if on:
            place.mkdir(exist_ok=True)
        elif place.exists():
            place.rmdir()

    @rule()
    def lose_the_index(self) -> None:
        shutil.rmtree(self.index.parent, ignore_errors=True)
        self.damaged = False

    @rule(at=st.integers(0, 60000), bits=st.integers(1, 255))
    def damage_the_index(self, at: int, bits: int) -> None:
        for file in self.index.parent.glob("index.sqlite*") if self.index.parent.exists() else ():
            data = bytearray(file.read_bytes())
            if at < len(data):
                self.damaged = True
                data[at] ^= bits
                file.write_bytes(data)

    @rule(names=st.lists(st.sampled_from((*INSIDE, "path")), max_size=2), every=st.integers(1, 3))
    def look_inside_some(self, names: list[str], every: int) -> None:
        vault = opened(self.root, self.index, damaged=self.damaged)
        for page in itertools.islice(vault.catalog.pages(), 0, None, every):
            for name in names:
                getattr(page, name)
        save_facts(vault)

    @invariant()
    def both_say_the_same(self) -> None:
        if hasattr(self, "root"):
            before = dict(pages_from)
            found = everything(opened(self.root, self.index, damaged=self.damaged))
            kept, read = (pages_from[place] - before.get(place, 0) for place in ("cache", "files"))
            History.steps += bool(kept or read)
            History.kept += bool(kept) and read <= 2
            assert found == everything(opened(self.root, None))


def held(max_examples: int, stateful_step_count: int) -> None:
    History.steps = History.kept = 0
    run_state_machine_as_test(
        History, settings=settings(deadline=None, max_examples=max_examples, stateful_step_count=stateful_step_count)
    )
    assert History.kept >= History.steps / 2 > 10


def test_any_history() -> None:
    held(max_examples=25, stateful_step_count=14)


@pytest.mark.parametrize("few", [1, facts_cache._FEW])
def test_damage_at_the_head_of_any_page_of_the_index(few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_cache, "_FEW", few)
    root, index = tmp_path / "vault", tmp_path / "cache" / "index.sqlite"
    for path, text in zip(PATHS, TEXTS[2:], strict=False):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    expected = everything(opened(root, None))
    assert everything(opened(root, index)) == expected
    whole, size = index.read_bytes(), sqlite3.connect(index).execute("PRAGMA page_size").fetchone()[0]
    for at in (start + offset for start in range(0, len(whole), size) for offset in range(0, 20, 2)):
        for bits in (2, 129):
            data = bytearray(whole)
            data[at] ^= bits
            index.write_bytes(data)
            assert everything(opened(root, index, damaged=True)) == expected, (at, bits)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_long_history() -> None:
    """`GRAPHKIT_SOAK_HISTORIES` says how many."""
    held(max_examples=int(os.environ.get("GRAPHKIT_SOAK_HISTORIES", "100")), stateful_step_count=40)


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_a_corpus_says_the_same_with_an_index_made_now_and_one_made_before(name: str, tmp_path: Path) -> None:
    plain = everything(opened(CORPORA / name, None))
    for _ in range(2):
        assert everything(opened(CORPORA / name, tmp_path / "index.sqlite")) == plain


@needs_shared
@pytest.mark.parametrize("name", SOME)
def test_a_corpus_with_pages_changed_one_after_the_other(name: str, tmp_path: Path) -> None:
    root, index = tmp_path / "vault", tmp_path / "index.sqlite"
    shutil.copytree(CORPORA / name, root)
    pages = sorted(root.rglob("*.md"))
    opened(root, index)
    for page, other in itertools.pairwise(pages[:: max(1, len(pages) // 6)]):
        page.write_bytes(other.read_bytes())
        other.unlink()
        assert everything(opened(root, index)) == everything(opened(root, None))


def test_settings_and_environment_that_change_are_seen(tmp_path: Path) -> None:
    root, index = tmp_path / "vault", tmp_path / "index.sqlite"
    shutil.copytree(ROOT / "sample_graph", root)
    for environment in ({}, {"GRAPHKIT_CHECKBOXES": "true"}, {}):
        (root / "pages" / "Boxes.md").write_text("- [ ] a box\n- [x] another\n", encoding="utf-8")
        with_index = everything(opened(root, index, environment=environment))
        assert with_index == everything(opened(root, None, environment=environment))
    (root / "graphkit.toml").write_text("checkboxes = true\n", encoding="utf-8")
    assert everything(opened(root, index)) == everything(opened(root, None))
