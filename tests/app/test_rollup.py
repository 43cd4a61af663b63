"""`graphkit rollup` and `graphkit undo` on real folders: bytes, times, exit codes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_material import ROOT
from views.page_shapes import LINES, MANAGED

from graphkit.app.load import load
from graphkit.app.writing.apply_plans import write_changes
from graphkit.app.writing.region_rendering import material_of
from graphkit.app.writing.rollup import CREATED, plan_rollup
from graphkit.app.writing.template_lookup import Templates
from graphkit.cli.main import run
from graphkit.outline.saving.serialiser import saved_text
from graphkit.outline.scanner import scan_page
from graphkit.views.view_table import VIEWS

DAY = "2026-03-02"

EXPERIMENT = (
    "page-type:: [[experiment]]\nowner:: Ana\ndue:: 2026-02-20\n\n- ### #[[goal]]\n\t- #goal [[Keep people]]\n"
    "- ### #[[work]]\n\t- DOING build\n\t\t- DONE one\n\t\t  :LOGBOOK:\n"
    "\t\t  CLOCK: [2026-02-24 Tue 09:00:00]--[2026-02-24 Tue 10:00:00] =>  01:00:00\n\t\t  :END:\n\t\t- TODO two\n"
    "- ### Progress\n  graphkit:: experiment\n"
)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    for name in ("GRAPHKIT_GRAPH", "GRAPHKIT_WRITER", "CI"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "vault"
    (root / "logseq").mkdir(parents=True)
    (root / "pages").mkdir()
    (root / "logseq" / "config.edn").write_text("{:file/name-format :triple-lowbar}")
    write(root, "pages/Build it.md", EXPERIMENT)
    return root


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode("utf-8", "surrogateescape"))


def read(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode("utf-8", "surrogateescape")


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def graphkit(root: Path, *arguments: str) -> int:
    return run(["-g", str(root), "--as-of", DAY, *arguments])


def test_a_rollup_writes_and_a_second_one_does_not(vault: Path) -> None:
    assert graphkit(vault, "rollup") == 0
    assert read(vault, "pages/Build it.md") == EXPERIMENT.replace(
        "graphkit:: experiment\n",
        "graphkit:: experiment sum=kd8e725ba\n"
        "\t- [1/2] ▰▰▰▰▰▱▱▱▱▱ 50% · off track: due on 2026-02-20, 50% done\n"
        "\t- | Task | State | Done | Deadline |\n\t  |--|--|--|--|\n"
        "\t  | one | ● done | – | – |\n\t  | two | ○ todo | – | – |\n",
    )
    before = snapshot(vault)
    assert graphkit(vault, "rollup") == 0
    assert snapshot(vault) == before


def test_create_makes_the_three_pages_once(vault: Path) -> None:
    assert graphkit(vault, "rollup", "--create") == 0
    assert sorted(path.name for path in (vault / "pages").iterdir()) == [
        "Build it.md", "Experiment status.md", "Experiments this week.md", "Open tasks.md",
    ]  # fmt: skip
    assert read(vault, "pages/Experiment status.md") == (
        "graphkit:: status sum=k8de21034\n\n- 1 experiment: 1 off track\n"
        "- [[Build it]] [1/2] ▰▰▰▰▰▱▱▱▱▱ · off track: due on 2026-02-20, 50% done · due 2026-02-20 · Ana"
    )
    before = snapshot(vault)
    assert graphkit(vault, "rollup", "--create") == 0
    assert snapshot(vault) == before


def test_what_was_generated_is_no_input(vault: Path) -> None:
    write(vault, "pages/Board.md", '- all\n  graphkit:: tasks\n- goal\n  graphkit:: goal goal="Keep people"\n')
    for _ in range(2):
        assert graphkit(vault, "rollup", "--create") == 0
    session = load(vault)
    assert sorted(page.title for page in session.catalog.pages() if page.tasks) == ["Build it"]
    assert {link.title for page in session.catalog.pages() for link in page.goals} == {"Keep people"}
    before = snapshot(vault)
    assert graphkit(vault, "rollup", "--create") == 0
    assert snapshot(vault) == before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pages/EXPERIMENT STATUS.md", "- mine\n"),
        ("pages/Other.md", "alias:: experiment status\n\n- mine\n"),
        ("pages/Experiment status.org", "* mine\n"),
        ("pages/Experiment Status.markdown", "- mine\n"),
    ],
)
def test_create_never_takes_a_name_that_is_taken(
    vault: Path, path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, path, text)
    assert graphkit(vault, "rollup", "--create") == 0
    assert not (vault / "pages" / "Experiment status.md").exists()
    assert (vault / "pages" / "Open tasks.md").exists()
    assert "W610" in capsys.readouterr().err
    assert read(vault, path) == text


def test_create_follows_the_vaults_own_folders_and_refuses_org(vault: Path) -> None:
    write(vault, "logseq/config.edn", '{:pages-directory "notes/wiki" :export/bullet-indentation :two-spaces}')
    assert graphkit(vault, "rollup", "--create") == 0
    assert "\n  - ○ two" in read(vault, "notes/wiki/Open tasks.md")
    shutil.rmtree(vault / "notes")
    write(vault, "logseq/config.edn", '{:preferred-format "Org"}')
    before = snapshot(vault)
    graphkit(vault, "rollup", "--create")
    assert snapshot(vault) == before


def test_check_says_whether_something_is_out_of_date(vault: Path) -> None:
    before = snapshot(vault)
    assert graphkit(vault, "rollup", "--check") == 1
    assert snapshot(vault) == before
    assert graphkit(vault, "rollup") == 0
    assert graphkit(vault, "rollup", "--check") == 0
    assert graphkit(vault, "rollup", "--check", "--create") == 1


def test_a_dry_run_prints_a_patch_and_writes_nothing(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(vault)
    assert graphkit(vault, "rollup", "--dry-run") == 0
    assert snapshot(vault) == before
    printed = capsys.readouterr().out
    assert printed.startswith("--- a/pages/Build it.md\n+++ b/pages/Build it.md\n@@ ")
    assert "\n-  graphkit:: experiment\n+  graphkit:: experiment sum=" in printed
    assert graphkit(vault, "rollup", "--diff") == 0
    assert capsys.readouterr().out == printed


def test_a_persons_word_is_a_conflict_and_stays(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graphkit(vault, "rollup")
    ours = read(vault, "pages/Build it.md")
    edited = ours.replace("| two |", "| two, ask Ruth |")
    write(vault, "pages/Build it.md", edited)
    assert graphkit(vault, "rollup") == 3
    assert read(vault, "pages/Build it.md") == edited
    told = capsys.readouterr().err
    assert "pages/Build it.md:14: W601" in told
    assert "\n-  | two, ask Ruth | ○ todo | – | – |\n+  | two | ○ todo | – | – |\n" in told
    assert graphkit(vault, "rollup", "--check") == 3
    assert graphkit(vault, "rollup", "--force") == 0
    assert read(vault, "pages/Build it.md") == ours
    assert graphkit(vault, "undo") == 0
    assert read(vault, "pages/Build it.md") == edited


def test_undo_restores_the_exact_bytes_and_takes_new_pages_away(vault: Path) -> None:
    write(vault, "pages/Crlf.md", "\ufeffnote\r\n\r\n- a\r\n  graphkit:: status \r\n\r\n- b  ")
    before = {path: data for path, (data, _) in snapshot(vault).items()}
    assert graphkit(vault, "rollup", "--create") == 0
    assert {path: data for path, (data, _) in snapshot(vault).items()} != before
    assert graphkit(vault, "undo", "--dry-run") == 0
    assert graphkit(vault, "undo") == 0
    assert {path: data for path, (data, _) in snapshot(vault).items()} == before
    assert graphkit(vault, "undo") == 2


def test_undo_leaves_what_was_changed_since(vault: Path) -> None:
    graphkit(vault, "rollup")
    text = read(vault, "pages/Build it.md") + "- new words\n"
    write(vault, "pages/Build it.md", text)
    assert graphkit(vault, "undo", "--dry-run") == 3
    assert graphkit(vault, "undo") == 3
    assert read(vault, "pages/Build it.md") == text


def test_undo_lists_its_runs(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graphkit(vault, "rollup")
    capsys.readouterr()
    assert graphkit(vault, "undo", "--list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == "graphkit.runs/1"
    assert [(entry["run"], entry["command"], entry["pages"], entry["undone"]) for entry in listed["runs"]] == [
        (1, "rollup", ["pages/Build it.md"], False)
    ]


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("pages/Merge.md", "<<<<<<< ours\n- a\n  graphkit:: status\n=======\n>>>>>>> theirs\n", "conflict markers"),
        ("pages/Bytes.md", "- a\udcff\n  graphkit:: status\n", "not UTF-8"),
        ("logseq/Page.md", "- a\n  graphkit:: status\n", "belongs to Logseq"),
        ("mirror/Page.md", "- a\n  graphkit:: status\n", "derived by Logseq"),
    ],
)
def test_pages_that_must_not_be_written_are_refused_with_a_reason(
    vault: Path, path: str, text: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, path, text)
    assert graphkit(vault, "rollup") == 1
    assert read(vault, path) == text
    told = capsys.readouterr().err
    assert "W606" in told
    assert why in told
    assert "sum=" in read(vault, "pages/Build it.md")


def test_a_mirror_is_only_read(tmp_path: Path, vault: Path) -> None:
    mirror = tmp_path / "mirror" / "markdown"
    write(mirror, "pages/A.md", "- a\n  graphkit:: status\n")
    assert graphkit(mirror, "rollup") == 2
    assert read(mirror, "pages/A.md") == "- a\n  graphkit:: status\n"
    assert vault.exists()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("nonsense", "W602"),
        ("", "W602"),
        ("status colour=red", "W603"),
        ("status limit=many", "W603"),
        ("status status=fast", "W603"),
        ("weekly week=2026-W60", "W603"),
        ("experiment experiment=Nobody", "W603"),
        ("status goal=Nothing", "W607"),
    ],
)
def test_what_a_property_cannot_mean_is_reported(
    vault: Path, value: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, "pages/Odd.md", f"- a\n- b\n  graphkit:: {value}\n")
    assert graphkit(vault, "rollup") == 1
    assert f"pages/Odd.md:2: {code} " in capsys.readouterr().err


def test_only_the_named_writer_writes(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(vault, "graphkit.toml", 'writer = "ci"\n')
    before = snapshot(vault)
    assert graphkit(vault, "rollup") == 2
    assert graphkit(vault, "rollup", "--check") == 1
    assert snapshot(vault) == before
    monkeypatch.setenv("CI", "true")
    assert graphkit(vault, "rollup") == 0


def test_a_page_that_changes_before_it_is_written_is_planned_anew(vault: Path) -> None:
    session = load(vault)
    with Templates(vault) as templates:
        plan = plan_rollup(session, templates)
        write(vault, "pages/Build it.md", EXPERIMENT + "- typed meanwhile\n")
        report = write_changes(vault, plan.changes, command="rollup", environ=os.environ)
    assert [page.outcome for page in report.pages] == ["written"]
    text = read(vault, "pages/Build it.md")
    assert text.endswith("- typed meanwhile\n")
    assert "sum=" in text


def test_words_that_arrive_meanwhile_in_the_region_are_a_conflict(vault: Path) -> None:
    session = load(vault)
    theirs = EXPERIMENT + "\t- my words\n"
    with Templates(vault) as templates:
        plan = plan_rollup(session, templates)
        write(vault, "pages/Build it.md", theirs)
        report = write_changes(vault, plan.changes, command="rollup", environ=os.environ)
    assert report.conflicts
    assert [finding.code for finding in report.findings] == ["W608"]
    assert read(vault, "pages/Build it.md") == theirs


def test_the_same_vault_and_day_give_the_same_bytes_anywhere(vault: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "copy"
    shutil.copytree(vault, other)
    for path in other.rglob("*.md"):
        os.utime(path, (1, 1))
    for root in (vault, other):
        assert graphkit(root, "rollup", "--create") == 0
    first, second = ({path: data for path, (data, _) in snapshot(root).items()} for root in (vault, other))
    assert first == second


def test_every_view_renders_on_the_sample_vault_and_is_stable(vault: Path, tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    shutil.copytree(ROOT / "sample_graph", sample)
    asked = {
        "experiment": ' experiment="Guided first plant"',
        "goal": ' goal="Make the first week work"',
        "metric": ' metric="Retention rate"',
        "readout": ' experiment="Care streaks"',
        "query": ' expr="(task TODO)"',
    }
    blocks = [f"- {name}\n  graphkit:: {name}{asked.get(name, '')}\n" for name in VIEWS]
    write(sample, "pages/All views.md", "".join(blocks))
    assert graphkit(sample, "rollup", "--create") == 0
    before = snapshot(sample)
    assert graphkit(sample, "rollup", "--create") == 0
    assert snapshot(sample) == before
    assert read(sample, "pages/All views.md").count(" sum=k") == len(VIEWS)
    assert vault.exists()


def test_a_hostile_title_stays_in_its_line(vault: Path) -> None:
    write(vault, "pages/x.md", "title:: a]] #b {{c}} `d | e\npage-type:: experiment\n\n- TODO ]] [[f\n- TODO - g\n")
    write(vault, "pages/Board.md", "- s\n  graphkit:: status\n- t\n  graphkit:: tasks\n- end\n")
    assert graphkit(vault, "rollup") == 0
    text = read(vault, "pages/Board.md")
    assert "\t- a\\]] \\#b \\{\\{c}} \\`d | e [0/2]" in text
    assert "\t\t- ○ \\]] \\[[f\n" in text or "\t\t- ○ ]] \\[[f\n" in text
    before = snapshot(vault)
    assert graphkit(vault, "rollup") == 0
    assert snapshot(vault) == before


def test_a_generated_blocks_id_and_fold_stay_when_it_is_renewed(vault: Path) -> None:
    write(vault, "pages/Board.md", "- s\n  graphkit:: status\n")
    graphkit(vault, "rollup")
    identity = "01234567-0123-0123-0123-012345678901"
    page = read(vault, "pages/Board.md").replace(" · Ana", f" · Ana\n\t  id:: {identity}\n\t  collapsed:: true")
    write(vault, "pages/Board.md", page)
    write(vault, "pages/Build it.md", read(vault, "pages/Build it.md").replace("TODO two", "DONE two"))
    assert graphkit(vault, "rollup") == 0
    assert "- [[Build it]] [2/2] ▰▰▰▰▰▰▰▰▰▰ · decision due" in read(vault, "pages/Board.md")
    assert f" · Ana\n\t  id:: {identity}\n\t  collapsed:: true" in read(vault, "pages/Board.md")


def test_material_lists_are_made_once(vault: Path) -> None:
    material = material_of(load(vault))
    assert material.experiments() is material.experiments()
    assert material.tasks() is material.tasks()


def test_managed_pages_are_in_the_form_in_which_logseq_saves_them(tmp_path: Path, vault: Path) -> None:
    sample = tmp_path / "sample"
    shutil.copytree(ROOT / "sample_graph", sample)
    for root in (sample, vault):
        assert graphkit(root, "rollup", "--create") == 0
        for title in CREATED:
            text = read(root, f"pages/{title}.md")
            assert saved_text(scan_page(text)) == text


def test_what_logseq_makes_of_a_page_with_a_rollup_is_no_edit(vault: Path) -> None:
    write(
        vault,
        "pages/Board.md",
        '- top\n  - s\n    graphkit:: status\n  - e\n    graphkit:: experiment experiment="Build it"\n',
    )
    graphkit(vault, "rollup")
    for unit in ("\t", "  ", "    "):
        saved = saved_text(scan_page(read(vault, "pages/Board.md")), unit=unit)
        write(vault, "pages/Board.md", saved)
        before = snapshot(vault)
        assert graphkit(vault, "rollup") == 0
        assert snapshot(vault) == before


pages = st.lists(st.lists(st.sampled_from([*LINES, *MANAGED]), max_size=9).map("\n".join), min_size=1, max_size=4)


@settings(max_examples=25)
@given(texts=pages, eol=st.sampled_from(["\n", "\r\n"]), bom=st.sampled_from(["", "\ufeff"]))
def test_undo_restores_the_exact_bytes_of_any_page(texts: list[str], eol: str, bom: str) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRAPHKIT_CACHE_DIR", f"{folder}/cache")
        patch.setenv("GRAPHKIT_STATE_DIR", f"{folder}/state")
        root = Path(folder) / "vault"
        write(root, "logseq/config.edn", "{}")
        for number, text in enumerate(texts):
            write(root, f"pages/{number}.md", bom + text.replace("\n", eol))
        before = {path: data for path, (data, _) in snapshot(root).items()}
        assert graphkit(root, "rollup", "--create", "--force") in {0, 1, 3}
        after = snapshot(root)
        assert graphkit(root, "rollup", "--create") in {0, 1, 3}
        assert snapshot(root) == after
        assert graphkit(root, "undo") == 0
        assert {path: data for path, (data, _) in snapshot(root).items()} == before
