"""A history with a cache is the history without one, after any commits, and reads new blobs only."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest
from git_repositories import ENVIRONMENT, build, git
from history.random_histories import RandomVault

from graphkit.app.cache_writing import save_facts
from graphkit.app.history.vault_history import VaultHistory, read_history
from graphkit.app.load import load
from graphkit.app.opening import IndexPlace

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 6, 1)


def with_cache(root: Path, place: Path) -> VaultHistory:
    vault = load(root, as_of=TODAY, index=IndexPlace(path=place))
    assert vault.cache is not None
    history = read_history(vault)
    assert save_facts(vault) is None
    return history


def without(root: Path) -> VaultHistory:
    return read_history(load(root, as_of=TODAY))


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_same_as_without(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - a seeded test
    root = build(tmp_path / "vault", RandomVault(seed).run(14).steps)
    place = tmp_path / "cache" / "index.sqlite"
    line = git(root, "rev-list", "--reverse", "HEAD").split()
    at = source.randint(1, 4)
    while at <= len(line):
        git(root, "reset", "-q", "--hard", line[at - 1])
        found, expected = with_cache(root, place), without(root)
        assert found.histories == expected.histories
        assert (found.notes, found.first, found.commits) == (expected.notes, expected.first, expected.commits)
        assert with_cache(root, place).blobs_read == 0
        at += source.choice((1, 2, 3, -1))
        if source.random() < 0.2:
            git(root, "commit", "-q", "--amend", "--no-edit", "--date", "2026-01-30T12:00:00+0000", **ENVIRONMENT)
            assert with_cache(root, place).histories == without(root).histories
    git(root, "reset", "-q", "--hard", line[-1])
    assert with_cache(root, place).histories == without(root).histories


def test_of_new_commits_only_their_blobs_are_read(tmp_path: Path) -> None:
    root = build(tmp_path / "vault", RandomVault(3).run(30).steps)
    place = tmp_path / "cache" / "index.sqlite"
    line = git(root, "rev-list", "--reverse", "HEAD").split()
    git(root, "reset", "-q", "--hard", line[-11])
    assert with_cache(root, place).blobs_read > 20
    git(root, "reset", "-q", "--hard", line[-1])
    new = {
        entry.split()[3]
        for entry in git(root, "log", "--raw", "--no-abbrev", "--format=", "HEAD~10..HEAD").splitlines()
        if entry.endswith(".md") and set(entry.split()[3]) != {"0"}
    }
    assert 0 < with_cache(root, place).blobs_read <= len(new)


def test_after_a_rebase_nothing_is_read_twice(tmp_path: Path) -> None:
    root = build(tmp_path / "vault", RandomVault(4).run(12).steps)
    place = tmp_path / "cache" / "index.sqlite"
    with_cache(root, place)
    git(root, "commit", "-q", "--amend", "-m", "other words", **ENVIRONMENT)
    found = with_cache(root, place)
    assert found.blobs_read == 0
    assert found.histories == without(root).histories


def test_work_that_is_not_committed_yet_counts_and_is_not_kept(tmp_path: Path) -> None:
    steps = RandomVault(5).run(6).steps
    root = build(tmp_path / "vault", steps)
    place = tmp_path / "cache" / "index.sqlite"
    before = with_cache(root, place).histories
    page = next(path for path in (root / "pages").glob("*.md") if "[[experiment]]" in path.read_text())
    text = page.read_text()
    page.write_text(text.rstrip("\n") + "\n- DONE just now\n")
    assert with_cache(root, place).histories == without(root).histories
    page.write_text(text)
    assert with_cache(root, place).histories == before


def test_a_day_before_the_last_commit_sees_the_commits_up_to_it(tmp_path: Path) -> None:
    made = RandomVault(6)
    root = build(tmp_path / "vault", made.run(12).steps)
    place = tmp_path / "cache" / "index.sqlite"
    with_cache(root, place)
    day = sorted(step.day for step in made.draft.steps)[5]
    early = read_history(load(root, as_of=day, index=IndexPlace(path=place)))
    assert early.histories == read_history(load(root, as_of=day)).histories
    assert all(point.day <= day for history in early.histories.values() for point in history.points)


@pytest.mark.parametrize("damage", [b"", b"x" * 4096])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    root = build(tmp_path / "vault", RandomVault(7).run(6).steps)
    place = tmp_path / "cache" / "index.sqlite"
    expected = with_cache(root, place).histories
    place.write_bytes(damage)
    for beside in place.parent.glob("index.sqlite-*"):
        beside.unlink()
    assert with_cache(root, place).histories == expected
    assert with_cache(root, place).blobs_read == 0
