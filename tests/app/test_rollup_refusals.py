"""What `graphkit rollup` leaves alone, and what it says of it: half a vault, broken pages, files that are no page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from graphkit.app.watching.incremental import LiveVault
from graphkit.app.writing.rollup import plan_rollup
from graphkit.app.writing.template_lookup import Templates
from graphkit.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXPERIMENT = "page-type:: [[experiment]]\n\n- ### #[[work]]\n\t- TODO one\n"
BOARD = "- ## Status\n  graphkit:: status\n"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    for name in ("GRAPHKIT_GRAPH", "GRAPHKIT_WRITER", "CI"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "vault"
    write(root, "logseq/config.edn", "{}")
    write(root, "pages/One.md", EXPERIMENT)
    write(root, "pages/Two.md", EXPERIMENT)
    write(root, "pages/Board.md", BOARD)
    return root


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Ends of paths into which the system lets nobody look; an administrator, who may run this, would be let in."""
    refused: set[str] = set()

    def refusing(really: Callable[..., object]) -> Callable[..., object]:
        def called(path: object, *arguments: object, **options: object) -> object:
            if refused and str(path).endswith(tuple(refused)):
                raise PermissionError(13, "Permission denied", str(path))
            return really(path, *arguments, **options)

        return called

    for name in ("open", "scandir", "lstat"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    return refused


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8", newline="\n")


def texts(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in root.rglob("*.md") if not path.is_symlink()}


def graphkit(root: Path, *arguments: str) -> int:
    return run(["-g", str(root), "--as-of", "2026-03-02", *arguments])


@pytest.mark.parametrize("what", ["pages/Two.md", "/journals"])
def test_nothing_is_counted_in_half_a_vault(
    vault: Path, locked: set[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, "journals/2026_03_01.md", "- TODO more\n")
    assert graphkit(vault, "rollup", "--create") == 0
    write(vault, "pages/One.md", EXPERIMENT.replace("TODO", "DONE"))
    before = texts(vault)
    capsys.readouterr()
    locked.add(what)
    for options in ((), ("--create",), ("--dry-run",), ("--check",)):
        assert graphkit(vault, "rollup", *options) == 4
        assert "W612 it could not be read, so the rollups are left as they are" in capsys.readouterr().err
    assert graphkit(vault, "rollup") == 4
    assert "refused\tstatus\tpages/Board.md\t1\n" in capsys.readouterr().out
    locked.clear()
    assert texts(vault) == before
    locked.add(what)
    assert graphkit(vault, "rollup", "--force") == 4
    locked.clear()
    assert texts(vault) != before


def test_a_file_of_values_that_cannot_be_read_counts_as_well(
    vault: Path, locked: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, "assets/nps.csv", "date,value\n2026-03-01,36\n")
    write(vault, "pages/NPS.md", "page-type:: [[metric]]\ndata:: ../assets/nps.csv\n\n- now\n  graphkit:: metric\n")
    assert graphkit(vault, "rollup") == 0
    before = texts(vault)
    assert "36 on 2026-03-01" in before["NPS.md"]
    locked.add("nps.csv")
    assert graphkit(vault, "rollup") == 4
    assert "assets/nps.csv:1: W612 it could not be read" in capsys.readouterr().err
    assert graphkit(vault, "metrics", "NPS") == 4
    locked.clear()
    assert texts(vault) == before


def test_what_cannot_be_read_does_no_harm_where_nothing_would_change(vault: Path, locked: set[str]) -> None:
    write(vault, "pages/Notes.md", "- nothing of interest\n")
    assert graphkit(vault, "rollup") == 0
    locked.add("pages/Notes.md")
    assert graphkit(vault, "rollup", "--check") == 4


def test_who_watches_goes_on_when_everything_can_be_read_again(vault: Path, locked: set[str]) -> None:
    locked.add("pages/Two.md")
    live = LiveVault(vault)
    with Templates(vault) as templates:
        plan = plan_rollup(live.vault, templates)
        assert ([finding.code for finding in plan.findings], plan.changes) == (["W612"], [])
        locked.clear()
        assert live.refresh([]) == {"pages/Two.md"}
        plan = plan_rollup(live.vault, templates)
        assert ([finding.code for finding in plan.findings], len(plan.changes)) == ([], 1)


@pytest.mark.parametrize("what", [".graphkit/templates", ".graphkit/templates/views/status.md.j2"])
def test_a_template_that_cannot_be_read_is_not_replaced_by_the_shipped_one(
    vault: Path, locked: set[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, ".graphkit/templates/views/status.md.j2", "- {{ total }} of ours\n")
    locked.add(what)
    assert graphkit(vault, "rollup") == 1
    assert "W604 the template fails: it cannot be read: Permission denied" in capsys.readouterr().err
    locked.clear()
    assert texts(vault)["Board.md"] == BOARD


def test_a_folder_in_the_place_of_a_template_is_none(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (vault / ".graphkit/templates/views/status.md.j2").mkdir(parents=True)
    assert graphkit(vault, "rollup") == 1
    assert "status.md.j2:1: W604 the template fails: it is not a regular file" in capsys.readouterr().err


def test_a_rollup_that_would_break_its_page_is_told_as_refused(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(vault, ".graphkit/templates/views/status.md.j2", "- ```\n- x {{ total }}\n")
    page = BOARD + "- ```\n  code\n  ```\n"
    write(vault, "pages/Board.md", page)
    assert graphkit(vault, "rollup") == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1:] == ["refused\tstatus\tpages/Board.md\t1"]
    assert "pages/Board.md:1: W609 the rollup would change how other blocks of the page read" in printed.err
    assert printed.err.endswith("1 refused\n")
    assert texts(vault)["Board.md"] == page


def test_a_second_file_of_a_page_is_refused_and_a_link_is_named(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "outside/o.md", BOARD)
    (vault / "pages/link.md").symlink_to(tmp_path / "outside/o.md")
    twin = f"title:: Board\n\n{BOARD}"
    write(vault, "pages/b.md", twin)
    write(vault, "pages/c.md", "title:: One\n\n- not managed\n")
    assert graphkit(vault, "rollup") == 1
    told = capsys.readouterr().err
    assert "warning: pages/b.md:1: W606 it is not written, because pages/Board.md holds the page “Board”" in told
    assert "info: pages/link.md:1: E111 this is a symbolic link, which graphkit, like Logseq, does not follow" in told
    assert told.count("W606") == 1
    assert (tmp_path / "outside/o.md").read_text(encoding="utf-8") == BOARD
    assert texts(vault)["b.md"] == twin


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("- s\n  graphkit:: status\n\t- my words\n", "W601 there is already text where the view status would write"),
        ("- s\n  graphkit:: status sum=k1\n\t- my words\n", "W601 someone has edited what the view status wrote here"),
        ('- s\n  graphkit:: status goal="Keep it\n', 'W603 the view status does not understand goal="Keep, it'),
        ('- s\n  graphkit:: experiment experiment="Th"\n', "W603 “Th” is not an experiment"),
        ("- s\n  graphkit:: tasks owner=An\n", 'W607 owner="An" owns no task; did you mean “Anna” or “Andy”?'),
    ],
)
def test_what_is_wrong_is_told_as_it_is(
    vault: Path, block: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, "pages/One.md", EXPERIMENT + "\t- TODO a\n\t  owner:: Anna\n\t- TODO b\n\t  owner:: Andy\n")
    write(vault, "pages/Board.md", block)
    assert graphkit(vault, "rollup") in {1, 3}
    told = capsys.readouterr().err
    assert f"pages/Board.md:1: {message}" in told
    assert ('close the quote: key="two words"' in told) == ("Keep" in block)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('status goal="Keep"', "[[One]]"),
        ("status owner=rut", "[[One]]"),
        ("status tag=sh", "[[One]]"),
        ('goal goal="Keep"', "[[Keep people]]"),
        ("tasks experiment=On", "[[One]]"),
        ('tasks goal="keep p"', "[[One]]"),
        ("tasks owner=ru", "[[One]]"),
        ("experiment experiment=On", "1 | ○ todo"),
        ("metric metric=Ret", "[[Retention rate]]"),
        ("strategy strategy=Ca", "Care"),
    ],
)
def test_a_unique_beginning_names_what_a_view_is_about(vault: Path, asked: str, told: str) -> None:
    write(
        vault, "pages/One.md", "owner:: Ruth\ntags:: shop\n" + EXPERIMENT.replace("one", "1\n- #goal [[Keep people]]")
    )
    write(vault, "pages/Retention rate.md", "page-type:: [[metric]]\n\n- x\n")
    write(vault, "pages/Plan.md", "- | Strategy | Description |\n  |--|--|\n  | Care | x |\n  | Else | y |\n")
    write(vault, "pages/Board.md", f"- s\n  graphkit:: {asked}\n")
    assert graphkit(vault, "rollup") == 0
    assert told in texts(vault)["Board.md"]


def test_an_empty_bullet_is_no_word(vault: Path) -> None:
    graphkit(vault, "rollup")
    rolled = texts(vault)["Board.md"]
    touched = f"{rolled.rstrip()}\n\t-\n"
    write(vault, "pages/Board.md", touched)
    assert graphkit(vault, "rollup") == 0
    assert texts(vault)["Board.md"] == touched
    write(vault, "pages/Two.md", EXPERIMENT.replace("TODO", "DONE"))
    assert graphkit(vault, "rollup") == 0
    assert "\t-\n" not in texts(vault)["Board.md"]
    assert "[[Two]] [1/1]" in texts(vault)["Board.md"]


@pytest.mark.parametrize("path", [".obsidian/app.json", "notes.txt"])
def test_pages_are_made_in_logseq_graphs_only(
    tmp_path: Path, vault: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    write(other, path, "{}")
    write(other, "Notes.md", "- x\n")
    assert vault.exists()
    assert graphkit(other, "rollup", "--create") == 2
    assert "the rollup pages cannot be created, because this vault is not a Logseq graph" in capsys.readouterr().err
    assert graphkit(other, "new", "goal", "X") == 2
    assert "make the page in the program that you keep these notes with" in capsys.readouterr().err
