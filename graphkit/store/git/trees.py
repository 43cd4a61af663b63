"""The files of a commit, from a repository on this machine or from one that is fetched into an empty one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.store.git.process import GitError, git_output, git_process
from graphkit.text.records import Record

if TYPE_CHECKING:
    from pathlib import Path

_FULL_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REGULAR: Final = frozenset({"100644", "100755", "100664"})


class TreeFile(Record, frozen=True, array_like=True):
    """One regular file of a commit."""

    path: str
    """Relative to the folder asked for, as the commit spells it: nothing has checked it."""
    blob: str
    size: int


def read_tree(repository: Path, commit: str, folder: str = "") -> list[TreeFile]:
    """The regular files of a commit below a folder, without links and submodules. Raises GitError."""
    tree = f"{commit}:{folder}"
    with git_process(repository, "ls-tree", "-r", "-z", "-l", "--end-of-options", tree) as (output, _):
        data = output.read()
    files = []
    for entry in data.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        words = head.decode("ascii", "replace").split()
        if len(words) == 4 and words[0] in _REGULAR and words[3].isdigit():
            files.append(TreeFile(path.decode("utf-8", "surrogateescape"), words[2], int(words[3])))
    return files


def remote_commit(url: str, revision: str, here: Path) -> str:
    """The id of the commit that a branch, a tag or a full id means in another repository.

    revision: empty for the default branch. Nothing is fetched. Raises GitError.
    """
    if _FULL_ID.fullmatch(revision):
        return revision
    wanted = revision or "HEAD"
    lines = git_output(here, "ls-remote", "--quiet", "--", url, wanted, f"{wanted}^{{}}", network=True).splitlines()
    found = {name: identity for identity, _, name in (line.partition("\t") for line in lines)}
    for name in (f"refs/tags/{wanted}^{{}}", f"refs/tags/{wanted}", f"refs/heads/{wanted}", wanted):
        if name in found:
            return found[name]
    raise GitError(f"the repository has no branch or tag {wanted!r}; a commit needs its full id")


def fetch_commit(url: str, commit: str, into: Path) -> None:
    """Fetch a commit with its files, without its past, into a new bare repository without hooks.

    Raises GitError. A server that gives out branches and tags only is asked for all of them.
    """
    git_output(into, "init", "--quiet", "--bare", "--template=", ".")
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head")
    try:
        git_output(into, "fetch", *options, "--depth=1", "--", url, commit, network=True)
    except GitError:
        git_output(into, "fetch", *options, "--", url, "+refs/heads/*:refs/heads/*", network=True)
        git_output(into, "cat-file", "-e", "--end-of-options", f"{commit}^{{commit}}")
