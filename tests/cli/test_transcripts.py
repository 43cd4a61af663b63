"""Every transcript, replayed; GRAPHKIT_UPDATE_GOLDEN=1 rewrites them, and the diff is the review."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from golden_text import same_as_golden
from shared_material import ROOT
from transcript_runs import read_script, replay

from graphkit.cli.main import run
from graphkit.cli.program import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRANSCRIPTS = ROOT / "tests" / "transcripts"


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


EXPERIMENT = "page-type:: [[experiment]]\n\n- ### Work\n\t- DONE one\n\t- TODO two\n"
VAULTS: dict[str, dict[str, str]] = {
    "a_file": {},
    "empty": {},
    "broken_config": {"logseq/config.edn": '{:journal/page-title-format "MMM\n', "pages/Trial.md": EXPERIMENT},
    "odd_config": {"logseq/config.edn": "{:hidden 5 :file/name-format :other}\n", "pages/Trial.md": EXPERIMENT},
    "broken_settings": {
        "graphkit.toml": "# ours\nchekboxes = true\n",
        "logseq/config.edn": "{}",
        "pages/A.md": "- a\n",
    },
    "wrong_settings": {"graphkit.toml": '[stale]\ndoing = "soon"\n', "pages/A.md": "- a\n"},
    "no_settings": {"graphkit.toml": "ignore = [\n", "pages/A.md": "- a\n"},
    "locked": {"logseq/config.edn": "{}", **{f"pages/{name}.md": EXPERIMENT for name in ("Open", "Locked", "Other")}},
    "locked_folder": {"logseq/config.edn": "{}", "pages/Open.md": EXPERIMENT, "secret/Hidden.md": "- x\n"},
    "islands": {"pages/A.md": "- a\n", "pages/B.md": "- b\n"},
    "small": {
        "logseq/config.edn": "{}",
        "pages/Trial.md": 'page-type:: experiment\n\n- #goal [["Quoted" growth]]\n- TODO Ask <b>five</b>\n',
    },
    "mixed": {
        "logseq/config.edn": "{}",
        "pages/Trial.md": EXPERIMENT,
        "pages/old.org": "* x\n",
        "whiteboards/board.edn": "{}",
        "pages/Trial.sync-conflict-20260101-101010-ABCDEFG.md": EXPERIMENT,
    },
    "odd_names": {
        "logseq/config.edn": "{}",
        "pages/日本語のページ.md": EXPERIMENT,
        "pages/Tab\tand é.md": "- TODO é\n",
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, files in VAULTS.items():
        (tmp_path / name).mkdir()
        write(tmp_path / name, files)
    (tmp_path / "a_file" / "page.md").write_text("- x\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert same_as_golden(replay(read_script(path), folder, monkeypatch), path)


def command_paths() -> Iterator[tuple[str, ...]]:
    """Every command with its subcommands, by the words that call it."""
    yield ()
    for name in COMMANDS:
        yield (name,)
        command = cli.get_command(click.Context(cli), name)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


def test_every_command_has_its_help_in_a_transcript() -> None:
    wanted = {" ".join(["$ graphkit", *words, "--help"]): "_".join(["help", *words]) for words in command_paths()}
    written = {command for path in TRANSCRIPTS.glob("help*.txt") for command in read_script(path).commands}
    if os.environ.get("GRAPHKIT_UPDATE_GOLDEN"):  # run twice: the next run fills them in
        for command in wanted.keys() - written:
            text = f"# What `{command[2:]}` says.\n{command}\n"
            (TRANSCRIPTS / f"{wanted[command]}.txt").write_text(text, encoding="utf-8")
    assert written == set(wanted)


def test_every_command_is_run_in_a_transcript() -> None:
    commands = [command.split() for path in TRANSCRIPTS.glob("*.txt") for command in read_script(path).commands]
    run_words = {word for words in commands if "--help" not in words for word in words}
    assert set(COMMANDS) <= run_words


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("graphkit.app.load.walk", interrupted)
    assert run(["-g", str(ROOT / "sample_graph"), "status"]) == 130
    assert capsys.readouterr().out == ""


def started(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "graphkit.cli.main", "-g", str(ROOT / "sample_graph"), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_signal_while_writing_ends_with_130() -> None:
    with started("export", "json") as process:  # more than a pipe holds, so that it waits for a reader
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 130


@pytest.mark.parametrize(
    "arguments", [("export", "json"), ("export", "blocks"), ("tasks", "--closed", "--all"), ("status",)]
)
def test_a_reader_that_goes_away_is_no_error(arguments: tuple[str, ...]) -> None:
    with started(*arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_fault_of_the_program_names_no_notes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("graphkit.app.load.walk", broken)
    assert run(["-g", str(ROOT / "sample_graph"), "status"]) == 2
    plain = capsys.readouterr().err
    assert "internal error: ZeroDivisionError: boom" in plain
    assert "Traceback" not in plain
    assert run(["-g", str(ROOT / "sample_graph"), "--debug", "status"]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_written(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_GRAPHKIT_COMPLETE" in capsys.readouterr().out


def test_a_shell_gets_completions() -> None:
    environment = {
        **os.environ,
        "_GRAPHKIT_COMPLETE": "bash_complete",
        "COMP_WORDS": "graphkit stat",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from graphkit.cli.main import main; main()"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "plain,status\n", "")
