"""Git as a process that reads: no hook, pager, filter, signature program or transport of the repository is run.

A repository's configuration can name programs for git to run. Options of the command line override it, and variables
of the environment that could bring in other configuration are dropped. spec: domain §5
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PROGRAM: Final = "git"

_OPTIONS: Final = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
"""Before the subcommand."""

COMPARE_OPTIONS: Final = (
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "-O/dev/null",
)
"""For commands that compare versions: they run no program, and no setting of the repository affects them."""
LOG_OPTIONS: Final = ("--no-show-signature", "--encoding=UTF-8", *COMPARE_OPTIONS)
"""For `log`, which can show signatures by a program too."""

_ENVIRONMENT: Final = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}

_NETWORK: Final = {"GIT_ALLOW_PROTOCOL": "file:https:ssh", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
"""For commands that read from another repository: no transport that runs a program of its own, and no questions."""


class GitError(Exception):
    """A git command failed; the message gives the reason in one line."""


def git_environment(inherited: Mapping[str, str], *, network: bool = False) -> dict[str, str]:
    """The environment that git is run with: the inherited one without its own variables.

    network: with the transports that portfolio sources may use; otherwise none is allowed.
    """
    kept = {name: value for name, value in inherited.items() if not name.upper().startswith("GIT_")}
    return kept | _ENVIRONMENT | (_NETWORK if network else {})


def git_command(folder: Path, *arguments: str) -> list[str]:
    """The words of a git command that is run in a folder."""
    return [PROGRAM, *_OPTIONS, "-C", str(folder), *arguments]


@contextmanager
def git_process(
    folder: Path, *arguments: str, feed: bool = False, network: bool = False
) -> Iterator[tuple[IO[bytes], IO[bytes] | None]]:
    """Git run in a folder: its standard output and, with `feed`, its standard input, both as bytes.

    Output that is left when the block ends is not read. Raises GitError if git is not there, or if it ends with
    an error although its whole output was read.
    """
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, and options end before what is not ours
                git_command(folder, *arguments),
                stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=git_environment(os.environ, network=network),
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror or error}") from error
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        finished = False
        try:
            yield process.stdout, process.stdin
            finished = True
        except BrokenPipeError as error:
            raise GitError(_complaint(complaints)) from error
        finally:
            if process.stdin is not None:
                try:
                    process.stdin.close()
                except BrokenPipeError:
                    finished = True
            if not finished or process.stdout.read(1):
                process.kill()
                finished = False
            process.stdout.close()
            process.wait()
        if finished and process.returncode:
            raise GitError(_complaint(complaints))


def git_output(folder: Path, *arguments: str, network: bool = False) -> str:
    """The output of a git command. Raises GitError. network: it may read from another repository."""
    with git_process(folder, *arguments, network=network) as (output, _):
        return output.read().decode("utf-8", "surrogateescape")


def _complaint(complaints: IO[bytes]) -> str:
    """The first informative line of git's standard error."""
    complaints.seek(0)
    lines = complaints.read(10_000).decode("utf-8", "replace").splitlines()
    told = [line.partition(": ")[2] for line in lines if line.startswith(("fatal: ", "error: "))]
    return next(iter(told or lines), "git ended with an error").strip()
