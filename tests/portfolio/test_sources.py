"""What a source may be, what is refused, and what a git repository gives."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from portfolio_vaults import build, command, rows_of, write_teams

from graphkit.app.failures import RequestError
from graphkit.portfolio.listing import list_vault
from graphkit.portfolio.vault_source import Source, is_safe_path, read_sources, without_credentials

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = [
    "--upload-pack=touch owned",
    "-oProxyCommand=touch owned",
    "git+--upload-pack=touch owned",
    "git+ext::sh -c touch% owned",
    "ext::sh -c touch% owned",
    "git+fd::17/foo",
    "git+http://host/repo.git",
    "git+ssh://-oProxyCommand=touch/repo",
    "git+git://host/repo.git",
    "git+repo#--upload-pack=x",
    "git+repo#main..other",
    "git+repo#main:../../etc",
    "git+repo#main:.git/hooks",
    "git+user@host:repo",
    "user@host:repo",
    "https://host/repo.git",
    "ssh://host/repo.git",
    "ftp://host/x",
    "gs://bucket/x",
    "s3::bucket",
    "",
    "a\nb",
]


@pytest.mark.parametrize("word", REFUSED)
def test_what_is_no_place_to_read_from_is_refused_before_anything_runs(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RequestError) as refused:
        read_sources([word], tmp_path)
    assert refused.value.hint
    code, out, errors = command("portfolio", "build", "-o", "ds", "--", word)
    assert (code, out) == (2, "")
    assert errors.startswith("error: ")
    assert not list(tmp_path.iterdir())


def test_folders_patterns_and_lists_name_each_vault_once(tmp_path: Path) -> None:
    teams = write_teams(tmp_path / "teams", 3, least=3, most=5)
    sources = tmp_path / "sources.txt"
    sources.write_text("# our teams\n\nteams/team-01\nteams/team-*\n", encoding="utf-8")
    found = read_sources(["teams/team-02", str(sources), "teams/*"], tmp_path)
    assert [source.address for source in found] == [str(teams[place]) for place in (2, 1, 0)]
    assert len({source.id for source in found}) == 3


def test_an_error_in_a_list_names_its_line_and_a_list_names_no_list(tmp_path: Path) -> None:
    sources = tmp_path / "sources.txt"
    sources.write_text("teams\next::sh\n", encoding="utf-8")
    with pytest.raises(RequestError, match=r"sources\.txt:2: 'ext::sh' names the protocol"):
        read_sources([str(sources)], tmp_path)
    sources.write_text("sources.txt\n", encoding="utf-8")
    with pytest.raises(RequestError, match="cannot name another list"):
        read_sources([str(sources)], tmp_path)


def test_a_pattern_without_folders_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="matches no folder"):
        read_sources(["nothing-*"], tmp_path)


def test_two_vaults_of_one_name_are_two_vaults(tmp_path: Path) -> None:
    for place in ("a", "b"):
        (tmp_path / place / "notes" / "pages").mkdir(parents=True)
        (tmp_path / place / "notes" / "pages" / "X.md").write_text(f"- TODO in {place}\n", encoding="utf-8")
    build(tmp_path / "ds", "a/notes", "b/notes")
    vaults, tasks = rows_of(tmp_path / "ds", "vaults"), rows_of(tmp_path / "ds", "tasks")
    assert [row["name"] for row in vaults] == ["notes", "notes"]
    assert len({row["vault"] for row in vaults}) == 2
    assert {row["text"] for row in tasks} == {"in a", "in b"}
    _, out, _ = command("portfolio", "velocity", "--all", "-d", tmp_path / "ds")
    assert {line.split("\t")[0] for line in out.splitlines()[1:]} == {row["vault"] for row in vaults}


@pytest.mark.parametrize(
    "path", ["../x", "a/../b", "/etc/passwd", ".git/config", "a/.GIT/x", "a//b", "a\\b", "", "./a"]
)
def test_paths_that_leave_their_folder_are_not_written(path: str) -> None:
    assert not is_safe_path(path)


def test_users_and_passwords_are_not_written_down() -> None:
    address = "https://user:secret@host/team.git"
    source = Source(kind="git", address=address, revision="main", folder="notes")
    assert source.shown == "git+https://host/team.git#main:notes"
    assert "secret" not in source.id
    assert without_credentials("s3://bucket/x?token=secret") == "s3://bucket/x"
    assert source.id == Source(kind="git", address="https://host/team.git", revision="main", folder="notes").id


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "team"
    (root / "notes" / "pages").mkdir(parents=True)
    (root / "notes" / "logseq").mkdir()
    (root / "notes" / "logseq" / "config.edn").write_text("{}\n", encoding="utf-8")
    page = root / "notes" / "pages" / "Plan.md"
    page.write_text("page-type:: [[experiment]]\n\n- ### work\n\t- TODO begin\n", encoding="utf-8")
    git(root, "init", "-q", ".")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    git(root, "tag", "-a", "v1", "-m", "first")
    page.write_text("page-type:: [[experiment]]\n\n- ### work\n\t- DONE begin\n", encoding="utf-8")
    git(root, "commit", "-q", "-am", "two")
    page.write_text("- TODO not committed\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("form", ["git+{root}#{revision}:notes", "git+file://{root}#{revision}:notes"])
def test_a_repository_is_read_at_a_commit(form: str, repository: Path, tmp_path: Path) -> None:
    markers = {}
    for revision in ("", "main", "v1", git(repository, "rev-parse", "HEAD")):
        word = form.format(root=repository, revision=revision)
        build(tmp_path / "ds", word)
        (task,) = rows_of(tmp_path / "ds", "tasks")
        (vault,) = rows_of(tmp_path / "ds", "vaults")
        markers[revision or "default"] = task["marker"]
        assert vault["revision"] == git(repository, "rev-parse", f"{revision or 'HEAD'}^{{commit}}")
        assert (vault["name"], vault["dialect"]) == ("notes", "logseq")
    assert set(markers.values()) == {"TODO", "DONE"}
    assert markers["v1"] == "TODO"


def test_a_repository_is_read_again_only_after_a_commit(repository: Path, tmp_path: Path) -> None:
    word = f"git+file://{repository}#main:notes"
    assert build(tmp_path / "ds", word).read == 1
    assert build(tmp_path / "ds", word).read == 0
    git(repository, "commit", "-q", "-am", "three")
    assert build(tmp_path / "ds", word).read == 1
    assert [row["text"] for row in rows_of(tmp_path / "ds", "tasks")] == ["not committed"]


@pytest.mark.parametrize("form", ["git+{root}#nothing", "git+file://{root}#nothing", "git+file:///nowhere/x.git"])
def test_a_repository_without_the_revision_is_a_row_with_its_error(form: str, repository: Path, tmp_path: Path) -> None:
    report = build(tmp_path / "ds", form.format(root=repository))
    assert len(report.unread) == 1
    (vault,) = rows_of(tmp_path / "ds", "vaults")
    assert vault["error"]


def test_a_repository_runs_nothing_that_it_names(repository: Path, tmp_path: Path) -> None:
    owned = tmp_path / "owned"
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "pre-receive", "reference-transaction", "post-index-change", "fsmonitor"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {owned}\n", encoding="utf-8")
        (hooks / hook).chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "uploadpack.packObjectsHook", "core.sshCommand", "diff.external"):
        git(repository, "config", key, f"touch {owned}")
    for form in ("git+{}#:notes", "git+file://{}#:notes"):
        assert not build(tmp_path / "ds", form.format(repository)).unread
    assert not owned.exists()


def test_a_path_in_a_commit_that_leads_outside_is_not_written(repository: Path, tmp_path: Path) -> None:
    blob = git(repository, "hash-object", "-w", "notes/pages/Plan.md")
    inner = subprocess.run(
        ["git", "mktree"], cwd=repository, input=f"100644 blob {blob}\tescaped.md\n", capture_output=True, text=True,
        check=True,
    ).stdout.strip()  # fmt: skip
    # git refuses to make such a tree by its own commands, so the object is written as it is.
    raw = b"40000 ..\0" + bytes.fromhex(inner) + b"100644 ok.md\0" + bytes.fromhex(blob)
    tree = subprocess.run(
        ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"], cwd=repository, input=raw,
        capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    commit = git(repository, "commit-tree", tree, "-m", "hostile")
    report = build(tmp_path / "ds", f"git+{repository}#{commit}")
    assert not report.unread
    assert [row["path"] for row in rows_of(tmp_path / "ds", "tasks")] == ["ok.md"]


def test_a_missing_folder_is_listed_with_its_error(tmp_path: Path) -> None:
    assert "there is no folder" in list_vault(Source(kind="folder", address=str(tmp_path / "none"))).error


@pytest.mark.parametrize(
    "word", ["git+http://ana:secret@host/x", "gs://ana:secret@host/x", "https://ana:secret@host/x"]
)
def test_a_refused_address_is_shown_without_its_password(word: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError) as refused:
        read_sources([word], tmp_path)
    assert "secret" not in f"{refused.value.message} {refused.value.hint}"


def test_the_dataset_is_not_a_source_of_itself(tmp_path: Path) -> None:
    write_teams(tmp_path, 2, least=3, most=3)
    for _ in range(2):
        assert build(tmp_path / "dataset", f"{tmp_path}/*").vaults == 2
