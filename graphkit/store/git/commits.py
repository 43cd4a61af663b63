"""A folder's place in its git repository, and the commits that changed its files, by `git log --raw`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from graphkit.store.git.process import LOG_OPTIONS, GitError, git_output, git_process
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

_FORMAT: Final = "--format=tformat:%x01%H %P%x02%as"
_HEADER: Final = b"\x01"
_REGULAR: Final = (b"100644", b"100755", b"100664")
_SUBMODULE: Final = b"160000"
_CHUNK: Final = 1 << 16


class Repository(Record, frozen=True, kw_only=True):
    """A vault's place in its repository."""

    head: str
    """Id of the commit that is checked out; empty in a repository without commits."""
    prefix: str
    """The vault's folder in the repository, with a final `/`; empty at the top."""
    shallow: bool
    """True if commits before some day were left out when it was cloned."""


class Commit(Record, frozen=True, array_like=True):
    """One commit with the files that it changed below the vault's folder."""

    id: str
    parent: str
    """Id of its first parent; empty for the first commit, and for the oldest one of a shallow clone."""
    authored: date | None
    """The author's local date; None if it cannot be read."""
    files: tuple[tuple[str, str | None], ...]
    """Path relative to the vault, and the blob that it has from now on; None if it is not a regular file any more."""
    submodules: tuple[str, ...] = ()
    """Paths that are repositories of their own."""


def find_repository(folder: Path) -> Repository:
    """Where a folder stands in its repository. Raises GitError where git finds no repository or will not read it."""
    output = git_output(
        folder, "rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-prefix", "--revs-only", "HEAD"
    )  # fmt: skip
    bare, shallow, prefix, *head = output.split("\n")
    if bare == "true":
        raise GitError("the repository is bare: it has no folder of files that a vault could be")
    return Repository(head=head[0] if head else "", prefix=prefix, shallow=shallow == "true")


def resolve_revision(folder: Path, revision: str) -> str:
    """The id of the commit that a revision names. Raises GitError if no commit matches."""
    try:
        return git_output(
            folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        ).strip()
    except GitError as error:
        raise GitError(f"git does not know the commit {revision!r}") from error


def read_commits(folder: Path, head: str, since: str = "") -> list[Commit]:
    """The first-parent line up to a commit, oldest first, with the files below the folder that each commit changed.

    since: the id of a commit that need not be read again, nor what lies before it. If that commit is not on
    the line, all commits are given, the first of which then has no parent. Raises GitError.
    """
    commits = _log(folder, f"{since}..{head}" if since else head)
    if since and head != since and (not commits or commits[-1].parent != since):
        commits = _log(folder, head)
    commits.reverse()
    return commits


def _log(folder: Path, revisions: str) -> list[Commit]:
    """Commits of the first-parent line, newest first."""
    arguments = (
        "log", *LOG_OPTIONS, "--first-parent", "--sparse", "--diff-merges=first-parent", "--root", "--raw", "-z",
        "--no-abbrev", "--relative", _FORMAT, "--end-of-options", revisions, "--", ".",
    )  # fmt: skip
    with git_process(folder, *arguments) as (output, _):
        return list(_parse(_tokens(output)))


def _tokens(output: IO[bytes]) -> Iterator[bytes]:
    """The fields between the NUL bytes."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *tokens, rest = (rest + chunk).split(b"\0")
        yield from tokens
    if rest:
        yield rest


def _parse(tokens: Iterator[bytes]) -> Iterator[Commit]:
    header: bytes | None = None
    files: list[tuple[str, str | None]] = []
    submodules: list[str] = []
    for token in tokens:
        line = token.lstrip(b"\n")
        if line.startswith(_HEADER):
            if header is not None:
                yield _commit(header, files, submodules)
            header, files, submodules = line, [], []
        elif line.startswith(b":"):
            _, mode, _, blob, _ = line[1:].split(b" ")
            path = next(tokens, b"").decode("utf-8", "surrogateescape")
            files.append((path, blob.decode() if mode in _REGULAR else None))
            if mode == _SUBMODULE:
                submodules.append(path)
    if header is not None:
        yield _commit(header, files, submodules)


def _commit(header: bytes, files: list[tuple[str, str | None]], submodules: list[str]) -> Commit:
    ids, _, day = header[1:].decode("utf-8", "replace").partition("\x02")
    identity, *parents = ids.split()
    try:
        authored = date.fromisoformat(day.strip())
    except ValueError:
        authored = None
    return Commit(identity, parents[0] if parents else "", authored, tuple(files), tuple(submodules))
