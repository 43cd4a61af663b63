"""The one way from plans to the disk."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from graphkit.app.writing.apply_plans import Change, write_changes
from graphkit.cli.main import run
from graphkit.store.places import places_for
from graphkit.store.writing.lock import writing
from graphkit.store.writing.temporary_files import dot_names
from graphkit.text.edit import Plan, Splice, digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def vault(folder: Path) -> tuple[Path, Mapping[str, str]]:
    root = folder / "vault"
    (root / "pages").mkdir(parents=True)
    return root, {"GRAPHKIT_CACHE_DIR": str(folder / "cache"), "GRAPHKIT_STATE_DIR": str(folder / "state")}


def appended(root: Path, page: str, text: str) -> Change:
    data = (root / page).read_bytes()
    end = len(data.decode())
    return Change(plan=Plan(page=page, digest=digest(data), splices=(Splice(end, end, text),), reason="test"))


def test_changes_are_carried_out_in_order_as_one_run(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    (root / "pages" / "a.md").write_bytes(b"- a")
    new = Change(plan=Plan(page="pages/b.md", digest=None, splices=(Splice(0, 0, "- b"),), reason="new"))
    report = write_changes(root, [new, appended(root, "pages/a.md", "!")], command="test", environ=environ)
    assert report.written == ("pages/b.md", "pages/a.md")
    assert (report.run, report.conflicts, report.failures, report.findings) == (1, False, False, ())
    assert [(root / "pages" / name).read_bytes() for name in ("a.md", "b.md")] == [b"- a!", b"- b"]


def test_a_change_that_cannot_be_planned_anew_is_a_conflict(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    (root / "pages" / "a.md").write_bytes(b"- a")
    change = appended(root, "pages/a.md", "!")
    (root / "pages" / "a.md").write_bytes(b"- changed")
    report = write_changes(root, [change], command="test", environ=environ)
    assert [(page.outcome, page.reason) for page in report.pages] == [("conflict", "it changed meanwhile")]
    assert [finding.code for finding in report.findings] == ["W608"]
    assert (root / "pages" / "a.md").read_bytes() == b"- changed"


def test_a_refused_page_does_not_keep_the_others_from_being_written(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    (root / "pages" / "a.md").write_bytes(b"- a")
    outside = Change(plan=Plan(page="../x.md", digest=None, splices=(Splice(0, 0, "- x"),), reason="new"))
    report = write_changes(root, [outside, appended(root, "pages/a.md", "!")], command="test", environ=environ)
    assert [page.outcome for page in report.pages] == ["refused", "written"]
    assert [finding.code for finding in report.findings] == ["W606"]
    assert not (tmp_path / "x.md").exists()


def test_nobody_writes_while_another_does(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    (root / "pages" / "a.md").write_bytes(b"- a")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(places_for(root, environ), "other"):
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        report = write_changes(root, [appended(root, "pages/a.md", "!")], command="test", environ=environ, wait_s=0.05)
    finally:
        done.set()
        thread.join()
    assert report.conflicts
    assert "`other`" in report.pages[0].reason
    assert (root / "pages" / "a.md").read_bytes() == b"- a"


def test_what_a_killed_run_left_is_settled_even_where_nothing_is_to_be_written(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    (root / "pages" / "a.md").write_bytes(b"- a")
    temporary, swap = dot_names("a.md", b"- a", b"- a!", "0123abcd")
    (root / "pages" / temporary).write_bytes(b"- a!")
    (root / "pages" / swap).write_bytes(b"- words of someone")
    report = write_changes(root, [], command="test", environ=environ)
    assert sorted(path.name for path in (root / "pages").iterdir()) == ["a.md"]
    assert [finding.code for finding in report.findings] == ["W611"]


def test_without_changes_nothing_is_made_anywhere(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    assert write_changes(root, [], command="test", environ=environ).pages == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vault"]


def test_other_names_of_a_file_keep_their_text_and_are_named(tmp_path: Path) -> None:
    root, environ = vault(tmp_path)
    (root / "pages" / "a.md").write_bytes(b"- a")
    (tmp_path / "backup.md").hardlink_to(root / "pages" / "a.md")
    report = write_changes(root, [appended(root, "pages/a.md", "!")], command="test", environ=environ)
    assert [(finding.code, finding.path) for finding in report.findings] == [("W613", "pages/a.md")]
    assert ((root / "pages" / "a.md").read_bytes(), (tmp_path / "backup.md").read_bytes()) == (b"- a!", b"- a")
    again = write_changes(root, [appended(root, "pages/a.md", "!")], command="test", environ=environ)
    assert again.findings == ()


@pytest.mark.parametrize(
    "command",
    [
        ["task", "done", "Water"],
        ["init"],
        ["fmt", "NPS", "--write"],
        ["rollup"],
        ["metric", "log", "NPS", "5", "--date", "2026-03-01"],
    ],
)
def test_every_command_that_writes_settles_what_a_killed_one_left(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, environ = vault(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for path, text in {
        "pages/a.md": "- DONE Water", "pages/NPS.md": "page-type:: [[metric]]\n", "graphkit.toml": "",
        "journals/2026_03_01.md": "- nps:: 5\n",
    }.items():  # fmt: skip
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="")
    swap = dot_names("a.md", b"- a", b"- a!", "0123abcd")[1]
    (root / "pages" / swap).write_bytes(b"- words of someone")
    assert run(["-g", str(root), "--as-of", "2026-03-02", "doctor"]) == 0
    assert swap in capsys.readouterr().out
    code = run(["-g", str(root), "--as-of", "2026-03-02", *command])
    assert code in {0, 1}  # rollup and fmt report the rescue as a finding
    assert "W611" in capsys.readouterr().err
    assert sorted(path.name for path in (root / "pages").iterdir()) == ["NPS.md", "a.md"]
    assert (root / "pages" / "a.md").read_bytes() == b"- DONE Water"
