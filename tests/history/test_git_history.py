"""Histories from git equal a reference that checks out every commit and runs `status` there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from git_repositories import build
from history.random_histories import RandomVault
from history.reference import checked_out

from graphkit.app.history.vault_history import read_history
from graphkit.app.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from history.reference import Counts


@pytest.mark.parametrize("seed", range(50))
def test_progress_on_every_day_is_what_status_says_of_that_commit(tmp_path: Path, seed: int) -> None:
    made = RandomVault(seed)
    root = build(tmp_path / "vault", made.run(10).steps)
    commits = checked_out(root, tmp_path / "work")
    today = date.fromisoformat(commits[-1][0])
    history = read_history(load(root, as_of=today))
    assert history.source == "git"
    assert not history.notes
    last = commits[-1][2]
    assert set(history.histories) == set(last)
    for number, path in made.numbers[-1].items():
        if path not in last:
            continue
        for paths, (day, counts) in _end_of_days(made, commits):
            expected = counts.get(paths.get(number, ""))
            point = history.histories[path].at(day)
            found = point and (point.done, point.scope, point.unit, point.done_leaves, point.leaves, point.doing)
            if expected is not None and expected[4]:
                assert found == expected, (path, day)
            else:
                assert not found or not found[4], (path, day)


def _end_of_days(
    made: RandomVault, commits: list[tuple[str, str, dict[str, Counts]]]
) -> Iterator[tuple[dict[int, str], tuple[date, dict[str, Counts]]]]:
    """The last commit of each day: paths by page number, and the counts that `status` gives."""
    for index, (day, _, counts) in enumerate(commits):
        if index + 1 == len(commits) or commits[index + 1][0] != day:
            yield made.numbers[index], (date.fromisoformat(day), counts)
