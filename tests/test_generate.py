"""The benchmark's vaults are what they say they are: counted, repeatable, in real proportions."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from benchmarks.generate import VaultSummary, file_stem, journal_title, write_vault

if TYPE_CHECKING:
    from pathlib import Path

BULLET = re.compile(r"^\t*- ", re.MULTILINE)
TASK = re.compile(r"^\t*- (?:TODO|DONE|DOING|WAITING|LATER|NOW|CANCELED) ", re.MULTILINE)
FENCE = re.compile(r"^\t*  ```\n(?:.*\n)*?\t*  ```$", re.MULTILINE)


def digest(root: Path) -> str:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return sha256(b"".join(str(path.relative_to(root)).encode() + path.read_bytes() for path in files)).hexdigest()


def texts(root: Path) -> list[str]:
    return [path.read_bytes().decode() for path in sorted(root.rglob("*.md"))]


def test_mixed_vault_has_the_proportions_of_a_team(tmp_path: Path) -> None:
    summary = write_vault(tmp_path / "v", pages=1000, kind="mixed", seed=7)
    pages = texts(tmp_path / "v")
    outlines = [FENCE.sub("", text) for text in pages]
    assert summary == VaultSummary(
        root=tmp_path / "v",
        pages=1000,
        experiments=20,
        goals=20,
        metrics=30,
        journals=330,
        notes=600,
        blocks=sum(len(BULLET.findall(text)) for text in outlines),
        tasks=sum(len(TASK.findall(text)) for text in outlines),
        size=sum(len(text.encode()) for text in pages),
    )
    assert len(pages) == 1000
    assert len(list((tmp_path / "v" / "journals").iterdir())) == 330
    assert 800 < summary.size / summary.pages < 1300
    assert 8 < summary.blocks / summary.pages < 16


def test_every_block_reference_has_its_block(tmp_path: Path) -> None:
    write_vault(tmp_path, pages=500, seed=3)
    whole = "\n".join(texts(tmp_path))
    ids = re.findall(r"id:: (\S+)", whole)
    assert len(ids) == len(set(ids)) > 0
    assert set(re.findall(r"\(\((\S+?)\)\)", whole)) <= set(ids)


def test_experiments_have_nine_tasks_in_twenty_seven_bullets(tmp_path: Path) -> None:
    summary = write_vault(tmp_path, pages=30, kind="experiments", seed=2)
    assert [(len(BULLET.findall(text)), len(TASK.findall(text))) for text in texts(tmp_path)] == [(27, 9)] * 30
    assert (summary.experiments, summary.journals, summary.notes) == (30, 0, 0)
    assert 2000 < summary.size / 30 < 3500


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_vault(tmp_path / name, pages=200, seed=seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


@pytest.mark.parametrize("pages", [1, 2, 3, 4, 7, 19, 50])
@pytest.mark.parametrize("kind", ["mixed", "experiments"])
def test_small_vaults_have_exactly_the_pages_asked_for(tmp_path: Path, pages: int, kind: str) -> None:
    summary = write_vault(tmp_path, pages=pages, kind=kind, seed=5)
    assert len(list(tmp_path.rglob("*.md"))) == pages
    assert summary.experiments + summary.goals + summary.metrics + summary.journals + summary.notes == pages


def test_nothing_is_written_where_something_is(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("- mine")
    with pytest.raises(FileExistsError):
        write_vault(tmp_path, pages=3)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]


@pytest.mark.parametrize(("pages", "kind"), [(0, "mixed"), (5, "other")])
def test_wrong_arguments_are_refused(tmp_path: Path, pages: int, kind: str) -> None:
    with pytest.raises(ValueError, match=r"page|kind"):
        write_vault(tmp_path, pages=pages, kind=kind)


def test_titles_and_file_names() -> None:
    assert file_stem("Projects/Why now?") == "Projects___Why now%3F"
    days = [date(2026, 3, 2), date(2026, 1, 21), date(2026, 1, 12), date(2026, 2, 23)]
    titles = ["Mar 2nd, 2026", "Jan 21st, 2026", "Jan 12th, 2026", "Feb 23rd, 2026"]
    assert [journal_title(day) for day in days] == titles
